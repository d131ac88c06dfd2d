"""Vector tiles of a collection as OGC API – Tiles has them (MVT in WebMercatorQuad): the same marks and columns as its items.

Where a tile has more marks than it may hold, it is a choice by the order lent to the reader for the day, and its headers say so.
"""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from analysis.ogc.ids import days
from analysis.ogc.marks import MarkCollection
from analysis.tile_scheme import MAX_ZOOM, MIN_ZOOM, Degrees, Place, tile_at
from analysis.tiles import Tile, cut
from surveys.errors import NotFound

SCHEME = "WebMercatorQuad"
SCHEME_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
HALF_WORLD_M = 20_037_508.342789244


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


def tile_of(collection: MarkCollection, place: Place, filters: QueryDict) -> Tile:
    """One tile; NotFound outside of what limits() tells, InvalidFilter for a filter it does not have."""
    if not any(one.zoom == place.zoom and one.hold(place) for one in limits(collection.extent)):
        raise NotFound(f"Flisen {place.zoom}/{place.row}/{place.column} finnes ikke her. Beskrivelsen av flisene sier hvilke som gjør det.")
    seed = collection.lent(days()[0]).seed
    return cut(collection.survey, collection.marks(filters, None), place, layer=collection.name, seed=seed)


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
