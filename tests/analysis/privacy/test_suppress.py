"""Suppression: hand cases for each rule, then an attacker who tries every table that fits what is published."""

import itertools

import numpy as np
import pytest

from analysis.privacy import suppress
from analysis.privacy.suppress import Children, Row, tally


def children(number: int, classes: int = 4, seed: int = 1) -> Children:
    keys = np.random.default_rng(seed).integers(0, 2**64 - 1, number, dtype=np.uint64)
    return Children(keys=keys, classes=np.arange(number) % classes)


def choices_left(row: Row) -> list[int]:
    """For each hidden part, how many values it can have: every table is tried that an attacker must think possible."""
    assert row.total is not None
    ranges = [range(row.part_k) if n is None else range(suppress.possible(n, row.part_k)[0], n + 5) for n in row.parts]
    low, high = suppress.possible(row.total, row.total_k)
    tables = [
        table
        for table in itertools.product(*ranges)
        if (low <= sum(table) <= high if row.adds_up else max(table) <= high and sum(table) >= low)
    ]
    return [len({table[i] for table in tables}) for i, n in enumerate(row.parts) if n is None and tables]


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "1–4"), (4, "1–4"), (5, "5"), (120, "120")])
def test_a_desk_shows_few_children_as_a_range(count: int, text: str) -> None:
    assert suppress.shown(count) == text


def test_a_child_counts_once_in_a_group_however_much_it_marked() -> None:
    counted = tally(np.array([3, 3, 3, 8, 3]), np.array([0, 0, 1, 1, 1]), children(2))
    assert counted.groups.tolist() == [3, 8]
    assert counted.counts.tolist() == [2, 1]


def test_the_share_of_the_largest_class_is_found() -> None:
    who = Children(keys=np.arange(10, dtype=np.uint64), classes=np.array([1, 1, 1, 1, 2, 5, 5, 5, 5, 5]))
    counted = tally(np.array([0] * 5 + [1] * 5), np.arange(10), who)
    assert counted.class_share.tolist() == [0.8, 1.0]
    assert counted.publishable().tolist() == [True, False]


def test_four_children_are_never_published_five_are() -> None:
    counted = tally(np.array([0] * 4 + [1] * 5), np.array([0, 1, 2, 3, 0, 1, 2, 3, 4]), children(5, classes=5))
    assert counted.publishable().tolist() == [False, True]
    assert counted.publishable(suppress.K_SECOND_DIMENSION).tolist() == [False, False]


def test_nobody_gives_no_groups() -> None:
    empty = np.empty(0, dtype=np.int64)
    assert not len(tally(empty, empty, children(0)).publishable())


def test_rounded_counts_are_multiples_of_five_and_near() -> None:
    counts = np.repeat(np.arange(5, 200), 50)
    keys = np.random.default_rng(2).integers(0, 2**64 - 1, len(counts), dtype=np.uint64)
    rounded = suppress.round_counts(counts, keys)
    assert (rounded % 5 == 0).all()
    assert np.abs(rounded - counts).max() == 4
    assert (rounded[counts % 5 == 0] == counts[counts % 5 == 0]).all()
    assert abs((rounded - counts).mean()) < 0.05


def test_rounding_is_up_as_often_as_the_remainder_is_large() -> None:
    keys = np.arange(100_000, dtype=np.uint64)  # even keys that follow each other must behave like random ones
    for remainder in range(5):
        up = (suppress.round_counts(np.full(100_000, 20 + remainder), keys) == 25).mean()
        assert up == pytest.approx(remainder / 5, abs=0.01)


def test_the_same_children_round_the_same_way_in_every_table_and_order() -> None:
    who = children(60)
    members = np.arange(0, 37)
    one = tally(np.zeros(37, dtype=np.int64), members, who)
    other = tally(np.full(74, 9), np.concatenate([members[::-1], members]), who)
    assert one.rounded.tolist() == other.rounded.tolist()


def test_every_true_count_lies_among_those_possible_behind_its_rounded_one() -> None:
    counts = np.arange(5, 500)
    rounded = suppress.round_counts(counts, np.random.default_rng(3).integers(0, 2**64 - 1, len(counts), dtype=np.uint64))
    for count, number in zip(counts.tolist(), rounded.tolist(), strict=True):
        low, high = suppress.possible(number)
        assert low <= count <= high
        assert high - low >= 4


def test_a_row_that_pins_nothing_stays_as_it_is() -> None:
    row = Row(total=30, parts=(20, None, None, 15), total_k=5, part_k=5, adds_up=False)
    assert row.protected() == row


def test_a_single_hidden_theme_that_the_total_gives_away_takes_the_smallest_with_it() -> None:
    # at least 26 children in all, at most 14 and 9 in the two that are shown: 3 or 4 must be in the hidden one
    row = Row(total=30, parts=(10, 5, None), total_k=5, part_k=5, adds_up=False)
    assert choices_left(row) == [2]
    assert row.protected().parts == (10, None, None)


def test_the_total_goes_last_when_nothing_else_is_left_to_hide() -> None:
    assert Row(total=5, parts=(None, None), total_k=5, part_k=5, adds_up=False).protected().total is None


def test_a_hidden_total_protects_by_itself() -> None:
    row = Row(total=None, parts=(5, None), total_k=5, part_k=5, adds_up=True)
    assert row.protected() == row


@pytest.mark.parametrize("adds_up", [True, False])
@pytest.mark.parametrize("size", [2, 3])
def test_whatever_the_row_an_attacker_is_left_with_five_values_for_each_hidden_number(adds_up: bool, size: int) -> None:
    pinned_before = 0
    numbers = (None, 5, 10, 15)
    for total, *parts in itertools.product((5, 10, 15, 20, 25), *[numbers] * size):
        row = Row(total=total, parts=tuple(parts), total_k=5, part_k=5, adds_up=adds_up)
        pinned_before += any(left < 5 for left in choices_left(row))
        protected = row.protected()
        if protected.total is not None:
            assert all(left >= 5 for left in choices_left(protected)), row
    assert pinned_before > 0, "the rows tried must hold some that need protection"
