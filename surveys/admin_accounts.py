"""Accounts and roles in the admin: an operator gives and takes roles in the own municipality, and never reaches beyond it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField, ReadOnlyPasswordHashWidget, UserChangeForm, UserCreationForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from surveys.admin_site import MunicipalAdmin, MunicipalInline, is_superuser
from surveys.models import AccessToken, Membership, User


class MembershipForm(forms.ModelForm):
    """A role whose school, if any, is in its municipality."""

    class Meta:
        model = Membership
        fields = ("municipality", "role", "school")

    def clean(self) -> dict[str, Any]:
        """The school and the municipality belong together."""
        data = super().clean() or {}
        school, municipality = data.get("school"), data.get("municipality")
        if school and municipality and school.municipality_id != municipality.pk:
            self.add_error("school", f"{school} ligger ikke i {municipality}.")
        return data


class MembershipInline(MunicipalInline):
    """A user's roles, on the user's page; an operator sees and gives those of the own municipality."""

    model = Membership
    form = MembershipForm

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """An operator's new account has a role from the start, or it would belong to nobody and be found by nobody."""
        if obj is None and not is_superuser(request):
            kwargs |= {"min_num": 1, "validate_min": True}
        return super().get_formset(request, obj, **kwargs)


class PasswordWidget(ReadOnlyPasswordHashWidget):
    """How the password is kept is nobody's business; the way to a new one is. Django's own words for it are in English."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The button alone."""
        return {**super().get_context(name, value, attrs), "summary": [], "button_label": "Lag nytt passord"}


class AccountForm(UserChangeForm):
    """An account that is there already."""

    password = ReadOnlyPasswordHashField(
        label="Passord", widget=PasswordWidget, help_text="Ingen kan se passordet, men det kan byttes ut med et nytt."
    )


@admin.register(User)
class AccountAdmin(MunicipalAdmin, UserAdmin):
    """Accounts with their roles."""

    inlines = (MembershipInline,)
    list_display = ("username", "first_name", "last_name", "email", "is_active")
    list_filter = ("is_active", "memberships__role")
    # every account here has a password; Django's own form and page ask whether, in words that nobody has put into Norwegian
    form = AccountForm
    add_form = UserCreationForm
    add_form_template = None
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),)

    def rows(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Accounts with a role in the user's municipalities; superusers are shown to each other only."""
        if is_superuser(request):
            return rows
        members = Membership.objects.filter(municipality__in=self.mine(request)).values("user")
        return rows.filter(pk__in=members, is_superuser=False)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What an operator may set of an account: neither superuser, staff, groups nor permissions.

        An account with roles elsewhere too is shown by its name only: who may set its password gets its other roles.
        """
        if obj is None or is_superuser(request):
            return super().get_fieldsets(request, obj)
        names = ("first_name", "last_name", "email", "is_active")
        return [(None, {"fields": ("username", *(() if self._is_shared(request, obj) else ("password",)), *names)})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of an account with roles elsewhere too."""
        if obj is None or is_superuser(request) or not self._is_shared(request, obj):
            return super().get_readonly_fields(request, obj)
        return ("username", "first_name", "last_name", "email", "is_active")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not an account with roles elsewhere too."""
        return super().has_delete_permission(request, obj) and (obj is None or is_superuser(request) or not self._is_shared(request, obj))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002  # Django's name
        """Of an account that is the municipality's own."""
        account = self.get_object(request, id)
        if not is_superuser(request) and self._is_shared(request, account):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def _is_shared(self, request: HttpRequest, account: User) -> bool:
        return Membership.objects.filter(user=account).exclude(municipality__in=self.mine(request)).exists()


@admin.register(AccessToken)
class AccessTokenAdmin(MunicipalAdmin):
    """Access tokens, to be revoked; they are made by the planner."""

    is_made_here = False
    list_display = ("label", "user", "municipality", "created_at", "revoked_at")
    readonly_fields = ("user", "municipality", "label", "created_at")
