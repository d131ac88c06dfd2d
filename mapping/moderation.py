"""The planner's desk of children's words: each is read by a person before anybody else sees it.

The page shows the words and what they are about, never where: a moderator need not know the position. Its forms do everything;
static/js/pages/word_desk.js sends the same forms by keyboard, and gets JSON where a browser gets pages.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mapping import services
from mapping.flags import flags_of
from mapping.found_words import redacted
from mapping.geojson import MAX_COMMENT
from mapping.held_words import HeldWords, Only, desk_of, held_words, last_judged, with_words
from mapping.models import Judgement, Mark
from surveys.access import may_moderate
from surveys.errors import AlreadyJudged, InvalidAnswer, NotAllowed, NotFound
from surveys.models import Survey, User

LOG_PER_PAGE = 50


@login_required
@never_cache
@require_safe
def words(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The held words of a survey, a page of them, and how many are left; what was just undone stands first."""
    survey = _survey(request, survey_id)
    return _page(request, survey, _asked_for(request, survey))


@login_required
@require_POST
def judge(request: HttpRequest, survey_id: UUID, mark_id: UUID) -> HttpResponse:
    """Release words, as they are or edited, or drop them; or take out of the field what was found, which decides nothing yet."""
    survey = _survey(request, survey_id)
    mark = with_words(survey).filter(pk=mark_id).select_related("category").first()
    if mark is None:
        raise NotFound("Eleven har trukket dette tilbake.")
    text = request.POST.get("text", mark.comment)
    if request.POST.get("decision") == "redact":
        return _redacted(request, survey, mark, text)
    try:
        judgement = _decide(request, mark, text)
    except AlreadyJudged as refusal:
        if _wants_json(request):
            raise
        return _page(request, survey, alert=refusal.message, status=409)
    except InvalidAnswer as refusal:
        if _wants_json(request):
            raise
        return _page(request, survey, held_words(mark, text=text, message=refusal.message), status=422)
    return _done(request, survey, judgement)


@login_required
@require_POST
def undo(request: HttpRequest, survey_id: UUID, judgement_key: UUID) -> HttpResponse:
    """Take a judgement back, one's own or a colleague's: the words are held again."""
    survey = _survey(request, survey_id)
    judgement = get_object_or_404(Judgement, survey=survey, key=judgement_key)
    try:
        undone = services.undo_judgement(judgement=judgement, by=_user(request))
    except AlreadyJudged as refusal:
        if _wants_json(request):
            raise
        return _page(request, survey, alert=refusal.message, status=409)
    return _done(request, survey, undone)


@login_required
@never_cache
@require_safe
def judgements(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The log: who judged what and when, newest first. Of the words, those that are released."""
    survey = _survey(request, survey_id)
    found = Judgement.objects.filter(survey=survey).select_related("by", "mark__category").defer("mark__geom", "mark__answers")
    page = Paginator(found, LOG_PER_PAGE).get_page(request.GET.get("side"))
    standing = set(Judgement.objects.filter(pk__in=[one.pk for one in page]).standing().values_list("pk", flat=True))
    return render(request, "mapping/judgements.html", {"survey": survey, "page": page, "standing": standing})


def _asked_for(request: HttpRequest, survey: Survey) -> HeldWords | None:
    """The words of the mark that ?foran= names, if they are held."""
    try:
        wanted = UUID(request.GET.get("foran", ""))
    except ValueError:
        return None
    mark = with_words(survey).filter(pk=wanted, comment_state=Mark.CommentState.HELD).select_related("category").first()
    return held_words(mark) if mark else None


def _decide(request: HttpRequest, mark: Mark, text: str) -> Judgement:
    seen = request.POST.get("seen", "")
    match request.POST.get("decision"):
        case "release":
            confirmed = "confirmed" in request.POST
            return services.release_comment(mark=mark, text=text, by=_user(request), seen=seen, confirmed=confirmed)
        case "drop":
            return services.drop_comment(mark=mark, by=_user(request), seen=seen)
    raise NotAllowed("Velg «Frigi» eller «Hold tilbake».")


def _redacted(request: HttpRequest, survey: Survey, mark: Mark, text: str) -> HttpResponse:
    without = redacted(text, max_length=MAX_COMMENT)
    said = "Det som ble funnet, er tatt ut." if without != text else "Reglene finner ikke noe å ta ut."
    if _wants_json(request):
        return JsonResponse({"text": without, "said": said, "must_confirm": bool(flags_of(without))})
    return _page(request, survey, held_words(mark, text=without), alert=f"{said} Les teksten, og frigi den hvis den er grei.")


def _done(request: HttpRequest, survey: Survey, judgement: Judgement) -> HttpResponse:
    said = _SAID[Judgement.Decision(judgement.decision)]
    if _wants_json(request):
        return JsonResponse({"said": said, "mark": str(judgement.mark_id)})
    messages.success(request, said)
    query = request.GET.copy()
    if judgement.decision == Judgement.Decision.UNDONE:
        query["foran"] = str(judgement.mark_id)
    return redirect(reverse("mapping:words", args=[survey.pk]) + (f"?{query.urlencode()}" if query else ""))


_SAID = {
    Judgement.Decision.RELEASED: "Frigitt.",
    Judgement.Decision.EDITED: "Frigitt med endringer.",
    Judgement.Decision.DROPPED: "Holdt tilbake.",
    Judgement.Decision.UNDONE: "Angret. Teksten venter igjen.",
}


def _page(request: HttpRequest, survey: Survey, first: HeldWords | None = None, *, alert: str = "", status: int = 200) -> HttpResponse:
    """The desk; what came back to the planner stands first, as it was written, since it may belong on a later page."""
    only = request.GET.get("funn", "")
    desk = desk_of(survey, only)
    others = [one for one in desk.texts if first is None or one.mark.pk != first.mark.pk]
    context = {
        "survey": survey,
        "desk": desk,
        "only": only if only in Only.values else Only.ALL,
        "texts": [first, *others] if first else others,
        "last": last_judged(survey, _user(request)),
        "alert": alert,
        "query": f"funn={only}" if only in Only.values and only else "",
        "max_length": MAX_COMMENT,
    }
    return render(request, "mapping/words.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    """Whether the page's own script asks; refusals are then problem documents, made where all of them are."""
    return "application/json" in request.headers.get("Accept", "")


def _user(request: HttpRequest) -> User:
    """Who is logged in, as login_required has seen to."""
    assert isinstance(request.user, User)  # noqa: S101  # for the type checker
    return request.user


def _survey(request: HttpRequest, survey_id: UUID) -> Survey:
    survey: Survey = get_object_or_404(Survey.objects.visible_to(request.user).select_related("municipality"), pk=survey_id)
    if not may_moderate(request.user, survey):
        raise NotAllowed("Bare planleggere i kommunen kan lese ord som ikke er frigitt.")
    return survey
