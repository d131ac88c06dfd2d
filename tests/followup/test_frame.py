"""The window of the printed map, on shapes whose answer is known."""

import numpy as np
import pytest

from followup.frame import HEIGHT, WIDTH, frame_around, to_degrees

BERGEN = (5.30, 60.36, 5.36, 60.40)


def test_a_box_lies_whole_in_the_middle_of_its_frame() -> None:
    frame = frame_around(BERGEN)
    corners = frame.place(np.array([[5.30, 60.40], [5.36, 60.36]]))
    assert (corners >= 0).all()
    assert (corners <= [WIDTH, HEIGHT]).all()
    assert corners.mean(axis=0) == pytest.approx([WIDTH / 2, HEIGHT / 2], abs=1)


def test_north_is_up_and_east_is_right() -> None:
    (west_x, _), (east_x, _), (_, north_y), (_, south_y) = frame_around(BERGEN).place(
        np.array([[5.31, 60.38], [5.35, 60.38], [5.33, 60.39], [5.33, 60.37]])
    )
    assert west_x < east_x
    assert north_y < south_y


def test_a_unit_is_told_in_metres_on_the_ground_and_not_of_the_projection() -> None:
    frame = frame_around(BERGEN)
    # 0.06° of longitude at 60.38° N are 3 302 m: 111 320 m · cos 60.38° · 0.06
    (a, _), (b, _) = frame.place(np.array([[5.30, 60.38], [5.36, 60.38]]))
    assert (b - a) * frame.metres_per_unit == pytest.approx(3_302, rel=0.005)


def test_one_small_cell_does_not_fill_the_sheet() -> None:
    frame = frame_around((5.330, 60.380, 5.334, 60.382))
    assert WIDTH * frame.metres_per_unit == pytest.approx(2_000, rel=0.01)


def test_the_frame_knows_its_own_corners() -> None:
    frame = frame_around(BERGEN)
    west, south, east, north = frame.bounds
    assert frame.place(np.array([to_degrees(west, north), to_degrees(east, south)])).tolist() == [[0, 0], [WIDTH, HEIGHT]]
