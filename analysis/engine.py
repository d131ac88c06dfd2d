"""Analyses in parts: the same pure functions on each part of the marks, here or on the machines of a Dask cluster, and their sums.

A part has all that some of the children drew. So children per hexagon, per stretch of street and per cell of a heat map add up, and the
answer is the same to the last bit whatever the number of parts; heat is added before it is smoothed. What is sent to a cluster is arrays,
or the path of a file that all its machines can read: never a query, and nothing here knows Django.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import Any, Protocol, TypeVar

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from analysis import grid
from analysis.density import Bounds, Canvas, Heat, once_a_child, positions_of
from analysis.drawn import Drawn
from analysis.streets import CORRIDOR_M, passages

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]
Part = Drawn | Path
"""Marks, or the file they lie in."""
P = TypeVar("P")
R = TypeVar("R")


class Engine(Protocol):
    """Where parts are worked on."""

    def run(self, work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
        """What work gives for each part, in the order of the parts; an error in one is raised."""


class Here:
    """In this process, one part after the other."""

    def run(self, work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
        """See Engine."""
        return [work(part) for part in parts]


class OnDask:
    """On a Dask cluster, whose machines have this project and the files that parts name; a context manager that ends the connection."""

    def __init__(self, scheduler: str, *, timeout_s: float = 10) -> None:
        """scheduler: tcp://host:port. OSError when nobody answers there in time; ImportError without the package `distributed`."""
        from distributed import Client

        self._client = Client(scheduler, timeout=timeout_s, set_as_default=False)  # type: ignore[no-untyped-call]  # distributed is typed in part

    def __enter__(self) -> OnDask:
        """Connected already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the cluster running."""
        self._client.close()  # type: ignore[no-untyped-call]  # distributed is typed in part

    def run(self, work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
        """See Engine."""
        # pure=False: Dask would otherwise hash every array to see whether it has had it before
        found: list[R] = self._client.gather(self._client.map(work, parts, pure=False))  # type: ignore[no-untyped-call]  # as above
        return found


@dataclass(frozen=True)
class CellChildren:
    """How many different children touched each hexagon: parallel, in ascending order of hexagon."""

    cells: Ids
    children: Ids


def children_per_cell(parts: Sequence[Part], *, size_m: int, engine: Engine) -> CellChildren:
    """Children per hexagon of analysis/grid.py; parts: see Part, EPSG:25833. Empty for parts without marks."""
    counts = engine.run(partial(_cells, size_m=size_m), parts)
    cells, index = np.unique(np.concatenate([np.empty(0, np.int64), *(one.cells for one in counts)]), return_inverse=True)
    children = np.zeros(len(cells), dtype=np.int64)
    np.add.at(children, index, np.concatenate([np.empty(0, np.int64), *(one.children for one in counts)]))
    return CellChildren(cells, children)


def children_per_stretch(parts: Sequence[Part], stretches: Geometries, *, engine: Engine, corridor_m: float = CORRIDOR_M) -> Ids:
    """Children who follow each stretch of street (analysis/streets.py); lines in EPSG:25833, one number each."""
    counts = engine.run(partial(_stretches, stretches=stretches, corridor_m=corridor_m), parts)
    return reduce(add, counts, np.zeros(len(stretches), dtype=np.int64))


def children_heat(parts: Sequence[Part], *, bounds: Bounds, side_px: int, bandwidth_m: float, engine: Engine) -> Heat:
    """The heat map in which each child warms a spot once (analysis/density.py), in children per km²; zeros without marks.

    ValueError for a size or bandwidth out of range.
    """
    canvas = Canvas.over(bounds, side_px=side_px, bandwidth_m=bandwidth_m)
    counts = engine.run(partial(_heat_counts, canvas=canvas, bandwidth_m=bandwidth_m), parts)
    rim_x, rim_y = canvas.rim
    return canvas.heat(reduce(add, counts, np.zeros((canvas.rows + 2 * rim_y, canvas.columns + 2 * rim_x))))


def write_part(found: Drawn, path: Path) -> None:
    """Marks as GeoParquet in EPSG:25833: child and geometry. It links what a child drew, so it is as secret as the database itself."""
    geometry = np.concatenate([np.asarray(shapely.points(found.x, found.y), dtype=object), found.shapes])
    frame = geopandas.GeoDataFrame({"child": np.concatenate([found.child, found.shape_child])}, geometry=geometry, crs=grid.GRID_SRID)
    path.touch(mode=0o600)
    frame.to_parquet(path)


def read_part(path: Path) -> Drawn:
    """What write_part wrote; ValueError for another file or coordinate system."""
    frame = geopandas.read_parquet(path)
    if "child" not in frame or frame.crs is None or frame.crs.to_epsg() != grid.GRID_SRID:
        raise ValueError(f"{path.name} does not hold marks in EPSG:{grid.GRID_SRID}")
    geometry, child = frame.geometry.to_numpy(), frame["child"].to_numpy(dtype=np.int64)
    is_place = shapely.get_type_id(geometry) == shapely.GeometryType.POINT
    places = geometry[is_place]
    x, y = shapely.get_x(places), shapely.get_y(places)
    return Drawn(x=x, y=y, child=child[is_place], shapes=geometry[~is_place], shape_child=child[~is_place])


def _drawn(part: Part) -> Drawn:
    return part if isinstance(part, Drawn) else read_part(part)


def _cells(part: Part, *, size_m: int) -> CellChildren:
    counted = grid.count_cells(*_drawn(part).cells(size_m))
    return CellChildren(counted.cells, counted.children)


def _stretches(part: Part, *, stretches: Geometries, corridor_m: float) -> Ids:
    found = _drawn(part)
    is_way = shapely.get_type_id(found.shapes) == shapely.GeometryType.LINESTRING
    return passages(found.shapes[is_way], stretches, corridor_m=corridor_m).children(found.shape_child[is_way], len(stretches))


def _heat_counts(part: Part, *, canvas: Canvas, bandwidth_m: float) -> Any:
    found = _drawn(part)
    x, y, weight, at = positions_of(found.shapes, bandwidth_m=bandwidth_m)
    x, y = np.concatenate([found.x, x]), np.concatenate([found.y, y])
    weight, child = np.concatenate([np.ones(len(found.x)), weight]), np.concatenate([found.child, found.shape_child[at]])
    x, y, weight = once_a_child(x, y, weight, child, bandwidth_m=bandwidth_m)
    lon, lat = grid.transformer(grid.GRID_SRID, 4326).transform(x, y)
    return canvas.counted(np.asarray(lon), np.asarray(lat), weight)
