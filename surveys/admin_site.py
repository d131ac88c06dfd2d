"""The admin's door, and what a municipality's operator and planner see behind it: their own municipality's rows, and nothing else.

Roles say it all: Django's permissions, groups and staff flag, which know no municipality, count for nobody here. Superusers may everything.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField, SplitDateTimeField, TypedChoiceField
from django.http import Http404, HttpRequest

from surveys.access import municipalities_of
from surveys.models import Category, ClassGroup, Membership, Municipality, Question, Role, School, Survey, Theme

TO_MUNICIPALITY: dict[type[Model], str] = {
    Municipality: "pk",
    Category: "survey__municipality",
    ClassGroup: "survey__municipality",
    Membership: "municipality",
    Question: "survey__municipality",
    School: "municipality",
    Survey: "municipality",
    Theme: "survey__municipality",
}
"""How the rows that a form may point at belong to a municipality."""


class MunicipalAdminSite(admin.AdminSite):
    """Lets in who keeps or plans for a municipality."""

    site_header = site_title = "Tråkk – drift"
    # Eight tables need no list of their own beside each page, which leaves too little room for maps, and its words are in English.
    enable_nav_sidebar = False
    login_form = AuthenticationForm  # Django's own for the admin asks for the staff flag

    def has_permission(self, request: HttpRequest) -> bool:
        """A superuser, or an operator or planner of any municipality."""
        user = request.user
        return user.is_active and (
            bool(getattr(user, "is_superuser", False)) or municipalities_of(user, Role.OPERATOR, Role.PLANNER).exists()
        )


class Municipal:
    """What a table and an inline have in common: whose rows they are, and what may be pointed at."""

    roles: ClassVar[tuple[Role, ...]] = (Role.OPERATOR,)
    municipality_path = "municipality"

    def mine(self, request: HttpRequest) -> QuerySet[Municipality]:
        """The municipalities where the user has one of the roles of this table."""
        return municipalities_of(request.user, *self.roles)

    def may(self, request: HttpRequest) -> bool:
        """Whether the table is anything to the user at all."""
        return is_superuser(request) or self.mine(request).exists()

    def rows(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that the user may see."""
        return rows if is_superuser(request) else rows.filter(**{f"{self.municipality_path}__in": self.mine(request)})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The user's municipalities' rows."""
        return self.rows(request, super().get_queryset(request))

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """What a field may point at; a forged number outside it is an error of the form. What we know no way of is nothing."""
        found: QuerySet[Any] | None = super().get_field_queryset(db, db_field, request)
        if is_superuser(request):
            return found
        related = db_field.remote_field.model
        rows = related._default_manager.using(db) if found is None else found
        path = TO_MUNICIPALITY.get(related)
        return rows.filter(**{f"{path}__in": self.mine(request)}) if path else rows.none()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A field that says in words what an empty choice means, where Django draws dashes."""
        made = super().formfield_for_dbfield(db_field, request, **kwargs)
        empty = "Velg …" if made is not None and made.required else "Ingen"
        if isinstance(made, ModelChoiceField) and made.empty_label is not None:
            made.empty_label = empty
        elif isinstance(made, TypedChoiceField):
            choices: Iterable[Any] = made.widget.choices
            made.choices = [(value, empty if value == "" else label) for value, label in choices]
        elif isinstance(made, SplitDateTimeField):
            for part, name in zip(made.widget.widgets, ("dato", "klokkeslett"), strict=True):
                part.attrs["aria-label"] = f"{made.label}, {name}"
        return made


class MunicipalAdmin(Municipal, admin.ModelAdmin):
    """A table of which everybody sees the own municipalities' rows; any other row is not found."""

    show_facets = admin.ShowFacets.NEVER  # a few rows need no counts, and the link to them is in English
    is_made_here: ClassVar[bool] = True
    is_deleted_here: ClassVar[bool] = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As may()."""
        return self.may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own rows."""
        return self.may(request) and (obj is None or is_superuser(request) or self.get_queryset(request).filter(pk=obj.pk).exists())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own rows."""
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Where rows are made in the admin."""
        return self.may(request) and (self.is_made_here or is_superuser(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own rows, where rows are deleted in the admin, and nothing hangs on them that would go with them."""
        return (
            self.has_view_permission(request, obj)
            and (self.is_deleted_here or is_superuser(request))
            and (obj is None or not self.is_in_use(obj))
        )

    def is_in_use(self, _row: Any) -> bool:
        """Whether children's answers would be lost with the row."""
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A row of one's own; Django would tell politely that any other exists or not, for us it is not found."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever keeps one municipality need not choose it, and has its ground under the map at once."""
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        mine = self.mine(request)[:2]
        return {"municipality": mine[0].pk, **given} if len(mine) == 1 else given

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing is deleted by the dozen, which would not ask is_in_use of every row."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class MunicipalInline(Municipal, admin.StackedInline):
    """Rows on their parent's page; who may change the parent may change those of the own municipality."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """As may()."""
        return self.may(request)

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """As may()."""
        return self.may(request)

    def has_add_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """As may()."""
        return self.may(request)

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """As may()."""
        return self.may(request)


def is_superuser(request: HttpRequest) -> bool:
    """Whether the user is above municipalities."""
    return request.user.is_active and bool(getattr(request.user, "is_superuser", False))
