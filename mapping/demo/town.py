"""A whole synthetic town out of its plan: ground, streets, houses, schools, woods and fields, and the way to longitude and latitude."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from mapping.demo.dice import Dice
from mapping.demo.facilities import Facility, School, make_facilities, reserved_ground
from mapping.demo.houses import House, build_houses
from mapping.demo.landcover import garden_ground, make_fields, make_woods
from mapping.demo.network import Edge, Network
from mapping.demo.plan import TownPlan
from mapping.demo.shapes import polygon_of
from mapping.demo.streets import make_streets
from mapping.demo.terrain import Terrain, make_terrain

METRIC_SRID = 25832


@dataclass(frozen=True)
class Crossing:
    """Where people on foot cross a main or collector road. marked: there is a zebra."""

    at: Point
    road: str
    marked: bool


@dataclass(frozen=True, eq=False)
class Town:
    """All of a town, in metres from the plan's origin; `to_metric` and `to_lonlat` take it out into the world."""

    plan: TownPlan
    terrain: Terrain
    network: Network
    schools: tuple[School, ...]
    facilities: tuple[Facility, ...]
    houses: tuple[House, ...]
    sheds: tuple[Polygon, ...]
    crossings: tuple[Crossing, ...]
    woods: BaseGeometry
    fields: tuple[Polygon, ...]
    gardens: BaseGeometry
    bus_stops: tuple[tuple[str, Point], ...]

    @cached_property
    def area(self) -> Polygon:
        """What a survey of this town asks about: the districts, the named places and the paths, with what lies round them."""
        frame = box(*self.plan.area)
        if not self.plan.districts:
            return frame
        lived_in = [Polygon(district.outline).buffer(280) for district in self.plan.districts]
        visited = [place.gate.buffer(200) for place in self.facilities]
        walked = [LineString(road.points).buffer(150) for road in self.plan.roads if road.kind == "path"]
        whole = shapely.union_all([*lived_in, *visited, *walked]).buffer(150).buffer(-150).simplify(12)
        return polygon_of(whole.intersection(frame))

    def to_metric(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in EPSG:25832."""
        return shapely.transform(geometry, lambda places: places + np.array(self.plan.origin))

    def to_lonlat(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in EPSG:4326, longitude first, in steps of about 0.1 m."""

        def lonlat(places: NDArray[np.float64]) -> NDArray[np.float64]:
            east, north = (places + np.array(self.plan.origin)).T
            return np.round(np.column_stack(_to_lonlat().transform(east, north)), 6)

        return shapely.transform(geometry, lonlat)


@lru_cache(maxsize=1)
def _to_lonlat() -> Transformer:
    return Transformer.from_crs(METRIC_SRID, 4326, always_xy=True)


@lru_cache(maxsize=8)
def build_town(plan: TownPlan) -> Town:
    """The town of a plan: the same one every time."""
    dice = Dice(plan.seed)
    terrain = make_terrain(plan, dice.fork())
    schools, facilities = make_facilities(plan, terrain, dice.fork())
    reserved = reserved_ground(schools, facilities)
    network = make_streets(plan, terrain, schools, facilities, dice.fork())
    houses, sheds = build_houses(plan, terrain, network, reserved, dice.fork())
    walls = shapely.union_all([house.footprint.buffer(28, quad_segs=3) for house in houses if house.district < 0])
    gardens = garden_ground(houses, terrain)
    built = shapely.union_all([gardens, walls, reserved])
    fields = make_fields(plan, built, terrain, network, dice.fork())
    woods = make_woods(plan, built, fields, terrain, network)
    crossings = make_crossings(network, schools, dice.fork())
    return Town(
        plan, terrain, network, schools, facilities, houses, sheds, crossings, woods, fields, gardens, make_bus_stops(plan, network)
    )


def make_crossings(network: Network, schools: tuple[School, ...], dice: Dice) -> tuple[Crossing, ...]:
    """Where ways for people on foot meet a road with traffic: zebras near schools, elsewhere now and then, at most one every 70 m."""
    meeting: dict[int, list[Edge]] = defaultdict(list)
    for edge in network.edges:
        meeting[edge.start].append(edge)
        meeting[edge.end].append(edge)
    found: list[Crossing] = []
    for node, edges in meeting.items():
        busy = [edge for edge in edges if edge.kind in ("main", "collector") and edge.speed_kmh <= 50]
        if not busy or len(edges) < 3 or not any(edge.lit for edge in edges):
            continue
        at = Point(network.nodes[node])
        if any(other.at.distance(at) < 70 for other in found):
            continue
        near_school = min((school.grounds.distance(at) for school in schools), default=9e9) < 300
        marked = dice.chance(0.75 if near_school else 0.4 if busy[0].kind == "main" else 0.25)
        found.append(Crossing(at, busy[0].name, marked))
    return tuple(found)


def make_bus_stops(plan: TownPlan, network: Network) -> tuple[tuple[str, Point], ...]:
    """Stops along the main roads through town, some 400 m apart, named after the nearest side street."""
    stops: list[tuple[str, Point]] = []
    within = box(*plan.area)
    for edge in network.edges:
        if edge.kind != "main" or edge.line.length < 30:
            continue
        at = edge.line.interpolate(0.5, normalized=True)
        if not within.contains(at) or any(other.distance(at) < 400 for _, other in stops):
            continue
        beside = LineString(edge.line).parallel_offset(6.5, "right").interpolate(0.5, normalized=True)
        side_streets = [other for other in network.edges if other.kind != "main" and other.name]
        nearest = min(side_streets, key=lambda other: float(other.line.distance(at)))
        stops.append((nearest.name, beside))
    return tuple(stops)
