"""Where a cell lies, in words."""

import numpy as np
import pytest

from analysis import grid
from followup.places import Spot, middle_of, where

SCHOOL = Spot("Fjellheim skole", 5.3300, 60.3800)
# Metres to degrees at 60.38° N.
LON_M, LAT_M = 1 / (111_320 * 0.4943), 1 / 111_320


def cell_at(east_m: float, north_m: float) -> str:
    x, y = grid.project(np.array([SCHOOL.lon + east_m * LON_M]), np.array([SCHOOL.lat + north_m * LAT_M]))
    return grid.cell_name(grid.cell_of(x, y))[0]


@pytest.mark.parametrize(
    ("east_m", "north_m", "direction"),
    [
        (0, 2_000, "nord"), (1_500, 1_500, "nordøst"), (2_000, 0, "øst"), (1_500, -1_500, "sørøst"),
        (0, -2_000, "sør"), (-1_500, -1_500, "sørvest"), (-2_000, 0, "vest"), (-1_500, 1_500, "nordvest"),
    ],
)  # fmt: skip
def test_a_direction_is_the_true_one_though_the_grid_is_turned_here(east_m: float, north_m: float, direction: str) -> None:
    said = where(cell_at(east_m, north_m), [SCHOOL])
    assert f" km {direction} for Fjellheim skole" in said


def test_the_cell_of_a_school_is_at_the_school() -> None:
    assert where(cell_at(0, 0), [SCHOOL]) == "ved Fjellheim skole"


def test_a_distance_below_a_kilometre_is_told_in_hundreds_of_metres() -> None:
    said = where(cell_at(0, 600), [SCHOOL])
    assert said.startswith("om lag ")
    assert said.split()[2] in {"500", "600", "700"}
    assert said.split()[3] == "m"


def test_the_nearest_of_several_schools_is_named() -> None:
    far = Spot("Bekkevik skole", SCHOOL.lon + 5_000 * LON_M, SCHOOL.lat)
    assert "Bekkevik" in where(cell_at(4_000, 0), [SCHOOL, far])


def test_without_schools_a_cell_goes_by_its_own_name() -> None:
    assert where("h250_312_29144", []) == "rute h250_312_29144"


def test_a_pin_stands_on_one_of_the_cells_it_stands_for() -> None:
    ring = [cell_at(0, 0), cell_at(1_000, 0), cell_at(0, 1_000)]
    lon, lat = middle_of(ring)
    x, y = grid.project(np.array([lon]), np.array([lat]))
    assert grid.cell_name(grid.cell_of(x, y))[0] in ring
