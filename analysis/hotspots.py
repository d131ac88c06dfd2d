"""Hot and cold spots: where neighbouring hexagons together hold more children, or fewer, than chance would put there.

The statistic is Gi* of Getis and Ord (1992; Ord and Getis 1995), with binary weights: for each hexagon the children of itself and of all
hexagons within so many steps are added up, and the sum is held against what the same number of hexagons would hold if the numbers of the
whole area were dealt out anew. `z` is the usual standardised form. Numbers of children are small, skewed and mostly nought, for which the
normal distribution is a poor judge; so `p` is taken from the permutation distribution itself, reckoned in full and not by drawing: the
sum of m hexagons drawn without replacement from n has a distribution that polynomials give exactly.

As many tests as hexagons are made at once. Benjamini and Hochberg (1995) hold the share of false ones among the named ones under the
level; under the positive dependence of neighbours that stays true (Benjamini and Yekutieli 2001), as Caldas de Castro and Singer (2006)
found for local statistics. Meant for places: one way touches many hexagons, which then hold the same child and are no news of each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import comb

from analysis import grid

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]

LEVEL = 0.05
MAX_STEPS = 3
LEAST_CELLS = 30
"""In fewer hexagons than this nothing can stand out."""


@dataclass(frozen=True)
class Spots:
    """All hexagons of the area, in ascending order of id; parallel.

    around: children counted within the steps, the hexagon itself included; z: Gi*, NaN where all hexagons are alike; p: two-sided, from
    the permutation distribution; kind: 1 hot, -1 cold, 0 neither, after the correction for many tests.
    """

    cells: Ids
    around: Ids
    z: Floats
    p: Floats
    kind: Ids


def hot_spots(cells: Ids, children: Ids, area: Ids, *, steps: int = 1, level: float = LEVEL) -> Spots:
    """Gi* over the hexagons of an area.

    cells, children: hexagons that hold any, and how many different children; area: all hexagons where marks could have been set, each
    once, of one size; what is counted outside it is left out. steps: 1 to 3 hexagons around. ValueError for other steps. Nothing is hot or
    cold where the area has fewer than 30 hexagons.
    """
    if not 1 <= steps <= MAX_STEPS:
        raise ValueError(f"{steps} steps around a hexagon; allowed are 1 to {MAX_STEPS}")
    area = np.sort(area)
    values = np.zeros(len(area), dtype=np.int64)
    at = np.searchsorted(area, cells).clip(max=max(len(area) - 1, 0))
    inside = area[at] == cells if len(area) else np.zeros(len(cells), dtype=bool)
    values[at[inside]] = children[inside]
    weights = neighbours(area, steps)
    around, members = np.asarray(weights @ values), np.asarray(weights.sum(axis=1), dtype=np.int64).reshape(-1)
    p, side = _p_values(values, around, members)
    enough = len(area) >= LEAST_CELLS
    kind = np.where(false_discoveries_held(p, level) & enough, side, 0)
    return Spots(cells=area, around=around, z=_z(values, around, members), p=p, kind=kind.astype(np.int64))


def neighbours(cells: Ids, steps: int) -> sparse.csr_array:
    """1 for each two of these hexagons (ascending) that are so many steps apart at most, a hexagon and itself included; n × n."""
    size_m, q, r = grid.unpack(cells)
    offsets = [(dq, dr) for dq in range(-steps, steps + 1) for dr in range(-steps, steps + 1) if abs(dq + dr) <= steps]
    rows, columns = [], []
    for dq, dr in offsets:
        wanted = grid.pack(q + dq, r + dr, size_m)
        at = np.searchsorted(cells, wanted).clip(max=max(len(cells) - 1, 0))
        found = np.flatnonzero(cells[at] == wanted) if len(cells) else at
        rows.append(found)
        columns.append(at[found])
    ones = np.ones(sum(map(len, rows)), dtype=np.int64)
    return sparse.csr_array((ones, (np.concatenate(rows), np.concatenate(columns))), shape=(len(cells), len(cells)))


def false_discoveries_held(p: Floats, level: float) -> NDArray[np.bool_]:
    """Which of these p-values Benjamini and Hochberg (1995) name, so that the expected share of false ones among them is below level."""
    order = np.argsort(p, kind="stable")
    under = np.flatnonzero(p[order] <= level * np.arange(1, len(p) + 1) / max(len(p), 1))
    named = np.zeros(len(p), dtype=bool)
    named[order[: under[-1] + 1 if len(under) else 0]] = True
    return named


def _z(values: Ids, around: Ids, members: Ids) -> Floats:
    """Gi* as Ord and Getis (1995), with weights 0 and 1."""
    n = len(values)
    if n < 2:
        return np.full(n, np.nan)
    spread = np.std(values) * np.sqrt((n * members - members**2) / (n - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        z: Floats = np.where(spread > 0, (around - members * np.mean(values)) / spread, np.nan)
    return z


def _p_values(values: Ids, around: Ids, members: Ids) -> tuple[Floats, Ids]:
    """Two-sided p of each sum among all ways to deal the values out, and whether it is high (1) or low (-1)."""
    p, side = np.ones(len(values)), np.zeros(len(values), dtype=np.int64)
    for m in np.unique(members).tolist():
        mine = np.flatnonzero(members == m)
        chance = sum_distribution(values, m, int(around[mine].max()))
        at_most = np.cumsum(chance)[around[mine]]
        at_least = 1 - at_most + chance[around[mine]]
        p[mine] = np.minimum(2 * np.minimum(at_most, at_least), 1).clip(min=0)
        side[mine] = np.where(at_least < at_most, 1, -1)
    return p, side


def sum_distribution(values: Ids, m: int, most: int) -> Floats:
    """The chance of each sum from 0 to most when m of the values (whole, not negative) are drawn without replacement.

    The coefficient of tᵐ yˢ in the product of (1 + t yᵛ) over all values v counts the ways to draw m of them that add up to s.
    """
    ways = np.zeros((m + 1, most + 1))
    ways[0, 0] = 1.0
    for value, times in zip(*np.unique(values[values <= most], return_counts=True), strict=True):
        grown = ways.copy()
        for taken in range(1, min(m, int(times)) + 1):
            shift = taken * int(value)
            if shift > most:
                break
            grown[taken:, shift:] += comb(int(times), taken) * ways[: m + 1 - taken, : most + 1 - shift]
        ways = grown
    chance: Floats = ways[m] / comb(len(values), m)
    return chance
