"""Loose lines become one street network: joined where they cross, cleaned, connected, with what each stretch is like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry import LineString
from shapely.strtree import STRtree

from mapping.demo.shapes import Points

WIDTHS_M = {"main": 8.5, "collector": 6.5, "residential": 5.0, "service": 4.0, "track": 3.0, "path": 2.0, "stairs": 2.0}
"""Carriageways from kerb to kerb; paths from edge to edge."""

MERGE_M = 11.0


@dataclass(frozen=True)
class Street:
    """One line before it is cut at its crossings. district: number, -1 outside; drawn: by hand, so never taken away."""

    name: str
    kind: str
    line: LineString
    district: int = -1
    drawn: bool = False
    across: bool = False


@dataclass(frozen=True)
class Edge:
    """A stretch from node to node. pavement: 0 none, 1 one side, 2 both; speed_kmh: the limit, 0 where nobody drives."""

    start: int
    end: int
    line: LineString
    street: int
    name: str
    kind: str
    district: int
    pavement: int = 0
    lit: bool = True
    speed_kmh: int = 0

    @property
    def drivable(self) -> bool:
        """Whether cars come here."""
        return self.kind not in ("path", "stairs")


@dataclass(frozen=True)
class Network:
    """Nodes (positions) and the edges between them."""

    nodes: Points
    edges: tuple[Edge, ...]

    def degrees(self) -> NDArray[np.int64]:
        """How many edges meet in each node."""
        return np.bincount([node for edge in self.edges for node in (edge.start, edge.end)], minlength=len(self.nodes))

    def without(self, gone: set[int]) -> Network:
        """The network less some edges, by their number."""
        return Network(self.nodes, tuple(edge for number, edge in enumerate(self.edges) if number not in gone))


class Sets:
    """Disjoint sets (union by path halving): which nodes can reach each other."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        """The set's name."""
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def join(self, one: int, other: int) -> bool:
        """Make them one set; False where they already were."""
        first, second = self.find(one), self.find(other)
        self._parent[first] = second
        return first != second


def join_streets(streets: list[Street]) -> Network:
    """Cut every street at every crossing and number the places where they meet."""
    lines = [street.line for street in streets]
    pieces = [piece for piece in shapely.get_parts(shapely.union_all(lines)) if piece.length > 0.5]
    tree = STRtree(lines)
    middles = [piece.interpolate(0.5, normalized=True) for piece in pieces]
    owners = tree.nearest(middles)
    ends = np.array([[piece.coords[0], piece.coords[-1]] for piece in pieces]).reshape(-1, 2)
    places, numbers = _merged(ends)
    edges = []
    for index, (piece, owner) in enumerate(zip(pieces, owners, strict=True)):
        start, end = int(numbers[2 * index]), int(numbers[2 * index + 1])
        if start == end and piece.length < 4 * MERGE_M:
            continue
        street = streets[int(owner)]
        line = LineString([tuple(places[start]), *piece.coords[1:-1], tuple(places[end])])
        edges.append(Edge(start, end, line, int(owner), street.name, street.kind, street.district))
    return Network(places, tuple(_single(edges)))


def _merged(ends: Points) -> tuple[Points, NDArray[np.int64]]:
    """Ends that lie together become one node in their middle: real crossings are not eight metres apart."""
    sets = Sets(len(ends))
    for one, other in cKDTree(ends).query_pairs(MERGE_M):
        sets.join(one, other)
    roots = np.array([sets.find(index) for index in range(len(ends))])
    _, numbers = np.unique(roots, return_inverse=True)
    count = np.bincount(numbers).astype(float)
    places = np.column_stack([np.bincount(numbers, weights=ends[:, axis]) / count for axis in (0, 1)])
    return places, numbers


def _single(edges: list[Edge]) -> Iterable[Edge]:
    """Of two stretches side by side between the same nodes only the first, unless they enclose something."""
    seen: dict[tuple[int, int], list[Edge]] = {}
    for edge in edges:
        key = (min(edge.start, edge.end), max(edge.start, edge.end))
        twins = seen.setdefault(key, [])
        if not any(twin.line.hausdorff_distance(edge.line) < 30 for twin in twins):
            twins.append(edge)
            yield edge


def prune_stubs(network: Network, streets: list[Street], *, shorter_than_m: float) -> Network:
    """Blind ends too short for a house are taken away, again and again until none is left."""
    while True:
        degrees = network.degrees()
        gone = {
            number
            for number, edge in enumerate(network.edges)
            if min(degrees[edge.start], degrees[edge.end]) == 1
            and edge.line.length < (8.0 if streets[edge.street].drawn else shorter_than_m)
        }
        if not gone:
            return network
        network = network.without(gone)


def largest_part(network: Network) -> Network:
    """What can be reached from most of the town, streets by car and paths on foot; the rest is dropped, nodes numbered anew."""
    drivable = _main_set(network, [edge.drivable for edge in network.edges])
    kept = network.without({number for number, edge in enumerate(network.edges) if edge.drivable and number not in drivable})
    whole = _main_set(kept, [True] * len(kept.edges))
    edges = [edge for number, edge in enumerate(kept.edges) if number in whole]
    used = sorted({node for edge in edges for node in (edge.start, edge.end)})
    renumbered = {node: number for number, node in enumerate(used)}
    return Network(network.nodes[used], tuple(replace(edge, start=renumbered[edge.start], end=renumbered[edge.end]) for edge in edges))


def _main_set(network: Network, counted: list[bool]) -> set[int]:
    """Numbers of the counted edges that hang together over the greatest length."""
    sets = Sets(len(network.nodes))
    there = [(number, edge) for number, edge in enumerate(network.edges) if counted[number]]
    for _, edge in there:
        sets.join(edge.start, edge.end)
    lengths: dict[int, float] = {}
    for _, edge in there:
        root = sets.find(edge.start)
        lengths[root] = lengths.get(root, 0.0) + edge.line.length
    best = max(lengths, key=lambda root: lengths[root])
    return {number for number, edge in there if sets.find(edge.start) == best}
