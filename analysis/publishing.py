"""The planner's page of publishing: what is public now, the draft, and the two steps that ask first: publish and withdraw.

The politician's page itself is of a higher app (followup); it is linked to by the name of its URL only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis import services
from analysis.models import Release
from analysis.national import told_of
from surveys.access import may_publish
from surveys.errors import NotAllowed
from surveys.models import Survey

REFUSED = 409
"""The planner may do this, but not as things stand: the page comes again, with the reason."""


@dataclass(frozen=True)
class Step:
    """What a planner can do with a release of one status: the page that asks, the service, and what is said afterwards."""

    status: Release.Status
    template: str
    take: Callable[[Release], Release]
    done: str


PUBLISH = Step(
    status=Release.Status.DRAFT,
    template="analysis/publish.html",
    take=lambda release: services.publish_release(release=release),
    done="Publisert. Nå kan alle lese siden.",
)
WITHDRAW = Step(
    status=Release.Status.PUBLIC,
    template="analysis/withdraw.html",
    take=lambda release: services.withdraw_release(release=release),
    done="Trukket tilbake. Siden er ikke lenger offentlig.",
)


@login_required
@never_cache
@require_safe
def overview(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """What is public and since when, the draft, and what was public before."""
    return _page(request, _survey(request, survey_id))


@login_required
@require_POST
def make_draft(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Build a draft of the answers there are now, in place of an earlier draft."""
    survey = _survey(request, survey_id)
    try:
        services.renew_draft(survey=survey)
    except NotAllowed as refusal:
        return _page(request, survey, refusal.message)
    messages.success(request, "Utkastet er klart. Les det gjennom før du publiserer.")
    return redirect("analysis:publishing", survey.pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, survey_id: UUID, release_id: UUID) -> HttpResponse:
    """Say what becomes public, and publish."""
    return _ask_or_take(request, survey_id, release_id, PUBLISH)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, survey_id: UUID, release_id: UUID) -> HttpResponse:
    """Say what withdrawing means, and do it."""
    return _ask_or_take(request, survey_id, release_id, WITHDRAW)


def _ask_or_take(request: HttpRequest, survey_id: UUID, release_id: UUID, step: Step) -> HttpResponse:
    """Ask by GET, take the step by POST; a step that cannot be taken any more leads to the page that says how things stand."""
    survey = _survey(request, survey_id)
    release: Release = get_object_or_404(_told(survey), pk=release_id)
    if request.method == "GET":
        if release.status != step.status:
            return redirect("analysis:publishing", survey.pk)
        public = _told(survey).filter(status=Release.Status.PUBLIC).first()
        context = {"survey": survey, "release": release, "public": public, "least": services.MIN_NEW}
        return render(request, step.template, context)
    try:
        step.take(release)
    except NotAllowed as refusal:
        return _page(request, survey, refusal.message)
    messages.success(request, step.done)
    return redirect("analysis:publishing", survey.pk)


def _page(request: HttpRequest, survey: Survey, refusal: str = "") -> HttpResponse:
    releases = list(_told(survey))
    public = next((one for one in releases if one.status == Release.Status.PUBLIC), None)
    context = {
        "survey": survey,
        "refusal": refusal,
        "public": public,
        "national": told_of(getattr(public, "themes", ()), survey.default_language),
        "draft": next((one for one in releases if one.status == Release.Status.DRAFT), None),
        "withdrawn": [one for one in releases if one.status == Release.Status.WITHDRAWN],
        "answered": services.answered(survey).count(),
        "new": services.new_since_last(survey),
        "least": services.MIN_NEW,
    }
    return render(request, "analysis/publishing.html", context, status=REFUSED if refusal else 200)


def _told(survey: Survey) -> QuerySet[Release]:
    """The survey's releases, the newest first, with figures, rules and themes and without the rest of their content."""
    parts = {name: F(f"payload__{name}") for name in ("numbers", "rules", "themes")}
    found: QuerySet[Release] = Release.objects.filter(survey=survey).defer("payload").annotate(**parts)
    return found.order_by("-built_on", "-published_on", "id")


def _survey(request: HttpRequest, survey_id: UUID) -> Survey:
    survey: Survey = get_object_or_404(Survey.objects.visible_to(request.user).select_related("municipality"), pk=survey_id)
    if not may_publish(request.user, survey):
        raise NotAllowed("Bare planleggere i kommunen kan publisere, og først når undersøkelsen er åpnet for svar.")
    return survey
