"""The pupil's page with what lets a tablet keep it; and files with the byte ranges that PMTiles, and Safari for sound, ask for."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import etag, require_safe

from mapping.models import Basemap
from mapping.recordings import recording_file
from mapping.shell import Shell, shell, worker_source
from mapping.survey_map import path_of
from mapping.tile_hosts import active_tile_hosts
from surveys.languages import languages_before_code
from surveys.models import Survey

CHUNK = 256 * 1024
PMTILES = "application/vnd.pmtiles"
A_DAY = "public, max-age=86400"
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
"""One range of a file of up to a petabyte; Python reads no number of thousands of digits, and what is no range gets the whole file."""


def _shell() -> Shell:
    return shell(active_tile_hosts(), tuple(languages_before_code()))


def _page_etag(_request: HttpRequest) -> str:
    return _shell().etag


@require_safe
@gzip_page
@etag(_page_etag)
@cache_control(max_age=0, must_revalidate=True, public=True)
def draw(_request: HttpRequest) -> HttpResponse:
    """The pupil's page: the same for everybody; who draws is known by the token in the link's fragment, which no server sees."""
    return HttpResponse(_shell().html)


@require_safe
@gzip_page
@cache_control(no_cache=True)
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, which lies below the page's address and may therefore answer for it, and for nothing else."""
    return HttpResponse(worker_source(_shell()), content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(max_age=0, must_revalidate=True, public=True)
def manifest(_request: HttpRequest) -> HttpResponse:
    """What makes the page an app on the tablet's home screen."""
    icons = [
        {"src": static("img/own/trakk.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("img/own/icons/trakk-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("img/own/icons/trakk-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": static("img/own/icons/trakk-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    page = reverse("mapping:draw")
    about = {
        "id": page,
        "name": "Tråkk – tegn på kartet",
        "short_name": "Tråkk",
        "description": "Vis på kartet hvordan du bruker stedet der du bor.",
        "lang": "nb",
        "dir": "ltr",
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "theme_color": "#0a5bb5",
        "background_color": "#0a5bb5",
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
def basemap_file(request: HttpRequest, basemap_id: UUID) -> HttpResponseBase:
    """A basemap's PMTiles file, whole or the one byte range asked for."""
    basemap = get_object_or_404(Basemap, pk=basemap_id, kind=Basemap.Kind.PMTILES, is_active=True)
    return _file(request, Path(settings.BASEMAP_ROOT) / Path(basemap.file_name).name, PMTILES, A_DAY)


@require_safe
def survey_map_file(request: HttpRequest, survey_id: UUID, digest: str, max_zoom: int) -> HttpResponseBase:
    """The map of a survey's area; its name is that of its content, so that a tablet may keep it for ever."""
    if not digest.isalnum():
        raise Http404("no such map")
    return _file(request, path_of(survey_id, digest, max_zoom), PMTILES, "public, max-age=31536000, immutable")


@require_safe
def recording(request: HttpRequest, survey_id: UUID, language: str, name: str) -> HttpResponseBase:
    """A recorded question of a survey that pupils may see."""
    get_object_or_404(Survey, pk=survey_id, status__in=[Survey.Status.OPEN, Survey.Status.CLOSED])
    found = recording_file(survey_id, language, name)
    if found is None:
        raise Http404("there is no such recording")
    path, content_type = found
    return _file(request, path, content_type, A_DAY)


def _file(request: HttpRequest, path: Path, content_type: str, cache: str) -> HttpResponseBase:
    if not path.is_file():
        raise Http404("the file is not there")
    stat = path.stat()
    response = _part_of(path, request.headers.get("Range", ""), stat.st_size, content_type)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{stat.st_size:x}-{stat.st_mtime_ns:x}"'
    response["Cache-Control"] = cache
    return response


def _part_of(path: Path, wanted: str, size: int, content_type: str) -> HttpResponseBase:
    match = RANGE.fullmatch(wanted.strip())
    if not match or not any(match.groups()):
        return FileResponse(path.open("rb"), content_type=content_type)
    first, last = match.groups()
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    else:
        start, end = max(size - int(last), 0), size - 1
    if start > end or start >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(_bytes(path, start, end), status=206, content_type=content_type)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    return response


def _bytes(path: Path, start: int, end: int) -> Iterator[bytes]:
    left = end - start + 1
    with path.open("rb") as file:
        file.seek(start)
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
