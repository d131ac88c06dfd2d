"""Contours of a heat map: the smallest land that holds a given share of the heat, as polygons to draw and to measure.

A line "where it is as hot as this" tells a reader of maps nothing; "within this line lies half of all that was marked" does. Such a line
is an isopleth of the kernel density: the level above which that share of the heat lies (Worton 1989, who drew animals' home ranges so).
Land above a level is cut out of the grid of cell centres linearly, by contourpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.density import Heat

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Isopleth:
    """The land that holds at least `share` of the heat: a MultiPolygon in degrees, EPSG:4326, where it is hotter than level_per_km2."""

    share: float
    level_per_km2: float
    land: shapely.MultiPolygon


def isopleths(heat: Heat, shares: Sequence[float]) -> list[Isopleth]:
    """The land that holds each share (above 0, below 1) of the heat within the map, in the order given.

    Empty for a map without heat; ValueError for a share out of range. The land ends at the map's edge, where the outermost half
    cell is left out. How exact: a cell's width, so ask for cells that are small beside the bandwidth.
    """
    if wrong := [share for share in shares if not 0 < share < 1]:
        raise ValueError(f"a share of {wrong[0]}; it lies between 0 and 1")
    if heat.peak <= 0:
        return []
    # a rim of cold, so that every line closes
    values = np.pad(heat.values, 1)
    x, y = heat.centres(rim=1)
    cutter = contourpy.contour_generator(x, y, values, fill_type=contourpy.FillType.OuterOffset)
    found = []
    for share, level in zip(shares, _levels(heat.values, shares), strict=True):
        # of the types that a generator can be asked for, OuterOffset gives two lists: of positions, and of where the rings in them begin
        points, offsets = cast(tuple[list[Floats], list[NDArray[np.uint32]]], cutter.filled(level, np.inf))
        polygons = [_polygon(xy, rings) for xy, rings in zip(points, offsets, strict=True)]
        found.append(Isopleth(share, float(level), shapely.MultiPolygon([part for part in polygons if part is not None])))
    return found


def _levels(values: Floats, shares: Sequence[float]) -> Floats:
    """How hot the coldest cell is that is needed for each share, when the hottest are taken first."""
    hottest = np.sort(values, axis=None)[::-1]
    held = np.cumsum(hottest)
    return np.asarray(hottest[np.searchsorted(held, np.asarray(shares) * held[-1])], dtype=np.float64)


def _polygon(xy: Floats, offsets: NDArray[np.uint32]) -> shapely.Polygon | None:
    """An outer ring and its holes; None for land without an inside, where a level touches one cell alone."""
    outer, *holes = (xy[first:last] for first, last in pairwise(offsets.tolist()))
    polygon = shapely.Polygon(outer, holes)
    return polygon if polygon.is_valid and polygon.area > 0 else None
