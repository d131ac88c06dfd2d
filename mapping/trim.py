"""The trim of the tablet, in Python: the same rule as static/js/trim.js, for what was drawn elsewhere (older rounds, the demo, tests).

An end inside a school's grounds or a listed public place is kept; round every other end everything within `cut_m` metres is cut,
measured in a straight line, which also covers a way that comes past the end once more. A tablet does the same in zones that it
puts beside the end, one for all of a child's ways (trim_to_zones); a way of the demo has a circle and a width of its own (trim_route).
Marks that children send are cut on the tablet, before anything is sent; the server never does it for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

Position = tuple[float, float]
"""Longitude and latitude in degrees."""


class Zone(NamedTuple):
    """A circle of which nothing is sent."""

    centre: Position
    radius_m: float


PublicAt = Callable[[Position], str | None]
"""Names the public ground a position lies on, or None."""

LEAST_CUT_M = 100.0
LEAST_SENT_M = 50.0
LEAST_SPREAD_M = 100.0
SLACK_M = 30.0
FINGER_M = 10.0
"""As far inside a public ground an end must lie to be no home's."""
ROUNDING_M = 0.5
EARTH_RADIUS_M = 6_371_008.8


def trim_route(line: Sequence[Position], cut_m: float, public_at: PublicAt) -> list[Position] | None:
    """What of a route may be sent: positions with six decimals, or None where too little is left to be safe.

    line: at least two positions. cut_m: metres, random between the survey's bounds and never below LEAST_CUT_M.
    """
    if len(line) < 2:
        return None
    homes = home_ends(line, public_at)
    sent = _outside(line, homes, max(cut_m, LEAST_CUT_M), public_at)
    return None if sent is None or any(distance_m(place, home) < cut_m for place in sent for home in homes) else sent


def trim_to_zones(line: Sequence[Position], zones: Sequence[Zone], public_at: PublicAt) -> list[Position] | None:
    """The same with the tablet's own zones, of one radius, which stand beside the homes: who sees several ways end on a zone's edge
    learns the zone, and not the home. None, too, when an end lies in no zone that hides it well enough.
    """
    if len(line) < 2:
        return None
    homes = home_ends(line, public_at)
    if any(not any(covers(zone, home) for zone in zones) for home in homes):
        return None
    radius_m = max((zone.radius_m for zone in zones), default=0.0)
    sent = _outside(line, [zone.centre for zone in zones], radius_m, public_at)
    return None if sent is None or any(distance_m(place, home) < LEAST_CUT_M for place in sent for home in homes) else sent


def zone_beside(end: Position, trim_m: tuple[float, float], *, aside: float, turn: float) -> Zone:
    """A zone for an end, as static/js/trim.js picks it: nothing is sent from the least to the most of the survey's range from the end.

    trim_m: least and most, metres. aside, turn: two numbers from 0 to 1 by chance, how far to the side its middle stands, and where.
    """
    least = max(LEAST_CUT_M, trim_m[0])
    most = max(least + LEAST_SPREAD_M, trim_m[1])
    reach = (most - least) / 2
    # evenly over a disc, a little smaller than there is room for
    aside_m = (reach - min(SLACK_M, reach / 3)) * math.sqrt(aside)
    per_lat = EARTH_RADIUS_M * math.pi / 180
    east, north = aside_m * math.cos(2 * math.pi * turn), aside_m * math.sin(2 * math.pi * turn)
    centre = end[0] + east / (per_lat * math.cos(math.radians(end[1]))), end[1] + north / per_lat
    return Zone(centre, (least + most) / 2)


def covers(zone: Zone, end: Position) -> bool:
    """Whether a zone hides an end well enough."""
    return zone.radius_m - distance_m(end, zone.centre) >= LEAST_CUT_M


def _outside(line: Sequence[Position], centres: Sequence[Position], radius_m: float, public_at: PublicAt) -> list[Position] | None:
    """The longest piece outside all circles that hangs on a public end, where there is one; None where it is too short to be safe."""
    if not centres:
        return _tidy(line)
    spans = _spans_outside(line, centres, radius_m + ROUNDING_M)
    kept_start, kept_end = public_at(line[0]) is not None, public_at(line[-1]) is not None
    if kept_start or kept_end:
        last = len(line) - 1
        spans = [span for span in spans if (kept_start and span[0] == 0) or (kept_end and span[1] == last)]
    sent = _tidy(max((_slice(line, span) for span in spans), key=length_m, default=[]))
    return sent if length_m(sent) >= LEAST_SENT_M else None


def home_ends(line: Sequence[Position], public_at: PublicAt) -> list[Position]:
    """The places that a way must not lead to: its ends on no public ground, or where it turned on its way back to one."""
    return _homes(line, public_at(line[0]), public_at(line[-1]), public_at) if len(line) >= 2 else []


def distance_m(one: Position, other: Position) -> float:
    """Great-circle distance in metres."""
    d_lat, d_lon = math.radians(other[1] - one[1]), math.radians(other[0] - one[0])
    h = math.sin(d_lat / 2) ** 2 + math.cos(math.radians(one[1])) * math.cos(math.radians(other[1])) * math.sin(d_lon / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def length_m(line: Sequence[Position]) -> float:
    """Length of a line in metres; 0 for fewer than two positions."""
    return sum(distance_m(one, other) for one, other in pairwise(line))


def _homes(line: Sequence[Position], kept_start: str | None, kept_end: str | None, public_at: PublicAt) -> list[Position]:
    """The positions to stay away from: ends on no public ground, and the far turn of a way back to where it began."""
    homes = [end for end, kept in ((line[0], kept_start), (line[-1], kept_end)) if kept is None]
    if not homes and kept_start == kept_end:
        # Drawn from school and back to school: the home is where it turned.
        turn = max(line, key=lambda place: distance_m(line[0], place))
        if public_at(turn) is None:
            homes.append(turn)
    return homes


def _spans_outside(line: Sequence[Position], centres: Sequence[Position], radius_m: float) -> list[tuple[float, float]]:
    """The parts of a line outside every circle, as (index + fraction) pairs."""
    circles = [[_plane(centre, place) for place in line] for centre in centres]
    marks = {0.0, float(len(line) - 1)}
    for points in circles:
        for index, (a, b) in enumerate(pairwise(points)):
            marks.update(index + t for t in _crossings(a, b, radius_m))
    spans = []
    for start, end in pairwise(sorted(marks)):
        if all(math.hypot(*_at(points, (start + end) / 2)) > radius_m for points in circles):
            spans.append((start, end))
    return spans


def _plane(origin: Position, place: Position) -> tuple[float, float]:
    per_lat = EARTH_RADIUS_M * math.pi / 180
    return (place[0] - origin[0]) * per_lat * math.cos(math.radians(origin[1])), (place[1] - origin[1]) * per_lat


def _crossings(a: tuple[float, float], b: tuple[float, float], radius: float) -> list[float]:
    """Where a segment crosses the circle of this radius round the origin, as fractions of it."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square, half = dx * dx + dy * dy, a[0] * dx + a[1] * dy
    root = half * half - square * (a[0] * a[0] + a[1] * a[1] - radius * radius)
    if square == 0 or root <= 0:
        return []
    return [t for t in ((-half - math.sqrt(root)) / square, (-half + math.sqrt(root)) / square) if 0 <= t <= 1]


def _at(points: Sequence[tuple[float, float]], parameter: float) -> tuple[float, float]:
    index = min(int(parameter), len(points) - 2)
    (a, b), t = points[index : index + 2], parameter - index
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _slice(line: Sequence[Position], span: tuple[float, float]) -> list[Position]:
    start, end = span
    inner = [place for index, place in enumerate(line) if start < index < end]
    return [_at(line, start), *inner, _at(line, end)]


def _tidy(line: Sequence[Position]) -> list[Position]:
    """Six decimals, about 0.1 m, and no position twice in a row."""
    rounded = [(round(lon, 6), round(lat, 6)) for lon, lat in line]
    return [place for index, place in enumerate(rounded) if index == 0 or place != rounded[index - 1]]
