"""Vector tiles (MVT, Web Mercator) of a survey's marks, made by PostGIS.

A tile holds MOST marks of a kind at most; where there are more, it is a fair choice of them, by the hash of the order that is asked for. In
that order they stand in the tile, too: as they lie in the table, a child's marks would come one after another.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Polygon
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from analysis.exports.columns import COLUMNS, Column
from analysis.exports.source import Source, raw_cursor
from analysis.filters import MarkFilter
from mapping.querysets import MarkQuerySet
from surveys.crs import STORAGE_SRID
from surveys.models import Survey

Degrees = tuple[float, float, float, float]
MIN_ZOOM, MAX_ZOOM = 5, 18
"""From where Norway fills a few tiles, to where a unit of a tile is 0.04 m, finer than the exports' 0.1 m."""
MOST = 20_000
EXTENT, BUFFER = 4096, 64
"""The tile's units to a side, and how many beyond the edge are drawn, so that signs on the edge are whole."""
_MAX_LATITUDE = 85.05


@dataclass(frozen=True)
class Place:
    """Which tile: OGC's order, the row before the column."""

    zoom: int
    row: int
    column: int


@dataclass(frozen=True)
class Tile:
    """A tile's bytes, empty when no mark is in it; how many marks there are, and how many of them it holds."""

    content: bytes
    matched: int
    returned: int

    def __add__(self, other: "Tile") -> "Tile":
        """Both in one: a tile's layers follow one another (MVT 2.1 is a list of them)."""
        return Tile(self.content + other.content, self.matched + other.matched, self.returned + other.returned)


def tile_at(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """The column and row of the tile that a position in degrees lies in."""
    across = 1 << zoom
    angle = math.radians(max(-_MAX_LATITUDE, min(latitude, _MAX_LATITUDE)))
    column = (longitude + 180) / 360 * across
    row = (1 - math.asinh(math.tan(angle)) / math.pi) / 2 * across
    return max(0, min(int(column), across - 1)), max(0, min(int(row), across - 1))


def tile_bounds(place: Place, *, margin: float = 0) -> Degrees:
    """West, south, east, north of a tile in degrees; margin: how much more on each side, in parts of the tile."""
    across = 1 << place.zoom

    def latitude(row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / across))))

    west, east = ((place.column + side) / across * 360 - 180 for side in (-margin, 1 + margin))
    return west, latitude(place.row + 1 + margin), east, latitude(place.row - margin)


def cut(survey: Survey, marks: MarkQuerySet, place: Place, *, layer: str, seed: int, columns: Sequence[Column] = COLUMNS) -> Tile:
    """The tile of some of a survey's marks, all of one kind, as a layer of that name with those columns; in the order of a seed of 63 bits.

    Positions are whole units of the tile, from its north-western corner; what has no value has no attribute.
    """
    around = Polygon.from_bbox(tile_bounds(place, margin=BUFFER / EXTENT))
    around.srid = STORAGE_SRID
    marks = marks.filter(geom__bboverlaps=around)
    # read no further than to see that they are too many: then all are counted
    matched = marks.order_by()[: MOST + 1].count()
    if not matched:
        return Tile(b"", 0, 0)
    source = Source(survey, MarkFilter())
    source.marks = marks.order_by()
    if matched > MOST:
        matched = marks.count()
        order = RawSQL("uuid_hash_extended(mapping_mark.id, %s::bigint)", [seed], output_field=BigIntegerField())
        source.marks = marks.order_by(order)[:MOST]
    with raw_cursor() as cursor:
        statement = _statement(source, layer, place, seed, columns)
        content, returned = cursor.execute(statement, binary=True).fetchone() or (None, 0)
    return Tile(bytes(content or b""), matched, returned)


def _statement(source: Source, layer: str, place: Place, seed: int, columns: Sequence[Column]) -> bytes:
    """The tile and how many marks it holds. Sorted last of all: a join above a sort may undo it."""
    envelope = f"ST_TileEnvelope({place.zoom}, {place.column}, {place.row})"
    values = ", ".join(f"nullif({source.vocabulary.value_sql(column)}, '') AS \"{column.name}\"" for column in columns)
    return f"""
        SELECT ST_AsMVT(mark, '{layer}', {EXTENT}, 'shape'), count(*) FROM (
            SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), {envelope}, {EXTENT}, {BUFFER}) AS shape, {values}
            FROM {source.joined()} ORDER BY uuid_hash_extended(id, {seed})
        ) AS mark WHERE shape IS NOT NULL
    """.encode()  # noqa: S608  # numbers, a name of ours, and what is compiled by Django and bound by psycopg
