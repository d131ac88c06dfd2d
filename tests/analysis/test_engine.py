"""One answer for 1, 4 and 16 parts, here and on a real Dask cluster; and that answer is what geopandas finds."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from analysis import grid
from analysis.density import Bounds, heat_map
from analysis.drawn import Drawn
from analysis.engine import (
    Engine,
    Here,
    OnDask,
    Part,
    children_heat,
    children_per_cell,
    children_per_stretch,
    read_part,
    write_part,
)
from tests import dask_cluster

BOUNDS = Bounds(west=10.70, south=59.89, east=10.80, north=59.94)
MIDDLE = (261_500.0, 6_649_000.0)
"""Somewhere in Oslo, EPSG:25833."""
BLOCK_M = 120.0


@cache
def town() -> Drawn:
    """Three hundred children, places and wobbly ways in a chessboard of streets; one child draws as much as fifty others."""
    rng = np.random.default_rng(21)
    child = np.concatenate([rng.integers(0, 300, 1_500), np.full(300, 7)])
    x, y = (rng.normal(middle, 500, len(child)) for middle in MIDDLE)
    steps = rng.choice([[BLOCK_M, 0.0], [0.0, BLOCK_M]], (400, 6))
    corners = (
        MIDDLE + BLOCK_M * rng.integers(-5, 5, (400, 1, 2)) + np.concatenate([np.zeros((400, 1, 2)), np.cumsum(steps, axis=1)], axis=1)
    )
    ways = shapely.linestrings(corners + rng.normal(0, 4, corners.shape))
    areas = shapely.buffer(shapely.points(rng.normal(MIDDLE, 400, (40, 2))), 60)
    shapes = np.concatenate([ways, areas]).astype(object)
    return Drawn(x=x, y=y, child=child, shapes=shapes, shape_child=rng.integers(0, 300, len(shapes)))


@cache
def streets() -> np.ndarray:
    """The chessboard's edges."""
    at = np.arange(-6, 12) * BLOCK_M
    edges = [[[a, b], [a + BLOCK_M, b]] for a in at for b in at] + [[[a, b], [a, b + BLOCK_M]] for a in at for b in at]
    return np.asarray(shapely.linestrings(np.array(edges) + MIDDLE), dtype=object)


@pytest.fixture(scope="module")
def cluster() -> Iterator[OnDask]:
    """Two worker processes of a cluster of their own, spoken to over TCP as in real life."""
    with dask_cluster.cluster(workers=2) as address, OnDask(address) as engine:
        yield engine


@pytest.fixture(params=["here", "dask"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Where it is run."""
    if request.param == "here":
        return Here()
    found: Engine = request.getfixturevalue("cluster")
    return found


@pytest.mark.parametrize("number", [1, 4, 16, 600])
def test_hexagons_are_the_same_in_any_number_of_parts_and_what_geopandas_counts(engine: Engine, number: int) -> None:
    found = children_per_cell(town().parted(number), size_m=100, engine=engine)
    polygons = geopandas.GeoDataFrame({"cell": found.cells}, geometry=grid.cell_polygon(found.cells), crs=grid.GRID_SRID)
    geometry = np.concatenate([shapely.points(town().x, town().y), town().shapes])
    marks = geopandas.GeoDataFrame({"child": np.concatenate([town().child, town().shape_child])}, geometry=geometry, crs=grid.GRID_SRID)
    joined = polygons.sjoin(marks, predicate="intersects")
    expected = joined.groupby("cell")["child"].nunique()
    assert found.cells.tolist() == expected.index.tolist()
    assert found.children.tolist() == expected.tolist()


@pytest.mark.parametrize("number", [4, 16])
def test_streets_are_the_same_in_any_number_of_parts(engine: Engine, number: int) -> None:
    whole = children_per_stretch([town()], streets(), engine=Here())
    assert whole.sum() > 500
    assert children_per_stretch(town().parted(number), streets(), engine=engine).tolist() == whole.tolist()


@pytest.mark.parametrize("number", [4, 16])
def test_heat_is_the_same_to_the_last_bit_in_any_number_of_parts(engine: Engine, number: int) -> None:
    whole = children_heat([town()], bounds=BOUNDS, side_px=300, bandwidth_m=60, engine=Here())
    parted = children_heat(town().parted(number), bounds=BOUNDS, side_px=300, bandwidth_m=60, engine=engine)
    assert whole.peak > 0
    assert parted.values.tobytes() == whole.values.tobytes()


def test_the_heat_is_that_of_one_mark_a_child_and_spot() -> None:
    """A child that says everything fifty times more heats nothing: against the plain heat map of the marks without their doubles."""
    x, y = (np.array([middle, middle + 200]) for middle in MIDDLE)
    often = Drawn(np.repeat(x, 50), np.repeat(y, 50), np.zeros(100, np.int64), np.empty(0, object), np.empty(0, np.int64))
    found = children_heat([often], bounds=BOUNDS, side_px=300, bandwidth_m=60, engine=Here())
    lon, lat = grid.transformer(grid.GRID_SRID, 4326).transform(x, y)
    expected = heat_map(np.asarray(lon), np.asarray(lat), bounds=BOUNDS, side_px=300, bandwidth_m=60)
    assert found.values == pytest.approx(expected.values, rel=1e-9, abs=1e-9)


def test_parts_may_be_files_that_the_machines_of_a_cluster_read(cluster: OnDask, tmp_path: Path) -> None:
    files: list[Part] = []
    for number, part in enumerate(town().parted(4)):
        path = tmp_path / f"{number}.parquet"
        write_part(part, path)
        assert path.stat().st_mode & 0o077 == 0, "it links what a child drew"
        files.append(path)
    whole = children_per_cell([town()], size_m=250, engine=Here())
    found = children_per_cell(files, size_m=250, engine=cluster)
    assert (found.cells.tolist(), found.children.tolist()) == (whole.cells.tolist(), whole.children.tolist())


def test_nothing_drawn_gives_nothing(engine: Engine) -> None:
    empty = Drawn(np.empty(0), np.empty(0), np.empty(0, np.int64), np.empty(0, object), np.empty(0, np.int64))
    assert len(children_per_cell(empty.parted(4), size_m=100, engine=engine).cells) == 0
    assert children_per_stretch(empty.parted(4), streets(), engine=engine).sum() == 0
    assert children_heat([empty], bounds=BOUNDS, side_px=50, bandwidth_m=60, engine=engine).peak == 0
    assert len(children_per_cell([], size_m=100, engine=engine).cells) == 0


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="0 parts"):
        town().parted(0)
    other = tmp_path / "other.parquet"
    geopandas.GeoDataFrame({"child": [1]}, geometry=[shapely.Point(10, 60)], crs=4326).to_parquet(other)
    with pytest.raises(ValueError, match="EPSG:25833"):
        read_part(other)
    with pytest.raises(OSError, match=r"(?i)timed out|connect"):
        OnDask("tcp://127.0.0.1:1", timeout_s=1)
