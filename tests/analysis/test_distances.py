"""Lengths, distances and detours: shapes whose answer is known by head."""

import numpy as np
import pytest
from shapely import LineString, Point

from analysis.distances import in_steps, measure, per_child, quartiles, rounded_m


def _array(*shapes: LineString | Point) -> np.ndarray:
    return np.array(shapes, dtype=object)


def test_a_way_with_one_corner_is_measured_as_by_hand() -> None:
    """300 m east and 400 m north: 700 m drawn, 500 m straight; the school lies 100 m beyond the inner end."""
    way, school = LineString([(0, 0), (300, 0), (300, 400)]), Point(300, 500)
    found = measure(_array(way), _array(school))
    assert found.length_m.tolist() == [700]
    assert found.away_m[0] == pytest.approx(np.hypot(300, 500))
    assert found.detour[0] == pytest.approx(1.4)


def test_the_outer_end_is_the_one_farther_from_the_school_whichever_way_it_was_drawn() -> None:
    way, school = LineString([(0, 0), (900, 0)]), Point(1000, 0)
    there, back = measure(_array(way), _array(school)), measure(_array(way.reverse()), _array(school))
    assert there.away_m.tolist() == back.away_m.tolist() == [1000]
    assert there.detour.tolist() == [1]


def test_a_loop_has_a_length_and_no_detour() -> None:
    found = measure(_array(LineString([(0, 0), (100, 0), (100, 100), (0, 10)])), _array(Point(0, 0)))
    assert np.isnan(found.detour[0])
    assert found.length_m[0] > 300


def test_nothing_is_measured_of_nothing() -> None:
    found = measure(_array(), _array())
    assert len(found.length_m) == len(found.away_m) == len(found.detour) == 0
    assert per_child(np.empty(0), np.empty(0, dtype=np.int64))[1].tolist() == []


def test_a_child_counts_once_with_the_mean_of_its_ways() -> None:
    children, means = per_child(np.array([100.0, 300.0, 50.0, np.nan]), np.array([7, 7, 2, 9]))
    assert children.tolist() == [2, 7]
    assert means.tolist() == [50, 200]


def test_quartiles_are_a_spreadsheets_and_of_five_children_at_least() -> None:
    assert quartiles(np.array([1.0, 2, 3, 4])) is None
    found = quartiles(np.array([400.0, 100, 300, 200, 500, 600]))
    assert found is not None
    assert (found.low, found.median, found.high) == (225, 350, 475)


def test_a_limit_belongs_to_what_is_below_it() -> None:
    assert in_steps(np.array([1999.9, 2000.0, 2000.1]), np.array([2000.0])).tolist() == [0, 0, 1]


@pytest.mark.parametrize(("value", "told"), [(0, 0), (24, 0), (26, 50), (1274, 1250), (1276, 1300)])
def test_metres_are_told_to_the_nearest_fifty(value: float, told: int) -> None:
    assert rounded_m(value) == told
