"""The map's scale: five steps of how many children, the same in every theme and every release, so that maps can be compared. Pure.

The steps' colours are in static/css/components/release.css: viridis from yellow (few) to purple (many), which keeps its order for the
colour-blind and in grey print. Words and numbers always stand beside them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One colour of the scale: from so many children, in words and numbers."""

    index: int
    lowest: int
    words: str
    numbers: str

    @property
    def is_dark(self) -> bool:
        """Whether light letters are read better on its colour."""
        return self.index >= 3


# Counts are multiples of five, so each step begins at one and ends five below the next.
SCALE = (
    Step(0, 5, "Noen få", "om lag 5 barn"),
    Step(1, 10, "Flere", "10–15 barn"),
    Step(2, 20, "Mange", "20–35 barn"),
    Step(3, 40, "Svært mange", "40–75 barn"),
    Step(4, 80, "Flest", "80 barn eller flere"),
)
_LOWEST = [step.lowest for step in SCALE]


def step_of(children: int) -> Step:
    """The step of a published number; ValueError below 5, which no release holds."""
    if children < _LOWEST[0]:
        raise ValueError(f"{children} children; a release shows {_LOWEST[0]} or more")
    return SCALE[bisect_right(_LOWEST, children) - 1]
