"""The map's steps: where each begins and ends."""

from itertools import pairwise

import pytest

from followup.scale import SCALE, step_of


@pytest.mark.parametrize(("children", "index"), [(5, 0), (10, 1), (15, 1), (20, 2), (35, 2), (40, 3), (75, 3), (80, 4), (2_000, 4)])
def test_a_number_belongs_to_the_step_whose_words_name_it(children: int, index: int) -> None:
    assert step_of(children).index == index


def test_a_number_no_release_holds_has_no_step() -> None:
    with pytest.raises(ValueError, match="0 children"):
        step_of(0)


def test_steps_follow_each_other_without_a_gap_or_overlap_in_their_words() -> None:
    numbers = [[int(part) for part in step.numbers.replace("–", " ").split() if part.isdigit()] for step in SCALE]
    assert [row[0] for row in numbers] == [step.lowest for step in SCALE]
    for row, following in pairwise(numbers):
        assert row[-1] + 5 == following[0]
