"""GeoPackage with a layer for each object type, the columns of the GML, and a style that QGIS opens each layer with.

The same release gives the same bytes: the times that GDAL writes into a new file are set to the day of the numbers, and the file is
written out once more (VACUUM), so that nothing is left of the first ones in pages that are not used.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from analysis import grid
from analysis.exports.geopackage import VERSION
from analysis.exports.styles import add_styles
from analysis.national.columns import OWN, Column, columns_of
from analysis.national.model import CODE_LISTS, NationalModel, NationalObject, corners_of
from analysis.national.style import counted

CHUNK_BYTES = 256 * 1024
GEOMETRY = "område"
DICTIONARY = "column_dictionary"


def stream_geopackage(model: NationalModel, *, name: str, description: str) -> Iterator[bytes]:
    """The file in pieces; it is made whole in a temporary folder first, since SQLite writes all over its file."""
    with TemporaryDirectory() as folder:
        first, path = Path(folder) / "first.gpkg", Path(folder) / "release.gpkg"
        for object_type in CODE_LISTS:
            _write_layer(first, model, object_type, description=f"{name}. {description}")
        _write_dictionary(first)
        add_styles(first, {object_type: counted(OWN) for object_type in CODE_LISTS}, GEOMETRY, made_on=model.captured_on)
        _settle(first, path, model.captured_on)
        with path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece


def _write_layer(path: Path, model: NationalModel, object_type: str, *, description: str) -> None:
    columns, objects = columns_of(object_type), model.of_type(object_type)
    arrays = [_array(column, model, objects) for column in columns]
    shapes = shapely.to_wkb(shapely.polygons(corners_of(objects))) if objects else np.empty(0, dtype=object)
    schema = pa.schema([*((column.name, column.type) for column in columns), (GEOMETRY, pa.binary())])
    pyogrio.write_arrow(
        # every layer is there, empty or not, so that a project in QGIS keeps its sources
        pa.table([*arrays, pa.array(shapes, pa.binary())], schema=schema),
        path,
        layer=object_type,
        driver="GPKG",
        geometry_type="Polygon",
        geometry_name=GEOMETRY,
        crs=f"EPSG:{grid.GRID_SRID}",
        dataset_options={"VERSION": VERSION},
        layer_options={"DESCRIPTION": description, "GEOMETRY_NAME": GEOMETRY},
    )


def _array(column: Column, model: NationalModel, objects: Sequence[NationalObject]) -> pa.Array:
    values = [column.value(model, one) for one in objects]
    return pa.array(values, pa.string()).cast(column.type) if column.type == pa.date32() else pa.array(values, column.type)


def _write_dictionary(path: Path) -> None:
    columns = {column.name: column.meaning for object_type in CODE_LISTS for column in columns_of(object_type)}
    meanings = pd.DataFrame({"column": list(columns), "meaning": list(columns.values())})
    pyogrio.write_dataframe(meanings, path, layer=DICTIONARY, driver="GPKG", append=True)


def _settle(first: Path, path: Path, day: date) -> None:
    with closing(sqlite3.connect(first)) as database:
        database.execute("UPDATE gpkg_contents SET last_change = ?", [f"{day.isoformat()}T00:00:00.000Z"])
        database.commit()
        database.execute("VACUUM INTO ?", [str(path)])
