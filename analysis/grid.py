"""Hexagons that keep their ids: one fixed grid for all of Norway, in EPSG:25833, anchored at the origin.

Flat-topped hexagons. A size is the distance in metres between two opposite sides (250 m unless told), so

    height = size_m                     one flat side up, one down
    edge   = size_m / √3                144.34 m at 250 m
    width  = 2 · size_m / √3            corner to corner, west to east
    area   = √3 / 2 · size_m²           5.41 ha at 250 m

The hexagon (q, r) = (0, 0) has its centre in (0, 0); q counts columns eastwards, r counts cells northwards and half
a cell per column (axial coordinates): x = √3/2 · size_m · q, y = size_m · (r + q/2). `ST_HexagonGrid(edge, …)` of PostGIS
draws the same cells, which the tests prove. One grid is used in the whole country and in every year, so a report
can cite a cell; far west of zone 33 its metres are up to 0.4 % longer than on the ground, which is accepted.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

GRID_SRID = 25833
DEFAULT_SIZE_M = 250
MIN_SIZE_M = 25
MAX_SIZE_M = 500
# Two positions nearer each other than this are one place when a line is followed across cell borders.
TOLERANCE_M = 0.01
THREADS = 2
THREADS_FROM = 100_000
"""From so many positions on they are projected in threads; for fewer, making the threads costs as much as it saves."""
_PIECE = 1 << 15

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

_SQRT3 = 3**0.5
# An id is size · 2⁴⁸ + (q + 2²³) · 2²⁴ + (r + 2²³): 58 bits, so that it tells its own size and never is negative.
_BITS = 24
_BIAS = 1 << (_BITS - 1)
_MASK = (1 << _BITS) - 1
# Corners counted from the east, anticlockwise, in half edges east and half heights north of the centre: whole
# numbers, so that neighbours compute the very same corner and no sliver opens between them.
_CORNER_X = np.array([2, 1, -1, -2, -1, 1, 2], dtype=np.int64)
_CORNER_Y = np.array([0, 1, 1, 0, -1, -1, 0], dtype=np.int64)


@dataclass(frozen=True)
class CellCounts:
    """One row per cell that holds anything, in ascending order of id."""

    cells: Ids
    marks: Ids
    children: Ids


def cell_of(x: Floats, y: Floats, size_m: int = DEFAULT_SIZE_M) -> Ids:
    """The id of the hexagon that each position lies in.

    x, y: arrays of one length, metres east and north in EPSG:25833, finite. Returns int64 ids, same length; empty in,
    empty out. A position on a border belongs to exactly one of its cells. ValueError for a size outside 25–500 m.
    """
    _check_size(size_m)
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    ids = np.empty(len(x), dtype=np.int64)
    # piece by piece, so that what is reckoned on the way stays in the processor's cache: less than half the time
    for piece in (slice(first, first + _PIECE) for first in range(0, len(x), _PIECE)):
        ids[piece] = pack(*_axial(x[piece], y[piece], size_m), size_m)
    return ids


def cell_centre(ids: Ids) -> tuple[Floats, Floats]:
    """Centres in EPSG:25833 metres, as (x, y) arrays of the length of ids."""
    size_m, q, r = unpack(ids)
    return np.asarray(size_m * (_SQRT3 / 2) * q, dtype=np.float64), size_m * (r + q / 2)


def cell_polygon(ids: Ids) -> Geometries:
    """Closed hexagons in EPSG:25833 as shapely polygons, one per id; neighbours share their corners exactly."""
    x, y = _corners(ids)
    return np.asarray(shapely.polygons(np.stack([x, y], axis=-1)), dtype=object)


def cell_polygon_lonlat(ids: Ids, decimals: int = 6) -> Floats:
    """Closed rings in EPSG:4326, [lon, lat] rounded to so many decimals: an array of shape (cells, 7, 2)."""
    x, y = _corners(ids)
    if not x.size:
        return np.empty((0, 7, 2))
    lon, lat = transformer(GRID_SRID, 4326).transform(x, y)
    return np.round(np.stack([lon, lat], axis=-1), decimals)


def cell_name(ids: Ids) -> list[str]:
    """Ids as people and files write them: "h250_312_29144" is the 250 m hexagon with q = 312 and r = 29144.

    With no point in it, so that nobody who looks for fine coordinates in a public file takes "312.29144" for one.
    """
    return [f"h{s}_{q}_{r}" for s, q, r in zip(*(part.tolist() for part in unpack(ids)), strict=True)]


def cell_from_name(name: str) -> int:
    """The id behind a name made by `cell_name`; ValueError when it is none."""
    parts = name.removeprefix("h").split("_")
    if not name.startswith("h") or len(parts) != 3:
        raise ValueError(f"no cell is called {name!r}; a name looks like h250_312_29144")
    size_m, q, r = (int(part) for part in parts)
    _check_size(size_m)
    if max(abs(q), abs(r)) >= _BIAS:
        raise ValueError(f"{name!r} lies outside the grid")
    return int(pack(np.array([q]), np.array([r]), size_m)[0])


def unpack(ids: Ids) -> tuple[Ids, Ids, Ids]:
    """(size_m, q, r) of each id."""
    packed = np.asarray(ids, dtype=np.int64)
    return packed >> (2 * _BITS), ((packed >> _BITS) & _MASK) - _BIAS, (packed & _MASK) - _BIAS


def pack(q: Ids, r: Ids, size_m: int | Ids) -> Ids:
    """The ids of hexagons in axial coordinates; the other way round of `unpack`."""
    return (np.asarray(size_m, dtype=np.int64) << (2 * _BITS)) | ((q + _BIAS) << _BITS) | (r + _BIAS)


def count_points(x: Floats, y: Floats, children: Ids, size_m: int = DEFAULT_SIZE_M) -> CellCounts:
    """Count places and the different children who set them, per hexagon.

    x, y: metres in EPSG:25833. children: any int64 that is equal for the marks of one child. All of one length.
    """
    return count_cells(cell_of(x, y, size_m), children)


def count_cells(cells: Ids, children: Ids) -> CellCounts:
    """Count rows and different children per cell; cells and children are parallel arrays of one row per mark."""
    if not len(cells):
        return CellCounts(cells=cells, marks=cells, children=cells)
    unique, place = _places(cells)
    who = _dense(children)
    # One number per (cell, child), at most cells × children, which is far below 2⁶³; sorting them bare is quick.
    pairs = np.sort(place * (who.max() + 1) + who)
    first = np.concatenate([[True], pairs[1:] != pairs[:-1]])
    return CellCounts(
        cells=unique,
        marks=np.bincount(place, minlength=len(unique)).astype(np.int64),
        children=np.bincount(pairs[first] // (who.max() + 1), minlength=len(unique)).astype(np.int64),
    )


def cells_of_geometries(geometries: Geometries, size_m: int = DEFAULT_SIZE_M) -> tuple[Ids, Ids]:
    """All hexagons that each geometry touches, each once.

    geometries: shapely Point, LineString or Polygon in EPSG:25833; None and empty ones give no rows. Returns
    (cells, index), parallel: row i says that geometries[index[i]] touches cells[i], ordered by index. A line counts
    in every cell it crosses by more than a centimetre, an area in every cell it overlaps.
    """
    _check_size(size_m)
    kind = shapely.get_type_id(geometries)
    index = np.arange(len(geometries), dtype=np.int64)
    filled = ~shapely.is_empty(geometries) & (kind >= 0)
    unknown = filled & ~np.isin(kind, (0, 1, 3))
    if unknown.any():
        raise ValueError(f"only points, lines and polygons have cells, not {geometries[unknown][0].geom_type}")
    parts = [
        _cells_of_points(geometries, index[filled & (kind == 0)], size_m),
        _cells_of_lines(geometries, index[filled & (kind == 1)], size_m),
        _cells_of_areas(geometries, index[filled & (kind == 3)], size_m),
    ]
    cells, owner = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((cells, owner))
    cells, owner = cells[order], owner[order]
    first = np.ones(len(cells), dtype=bool)
    first[1:] = (cells[1:] != cells[:-1]) | (owner[1:] != owner[:-1])
    return cells[first], owner[first]


def project(lon: Floats, lat: Floats, srid: int = GRID_SRID) -> tuple[Floats, Floats]:
    """Degrees (EPSG:4326, lon and lat) to metres east and north; empty in, empty out."""
    if not len(lon):
        return np.empty(0), np.empty(0)
    transform = transformer(4326, srid).transform
    if len(lon) < THREADS_FROM:
        return transform(lon, lat)
    # PROJ needs no interpreter while it reckons, and pyproj gives each thread a transformer of its own
    with ThreadPoolExecutor(max_workers=THREADS) as threads:
        parts = list(threads.map(transform, np.array_split(lon, THREADS), np.array_split(lat, THREADS)))
    x, y = zip(*parts, strict=True)
    return np.concatenate(x), np.concatenate(y)


def project_shapes(shapes: Geometries, srid: int = GRID_SRID) -> Geometries:
    """shapely geometries in degrees (EPSG:4326) to metres; None stays None, empty in, empty out."""
    if not len(shapes):
        return np.empty(0, dtype=object)
    return np.asarray(shapely.transform(shapes, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1], srid))), dtype=object)


@cache
def transformer(source: int, target: int) -> Transformer:
    """A pyproj transformer with x before y on both sides; making one takes milliseconds, so they are kept."""
    return Transformer.from_crs(source, target, always_xy=True)


def _check_size(size_m: int) -> None:
    if not MIN_SIZE_M <= size_m <= MAX_SIZE_M:
        raise ValueError(f"a hexagon of {size_m} m; allowed are {MIN_SIZE_M} to {MAX_SIZE_M} m between opposite sides")


def _axial(x: Floats, y: Floats, size_m: int) -> tuple[Ids, Ids]:
    """Round to the nearest centre in cube coordinates (q + r + s = 0): the one that rounded most gives way."""
    q = x * (2 / (_SQRT3 * size_m))
    r = y / size_m - q / 2
    s = -q - r
    q_near, r_near, s_near = np.rint(q), np.rint(r), np.rint(s)
    q_off, r_off, s_off = np.abs(q_near - q), np.abs(r_near - r), np.abs(s_near - s)
    fix_q = (q_off > r_off) & (q_off > s_off)
    fix_r = ~fix_q & (r_off > s_off)
    np.copyto(q_near, -r_near - s_near, where=fix_q)
    np.copyto(r_near, -q_near - s_near, where=fix_r)
    return q_near.astype(np.int64), r_near.astype(np.int64)


def _places(cells: Ids) -> tuple[Ids, Ids]:
    """The different cells in ascending order, and the place of each row's cell among them.

    Cells of one town lie in a small window, where counting beats sorting; a window too large for that is sorted.
    """
    low, span = cells.min() >> _BITS, int((cells.max() >> _BITS) - (cells.min() >> _BITS)) + 1
    r = cells & _MASK
    rows = int(r.max() - r.min()) + 1
    if span * rows > max(20 * len(cells), 1 << 20):
        unique, place = np.unique(cells, return_inverse=True)
        return unique, place.astype(np.int64)
    slot = ((cells >> _BITS) - low) * rows + (r - r.min())
    used = np.zeros(span * rows, dtype=bool)
    used[slot] = True
    filled = np.flatnonzero(used)
    return ((filled // rows + low) << _BITS) | (filled % rows + r.min()), (np.cumsum(used) - 1)[slot]


def _dense(children: Ids) -> Ids:
    """Children as small numbers from 0; those that are so already stay as they are."""
    if children.min() >= 0 and children.max() < max(4 * len(children), 1 << 16):
        return children.astype(np.int64, copy=False)
    return np.unique(children, return_inverse=True)[1].astype(np.int64)


def _corners(ids: Ids) -> tuple[Floats, Floats]:
    size_m, q, r = (part[:, None] for part in unpack(ids))
    return size_m / (2 * _SQRT3) * (3 * q + _CORNER_X), size_m / 2 * (2 * r + q + _CORNER_Y)


def _cells_of_points(geometries: Geometries, index: Ids, size_m: int) -> tuple[Ids, Ids]:
    points = geometries[index]
    return cell_of(shapely.get_x(points), shapely.get_y(points), size_m), index


def _cells_of_lines(geometries: Geometries, index: Ids, size_m: int) -> tuple[Ids, Ids]:
    """Halve every stretch whose ends lie in different cells until it is a centimetre long.

    A hexagon is convex: when both ends of a straight stretch lie in it, the whole stretch does. So only the few
    stretches across a border are halved on, a cell is noted when a middle falls into it, and no polygon is made.
    """
    positions, line = shapely.get_coordinates(geometries[index], return_index=True)
    cell = cell_of(positions[:, 0], positions[:, 1], size_m)
    same_line = line[1:] == line[:-1]
    arrives = np.ones(len(cell), dtype=bool)  # the first position of a line, or the first in another cell
    arrives[1:] = ~same_line | (cell[1:] != cell[:-1])
    cells, owners = [cell[arrives]], [index[line[arrives]]]
    crosses = np.flatnonzero(same_line & arrives[1:])
    a, b, cell_a, cell_b, owner = positions[crosses], positions[crosses + 1], cell[crosses], cell[crosses + 1], index[line[crosses]]
    while len(a):
        middle = (a + b) / 2
        cell_m = cell_of(middle[:, 0], middle[:, 1], size_m)
        new = (cell_m != cell_a) & (cell_m != cell_b)
        cells.append(cell_m[new])
        owners.append(owner[new])
        a, b = np.concatenate([a, middle]), np.concatenate([middle, b])
        cell_a, cell_b = np.concatenate([cell_a, cell_m]), np.concatenate([cell_m, cell_b])
        owner = np.concatenate([owner, owner])
        on = (cell_a != cell_b) & (np.hypot(*(b - a).T) > TOLERANCE_M)
        a, b, cell_a, cell_b, owner = a[on], b[on], cell_a[on], cell_b[on], owner[on]
    return np.concatenate(cells), np.concatenate(owners)


def _cells_of_areas(geometries: Geometries, index: Ids, size_m: int) -> tuple[Ids, Ids]:
    """The cells that the outline crosses, and those that lie inside it whole, which only a large area has."""
    rings, owner = shapely.get_rings(geometries[index], return_index=True)
    cells, ring = _cells_of_lines(np.asarray(rings, dtype=object), np.arange(len(rings), dtype=np.int64), size_m)
    parts = [(cells, index[owner[ring]])]
    bounds = shapely.bounds(geometries[index]).reshape(-1, 4)
    # a cell is as high as size_m, so what is lower holds none whole
    for number in index[bounds[:, 3] - bounds[:, 1] >= size_m]:
        area = geometries[number]
        near = _cells_in_box(shapely.bounds(area), size_m)
        inside = near[shapely.contains_xy(area, *cell_centre(near))]
        parts.append((inside, np.full(len(inside), number, dtype=np.int64)))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _cells_in_box(box: Floats, size_m: int) -> Ids:
    """All cells that may touch [west, south, east, north] in metres, and a ring around them."""
    west, south, east, north = (float(side) for side in box)
    column_m = size_m * _SQRT3 / 2
    q = np.arange(int(np.floor(west / column_m)) - 1, int(np.ceil(east / column_m)) + 2, dtype=np.int64)
    rows = int(np.ceil((north - south) / size_m)) + 3
    first = np.floor(south / size_m - q / 2).astype(np.int64) - 1
    r = first[:, None] + np.arange(rows, dtype=np.int64)
    return pack(np.repeat(q, rows), r.ravel(), size_m)
