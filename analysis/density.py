"""Heat maps: how densely children marked a place, smoothed with a Gaussian whose width is given in metres.

The grid of a heat map is aligned with Web Mercator (EPSG:3857), because Leaflet stretches an overlay linearly between
the corners of a box in that projection: so the picture needs no warping. Web Mercator doubles lengths at 60° N,
therefore the bandwidth is multiplied by 1/cos(latitude) of the box's middle. The error of this: the sphere behind Web
Mercator against GRS80, at most 0.7 %, and the change of 1/cos over the box, tan(latitude) · half its height in radians:
0.6 % for a town 40 km from south to north at 62° N, 2 % for 100 km at 70° N. It concerns the bandwidth only; where
the heat lies is exact to a cell.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Floats = NDArray[np.float64]

EARTH_RADIUS_M = 6_378_137.0
MERCATOR_LIMIT = 85.0511287798066
MIN_BANDWIDTH_M = 10
MAX_BANDWIDTH_M = 1000
MAX_SIDE_PX = 2048
# The kernel is cut where it has fallen to e⁻⁸ of its peak; 0.006 % of the mass is lost.
TRUNCATE_SIGMAS = 4.0
# Under this share of the hottest spot nothing is painted, so that the map below stays white.
FAINTEST = 0.02
SHADES = 512

# Twelve stops of viridis (CC0, by S. van der Walt and N. Smith), which keeps its order for colour-blind readers and in
# grey; used backwards, because on a white map darker must mean more.
VIRIDIS = np.array(
    [
        (0xFD, 0xE7, 0x25), (0xC2, 0xDF, 0x23), (0x86, 0xD5, 0x49), (0x52, 0xC5, 0x69), (0x2A, 0xB0, 0x7F), (0x1E, 0x9B, 0x8A),
        (0x25, 0x85, 0x8E), (0x2D, 0x70, 0x8E), (0x38, 0x58, 0x8C), (0x43, 0x3E, 0x85), (0x48, 0x21, 0x73), (0x44, 0x01, 0x54),
    ],
    dtype=np.float64,
)  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """A box in degrees, EPSG:4326."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        """Refuse a box without an inside, or one that Web Mercator cannot show."""
        if not (-180 <= self.west < self.east <= 180 and -MERCATOR_LIMIT <= self.south < self.north <= MERCATOR_LIMIT):
            raise ValueError(f"no box of a map: west {self.west}, south {self.south}, east {self.east}, north {self.north}")


@dataclass(frozen=True)
class Heat:
    """A heat map: values[row, column], row 0 in the north, in what was counted per square kilometre; and the box it fills."""

    values: Floats
    bounds: Bounds

    @property
    def peak(self) -> float:
        """The densest cell, in the same unit."""
        return float(self.values.max(initial=0.0))

    def centres(self, *, rim: int = 0) -> tuple[Floats, Floats]:
        """Longitudes of the columns' middles and latitudes of the rows', in degrees; rim: so many more on each side."""
        rows, columns = self.values.shape
        box = self.bounds
        lon = box.west + (np.arange(-rim, columns + rim) + 0.5) / columns * (box.east - box.west)
        _, (north, south) = _mercator_arrays(np.zeros(2), np.array([box.north, box.south]))
        y = north - (np.arange(-rim, rows + rim) + 0.5) / rows * (north - south)
        return lon, np.degrees(np.arctan(np.sinh(y / EARTH_RADIUS_M)))


@dataclass(frozen=True)
class Canvas:
    """The cells of a heat map before anything is counted: a box, how many cells, and how wide the kernel is in cells.

    It is apart from the heat map so that positions may be counted in several places and the counts added.
    """

    bounds: Bounds
    columns: int
    rows: int
    cell_m: tuple[float, float]
    """A cell's width and height in Mercator metres."""
    sigma: tuple[float, float]
    """The bandwidth in columns and in rows."""
    stretch: float
    """How many Mercator metres a metre on the ground takes."""

    @classmethod
    def over(cls, bounds: Bounds, *, side_px: int, bandwidth_m: float) -> Canvas:
        """Cells for a box, side_px along its longer side (at most 2048); ValueError for a size or bandwidth out of range."""
        if not MIN_BANDWIDTH_M <= bandwidth_m <= MAX_BANDWIDTH_M:
            raise ValueError(f"a bandwidth of {bandwidth_m} m; allowed are {MIN_BANDWIDTH_M} to {MAX_BANDWIDTH_M} m")
        if not 1 <= side_px <= MAX_SIDE_PX:
            raise ValueError(f"{side_px} cells along a side; allowed are 1 to {MAX_SIDE_PX}")
        (west, south), (east, north) = _mercator(bounds.west, bounds.south), _mercator(bounds.east, bounds.north)
        cell = max(east - west, north - south) / side_px
        columns, rows = max(1, round((east - west) / cell)), max(1, round((north - south) / cell))
        cell_x, cell_y = (east - west) / columns, (north - south) / rows
        stretch = _stretch(south, north)
        sigma = (bandwidth_m * stretch / cell_x, bandwidth_m * stretch / cell_y)
        return cls(bounds, columns, rows, cell_m=(cell_x, cell_y), sigma=sigma, stretch=stretch)

    @property
    def rim(self) -> tuple[int, int]:
        """As many cells as the kernel is wide, so that what lies just outside the box still warms its edge."""
        return int(TRUNCATE_SIGMAS * self.sigma[0]) + 1, int(TRUNCATE_SIGMAS * self.sigma[1]) + 1

    def counted(self, lon: Floats, lat: Floats, weights: Floats | None = None) -> Floats:
        """How much lies in each cell, the rim's included; lon, lat: degrees, EPSG:4326.

        Weights are rounded to 2⁻²⁰: sums of such numbers are exact, so that counts may be added in any order and are the same.
        """
        (cell_x, cell_y), (rim_x, rim_y) = self.cell_m, self.rim
        west, north = _mercator(self.bounds.west, self.bounds.north)
        x, y = _mercator_arrays(lon, lat)
        exact = None if weights is None else np.round(weights * 2**20) / 2**20
        return _bin((x - west) / cell_x + rim_x, (north - y) / cell_y + rim_y, self.columns + 2 * rim_x, self.rows + 2 * rim_y, exact)

    def heat(self, counts: Floats) -> Heat:
        """The heat map of what counted() found, or of the sum of several."""
        rim_x, rim_y = self.rim
        smooth = ndimage.gaussian_filter(counts, sigma=self.sigma[::-1], mode="constant", truncate=TRUNCATE_SIGMAS)
        km2_per_cell = self.cell_m[0] * self.cell_m[1] / self.stretch**2 / 1e6
        return Heat(values=smooth[rim_y : rim_y + self.rows, rim_x : rim_x + self.columns] / km2_per_cell, bounds=self.bounds)


def heat_map(lon: Floats, lat: Floats, *, bounds: Bounds, side_px: int, bandwidth_m: float, weights: Floats | None = None) -> Heat:
    """Kernel density of positions over a box.

    lon, lat: degrees, EPSG:4326, parallel. side_px: cells along the longer side of the box (at most 2048; the other side
    follows, cells are squares). bandwidth_m: the Gaussian's standard deviation on the ground, 10 to 1000 m. weights:
    how much each position counts, 1 unless given. Positions outside count as far as their heat reaches in. Returns
    zeros when there are none; ValueError for a size or bandwidth out of range. Error of the bandwidth: see the module.
    """
    canvas = Canvas.over(bounds, side_px=side_px, bandwidth_m=bandwidth_m)
    return canvas.heat(canvas.counted(lon, lat, weights))


def positions_of(geometries: NDArray[np.object_], *, bandwidth_m: float) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    """Positions and weights that stand for places, routes and areas in one heat map.

    geometries: shapely in a projected CRS in metres; None and empty ones are left out. Returns (x, y, weight, at), the last saying which
    of the geometries each position stands for. A place
    is itself with weight 1; an area is a point inside it with weight 1; a route is points each half bandwidth along
    it, weighted so that one route is as hot along its middle as one place is at its spot.
    """
    kind = shapely.get_type_id(geometries)
    filled = ~shapely.is_empty(geometries) & (kind >= 0)
    is_spot, is_line = np.flatnonzero(filled & (kind != 1)), np.flatnonzero(filled & (kind == 1))
    spots = shapely.point_on_surface(geometries[is_spot])
    lines = geometries[is_line]
    # points at the middles of stretches of equal length, about half a bandwidth each
    lengths = shapely.length(lines)
    pieces = np.maximum(1, np.ceil(lengths / (bandwidth_m / 2))).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), pieces)
    number = np.arange(len(line)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = (lengths / pieces)[line]
    along = shapely.line_interpolate_point(lines[line], (number + 0.5) * step)
    # A line of λ per metre peaks at λ / (√(2π) σ), a place at 1 / (2π σ²): equal for λ = 1 / (√(2π) σ).
    weight = step / (np.sqrt(2 * np.pi) * bandwidth_m)
    return (
        np.concatenate([shapely.get_x(spots), shapely.get_x(along)]),
        np.concatenate([shapely.get_y(spots), shapely.get_y(along)]),
        np.concatenate([np.ones(len(spots)), weight]),
        np.concatenate([is_spot, is_line[line]]),
    )


def once_a_child(x: Floats, y: Floats, weight: Floats, child: NDArray[np.int64], *, bandwidth_m: float) -> tuple[Floats, Floats, Floats]:
    """What each child adds to a heat map of children: of its positions within one square of half a bandwidth, one, the heaviest.

    x, y: metres, projected; weight and child (a number per child) are parallel. Returns (x, y, weight), fewer or equally many. So a child
    that draws its way to school ten times, or sets ten places on one playground, warms it no more than one that did so once; half a
    bandwidth is finer than what the map can show. Without positions, empty arrays.
    """
    if not len(x):
        return x, y, weight
    # squares are counted from the origin of the projection, so that they are the same whatever else is counted
    column, row = (np.floor(along / (bandwidth_m / 2)).astype(np.int64) for along in (x, y))
    # one number for child and square: a million children in the whole of Norway take 2⁵⁶ of them
    wide, high = np.ptp(column) + 1, np.ptp(row) + 1
    square = (child * wide + column - column.min()) * high + row - row.min()
    order = np.lexsort((-weight, square))
    first = np.diff(square[order], prepend=-1) != 0
    kept = np.sort(order[first])
    return x[kept], y[kept], weight[kept]


def heat_png(heat: Heat) -> bytes:
    """The heat map as a PNG to lay over a Leaflet map between the corners of `heat.bounds`.

    Colours follow the square root of the density, so that the less dense places are seen as well; the faintest two
    per cent are clear. The legend's stops are VIRIDIS from left to right, from few to many.
    """
    share = np.sqrt(heat.values * (1 / heat.peak)) if heat.peak > 0 else np.zeros_like(heat.values)
    picture = _palette()[(share * (SHADES - 1)).astype(np.intp)]
    out = io.BytesIO()
    Image.fromarray(picture, "RGBA").save(out, "PNG", compress_level=4)
    return out.getvalue()


def _palette() -> NDArray[np.uint8]:
    """RGBA per shade; a table is looked up five times as fast as colours are interpolated per pixel."""
    share = np.linspace(0, 1, SHADES)
    stops = np.linspace(0, 1, len(VIRIDIS))
    faint = np.sqrt(FAINTEST)
    opacity = np.clip((share - faint) / (0.5 - faint), 0, 1) * 215
    return np.stack([*(np.interp(share, stops, VIRIDIS[:, i]) for i in range(3)), opacity], axis=-1).astype(np.uint8)


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    x, y = _mercator_arrays(np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])


def _mercator_arrays(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """EPSG:3857, whose formula is its definition; sinh⁻¹(tan φ) needs no transformer and no axis order."""
    return EARTH_RADIUS_M * np.radians(lon), EARTH_RADIUS_M * np.arcsinh(np.tan(np.radians(lat)))


def _stretch(south_m: float, north_m: float) -> float:
    """How many Mercator metres a metre on the ground takes in the middle of the box: 1/cos(latitude)."""
    return float(np.cosh((south_m + north_m) / 2 / EARTH_RADIUS_M))


def _bin(column: Floats, row: Floats, columns: int, rows: int, weights: Floats | None) -> Floats:
    """Count positions into cells; bincount of one flat index is ten times as fast as numpy.histogram2d."""
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    flat = row[inside].astype(np.int64) * columns + column[inside].astype(np.int64)
    counted = np.bincount(flat, weights=None if weights is None else weights[inside], minlength=rows * columns)
    return counted.astype(np.float64).reshape(rows, columns)
