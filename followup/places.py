"""Where cells lie: on the map, and in words, so far and in that direction from the nearest school. Pure.

The table behind the map says with these words what the map says with colour; a cell has no name that people know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot

import numpy as np

from analysis import grid

DIRECTIONS = ("nord", "nordøst", "øst", "sørøst", "sør", "sørvest", "vest", "nordvest")
AT_SCHOOL_M = 180.0
"""A school lies in or beside a 250 m hexagon whose middle is nearer than this."""


@dataclass(frozen=True)
class Spot:
    """A name at a position [lon, lat] in degrees."""

    name: str
    lon: float
    lat: float


def middle_of(names: Sequence[str]) -> tuple[float, float]:
    """(lon, lat) of the cell that lies most in the middle of these, so that a pin stands on one of them."""
    x, y = grid.cell_centre(np.array([grid.cell_from_name(name) for name in names], dtype=np.int64))
    nearest = int(np.argmin(np.hypot(x - x.mean(), y - y.mean())))
    return _degrees(float(x[nearest]), float(y[nearest]))


def where(cell: str, schools: Sequence[Spot]) -> str:
    """ "ved Solvik skole", or "om lag 600 m nordøst for Solvik skole"; the cell's own name when no school is known."""
    if not schools:
        return f"rute {cell}"
    lon, lat = middle_of([cell])
    near = min(schools, key=lambda school: hypot(*_offset(school, lon, lat)))
    east, north = _offset(near, lon, lat)
    distance = hypot(east, north)
    if distance < AT_SCHOOL_M:
        return f"ved {near.name}"
    direction = DIRECTIONS[round(degrees(atan2(east, north)) / 45) % 8]
    return f"om lag {_length(distance)} {direction} for {near.name}"


def _degrees(x: float, y: float) -> tuple[float, float]:
    lon, lat = grid.transformer(grid.GRID_SRID, 4326).transform(x, y)
    return float(lon), float(lat)


def _offset(school: Spot, lon: float, lat: float) -> tuple[float, float]:
    """Metres east and north of the school; true directions, which the grid's are not far west of its zone."""
    return (lon - school.lon) * 111_320 * float(np.cos(np.radians(lat))), (lat - school.lat) * 111_320


def _length(metres: float) -> str:
    if metres < 1000:
        return f"{100 * round(metres / 100)} m" if metres < 950 else "1 km"
    return f"{metres / 1000:.1f} km".replace(".", ",").replace(",0", "")
