"""Heat maps: the total, one place and a way by formula; then distances on the ellipsoid as an independent judge."""

import io

import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image
from pyproj import Geod

from analysis import density
from analysis.density import Bounds, heat_map, heat_png

BERGEN = Bounds(west=5.2, south=60.35, east=5.45, north=60.43)
TROMSO = Bounds(west=18.85, south=69.62, east=19.05, north=69.68)


def cell_centres(heat: density.Heat) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of each cell's middle, by the inverse of the Mercator formula."""
    rows, columns = heat.values.shape
    lon = heat.bounds.west + (np.arange(columns) + 0.5) / columns * (heat.bounds.east - heat.bounds.west)
    north, south = (np.arcsinh(np.tan(np.radians(side))) for side in (heat.bounds.north, heat.bounds.south))
    lat = np.degrees(np.arctan(np.sinh(north - (np.arange(rows) + 0.5) / rows * (north - south))))
    return np.meshgrid(lon, lat)


@pytest.mark.parametrize("bounds", [BERGEN, TROMSO])
def test_the_heat_of_all_places_sums_to_their_number(bounds: Bounds) -> None:
    rng = np.random.default_rng(1)
    lon = rng.uniform(bounds.west + 0.05, bounds.east - 0.05, 40)
    lat = rng.uniform(bounds.south + 0.015, bounds.north - 0.015, 40)
    heat = heat_map(lon, lat, bounds=bounds, side_px=700, bandwidth_m=100)
    cell_lon, cell_lat = cell_centres(heat)
    width = 2 * np.pi * density.EARTH_RADIUS_M / 360 * (bounds.east - bounds.west) / heat.values.shape[1]
    km2 = (width * np.cos(np.radians(cell_lat))) ** 2 / 1e6
    assert cell_lon.shape == heat.values.shape
    assert (heat.values * km2).sum() == pytest.approx(40, rel=0.01)


@pytest.mark.parametrize("bounds", [BERGEN, TROMSO])
@pytest.mark.parametrize("bandwidth_m", [80, 300])
def test_heat_falls_off_with_the_distance_on_the_ground(bounds: Bounds, bandwidth_m: float) -> None:
    # in the middle of a cell, so that only the kernel is judged, not the half cell by which binning moves a position
    nothing = heat_map(np.empty(0), np.empty(0), bounds=bounds, side_px=900, bandwidth_m=bandwidth_m)
    lon, lat = (float(centres[300, 450]) for centres in cell_centres(nothing))
    heat = heat_map(np.array([lon]), np.array([lat]), bounds=bounds, side_px=900, bandwidth_m=bandwidth_m)
    cell_lon, cell_lat = cell_centres(heat)
    _, _, away_m = Geod(ellps="GRS80").inv(np.full(cell_lon.size, lon), np.full(cell_lon.size, lat), cell_lon.ravel(), cell_lat.ravel())
    expected = np.exp(-(away_m**2) / (2 * bandwidth_m**2)) / (2 * np.pi * bandwidth_m**2) * 1e6
    assert heat.peak == pytest.approx(1e6 / (2 * np.pi * bandwidth_m**2), rel=0.02)
    assert np.abs(heat.values.ravel() - expected).max() < 0.015 * heat.peak


def test_the_first_row_is_the_north_and_the_first_column_the_west() -> None:
    heat = heat_map(np.array([5.21]), np.array([60.42]), bounds=BERGEN, side_px=200, bandwidth_m=50)
    row, column = np.unravel_index(heat.values.argmax(), heat.values.shape)
    assert row < heat.values.shape[0] * 0.2
    assert column < heat.values.shape[1] * 0.1


def test_a_place_just_outside_the_box_warms_its_edge_as_if_the_box_were_larger() -> None:
    larger = Bounds(BERGEN.west - 0.05, BERGEN.south, BERGEN.east, BERGEN.north)
    at = np.array([BERGEN.west - 0.001]), np.array([60.39])
    inside = heat_map(*at, bounds=BERGEN, side_px=500, bandwidth_m=200)
    around = heat_map(*at, bounds=larger, side_px=600, bandwidth_m=200)
    assert inside.values[:, 0].max() == pytest.approx(around.values[:, 100].max(), rel=0.01)
    assert inside.values[:, 0].max() > 0.9 * around.peak


def test_a_place_far_outside_and_no_place_at_all_leave_zeros() -> None:
    far = heat_map(np.array([10.0]), np.array([63.0]), bounds=BERGEN, side_px=50, bandwidth_m=100)
    none = heat_map(np.empty(0), np.empty(0), bounds=BERGEN, side_px=50, bandwidth_m=100)
    assert far.peak == none.peak == 0


def test_a_long_way_is_as_hot_along_its_middle_as_one_place() -> None:
    way = shapely.LineString([(297_000 - 6_000, 6_700_000), (297_000 + 6_000, 6_700_000)])
    x, y, weight, _ = density.positions_of(np.array([way], dtype=object), bandwidth_m=100)
    away = np.hypot(x - 297_000, y - 6_700_000)
    heat_at_middle = (weight * np.exp(-(away**2) / (2 * 100**2))).sum()
    assert heat_at_middle == pytest.approx(1, rel=0.001)


def test_places_and_areas_weigh_one_and_empty_geometries_nothing() -> None:
    area = shapely.box(0, 0, 10, 10)
    x, y, weight, at = density.positions_of(np.array([None, shapely.Point(3, 4), area, shapely.Point()], dtype=object), bandwidth_m=50)
    assert weight.tolist() == [1, 1]
    assert at.tolist() == [1, 2], "which of the four each stands for"
    assert (x[0], y[0]) == (3, 4)
    assert shapely.contains_xy(area, x[1], y[1])


def test_a_child_that_marks_a_spot_often_warms_it_once() -> None:
    # 30 m squares at a bandwidth of 60 m: the first three lie in one of them, the fourth in another, the fifth is another child's
    x, y = np.array([300_000.0, 300_010, 300_020, 300_100, 300_000]), np.full(5, 6_700_000.0)
    weight, child = np.array([0.2, 1.0, 0.1, 0.3, 1.0]), np.array([7, 7, 7, 7, 8])
    kept_x, _, kept_weight = density.once_a_child(x, y, weight, child, bandwidth_m=60)
    assert kept_x.tolist() == [300_010, 300_100, 300_000], "the heaviest of each child in each square"
    assert kept_weight.tolist() == [1.0, 0.3, 1.0]
    nothing = np.empty(0)
    left = density.once_a_child(nothing, nothing, nothing, np.empty(0, dtype=np.int64), bandwidth_m=60)
    assert [len(part) for part in left] == [0, 0, 0]


def test_once_a_child_is_what_pandas_groups() -> None:
    rng = np.random.default_rng(3)
    x, y, weight = rng.uniform(250_000, 251_000, 5_000), rng.uniform(6_700_000, 6_701_000, 5_000), rng.uniform(0, 1, 5_000)
    child = rng.integers(0, 40, 5_000)
    kept = density.once_a_child(x, y, weight, child, bandwidth_m=100)
    table = pd.DataFrame({"child": child, "column": x // 50, "row": y // 50, "weight": weight})
    heaviest = table.loc[table.groupby(["child", "column", "row"])["weight"].idxmax()]
    assert len(heaviest) < 5_000
    assert sorted(kept[2].tolist()) == sorted(heaviest["weight"].tolist())


def test_a_picture_is_clear_where_nobody_marked_and_dark_where_most_did() -> None:
    heat = heat_map(np.array([5.325]), np.array([60.39]), bounds=BERGEN, side_px=300, bandwidth_m=200)
    picture = np.asarray(Image.open(io.BytesIO(heat_png(heat))))
    hottest = picture[np.unravel_index(heat.values.argmax(), heat.values.shape)]
    assert picture.shape == (*heat.values.shape, 4)
    assert picture[0, 0, 3] == 0
    assert hottest.tolist()[:3] == [0x44, 0x01, 0x54]
    assert hottest[3] > 200


def test_colours_get_darker_step_by_step_so_that_a_grey_print_is_readable() -> None:
    luminance = density.VIRIDIS @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(luminance) < -5).all()


def test_a_picture_of_nothing_is_clear_everywhere() -> None:
    picture = Image.open(io.BytesIO(heat_png(heat_map(np.empty(0), np.empty(0), bounds=BERGEN, side_px=20, bandwidth_m=50))))
    assert picture.getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize(("side_px", "bandwidth_m"), [(0, 100), (4096, 100), (100, 5), (100, 2000)])
def test_sizes_out_of_range_are_refused(side_px: int, bandwidth_m: float) -> None:
    with pytest.raises(ValueError, match="allowed are"):
        heat_map(np.empty(0), np.empty(0), bounds=BERGEN, side_px=side_px, bandwidth_m=bandwidth_m)


@pytest.mark.parametrize("box", [(6, 60, 5, 61), (5, 61, 6, 60), (5, 60, 6, 89), (5, float("nan"), 6, 61)])
def test_a_box_without_an_inside_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="no box"):
        Bounds(*box)
