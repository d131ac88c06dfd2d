"""The class's map: ten children or none, steps of five, k = 5 in every cell, and never dominance within the one class."""

import numpy as np
import pytest

from analysis.privacy import class_map
from tests.analysis.privacy.test_release import CENTRE, FACTS, THEMES, answers, marks_at, together

FAR, FARTHER = ((CENTRE[0] + away, CENTRE[1]) for away in (3_000.0, 6_000.0))


@pytest.mark.parametrize(("children", "used"), [(0, 0), (9, 0), (10, 10), (14, 10), (15, 15), (29, 25)])
def test_a_map_is_made_of_ten_or_more_in_steps_of_five(children: int, used: int) -> None:
    assert class_map.how_many(children) == used


@pytest.mark.parametrize("children", [0, 5, 9, 12])
def test_off_the_steps_nothing_is_built(children: int) -> None:
    with pytest.raises(ValueError, match="steps of 5"):
        class_map.build(THEMES, FACTS.public, answers(children, classes=1), marks_at(list(range(children))))


def test_a_cell_of_the_whole_class_is_shown_and_those_of_four_are_not() -> None:
    marks = together(marks_at(list(range(10))), marks_at(list(range(4)), xy=FAR), marks_at(list(range(4)), xy=FARTHER))
    built = class_map.build(THEMES, FACTS.public, answers(10, classes=1), marks)
    assert len({cell["id"] for cell in built["cells"]}) == 1
    assert {cell["theme"] for cell in built["cells"]} >= {"activity"}
    assert {cell["children_rounded"] for cell in built["cells"]} == {10}


def test_a_single_hidden_cell_takes_another_with_it_as_in_a_release() -> None:
    marks = together(marks_at(list(range(10))), marks_at(list(range(4)), xy=FAR))
    assert class_map.build(THEMES, FACTS.public, answers(10, classes=1), marks)["cells"] == []


def test_one_child_who_draws_ten_times_is_one_child() -> None:
    built = class_map.build(THEMES, FACTS.public, answers(10, classes=1), marks_at([3] * 10))
    assert (built["cells"], built["bbox"]) == ([], None)


def test_nothing_but_cells_themes_and_the_rules_is_in_it() -> None:
    built = class_map.build(THEMES, FACTS.public, answers(15, classes=1), marks_at(list(range(15))))
    assert set(built) == {"children", "rules", "themes", "cells", "bbox"}
    assert set(built["cells"][0]) == {"id", "size_m", "theme", "children_rounded"}
    assert built["rules"]["k"] == 5
    assert isinstance(built["bbox"], list)
    assert all(round(edge, 3) == edge for edge in built["bbox"])
    assert np.isfinite(built["bbox"]).all()
