"""Children per street: which stretches of street children's ways follow, and how many different children follow each.

A street is cut where it meets another, and between two such places into stretches of equal length, 50 m at most. A way is drawn with a
finger and never lies on the street. It *follows* a stretch when it runs in the corridor beside it (20 m to each side unless told) along
at least half of its length. What is measured is the part of the street that has the way beside it: each straight piece of the street has
its corridor, a rectangle as long as the piece; what of the way lies in it is laid upright onto the piece, and parts that cover each other
count once. So a way that crosses a street follows it for no longer than the crossing is askew, and one that goes a quarter of it there
and back has followed a quarter.

Two streets nearer each other than the corridor's width are both followed: a finger cannot tell them apart, and neither can we.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

CORRIDOR_M = 20.0
MIN_CORRIDOR_M, MAX_CORRIDOR_M = 5.0, 50.0
LEAST_SHARE = 0.5
LONGEST_M = 50.0
MIN_LONGEST_M = 20.0

_CELL_M = 100.0
"""Pieces are looked for in squares of this side: about as long as the longest common piece of a street."""
_AT_ONCE = 1 << 16
"""Pieces of ways in one go; what is reckoned for them takes some 100 MB."""


@dataclass(frozen=True)
class Passages:
    """Which way follows which stretch: parallel arrays of positions in what was given, by way and then by stretch, each pair once."""

    way: Ids
    stretch: Ids

    def children(self, child: Ids, stretches: int) -> Ids:
        """How many different children follow each of so many stretches; child: a number for each way, equal for one child's."""
        follows = np.unique(np.column_stack([self.stretch, child[self.way]]), axis=0)
        return np.bincount(follows[:, 0], minlength=stretches)

    def of_ways(self, chosen: NDArray[np.bool_]) -> Passages:
        """Those of some ways only: of a mode, or a grade band. chosen: whether, for each way."""
        kept = chosen[self.way]
        return Passages(way=self.way[kept], stretch=self.stretch[kept])


def passages(ways: Geometries, streets: Geometries, *, corridor_m: float = CORRIDOR_M, least_share: float = LEAST_SHARE) -> Passages:
    """The stretches of street that each way follows.

    ways, streets: shapely LineStrings in one projected CRS in metres (EPSG:25833); None and empty ones follow nothing and are followed
    by nobody. corridor_m: to each side, 5 to 50 m. least_share: of the stretch's length, above 0 and at most 1. ValueError for a
    number out of range or a geometry that is no line.
    """
    if not MIN_CORRIDOR_M <= corridor_m <= MAX_CORRIDOR_M:
        raise ValueError(f"a corridor of {corridor_m} m; allowed are {MIN_CORRIDOR_M:g} to {MAX_CORRIDOR_M:g} m")
    if not 0 < least_share <= 1:
        raise ValueError(f"a share of {least_share}; allowed is above 0 and at most 1")
    street, along = _pieces(streets), _pieces(ways)
    if not len(street.owner) or not len(along.owner):
        return Passages(way=np.empty(0, np.int64), stretch=np.empty(0, np.int64))
    needed_m = np.bincount(street.owner, weights=street.length * least_share, minlength=len(streets)).astype(np.float64)
    register = _Register(street, corridor_m)
    found = [_followed(part, street, register, needed_m, corridor_m) for part in along.parts()]
    return Passages(way=np.concatenate([way for way, _ in found]), stretch=np.concatenate([stretch for _, stretch in found]))


@dataclass(frozen=True)
class Stretches:
    """What streets are cut into: lines, by street and then along it, and parallel the position of the street in what was given."""

    lines: Geometries
    street: Ids


def stretches(streets: Geometries, *, longest_m: float = LONGEST_M) -> Stretches:
    """Cut streets where they meet, and what is longer than longest_m into equal parts.

    streets: shapely LineStrings in one projected CRS in metres (EPSG:25833); None and empty ones have no stretches. They meet where they
    have a vertex in common, to the millimetre, as road networks are stored; where one passes above another they have none. longest_m:
    20 m or more. ValueError for a number out of range or a geometry that is no line.
    """
    if not longest_m >= MIN_LONGEST_M:
        raise ValueError(f"stretches of at most {longest_m} m; allowed is {MIN_LONGEST_M:g} m and more")
    pieces = _pieces(streets)
    if not len(pieces.owner):
        return Stretches(lines=np.empty(0, dtype=object), street=np.empty(0, dtype=np.int64))
    is_first = np.concatenate([[True], pieces.owner[1:] != pieces.owner[:-1]])
    part = np.cumsum(is_first | _is_crossing(pieces, is_first)) - 1
    part_street = pieces.owner[np.concatenate([[True], part[1:] != part[:-1]])]
    lines = _cut_evenly(_lines(pieces, part), longest_m)
    return Stretches(lines=lines.lines, street=part_street[lines.street])


@dataclass(frozen=True)
class _Pieces:
    """Straight pieces of lines, in order: from (x, y) by (dx, dy), and whose each is."""

    x: Floats
    y: Floats
    dx: Floats
    dy: Floats
    owner: Ids

    @property
    def length(self) -> Floats:
        return np.hypot(self.dx, self.dy)

    def parts(self) -> Iterator[_Pieces]:
        """Some at a time, a line never torn apart."""
        first = 0
        while first < len(self.owner):
            last = min(first + _AT_ONCE, len(self.owner))
            if last < len(self.owner):
                # back to where this line begins, unless it alone is longer than a part
                start = int(np.searchsorted(self.owner, self.owner[last]))
                last = start if start > first else int(np.searchsorted(self.owner, self.owner[last], side="right"))
            one = slice(first, last)
            yield _Pieces(self.x[one], self.y[one], self.dx[one], self.dy[one], self.owner[one])
            first = last


def _pieces(lines: Geometries) -> _Pieces:
    filled = np.flatnonzero(~shapely.is_missing(lines) & ~shapely.is_empty(lines))
    if (shapely.get_type_id(lines[filled]) != shapely.GeometryType.LINESTRING).any():
        raise ValueError("only LineStrings are ways or streets")
    xy, line = shapely.get_coordinates(lines[filled], return_index=True)
    inside = line[1:] == line[:-1]
    step = np.diff(xy, axis=0)
    moves = inside & step.any(axis=1)
    return _Pieces(x=xy[:-1][moves, 0], y=xy[:-1][moves, 1], dx=step[moves, 0], dy=step[moves, 1], owner=filled[line[:-1][moves]])


def _is_crossing(pieces: _Pieces, is_first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether where a piece begins some other line, or this one once more, has a vertex, too."""
    is_last = np.concatenate([is_first[1:], [True]])
    x = np.concatenate([pieces.x, (pieces.x + pieces.dx)[is_last]])
    y = np.concatenate([pieces.y, (pieces.y + pieces.dy)[is_last]])
    _, place, times = np.unique(np.round(np.column_stack([x, y]), 3), axis=0, return_inverse=True, return_counts=True)
    return np.asarray(times[place.reshape(-1)][: len(pieces.x)] > 1)


def _lines(pieces: _Pieces, part: Ids) -> Geometries:
    """One line for each part, a run of pieces."""
    is_last = np.concatenate([part[1:] != part[:-1], [True]])
    # every piece gives where it begins, the last of a part also where it ends
    at = np.arange(len(part)) + np.concatenate([[0], np.cumsum(is_last)[:-1]])
    xy, owner = np.empty((len(part) + int(is_last.sum()), 2)), np.empty(len(part) + int(is_last.sum()), dtype=np.int64)
    xy[at], owner[at] = np.column_stack([pieces.x, pieces.y]), part
    ends = at[is_last] + 1
    xy[ends], owner[ends] = np.column_stack([pieces.x + pieces.dx, pieces.y + pieces.dy])[is_last], part[is_last]
    return np.asarray(shapely.linestrings(xy, indices=owner), dtype=object)


def _cut_evenly(lines: Geometries, longest_m: float) -> Stretches:
    """Each line in so many equal parts that none is longer; street is the line's position."""
    length = shapely.length(lines)
    # a line of exactly that length is one part, whatever the last bit says
    parts = np.maximum(1, np.ceil(length / longest_m - 1e-9)).astype(np.int64)
    line, number = _each(parts)
    inner = number > 0
    cut_at = number[inner] * (length / parts)[line[inner]]
    cuts = shapely.get_coordinates(shapely.line_interpolate_point(lines[line[inner]], cut_at))
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    walked = _walked(xy, owner)
    # vertices and cuts along each line; a cut ends one stretch and begins the next
    first = np.cumsum(parts) - parts
    before = np.minimum((walked / (length / parts)[owner]).astype(np.int64), parts[owner] - 1)
    stretch = np.concatenate([first[owner] + before, np.flatnonzero(inner) - 1, np.flatnonzero(inner)])
    along = np.concatenate([walked, cut_at, cut_at])
    every = np.concatenate([xy, cuts, cuts])
    order = np.lexsort((along, stretch))
    return Stretches(lines=np.asarray(shapely.linestrings(every[order], indices=stretch[order]), dtype=object), street=line)


def _walked(xy: Floats, line: Ids) -> Floats:
    """How far along its line each vertex lies, in metres."""
    same = np.concatenate([[False], line[1:] == line[:-1]])
    step = np.where(same, np.concatenate([[0], np.hypot(*np.diff(xy, axis=0).T)]), 0)
    total = np.cumsum(step)
    begins = np.flatnonzero(~same)
    return np.asarray(total - np.repeat(total[begins], np.diff(np.append(begins, len(line)))), dtype=np.float64)


@dataclass(frozen=True)
class _Boxes:
    """Squares of the plane that each of some boxes touches: first and last column and row."""

    west: Ids
    south: Ids
    east: Ids
    north: Ids

    @classmethod
    def round(cls, pieces: _Pieces, rim_m: float) -> _Boxes:
        ends_x, ends_y = (pieces.x, pieces.x + pieces.dx), (pieces.y, pieces.y + pieces.dy)
        return cls(
            west=_square(np.minimum(*ends_x) - rim_m),
            south=_square(np.minimum(*ends_y) - rim_m),
            east=_square(np.maximum(*ends_x) + rim_m),
            north=_square(np.maximum(*ends_y) + rim_m),
        )

    def squares(self) -> tuple[Ids, Ids]:
        """(box, square) for every square that a box touches."""
        wide, high = self.east - self.west + 1, self.north - self.south + 1
        box, number = _each(wide * high)
        return box, _square_id(self.west[box] + number % wide[box], self.south[box] + number // wide[box])


class _Register:
    """Which corridors touch which square."""

    def __init__(self, streets: _Pieces, corridor_m: float) -> None:
        self.boxes = _Boxes.round(streets, corridor_m)
        box, square = self.boxes.squares()
        order = np.argsort(square, kind="stable")
        self.box, self.square = box[order], square[order]

    def near(self, ways: _Pieces) -> tuple[Ids, Ids]:
        """(piece of a way, piece of a street) for all whose boxes share a square, each pair once."""
        boxes = _Boxes.round(ways, 0)
        piece, square = boxes.squares()
        first = np.searchsorted(self.square, square)
        many = np.searchsorted(self.square, square, side="right") - first
        hit, number = _each(many)
        way, street = piece[hit], self.box[first[hit] + number]
        # a pair may share several squares: it is taken where both have begun, in the south-west
        begins = _square_id(np.maximum(boxes.west[way], self.boxes.west[street]), np.maximum(boxes.south[way], self.boxes.south[street]))
        once = begins == square[hit]
        return way[once], street[once]


def _followed(ways: _Pieces, streets: _Pieces, register: _Register, needed_m: Floats, corridor_m: float) -> tuple[Ids, Ids]:
    """(way, stretch) for all that are followed along the length that is needed, which is given for each stretch."""
    way, street = register.near(ways)
    begin_m, end_m = _shadows(ways, way, streets, street, corridor_m)
    cast = end_m > begin_m
    way, street, begin_m, end_m = ways.owner[way[cast]], street[cast], begin_m[cast], end_m[cast]
    pair, covered_m = _covered(way * np.int64(len(streets.owner)) + street, begin_m, end_m)
    way, piece = np.divmod(pair, len(streets.owner))
    # the pieces of one stretch together
    both, place = np.unique(np.column_stack([way, streets.owner[piece]]), axis=0, return_inverse=True)
    follows = np.bincount(place.reshape(-1), weights=covered_m, minlength=len(both)) >= needed_m[both[:, 1]]
    return both[follows, 0], both[follows, 1]


def _shadows(ways: _Pieces, way: Ids, streets: _Pieces, street: Ids, corridor_m: float) -> tuple[Floats, Floats]:
    """Where on a piece of street a piece of a way lies beside it: from and to, in metres along; from ≥ to when it does not.

    Liang and Barsky's clipping (1984) in the piece's own axes, along and across.
    """
    length = streets.length
    unit_x, unit_y = (streets.dx / length)[street], (streets.dy / length)[street]
    east, north = ways.x[way] - streets.x[street], ways.y[way] - streets.y[street]
    along, across = east * unit_x + north * unit_y, north * unit_x - east * unit_y
    by_along = ways.dx[way] * unit_x + ways.dy[way] * unit_y
    by_across = ways.dy[way] * unit_x - ways.dx[way] * unit_y
    enters, leaves = _between(across, by_across, -corridor_m, corridor_m)
    first, last = along + np.clip(enters, 0, 1) * by_along, along + np.clip(leaves, 0, 1) * by_along
    is_out = np.maximum(enters, 0) >= np.minimum(leaves, 1)
    begin, end = np.maximum(np.minimum(first, last), 0), np.minimum(np.maximum(first, last), length[street])
    return begin, np.where(is_out, begin, end)


def _between(start: Floats, by: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    """From and to what share of its move something is between two bounds; all of it or nothing when it does not move."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - start) / by, (high - start) / by
    stays = np.where((start >= low) & (start <= high), np.inf, -np.inf)
    return np.where(by == 0, -stays, np.minimum(one, other)), np.where(by == 0, stays, np.maximum(one, other))


def _covered(pair: Ids, begin_m: Floats, end_m: Floats) -> tuple[Ids, Floats]:
    """What intervals of each pair cover together; where they overlap counts once. The pairs ascend."""
    if not len(pair):
        return pair, begin_m
    order = np.lexsort((begin_m, pair))
    pair, begin_m, end_m = pair[order], begin_m[order], end_m[order]
    first = np.concatenate([[True], pair[1:] != pair[:-1]])
    group = np.cumsum(first) - 1
    # each pair's metres are lifted above those of the pairs before it, so that one running maximum serves them all
    lift = group * (float(end_m.max()) + 1)
    reached = np.concatenate([[-np.inf], np.maximum.accumulate(end_m + lift)[:-1]]) - lift
    new_m = np.maximum(0, end_m - np.maximum(begin_m, reached))
    return pair[first], np.bincount(group, weights=new_m).astype(np.float64)


def _each(counts: Ids) -> tuple[Ids, Ids]:
    """Each index as often as its count says, and parallel which time it is, from 0."""
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)


def _square(metres: Floats) -> Ids:
    return np.floor(metres / _CELL_M).astype(np.int64)


def _square_id(column: Ids, row: Ids) -> Ids:
    return column * (1 << 32) + row
