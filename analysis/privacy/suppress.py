"""Counting children so that no published number points at one: thresholds, dominance, rounding, complementary suppression.

Source of every number: docs/privacy.md, "Releases". The attacker is taken to know all rules and all published numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

K = 5
"""No published number stands for fewer children."""
K_SECOND_DIMENSION = 10
"""The same where children are split by a second dimension, such as the grade band."""
MIN_SLICE = 20
"""A part of the responses smaller than this is not shown at all."""
MAX_CLASS_SHARE = 0.8
"""A number to which one class gives more than this is that class's, not the place's."""
BASE = 5
"""Published counts are multiples of this."""
MIN_INTERVAL = 5
"""So many values must stay possible for every number that is not published."""

Ids = NDArray[np.int64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Children:
    """One row per child, by the number that marks carry for it.

    keys: 64 bits each, fixed for the child, unknown to readers. classes: any number that is equal within one class.
    """

    keys: Keys
    classes: Ids


@dataclass(frozen=True)
class Tally:
    """Different children per group, in ascending order of group."""

    groups: Ids
    counts: Ids
    rounded: Ids
    class_share: NDArray[np.float64]

    def publishable(self, k: int = K) -> NDArray[np.bool_]:
        """Which groups may be shown by themselves: enough children, and not all but a few of one class."""
        return np.asarray((self.counts >= k) & (self.class_share <= MAX_CLASS_SHARE))


def shown(children: int, k: int = K) -> str:
    """A count as a planner's desk shows it: "0", "1–4", then the number itself."""
    return str(children) if children == 0 or children >= k else f"1–{k - 1}"


def tally(groups: Ids, children: Ids, who: Children) -> Tally:
    """Count different children per group.

    groups, children: parallel, one row per mark; children index `who`. A child counts once in a group.
    """
    order = np.lexsort((children, groups))
    group, child = groups[order], children[order]
    first = np.ones(len(group), dtype=bool)
    first[1:] = (group[1:] != group[:-1]) | (child[1:] != child[:-1])
    group, child = group[first], child[first]
    unique, start, counts = np.unique(group, return_index=True, return_counts=True)
    if not len(unique):
        return Tally(groups=unique, counts=counts, rounded=counts, class_share=np.empty(0))
    keys = np.add.reduceat(who.keys[child], start)
    place = np.repeat(np.arange(len(unique)), counts)
    pairs, per_class = np.unique(np.stack([place, who.classes[child]]), axis=1, return_counts=True)
    largest = np.zeros(len(unique), dtype=np.int64)
    np.maximum.at(largest, pairs[0], per_class)
    return Tally(groups=unique, counts=counts, rounded=round_counts(counts, keys), class_share=largest / counts)


def round_counts(counts: Ids, keys: Keys) -> Ids:
    """Round to a multiple of five, up as often as the remainder is large, decided by the key alone.

    keys: the sum of the children's own keys (modulo 2⁶⁴). The same children therefore round the same way in every
    table and every release, and asking again averages nothing out. The mean error is 0, the largest 4.
    """
    remainder = counts % BASE
    chance = (_mix(keys) >> np.uint64(11)).astype(np.float64) / 2**53
    return np.asarray(counts - remainder + BASE * (chance * BASE < remainder), dtype=np.int64)


def possible(rounded: int, k: int = K) -> tuple[int, int]:
    """The lowest and highest true count behind a published one."""
    return max(k, rounded - BASE + 1), rounded + BASE - 1


@dataclass(frozen=True)
class Row:
    """Published numbers that belong together: a total and its parts, None where hidden.

    total_k, part_k: below which the total and the parts are hidden by themselves. adds_up: True where a child is in one
    part only (grade bands), False where it may be in several (themes of a cell).
    """

    total: int | None
    parts: tuple[int | None, ...]
    total_k: int
    part_k: int
    adds_up: bool

    def protected(self) -> Row:
        """Complementary suppression: the row without the numbers that would pin a hidden one.

        The smallest part goes first, the total last, for it says most.
        """
        row = self
        while row.total is not None and any(part is None and row._choices(row.total, i) < MIN_INTERVAL for i, part in enumerate(row.parts)):
            published = [(number, i) for i, number in enumerate(row.parts) if number is not None]
            if not published:
                return replace(row, total=None)
            _, smallest = min(published)
            row = replace(row, parts=tuple(None if i == smallest else part for i, part in enumerate(row.parts)))
        return row

    def _choices(self, total: int, hidden: int) -> int:
        """How many values stay possible for a hidden part, for one who takes every hidden part for smaller than part_k."""
        low_total, high_total = possible(total, self.total_k)
        others = [(0, self.part_k - 1) if n is None else possible(n, self.part_k) for i, n in enumerate(self.parts) if i != hidden]
        low = max(0, low_total - sum(high for _, high in others))
        high = high_total - (sum(low for low, _ in others) if self.adds_up else 0)
        return (min(high, self.part_k - 1) if low < self.part_k else high) - low + 1


def _mix(keys: Keys) -> Keys:
    """Stafford's variant 13 of the splitmix64 finaliser: every input bit moves every output bit."""
    z = keys.astype(np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)
