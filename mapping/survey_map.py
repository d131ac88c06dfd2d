"""The map of a survey's area: of a municipality's basemap just the tiles its pupils draw on, small enough to keep on a tablet.

A whole municipality may weigh tens of megabytes, and a tablet without a network can ask for no tile. What is cut out here is one file,
under one name for as long as neither basemap nor area changes, which the page reads in byte ranges like any other, and which its
service worker keeps whole. The tiles are copied as they are. Source: docs/decisions/041.
"""

import hashlib
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.gis.geos import MultiPolygon
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import MagicNumberNotFound, SpecVersionUnsupported, zxy_to_tileid
from pmtiles.writer import Writer

from mapping.models import Basemap
from surveys.models import Survey

log = logging.getLogger(__name__)

MOST_BYTES = 1_500_000
"""What is left of 3 MB for a tablet when the page, its pictures and letters, and the bundle are kept (docs/decisions/041)."""

FOLDER = "areas"
KEPT_S = 30 * 24 * 3600
"""Tablets that have not heard of a newer cut may ask for an old one this long."""

UNREADABLE = (OSError, EOFError, ValueError, LookupError, MagicNumberNotFound, SpecVersionUnsupported)
"""What comes of a file that is not there, or is no PMTiles file; ValueError and LookupError are those of an empty or a torn one."""

Tile = tuple[int, int, int]


@dataclass(frozen=True)
class SurveyMap:
    """A cut: its file, and the deepest zoom in it, from which nearer ones are enlarged."""

    path: Path
    digest: str
    max_zoom: int


def survey_map(survey: Survey, basemap: Basemap) -> SurveyMap | None:
    """The cut of a PMTiles basemap for a survey, made when it is not there yet; None when it cannot be, and the whole must do."""
    source = Path(settings.BASEMAP_ROOT) / Path(basemap.file_name).name
    try:
        stat = source.stat()
        seed = f"{stat.st_size}-{stat.st_mtime_ns}-{MOST_BYTES}-{basemap.max_zoom}".encode() + bytes(survey.study_area.wkb)
        digest = hashlib.sha256(seed).hexdigest()[:16]
        made = sorted(path_of(survey.pk, digest, "*").parent.glob(path_of(survey.pk, digest, "*").name))
        path = made[0] if made else _cut(source, survey, digest)
    except UNREADABLE as error:
        log.warning("the map of survey %s could not be cut out of %s: %s", survey.pk, source.name, error)
        return None
    return SurveyMap(path, digest, int(path.stem.rpartition("-z")[2])) if path else None


def path_of(survey: Any, digest: str, max_zoom: object) -> Path:
    """Where a cut lies."""
    return Path(settings.BASEMAP_ROOT) / FOLDER / f"{survey}-{digest}-z{max_zoom}.pmtiles"


def _cut(source: Path, survey: Survey, digest: str) -> Path | None:
    """Write the richest cut that is small enough; None when even the poorest is not."""
    with source.open("rb") as file:
        reader: Any = Reader(MmapSource(file))  # type: ignore[no-untyped-call]  # the library says it is typed, but this part is not
        header = reader.header()
        for max_zoom in range(header["max_zoom"], header["min_zoom"] - 1, -1):
            for ring in (1, 0):
                tiles = _tiles(reader, survey.study_area, range(header["min_zoom"], max_zoom + 1), ring)
                if tiles is not None:
                    _forget_old(survey)
                    path = path_of(survey.pk, digest, max_zoom)
                    _write(path, tiles, reader)
                    return path
    return None


def _tiles(reader: Any, area: MultiPolygon, zooms: range, ring: int) -> dict[Tile, bytes] | None:
    """The tiles that touch the area, and at every zoom so many rings round them; None when they weigh too much."""
    found: dict[Tile, bytes] = {}
    weight = 0
    for tile in sorted({tile for polygon in area for zoom in zooms for tile in _touching(polygon.extent, zoom, ring)}):
        data = reader.get(*tile)
        if data:
            found[tile] = data
            weight += len(data)
        if weight > MOST_BYTES:
            return None
    return found


def _touching(extent: tuple[float, float, float, float], zoom: int, ring: int) -> Iterator[Tile]:
    """Tiles of a box in degrees, and so many rings round it."""
    west, south, east, north = extent
    size = 2**zoom
    (left, top), (right, bottom) = _tile_at(west, north, size), _tile_at(east, south, size)
    for x in range(max(left - ring, 0), min(right + ring, size - 1) + 1):
        for y in range(max(top - ring, 0), min(bottom + ring, size - 1) + 1):
            yield zoom, x, y


def _tile_at(lon: float, lat: float, size: int) -> tuple[int, int]:
    """Column and row, from the north, of the tile under a position in degrees, where the world is so many tiles wide."""
    north = math.asinh(math.tan(math.radians(lat))) / math.pi
    return min(int((lon + 180) / 360 * size), size - 1), min(int((1 - north) / 2 * size), size - 1)


def _write(path: Path, tiles: dict[Tile, bytes], reader: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may cut the same at once: each writes its own, and the last to be done replaces an equal.
    part = path.with_suffix(f".{uuid4().hex}.part")
    with part.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]  # as above
        for tile_id, tile in sorted((zxy_to_tileid(*tile), tile) for tile in tiles):
            writer.write_tile(tile_id, tiles[tile])
        writer.finalize(reader.header(), reader.metadata())
    part.replace(path)


def _forget_old(survey: Survey) -> None:
    for path in path_of(survey.pk, "*", "*").parent.glob(f"{survey.pk}-*"):
        if path.stat().st_mtime < time.time() - KEPT_S:
            path.unlink(missing_ok=True)
