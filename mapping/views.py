"""The pupil's page; and files with the byte ranges that PMTiles, and Safari for sound, ask for: basemaps and recordings."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from mapping.models import Basemap
from mapping.recordings import recording_file
from surveys.catalog import pupil_texts
from surveys.languages import known_languages, languages_before_code
from surveys.models import Survey

CHUNK = 256 * 1024


@require_safe
@gzip_page
@cache_control(max_age=0, must_revalidate=True, public=True)
def draw(request: HttpRequest) -> HttpResponse:
    """The pupil's page: the same for everybody; who draws is known by the token in the link's fragment, which no server sees."""
    # the API's root is a constant of the contract (/api/v1/), not a view of this app
    languages = languages_before_code()
    page = {
        "api": "/api/v1/",
        "home": reverse("home"),
        "languages": [known_languages()[code].as_json() for code in languages],
        "texts": {code: pupil_texts()[code] for code in languages},
    }
    return render(request, "mapping/draw.html", {"page": page})


@require_safe
def basemap_file(request: HttpRequest, basemap_id: UUID) -> HttpResponseBase:
    """A basemap's PMTiles file, whole or the one byte range asked for."""
    basemap = get_object_or_404(Basemap, pk=basemap_id, kind=Basemap.Kind.PMTILES, is_active=True)
    path = Path(settings.BASEMAP_ROOT) / Path(basemap.file_name).name
    if not path.is_file():
        raise Http404("the file is not there")
    return _file(request, path, "application/vnd.pmtiles")


@require_safe
def recording(request: HttpRequest, survey_id: UUID, language: str, name: str) -> HttpResponseBase:
    """A recorded question of a survey that pupils may see."""
    get_object_or_404(Survey, pk=survey_id, status__in=[Survey.Status.OPEN, Survey.Status.CLOSED])
    found = recording_file(survey_id, language, name)
    if found is None:
        raise Http404("there is no such recording")
    return _file(request, *found)


def _file(request: HttpRequest, path: Path, content_type: str) -> HttpResponseBase:
    stat = path.stat()
    response = _part_of(path, request.headers.get("Range", ""), stat.st_size, content_type)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{stat.st_size:x}-{stat.st_mtime_ns:x}"'
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _part_of(path: Path, wanted: str, size: int, content_type: str) -> HttpResponseBase:
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted.strip())
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
