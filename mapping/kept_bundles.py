"""Bundles kept ready to be sent: thirty tablets ask for the same one in the same minute, and building it takes a while.

What a bundle is made of is looked at for each request, by the versions of its rows and the stamps of its files, and the bundle
is built anew when any of them is another. So nobody has to remember to forget it, and every process of the site tells the same.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection

from mapping.bundle import build_bundle
from mapping.recordings import folder_of
from mapping.survey_map import path_of
from surveys.models import Survey

MOST_KEPT = 64
"""Surveys whose bundle a process keeps, some 200 kB each."""
GZIP_LEVEL = 6

Made = tuple[str, tuple[tuple[str, int, int], ...]]
"""What a bundle is made of: the versions of its rows; its files with their times and sizes."""

# The place and the writing transaction of a row are another after every change to it, whoever makes it.
# https://www.postgresql.org/docs/current/ddl-system-columns.html
_ROWS = """
WITH survey AS (
    SELECT id, municipality_id, concat_ws('/', tableoid, ctid, xmin) AS version FROM surveys_survey WHERE id = %s AND status = ANY(%s)
)
SELECT string_agg(version, ' ' ORDER BY version) FROM (
    SELECT version FROM survey
    UNION ALL SELECT concat_ws('/', m.tableoid, m.ctid, m.xmin) FROM surveys_municipality m JOIN survey ON survey.municipality_id = m.id
    UNION ALL SELECT concat_ws('/', t.tableoid, t.ctid, t.xmin) FROM surveys_theme t JOIN survey ON survey.id = t.survey_id
    UNION ALL SELECT concat_ws('/', c.tableoid, c.ctid, c.xmin) FROM surveys_category c JOIN survey ON survey.id = c.survey_id
    UNION ALL SELECT concat_ws('/', q.tableoid, q.ctid, q.xmin) FROM surveys_question q JOIN survey ON survey.id = q.survey_id
    UNION ALL SELECT concat_ws('/', s.tableoid, s.ctid, s.xmin) FROM surveys_school s
        JOIN surveys_survey_schools asked ON asked.school_id = s.id JOIN survey ON survey.id = asked.survey_id
    UNION ALL SELECT concat_ws('/', b.tableoid, b.ctid, b.xmin) FROM mapping_basemap b
        JOIN survey ON survey.municipality_id = b.municipality_id
) AS versions
"""


@dataclass(frozen=True)
class KeptBundle:
    """A bundle as it is sent: plain and in gzip, and its ETag, a weak one, since both have it."""

    body: bytes
    packed: bytes
    etag: str


def kept_bundle(survey_id: UUID) -> KeptBundle | None:
    """The bundle of a survey that is open or closed; None for any other."""
    rows = _row_versions(survey_id)
    return _built(survey_id, (rows, tuple(sorted(_file_stamps(survey_id))))) if rows else None


@lru_cache(maxsize=MOST_KEPT)
def _built(survey_id: UUID, _made_of: Made) -> KeptBundle:
    # Read after the versions were: what is newer than they are is kept under a name that nobody asks for again.
    survey = Survey.objects.select_related("municipality").get(pk=survey_id)
    body = orjson.dumps(build_bundle(survey))
    return KeptBundle(body, gzip.compress(body, GZIP_LEVEL, mtime=0), f'W/"{hashlib.sha256(body).hexdigest()[:32]}"')


def _row_versions(survey_id: UUID) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [survey_id, [Survey.Status.OPEN.value, Survey.Status.CLOSED.value]])
        (versions,) = cursor.fetchone() or (None,)
    return versions or None


def _file_stamps(survey_id: UUID) -> Iterator[tuple[str, int, int]]:
    """Of the basemaps and their lists of places, of the survey's cuts of them, and of its recordings."""
    cuts = path_of(survey_id, "*", "*").parent
    mine = (entry for entry in _files(cuts) if entry.name.startswith(str(survey_id)))
    recordings = (entry for language in _entries(folder_of(survey_id)) if language.is_dir() for entry in _files(Path(language.path)))
    for entry in chain(_files(Path(settings.BASEMAP_ROOT)), mine, recordings):
        with suppress(FileNotFoundError):
            stat = entry.stat()
            yield entry.path, stat.st_mtime_ns, stat.st_size


def _files(folder: Path) -> Iterator["os.DirEntry[str]"]:
    return (entry for entry in _entries(folder) if entry.is_file())


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except FileNotFoundError:
        return
