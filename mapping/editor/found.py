"""What an editor page is about, for who may edit it: a foreign survey is not found, one's own that one may not change is refused."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from surveys.access import may_edit
from surveys.errors import NotAllowed
from surveys.models import Category, Question, Survey, Theme

PARTS: dict[str, type[Theme | Category | Question]] = {"steg": Theme, "kategori": Category, "sporsmal": Question}
"""The parts of a survey, by what they are called in addresses."""


def editable_survey(request: HttpRequest, survey_id: UUID) -> Survey:
    """The survey of the address."""
    survey: Survey = get_object_or_404(Survey.objects.visible_to(request.user).select_related("municipality"), pk=survey_id)
    if not may_edit(request.user, survey):
        raise NotAllowed("Bare planleggere i kommunen kan endre undersøkelsen.")
    return survey


def part_of(survey: Survey, kind: str, code: str) -> Any:
    """One of the survey's parts by its code and a word of PARTS."""
    if kind not in PARTS:
        raise Http404(f"there is no part called {kind}")
    return get_object_or_404(PARTS[kind]._default_manager.filter(survey=survey), code=code)
