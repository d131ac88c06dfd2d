"""The street network of a synthetic town: roads drawn by hand, streets grown between them, blind alleys joined by footpaths."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from mapping.demo.dice import Dice
from mapping.demo.facilities import Facility, School, access_ways, reserved_ground
from mapping.demo.network import Edge, Network, Sets, Street, join_streets, largest_part, prune_stubs
from mapping.demo.plan import Road, TownPlan
from mapping.demo.shapes import Points, frayed, line_of, smooth_line
from mapping.demo.terrain import Terrain
from mapping.demo.tracing import STEP_M, Neighbours, Tracer, make_field, seeds_of

SHORTEST_STREET_M = 85.0


def make_streets(plan: TownPlan, terrain: Terrain, schools: tuple[School, ...], facilities: tuple[Facility, ...], dice: Dice) -> Network:
    """The network of a plan. Streets pass round the grounds of schools and facilities, and short paths lead into them."""
    drawn = _met([Street(road.name, road.kind, LineString(_bent(road, dice.fork())), drawn=True) for road in plan.roads])
    grown = grow(plan, terrain, drawn, reserved_ground(schools, facilities), dice.fork())
    dry = [line_of(street.line.difference(terrain.sea)) for street in drawn if street.kind != "track"] + [street.line for street in grown]
    ways = [Street("", "path", line, drawn=True) for line in access_ways(schools, facilities, dry)]
    streets = drawn + grown + ways
    network = join_streets(streets)
    network = prune_stubs(network, streets, shorter_than_m=38.0)
    network = largest_part(network)
    network = close_through_roads(network, streets, plan, terrain, dice.fork())
    return furnish(network, plan, dice.fork())


def _bent(road: Road, dice: Dice) -> Points:
    """The road through its points; where they lie far apart it finds its own way round knolls that nobody drew."""
    if road.kind in ("main", "track"):
        return smooth_line([(x, y) for x, y in frayed(np.asarray(road.points), dice=dice, wobble_m=34.0, detail_m=420.0).tolist()])
    return smooth_line(road.points)


def _met(drawn: list[Street]) -> list[Street]:
    """Ends drawn within 40 m of another road run on to it: nobody draws by hand to the decimetre."""
    result = []
    for street in drawn:
        others = shapely.union_all([other.line for other in drawn if other is not street])
        places = [tuple(place) for place in street.line.coords]
        for at, end in ((0, Point(places[0])), (len(places), Point(places[-1]))):
            if 0.3 < end.distance(others) < 40:
                target = shapely.shortest_line(end, others).coords[-1]
                length = math.dist(end.coords[0], target)
                over = tuple(goal + 0.4 * (goal - here) / length for here, goal in zip(end.coords[0], target, strict=True))
                places = [over, *places] if at == 0 else [*places, over]
        result.append(replace(street, line=LineString(places)))
    return result


def grow(plan: TownPlan, terrain: Terrain, drawn: list[Street], reserved: BaseGeometry, dice: Dice) -> list[Street]:
    """Streets in the districts, first along the slope, then across it."""
    if not plan.districts:
        return []
    carriageways = [road for road in drawn if road.kind not in ("path", "track")]
    roads, ways = _positions(carriageways)
    forbidden = shapely.union_all([terrain.water.buffer(18, quad_segs=4), terrain.river.buffer(20, quad_segs=4), reserved])
    field = make_field(plan, terrain, roads, ways, forbidden)
    names = _NamePool(plan, dice.fork())
    along, across = Neighbours(), Neighbours()
    # A drawn road keeps off only streets that would run beside it; those that meet it square are welcome.
    beside = np.array(
        [abs(math.cos(field.angle(*place) - math.atan2(way[1], way[0]))) > 0.72 for place, way in zip(roads, ways, strict=True)]
    )
    along.add(roads[beside])
    across.add(roads[~beside])
    streets = _grow_family(Tracer(field, along, across=False), names, dice.fork())
    streets += _grow_family(Tracer(field, across, across=True), names, dice.fork())
    return _reach_out(streets, drawn, forbidden)


class _NamePool:
    """Hands out the street names of each district, each once; then numbers of the last one would be odd, so it begins again with "Øvre"."""

    def __init__(self, plan: TownPlan, dice: Dice) -> None:
        self._left = [dice.shuffled(district.names) for district in plan.districts]
        self._all = [list(district.names) for district in plan.districts]
        self._rounds = [0] * len(plan.districts)

    def next_for(self, district: int) -> str:
        """A name not given before."""
        if not self._left[district]:
            self._rounds[district] += 1
            self._left[district] = list(reversed(self._all[district]))
        name = self._left[district].pop()
        return f"{('', 'Øvre ', 'Nedre ', 'Indre ', 'Ytre ', 'Vestre ', 'Søre ')[self._rounds[district] % 7]}{name}"


def _positions(roads: list[Street]) -> tuple[Points, Points]:
    places, ways = [], []
    for road in roads:
        ring = np.asarray(road.line.segmentize(STEP_M).coords)
        step = np.diff(ring, axis=0)
        places.append(ring[:-1])
        ways.append(step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9))
    return np.vstack(places), np.vstack(ways)


def _grow_family(tracer: Tracer, names: _NamePool, dice: Dice) -> list[Street]:
    """All streets of one direction that find room."""
    streets = []
    for start in seeds_of(tracer.field, dice):
        spacing = tracer.room(*start) * (dice.between(0.85, 1.3) if tracer.across else 1.0)
        if spacing <= 0 or tracer.others.nearer_than(*start, spacing):
            continue
        places = tracer.trace(start)
        if len(places) * STEP_M < SHORTEST_STREET_M:
            continue
        tracer.others.add(places)
        district = tracer.field.district_at(*start)
        line = line_of(LineString(places).simplify(0.4))
        streets.append(Street(names.next_for(district), "residential", line, district, across=tracer.across))
    return streets


def _reach_out(streets: list[Street], drawn: list[Street], forbidden: BaseGeometry) -> list[Street]:
    """Lengthen every end to the next street within reach, so that streets meet instead of stopping in a garden."""
    lines = [street.line for street in drawn if street.kind != "track"] + [street.line for street in streets]
    first = len(lines) - len(streets)
    joiner = _Joiner(lines, forbidden)
    result = []
    for number, street in enumerate(streets):
        places = [tuple(place) for place in street.line.coords]
        head = joiner.beyond(places[1], places[0], own=first + number)
        tail = joiner.beyond(places[-2], places[-1], own=first + number)
        result.append(replace(street, line=LineString([*head, *places, *tail])))
    return result


class _Joiner:
    """Finds the street that the end of another would meet if it went on."""

    def __init__(self, lines: list[LineString], forbidden: BaseGeometry) -> None:
        self._lines, self._tree, self._forbidden = lines, STRtree(lines), forbidden
        shapely.prepare(forbidden)

    def beyond(self, before: tuple[float, ...], end: tuple[float, ...], *, own: int) -> list[tuple[float, float]]:
        """The one position to go on to, straight ahead or with a small turn; none where nothing is within reach."""
        angle = math.atan2(end[1] - before[1], end[0] - before[0])
        hits = [hit for turn, reach_m in ((0.0, 78.0), (0.35, 55.0), (-0.35, 55.0)) for hit in self._hits(end, angle + turn, reach_m, own)]
        return [min(hits)[1]] if hits else []

    def _hits(self, end: tuple[float, ...], angle: float, reach_m: float, own: int) -> Iterator[tuple[float, tuple[float, float]]]:
        ray = LineString([end, (end[0] + reach_m * math.cos(angle), end[1] + reach_m * math.sin(angle))])
        for other in self._tree.query(ray, predicate="intersects"):
            if other == own:
                continue
            for hit in shapely.get_parts(ray.intersection(self._lines[int(other)])):
                distance = math.dist(end, hit.coords[0])
                if distance > 2 and not self._forbidden.intersects(LineString([end, hit.coords[0]])):
                    # A hair beyond, so that rounding cannot leave the two streets a hair apart.
                    yield distance, (hit.x + 0.4 * math.cos(angle), hit.y + 0.4 * math.sin(angle))


def close_through_roads(network: Network, streets: list[Street], plan: TownPlan, terrain: Terrain, dice: Dice) -> Network:
    """Some links become footpaths, stairs where it is steep: blind alleys for cars, short cuts for children.

    A link stays a street where it is the only way in.
    """
    doubtful = set()
    for number, edge in enumerate(network.edges):
        street = streets[edge.street]
        if not street.drawn and edge.district >= 0:
            share = plan.districts[edge.district].cut * (1.0 if street.across else 0.3)
            if edge.line.length < 190 and dice.chance(share):
                doubtful.add(number)
    sets = Sets(len(network.nodes))
    for number, edge in enumerate(network.edges):
        if number not in doubtful and edge.drivable:
            sets.join(edge.start, edge.end)
    edges = list(network.edges)
    gone = set()
    for number in dice.shuffled(sorted(doubtful)):
        if sets.join(edges[number].start, edges[number].end):
            continue
        if dice.chance(0.22):
            gone.add(number)
            continue
        edges[number] = as_footpath(edges[number], terrain)
    return largest_part(prune_stubs(Network(network.nodes, tuple(edges)).without(gone), streets, shorter_than_m=38.0))


def as_footpath(edge: Edge, terrain: Terrain) -> Edge:
    """The edge for people on foot only; stairs where it climbs more than one in six."""
    ends = np.array([edge.line.coords[0], edge.line.coords[-1]])
    low, high = terrain.sample(terrain.height, ends)
    steep = abs(high - low) / edge.line.length > 0.16 and edge.line.length < 120
    return replace(edge, kind="stairs" if steep else "path", name="")


def furnish(network: Network, plan: TownPlan, dice: Dice) -> Network:
    """Speed limits, pavements and lamps: by the kind of the road, whether people live along it, and chance per street."""
    towns = shapely.union_all([Polygon(district.outline).buffer(30) for district in plan.districts])
    shapely.prepare(towns)
    pavement_of: dict[str, int] = {}
    edges = []
    for edge in network.edges:
        urban = bool(towns.intersects(edge.line.centroid))
        key = f"{edge.name}:{edge.kind}:{urban}"
        if key not in pavement_of:
            chances = {"main": (0.1, 0.5, 0.4), "collector": (0.25, 0.65, 0.1), "residential": (0.72, 0.25, 0.03)}.get(edge.kind, (1, 0, 0))
            pavement_of[key] = dice.weighted((0, 1, 2), chances) if urban else 0
        speed = {"main": 50 if urban else 80, "collector": 40, "residential": 30, "service": 30, "track": 30}.get(edge.kind, 0)
        lit = urban and not (edge.kind in ("path", "stairs") and dice.chance(0.3))
        edges.append(replace(edge, pavement=pavement_of[key], lit=lit, speed_kmh=speed))
    return Network(network.nodes, tuple(edges))
