"""A survey's words in the admin: categories and questions, for the planners and operators of its municipality.

What children have answered keeps its meaning: once a survey has answers, nothing of it is deleted and no code, kind or choice changed.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest

from surveys.admin_site import MunicipalAdmin, is_superuser
from surveys.models import Category, Question, Role, Survey

OF_SURVEY = ("survey", admin.RelatedOnlyFieldListFilter)


class SameSurveyForm(forms.ModelForm):
    """What a row points at is of the row's own survey."""

    def clean(self) -> dict[str, Any]:
        """Theme and category are the survey's."""
        data = super().clean() or {}
        survey = data.get("survey") or (self.instance.survey if self.instance.survey_id else None)
        for name in ("theme", "category"):
            if survey and (found := data.get(name)) and found.survey_id != survey.pk:
                self.add_error(name, f"«{found}» hører til en annen undersøkelse.")
        return data


class WordsAdmin(MunicipalAdmin):
    """Rows of a survey that children read; what hangs together with other rows (conditions, what is hidden) is changed in the editor."""

    exclude = ("is_retired", "asked_after", "asked_if")
    form = SameSurveyForm
    roles = (Role.OPERATOR, Role.PLANNER)
    municipality_path = "survey__municipality"
    list_select_related = True
    search_fields = ("code", "words")
    settled: ClassVar[tuple[str, ...]] = ()

    def rows(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Without those of deleted surveys, which nobody sees."""
        found = super().rows(request, rows)
        return found if is_superuser(request) else found.exclude(survey__status=Survey.Status.DELETED)

    def is_in_use(self, row: Category | Question) -> bool:
        """Whether anybody has answered the survey."""
        return row.survey.responses.exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A row stays in its survey; what answers refer to is settled by the first of them."""
        if obj is None:
            return ()
        return ("asked_in", *(self.settled if self.is_in_use(obj) else ()))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The survey by its title alone: as a field it would be a link to a page that is for superusers."""
        fields = super().get_fields(request, obj)
        return fields if obj is None else ["asked_in", *(name for name in fields if name not in {"survey", "asked_in"})]

    @admin.display(description="undersøkelse")
    def asked_in(self, row: Category | Question) -> str:
        """The title of the survey."""
        return str(row.survey)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store the row and tell the tablets that the survey is another."""
        super().save_model(request, obj, form, change)
        Survey.objects.filter(pk=obj.survey_id).update(version=F("version") + 1)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Likewise."""
        survey = obj.survey_id
        super().delete_model(request, obj)
        Survey.objects.filter(pk=survey).update(version=F("version") + 1)


@admin.register(Category)
class CategoryAdmin(WordsAdmin):
    """What marks mean."""

    # more may be changed in the editor, which knows what has been drawn
    settled = ("theme", "code", "kind", "modes", "object_type", "code_list", "official_code", "max_per_response")
    list_display = ("code", "survey", "theme", "kind", "object_type", "official_code")
    list_filter = (OF_SURVEY, "kind")


@admin.register(Question)
class QuestionAdmin(WordsAdmin):
    """Questions."""

    settled = ("theme", "category", "code", "type", "options", "rows", "min_value", "max_value")
    list_display = ("code", "survey", "type", "theme", "category", "required")
    list_filter = (OF_SURVEY, "type")
