"""Houses along the streets, each with a footprint, an address point and a number; garages; farms outside town."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from mapping.demo.dice import Dice
from mapping.demo.network import WIDTHS_M, Edge, Network
from mapping.demo.plan import District, TownPlan
from mapping.demo.shapes import Points, point_along, polygon_of, rectangle
from mapping.demo.terrain import Terrain

FARM_SPAN_M = 4200.0


@dataclass(frozen=True)
class House:
    """A building people live in. address: the point of its front door; edge: the stretch of street it belongs to."""

    footprint: Polygon
    address: Point
    street: str
    number: int
    edge: int
    district: int
    floors: int
    kind: str = "house"


@dataclass(frozen=True)
class Plot:
    """A house or shed before it is known whether there is room for it. side: 1 left of the street, -1 right of it."""

    footprint: Polygon
    door: Point
    edge: int
    side: int
    along_m: float
    district: int
    floors: int = 2
    kind: str = "house"
    shed: Polygon | None = None


@dataclass(frozen=True)
class Frontage:
    """A place at the roadside where a plot may begin. way: unit vector along the street; across: away from it, into the plot."""

    edge: Edge
    number: int
    side: int
    along_m: float
    middle: Points
    way: Points

    @property
    def across(self) -> Points:
        """Unit vector from the street into the plot."""
        return np.array([-self.way[1], self.way[0]]) * self.side

    @property
    def angle(self) -> float:
        """Direction of the street in radians."""
        return math.atan2(self.way[1], self.way[0])


def build_houses(
    plan: TownPlan, terrain: Terrain, network: Network, reserved: BaseGeometry, dice: Dice
) -> tuple[tuple[House, ...], tuple[Polygon, ...]]:
    """All houses that find room, and the garages and barns beside them."""
    taken = _obstacles(terrain, network, reserved)
    plots = _with_room(list(_plots(plan, network, dice)), taken)
    walls = STRtree([plot.footprint for plot in plots])
    wished = [plot.shed for plot in plots if plot.shed is not None]
    free = [
        shed
        for shed in wished
        if len(taken.query(shed, predicate="intersects")) == 0 and len(walls.query(shed, predicate="dwithin", distance=1.2)) == 0
    ]
    sheds = _spread([(shed, 1.0) for shed in free])
    return tuple(_numbered(plots, network)), tuple(free[number] for number in sheds)


def _plots(plan: TownPlan, network: Network, dice: Dice) -> Iterator[Plot]:
    """Wishes in the order in which the town grew: along the main roads first."""
    outlines = [Polygon(district.outline).buffer(28) for district in plan.districts]
    rank = {"main": 0, "collector": 1, "residential": 2}
    for number, edge in sorted(enumerate(network.edges), key=lambda item: (rank.get(item[1].kind, 9), item[0])):
        own = dice.fork()
        if edge.kind in rank:
            yield from _along(edge, number, plan, outlines, own)


def _along(edge: Edge, number: int, plan: TownPlan, outlines: Sequence[Polygon], dice: Dice) -> Iterator[Plot]:
    centre = np.array([(plan.area[0] + plan.area[2]) / 2, (plan.area[1] + plan.area[3]) / 2])
    for side in (1, -1):
        place = dice.between(9.0, 16.0)
        while place < edge.line.length - 7:
            middle, way = point_along(edge.line, place)
            front = Frontage(edge, number, side, place, middle, way)
            district = edge.district if edge.district >= 0 else _district_at(outlines, middle)
            if district >= 0:
                part = plan.districts[district]
                if dice.chance(part.fill):
                    yield _house(front, district, part, dice)
                place += part.frontage_m * dice.between(0.9, 1.18)
            else:
                if (
                    edge.kind != "collector"
                    and np.linalg.norm(middle - centre) < FARM_SPAN_M
                    and dice.chance(0.7)
                    and not _in_town(outlines, middle)
                ):
                    yield _farm(front, dice)
                place += plan.farms_every_m * dice.between(0.6, 1.7)


def _district_at(outlines: Sequence[Polygon], place: Points) -> int:
    for number, outline in enumerate(outlines):
        if shapely.contains_xy(outline, place[0], place[1]):
            return number
    return -1


def _in_town(outlines: Sequence[Polygon], place: Points) -> bool:
    here = Point(place)
    return any(outline.distance(here) < 90 for outline in outlines)


def _house(front: Frontage, district: int, part: District, dice: Dice) -> Plot:
    """An ordinary house of its district: its long side to the street or, now and then, its gable; every fourth has a wing."""
    width, depth = (size * dice.between(0.85, 1.2) for size in part.house_m)
    tall = part.floors >= 3 and dice.chance(0.3)
    if tall:
        width, depth = width * 1.5, depth * 1.1
    elif dice.chance(0.22):
        width, depth = depth, width
    way, across = front.way, front.across
    at = front.middle + across * (WIDTHS_M[front.edge.kind] / 2 + part.setback_m * dice.between(0.75, 1.35) + depth / 2)
    angle = front.angle + dice.normal(0.0 if part.grid_angle is not None else 0.05)
    shape = rectangle(at, (width, depth), angle)
    if not tall and dice.chance(0.25):
        corner = at + way * (width * 0.27 * dice.pick((1, -1))) + across * (depth * 0.5)
        shape = polygon_of(shape.union(rectangle(corner, (width * 0.42, depth * 0.8), angle)))
    beside = at + way * (width / 2 + 4.2) * dice.pick((1, -1)) - across * dice.between(-1.0, 2.5)
    shed = rectangle(beside, (4.0, 6.4), angle) if part.floors < 3 and dice.chance(0.55) else None
    kind, floors = ("apartments", part.floors + 1) if tall else ("house", part.floors)
    return Plot(shape, Point(at - across * depth / 2), front.number, front.side, front.along_m, district, floors, kind, shed)


def _farm(front: Frontage, dice: Dice) -> Plot:
    """A farmhouse some way from the road, with its barn."""
    way, across = front.way, front.across
    at = front.middle + across * dice.between(28.0, 85.0)
    angle = front.angle + dice.normal(0.4)
    house = rectangle(at, (13.0 * dice.between(0.9, 1.2), 9.5), angle)
    yard = at + across * dice.between(20.0, 28.0) + way * dice.between(-14.0, 14.0)
    barn = rectangle(yard, (dice.between(20.0, 34.0), dice.between(11.0, 15.0)), angle + dice.pick((0.0, math.pi / 2)))
    return Plot(house, Point(at - across * 4.75), front.number, front.side, front.along_m, -1, 2, "farm", barn)


def _obstacles(terrain: Terrain, network: Network, reserved: BaseGeometry) -> STRtree:
    """Where no wall may stand: water, named grounds, and every way with a strip beside it."""
    ways = [edge.line.buffer(WIDTHS_M[edge.kind] / 2 + (2.2 if edge.drivable else 1.2), quad_segs=3) for edge in network.edges]
    return STRtree([*ways, *shapely.get_parts(terrain.water.buffer(9, quad_segs=3)), *shapely.get_parts(reserved)])


def _with_room(plots: list[Plot], taken: STRtree) -> list[Plot]:
    clear = [plot for plot in plots if len(taken.query(plot.footprint, predicate="intersects")) == 0]
    return [clear[number] for number in _spread([(plot.footprint, 2.2 if plot.floors >= 3 else 4.0) for plot in clear])]


def _spread(shapes: list[tuple[Polygon, float]]) -> list[int]:
    """Which shapes may stand when earlier ones come first and each keeps its distance in metres."""
    if not shapes:
        return []
    tree = STRtree([shape for shape, _ in shapes])
    refused = [False] * len(shapes)
    for number, (shape, distance_m) in enumerate(shapes):
        if not refused[number]:
            for other in tree.query(shape, predicate="dwithin", distance=distance_m):
                if other > number:
                    refused[other] = True
    return [number for number, away in enumerate(refused) if not away]


def _numbered(plots: list[Plot], network: Network) -> Iterator[House]:
    """Numbers along each street as the post gives them: odd on the left, even on the right."""
    streets: dict[str, list[Plot]] = defaultdict(list)
    for plot in plots:
        streets[network.edges[plot.edge].name].append(plot)
    for name, there in streets.items():
        start = _end_of(there)
        for side, first in ((1, 1), (-1, 2)):
            beside = sorted((plot for plot in there if plot.side == side), key=lambda plot: float(plot.door.distance(start)))
            for order, plot in enumerate(beside):
                yield House(plot.footprint, plot.door, name, first + 2 * order, plot.edge, plot.district, plot.floors, plot.kind)


def _end_of(plots: list[Plot]) -> Point:
    """Where a street's numbers begin: the plot farthest from the middle of all of them."""
    middle = Point(np.mean([[plot.door.x, plot.door.y] for plot in plots], axis=0))
    return max((plot.door for plot in plots), key=middle.distance)
