"""The trim of the tablet, in Python: the same rule as static/js/trim.js, for what was drawn elsewhere (older rounds, the demo, tests).

An end inside a school's grounds or a listed public place is kept; round every other end everything within `cut_m` metres is cut,
measured in a straight line, which also covers a way that comes past the end once more. A tablet does the same in circles that it puts
beside the end, one for all of a child's ways; here each way has a circle and a width of its own. Marks that children send are cut on the
tablet, before anything is sent; the server never does it for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

Position = tuple[float, float]
"""Longitude and latitude in degrees."""

PublicAt = Callable[[Position], str | None]
"""Names the public ground a position lies on, or None."""

LEAST_CUT_M = 100.0
LEAST_SENT_M = 50.0
ROUNDING_M = 0.5
EARTH_RADIUS_M = 6_371_008.8


def trim_route(line: Sequence[Position], cut_m: float, public_at: PublicAt, also: Sequence[Position] = ()) -> list[Position] | None:
    """What of a route may be sent: positions with six decimals, or None where too little is left to be safe.

    line: at least two positions. cut_m: metres, random between the survey's bounds and never below LEAST_CUT_M. also: ends of the same
    child's other ways, to stay away from as from this one's.
    """
    if len(line) < 2:
        return None
    kept_start, kept_end = public_at(line[0]), public_at(line[-1])
    homes = [*_homes(line, kept_start, kept_end, public_at), *also]
    if not homes:
        return _tidy(line)
    spans = _spans_outside(line, homes, max(cut_m, LEAST_CUT_M) + ROUNDING_M)
    if kept_start is not None or kept_end is not None:
        last = len(line) - 1
        spans = [span for span in spans if (kept_start is not None and span[0] == 0) or (kept_end is not None and span[1] == last)]
    pieces = [_slice(line, span) for span in spans]
    sent = _tidy(max(pieces, key=length_m, default=[]))
    if length_m(sent) < LEAST_SENT_M or any(distance_m(place, home) < cut_m for place in sent for home in homes):
        return None
    return sent


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
