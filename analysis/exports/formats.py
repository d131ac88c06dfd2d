"""The formats there are, and the one way to all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.exports.geojson import stream_geojson
from analysis.exports.geopackage import stream_geopackage
from analysis.exports.tables import stream_csv, stream_xlsx
from analysis.filters import MarkFilter
from surveys.errors import InvalidFilter
from surveys.models import Survey


@dataclass(frozen=True)
class Format:
    """A file format: what it is called on the page, its media type, and how it is streamed."""

    label: str
    media_type: str
    stream: Callable[[Survey, MarkFilter], Iterator[bytes]]


FORMATS = {
    "geojson": Format("GeoJSON", "application/geo+json", stream_geojson),
    "gpkg": Format("GeoPackage", "application/geopackage+sqlite3", stream_geopackage),
    "xlsx": Format("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", stream_xlsx),
    "csv": Format("CSV", "text/csv; charset=utf-8", stream_csv),
}


def export(survey: Survey, chosen: MarkFilter, extension: str) -> tuple[Format, Iterator[bytes]]:
    """The format of a file name's extension and the file's bytes; InvalidFilter for a format there is not."""
    found = FORMATS.get(extension)
    if found is None:
        raise InvalidFilter(f"Formatet {extension[:20]!r} finnes ikke. Tillatt: {', '.join(FORMATS)}.")
    # What is wrong with a question must show before the answer's first byte: a stream can only break off.
    chosen.marks_of(survey).query.sql_with_params()
    return found, found.stream(survey, chosen)
