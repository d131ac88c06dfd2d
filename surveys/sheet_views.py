"""What teachers print and read before a lesson, and where the planner changes its words."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from surveys import services
from surveys.access import may_edit
from surveys.entry import entrance
from surveys.errors import NotAllowed
from surveys.forms import SheetsForm
from surveys.languages import DRAFT, Language
from surveys.models import ClassGroup, Survey
from surveys.sheets import LETTER, OURS, aims_of, letter_in, letter_languages, sheet, title_of

PRINTED = {"samtale": "talk", "brev": LETTER}
"""Sheets of words alone, by their name in the address."""


@login_required
@require_safe
def lesson_plan(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """The plan for 45 minutes with the aims of the class's grade, and the way to everything that is printed."""
    group = _group(request, class_group_id)
    aims = aims_of(group.grade)
    context = {
        "group": group,
        "title": title_of("plan"),
        "plan": sheet(group.survey, "plan"),
        "aims_title": title_of(aims),
        "aims": sheet(group.survey, aims),
    }
    return render(request, "surveys/lesson_plan.html", context)


@login_required
@require_safe
def printed_sheet(request: HttpRequest, class_group_id: UUID, name: str) -> HttpResponse:
    """Talking points, or the letter home in the language of ?sprak=, on A4."""
    group = _group(request, class_group_id)
    if name not in PRINTED:
        raise Http404("there is no such sheet")
    code = PRINTED[name]
    context: dict[str, Any] = {"group": group}
    if code == LETTER:
        languages = letter_languages(group.survey.municipality)
        language = _chosen(languages, request.GET.get("sprak", OURS))
        code = letter_in(language.code)
        is_behind = LETTER in group.survey.sheets and code not in group.survey.sheets
        context |= {"languages": languages, "language": language, "draft": DRAFT, "is_behind": is_behind}
    return render(request, "surveys/sheet.html", {**context, "title": title_of(code), "blocks": sheet(group.survey, code)})


@login_required
@never_cache
@require_safe
def code_sheet(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """The class's code on A4, to hang up: it opens nothing before the lesson starts."""
    group = _group(request, class_group_id)
    return render(request, "surveys/code_sheet.html", {"group": group, **entrance(group)})


@login_required
@require_http_methods(["GET", "POST"])
def edit_sheets(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The planner's words for plan, talking points, letter and contact."""
    survey: Survey = get_object_or_404(Survey.objects.visible_to(request.user).select_related("municipality"), pk=survey_id)
    if not may_edit(request.user, survey):
        raise NotAllowed("Bare planleggere i kommunen kan endre tekstene.")
    form = SheetsForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        services.change_sheets(survey=survey, texts=form.cleaned_data)
        messages.success(request, "Tekstene er lagret.")
        return redirect("surveys:edit-sheets", survey.pk)
    return render(request, "surveys/edit_sheets.html", {"survey": survey, "form": form})


def _chosen(languages: list[Language], code: str) -> Language:
    for language in languages:
        if language.code == code:
            return language
    raise Http404("the letter is not offered in that language")


def _group(request: HttpRequest, class_group_id: UUID) -> ClassGroup:
    groups = ClassGroup.objects.taught_by(request.user).select_related("survey__municipality", "school")
    group: ClassGroup = get_object_or_404(groups, pk=class_group_id)
    return group
