"""The planner's pages of saved views: keep, open, rename, delete. Thin: fetch, ask access, answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analysis.models import SavedView
from analysis.saved_views import canonical, delete_view, rename_view, save_view, survey_views, what_is_left
from analysis.views import readable_survey
from surveys.errors import DomainError, InvalidFilter
from surveys.models import Survey, User


@login_required
@never_cache
@require_safe
def saved_views(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """All of a survey's views, to open, rename and delete."""
    return _listed(request, readable_survey(request, survey_id))


@login_required
@require_POST
def save(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Keep the address that the form holds under a name, and go back to it."""
    survey = readable_survey(request, survey_id)
    query = QueryDict(request.POST.get("query", "")[:6000])
    by = request.user if isinstance(request.user, User) else None
    try:
        view = save_view(survey=survey, name=request.POST.get("name", ""), query=query, by=by)
    except InvalidFilter as refusal:
        return _listed(request, survey, wrong=refusal.message, query=query.urlencode(), name=request.POST.get("name", ""))
    messages.success(request, f"Visningen «{view}» er lagret.")
    return redirect(_workbench(survey, view.query))


@login_required
@never_cache
@require_safe
def open_view(request: HttpRequest, survey_id: UUID, view_id: UUID) -> HttpResponse:
    """Go to the workbench as it was; where it no longer fits the survey, say what is wrong and offer what is left."""
    survey, view = _view(request, survey_id, view_id)
    query = QueryDict(view.query)
    try:
        return redirect(_workbench(survey, canonical(query, survey)))
    except DomainError as refusal:
        left = what_is_left(query, survey)
        page = {"survey": survey, "view": view, "why": refusal.message, "left": _workbench(survey, left), "is_any_left": bool(left)}
        return render(request, "analysis/saved_view_changed.html", page)


@login_required
@require_POST
def rename(request: HttpRequest, survey_id: UUID, view_id: UUID) -> HttpResponse:
    """Call a view something else."""
    survey, view = _view(request, survey_id, view_id)
    try:
        rename_view(view=view, name=request.POST.get("name", ""))
    except InvalidFilter as refusal:
        return _listed(request, survey, wrong=refusal.message)
    messages.success(request, f"Visningen heter nå «{view}».")
    return redirect("analysis:saved-views", survey.pk)


@login_required
@require_POST
def delete(request: HttpRequest, survey_id: UUID, view_id: UUID) -> HttpResponse:
    """Forget a view; the marks it showed are as they were."""
    survey, view = _view(request, survey_id, view_id)
    name = view.name
    delete_view(view=view)
    messages.success(request, f"Visningen «{name}» er slettet.")
    return redirect("analysis:saved-views", survey.pk)


def _view(request: HttpRequest, survey_id: UUID, view_id: UUID) -> tuple[Survey, SavedView]:
    survey = readable_survey(request, survey_id)
    return survey, get_object_or_404(survey_views(survey), pk=view_id)


def _workbench(survey: Survey, query: str) -> str:
    return reverse("analysis:workbench", args=[survey.pk]) + (f"?{query}" if query else "")


def _listed(request: HttpRequest, survey: Survey, *, wrong: str = "", query: str = "", name: str = "") -> HttpResponse:
    page = {"survey": survey, "views": survey_views(survey).select_related("made_by"), "wrong": wrong, "query": query, "name": name}
    return render(request, "analysis/saved_views.html", page, status=422 if wrong else 200)
