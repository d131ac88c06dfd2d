"""Where tiles lie: the squares of Web Mercator (WebMercatorQuad), as web maps number them."""

import math
from dataclasses import dataclass

Degrees = tuple[float, float, float, float]
MIN_ZOOM, MAX_ZOOM = 5, 18
"""From where Norway fills a few tiles, to where a unit of a tile is 0.04 m, finer than the exports' 0.1 m."""
_MAX_LATITUDE = 85.05


@dataclass(frozen=True)
class Place:
    """Which tile: OGC's order, the row before the column."""

    zoom: int
    row: int
    column: int


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
