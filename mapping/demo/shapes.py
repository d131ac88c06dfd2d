"""Small geometry the town is drawn with: smooth curves, frayed shores, turned rectangles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from mapping.demo.dice import Dice
from mapping.demo.plan import Position

Points = NDArray[np.float64]


def smooth_line(points: Sequence[Position], *, step_m: float = 8.0, closed: bool = False) -> Points:
    """A curve through every point (centripetal Catmull-Rom), as positions about step_m apart; a closed one ends where it began."""
    given = np.asarray(points, dtype=float)
    if closed:
        padded = np.vstack([given[-1], given, given[0], given[1]])
    else:
        padded = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    pieces = [_span(padded[index : index + 4], step_m) for index in range(len(padded) - 3)]
    return np.vstack([*pieces, padded[-2]])


def _span(four: Points, step_m: float) -> Points:
    """The stretch between the middle two of four points, without its end."""
    # Knots by the square root of the distance: the even kind overshoots into loops where points lie unevenly.
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.maximum(np.linalg.norm(np.diff(four, axis=0), axis=1), 1e-9)))])
    count = max(2, int(np.linalg.norm(four[2] - four[1]) / step_m))
    t = np.linspace(knots[1], knots[2], count, endpoint=False)[:, None]

    def between(low: int, high: int, first: Points, second: Points) -> Points:
        return np.asarray(((knots[high] - t) * first + (t - knots[low]) * second) / (knots[high] - knots[low]))

    a = [between(index, index + 1, four[index], four[index + 1]) for index in range(3)]
    b = [between(index, index + 2, a[index], a[index + 1]) for index in range(2)]
    return between(1, 2, b[0], b[1])


def frayed(points: Points, *, dice: Dice, wobble_m: float, detail_m: float = 14.0) -> Points:
    """A shore out of a smooth line: halves of every stretch pushed sideways, less the shorter they are. Ends stay."""
    if float(np.linalg.norm(points[1:] - points[:-1], axis=1).max()) <= detail_m:
        return points
    result: list[Points] = [points[0]]
    for start, end in pairwise(points):
        length = float(np.linalg.norm(end - start))
        if length > detail_m:
            across = np.array([start[1] - end[1], end[0] - start[0]]) / length
            # Never more than a fifth of the stretch, so that a shore cannot cross itself.
            push = max(-0.2 * length, min(0.2 * length, dice.normal(wobble_m * (length / 400.0) ** 1.15)))
            result.append((start + end) / 2 + across * push)
        result.append(end)
    return frayed(np.array(result), dice=dice, wobble_m=wobble_m, detail_m=detail_m)


def rectangle(at: Position | Points, size_m: tuple[float, float], angle: float) -> Polygon:
    """A rectangle round a point, its first side `angle` radians against east."""
    along = np.array([math.cos(angle), math.sin(angle)]) * size_m[0] / 2
    across = np.array([-math.sin(angle), math.cos(angle)]) * size_m[1] / 2
    middle = np.asarray(at, dtype=float)
    return Polygon([middle - along - across, middle + along - across, middle + along + across, middle - along + across])


def blob(at: Position, radius_m: float, *, dice: Dice, ratio: float = 1.0, corners: int = 9) -> Polygon:
    """A rounded, uneven patch: an islet, a pond, a playground, a grove."""
    turn = dice.between(0, math.tau)
    ring = []
    for corner in range(corners):
        angle = math.tau * corner / corners
        reach = radius_m * dice.between(0.75, 1.2)
        x, y = reach * math.cos(angle), reach * ratio * math.sin(angle)
        ring.append((at[0] + x * math.cos(turn) - y * math.sin(turn), at[1] + x * math.sin(turn) + y * math.cos(turn)))
    return Polygon(smooth_line(ring, step_m=max(2.0, radius_m / 8), closed=True))


def rounded(geometry: BaseGeometry, radius_m: float) -> BaseGeometry:
    """Corners and slivers gone: shrunk, grown and shrunk back by the radius."""
    return geometry.buffer(-radius_m, quad_segs=4).buffer(2 * radius_m, quad_segs=4).buffer(-radius_m, quad_segs=4)


def polygon_of(geometry: BaseGeometry) -> Polygon:
    """The largest polygon of a geometry; an empty one where it has none."""
    polygons = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    return max(polygons, key=lambda part: part.area, default=Polygon())


def line_of(geometry: BaseGeometry) -> LineString:
    """The longest line of a geometry; an empty one where it has none."""
    lines = [part for part in shapely.get_parts(geometry) if isinstance(part, LineString)]
    return max(lines, key=lambda part: part.length, default=LineString())


def masked_area(mask: NDArray[np.bool_], *, origin: Position, cell_m: float) -> BaseGeometry:
    """The cells of a raster that are True, as one smooth area (row 0 is the southernmost)."""
    boxes = []
    for row, line in enumerate(mask):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
        south = origin[1] + row * cell_m
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            boxes.append((origin[0] + start * cell_m, south, origin[0] + end * cell_m, south + cell_m))
    if not boxes:
        return Polygon()
    steps = shapely.union_all(shapely.box(*np.array(boxes).T))
    return shapely.union_all([_unstepped(part) for part in shapely.get_parts(steps)])


def _unstepped(area: Polygon) -> BaseGeometry:
    """A staircase outline made soft: the middles of its steps, then its corners cut twice. Small holes close."""
    rings = [np.asarray(ring.coords) for ring in (area.exterior, *area.interiors)]
    soft = [cut_corners(cut_corners(_middles(ring))) for ring in rings]
    return Polygon(soft[0], soft[1:]).buffer(0)


def _middles(ring: Points) -> Points:
    # The union leaves long straight runs as one stretch; cut at the cell first, or the middles would eat the corners.
    longest = float(np.abs(np.diff(ring, axis=0)).max())
    shortest = float(np.abs(np.diff(ring, axis=0)).max(axis=1).min())
    cut = ring if longest <= shortest else np.asarray(Polygon(ring).exterior.segmentize(shortest * 1.01).coords)
    inner = (cut[:-1] + cut[1:]) / 2
    return np.vstack([inner, inner[:1]])


def cut_corners(ring: Points) -> Points:
    """Chaikin's rule: every corner gives way to two on its sides."""
    nearer, farther = 0.75 * ring[:-1] + 0.25 * ring[1:], 0.25 * ring[:-1] + 0.75 * ring[1:]
    woven = np.empty((2 * len(nearer) + 1, 2))
    woven[0:-1:2], woven[1::2], woven[-1] = nearer, farther, nearer[0]
    return woven


def point_along(line: LineString, distance_m: float) -> tuple[Points, Points]:
    """A position on a line and the unit vector of its direction there."""
    before, after = max(0.0, distance_m - 2.0), min(line.length, distance_m + 2.0)
    start, end, middle = (np.array(line.interpolate(place).coords[0]) for place in (before, after, distance_m))
    way = end - start
    return middle, way / max(float(np.linalg.norm(way)), 1e-9)
