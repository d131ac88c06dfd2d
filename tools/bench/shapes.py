"""Shapes such as children draw, by the thousand and always the same ones: places, ways of some 40 positions, areas.

Pure: numpy and shapely in, WKB out, EPSG:4326, seven decimals, as the capture API stores them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tools.bench.world import CENTRE, HALF_WIDTH

SHARES = {"place": 0.70, "route": 0.28, "area": 0.02}
"""Of the marks of a lesson: what a class draws when it has a way to school each and some ten icons to place."""
ROUTE_VERTICES = (25, 56)
"""From and to before: 40 on average, as a finger draws after the tablet has thinned the line."""
CLUSTERS = 400
DEGREE_M = np.array([55_000.0, 111_400.0])
"""Metres a degree is long at the town's latitude, east and north."""

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]


@dataclass(frozen=True)
class Shapes:
    """Parallel arrays, one row a mark: its kind and its geometry."""

    kinds: NDArray[np.str_]
    geometries: Objects

    def __len__(self) -> int:
        return len(self.kinds)


def kinds_of(marks: int) -> list[str]:
    """The kinds of so many marks, mixed, in the shares of SHARES as near as whole numbers come; places fill up."""
    few = [kind for kind in ("route", "area") for _ in range(round(marks * SHARES[kind]))]
    kinds = np.array(few + ["place"] * (marks - len(few)))
    return [str(kind) for kind in np.random.default_rng(5).permutation(kinds)]


def shapes(kinds: Sequence[str], *, seed: int = 1) -> Shapes:
    """A mark of each kind named; the same seed gives the same marks."""
    rng = np.random.default_rng(seed)
    column = np.array(kinds)
    geometries = np.empty(len(column), dtype=object)
    for kind, draw in {"place": places, "route": routes, "area": areas}.items():
        geometries[column == kind] = draw(int((column == kind).sum()), rng)
    return Shapes(column, geometries)


def places(count: int, rng: np.random.Generator) -> Objects:
    """Points in heaps of some 60 m, as around playgrounds and crossings."""
    return _array(shapely.points(_rounded(_around_clusters(count, rng, spread_m=60.0))))


def routes(count: int, rng: np.random.Generator) -> Objects:
    """Lines that begin anywhere and wander towards somewhere, 12 m a step, with a finger's wobble."""
    lengths = rng.integers(*ROUTE_VERTICES, size=count)
    line = np.repeat(np.arange(count), lengths)
    heading = np.repeat(rng.uniform(0, 2 * np.pi, count), lengths) + rng.normal(0, 0.5, len(line))
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=1) * rng.gamma(4.0, 3.0, len(line))[:, None] / DEGREE_M
    walked = np.cumsum(steps, axis=0)
    first = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if count else np.empty(0, dtype=np.int64)
    start = _around_clusters(count, rng, spread_m=400.0)
    positions = walked - np.repeat(walked[first], lengths, axis=0) + np.repeat(start, lengths, axis=0)
    return _array(shapely.linestrings(_rounded(positions), indices=line)) if count else np.empty(0, dtype=object)


def areas(count: int, rng: np.random.Generator) -> Objects:
    """Wobbly rounds of 12 corners and some 40 m radius, which never cross themselves."""
    corners = 12
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radius_m = rng.uniform(25, 60, (count, 1)) * rng.uniform(0.8, 1.2, (count, corners))
    offsets = np.stack([np.cos(angle) * radius_m, np.sin(angle) * radius_m], axis=-1) / DEGREE_M
    rings = _rounded(_around_clusters(count, rng, spread_m=150.0)[:, None, :] + offsets)
    return _array(shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))) if count else np.empty(0, dtype=object)


def _around_clusters(count: int, rng: np.random.Generator, *, spread_m: float) -> Floats:
    # the clusters are the town's, not the call's
    town = np.random.default_rng(7).uniform(-0.8, 0.8, (CLUSTERS, 2)) * HALF_WIDTH + CENTRE
    scattered: Floats = town[rng.integers(0, CLUSTERS, count)] + rng.normal(0, spread_m, (count, 2)) / DEGREE_M
    margin = np.array(HALF_WIDTH) * 0.9
    return np.minimum(np.maximum(scattered, CENTRE - margin), CENTRE + margin)


def _rounded(positions: Floats) -> Floats:
    return np.asarray(np.round(positions, 7), dtype=np.float64)


def _array(made: Any) -> Objects:
    return np.asarray(made, dtype=object)
