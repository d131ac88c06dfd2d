"""GeoJSON (RFC 7946): every feature is written by PostgreSQL and passes through as bytes."""

from collections.abc import Iterator

from analysis.exports.columns import COLUMNS
from analysis.exports.source import raw_cursor, statement
from analysis.filters import MarkFilter
from surveys.models import Survey

CHUNK_BYTES = 256 * 1024

# COPY's CSV with control characters for quote and delimiter, which JSON never holds: the lines come out as they went in.
_COPY = b"COPY (%b) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"


def stream_geojson(survey: Survey, chosen: MarkFilter) -> Iterator[bytes]:
    """A FeatureCollection in pieces of about 256 kB; coordinates in degrees, EPSG:4326, with six decimals."""
    yield b'{"type":"FeatureCollection","features":[\n'
    parts: list[bytes] = []
    size, is_first = 0, True
    with raw_cursor() as cursor:
        query = statement(survey, chosen, _feature_sql())
        with cursor.copy(_COPY % query) as copy:
            for line in copy:
                # each line begins with the comma that parts it from the one before
                part = bytes(line)[1:] if is_first else bytes(line)
                is_first = False
                parts.append(part)
                size += len(part)
                if size >= CHUNK_BYTES:
                    yield b"".join(parts)
                    parts, size = [], 0
    yield b"".join(parts) + b"]}\n"


def _feature_sql() -> str:
    members = " || ',' || ".join(f"'\"{column.name}\":' || {_json(column.sql, column.name)}" for column in COLUMNS)
    geometry = "coalesce(ST_AsGeoJSON(m.geom, 6), 'null')"
    return f'\',{{"type":"Feature","geometry":\' || {geometry} || \',"properties":{{\' || {members} || \'}}}}\''


def _json(sql: str, name: str) -> str:
    """SQL for the column as JSON text; answers are JSON already, empty texts are null."""
    return sql if name == "answers" else f"coalesce(to_json(nullif({sql}, ''))::text, 'null')"
