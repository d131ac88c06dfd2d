"""What is wrong with an area whose numbers are right: sides that cross, holes outside, and where."""

import re
from typing import NamedTuple

from django.contrib.gis.geos import GEOSGeometry

from mapping.geojson.wkb import Positions
from surveys.errors import InvalidGeometry
from surveys.quote import quoted

_VALID = "Valid Geometry"
_REASON = re.compile(r"(?P<what>[^\[]*)(?:\[(?P<lon>\S+) (?P<lat>\S+)\])?")


class _Fault(NamedTuple):
    code: str
    sentence: str


# GEOS' words for OGC Simple Features 06-103r4 §6.1.11.1, which PostGIS' ST_IsValid asks as well.
_FAULTS = {
    "Self-intersection": _Fault("self-crossing", "Omrisset krysser seg selv"),
    "Ring Self-intersection": _Fault("self-crossing", "Omrisset berører seg selv"),
    "Hole lies outside shell": _Fault("hole-outside", "Et hull ligger utenfor omrisset"),
    "Holes are nested": _Fault("nested-holes", "Et hull ligger i et annet hull"),
    "Interior is disconnected": _Fault("disconnected-area", "Et hull deler flaten i to"),
    "Too few points in geometry component": _Fault("ring-too-short", "En ring har færre enn tre ulike posisjoner"),
}


def refuse_invalid_area(area: GEOSGeometry, rings: list[Positions], *, at: str) -> None:
    """Raise InvalidGeometry, naming the side nearest to the fault, unless the area is valid.

    Asks for the reason and not for `area.valid`, which writes the place of the fault to the log.
    """
    reason = area.valid_reason
    if reason == _VALID:
        return
    found = _REASON.match(reason)
    what, lon, lat = found.groups() if found else (reason, None, None)
    fault = _FAULTS.get(what, _Fault("invalid-area", f"Flaten er ikke gyldig ({what})"))
    if lon is None or lat is None:
        raise InvalidGeometry(f"{fault.sentence}.", code=fault.code, pointer=at)
    place = round(float(lon), 7), round(float(lat), 7)
    ring, side = _nearest_side(rings, place)
    pointer = f"{at}/{ring}/{side}"
    message = f"{fault.sentence} ved {quoted(list(place))}, på siden som begynner i posisjon {side}."
    raise InvalidGeometry(message, code=fault.code, pointer=pointer)


def _nearest_side(rings: list[Positions], place: tuple[float, float]) -> tuple[int, int]:
    """Ring and index of the position where the side that comes nearest to the place begins; the first of equals."""
    candidates = (
        (_squared_distance(place, ring[index : index + 4]), number, index // 2)
        for number, ring in enumerate(rings)
        for index in range(0, len(ring) - 2, 2)
    )
    _distance, ring, side = min(candidates)
    return ring, side


def _squared_distance(place: tuple[float, float], side: list[float]) -> float:
    """Squared distance in degrees from a place to a side [lon, lat, lon, lat]; good for comparing, not for measuring."""
    x, y = place[0] - side[0], place[1] - side[1]
    dx, dy = side[2] - side[0], side[3] - side[1]
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, (x * dx + y * dy) / length)) if length else 0.0
    return (x - along * dx) ** 2 + (y - along * dy) ** 2
