"""The public pages: the list of releases, one release for ten minutes before the meeting, and its data. Aggregates only.

Nothing here reads an answer or a mark: all numbers come out of Release.payload (tests/followup/test_views.py looks at the SQL).
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from analysis.models import Release
from analysis.national import FORMATS, LeftOutTold, told_of
from followup.cells import cell_collection
from followup.findings import finding_rows
from followup.models import Finding
from followup.page import read_card, read_page
from followup.release_map import DAY_S, frame_of, ground_of, paper_basemap, release_map

Response = TypeVar("Response", bound=HttpResponseBase)


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """Every public release; for a municipality's planners and politicians also those that are not public yet."""
    # Two parts of the payload, not all of its cells.
    found = Release.objects.visible_to(request.user).annotate(survey_told=F("payload__survey"), responses_told=F("payload__n_responses"))
    rows = found.order_by("-built_on", "id").values("id", "status", "built_on", "published_on", "survey_told", "responses_told")
    return render(request, "followup/releases.html", {"rows": [row | read_card(row["survey_told"], row["responses_told"]) for row in rows]})


@gzip_page
@require_safe
@cache_control(private=True, no_cache=True)
def release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """One release: numbers, map, charts, findings with decisions, and how we know."""
    found = _visible(request, release_id)
    if found is None:
        return _gone(request, release_id)
    page = read_page(found.payload, built_on=found.built_on)
    findings = finding_rows(Finding.objects.filter(survey=found.survey_id).with_steps(), found.payload)
    context = {
        "release": found,
        "page": page,
        "findings": findings,
        "not_on_paper": sum(not row.is_on_paper for row in findings),
        "map": release_map(found, page.choices, findings),
        "national": _national_told(found),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "followup/release.html", context)


@gzip_page
@require_safe
def cells(request: HttpRequest, release_id: UUID) -> HttpResponseBase:
    """The release's hexagons as GeoJSON."""
    found = _visible(request, release_id)
    if found is None:
        return _gone(request, release_id)
    body = cell_collection(found.payload, release=str(found.pk), sha256=found.sha256)
    response = StreamingHttpResponse(body, content_type="application/geo+json")
    response["ETag"] = f'"{found.sha256}"'
    response["Access-Control-Allow-Origin"] = "*"
    return _kept(response, found)


@gzip_page
@require_safe
def national(request: HttpRequest, release_id: UUID, extension: str) -> HttpResponseBase:
    """The public release in the national model, as GML or GeoPackage; of a draft there is none, for such files are passed on."""
    form = FORMATS.get(extension)
    if form is None:
        raise Http404(f"there is no {extension[:20]!r}; there is {', '.join(FORMATS)}")
    found: Release | None = _told().filter(pk__in=_ids(Release.objects.public(), release_id)).first()
    if found is None:
        return _gone(request, release_id)
    if _national_told(found) is None:
        raise Http404("the release was built before official codes were kept in releases")
    response = StreamingHttpResponse(form.stream(found), content_type=form.media_type)
    response["Content-Disposition"] = f'attachment; filename="barnetrakk-aggregert-{found.sha256[:8]}.{extension}"'
    response["ETag"] = f'"{found.sha256}-{extension}"'
    response["Access-Control-Allow-Origin"] = "*"
    return _kept(response, found)


@gzip_page
@require_safe
def ground(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """What lies under the hexagons of the map on paper, as SVG."""
    found = _visible(request, release_id)
    if found is None:
        return _gone(request, release_id)
    basemap = paper_basemap(found)
    if basemap is None or found.payload["bbox"] is None:
        raise Http404("there is no map of our own to draw")
    context = {"ground": ground_of(basemap, frame_of(found))}
    return _kept(render(request, "followup/ground.svg", context, content_type="image/svg+xml"), found)


def _visible(request: HttpRequest, release_id: UUID) -> Release | None:
    """The release, if who asks may read it; the session is looked at only when the public may not."""
    known = _told()
    found: Release | None = known.filter(pk__in=_ids(Release.objects.public(), release_id)).first()
    return found or known.filter(pk__in=_ids(Release.objects.visible_to(request.user), release_id)).first()


def _national_told(release: Release) -> LeftOutTold | None:
    return told_of(release.payload["themes"], release.payload["survey"]["default_language"])


def _told() -> QuerySet[Release]:
    found: QuerySet[Release] = Release.objects.select_related("survey").only(
        "status", "built_on", "published_on", "payload", "sha256", "survey__municipality_id"
    )
    return found


def _ids(releases: QuerySet[Release], release_id: UUID) -> QuerySet[Release, Any]:
    return releases.filter(pk=release_id).values("pk")


def _gone(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """410 and a kind page for a release that was public once; 404 for all else, drafts of other municipalities among them."""
    known = Release.objects.filter(status=Release.Status.WITHDRAWN).exclude(survey__status="deleted").defer("payload")
    withdrawn: Release = get_object_or_404(known, pk=release_id)
    newer = Release.objects.public().filter(survey=withdrawn.survey_id).defer("payload").first()
    response = render(request, "followup/withdrawn.html", {"newer": newer}, status=410)
    response["Cache-Control"] = "no-store"
    return response


def _kept(response: Response, release: Release) -> Response:
    """What never changes may be kept by anybody, but for a day only: a release that is withdrawn must be gone from caches too."""
    if release.status == Release.Status.PUBLIC:
        patch_cache_control(response, public=True, max_age=DAY_S, immutable=True)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response
