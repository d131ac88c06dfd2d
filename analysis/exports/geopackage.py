"""GeoPackage: a layer per kind of mark, written by GDAL in blocks, and the ways without geometry in a table of their own."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely

from analysis.exports.columns import COLUMNS
from analysis.exports.source import rows
from analysis.filters import MarkFilter
from surveys.crs import STORAGE_SRID
from surveys.models import Survey

CHUNK_BYTES = 256 * 1024
ROWS_AT_ONCE = 20_000
LAYERS = {"place": ("places", "Point"), "route": ("routes", "LineString"), "area": ("areas", "Polygon")}
DICTIONARY = "column_dictionary"


def stream_geopackage(survey: Survey, chosen: MarkFilter) -> Iterator[bytes]:
    """The file in pieces; it is made whole in a temporary folder first, since SQLite writes all over its file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "marks.gpkg"
        _write(path, survey, chosen)
        with path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece


def _write(path: Path, survey: Survey, chosen: MarkFilter) -> None:
    names = [column.name for column in COLUMNS]
    for kind, (layer, geometry_type) in LAYERS.items():
        # every layer is there, empty or not, so that a project in QGIS keeps its sources
        empty = geopandas.GeoDataFrame({name: pd.Series(dtype="str") for name in names}, geometry=[], crs=STORAGE_SRID)
        pyogrio.write_dataframe(empty, path, layer=layer, driver="GPKG", geometry_type=geometry_type, append=kind != "place")
    for block in rows(survey, chosen, at_once=ROWS_AT_ONCE):
        frame = pd.DataFrame(block, columns=[*names, "geometry"])
        wkb = np.array([None if value is None else bytes(value) for value in frame["geometry"]], dtype=object)
        # six decimals, as in the other formats
        shapes = shapely.transform(shapely.from_wkb(wkb), lambda positions: np.round(positions, 6))
        marks = geopandas.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=STORAGE_SRID)
        for kind, (layer, geometry_type) in LAYERS.items():
            if len(part := marks[marks["kind"] == kind]):
                pyogrio.write_dataframe(part, path, layer=layer, driver="GPKG", geometry_type=geometry_type, append=True)
    meanings = pd.DataFrame({"column": names, "meaning": [column.meaning for column in COLUMNS]})
    pyogrio.write_dataframe(meanings, path, layer=DICTIONARY, driver="GPKG", append=True)
