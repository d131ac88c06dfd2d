"""What grows where nobody built: gardens round the houses, fields cut into strips, woods on the rest of the slopes."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from mapping.demo.dice import Dice, smooth_noise
from mapping.demo.houses import House
from mapping.demo.network import WIDTHS_M, Network
from mapping.demo.plan import TownPlan
from mapping.demo.shapes import masked_area, polygon_of, rounded, smooth_line
from mapping.demo.terrain import Terrain, cell_centres, contains, heights

CELL_M = 25.0
TREE_LINE_M = 430.0


def garden_ground(houses: tuple[House, ...], terrain: Terrain) -> BaseGeometry:
    """The built-up ground: everything within a garden's length of a house."""
    near = shapely.union_all([house.footprint.buffer(24, quad_segs=3) for house in houses if house.district >= 0])
    return rounded(near.buffer(14, quad_segs=3).buffer(-14, quad_segs=3), 8).difference(terrain.water.buffer(6)).simplify(0.8).buffer(0)


def make_fields(plan: TownPlan, built: BaseGeometry, terrain: Terrain, network: Network, dice: Dice) -> tuple[Polygon, ...]:
    """Farmland parted by ditches and roads into fields of a hectare or three."""
    roads = shapely.union_all([edge.line.buffer(WIDTHS_M[edge.kind] / 2 + 4, quad_segs=4) for edge in network.edges])
    hindered = shapely.union_all([built, roads, terrain.water.buffer(16, quad_segs=4)])
    fields = []
    for outline in plan.farmland:
        for piece in _halved(Polygon(smooth_line(outline, step_m=40, closed=True)), dice):
            worn = rounded(piece.difference(hindered).buffer(-3.5), 5)
            fields += [part for part in shapely.get_parts(worn) if part.area > 2500]
    return tuple(fields)


def _halved(piece: Polygon, dice: Dice) -> list[Polygon]:
    """Cut across the longer side until the pieces are small enough to plough in a morning."""
    if piece.area < dice.between(14_000, 42_000):
        return [piece]
    corners = np.asarray(polygon_of(piece.minimum_rotated_rectangle).exterior.coords)[:4]
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    long = first if np.hypot(*first) > np.hypot(*second) else second
    angle = math.atan2(long[1], long[0]) + math.pi / 2 + dice.normal(0.12)
    middle = np.asarray(piece.centroid.coords[0]) + long * dice.between(-0.12, 0.12)
    reach = np.array([math.cos(angle), math.sin(angle)]) * 4000
    cut = split(piece, LineString([middle - reach, middle + reach]))
    parts = [part for part in cut.geoms if isinstance(part, Polygon) and part.area > 400]
    return [piece] if len(parts) < 2 else [small for part in parts for small in _halved(part, dice)]


def make_woods(plan: TownPlan, built: BaseGeometry, fields: tuple[Polygon, ...], terrain: Terrain, network: Network) -> BaseGeometry:
    """Woods by chance and height: thickest half-way up, none on the summits, none in gardens, fields and water."""
    x, y = cell_centres(plan.region, CELL_M)
    height = heights(plan, terrain.land, plan.region, CELL_M)
    grain = 0.6 * smooth_noise(x.shape, cells=420 / CELL_M, seed=plan.seed + 1) + 0.4 * smooth_noise(
        x.shape, cells=130 / CELL_M, seed=plan.seed + 2
    )
    grown = grain + np.clip((height - 18) / 90, -0.35, 0.55) > 1.05 - 1.6 * plan.woods
    bare = height > TREE_LINE_M + 90 * grain
    roads = [edge.line.buffer(WIDTHS_M[edge.kind] / 2 + 9, quad_segs=2) for edge in network.edges if edge.drivable and edge.kind != "track"]
    kept_free = shapely.union_all(
        [built, *roads, *fields, *(Polygon(smooth_line(outline, step_m=40, closed=True)) for outline in plan.farmland)]
    )
    mask = grown & ~bare & contains(terrain.land, x, y) & ~contains(kept_free, x, y)
    woods = masked_area(mask, origin=plan.region[:2], cell_m=CELL_M)
    woods = woods.difference(kept_free).difference(terrain.water.buffer(4, quad_segs=2))
    return shapely.union_all([part.simplify(1.2).buffer(0) for part in shapely.get_parts(woods) if part.area > 1500])
