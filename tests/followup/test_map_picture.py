"""The map for paper: what is drawn where, and that nothing is written over anything else."""

import re

import numpy as np
import pytest

from analysis import grid
from followup.frame import WIDTH, frame_around
from followup.ground import Name
from followup.map_picture import Picture, draw
from followup.places import Spot
from tests.followup.test_page import PAYLOAD

CODES = ["", "way", "positive"]
FRAME = frame_around(tuple(PAYLOAD["bbox"]))
CELL = "h250_-150_27006"


def picture(**more: object) -> Picture:
    return draw(PAYLOAD["cells"], CODES, FRAME, **more)  # type: ignore[arg-type]


def middle(cell: str) -> tuple[float, float]:
    ring = grid.cell_polygon_lonlat(np.array([grid.cell_from_name(cell)]))[0]
    x, y = FRAME.place(ring[:-1]).mean(axis=0)
    return float(x), float(y)


def test_each_theme_is_a_layer_with_its_own_cells() -> None:
    layers = {layer.code: layer for layer in picture().layers}
    assert [len(shade.path.split("M")) - 1 for shade in layers["way"].shades] == [1, 1]
    assert [shade.step for shade in layers["way"].shades] == [0, 2]
    assert [shade.step for shade in layers[""].shades] == [3]
    assert layers["positive"].shades == ()


def test_a_hexagon_is_drawn_where_its_cell_lies() -> None:
    path = picture().layers[0].shades[0].path
    corners = np.array([[float(number) for number in pair.split(",")] for pair in re.findall(r"-?\d+,-?\d+", path)])
    assert len(corners) == 6
    assert corners.mean(axis=0) == pytest.approx(middle(CELL), abs=1)
    # 289 m from corner to corner, on a grid that is turned by some 8° here
    assert np.ptp(corners[:, 0]) * FRAME.metres_per_unit == pytest.approx(289, abs=12)


def test_a_number_stands_in_the_middle_of_its_cell_light_on_dark() -> None:
    number = picture().layers[0].numbers[0]
    assert (number.x, number.y) == pytest.approx(middle(CELL), abs=2)
    assert (number.text, number.is_light) == ("40", True)
    assert {(number.text, number.is_light) for number in picture().layers[1].numbers} == {("25", False), ("5", False)}


def test_cells_too_small_for_a_number_have_none() -> None:
    wide = frame_around((5.2, 60.3, 5.5, 60.45))
    assert all(layer.numbers == () for layer in draw(PAYLOAD["cells"], CODES, wide).layers)


def test_a_name_takes_the_place_of_the_number_under_it_and_the_pin_that_of_both() -> None:
    x, y = middle(CELL)
    named = picture(names=[Name(round(x), round(y), "Sentrum", "place")])
    assert [label.text for label in named.names] == ["Sentrum"]
    assert [number.text for number in named.layers[0].numbers] == []
    ring = grid.cell_polygon_lonlat(np.array([grid.cell_from_name(CELL)]))[0][:-1].mean(axis=0)
    pinned = picture(pins=[Spot("1", *ring)], names=[Name(round(x), round(y), "Sentrum", "place")])
    assert [(pin.x, pin.y) for pin in pinned.pins] == [pytest.approx(middle(CELL), abs=1)]
    assert all(abs(label.y - pinned.pins[0].y) > 20 for label in pinned.names)


def test_of_two_names_in_one_place_the_second_moves_aside_and_the_fourth_is_left_out() -> None:
    names = [Name(500, 400, f"Navn {number}", "place") for number in range(4)]
    assert [label.y for label in picture(names=names).names] == [400, 376, 424]


def test_a_name_that_does_not_fit_inside_is_left_out() -> None:
    assert picture(names=[Name(WIDTH - 10, 400, "Langt borte", "place")]).names == ()


def test_a_school_is_a_dot_with_its_name_over_it() -> None:
    school = picture(schools=[Spot("Fjellheim skole", 5.3300, 60.3810)]).schools[0]
    assert school.label is not None
    assert (school.label.text, school.label.y) == ("Fjellheim skole", school.y - 18)


def test_the_ruler_is_as_long_as_it_says() -> None:
    ruler = picture().ruler
    assert ruler.text == "200 m"
    assert ruler.units * FRAME.metres_per_unit == pytest.approx(200, rel=0.01)
    assert draw([], [], frame_around((5.2, 60.3, 5.5, 60.45))).ruler.text == "2 km"
