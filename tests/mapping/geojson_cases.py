"""What the tests of GeoJSON share: shapes whose answers can be checked by head, and how a refusal is looked at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry

from surveys.errors import DomainError

SQUARE = [[5.0, 60.0], [6.0, 60.0], [6.0, 61.0], [5.0, 61.0], [5.0, 60.0]]
HOLE = [[5.4, 60.4], [5.4, 60.6], [5.6, 60.6], [5.6, 60.4], [5.4, 60.4]]
BOW_TIE = [[5.0, 60.0], [6.0, 61.0], [6.0, 60.0], [5.0, 61.0], [5.0, 60.0]]


def point(*position: Any) -> dict[str, Any]:
    """A Point object."""
    return {"type": "Point", "coordinates": list(position)}


def line(*positions: Any) -> dict[str, Any]:
    """A LineString object."""
    return {"type": "LineString", "coordinates": list(positions)}


def polygon(*rings: Any) -> dict[str, Any]:
    """A Polygon object."""
    return {"type": "Polygon", "coordinates": list(rings)}


def study_area(*rings: Any) -> GEOSGeometry:
    """A polygon as a survey holds it, made without the code under test."""
    text = ", ".join("(" + ", ".join(f"{lon} {lat}" for lon, lat in ring) + ")" for ring in rings)
    return GEOSGeometry(f"SRID=4326;POLYGON({text})")


def mark(geometry: Any = None, /, **members: Any) -> dict[str, Any]:
    """A Feature as a tablet sends it; members replace or add to it, and those of properties go into properties."""
    properties: dict[str, Any] = {"category": "barneveg", "mode": "gaar", "comment": None, "answers": {}}
    properties |= {name: members.pop(name) for name in list(members) if name in properties}
    return {"type": "Feature", "rev": 1, "geometry": geometry, "properties": properties} | members


def attempt(read: Callable[[], Any]) -> tuple[Any, DomainError | None]:
    """What was read, or why it was refused: for tests that do not know beforehand which of the two to expect."""
    try:
        return read(), None
    except DomainError as refusal:
        return None, refusal


@contextmanager
def refused(error: type[DomainError], *, code: str, pointer: str, quotes: str = "") -> Iterator[None]:
    """Expect a refusal with this code, at this place, whose message quotes this."""
    with pytest.raises(error) as raised:
        yield
    refusal: DomainError = raised.value
    assert (type(refusal), refusal.code, refusal.pointer) == (error, code, pointer), refusal.message
    assert quotes in refusal.message
    assert len(refusal.message) < 400
    refusal.message.encode()
