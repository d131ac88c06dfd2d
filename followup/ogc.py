"""Public releases as collections under /ogc/: the hexagons of followup/cells.py, for everybody, in every system that marks come in.

Drafts and withdrawn releases are none, whoever asks: what is read here must be what everybody can read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from django.contrib.gis.geos import GEOSGeometry
from django.http import HttpRequest

from analysis import grid
from analysis.filters import MarkFilter
from analysis.models import Release
from analysis.ogc.collections import Collection, Item, Page
from analysis.ogc.crs import Crs
from analysis.ogc.parameters import ItemsQuery
from analysis.tile_scheme import Degrees
from followup.cells import cell_collection
from followup.page import read_card, theme_labels
from surveys.crs import STORAGE_SRID
from surveys.errors import NotFound

PREFIX = "release-"


@dataclass(frozen=True)
class ReleaseCollection:
    """The hexagons of one public release."""

    release: Release

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return f"{PREFIX}{self.release.pk}"

    @property
    def title(self) -> str:
        """Its name on pages and in QGIS."""
        return f"{self._card['title']}, {self._card['municipality']}: publisert"

    @property
    def description(self) -> str:
        """What it holds."""
        return "Hvor mange barn som har tegnet i hver sekskant, avrundet, og bare der det er mange nok til at ingen kan kjennes igjen."

    @property
    def extent(self) -> Degrees:
        """That of its hexagons; of a release without any, that of the survey's area."""
        corners = [corner for cell in self._cells for corner in cell["geometry"]["coordinates"][0]]
        if not corners:
            west, south, east, north = self.release.survey.study_area.extent
            return west, south, east, north
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def period(self) -> tuple[date, date]:
        """From when to when was answered, as the release tells it."""
        told = self.release.payload["survey"]
        return date.fromisoformat(told["opens_on"]), date.fromisoformat(told["closes_on"])

    @property
    def filters(self) -> tuple[str, ...]:
        """None: free filters are not for the public."""
        return ()

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The numbers of a hexagon."""
        themes = [(f"theme_{code}", f"Barn, avrundet, om temaet «{label}»") for code, label in theme_labels(self.release.payload).items()]
        return [
            ("size_m", "Meter mellom sekskantens motstående sider"),
            ("children", "Barn i alt, avrundet; tomt der det er for få"),
            *themes,
        ]

    @property
    def has_tiles(self) -> bool:
        """None has: it is some hundred hexagons."""
        return False

    def page(self, query: ItemsQuery) -> Page:
        """Some of the hexagons, in the order of the release. They share its period: datetime takes all of them or none."""
        asked = MarkFilter.parse(query.filters, self.release.survey)
        first, last = self.period
        is_in_time = (not asked.since or asked.since <= last) and (not asked.until or asked.until >= first)
        cells = [cell for cell in self._cells if is_in_time and (not query.box or query.box.touches(_shape_of(cell)))]
        return Page(matched=len(cells), items=[_item(cell, query.crs) for cell in cells[query.offset : query.offset + query.limit]])

    def item(self, item_id: str, crs: Crs) -> Item | None:
        """A hexagon, by the name it has in the grid."""
        return next((_item(cell, crs) for cell in self._cells if cell["id"] == item_id), None)

    @cached_property
    def _cells(self) -> list[dict[str, Any]]:
        features: list[dict[str, Any]] = orjson.loads(b"".join(cell_collection(self.release.payload)))["features"]
        return features

    @cached_property
    def _card(self) -> dict[str, str]:
        return read_card(self.release.payload["survey"], self.release.payload["n_responses"])


class ReleaseCollections:
    """The public releases, one collection each."""

    def all(self, request: HttpRequest) -> Iterable[Collection]:
        """All of them, the newest first."""
        return [ReleaseCollection(release) for release in Release.objects.public().select_related("survey").order_by("-built_on", "id")]

    def find(self, request: HttpRequest, collection_id: str) -> Collection | None:
        """By the release's id; NotFound for one that is not public."""
        if not collection_id.startswith(PREFIX):
            return None
        try:
            release = Release.objects.public().select_related("survey").get(pk=UUID(collection_id.removeprefix(PREFIX)))
        except (ValueError, Release.DoesNotExist):
            raise NotFound("Publiseringen finnes ikke, eller den er trukket tilbake.") from None
        return ReleaseCollection(release)


def _shape_of(cell: dict[str, Any]) -> GEOSGeometry:
    return GEOSGeometry(orjson.dumps(cell["geometry"]).decode(), srid=STORAGE_SRID)


def _item(cell: dict[str, Any], crs: Crs) -> Item:
    ring = [_position(x, y, crs) for x, y in cell["geometry"]["coordinates"][0]]
    return Item(cell["id"], orjson.dumps({"type": "Polygon", "coordinates": [ring]}), orjson.dumps(cell["properties"]))


def _position(longitude: float, latitude: float, crs: Crs) -> list[float]:
    """A corner in a system, in its order of axes; whole metres, for the degrees are rounded to ten."""
    if crs.is_geographic:
        return [latitude, longitude] if crs.latitude_first else [longitude, latitude]
    x, y = grid.transformer(STORAGE_SRID, crs.srid).transform(longitude, latitude)
    return [round(x), round(y)]
