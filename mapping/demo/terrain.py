"""The ground a town stands on: sea, river, lakes and heights, made from its plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from mapping.demo.dice import Dice, smooth_noise
from mapping.demo.plan import Region, TownPlan
from mapping.demo.shapes import Points, blob, cut_corners, frayed, smooth_line

Raster = NDArray[np.float64]

CELL_M = 20.0
MARGIN_M = 400.0


@dataclass(frozen=True)
class Terrain:
    """Water and heights. All in the plan's metres; `height` is a raster whose row 0 is the southernmost."""

    land: BaseGeometry
    sea: BaseGeometry
    lakes: tuple[tuple[Polygon, str], ...]
    river: BaseGeometry
    river_line: LineString | None
    origin: tuple[float, float]
    height: Raster
    direction: Raster
    """Angle along the slope in every cell: the way a street prefers to lie."""

    @cached_property
    def water(self) -> BaseGeometry:
        """Everything one gets wet in."""
        return shapely.union_all([self.sea, self.river, *(lake for lake, _ in self.lakes)])

    def sample(self, raster: Raster, places: Points) -> NDArray[np.float64]:
        """Values of a raster of this ground at positions, interpolated between the cells."""
        column, row = ((places - np.array(self.origin)) / CELL_M - 0.5).T
        return np.asarray(ndimage.map_coordinates(raster, [row, column], order=1, mode="nearest"))


def make_terrain(plan: TownPlan, dice: Dice) -> Terrain:
    """Sea with islets, a river that widens to its mouth, lakes, and heights that rise from the shore."""
    whole = box(*plan.region)
    sea = shapely.union_all([_shore(ring, dice) for ring in plan.sea]).intersection(whole)
    islets = [_shore_of(blob(at, radius, dice=dice, ratio=dice.between(0.45, 0.8)), dice) for at, radius in plan.islands]
    sea = sea.difference(shapely.union_all(islets)) if islets else sea
    lakes = tuple((_shore_of(blob(at, radius, dice=dice, ratio=0.7), dice), name) for at, radius, name in plan.lakes)
    line, river = _river(plan, dice)
    river = river.difference(sea)
    land = whole.difference(shapely.union_all([sea, *(lake for lake, _ in lakes)]))
    west, south, east, north = plan.area
    ground = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    height = heights(plan, land, ground, CELL_M)
    return Terrain(land, sea, lakes, river, line, ground[:2], height, _along_slope(height))


def heights(plan: TownPlan, land: BaseGeometry, bounds: Region, cell_m: float) -> Raster:
    """Metres above the sea in every cell of bounds: a ramp from the shore, the plan's hills, and small knolls."""
    x, y = cell_centres(bounds, cell_m)
    dry = contains(land, x, y)
    from_shore = np.asarray(ndimage.distance_transform_edt(dry)) * cell_m if plan.sea else np.full(x.shape, 120.0)
    ground = 34.0 * (1 - np.exp(-from_shore / 420.0)) + 0.012 * from_shore
    for hill in plan.hills:
        away = (x - hill.at[0]) ** 2 + (y - hill.at[1]) ** 2
        ground = ground + hill.height_m * np.exp(-away / (2 * hill.spread_m**2))
    knolls = smooth_noise(x.shape, cells=340.0 / cell_m, seed=plan.seed + 11) * np.minimum(from_shore / 40, 9.0)
    return np.asarray(ndimage.gaussian_filter(np.where(dry, ground + knolls, 0.0), 50.0 / cell_m))


def cell_centres(bounds: Region, cell_m: float) -> tuple[Raster, Raster]:
    """East and north of the middle of every cell."""
    west, south, east, north = bounds
    x, y = np.meshgrid(np.arange(west, east, cell_m) + cell_m / 2, np.arange(south, north, cell_m) + cell_m / 2)
    return x, y


def contains(area: BaseGeometry, x: Raster, y: Raster) -> NDArray[np.bool_]:
    """Which positions lie inside an area."""
    shapely.prepare(area)
    return np.asarray(shapely.contains_xy(area, x, y))


def _along_slope(height: Raster) -> Raster:
    broad = ndimage.gaussian_filter(height, 120.0 / CELL_M)
    north, east = np.gradient(broad)
    return np.asarray(np.arctan2(east, -north))


def _shore(points: tuple[tuple[float, float], ...], dice: Dice) -> BaseGeometry:
    ring = frayed(smooth_line(points, step_m=260.0, closed=True), dice=dice, wobble_m=85.0)
    return Polygon(cut_corners(ring)).buffer(0)


def _shore_of(area: Polygon, dice: Dice) -> Polygon:
    ring = frayed(np.asarray(area.exterior.coords)[::3], dice=dice, wobble_m=30.0, detail_m=8.0)
    return Polygon(cut_corners(ring))


def _river(plan: TownPlan, dice: Dice) -> tuple[LineString | None, BaseGeometry]:
    if not plan.river:
        return None, Polygon()
    rough = LineString(frayed(smooth_line(plan.river, step_m=120.0), dice=dice, wobble_m=26.0, detail_m=22.0)).simplify(1.0)
    line = LineString(smooth_line([(place[0], place[1]) for place in rough.coords], step_m=9.0))
    count = max(8, int(line.length / 40))
    places = np.linspace(0, line.length, count)
    # A chain of discs joined two and two: a band that is 12 m wide at its source and two and a half times that at the mouth.
    widths = [6.0 + 10.0 * (place / line.length) ** 1.5 + dice.between(-0.6, 0.6) for place in places]
    discs = [line.interpolate(place).buffer(width) for place, width in zip(places, widths, strict=True)]
    stretches = [shapely.union_all([first, second]).convex_hull for first, second in pairwise(discs)]
    core = shapely.union_all([line.buffer(5.0), *stretches])
    return line, core.buffer(3, quad_segs=4).buffer(-3, quad_segs=4)
