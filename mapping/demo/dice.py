"""Repeatable chance for the synthetic towns: the same seed gives the same town on every machine and NumPy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

MASK = (1 << 64) - 1


class Dice:
    """SplitMix64. NumPy and Python promise no equal streams between releases; fixtures need one that never moves."""

    def __init__(self, seed: int) -> None:
        self._state = seed & MASK

    def bits(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return mixed ^ (mixed >> 31)

    def fork(self) -> Dice:
        """Independent dice, so that one more throw in one place does not move everything after it."""
        return Dice(self.bits())

    def unit(self) -> float:
        """Uniform in [0, 1)."""
        return (self.bits() >> 11) / (1 << 53)

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.unit() < probability

    def normal(self, spread: float = 1.0) -> float:
        """Gaussian around 0 (Box and Muller)."""
        return spread * math.sqrt(-2.0 * math.log(1.0 - self.unit())) * math.cos(math.tau * self.unit())

    def pick(self, items: Sequence[T]) -> T:
        """One of items, all equally likely."""
        return items[int(self.unit() * len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of items, in proportion to weights."""
        mark = self.unit() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            mark -= weight
            if mark < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list in random order (Fisher and Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = int(self.unit() * (last + 1))
            result[last], result[other] = result[other], result[last]
        return result


def smooth_noise(shape: tuple[int, int], *, cells: float, seed: int) -> NDArray[np.float64]:
    """A raster of value noise in [-1, 1]: random values on a lattice `cells` apart, joined smoothly."""
    dice = Dice(seed)
    rows, columns = (int(size / cells) + 3 for size in shape)
    lattice = np.array([[dice.between(-1.0, 1.0) for _ in range(columns)] for _ in range(rows)])
    y, x = np.meshgrid(np.arange(shape[0]) / cells, np.arange(shape[1]) / cells, indexing="ij")
    row, column = y.astype(int), x.astype(int)
    # Smoothstep instead of straight lines between lattice points, which would show as creases in the hills.
    v, u = (part * part * (3 - 2 * part) for part in (y - row, x - column))
    near = lattice[row, column] * (1 - u) + lattice[row, column + 1] * u
    far = lattice[row + 1, column] * (1 - u) + lattice[row + 1, column + 1] * u
    return np.asarray(near * (1 - v) + far * v)
