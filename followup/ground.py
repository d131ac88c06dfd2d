"""What lies under the printed map's hexagons: shore, woods, roads and names, read from the municipality's own basemap file.

The same PMTiles file that the screen draws, read with GDAL and laid out once in the frame of the picture; no provider is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, log2, pi
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError

from followup.frame import HEIGHT, RADIUS_M, WIDTH, Frame

# What is painted, lowest first. An area's kinds share a colour; a line's have a width in units of the picture.
WOODS = ("forest", "wood", "scrub")
GREENS = ("park", "grass", "grassland", "pitch", "playground", "meadow", "garden", "cemetery", "golf_course", "nature_reserve", "farmland")
WIDTHS = {"highway": 5.0, "major_road": 4.0, "medium_road": 3.0, "minor_road": 2.0, "rail": 1.5, "path": 0.8, "other": 0.8}
NAMED = ("locality", "neighbourhood", "island")
WATER_NAMES = ("ocean", "bay", "strait", "lake", "fjord", "river")

FINEST_UNITS = 0.4
"""Detail finer than this cannot be seen on paper and is left out."""
HAIR_UNITS = 0.8
"""Half the widest gap between what lies in two neighbouring tiles."""


@dataclass(frozen=True)
class Line:
    """All roads of one kind as one path."""

    kind: str
    width: float
    path: str


@dataclass(frozen=True)
class Name:
    """A name of the map, centred on its place; those of one kind in order of importance."""

    x: int
    y: int
    text: str
    kind: str


@dataclass(frozen=True)
class Ground:
    """Paths in units of the picture."""

    woods: str
    greens: str
    water: str
    lines: tuple[Line, ...]
    names: tuple[Name, ...]


def read_ground(path: Path, frame: Frame, *, min_zoom: int, max_zoom: int) -> Ground:
    """What the basemap file holds within the frame; OSError or pyogrio's DataSourceError when it is not there or no PMTiles.

    min_zoom, max_zoom: what the file holds.
    """
    zoom = max(min_zoom, min(max_zoom, _zoom_for(frame)))
    layers = {name: _layer(path, name, frame, zoom) for name in ("landuse", "water", "roads", "places")}
    land, roads = layers["landuse"], layers["roads"]
    return Ground(
        woods=_areas(land[land["kind"].isin(WOODS)], frame),
        greens=_areas(land[land["kind"].isin(GREENS)], frame),
        water=_areas(layers["water"], frame),
        lines=tuple(
            Line(kind, width, _lines(roads[roads["kind"] == kind], frame))
            for kind, width in reversed(WIDTHS.items())
            if (roads["kind"] == kind).any()
        ),
        names=tuple(_names(layers, frame)),
    )


def _zoom_for(frame: Frame) -> int:
    """The zoom at which four to eight tiles lie side by side in the frame."""
    return floor(log2(2 * pi * RADIUS_M / (WIDTH * frame.unit))) + 2


def _layer(path: Path, name: str, frame: Frame, zoom: int) -> GeoDataFrame:
    try:
        # asked for outright: listing a file's layers reads all of it
        found = pyogrio.read_dataframe(path, layer=name, bbox=frame.bounds, ZOOM_LEVEL=zoom)
    except DataLayerError:
        found = GeoDataFrame(geometry=[], crs=3857)
    for column in ("kind", "name"):
        if column not in found:
            found[column] = None
    return found


def _areas(features: GeoDataFrame, frame: Frame) -> str:
    # Joined across the hair between two tiles, so that no edge of a tile is seen as a shore.
    whole = shapely.union_all(shapely.buffer(_fitted(features, frame), HAIR_UNITS, join_style="mitre"))
    shapes = shapely.get_parts(shapely.buffer(whole, -HAIR_UNITS, join_style="mitre"))
    polygons = shapes[(shapely.get_type_id(shapes) == 3) & ~shapely.is_empty(shapes)]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return "".join(f"M{_positions(np.asarray(ring.coords)[:-1])}Z" for ring in rings)


def _lines(features: GeoDataFrame, frame: Frame) -> str:
    shapes = shapely.get_parts(_fitted(features, frame))
    lines = shapes[shapely.get_type_id(shapes) == 1]
    return "".join(f"M{_positions(np.asarray(line.coords))}" for line in lines)


def _fitted(features: GeoDataFrame, frame: Frame) -> NDArray[np.object_]:
    """The shapes in units of the picture, cut at its edges, without detail that cannot be seen."""
    west, _, _, north = frame.bounds

    def place(positions: NDArray[np.float64]) -> NDArray[np.float64]:
        return (positions - [west, north]) / [frame.unit, -frame.unit]

    placed = shapely.simplify(shapely.transform(np.asarray(features.geometry), place), FINEST_UNITS)
    # A little outside the edge, so that no outline of the cut is seen.
    cut = shapely.clip_by_rect(placed[shapely.is_valid(placed)], -10, -10, WIDTH + 10, HEIGHT + 10)
    return np.asarray(cut[~shapely.is_empty(cut)], dtype=object)


def _positions(positions: NDArray[np.float64]) -> str:
    return "L".join(f"{x:.1f},{y:.1f}" for x, y in positions)


def _names(layers: dict[str, GeoDataFrame], frame: Frame) -> Iterator[Name]:
    """Names inside the frame, the larger kinds first."""
    for kind, text, point in _named_points(layers):
        x, y = round((point.x - frame.west) / frame.unit), round((frame.north - point.y) / frame.unit)
        if 0 < x < WIDTH and 0 < y < HEIGHT:
            yield Name(x, y, text, "water" if kind in WATER_NAMES else "town" if kind == NAMED[0] else "place")


def _named_points(layers: dict[str, GeoDataFrame]) -> list[tuple[str, str, shapely.Point]]:
    order = {kind: rank for rank, kind in enumerate((*NAMED, *WATER_NAMES))}
    found = [
        (kind, name, shape)
        for layer in ("places", "water")
        for kind, name, shape in zip(layers[layer]["kind"], layers[layer]["name"], layers[layer].geometry, strict=True)
        if kind in order and isinstance(name, str) and name and shape.geom_type == "Point"
    ]
    return sorted(found, key=lambda row: (order[row[0]], row[1]))
