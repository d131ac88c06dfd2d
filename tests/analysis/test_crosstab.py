"""What may be told of a cross-table: hand-made cases, and an attacker who knows every number and rule and reckons with all at once."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from analysis.crosstab import MIN_LEFT, Crosstab, Told, rounded_of, told_of
from analysis.privacy.suppress import Children, Ids, possible
from mapping.demo.dice import Dice

K = 5
Floats = NDArray[np.float64]


def said(children: Ids, *, rows_apart: bool = False, columns_apart: bool = False) -> list[list[str]]:
    """All that stands in the table."""
    table = Crosstab(children, told_of(children, rows_apart=rows_apart, columns_apart=columns_apart))
    return [[table.said(row, column) for column in range(children.shape[1])] for row in range(children.shape[0])]


def test_few_are_a_range_and_what_cannot_be_reckoned_stays() -> None:
    # children may stand in several columns, so the total of the first row says nothing of the three
    children = np.array([[20, 3, 22], [9, 0, 9], [25, 3, 26]])
    assert said(children) == [["20", "1–4", "22"], ["9", "0", "9"], ["25", "1–4", "26"]]


def test_one_range_in_a_line_that_adds_up_takes_the_smallest_other_with_it() -> None:
    children = np.array([[12, 15, 3, 30], [8, 9, 9, 26], [20, 24, 10, 54]])
    assert said(children, columns_apart=True)[0] == ["5 eller flere", "15", "1–4", "30"]
    assert said(children, columns_apart=True)[1:] == [["8", "9", "9", "26"], ["20", "24", "10", "54"]]


def test_a_second_number_goes_where_the_smallest_leaves_too_little_room() -> None:
    # 14 in all: with only the five untold, "5 or more" and seven would leave at most two
    children = np.array([[5, 2, 7, 14], [24, 21, 26, 71], [25, 22, 27, 74]])
    assert said(children, columns_apart=True)[0] == ["5 eller flere", "1–4", "5 eller flere", "14"]


def test_a_total_that_no_overlap_explains_gives_a_range_away_and_is_cared_for() -> None:
    # 25 children in all and 22 in the two that are told: three or four must be in the last one
    children = np.array([[15, 7, 4, 25], [30, 30, 30, 40], [40, 35, 32, 60]])
    assert said(children)[0] == ["15", "5 eller flere", "1–4", "25"]


def test_under_a_total_of_few_nothing_is_told_of_the_parts() -> None:
    children = np.array([[1, 1, 1, 1, 4], [9, 9, 9, 9, 36], [10, 10, 10, 10, 40]])
    assert said(children, columns_apart=True)[0] == ["0–4", "0–4", "0–4", "0–4", "1–4"]


def test_an_empty_table_is_its_own_answer() -> None:
    assert said(np.zeros((1, 1), dtype=np.int64)) == [["0"]]


def test_shares_are_of_the_rows_children_and_only_of_what_is_told() -> None:
    children = np.array([[10, 12, 3, 20], [10, 12, 9, 20], [10, 12, 9, 20]])
    table = Crosstab(children, told_of(children, rows_apart=False, columns_apart=False))
    assert [table.share(0, column) for column in range(4)] == ["50 %", "60 %", "", "100 %"]


def test_marks_are_told_where_children_are_and_where_no_sum_tells_the_rest() -> None:
    children = np.array([[20, 3, 22], [9, 12, 15], [25, 14, 30]])
    table = Crosstab(
        children, told_of(children, rows_apart=False, columns_apart=False), marks=np.array([[30, 3, 33], [9, 20, 29], [39, 23, 62]])
    )
    # 33 − 30, 23 − 20 and 62 − 29 − 30 would be the three marks, and so at most three children
    assert [[table.marks_said(row, column) for column in range(3)] for row in range(3)] == [[30, None, None], [9, 20, 29], [39, None, None]]


def _tables(*, rows_apart: bool, columns_apart: bool) -> list[Ids]:
    """Tables of children who stand in one or several rows and columns, some rows and columns rare."""
    dice, found = Dice(20), []
    for number in range(24):
        rows, columns, children = dice.whole(2, 4), dice.whole(2, 4), dice.whole(6, 40)
        table = np.zeros((rows + 1, columns + 1), dtype=np.int64)
        for _ in range(children):
            at_rows = {dice.weighted(range(rows), [1 / (1 + row) ** 2 for row in range(rows)]) for _ in range(1 if rows_apart else 2)}
            at_columns = {
                dice.weighted(range(columns), [1 / (1 + column) ** 2 for column in range(columns)])
                for _ in range(1 if columns_apart else 1 + number % 2)
            }
            for row in (*at_rows, rows):
                for column in (*at_columns, columns):
                    table[row, column] += 1
        found.append(table[table[:, -1] > 0][:, table[-1] > 0])
    return found


def _extremes(children: Ids, told: NDArray[np.int8], at: int, *, rows_apart: bool, columns_apart: bool) -> tuple[int, int]:
    """The lowest and highest number that a cell may have for one who knows all that is told, as linear equations and bounds."""
    low = np.select([told == Told.FEW, told == Told.UNDER, told == Told.MORE], [1, 0, K], children).ravel()
    high = np.select([told == Told.MORE, told != Told.EXACTLY], [10_000, K - 1], children).ravel()
    place = np.arange(children.size).reshape(children.shape)
    equal: list[Floats] = []
    at_most: list[Floats] = []
    for lines, adds_up in ((place, columns_apart), (place.T, rows_apart)):
        for *parts, total in lines:
            sums = np.zeros(children.size)
            sums[parts], sums[total] = -1, 1
            (equal if adds_up else at_most).append(sums)
            for part in parts:
                below = np.zeros(children.size)
                below[part], below[total] = 1, -1
                at_most.append(below)
    goal = np.zeros(children.size)
    ends = []
    for sign in (1, -1):
        goal[at] = sign
        found = linprog(
            goal,
            A_ub=np.array(at_most),
            b_ub=np.zeros(len(at_most)),
            A_eq=np.array(equal).reshape(-1, children.size),
            b_eq=np.zeros(len(equal)),
            bounds=list(zip(low.tolist(), high.tolist(), strict=True)),
        )
        assert found.success
        assert found.fun is not None
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


@pytest.mark.parametrize(("rows_apart", "columns_apart"), [(False, True), (True, False), (True, True), (False, False)])
def test_an_attacker_with_all_numbers_of_a_table_pins_no_range(rows_apart: bool, columns_apart: bool) -> None:
    ranges = given_away_before = 0
    for children in _tables(rows_apart=rows_apart, columns_apart=columns_apart):
        naive = np.where((children > 0) & (children < K), Told.FEW, Told.EXACTLY).astype(np.int8)
        told = told_of(children, rows_apart=rows_apart, columns_apart=columns_apart)
        inner = np.arange(children.size).reshape(children.shape)[:-1, :-1]
        for at in inner[children[:-1, -1] >= K].ravel().tolist():
            if told.flat[at] not in (Told.FEW, Told.UNDER):
                continue
            ranges += 1
            how = {"rows_apart": rows_apart, "columns_apart": columns_apart}
            if naive.flat[at] == Told.FEW:
                lowest, highest = _extremes(children, naive, at, **how)
                given_away_before += highest - lowest + 1 < MIN_LEFT
            lowest, highest = _extremes(children, told, at, **how)
            # where both rows and columns add up, what sums of several ranges say is not followed to its end; nothing is pinned all the same
            assert highest - lowest + 1 >= (2 if rows_apart and columns_apart else MIN_LEFT), (children, told)
    assert ranges > 20
    assert given_away_before > 0 or not (rows_apart or columns_apart)


def _of_children(number: int) -> Children:
    return Children(keys=np.arange(1, number + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15), classes=np.arange(number) % 4)


def test_answers_of_children_are_told_by_the_rules_of_a_release() -> None:
    """40 children in two rows each; answers 0 (30 children), 1 (8) and 2 (2)."""
    child = np.repeat(np.arange(40), 2)
    rows = np.tile([0, 1], 40)
    columns = np.where(child < 30, 0, np.where(child < 38, 1, 2))
    table = rounded_of(rows, columns, child, _of_children(40), (2, 3), apart=(False, True))
    assert table.marks is None
    assert (table.children % 5 == 0).all()
    shown = [[table.said(row, column) for column in range(4)] for row in range(3)]
    # eight and two are fewer than ten; none is told, nor what a subtraction would tell
    assert all(row[1:3] == ["–", "–"] for row in shown)
    low, high = possible(int(table.children[0, 0]), 10)
    assert low <= 30 <= high


def test_what_one_class_says_alone_is_not_told() -> None:
    who = Children(keys=np.arange(40, dtype=np.uint64), classes=np.where(np.arange(40) < 20, 0, 1 + np.arange(40) % 3))
    child = np.arange(40)
    table = rounded_of(np.zeros(40, dtype=np.int64), (child >= 20).astype(np.int64), child, who, (1, 2), apart=(False, True))
    assert table.said(0, 0) == "–"
