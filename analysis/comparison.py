"""Two groups of children beside each other, hexagon by hexagon: where more of the one than of the other spoke, and how sure that is.

Groups are of different size (girls' school and boys' school, this round and the last), so shares are compared and not numbers: of the
children of a group, how many marked the hexagon. The difference has a 95 % interval, Newcombe's hybrid of two score intervals (1998,
method 10), which holds for small groups and for none at all. Whether it is more than chance is asked of Fisher's exact test, two-sided
(the sum of all tables as rare as this one or rarer), and the many tests are corrected as in analysis/hotspots.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis import grid
from analysis.hotspots import LEVEL, false_discoveries_held

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]

_Z = 1.959963984540054
"""The standard normal's 97.5 %: two such tails leave 95 %."""
_AS_RARE = 1 + 1e-7
"""Chances that differ by less are equal: they were summed in different orders."""


@dataclass(frozen=True)
class Difference:
    """All hexagons that a child of either group has marked, in ascending order of id; parallel.

    first, second: children of each group; share: of the first minus of the second, −1 to 1; low, high: its 95 % interval; p: Fisher's,
    two-sided; more: 1 where the first, −1 where the second has said more, 0 where it may be chance, after the correction for many tests.
    """

    cells: Ids
    first: Ids
    second: Ids
    share: Floats
    low: Floats
    high: Floats
    p: Floats
    more: Ids


def compare(first: grid.CellCounts, second: grid.CellCounts, *, of_first: int, of_second: int, level: float = LEVEL) -> Difference:
    """Compare two groups.

    first, second: children per hexagon, of one size; of_first, of_second: how many children each group has, those without a mark
    included. ValueError when a hexagon holds more children than its group has, or a group is empty.
    """
    if min(of_first, of_second) < 1:
        raise ValueError(f"groups of {of_first} and {of_second} children cannot be compared; each needs at least one")
    cells = np.union1d(first.cells, second.cells)
    a, b = _spread(first, cells), _spread(second, cells)
    if (a > of_first).any() or (b > of_second).any():
        raise ValueError("a hexagon holds more children than its group has")
    low, high = newcombe(a, of_first, b, of_second)
    p = fisher(a, of_first, b, of_second)
    share = a / of_first - b / of_second
    more = np.where(false_discoveries_held(p, level), np.sign(share), 0).astype(np.int64)
    return Difference(cells, a, b, share, low, high, p, more)


def newcombe(a: Ids, n: int, b: Ids, m: int) -> tuple[Floats, Floats]:
    """The 95 % interval of a/n − b/m."""
    (low_a, high_a), (low_b, high_b) = wilson(a, n), wilson(b, m)
    p, q = a / n, b / m
    return p - q - np.hypot(p - low_a, high_b - q), p - q + np.hypot(high_a - p, q - low_b)


def wilson(a: Ids, n: int) -> tuple[Floats, Floats]:
    """The 95 % score interval of a/n (Wilson 1927)."""
    middle, half = a + _Z**2 / 2, _Z * np.sqrt(a * (n - a) / n + _Z**2 / 4)
    return (middle - half) / (n + _Z**2), (middle + half) / (n + _Z**2)


def fisher(a: Ids, n: int, b: Ids, m: int) -> Floats:
    """Two-sided p of Fisher's exact test for each a of n beside b of m."""
    p = np.ones(len(a))
    # few children mark a hexagon, so few tables are different ones
    for one, other in np.unique(np.column_stack([a, b]), axis=0).tolist():
        marked = one + other
        possible = stats.hypergeom(n + m, n, marked).pmf(np.arange(max(0, marked - m), min(n, marked) + 1))
        here = possible[one - max(0, marked - m)]
        p[(a == one) & (b == other)] = min(1.0, float(possible[possible <= here * _AS_RARE].sum()))
    return p


def _spread(counts: grid.CellCounts, cells: Ids) -> Ids:
    """The children of each of these hexagons, 0 where the group has marked nothing."""
    children = np.zeros(len(cells), dtype=np.int64)
    children[np.searchsorted(cells, counts.cells)] = counts.children
    return children
