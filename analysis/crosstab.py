"""A cross-table of children: what may be told of each cell, and shares. Pure: counts in, what is said out.

A cross-table has rows × columns and margins. A child counts once in a cell and once in a margin, so margins are no sums where a child may
stand under several headings (categories); they are sums where it stands under one only (grade bands, schools): a line that *adds up*.

Two rules, by what the table tells:

- *told_of*, of what the desk shows anyway, mark by mark: numbers as they are, 1 to 4 as a range. The range would be no range where the
  others of a line and its total give the number away, so the smallest of those is then told as "5 or more" as well (complementary
  suppression). It holds for a table by itself, as it lies on paper or in a spreadsheet; who lays several tables beside each other can
  reckon with their differences, as everywhere on the desk. docs/privacy.md.
- *rounded_of*, of answers that belong to a child and not to a mark: the rules of a release. Who could lay two tables beside each other
  could else tell what the child behind one mark has answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from analysis.privacy.suppress import K_SECOND_DIMENSION, Children, Ids, K, Row, shown, tally

MIN_LEFT = 3
"""So many of the values of a range stay possible for one who reckons with all the others of its line."""

Line = tuple[NDArray[np.intp], bool]
"""Flat places of a line's parts and, last, its total; and whether the parts add up to it."""


class Told(IntEnum):
    """What is told of a number."""

    EXACTLY = 0
    FEW = 1
    """1 to k − 1."""
    UNDER = 2
    """0 to k − 1."""
    MORE = 3
    """k or more."""
    HIDDEN = 4


@dataclass(frozen=True)
class Crosstab:
    """Children per cell with margins last, (rows + 1) × (columns + 1); what is told of each; marks likewise, or None where untold.

    children: as they may be told, so rounded in a table of rounded numbers; 0 where the number is hidden.
    """

    children: Ids
    told: NDArray[np.int8]
    marks: Ids | None = None
    k: int = K

    def said(self, row: int, column: int) -> str:
        """What stands in the cell."""
        number = int(self.children[row, column])
        match Told(self.told[row, column]):
            case Told.EXACTLY:
                return str(number)
            case Told.FEW:
                return shown(1, self.k)
            case Told.UNDER:
                return f"0–{self.k - 1}"
            case Told.MORE:
                return f"{self.k} eller flere"
            case _:
                return "–"

    def share(self, row: int, column: int) -> str:
        """The cell's share of the children in its row, in whole per cent; "" where one of the two is not told exactly."""
        whole = int(self.children[row, -1])
        if self.told[row, column] or self.told[row, -1] or not whole:
            return ""
        return f"{min(100, round(100 * int(self.children[row, column]) / whole))} %"

    def marks_said(self, row: int, column: int) -> int | None:
        """How many marks stand behind the cell; None where it is not told, as behind few children: one mark is one child's."""
        return None if self.marks is None or not self._marks_told[row, column] else int(self.marks[row, column])

    @cached_property
    def _marks_told(self) -> NDArray[np.bool_]:
        """Where children are told exactly; of margins only those from which no cell's marks can be reckoned, since marks always add up."""
        told: NDArray[np.bool_] = np.equal(self.told, Told.EXACTLY)
        told[:, -1] &= told[:, :-1].all(axis=1)
        told[-1, :] &= told[:-1, :].all(axis=0)
        hidden_rows, hidden_columns = (~told[:-1, -1]).sum(), (~told[-1, :-1]).sum()
        told[-1, -1] = self.told[-1, -1] == Told.EXACTLY and hidden_rows != 1 and hidden_columns != 1
        return told

    @property
    def has_untold(self) -> bool:
        """Whether a number of k or more is not told, to keep a smaller one."""
        return bool((self.told == Told.MORE).any())


def told_of(children: Ids, *, rows_apart: bool, columns_apart: bool, k: int = K) -> NDArray[np.int8]:
    """What may be told of each number, so that the other numbers of its line leave MIN_LEFT values for each range of few.

    children: (rows + 1) × (columns + 1) with the margins last; in each row and column there is somebody. rows_apart: a child is in one
    row only, so that columns add up; columns_apart the same of rows. Returns Told, same shape; an empty table gives the shape back. Where a
    total is few and its parts add up, they are told as "0 to few": four times "1–4" under a total of "1–4" would mean one child each.
    """
    told = np.where((children > 0) & (children < k), Told.FEW, Told.EXACTLY).astype(np.int8)
    lines = list(_lines(children.shape, rows_apart=rows_apart, columns_apart=columns_apart))
    for places, adds_up in lines:
        if adds_up and told.flat[places[-1]] != Told.EXACTLY:
            told.flat[places[:-1]] = Told.UNDER
    while (at := _next_to_hide(children, told, lines, k)) is not None:
        told.flat[at] = Told.MORE
    return told


def rounded_of(rows: Ids, columns: Ids, child: Ids, who: Children, shape: tuple[int, int], *, apart: tuple[bool, bool]) -> Crosstab:
    """A table by the rules of a release: k = 10 and rounded to 5 by the children's keys, nothing that is one class's, no number pinned.

    rows, columns, child: parallel, one row per mark; the numbers of its row, its column and, into `who`, its child. shape: how many rows
    and columns there are, margins apart. apart: whether a child is in one row only, and in one column only. Numbers under k, 0 among
    them, are hidden alike. Source: docs/privacy.md, "Releases".
    """
    height, width = shape[0] + 1, shape[1] + 1
    numbers: list[int | None] = [None] * (height * width)
    cells = (rows * width + columns, rows * width + shape[1], shape[0] * width + columns, np.full(len(rows), height * width - 1))
    found = tally(np.concatenate(cells).astype(np.int64), np.tile(child, 4), who)
    may = found.publishable(K_SECOND_DIMENSION)
    for at, number in zip(found.groups[may].tolist(), found.rounded[may].tolist(), strict=True):
        numbers[at] = number
    _unpin(numbers, list(_lines((height, width), rows_apart=apart[0], columns_apart=apart[1])))
    children = np.array([number or 0 for number in numbers], dtype=np.int64).reshape(height, width)
    told = np.array([Told.HIDDEN if number is None else Told.EXACTLY for number in numbers], dtype=np.int8).reshape(height, width)
    return Crosstab(children, told, k=K_SECOND_DIMENSION)


def _unpin(numbers: list[int | None], lines: Sequence[Line]) -> None:
    """Hide what would pin a hidden number, line by line, until no line needs it."""
    before: list[int | None] = []
    while before != numbers:
        before = list(numbers)
        for line, adds_up in lines:
            *parts, total = (numbers[at] for at in line)
            row = Row(total, tuple(parts), K_SECOND_DIMENSION, K_SECOND_DIMENSION, adds_up).protected()
            for at, number in zip(line, (*row.parts, row.total), strict=True):
                numbers[at] = number


def _lines(shape: tuple[int, ...], *, rows_apart: bool, columns_apart: bool) -> Iterator[Line]:
    """Every row and every column, the margins' own among them."""
    place = np.arange(shape[0] * shape[1]).reshape(shape)
    # a line of a total alone, as in a table of one row without a margin, says nothing
    if shape[1] > 1:
        yield from ((row, columns_apart) for row in place)
    if shape[0] > 1:
        yield from ((column, rows_apart) for column in place.T)


def _next_to_hide(children: Ids, told: NDArray[np.int8], lines: Sequence[Line], k: int) -> int | None:
    """The flat place of a number to tell less of; None where no range is given away, or nothing is left to hide for it."""
    low, high = _bounds(children, told, lines, k)
    left = np.where(np.isin(told, (Told.FEW, Told.UNDER)), high - low + 1, inf).ravel()
    exact = ((told == Told.EXACTLY) & (children >= k)).ravel()
    for at in np.flatnonzero(left < MIN_LEFT)[np.argsort(left[left < MIN_LEFT], kind="stable")]:
        own = [line for line in lines if at in line[0] and exact[line[0]].any()]
        # the smallest number of a line, of the one first that tells most by itself; totals last, for they say most
        own.sort(key=lambda line: -_says(low, high, line, int(at)))
        for places in (*(places[:-1] for places, _ in own), *(places[-1:] for places, _ in own)):
            if exact[places].any():
                return int(min(places[exact[places]].tolist(), key=lambda place: children.flat[place]))
    return None


def _says(low: NDArray[np.float64], high: NDArray[np.float64], line: Line, at: int) -> float:
    """How much one line tells of one of its numbers: by how much the others of the line narrow 0 to any."""
    places, adds_up = line
    if at == places[-1]:
        return 0
    others = places[:-1][places[:-1] != at]
    at_least = low.flat[places[-1]] - high.flat[others].sum()
    at_most = high.flat[places[-1]] - (low.flat[others].sum() if adds_up else 0)
    return float(max(0, at_least) - min(at_most, 10 * MIN_LEFT))


def _bounds(children: Ids, told: NDArray[np.int8], lines: Sequence[Line], k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lowest and highest number each may be, when every line is reckoned with every other until nothing more is learned."""
    low = np.select([told == Told.FEW, told == Told.UNDER, told == Told.MORE], [1, 0, k], children).astype(float)
    high = np.select([told == Told.MORE, told != Told.EXACTLY], [children.max(), k - 1], children).astype(float)
    before = np.empty(0)
    while not np.array_equal(before, now := np.concatenate([low.ravel(), high.ravel()])):
        before = now
        for places, adds_up in lines:
            _learn(low, high, places[:-1], places[-1], adds_up=adds_up)
    return low, high


def _learn(low: NDArray[np.float64], high: NDArray[np.float64], parts: NDArray[np.intp], total: np.intp, *, adds_up: bool) -> None:
    """What one line says of its parts and its total: a total is as large as each of them and no larger than all together."""
    lows, highs = low.flat[parts], high.flat[parts]
    low.flat[total] = max(low.flat[total], lows.sum() if adds_up else lows.max(initial=0))
    high.flat[total] = min(high.flat[total], highs.sum())
    low.flat[parts] = np.maximum(lows, low.flat[total] - (highs.sum() - highs))
    high.flat[parts] = np.minimum(highs, high.flat[total] - (lows.sum() - lows if adds_up else 0))
