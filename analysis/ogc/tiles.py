"""Vector tiles of a collection (OGC API – Tiles, MVT in WebMercatorQuad), made by PostGIS: the same marks and columns as its items.

A tile holds MOST marks at most; where there are more, it is a fair choice of them, by the order lent to the reader for the day, and its
headers say so. In that order they stand in the tile, too: as they lie in the table, a child's marks would come one after another.
"""

import math
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from analysis.exports import COLUMNS
from analysis.exports.source import Source, raw_cursor
from analysis.filters import MarkFilter
from analysis.ogc.collections import Degrees
from analysis.ogc.ids import days
from analysis.ogc.marks import MarkCollection
from surveys.crs import STORAGE_SRID
from surveys.errors import NotFound

SCHEME = "WebMercatorQuad"
SCHEME_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
MIN_ZOOM, MAX_ZOOM = 5, 18
"""From where Norway fills a few tiles, to where a unit of a tile is 0.04 m, finer than the exports' 0.1 m."""
MOST = 20_000
EXTENT, BUFFER = 4096, 64
"""The tile's units to a side, and how many beyond the edge are drawn, so that signs on the edge are whole."""
HALF_WORLD_M = 20_037_508.342789244
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


@dataclass(frozen=True)
class Limits:
    """The rows and columns of one zoom that a collection may have tiles in, both ends counted."""

    zoom: int
    rows: tuple[int, int]
    columns: tuple[int, int]

    def as_json(self) -> dict[str, Any]:
        """As the standard writes it."""
        (first_row, last_row), (first_column, last_column) = self.rows, self.columns
        rows, columns = {"minTileRow": first_row, "maxTileRow": last_row}, {"minTileCol": first_column, "maxTileCol": last_column}
        return {"tileMatrix": str(self.zoom), **rows, **columns}

    def hold(self, place: Place) -> bool:
        """Whether a tile lies within."""
        return self.rows[0] <= place.row <= self.rows[1] and self.columns[0] <= place.column <= self.columns[1]


def limits(extent: Degrees) -> list[Limits]:
    """The tiles that touch a box in degrees, zoom by zoom."""
    west, south, east, north = extent
    found = []
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        left, top = tile_at(west, north, zoom)
        right, bottom = tile_at(east, south, zoom)
        found.append(Limits(zoom, (top, bottom), (left, right)))
    return found


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


def tile_of(collection: MarkCollection, place: Place, filters: QueryDict) -> Tile:
    """One tile; NotFound outside of what limits() tells, InvalidFilter for a filter it does not have."""
    if not any(one.zoom == place.zoom and one.hold(place) for one in limits(collection.extent)):
        raise NotFound(f"Flisen {place.zoom}/{place.row}/{place.column} finnes ikke her. Beskrivelsen av flisene sier hvilke som gjør det.")
    around = Polygon.from_bbox(tile_bounds(place, margin=BUFFER / EXTENT))
    around.srid = STORAGE_SRID
    marks = collection.marks(filters, None).filter(geom__bboverlaps=around)
    # read no further than to see that they are too many: then all are counted
    matched = marks.order_by()[: MOST + 1].count()
    if not matched:
        return Tile(b"", 0, 0)
    seed = collection.lent(days()[0]).seed
    source = Source(collection.survey, MarkFilter())
    source.marks = marks.order_by()
    if matched > MOST:
        matched = marks.count()
        order = RawSQL("uuid_hash_extended(mapping_mark.id, %s::bigint)", [seed], output_field=BigIntegerField())
        source.marks = marks.order_by(order)[:MOST]
    with raw_cursor() as cursor:
        content, returned = cursor.execute(_statement(source, collection.name, place, seed), binary=True).fetchone() or (None, 0)
    return Tile(bytes(content or b""), matched, returned)


def _statement(source: Source, layer: str, place: Place, seed: int) -> bytes:
    """The tile and how many marks it holds. Sorted last of all: a join above a sort may undo it."""
    envelope = f"ST_TileEnvelope({place.zoom}, {place.column}, {place.row})"
    columns = ", ".join(f"nullif({source.vocabulary.value_sql(column)}, '') AS \"{column.name}\"" for column in COLUMNS)
    return f"""
        SELECT ST_AsMVT(mark, '{layer}', {EXTENT}, 'shape'), count(*) FROM (
            SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), {envelope}, {EXTENT}, {BUFFER}) AS shape, {columns}
            FROM {source.joined()} ORDER BY uuid_hash_extended(id, {seed})
        ) AS mark WHERE shape IS NOT NULL
    """.encode()  # noqa: S608  # numbers, a name of ours, and what is compiled by Django and bound by psycopg


def scheme() -> dict[str, Any]:
    """The tile matrix set, as far as tiles of ours go (OGC Two Dimensional Tile Matrix Set 2.0)."""
    matrices = []
    for zoom in range(MAX_ZOOM + 1):
        across = 1 << zoom
        cell_m = 2 * HALF_WORLD_M / across / 256
        matrices.append(
            {
                "id": str(zoom),
                # the standard's pixel is 0.28 mm
                "scaleDenominator": cell_m / 0.00028,
                "cellSize": cell_m,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-HALF_WORLD_M, HALF_WORLD_M],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": across,
                "matrixHeight": across,
            }
        )
    return {"id": SCHEME, "uri": SCHEME_URI, "crs": CRS_URI, "orderedAxes": ["X", "Y"], "tileMatrices": matrices}
