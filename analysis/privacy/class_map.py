"""The map a class talks about: its own hexagons on the big screen, from ten children on. Pure.

The same cells, thresholds and suppression as a release, with two differences. All children are of one class, so that no class can give
too large a share. And the map moves in steps of five children: whoever looks before and after one more child has handed in sees the
same map twice.

    children   how many of the class's answers the map is made of
    rules      {k, cell_size_m, min_children, step}
    themes     [{code, words, icon, colour}] in the order of the survey
    cells      [{id, size_m, theme, children_rounded}] as in a release
    bbox       [west, south, east, north] of the cells, null when there is none
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from analysis import grid
from analysis.privacy import suppress
from analysis.privacy.release import Answers, Marks, bbox_of, publishable_cells
from analysis.privacy.trim import Geometries

MIN_CHILDREN = 10
"""Below this there is no map: docs/privacy.md, "Who sees what"."""
STEP = 5


def how_many(children: int) -> int:
    """Of so many answers, how many the map is made of: none below ten, then always a multiple of five."""
    return children // STEP * STEP if children >= MIN_CHILDREN else 0


def build(
    themes: Sequence[Mapping[str, Any]], public: Geometries, answers: Answers, marks: Marks, *, k: int = suppress.K
) -> dict[str, Any]:
    """The class's map, as in the module's description. ValueError below ten children or off the steps.

    themes: [{code, words, icon, colour, …}]. public: schools and public places, EPSG:25833. k may be raised, never lowered.
    """
    children = len(answers.keys)
    if children != how_many(children) or not children:
        raise ValueError(f"{children} children; a class's map is made of {MIN_CHILDREN} or more, in steps of {STEP}")
    # each child counts as a class of its own, so that no cell is hidden for being the class's alone
    alone = replace(answers, classes=np.arange(children))
    codes = [theme["code"] for theme in themes]
    cells = publishable_cells(public, alone, marks, codes=codes, k=max(k, suppress.K), size_m=grid.DEFAULT_SIZE_M)
    return {
        "children": children,
        "rules": {"k": max(k, suppress.K), "cell_size_m": grid.DEFAULT_SIZE_M, "min_children": MIN_CHILDREN, "step": STEP},
        "themes": [{key: theme[key] for key in ("code", "words", "icon", "colour")} for theme in themes],
        "cells": cells,
        "bbox": bbox_of([cell["id"] for cell in cells]),
    }
