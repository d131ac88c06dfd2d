"""What a collection is, and where collections come from: each provider registers itself, so that this package knows none above it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import orjson
from django.http import HttpRequest

from analysis.ogc.crs import Crs
from analysis.ogc.parameters import ItemsQuery
from analysis.tile_scheme import Degrees
from surveys.errors import NotFound


@dataclass(frozen=True)
class Item:
    """A feature as it is given out: its id, and JSON of its geometry and its properties."""

    id: str
    geometry: bytes
    properties: bytes

    def as_feature(self, **members: Any) -> dict[str, Any]:
        """A GeoJSON Feature for orjson; members: further ones."""
        geometry, properties = orjson.Fragment(self.geometry), orjson.Fragment(self.properties)
        return {"type": "Feature", "id": self.id, "geometry": geometry, "properties": properties, **members}


@dataclass(frozen=True)
class Page:
    """Some of the features that match, and how many do."""

    matched: int
    items: list[Item]


class Collection(Protocol):
    """A set of features of one sort, that this reader may read."""

    @property
    def id(self) -> str:
        """Its name in addresses."""

    @property
    def title(self) -> str:
        """Its name on pages and in QGIS."""

    @property
    def description(self) -> str:
        """A sentence or two on what it holds."""

    @property
    def extent(self) -> Degrees:
        """West, south, east, north, in degrees, of all it may hold."""

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day of it."""

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of properties that it can be filtered by."""

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The names of the properties and what they mean."""

    @property
    def has_tiles(self) -> bool:
        """Whether there are vector tiles of it."""

    def page(self, query: ItemsQuery) -> Page:
        """The features asked for; InvalidFilter for a value it does not have."""

    def item(self, item_id: str, crs: Crs) -> Item | None:
        """The feature with this id, or None."""


class Provider(Protocol):
    """Where collections come from."""

    def all(self, request: HttpRequest) -> Iterable[Collection]:
        """The collections that who asks may read."""

    def find(self, request: HttpRequest, collection_id: str) -> Collection | None:
        """The collection; None when the id is none of this provider's; refusals as everywhere for one that may not be read."""


_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> None:
    """Take a provider in; an app does it when Django is ready."""
    _PROVIDERS.append(provider)


def readable(request: HttpRequest) -> list[Collection]:
    """All collections that who asks may read, the lowest app's first: it is registered last."""
    return [collection for provider in reversed(_PROVIDERS) for collection in provider.all(request)]


def find(request: HttpRequest, collection_id: str) -> Collection:
    """The collection with this id; NotFound when there is none that may be known of."""
    for provider in _PROVIDERS:
        if (found := provider.find(request, collection_id)) is not None:
            return found
    raise NotFound(f"Samlingen {collection_id[:80]!r} finnes ikke.")
