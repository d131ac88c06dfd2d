"""The tablet's trim in Python, on lines whose answer can be checked by head. One degree of latitude is 111.195 km here."""

import pytest

from mapping.trim import EARTH_RADIUS_M, Position, distance_m, length_m, trim_route

NORTH = 1 / 111_194.93
"""Degrees of latitude in a metre."""


def north(*metres: float) -> list[Position]:
    """A line due north from 60° N, by distances from its start."""
    return [(5.0, 60.0 + metre * NORTH) for metre in metres]


def nowhere(_: Position) -> None:
    return None


def beyond(metres: float) -> object:
    """Public ground from so many metres on."""
    return lambda place: "school:0" if place[1] >= 60.0 + metres * NORTH else None


def test_a_degree_of_latitude_is_a_degree_of_the_great_circle() -> None:
    assert distance_m((5, 60), (5, 61)) == pytest.approx(EARTH_RADIUS_M * 3.141592653589793 / 180)
    assert length_m(north(0, 250, 1000)) == pytest.approx(1000, abs=0.01)


def test_the_home_end_is_cut_and_the_school_end_is_kept() -> None:
    sent = trim_route(north(0, 500, 1000), 200.0, beyond(950))  # type: ignore[arg-type]
    assert sent is not None
    assert distance_m(sent[0], (5.0, 60.0)) == pytest.approx(200.5, abs=0.2)
    assert sent[-1] == (5.0, round(60.0 + 1000 * NORTH, 6))


def test_a_way_drawn_from_school_is_cut_at_its_other_end() -> None:
    line = north(1000, 500, 0)
    sent = trim_route(line, 200.0, beyond(950))  # type: ignore[arg-type]
    assert sent is not None
    assert distance_m(sent[-1], (5.0, 60.0)) == pytest.approx(200.5, abs=0.2)


def test_both_ends_are_cut_where_neither_is_public() -> None:
    sent = trim_route(north(0, 1000), 150.0, nowhere)
    assert sent is not None
    assert length_m(sent) == pytest.approx(1000 - 2 * 150.5, abs=0.4)


def test_a_cut_below_the_policys_floor_is_a_hundred_metres() -> None:
    sent = trim_route(north(0, 1000), 5.0, nowhere)
    assert sent is not None
    assert distance_m(sent[0], (5.0, 60.0)) >= 100


def test_a_way_too_short_to_be_cut_safely_is_not_sent() -> None:
    assert trim_route(north(0, 340), 150.0, nowhere) is None
    assert trim_route(north(0), 150.0, nowhere) is None


def test_a_way_that_passes_home_again_keeps_nothing_near_it() -> None:
    # Out 800 m east, back past the door at 30 m, and on 900 m to the west.
    east = [(5.0 + metre * 2 * NORTH, 60.0) for metre in (0, 400, 800)]
    back = [(5.0 + metre * 2 * NORTH, 60.0 + 30 * NORTH) for metre in (800, 0, -900)]
    sent = trim_route([*east, *back], 120.0, nowhere)
    assert sent is not None
    assert min(distance_m(place, (5.0, 60.0)) for place in sent) >= 120


def test_a_way_from_school_and_back_is_cut_where_it_turned() -> None:
    line = north(1000, 0, 1000)
    sent = trim_route(line, 200.0, beyond(950))  # type: ignore[arg-type]
    assert sent is not None
    assert min(distance_m(place, (5.0, 60.0)) for place in sent) >= 200


def test_positions_have_six_decimals_and_none_comes_twice_in_a_row() -> None:
    sent = trim_route([(5.0, 60.0), (5.00000001, 60.00000001), (5.02, 60.0)], 100.0, lambda _: "school:0" if _[0] < 5.01 else "place:1")
    assert sent == [(5.0, 60.0), (5.02, 60.0)]
