"""How long children's ways to school are, how far off they begin, and how much of a detour they make. Pure: lines in, numbers out.

What is measured is what was drawn and sent: the home end, 100 to 400 m of it, was cut on the tablet (docs/privacy.md, "Homes"). Lengths
are therefore lower bounds of the way from door to door, and nothing here adds what was cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.privacy.suppress import K

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

NEAR_M = 50.0
"""Ends nearer each other than this make a loop, of which no detour can be told."""
ROUND_M = 50


@dataclass(frozen=True)
class Measured:
    """Per way: its length, how far its outer end lies from the school in a straight line (metres), and its detour, NaN for a loop."""

    length_m: Floats
    away_m: Floats
    detour: Floats


@dataclass(frozen=True)
class Quartiles:
    """A quarter of the children have less than `low`, half less than `median`, a quarter more than `high`."""

    low: float
    median: float
    high: float


def measure(ways: Geometries, schools: Geometries) -> Measured:
    """Measure ways against their schools.

    ways, schools: LineStrings and Points, parallel, in one projected CRS in metres (the municipality's UTM zone, which measures within
    0.1 % there; EPSG:25833 would be 0.4 % off in the west). Empty in, empty out. The outer end is the one farther from the school. The
    detour is the length through the straight line between the drawn ends: 1 is straight.
    """
    if not len(ways):
        nothing = np.empty(0)
        return Measured(nothing, nothing, nothing)
    first, last = shapely.get_point(ways, 0), shapely.get_point(ways, -1)
    away = np.maximum(shapely.distance(first, schools), shapely.distance(last, schools))
    length, straight = shapely.length(ways), shapely.distance(first, last)
    detour = np.divide(length, straight, out=np.full(len(ways), np.nan), where=straight >= NEAR_M)
    return Measured(length, away, detour)


def per_child(values: Floats, child: Ids) -> tuple[Ids, Floats]:
    """The children who have a value, ascending, and the mean of each one's: who drew two ways counts once. NaN counts as no value."""
    known = ~np.isnan(values)
    children, place = np.unique(child[known], return_inverse=True)
    return children, np.bincount(place, weights=values[known]) / np.bincount(place) if len(children) else np.empty(0)


def quartiles(values: Floats, *, k: int = K) -> Quartiles | None:
    """The quartiles of one value per child (Hyndman and Fan's seventh, as spreadsheets have it); None for fewer than k children.

    Never a smallest or largest: that is one child.
    """
    if len(values) < k:
        return None
    low, median, high = np.quantile(values, (0.25, 0.5, 0.75)).tolist()
    return Quartiles(low, median, high)


def in_steps(values: Floats, edges: Floats) -> Ids:
    """The step of each value: 0 up to and with the first edge, then above it, … ; len(edges) is above the last."""
    return np.searchsorted(edges, values, side="left").astype(np.int64)


def rounded_m(value: float) -> int:
    """Metres as they are told: to the nearest fifty."""
    return int(ROUND_M * round(value / ROUND_M))
