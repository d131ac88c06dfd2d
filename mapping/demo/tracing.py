"""Streets that grow by themselves: evenly spaced lines along and across the slope, as house fields on a hillside are laid out.

The method is that of evenly spaced streamlines (Jobard and Lefer 1997) in a field of directions (Chen et al. 2008), here blended
from the slope, the roads drawn by hand and, in a grid district, a fixed angle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from mapping.demo.dice import Dice
from mapping.demo.plan import TownPlan
from mapping.demo.shapes import Points
from mapping.demo.terrain import CELL_M, MARGIN_M, Raster, Terrain, cell_centres, contains

STEP_M = 7.0
LONGEST_M = 620.0


@dataclass(frozen=True)
class Field:
    """What a street feels in each cell of the ground: where it may lie, which way it wants to go, how far its neighbour is.

    block: how many times farther apart the cross streets are.
    """

    terrain: Terrain
    cosine: Raster
    sine: Raster
    spacing: Raster
    block: Raster
    district: NDArray[np.int64]

    def at(self, raster: Raster, x: float, y: float) -> float:
        """Value at a position, interpolated; outside the raster the nearest one."""
        rows, columns = raster.shape
        column = min(max((x - self.terrain.origin[0]) / CELL_M - 0.5, 0.0), columns - 1.001)
        row = min(max((y - self.terrain.origin[1]) / CELL_M - 0.5, 0.0), rows - 1.001)
        i, j = int(row), int(column)
        v, u = row - i, column - j
        near = raster[i, j] * (1 - u) + raster[i, j + 1] * u
        far = raster[i + 1, j] * (1 - u) + raster[i + 1, j + 1] * u
        return float(near * (1 - v) + far * v)

    def district_at(self, x: float, y: float) -> int:
        """Number of the district, -1 outside all of them."""
        rows, columns = self.district.shape
        row, column = int((y - self.terrain.origin[1]) / CELL_M), int((x - self.terrain.origin[0]) / CELL_M)
        return int(self.district[row, column]) if 0 <= row < rows and 0 <= column < columns else -1

    def angle(self, x: float, y: float) -> float:
        """Direction of the streets along the slope, in radians."""
        return 0.5 * math.atan2(self.at(self.sine, x, y), self.at(self.cosine, x, y))


def make_field(plan: TownPlan, terrain: Terrain, roads: Points, ways: Points, forbidden: BaseGeometry) -> Field:
    """The field of a plan. roads, ways: positions on the hand-drawn roads and the unit directions there."""
    west, south, east, north = plan.area
    x, y = cell_centres((west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M), CELL_M)
    angle = terrain.direction
    # A direction has no sign, so it is blended by its double angle: 10° and 190° are the same street.
    cosine, sine = np.cos(2 * angle) * 0.6, np.sin(2 * angle) * 0.6
    distance, nearest = (np.asarray(found) for found in cKDTree(roads).query(np.column_stack([x.ravel(), y.ravel()])))
    road_angle = 2 * np.arctan2(ways[nearest, 1], ways[nearest, 0]).reshape(x.shape)
    pull = 1.5 * np.exp(-((distance.reshape(x.shape) / 130.0) ** 2))
    cosine, sine = cosine + pull * np.cos(road_angle), sine + pull * np.sin(road_angle)
    spacing, block, district = np.zeros(x.shape), np.ones(x.shape), np.full(x.shape, -1)
    for number, part in enumerate(plan.districts):
        inside = contains(Polygon(part.outline), x, y)
        spacing[inside], block[inside], district[inside] = part.spacing_m, part.block, number
        if part.grid_angle is not None:
            grid = math.radians(2 * part.grid_angle)
            cosine[inside], sine[inside] = 4 * math.cos(grid), 4 * math.sin(grid)
    dry = contains(terrain.land.difference(forbidden), x, y)
    district[~dry], spacing[~dry] = -1, 0.0
    blend = 55.0 / CELL_M
    return Field(terrain, ndimage.gaussian_filter(cosine, blend), ndimage.gaussian_filter(sine, blend), spacing, block, district)


class Neighbours:
    """The positions of streets already there, in square cells, so that the nearest is found quickly."""

    CELL_M = 45.0

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float]]] = {}

    def add(self, places: Points) -> None:
        """Remember positions; every second one is enough where they are STEP_M apart."""
        for x, y in places[::2].tolist():
            self._cells.setdefault((int(x // self.CELL_M), int(y // self.CELL_M)), []).append((x, y))

    def nearer_than(self, x: float, y: float, distance_m: float) -> bool:
        """Whether any position lies within the distance."""
        column, row = int(x // self.CELL_M), int(y // self.CELL_M)
        limit, rings = distance_m * distance_m, int(distance_m // self.CELL_M) + 1
        for i in range(column - rings, column + rings + 1):
            for j in range(row - rings, row + rings + 1):
                for a, b in self._cells.get((i, j), ()):
                    if (a - x) ** 2 + (b - y) ** 2 < limit:
                        return True
        return False


@dataclass(frozen=True)
class Tracer:
    """Draws the streets of one direction. across: up the slope, not along it; closest: the share of the spacing at which one stops."""

    field: Field
    others: Neighbours
    across: bool
    closest: float = 0.62

    def room(self, x: float, y: float) -> float:
        """How far a street at a position keeps from the next of its kind, in metres; 0 outside the districts."""
        return self.field.at(self.field.spacing, x, y) * (self.field.at(self.field.block, x, y) if self.across else 1.0)

    def trace(self, start: tuple[float, float]) -> Points:
        """A street through start, both ways, until it leaves the district or comes too near another; STEP_M from point to point."""
        return np.array([*reversed(self._walk(start, math.pi)), start, *self._walk(start, 0.0)])

    def _walk(self, start: tuple[float, float], turn: float) -> list[tuple[float, float]]:
        x, y = start
        square = math.pi / 2 if self.across else 0.0
        heading = self.field.angle(x, y) + square + turn
        places: list[tuple[float, float]] = []
        for _ in range(int(LONGEST_M / STEP_M / 2)):
            wish = self.field.angle(x, y) + square
            # The field says along, not whither: keep on rather than turn back.
            if math.cos(wish - heading) < 0:
                wish += math.pi
            heading += max(-0.22, min(0.22, math.remainder(wish - heading, math.tau)))
            x, y = x + STEP_M * math.cos(heading), y + STEP_M * math.sin(heading)
            if self.field.district_at(x, y) < 0 or self.others.nearer_than(x, y, self.closest * self.room(x, y)):
                break
            places.append((x, y))
        return places


def seeds_of(field: Field, dice: Dice) -> list[tuple[float, float]]:
    """Places to begin streets from: a jittered lattice over all districts, in random order."""
    rows, columns = np.nonzero(field.district >= 0)
    west, south = field.terrain.origin
    places = [
        (west + (column + dice.unit()) * CELL_M, south + (row + dice.unit()) * CELL_M) for row, column in zip(rows, columns, strict=True)
    ]
    return dice.shuffled(places)
