"""The hexagon grid: cases to check by head, then shapely and PostGIS as independent judges."""

import numpy as np
import pytest
import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from analysis import grid

EDGE_250_M = 250 / 3**0.5


def cells_by_shapely(geometry: BaseGeometry, size_m: int) -> set[int]:
    """Every cell near a geometry whose polygon shares more than a border with it, the slow and plain way."""
    west, south, east, north = geometry.bounds
    xs, ys = np.meshgrid(
        np.arange(west - 2 * size_m, east + 2 * size_m, size_m / 4), np.arange(south - 2 * size_m, north + 2 * size_m, size_m / 4)
    )
    near = np.unique(grid.cell_of(xs.ravel(), ys.ravel(), size_m))
    shared = shapely.intersection(grid.cell_polygon(near), geometry)
    size = shapely.area(shared) if geometry.geom_type == "Polygon" else shapely.length(shared)
    return set(near[size > 2 * grid.TOLERANCE_M].tolist())


def test_the_cell_of_the_origin_has_its_centre_there_and_is_flat_on_top() -> None:
    cell = grid.cell_of(np.array([0.0]), np.array([0.0]), 250)
    corners = shapely.get_coordinates(grid.cell_polygon(cell))
    assert grid.cell_name(cell) == ["h250_0_0"]
    assert corners[0] == pytest.approx([EDGE_250_M, 0])
    assert corners[1] == pytest.approx([EDGE_250_M / 2, 125])
    assert corners[2] == pytest.approx([-EDGE_250_M / 2, 125])


def test_a_size_is_the_distance_between_opposite_sides() -> None:
    polygon = grid.cell_polygon(grid.cell_of(np.array([0.0]), np.array([0.0]), 100))[0]
    assert polygon.bounds[3] - polygon.bounds[1] == pytest.approx(100)
    assert polygon.area == pytest.approx(3**0.5 / 2 * 100**2)


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [
        (0, 124.9, "h250_0_0"),
        (0, 125.1, "h250_0_1"),
        (0, -125.1, "h250_0_-1"),
        (EDGE_250_M - 0.1, 0, "h250_0_0"),
        (1.5 * EDGE_250_M, 125, "h250_1_0"),
        (1.5 * EDGE_250_M, -125, "h250_1_-1"),
        (-1.5 * EDGE_250_M, 125, "h250_-1_1"),
        (3 * EDGE_250_M, 0, "h250_2_-1"),
    ],
)
def test_positions_near_the_origin_lie_in_the_cell_a_drawing_shows(x: float, y: float, name: str) -> None:
    assert grid.cell_name(grid.cell_of(np.array([x]), np.array([y]), 250)) == [name]


@pytest.mark.parametrize("size_m", [25, 100, 250, 500])
def test_every_position_lies_in_the_polygon_of_its_cell(size_m: int) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-80_000, 1_100_000, 20_000), rng.uniform(6_400_000, 7_950_000, 20_000)
    polygons = grid.cell_polygon(grid.cell_of(x, y, size_m))
    assert shapely.intersects(polygons, shapely.points(x, y)).all()


def test_a_position_on_a_border_or_corner_belongs_to_exactly_one_touching_cell() -> None:
    corners = shapely.get_coordinates(grid.cell_polygon(grid.cell_of(np.array([266_000.0]), np.array([6_640_000.0]), 250)))
    cells = grid.cell_of(corners[:, 0], corners[:, 1], 250)
    assert (shapely.distance(grid.cell_polygon(cells), shapely.points(corners)) < 1e-6).all()


def test_neighbouring_cells_share_their_corners_to_the_last_bit() -> None:
    middle, north = grid.cell_from_name("h250_1319_25850"), grid.cell_from_name("h250_1319_25851")
    shared = set(map(tuple, shapely.get_coordinates(grid.cell_polygon(np.array([middle]))).tolist()))
    shared &= set(map(tuple, shapely.get_coordinates(grid.cell_polygon(np.array([north]))).tolist()))
    assert len(shared) == 2


def test_a_name_leads_back_to_its_cell() -> None:
    rng = np.random.default_rng(2)
    cells = grid.cell_of(rng.uniform(-1e6, 1e6, 500), rng.uniform(-1e6, 8e6, 500), 137)
    assert [grid.cell_from_name(name) for name in grid.cell_name(cells)] == cells.tolist()
    assert (cells > 0).all()


@pytest.mark.parametrize("name", ["", "250_1_2", "h250_1", "h24_1_2", "h250_a_2", "h250_1_99999999"])
def test_a_name_of_no_cell_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"cell|hexagon|grid|invalid literal"):
        grid.cell_from_name(name)


@pytest.mark.parametrize("size_m", [24, 501, 0, -250])
def test_a_size_outside_the_range_is_refused(size_m: int) -> None:
    with pytest.raises(ValueError, match="25 to 500"):
        grid.cell_of(np.zeros(1), np.zeros(1), size_m)


def test_children_are_counted_once_in_a_cell_however_much_they_mark() -> None:
    x = np.array([0.0, 1.0, 2.0, 0.0, 0.0, 250.0])
    y = np.array([0.0, 0.0, 0.0, 0.0, 250.0, 5000.0])
    counts = grid.count_points(x, y, np.array([7, 7, 7, 9, 7, -3]), 250)
    by_name = dict(zip(grid.cell_name(counts.cells), zip(counts.marks.tolist(), counts.children.tolist(), strict=True), strict=True))
    assert by_name == {"h250_0_0": (4, 2), "h250_0_1": (1, 1), "h250_1_19": (1, 1)}


@pytest.mark.parametrize("spread_m", [3_000, 900_000])
def test_counts_are_the_same_in_a_town_and_in_a_whole_country(spread_m: int) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, spread_m, 4_000), rng.uniform(6.5e6, 6.5e6 + spread_m, 4_000)
    children = rng.integers(0, 2**60, 60)[rng.integers(0, 60, 4_000)]
    cells = grid.cell_of(x, y, 50)
    expected: dict[int, list[int]] = {}
    for cell, child in zip(cells.tolist(), children.tolist(), strict=True):
        expected.setdefault(cell, []).append(child)
    counts = grid.count_cells(cells, children)
    assert counts.cells.tolist() == sorted(expected)
    assert counts.marks.tolist() == [len(expected[cell]) for cell in sorted(expected)]
    assert counts.children.tolist() == [len(set(expected[cell])) for cell in sorted(expected)]


def test_nothing_counted_gives_no_cells() -> None:
    empty = np.empty(0)
    assert not len(grid.count_points(empty, empty, np.empty(0, dtype=np.int64)).cells)
    assert not len(grid.cells_of_geometries(np.array([None, shapely.Point()], dtype=object))[0])
    assert grid.cell_polygon_lonlat(np.empty(0, dtype=np.int64)).shape == (0, 7, 2)


def test_a_straight_way_north_counts_in_each_cell_it_crosses() -> None:
    cells, owner = grid.cells_of_geometries(np.array([None, shapely.LineString([(0, 0), (0, 600)])], dtype=object), 250)
    assert grid.cell_name(cells) == ["h250_0_0", "h250_0_1", "h250_0_2"]
    assert owner.tolist() == [1, 1, 1]


@pytest.mark.parametrize("size_m", [25, 250])
def test_ways_count_in_the_cells_that_shapely_finds(size_m: int) -> None:
    rng = np.random.default_rng(4)
    lines = [shapely.LineString(np.array([266_000, 6_640_000]) + np.cumsum(rng.normal(0, 90, (12, 2)), axis=0)) for _ in range(25)]
    cells, owner = grid.cells_of_geometries(np.array(lines, dtype=object), size_m)
    for number, line in enumerate(lines):
        found = set(cells[owner == number].tolist())
        expected = cells_by_shapely(line, size_m)
        assert expected <= found
        assert all(shapely.distance(grid.cell_polygon(np.array([extra]))[0], line) < 0.02 for extra in found - expected)


@pytest.mark.parametrize("size_m", [50, 250])
def test_areas_count_in_the_cells_that_shapely_finds(size_m: int) -> None:
    rng = np.random.default_rng(5)
    areas = [shapely.Point(rng.uniform(0, 2000, 2)).buffer(rng.uniform(20, 300)) for _ in range(12)]
    cells, owner = grid.cells_of_geometries(np.array(areas, dtype=object), size_m)
    for number, area in enumerate(areas):
        assert cells_by_shapely(area, size_m) <= set(cells[owner == number].tolist())


def test_collections_have_no_cells_of_their_own() -> None:
    with pytest.raises(ValueError, match="MultiPoint"):
        grid.cells_of_geometries(np.array([shapely.MultiPoint([(0, 0), (1, 1)])], dtype=object))


def test_projection_puts_east_before_north_and_measures_in_metres_of_zone_33() -> None:
    # 15° E is the central meridian of the zone, which has 500,000 m east by definition.
    x, y = grid.project(np.array([15.0, 15.0]), np.array([60.0, 60.01]))
    assert x == pytest.approx([500_000, 500_000], abs=1e-6)
    # 0.01° of meridian at 60° N is 1114.1 m on GRS80, times the zone's 0.9996
    assert y[1] - y[0] == pytest.approx(1114.1 * 0.9996, abs=0.5)


@pytest.mark.django_db
@pytest.mark.parametrize("size_m", [100, 250])
def test_postgis_counts_the_same_in_its_hexagon_grid(size_m: int) -> None:
    rng = np.random.default_rng(6)
    x, y = rng.normal(266_000, 900, 3_000), rng.normal(6_640_000, 900, 3_000)
    counts = grid.count_points(x, y, np.arange(3_000), size_m)
    lon, lat = grid.transformer(grid.GRID_SRID, 4326).transform(*grid.cell_centre(counts.cells))
    assert np.isfinite(lon).all()
    assert np.isfinite(lat).all()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH point AS (SELECT ST_SetSRID(ST_MakePoint(x, y), 25833) AS geom FROM unnest(%s::float8[], %s::float8[]) AS p (x, y))
            SELECT ST_X(ST_Centroid(hex.geom)), ST_Y(ST_Centroid(hex.geom)), count(*)
              FROM ST_HexagonGrid(%s, (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 25833) FROM point)) AS hex
              JOIN point ON ST_Intersects(point.geom, hex.geom) GROUP BY hex.geom
            """,
            [x.tolist(), y.tolist(), size_m / 3**0.5],
        )
        rows = cursor.fetchall()
    theirs = {int(grid.cell_of(np.array([cx]), np.array([cy]), size_m)[0]): n for cx, cy, n in rows}
    assert theirs == dict(zip(counts.cells.tolist(), counts.marks.tolist(), strict=True))
    # the very same hexagons, not only the same counts
    centre_x, centre_y = grid.cell_centre(np.array(list(theirs)))
    assert np.hypot(centre_x - [r[0] for r in rows], centre_y - [r[1] for r in rows]).max() < 1e-6


def test_many_positions_are_projected_and_counted_as_few_are() -> None:
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(4, 31, grid.THREADS_FROM + 1), rng.uniform(58, 71, grid.THREADS_FROM + 1)
    together = grid.project(lon, lat)
    apart = [grid.project(lon[part], lat[part]) for part in np.array_split(np.arange(len(lon)), 7)]
    assert np.array_equal(together, np.concatenate(apart, axis=1))
    assert np.array_equal(grid.cell_of(*together), np.concatenate([grid.cell_of(x, y) for x, y in apart]))
