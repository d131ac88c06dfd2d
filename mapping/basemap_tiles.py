"""Cuts layers into vector tiles with GDAL and binds them into one PMTiles file.

GDAL cuts one layer at a time into an MBTiles file of its own. A vector tile is a list of layers, so the tiles of one place are joined
by writing them one after the other (protocol buffers: repeated fields may be split), packed again, and stored by the PMTiles library.
"""

from __future__ import annotations

import gzip
import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from mapping.basemap_tags import COLUMNS, LAYERS

METRIC_SRID = 3857
"""The tiles' own system. Its metres are too long away from the equator, which only makes the drawing finer than asked."""


@dataclass(frozen=True)
class Band:
    """Zooms that are drawn alike. tolerance_m, smallest_m2: detail that nobody could see there is left out."""

    lowest: int
    highest: int
    tolerance_m: float
    smallest_m2: float
    layers: tuple[str, ...] = LAYERS


BANDS = (
    Band(0, 9, 60.0, 200_000.0, ("earth", "landuse", "water", "roads", "places", "boundaries")),
    Band(10, 12, 8.0, 8_000.0, ("earth", "landuse", "water", "roads", "pois", "places", "boundaries")),
    Band(13, 22, 0.0, 0.0),
)
"""Far, middle and near."""

TileAddress = tuple[int, int, int]


def write_pmtiles(
    layers: Mapping[str, GeoDataFrame], output: Path, *, metadata: dict[str, Any], bounds: tuple[float, float, float, float], zooms: range
) -> int:
    """Write the layers as one PMTiles file and return how many tiles it holds. An older file is replaced only when the new one is whole."""
    tiles: dict[TileAddress, bytearray] = {}
    with TemporaryDirectory() as folder:
        for number, (name, frame) in enumerate(_in_order(layers)):
            projected = frame.to_crs(METRIC_SRID)
            for band in BANDS:
                lowest, highest = max(band.lowest, zooms.start), min(band.highest, zooms.stop - 1)
                if name in band.layers and lowest <= highest:
                    path = Path(folder) / f"{number}-{lowest}.mbtiles"
                    for address, data in _cut(name, _thinned(projected, band), path, lowest, highest):
                        tiles.setdefault(address, bytearray()).extend(data)
    part = output.with_suffix(".part")
    with part.open("wb") as file:
        writer: Any = _open_writer(file)
        for tile_id, address in sorted((zxy_to_tileid(*address), address) for address in tiles):
            # No time stamp in the packing: the same input gives the same file, and so the same ETag.
            writer.write_tile(tile_id, gzip.compress(bytes(tiles[address]), mtime=0))
        writer.finalize(_header(bounds, zooms), metadata)
    part.replace(output)
    return len(tiles)


def _in_order(layers: Mapping[str, GeoDataFrame]) -> Iterator[tuple[str, GeoDataFrame]]:
    for name in LAYERS:
        if name in layers and len(layers[name]):
            yield name, _typed(layers[name])


def _typed(frame: GeoDataFrame) -> GeoDataFrame:
    """The columns a map needs, each of one type: where sources are joined, gaps make columns of mixed objects, which GDAL drops unsaid."""
    kept = frame[[column for column in COLUMNS if column in frame.columns] + [frame.geometry.name]].copy()
    for column in kept.columns.drop(frame.geometry.name):
        if COLUMNS[column] == "Boolean":
            kept[column] = kept[column].map(lambda value: value is True or value == 1)
        elif COLUMNS[column] == "Number":
            kept[column] = pd.to_numeric(kept[column], errors="coerce")
    return kept


def _thinned(frame: GeoDataFrame, band: Band) -> GeoDataFrame:
    """What shows in a band: large enough, important enough, and no finer than its pixels."""
    if "min_zoom" in frame.columns:
        frame = frame[frame["min_zoom"].fillna(0) <= band.highest]
    if band.smallest_m2:
        is_area = frame.geom_type.isin(["Polygon", "MultiPolygon"])
        frame = frame[~is_area | (frame.area >= band.smallest_m2)]
    if band.tolerance_m:
        frame = frame.set_geometry(frame.geometry.simplify(band.tolerance_m))
    return frame[~frame.geometry.is_empty]


def _cut(layer: str, frame: GeoDataFrame, path: Path, lowest: int, highest: int) -> Iterator[tuple[TileAddress, bytes]]:
    if frame.empty:
        return
    valid = shapely.make_valid(frame.geometry.values)
    with warnings.catch_warnings():
        # GDAL warns of features that vanish when rounded to the tile's grid; at that zoom they are smaller than a pixel.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"pyogrio")
        # Two megabytes and a million features a tile: nothing is thinned out silently, as it is past GDAL's own 500 kB.
        options = {"MINZOOM": str(lowest), "MAXZOOM": str(highest), "MAX_SIZE": "2000000", "MAX_FEATURES": "1000000", "BUFFER": "128"}
        pyogrio.write_dataframe(frame.set_geometry(valid, crs=frame.crs), path, layer=layer, driver="MBTiles", dataset_options=options)
    with closing(sqlite3.connect(path)) as database:
        for zoom, column, row, data in database.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"):
            # MBTiles counts rows from the south (TMS), PMTiles from the north.
            yield (zoom, column, 2**zoom - 1 - row), gzip.decompress(data)


def _open_writer(file: BinaryIO) -> Any:
    return Writer(file)  # type: ignore[no-untyped-call]  # the library says it is typed, but this part is not


def _header(bounds: tuple[float, float, float, float], zooms: range) -> dict[str, Any]:
    west, south, east, north = (round(degrees * 10_000_000) for degrees in bounds)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": min(13, zooms.stop - 1),
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
