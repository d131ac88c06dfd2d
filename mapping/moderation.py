"""The planner's page of children's words: each is read by a person before anybody else sees it.

The page shows the words and what they are about, never where: a moderator need not know the position.
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from mapping import services
from mapping.geojson import MAX_COMMENT
from mapping.models import Mark
from mapping.querysets import MarkQuerySet
from surveys.access import may_moderate
from surveys.errors import InvalidAnswer, NotAllowed
from surveys.models import Survey

PER_PAGE = 25


@dataclass(frozen=True)
class Refused:
    """Words that cannot be released as the planner edited them, and why."""

    mark: Mark
    text: str
    message: str


@login_required
@require_safe
def words(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The held words of a survey, a page of them, and how many are left."""
    return _page(request, _survey(request, survey_id))


@login_required
@require_POST
def judge(request: HttpRequest, survey_id: UUID, mark_id: UUID) -> HttpResponse:
    """Release words, as they are or edited, or drop them."""
    survey = _survey(request, survey_id)
    mark = get_object_or_404(_with_words(survey), pk=mark_id)
    if request.POST.get("decision") == "release":
        text = request.POST.get("text", mark.comment)
        try:
            services.release_comment(mark=mark, text=text)
        except InvalidAnswer as refusal:
            return _page(request, survey, Refused(mark, text, refusal.message))
    elif request.POST.get("decision") == "drop":
        services.hold_comment(mark=mark, drop=True)
    else:
        raise NotAllowed("Velg «Frigi» eller «Hold tilbake».")
    return redirect("mapping:words", survey.pk)


def _page(request: HttpRequest, survey: Survey, refused: Refused | None = None) -> HttpResponse:
    """The page of held words; with what was refused first, as the planner wrote it, since it may stand on a later page."""
    held = _with_words(survey).filter(comment_state=Mark.CommentState.HELD)
    others = held.exclude(pk=refused.mark.pk) if refused else held
    context = {
        "survey": survey,
        "refused": refused,
        "marks": others.select_related("category").order_by("id")[:PER_PAGE],
        "held": held.count(),
        "released": _with_words(survey).filter(comment_state=Mark.CommentState.RELEASED).count(),
        "max_length": MAX_COMMENT,
    }
    return render(request, "mapping/words.html", context, status=422 if refused else 200)


def _with_words(survey: Survey) -> MarkQuerySet:
    found: MarkQuerySet = Mark.objects.filter(survey=survey).counted().exclude(comment="")
    return found


def _survey(request: HttpRequest, survey_id: UUID) -> Survey:
    survey: Survey = get_object_or_404(Survey.objects.visible_to(request.user).select_related("municipality"), pk=survey_id)
    if not may_moderate(request.user, survey):
        raise NotAllowed("Bare planleggere i kommunen kan lese ord som ikke er frigitt.")
    return survey
