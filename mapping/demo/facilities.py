"""Schools, playgrounds, pitches, shops: the grounds and buildings that a plan puts in a town by name."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from mapping.demo.dice import Dice
from mapping.demo.plan import SchoolSite, Spot, TownPlan
from mapping.demo.shapes import blob, point_along, polygon_of, rectangle
from mapping.demo.terrain import Terrain

SOFT_KINDS = ("playground", "park", "sledding", "swimming_area", "cemetery")
BUILT_KINDS = ("library", "supermarket", "kindergarten", "townhall", "sports_hall", "place_of_worship")
ON_WATER = ("pier", "marina")
OPEN_KINDS = ("sledding", "swimming_area", "viewpoint", "boathouses")


@dataclass(frozen=True)
class School:
    """A school with its buildings and grounds. door: where pupils go in, inside the grounds."""

    code: str
    name: str
    grades: tuple[int, int]
    grounds: Polygon
    buildings: tuple[Polygon, ...]
    door: Point


@dataclass(frozen=True)
class Facility:
    """A named place. area: its grounds; buildings: what stands there; gate: where one meets it."""

    kind: str
    name: str
    area: BaseGeometry
    buildings: tuple[Polygon, ...]
    gate: Point


def make_school(site: SchoolSite, terrain: Terrain) -> School:
    """Wings round a yard, on grounds of some 1.4 hectares."""
    long, deep = (62.0, 16.0) if site.grades[0] == 1 else (74.0, 18.0)
    wings = [
        rectangle((0, 22), (long, deep), 0),
        rectangle((-long / 2 + deep / 2, -2), (deep, 44), 0),
        rectangle((long / 4, 5), (deep, 24), 0),
    ]
    hall = rectangle((long / 2 + 22, 14), (24, 30), 0)
    outline = Polygon([(-70, -52), (-20, -60), (45, -56), (78, -40), (84, 20), (70, 44), (10, 50), (-55, 46), (-76, 10)])

    def placed(shape: BaseGeometry) -> BaseGeometry:
        return affinity.translate(affinity.rotate(shape, math.degrees(site.angle), origin=(0, 0)), *site.at)

    grounds = polygon_of(placed(outline.buffer(14).buffer(-14)).difference(terrain.water.buffer(10)))
    house = polygon_of(placed(shapely.union_all(wings)))
    return School(site.code, site.name, site.grades, grounds, (house, polygon_of(placed(hall))), placed(Point(0, 8)).centroid)


def make_facility(spot: Spot, terrain: Terrain, dice: Dice) -> Facility:
    """Grounds and building of one spot. What is built keeps its corners, what is grown has none."""
    if spot.kind in BUILT_KINDS:
        house = rectangle(spot.at, spot.size_m, spot.angle)
        return Facility(spot.kind, spot.name, house.buffer(12, join_style="mitre"), (house,), Point(spot.at))
    if spot.kind == "boathouses":
        row = tuple(_boathouses(terrain, Point(spot.at), spot.size_m[0] / 2, dice))
        return Facility(spot.kind, spot.name, shapely.union_all(row).convex_hull.buffer(2), row, Point(spot.at))
    if spot.kind in ON_WATER:
        return Facility(spot.kind, spot.name, _jetty(spot), (), Point(spot.at))
    # In steps of a centimetre: where ground and shore all but touch they leave holes too small to be any.
    area = polygon_of(shapely.set_precision(_ground(spot, dice).intersection(terrain.land.buffer(-2)), 0.01))
    halls = tuple(hall for hall in _halls(spot) if area.contains(hall)) if spot.kind == "industrial" else ()
    return Facility(spot.kind, spot.name, area, halls, _inside(area, Point(spot.at)))


def _ground(spot: Spot, dice: Dice) -> BaseGeometry:
    width, depth = spot.size_m
    if not width:
        return Point(spot.at).buffer(6)
    square = rectangle(spot.at, spot.size_m, spot.angle)
    if spot.kind in ("park", "cemetery"):
        return square.buffer(-14).buffer(18)
    return blob(spot.at, width / 2, dice=dice, ratio=depth / width, corners=10) if spot.kind in SOFT_KINDS else square


def _jetty(spot: Spot) -> BaseGeometry:
    """A quay is a plain rectangle; a marina a pier with fingers."""
    length = spot.size_m[1]
    if spot.kind == "pier":
        return rectangle(spot.at, spot.size_m, spot.angle)
    fingers = [rectangle((0, length * step / 6 - length / 3), (30, 2.2), 0) for step in range(5)]
    pier = shapely.union_all([rectangle((0, 0), (3.2, length), 0), *fingers])
    return affinity.translate(affinity.rotate(pier, math.degrees(spot.angle), origin=(0, 0)), *spot.at)


def _halls(spot: Spot) -> Iterator[Polygon]:
    """Three large buildings on an industrial ground."""
    width, depth = spot.size_m
    for x, y, w, d in ((-0.27, 0.0, 0.3, 0.5), (0.12, 0.14, 0.24, 0.34), (0.34, -0.1, 0.14, 0.5)):
        hall = rectangle((width * x, depth * y), (width * w, depth * d), 0)
        yield affinity.translate(affinity.rotate(hall, math.degrees(spot.angle), origin=(0, 0)), *spot.at)


def _boathouses(terrain: Terrain, at: Point, reach_m: float, dice: Dice) -> Iterator[Polygon]:
    """A row of boathouses, gables to the water, along the shore on both sides of a place."""
    shore = max(shapely.get_parts(terrain.sea), key=lambda part: part.area).exterior
    middle = shore.project(at)
    place = middle - reach_m
    before: Polygon | None = None
    while place < middle + reach_m:
        here, way = point_along(LineString(shore.coords), place)
        inland = np.array([-way[1], way[0]])
        if not terrain.land.contains(Point(here + inland * 6)):
            inland = -inland
        house = rectangle(here + inland * 6.5, (dice.between(4.6, 6.2), dice.between(7.0, 9.0)), math.atan2(way[1], way[0]))
        if terrain.land.contains(house) and (before is None or house.distance(before) > 0.6):
            before = house
            yield house
        place += dice.between(6.5, 9.5)


def _inside(area: BaseGeometry, wish: Point) -> Point:
    return wish if area.contains(wish) else area.representative_point()


def make_facilities(plan: TownPlan, terrain: Terrain, dice: Dice) -> tuple[tuple[School, ...], tuple[Facility, ...]]:
    """Everything the plan names."""
    schools = tuple(make_school(site, terrain) for site in plan.schools)
    return schools, tuple(make_facility(spot, terrain, dice.fork()) for spot in plan.spots)


def reserved_ground(schools: tuple[School, ...], facilities: tuple[Facility, ...]) -> BaseGeometry:
    """Where no street and no house may go."""
    solid = [place.area for place in facilities if place.kind not in (*OPEN_KINDS, *ON_WATER)]
    return shapely.union_all(
        [school.grounds.buffer(7) for school in schools]
        + [area.buffer(6) for area in solid]
        + [house.buffer(3) for place in facilities for house in place.buildings]
    )


def access_ways(schools: tuple[School, ...], facilities: tuple[Facility, ...], streets: list[LineString]) -> list[LineString]:
    """Short paths from every gate to the streets: one each, but a school is reached from all sides."""
    ways = []
    for school in schools:
        ways += [_way(school.door, found) for found in _quarters(school.door, streets, reach_m=190.0)]
    for place in facilities:
        found = _nearest(place.gate, streets)
        if found is not None and 4 < place.gate.distance(found) < 260:
            ways.append(_way(place.gate, found))
    return ways


def _quarters(door: Point, streets: list[LineString], reach_m: float) -> list[Point]:
    """The nearest street in each quarter of the compass."""
    found = []
    for quarter in range(4):
        start = math.tau * quarter / 4
        fan = [
            (door.x + reach_m * math.cos(start + step * math.tau / 32), door.y + reach_m * math.sin(start + step * math.tau / 32))
            for step in range(9)
        ]
        slice_ = Polygon([(door.x, door.y), *fan])
        here = [part for street in streets for part in shapely.get_parts(street.intersection(slice_)) if part.length > 8]
        nearest = _nearest(door, here)
        if nearest is not None:
            found.append(nearest)
    return found


def _nearest(point: Point, lines: list[LineString]) -> Point | None:
    if not lines:
        return None
    best = min(lines, key=point.distance)
    return best.interpolate(best.project(point))


def _way(gate: Point, street: Point) -> LineString:
    """From gate to street and a hair beyond, so that the two are sure to cross."""
    length = max(gate.distance(street), 0.1)
    dx, dy = (street.x - gate.x) / length, (street.y - gate.y) / length
    return LineString([(gate.x, gate.y), (street.x + 0.5 * dx, street.y + 0.5 * dy)])
