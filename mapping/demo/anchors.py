"""Where in a town children put their marks: pools of positions by what is there, and which pools each category draws from."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.strtree import STRtree

from mapping.demo.dice import Dice
from mapping.demo.network import Edge
from mapping.demo.town import Town

POOLS: dict[str, tuple[str, ...]] = {
    "leke": ("playground", "playground", "schoolyard", "park", "wood", "street"),
    "ballspill": ("pitch", "pitch", "schoolyard"),
    "sykle_her": ("street", "street", "path", "park"),
    "bade": ("swimming_area", "swimming_area", "swimming_area", "pier"),
    "fiske": ("pier", "marina", "riverside", "shore"),
    "ski_her": ("wood", "path"),
    "aking": ("sledding", "sledding", "wood_edge"),
    "skoyter": ("pitch", "schoolyard"),
    "ri": ("farm",),
    "skogstur": ("wood", "wood", "path", "viewpoint"),
    "henge_ute": ("supermarket", "library", "pier", "sports_hall", "park", "bus_stop"),
    "musikk": ("library", "schoolyard", "townhall"),
    "annen_aktivitet": ("sports_hall", "sports_hall", "park", "pitch", "library"),
    "lekeomrade": ("wood_edge", "playground", "schoolyard", "park"),
    "fint": ("park", "shore", "riverside", "pier", "wood_edge"),
    "morsomt": ("playground", "playground", "sledding", "swimming_area", "pitch"),
    "favorittsted": ("playground", "shore", "wood", "pier", "pitch", "library"),
    "trygt": ("schoolyard", "library", "street", "marked_crossing"),
    "utsikt": ("viewpoint", "viewpoint", "shore"),
    "moteplass": ("supermarket", "pitch", "library", "bus_stop", "pier", "park"),
    "natur": ("wood", "riverside", "shore", "path"),
    "kjedelig": ("schoolyard", "centre", "playground", "supermarket"),
    "skummelt": ("dark_path", "wood", "centre", "riverside"),
    "farlig": ("way_crossing", "way_crossing", "way_crossing", "bare_crossing", "way_road"),
    "morkt": ("dark_path", "dark_path", "path", "wood_edge"),
    "mange_biler": ("way_road", "main_road", "school_gate"),
    "hoy_fart": ("main_road", "way_road", "way_crossing"),
    "stoy": ("main_road", "industrial", "pier"),
    "mangler_fortau": ("way_bare_road", "way_bare_road", "bare_road"),
    "mangler_gangfelt": ("way_crossing", "way_crossing", "bare_crossing"),
    "uoversiktlig": ("junction", "way_crossing", "way_junction"),
    "soppel": ("park", "shore", "supermarket", "bus_stop", "pier"),
    "utrygge_folk": ("centre", "bus_stop", "supermarket", "park"),
    "noe_a_gjore": ("centre", "park", "schoolyard", "shore", "pitch"),
    "tryggere": ("way_crossing", "way_crossing", "way_bare_road", "dark_path"),
    "penere": ("centre", "pier", "park", "schoolyard"),
    "mer_av": ("playground", "park", "wood", "swimming_area"),
    "mindre_av": ("main_road", "way_road", "centre"),
    "annet_onske": ("centre", "schoolyard", "swimming_area", "park"),
}
"""Pools per category; a pool named twice is drawn from twice as often. Those named way_… hold what lies on the child's own way."""

SPREAD_M = {"wood": 30.0, "wood_edge": 22.0, "shore": 10.0, "centre": 40.0, "schoolyard": 26.0, "pitch": 16.0, "park": 18.0}
OTHER_SPREAD_M = 8.0

ON_WATER = ("bade", "fiske")


class Anchors:
    """The pools of one town."""

    def __init__(self, town: Town, dice: Dice) -> None:
        self._town = town
        self._area = town.area.buffer(-20)
        shapely.prepare(self._area)
        self._pools: dict[str, list[Point]] = {}
        self._named = [edge for edge in town.network.edges if edge.name]
        self._streets = STRtree([edge.line for edge in self._named])
        self._gates = STRtree([place.gate for place in town.facilities])
        self._crossings = STRtree([crossing.at for crossing in town.crossings])
        for place in town.facilities:
            self._add(place.kind, place.gate)
        for _, stop in town.bus_stops:
            self._add("bus_stop", stop)
        self._add_schools()
        self._add_streets()
        self._add_nature(dice)
        # Where much is, few places are everybody's: the first of a pool are the popular ones.
        self._pools = {name: dice.shuffled(places) for name, places in sorted(self._pools.items())}

    def place_for(self, category: str, home: Point, way: LineString | None, dice: Dice) -> Point | None:
        """Where a child that lives at home and goes this way to school marks a category; None where the town has no such place."""
        for pool in dice.shuffled(POOLS[category]):
            places = self._on_way(pool, way) if pool.startswith("way_") else self._pools.get(pool, [])
            if not places:
                continue
            anchor = dice.weighted(places, self._weights(places, home, own=pool.startswith("way_")))
            placed = self._beside(anchor, SPREAD_M.get(pool, OTHER_SPREAD_M), dice, wet=category in ON_WATER)
            if placed is not None and placed.distance(home) > 90:
                return placed
        return None

    def name_near(self, place: Point) -> str:
        """The name of the nearest facility within 60 m, else of the nearest street."""
        if len(near := self._gates.query_nearest(place, max_distance=60.0)):
            return self._town.facilities[int(near[0])].name
        return self._named[int(self._streets.nearest(place))].name

    def _add(self, pool: str, place: Point) -> None:
        if self._area.contains(place):
            self._pools.setdefault(pool, []).append(place)

    def _add_schools(self) -> None:
        for school in self._town.schools:
            for _ in range(4):
                self._add("schoolyard", school.door)
            for edge in self._town.network.edges:
                if edge.drivable and edge.line.distance(school.grounds) < 25:
                    self._add("school_gate", edge.line.interpolate(0.5, normalized=True))

    def _add_streets(self) -> None:
        town = self._town
        for edge in town.network.edges:
            middle = edge.line.interpolate(0.5, normalized=True)
            for pool in _pools_of(edge):
                self._add(pool, middle)
        for crossing in town.crossings:
            self._add("marked_crossing" if crossing.marked else "bare_crossing", crossing.at)
        degrees = town.network.degrees()
        for node in np.flatnonzero(degrees >= 3):
            self._add("junction", Point(town.network.nodes[node]))
        for house in town.houses:
            if house.kind == "farm":
                self._add("farm", house.address)
        centre = [house.address for house in town.houses if house.district == 0]
        for place in centre[::12]:
            self._add("centre", place)

    def _add_nature(self, dice: Dice) -> None:
        """Woods within reach of houses, their edges, the shore and the river banks."""
        town = self._town
        homes = STRtree([house.address for house in town.houses])
        woods = shapely.clip_by_rect(town.woods, *town.plan.area)
        shapely.prepare(woods)
        west, south, east, north = town.plan.area
        thrown = [Point(dice.between(west, east), dice.between(south, north)) for _ in range(500)]
        lines = {
            "wood_edge": (woods.boundary, 170.0),
            "shore": (town.terrain.sea.boundary, 90.0),
            "riverside": (town.terrain.river.boundary, 90.0),
        }
        found = [("wood", place) for place in thrown if woods.contains(place)]
        for pool, (line, step_m) in lines.items():
            for part in shapely.get_parts(shapely.clip_by_rect(line, *town.plan.area)):
                found += [(pool, part.interpolate(step_m * (step + dice.unit()))) for step in range(int(part.length // step_m))]
        near = set(homes.query([place for _, place in found], predicate="dwithin", distance=260.0)[0].tolist())
        for number in sorted(near):
            self._add(*found[number])

    def _on_way(self, pool: str, way: LineString | None) -> list[Point]:
        if way is None:
            return []
        town = self._town
        if pool == "way_crossing":
            # A crossing without a zebra is marked three times as often as one with it.
            near = [town.crossings[int(number)] for number in self._crossings.query(way, predicate="dwithin", distance=12.0)]
            return [crossing.at for crossing in near for _ in range(1 if crossing.marked else 3)]
        wanted = self._pools.get({"way_junction": "junction", "way_bare_road": "bare_road"}.get(pool, "main_road"), [])
        if not wanted:
            return []
        return [place for place, on_way in zip(wanted, shapely.dwithin(np.array(wanted), way, 10.0), strict=True) if on_way]

    def _weights(self, places: list[Point], home: Point, *, own: bool) -> list[float]:
        if own:
            return [1.0] * len(places)
        away = shapely.distance(np.array(places), home)
        return list(np.exp(-away / 900.0) / (1.0 + np.arange(len(places))) ** 0.6)

    def _beside(self, anchor: Point, spread_m: float, dice: Dice, *, wet: bool) -> Point | None:
        for _ in range(8):
            place = Point(anchor.x + dice.normal(spread_m), anchor.y + dice.normal(spread_m))
            if self._area.contains(place) and (wet or self._town.terrain.land.contains(place)):
                return place
        return None


def _pools_of(edge: Edge) -> list[str]:
    """Which pools a stretch of street belongs to."""
    pools = []
    if edge.kind in ("path", "stairs", "track"):
        pools.append("path" if edge.lit else "dark_path")
    elif edge.kind == "residential" and edge.line.length > 40:
        pools.append("street")
    if edge.kind == "main" and edge.speed_kmh <= 60:
        pools.append("main_road")
    if edge.drivable and edge.kind in ("main", "collector") and edge.pavement == 0:
        pools.append("bare_road")
    return pools
