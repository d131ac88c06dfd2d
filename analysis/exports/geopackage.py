"""GeoPackage: a layer per kind of mark, streamed to GDAL as Arrow, and for each a style in the categories' colours for QGIS."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely

from analysis.exports.columns import COLUMNS
from analysis.exports.source import Source
from analysis.exports.styles import Look, add_styles, by_value
from analysis.filters import MarkFilter
from surveys.crs import STORAGE_SRID
from surveys.models import Survey

CHUNK_BYTES = 256 * 1024
ROWS_AT_ONCE = 20_000
LAYERS = {"place": ("places", "Point"), "route": ("routes", "LineString"), "area": ("areas", "Polygon")}
DICTIONARY = "column_dictionary"
VERSION = "1.2"
"""GDAL would write 1.4, of which QGIS before 3.28 says that it may be read in part only; we use nothing that is newer than 1.2."""
GEOMETRY = "geom"
SCHEMA = pa.schema([*((column.name, pa.string()) for column in COLUMNS), (GEOMETRY, pa.binary())])


def stream_geopackage(survey: Survey, chosen: MarkFilter) -> Iterator[bytes]:
    """The file in pieces; it is made whole in a temporary folder first, since SQLite writes all over its file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "marks.gpkg"
        _write(path, survey, chosen)
        with path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece


def _write(path: Path, survey: Survey, chosen: MarkFilter) -> None:
    for kind, (layer, geometry_type) in LAYERS.items():
        # every layer is there, empty or not, so that a project in QGIS keeps its sources
        is_chosen = not chosen.kind or kind in chosen.kind
        batches = _batches(survey, replace(chosen, kind=(kind,))) if is_chosen else iter(())
        reader = pa.RecordBatchReader.from_batches(SCHEMA, batches)
        # in one stream, so that GDAL makes the spatial index once and not row by row
        pyogrio.write_arrow(
            reader,
            path,
            layer=layer,
            driver="GPKG",
            geometry_type=geometry_type,
            geometry_name=GEOMETRY,
            crs=f"EPSG:{STORAGE_SRID}",
            dataset_options={"VERSION": VERSION},
        )
    meanings = pd.DataFrame({"column": [column.name for column in COLUMNS], "meaning": [column.meaning for column in COLUMNS]})
    pyogrio.write_dataframe(meanings, path, layer=DICTIONARY, driver="GPKG", append=True)
    styles = {layer: by_value("category", _looks(survey, kind), kind) for kind, (layer, _) in LAYERS.items()}
    add_styles(path, styles, GEOMETRY, made_on=survey.opens_on)


def _looks(survey: Survey, kind: str) -> list[Look]:
    """A survey's categories of one kind, in their colours."""
    return [Look(category.label_in("nb"), category.colour, value=category.code) for category in survey.categories.filter(kind=kind)]


def _batches(survey: Survey, chosen: MarkFilter) -> Iterator[pa.RecordBatch]:
    """What the columns say of a category or a class comes as numbers: Arrow writes them out faster than PostgreSQL or Python."""
    source = Source(survey, chosen)
    looked_up = [column for column in COLUMNS if column.key]
    own = [column for column in COLUMNS if not column.key]
    lookups = {column.name: _Lookup(source.vocabulary.lookup(column)) for column in looked_up}
    values = ["category", "who", *(source.vocabulary.value_sql(column) for column in own), "geom::bytea"]
    for block in source.blocks(values, at_once=ROWS_AT_ONCE):
        category, who, *texts, raw = zip(*block, strict=True)
        numbers = {"category": category, "who": who}
        arrays = {column.name: lookups[column.name].of(numbers[column.key]) for column in looked_up}
        arrays |= {column.name: pa.array(text, pa.string()) for column, text in zip(own, texts, strict=True)}
        # six decimals, as in the other formats
        shapes = shapely.transform(shapely.from_wkb(np.array(raw, dtype=object)), lambda positions: np.round(positions, 6))
        arrays[GEOMETRY] = pa.array(shapely.to_wkb(shapes), pa.binary())
        yield pa.record_batch([arrays[name] for name in SCHEMA.names], SCHEMA)


class _Lookup:
    """A column's texts by number; a number that is not known, or none, gives the empty text, as in the other formats."""

    def __init__(self, texts: dict[int, str]) -> None:
        self._numbers = pa.array(texts.keys(), pa.int64())
        self._texts = pa.array(texts.values(), pa.string())

    def of(self, numbers: Sequence[int | None]) -> pa.Array:
        """The text of each."""
        at = pc.index_in(pa.array(numbers, pa.int64()), self._numbers)
        return pc.fill_null(self._texts.take(at), "")
