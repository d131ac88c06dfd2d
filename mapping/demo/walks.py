"""Ways through a synthetic town: the shortest path for a traveller, and how a child's finger draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Point
from shapely.ops import substring

from mapping.demo.dice import Dice
from mapping.demo.houses import House
from mapping.demo.network import Edge
from mapping.demo.shapes import Points
from mapping.demo.town import Town

ON_WHEELS = ("bil", "buss")


def reluctance(edge: Edge, mode: str) -> float:
    """How long a metre of an edge feels to somebody travelling so; infinite where it cannot be done."""
    if mode in ON_WHEELS:
        return {"main": 0.7, "collector": 0.85}.get(edge.kind, 1.0) if edge.drivable else math.inf
    if edge.kind == "stairs":
        return 1.15 if mode == "ga" else 6.0
    if edge.kind == "path":
        return 0.9 if mode == "ga" else 1.0
    if edge.kind == "main":
        return 1.3 if edge.pavement else 1.8
    return 1.0


@dataclass(frozen=True)
class _Graph:
    """The network with the costs of one way of travelling."""

    costs: coo_array
    between: dict[tuple[int, int], int]


@lru_cache(maxsize=16)
def _graph(town: Town, mode: str) -> _Graph:
    best: dict[tuple[int, int], tuple[float, int]] = {}
    for number, edge in enumerate(town.network.edges):
        cost = edge.line.length * reluctance(edge, mode)
        for pair in ((edge.start, edge.end), (edge.end, edge.start)):
            if math.isfinite(cost) and cost < best.get(pair, (math.inf, 0))[0]:
                best[pair] = (cost, number)
    size = len(town.network.nodes)
    rows, columns = zip(*best, strict=True)
    costs = coo_array(([cost for cost, _ in best.values()], (rows, columns)), shape=(size, size))
    return _Graph(costs, {pair: number for pair, (_, number) in best.items()})


@lru_cache(maxsize=256)
def _distances(town: Town, mode: str, goal: int) -> tuple[NDArray[np.float64], NDArray[np.signedinteger[Any]]]:
    graph = _graph(town, mode)
    distance, before = dijkstra(graph.costs.tocsr(), directed=False, indices=[goal], return_predecessors=True)
    return distance[0], before[0]


def nearest_node(town: Town, place: Point) -> int:
    """The node of the network nearest to a position."""
    return int(np.hypot(*(town.network.nodes - np.array(place.coords[0])).T).argmin())


def way_from_home(town: Town, house: House, goal: Point, mode: str) -> LineString | None:
    """The way a child takes from its door to a place, in metres of the plan; None where it cannot be travelled so.

    It begins at the door, goes to the street, and ends at the goal itself.
    """
    edge = town.network.edges[house.edge]
    node = nearest_node(town, goal)
    distance, _ = _distances(town, mode, node)
    place = edge.line.project(house.address)
    toll = reluctance(edge, mode)
    backward, forward = place * toll + distance[edge.start], (edge.line.length - place) * toll + distance[edge.end]
    if not math.isfinite(min(backward, forward)):
        return None
    # Both ends meet where the door meets the street.
    first = substring(edge.line, place, 0.0) if backward <= forward else substring(edge.line, place, edge.line.length)
    nodes = _nodes_to(town, mode, edge.start if backward <= forward else edge.end, node)
    places = [*house.address.coords, *first.coords, *_along(town, mode, nodes), *goal.coords]
    return LineString(places) if len(set(places)) > 1 else None


def way_between(town: Town, start: Point, goal: Point, mode: str) -> LineString | None:
    """The way from one place to another."""
    first, last = nearest_node(town, start), nearest_node(town, goal)
    distance, _ = _distances(town, mode, last)
    if not math.isfinite(distance[first]):
        return None
    places = [*start.coords, *_along(town, mode, _nodes_to(town, mode, first, last)), *goal.coords]
    return LineString(places) if len(set(places)) > 1 else None


def _nodes_to(town: Town, mode: str, start: int, goal: int) -> list[int]:
    _, before = _distances(town, mode, goal)
    nodes = [start]
    while nodes[-1] != goal:
        nodes.append(int(before[nodes[-1]]))
    return nodes


def _along(town: Town, mode: str, nodes: list[int]) -> list[tuple[float, ...]]:
    graph = _graph(town, mode)
    places: list[tuple[float, ...]] = [tuple(town.network.nodes[nodes[0]])]
    for start, end in pairwise(nodes):
        edge = town.network.edges[graph.between[start, end]]
        coords = list(edge.line.coords)
        places.extend(coords[1:] if edge.start == start else coords[-2::-1])
    return places


def edges_on(town: Town, way: LineString, *, within_m: float = 6.0) -> list[int]:
    """Numbers of the edges whose middle lies on a way."""
    return [
        number for number, edge in enumerate(town.network.edges) if way.distance(edge.line.interpolate(0.5, normalized=True)) < within_m
    ]


def by_finger(way: LineString, dice: Dice, *, age: int, is_hasty: bool = False) -> LineString:
    """The way as a child draws it: a point every 6–15 m, swaying 3–10 m to the sides, corners cut, now and then a jump.

    age: years; younger fingers sway more. is_hasty: far between the points, as for a long bus ride.
    """
    sway_m = max(2.5, min(10.0, dice.between(7.0, 11.0) - 0.45 * (age - 6)))
    step = (22.0, 45.0) if is_hasty else (6.0, 15.0)
    places, place = [0.0], 0.0
    while place < way.length:
        place += dice.between(*step) * (dice.between(4, 9) if dice.chance(0.008) else 1.0)
        places.append(min(place, way.length))
    at = np.array(places)
    # The middle of a stretch instead of its point: a finger is broad and takes corners round.
    rounded = np.mean([_interpolated(way, at + reach_m) for reach_m in (-7.0, 0.0, 7.0)], axis=0)
    ahead = _interpolated(way, at + 2.0) - _interpolated(way, at - 2.0)
    across = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    shiver = np.array([[dice.between(-1.2, 1.2), dice.between(-1.2, 1.2)] for _ in places])
    return LineString(rounded + across * (_sway(at, dice) * sway_m / 1.6)[:, None] + shiver)


def _interpolated(way: LineString, distances_m: Points) -> Points:
    corners = np.asarray(way.coords)
    so_far = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    return np.column_stack([np.interp(distances_m, so_far, corners[:, axis]) for axis in (0, 1)])


def _sway(places: Points, dice: Dice) -> NDArray[np.float64]:
    """Slow swings of a hand along a way, spread about 1: three waves of 60–300 m, out of step."""
    total = np.zeros(len(places))
    for length_m, strength in ((dice.between(180, 320), 1.0), (dice.between(90, 150), 0.7), (dice.between(45, 70), 0.4)):
        total += strength * np.sin(math.tau * (places / length_m + dice.unit()))
    return np.asarray(total)
