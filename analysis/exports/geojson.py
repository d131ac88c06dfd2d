"""GeoJSON (RFC 7946): every feature is written by PostgreSQL and passes through as bytes."""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import psycopg
from django.db import connection

from analysis.exports.source import SETTINGS, Source, raw_cursor
from analysis.filters import MarkFilter
from analysis.second_connection import helper_for
from surveys.models import Survey

MARKS_PER_CHUNK = 400
"""About 160 kB of GeoJSON: handing over rows one by one would cost as much as writing them."""
PARALLEL_FROM = 100_000
"""From so many marks on a second connection writes half of them."""

# COPY's CSV with control characters for quote and delimiter, which JSON never holds: the lines come out as they went in.
_COPY = b"COPY (%b) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"


def stream_geojson(survey: Survey, chosen: MarkFilter) -> Iterator[bytes]:
    """A FeatureCollection in pieces of about 160 kB; coordinates in degrees, EPSG:4326, with six decimals."""
    yield b'{"type":"FeatureCollection","features":[\n'
    with closing(_chunks(Source(survey, chosen))) as chunks:
        for number, chunk in enumerate(chunks):
            yield b",\n" + chunk if number else chunk
    yield b"\n]}\n"


def _chunks(source: Source) -> Generator[bytes, None, None]:
    """Features joined by commas, some hundred at a time."""
    count = source.marks.count()
    # inside a transaction of somebody else's a second connection would not see what that one has written
    parts = 2 if count >= PARALLEL_FROM and not connection.in_atomic_block else 1
    bits = (count // parts // MARKS_PER_CHUNK).bit_length()
    select = f"string_agg({_feature(source)}, ',')"
    copies = [_COPY % source.statement(select, group="GROUP BY chunk", chunk_bits=bits, part=part, parts=parts) for part in range(parts)]
    with raw_cursor(repeatable=parts > 1) as cursor:
        if parts == 1:
            yield from _copied(cursor, copies[0])
            return
        with helper_for(cursor, SETTINGS, lambda own: _copied(own, copies[1])) as helper:
            for chunk in _copied(cursor, copies[0]):
                yield chunk
                yield from helper.ready() if helper else ()
            yield from helper.rest() if helper else _copied(cursor, copies[1])


def _copied(cursor: psycopg.Cursor[Any], copy: bytes) -> Iterator[bytes]:
    """The lines of a COPY without their newlines."""
    with cursor.copy(copy) as lines:
        for line in lines:
            yield bytes(line)[:-1]


def _feature(source: Source) -> str:
    geometry = "coalesce(ST_AsGeoJSON(geom, 6), 'null')"
    properties = source.vocabulary.properties_sql()
    return f"""'{{"type":"Feature","geometry":' || {geometry} || ',"properties":{{' || {properties} || '}}}}'"""
