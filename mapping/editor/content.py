"""The planner's pages of what a survey asks: its steps with their categories and questions; each opened, moved, hidden and deleted."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mapping.editor.found import editable_survey, part_of
from mapping.editor.parts_forms import CategoryForm, ThemeForm, name_in
from mapping.editor.question_form import QuestionForm
from mapping.services import most_drawn
from surveys import services
from surveys.conditions import misplaced_conditions
from surveys.errors import InvalidSurvey, NotAllowed
from surveys.models import Category, Question, Survey, Theme

STEPS = {"opp": -1, "ned": 1}
KINDS = {"place": "sted", "route": "veg", "area": "område"}


@dataclass(frozen=True)
class Line:
    """A category or question as the list shows it."""

    kind: str
    part: Category | Question
    name: str
    about: str
    questions: "list[Line]"


@login_required
@require_safe
def content(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """All that the survey asks, in the order the pupils meet it."""
    survey = editable_survey(request, survey_id)
    categories = list(survey.categories.select_related("theme"))
    questions = list(survey.questions.select_related("theme", "category"))
    by_code = {question.code: question for question in questions}

    def asked(**where: Any) -> list[Line]:
        found = [one for one in questions if all(getattr(one, name) == value for name, value in where.items())]
        return [Line("sporsmal", one, name_in(one, survey), _about_question(one, by_code, survey), []) for one in found]

    steps = [
        {
            "theme": theme,
            "name": name_in(theme, survey),
            "prompt": _word(theme.words, "prompt", survey),
            "categories": [
                Line("kategori", one, name_in(one, survey), _about_category(one), asked(category_id=one.pk))
                for one in categories
                if one.theme_id == theme.pk
            ],
            "questions": asked(theme_id=theme.pk),
        }
        for theme in survey.themes.all()
    ]
    page = {
        "survey": survey,
        "steps": steps,
        "last": asked(theme_id=None, category_id=None),
        "has_answers": services.has_answers(survey),
        "misplaced": [name_in(question, survey) for question, _ in misplaced_conditions(questions)],
    }
    return render(request, "mapping/editor/content.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def edit_category(request: HttpRequest, survey_id: UUID, code: str = "") -> HttpResponse:
    """A category's page; without a code that of a new one, in the step of ?steg=."""
    survey = editable_survey(request, survey_id)
    category: Category | None = part_of(survey, "kategori", code) if code else None
    is_settled = category is not None and services.has_answers(survey)
    theme = request.GET.get("steg", "")
    form = CategoryForm(request.POST or None, survey=survey, category=category, theme=theme, is_settled=is_settled)

    def save() -> Category:
        if category is None:
            return services.add_category(survey=survey, values=form.values())
        return services.change_category(category=category, values=form.values(), drawn_by_one=most_drawn(category))

    title = name_in(category, survey) if category else "Ny kategori"
    return _edit(request, survey, form, save, {"title": title, "kind": "kategori", "part": category})


@login_required
@require_http_methods(["GET", "POST"])
def edit_question(request: HttpRequest, survey_id: UUID, code: str = "") -> HttpResponse:
    """A question's page; without a code that of a new one, where ?sted= says (steg:way, kategori:leke, or the end)."""
    survey = editable_survey(request, survey_id)
    question: Question | None = part_of(survey, "sporsmal", code) if code else None
    is_settled = question is not None and services.has_answers(survey)
    place = request.GET.get("sted", "")
    form = QuestionForm(request.POST or None, survey=survey, question=question, place=place, is_settled=is_settled)

    def save() -> Question:
        if question is None:
            return services.add_question(survey=survey, values=form.values())
        return services.change_question(question=question, values=form.values())

    title = name_in(question, survey) if question else "Nytt spørsmål"
    return _edit(request, survey, form, save, {"title": title, "kind": "sporsmal", "part": question})


@login_required
@require_http_methods(["GET", "POST"])
def edit_theme(request: HttpRequest, survey_id: UUID, code: str = "") -> HttpResponse:
    """A step's page; without a code that of a new one."""
    survey = editable_survey(request, survey_id)
    theme: Theme | None = part_of(survey, "steg", code) if code else None
    form = ThemeForm(request.POST or None, survey=survey, theme=theme)

    def save() -> Theme:
        data = form.cleaned_data
        values = {"words": form.words(), "icon": data["icon"], "colour": data["colour"]}
        return services.change_theme(theme=theme, **values) if theme else services.add_theme(survey=survey, **values)

    title = f"Steget «{name_in(theme, survey)}»" if theme else "Nytt steg"
    return _edit(request, survey, form, save, {"title": title, "kind": "steg", "part": theme})


def _edit(request: HttpRequest, survey: Survey, form: Form, save: Any, page: dict[str, Any]) -> HttpResponse:
    """Save a form that is in order; a refusal of the service is said at its field, and what was written stays."""
    if request.method == "POST" and form.is_valid():
        try:
            part = save()
        except InvalidSurvey as refusal:
            form.add_error(refusal.pointer if refusal.pointer in form.fields else None, refusal.message)
        else:
            messages.success(request, f"«{name_in(part, survey)}» er lagret.")
            return _back(survey, page["kind"], part.code)
    form_page = "question" if page["kind"] == "sporsmal" else "part"
    return render(request, f"mapping/editor/{form_page}.html", {"survey": survey, "form": form, **page})


@login_required
@require_POST
def change_part(request: HttpRequest, survey_id: UUID, kind: str, code: str) -> HttpResponse:
    """Move, hide, bring back or delete a part, as the button says; hiding is undone from the message and from the list."""
    survey = editable_survey(request, survey_id)
    part = part_of(survey, kind, code)
    action, name = request.POST.get("action", ""), name_in(part, survey)
    try:
        if action in STEPS:
            services.move_part(part=part, step=STEPS[action])
        elif action == "skjul" and kind != "steg":
            services.retire_part(part=part)
            messages.success(
                request, f"«{name}» er skjult for elevene. Svar som er gitt, er der fortsatt. Angre med «Ta tilbake» i listen."
            )
        elif action == "tilbake" and kind != "steg":
            services.bring_back_part(part=part)
            messages.success(request, f"«{name}» er med igjen.")
        elif action == "slett":
            services.delete_part(part=part)
            messages.success(request, f"«{name}» er slettet.")
            return redirect("editor:content", survey.pk)
        else:
            raise NotAllowed("Handlingen finnes ikke. Tillatt: opp, ned, skjul, tilbake, slett.")
    except InvalidSurvey as refusal:
        messages.error(request, refusal.message)
    return _back(survey, kind, code)


def _back(survey: Survey, kind: str, code: str) -> HttpResponseRedirect:
    """To the list, where the part stands."""
    return HttpResponseRedirect(f"{reverse('editor:content', args=[survey.pk])}#{kind}-{code}")


def _about_category(category: Category) -> str:
    official = f", kode «{category.official_code}»" if category.official_code else ""
    return f"{KINDS[category.kind]}, høyst {category.max_per_response}{official}"


def _about_question(question: Question, by_code: dict[str, Question], survey: Survey) -> str:
    about = question.get_type_display()
    if question.required:
        about += ", må besvares"
    if earlier := by_code.get(question.asked_after):
        texts = earlier.words.get(survey.default_language, {}).get("options", {})
        wanted = " eller ".join(f"«{texts.get(code, code)}»" for code in question.asked_if)
        about += f"; bare etter {wanted} på «{name_in(earlier, survey)}»"
    return about


def _word(words: dict[str, Any], key: str, survey: Survey) -> str:
    return str(words.get(survey.default_language, {}).get(key) or "")
