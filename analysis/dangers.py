"""Danger × use: where children say that it is dangerous, and how many children go there; with how sure the order is.

For each stretch of street: how many different children have marked a danger within 25 m of it, and how many different children's ways
follow it (analysis/streets.py). Stretches where danger was marked are ranked by how many children go along them; of equally many, by how
many have marked the danger.

Those who answered are some of those who could have. How much the order hangs on who they happened to be is told by the bootstrap (Efron
1979, percentile): the children are drawn anew with replacement, as many as there were, each with all that they said, and ranked again. A
stretch that is among the first three in 95 of 100 such drawings hardly stands there by chance; one that is in 40 may well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

from analysis.streets import Passages

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

REACH_M = 25.0
ROUNDS = 400
"""Drawings of the bootstrap: a share of a half is then known to within 5 points, 19 times of 20."""
FIRST = 3


@dataclass(frozen=True)
class Ranked:
    """Stretches where danger was marked, the first first. All parallel.

    afraid: children who marked a danger there; passing: children who go along; low, high: what 90 % of the drawings hold of `passing`;
    among_first: in what share of the drawings the stretch is among the first three (shared places count).
    """

    stretch: Ids
    afraid: Ids
    passing: Ids
    low: Ids
    high: Ids
    among_first: Floats


def near(dangers: Geometries, lines: Geometries, *, reach_m: float = REACH_M) -> tuple[Ids, Ids]:
    """(danger, stretch) for all dangers within reach of a stretch: shapely Points (or areas) and LineStrings in one CRS in metres."""
    there = np.flatnonzero(~shapely.is_missing(dangers) & ~shapely.is_empty(dangers))
    danger, stretch = shapely.STRtree(lines).query(dangers[there], predicate="dwithin", distance=reach_m)
    return there[danger], np.asarray(stretch, dtype=np.int64)


def rank(
    passages: Passages, child: Ids, danger: tuple[Ids, Ids], danger_child: Ids, *, seed: int, least_afraid: int = 1, rounds: int = ROUNDS
) -> Ranked:
    """Rank stretches where at least so many children have marked a danger.

    child: whose each way is; danger: pairs from `near`; danger_child: whose each danger is. A child has the same number, from 0, in both.
    seed: the same drawings for the same seed. Empty when nothing is dangerous.
    """
    where, whose = danger[1], danger_child[danger[0]]
    children = int(max(child.max(initial=-1), danger_child.max(initial=-1))) + 1
    stretches = int(max(where.max(initial=-1), passages.stretch.max(initial=-1))) + 1
    afraid_of = _said(where, whose, (stretches, children))
    follows = _said(passages.stretch, child[passages.way], (stretches, children))
    afraid = np.asarray(afraid_of.sum(axis=1), dtype=np.int64).reshape(-1)
    passing = np.asarray(follows.sum(axis=1), dtype=np.int64).reshape(-1)
    chosen = np.flatnonzero(afraid >= max(1, least_afraid))
    chosen = chosen[np.lexsort((chosen, -afraid[chosen], -passing[chosen]))]
    drawn = _drawings(children, rounds, seed)
    again, fear = follows[chosen] @ drawn, afraid_of[chosen] @ drawn
    low, high = np.percentile(again, (5, 95), axis=1) if len(chosen) else (np.empty(0), np.empty(0))
    return Ranked(
        stretch=chosen,
        afraid=afraid[chosen],
        passing=passing[chosen],
        low=np.floor(low).astype(np.int64),
        high=np.ceil(high).astype(np.int64),
        among_first=_among_first(again, fear),
    )


def _said(stretch: Ids, child: Ids, shape: tuple[int, int]) -> sparse.csr_array:
    """1 where a child has to do with a stretch, however often."""
    said = sparse.csr_array((np.ones(len(stretch)), (stretch, child)), shape=shape)
    said.data[:] = 1
    return said


def _drawings(children: int, rounds: int, seed: int) -> Floats:
    """How often each child is drawn, a column for each round."""
    if not children:
        return np.zeros((0, rounds))
    return np.random.default_rng(seed).multinomial(children, np.full(children, 1 / children), size=rounds).T.astype(np.float64)


def _among_first(passing: Floats, afraid: Floats) -> Floats:
    """In what share of the rounds each stretch is among the first three; one whose danger nobody drawn has marked is nowhere."""
    if not len(passing):
        return np.empty(0)
    # fears are fewer than this, so that they only order what is passed by equally many
    order = np.where(afraid > 0, passing + afraid / (afraid.max() + 1), -1)
    third = np.sort(order, axis=0)[-FIRST:][0]
    return np.asarray(((order >= third) & (order >= 0)).mean(axis=1), dtype=np.float64)
