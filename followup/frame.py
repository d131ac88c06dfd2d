"""The window through which the printed map looks: degrees to units of an SVG picture, north up, as on the screen. Pure.

Web Mercator, like the map on the screen, so that the two show the same picture; lengths are only told through `metres_per_unit`, which
knows the latitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, atan, cos, degrees, radians, sinh, tan

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1000, 940
"""Units of the picture; the shape of the room the map has on the first sheet of paper."""

RADIUS_M = 6_378_137.0
"""Of EPSG:3857's sphere."""

LEAST_WIDTH_M = 2_000.0
"""So that the only cell of a village does not fill the sheet."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """west, north: the upper left corner in EPSG:3857; unit: so many of its metres are one unit of the picture."""

    west: float
    north: float
    unit: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in EPSG:3857."""
        return self.west, self.north - HEIGHT * self.unit, self.west + WIDTH * self.unit, self.north

    @property
    def metres_per_unit(self) -> float:
        """Metres on the ground that one unit stands for, in the middle of the picture."""
        latitude = atan(sinh((self.north - HEIGHT / 2 * self.unit) / RADIUS_M))
        return self.unit * cos(latitude)

    def place(self, lonlat: Floats) -> Floats:
        """Positions [lon, lat] in degrees, an array ending in pairs, to [x, y] in the picture, y down, whole units."""
        x = np.radians(lonlat[..., 0]) * RADIUS_M
        y = np.arcsinh(np.tan(np.radians(lonlat[..., 1]))) * RADIUS_M
        return np.round(np.stack([x - self.west, self.north - y], axis=-1) / self.unit)


def frame_around(bbox: tuple[float, float, float, float], *, margin: float = 0.05) -> Frame:
    """The frame that shows a box of degrees whole, with a margin of so much of its size on each side.

    bbox: west, south, east, north, EPSG:4326.
    """
    west, east = (radians(lon) * RADIUS_M for lon in (bbox[0], bbox[2]))
    south, north = (asinh(tan(radians(lat))) * RADIUS_M for lat in (bbox[1], bbox[3]))
    least = LEAST_WIDTH_M / cos(radians((bbox[1] + bbox[3]) / 2))
    unit = max((east - west) / WIDTH, (north - south) / HEIGHT) * (1 + 2 * margin)
    unit = max(unit, least / WIDTH)
    return Frame(west=(west + east - WIDTH * unit) / 2, north=(south + north + HEIGHT * unit) / 2, unit=unit)


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """(lon, lat) of a position in EPSG:3857."""
    return degrees(x / RADIUS_M), degrees(atan(sinh(y / RADIUS_M)))
