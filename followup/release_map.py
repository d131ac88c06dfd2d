"""The map of a release's page: what the script gets for the screen, the picture for paper, and the table behind both.

Reads public things only: the payload, the schools that took part, the municipality's basemaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.urls import reverse

from analysis.models import Release
from followup.findings import FindingRow
from followup.frame import Frame, frame_around
from followup.ground import Ground, read_ground
from followup.map_picture import Picture, draw
from followup.page import Choice, default_choice
from followup.places import Spot, where
from followup.scale import SCALE, Step
from followup.wording import number
from mapping.bundle import basemap_json
from mapping.models import Basemap
from surveys.models import School

TABLE_ROWS = 12
DAY_S = 86_400
DECIMALS = 4


@dataclass(frozen=True)
class PlaceRow:
    """One cell of the table: where it lies, and its number in all and per theme, "–" where there is none."""

    where: str
    cell: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class ReleaseMap:
    """All that the page needs to show the map."""

    chosen: str
    scale: tuple[Step, ...]
    picture: Picture
    rows: tuple[PlaceRow, ...]
    cells: int
    script: dict[str, Any]
    basemap: Basemap | None
    """The one of our own that paper is drawn from."""


def release_map(release: Release, choices: Sequence[Choice], findings: Sequence[FindingRow]) -> ReleaseMap | None:
    """The map, or None where no cell may be shown."""
    payload = release.payload
    if payload["bbox"] is None:
        return None
    schools, frame, paper = schools_of(release), frame_of(release), paper_basemap(release)
    names = ground_of(paper, frame).names if paper else ()
    pins = [row.pin for row in findings if row.pin]
    chosen = default_choice(choices)
    picture = draw(payload["cells"], [choice.code for choice in choices], frame, names=names, schools=schools, pins=pins)
    rows = tuple(_rows(payload, choices, schools))
    script = {
        "cells": reverse("followup:cells", args=[release.pk]),
        "bbox": payload["bbox"],
        "basemap": screen_basemap(release),
        "scale": [{"lowest": step.lowest, "words": step.words, "dark": step.is_dark} for step in SCALE],
        "schools": [_spot_json(spot) for spot in schools],
        "pins": [_spot_json(spot) for spot in pins],
    }
    cells = len({cell["id"] for cell in payload["cells"]})
    return ReleaseMap(chosen, SCALE, picture, rows, cells, script, paper)


def frame_of(release: Release) -> Frame:
    """The frame around a release's cells; ValueError where there are none."""
    if release.payload["bbox"] is None:
        raise ValueError("a release without cells has no frame")
    west, south, east, north = release.payload["bbox"]
    return frame_around((west, south, east, north))


def schools_of(release: Release) -> list[Spot]:
    """The schools that took part, at their gates."""
    return spots_of(School.objects.filter(surveys=release.survey_id).only("name", "location"))


def spots_of(schools: Iterable[School]) -> list[Spot]:
    """Schools at their gates."""
    return [Spot(school.name, round(school.location.x, DECIMALS), round(school.location.y, DECIMALS)) for school in schools]


def screen_basemap(release: Release) -> dict[str, Any] | None:
    """The municipality's first map that is no photo, as static/js/basemap.js takes it."""
    basemap = _basemaps(release.survey.municipality_id).first()
    return basemap_json(basemap) if basemap else None


def paper_basemap(release: Release) -> Basemap | None:
    """The release's municipality's own vector map, if there is one."""
    return own_basemap(release.survey.municipality_id)


def own_basemap(municipality_id: int) -> Basemap | None:
    """A municipality's own vector map, if its file is there: a provider's tiles are not fetched for a picture."""
    own = _basemaps(municipality_id).filter(kind=Basemap.Kind.PMTILES).first()
    return own if own and path_of(own).is_file() else None


def ground_of(basemap: Basemap, frame: Frame) -> Ground:
    """What the basemap has in the frame; read once a day and process, for reading takes a second."""
    path = path_of(basemap)
    key = f"ground:{basemap.pk}:{path.stat().st_mtime_ns}:{frame.west:.0f}:{frame.north:.0f}:{frame.unit:.3f}"
    ground: Ground | None = cache.get(key)
    if ground is None:
        ground = read_ground(path, frame, min_zoom=basemap.min_zoom, max_zoom=basemap.max_zoom)
        cache.set(key, ground, DAY_S)
    return ground


def path_of(basemap: Basemap) -> Path:
    """Where a basemap of our own lies."""
    return Path(settings.BASEMAP_ROOT) / Path(basemap.file_name).name


def _basemaps(municipality_id: int) -> QuerySet[Basemap]:
    return Basemap.objects.filter(municipality=municipality_id, is_active=True, is_aerial=False)


def _rows(payload: dict[str, Any], choices: Sequence[Choice], schools: Sequence[Spot]) -> Iterator[PlaceRow]:
    """The cells with the most children, by the sum where it is shown and else by the largest theme."""
    cells: dict[str, dict[str, int]] = {}
    for cell in payload["cells"]:
        cells.setdefault(cell["id"], {})[cell["theme"] or ""] = cell["children_rounded"]
    most = sorted(cells.items(), key=lambda item: (-item[1].get("", max(item[1].values())), item[0]))
    for name, counts in most[:TABLE_ROWS]:
        numbers = tuple(number(counts[choice.code]) if choice.code in counts else "–" for choice in choices)
        yield PlaceRow(where(name, schools), name, numbers)


def _spot_json(spot: Spot) -> dict[str, Any]:
    return {"name": spot.name, "lon": round(spot.lon, DECIMALS), "lat": round(spot.lat, DECIMALS)}
