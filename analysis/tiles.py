"""Vector tiles (MVT, Web Mercator) of a survey's marks, made by PostGIS.

A tile holds MOST marks of a kind at most; where there are more, it is a fair choice of them, by the hash of the order that is asked for. In
that order they stand in the tile, too: as they lie in the table, a child's marks would come one after another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.contrib.gis.geos import Polygon
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from analysis.exports.columns import COLUMNS, Column
from analysis.exports.source import Source, raw_cursor
from analysis.filters import MarkFilter
from analysis.tile_scheme import Place, tile_bounds
from mapping.querysets import MarkQuerySet
from surveys.crs import STORAGE_SRID
from surveys.models import Survey

MOST = 20_000
EXTENT, BUFFER = 4096, 64
"""The tile's units to a side, and how many beyond the edge are drawn, so that signs on the edge are whole."""


@dataclass(frozen=True)
class Tile:
    """A tile's bytes, empty when no mark is in it; how many marks there are, and how many of them it holds."""

    content: bytes
    matched: int
    returned: int

    def __add__(self, other: "Tile") -> "Tile":
        """Both in one: a tile's layers follow one another (MVT 2.1 is a list of them)."""
        return Tile(self.content + other.content, self.matched + other.matched, self.returned + other.returned)


def cut(survey: Survey, marks: MarkQuerySet, place: Place, *, layer: str, seed: int, columns: Sequence[Column] = COLUMNS) -> Tile:
    """The tile of some of a survey's marks, all of one kind, as a layer of that name with those columns; in the order of a seed of 63 bits.

    Positions are whole units of the tile, from its north-western corner; what has no value has no attribute.
    """
    around = Polygon.from_bbox(tile_bounds(place, margin=BUFFER / EXTENT))
    around.srid = STORAGE_SRID
    marks = marks.filter(geom__bboverlaps=around)
    if not marks.exists():
        return Tile(b"", 0, 0)
    source = Source(survey, MarkFilter())
    # read no further than to see that they are too many: only then all are counted and ordered
    source.marks = marks.order_by()[: MOST + 1]
    with raw_cursor() as cursor:
        content, matched, returned = _made(cursor, _statement(source, layer, place, seed, columns))
        if matched > MOST:
            order = RawSQL("uuid_hash_extended(mapping_mark.id, %s::bigint)", [seed], output_field=BigIntegerField())
            source.marks = marks.order_by(order)[:MOST]
            content, _, returned = _made(cursor, _statement(source, layer, place, seed, columns))
            matched = marks.count()
    return Tile(content, matched, returned)


def _made(cursor: psycopg.Cursor[Any], statement: bytes) -> tuple[bytes, int, int]:
    """The tile's bytes, how many marks were read and how many it holds."""
    content, read, held = cursor.execute(statement, binary=True).fetchone() or (None, 0, 0)
    return bytes(content or b""), read, held


def _statement(source: Source, layer: str, place: Place, seed: int, columns: Sequence[Column]) -> bytes:
    """The tile, how many marks were read and how many it holds. Sorted last of all: a join above a sort may undo it.

    Shapes are made once, before anything asks whether there is one: PostgreSQL would make them for the question and again for the answer.
    """
    envelope = f"ST_TileEnvelope({place.zoom}, {place.column}, {place.row})"
    values = ", ".join(f"nullif({source.vocabulary.value_sql(column)}, '') AS \"{column.name}\"" for column in columns)
    return f"""
        WITH drawn AS MATERIALIZED (
            SELECT *, ST_AsMVTGeom(ST_Transform(geom, 3857), {envelope}, {EXTENT}, {BUFFER}) AS shape FROM {source.chosen()}
        )
        SELECT ST_AsMVT(mark, '{layer}', {EXTENT}, 'shape'), (SELECT count(*) FROM drawn), count(*) FROM (
            SELECT shape, {values} FROM drawn JOIN {source.responses()} USING (response_id)
            WHERE shape IS NOT NULL ORDER BY uuid_hash_extended(id, {seed})
        ) AS mark
    """.encode()  # noqa: S608  # numbers, a name of ours, and what is compiled by Django and bound by psycopg
