"""The coordinate reference systems that can be asked for, by their URIs (OGC API – Features, Part 2), and boxes in any of them.

Everything is stored as longitude and latitude, EPSG:4326. EPSG's own axis order of 4326 is latitude first, and by its URI it is given so;
CRS84 is the same system with longitude first. The others have east before north.
"""

import math
from dataclasses import dataclass

import numpy as np
from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon

from analysis import grid
from mapping.querysets import MarkQuerySet
from surveys.crs import STORAGE_SRID
from surveys.errors import InvalidFilter

FARTHEST = 1e9
"""No coordinate of ours is so far out; numbers beyond are slips, or meant to break something."""
MARGIN_DEG = 0.001
"""What is added to a box that is only there to use the index."""


@dataclass(frozen=True)
class Crs:
    """A system that can be asked for; decimals give about 0.1 m in degrees (as in the exports) and 0.01 m in metres."""

    uri: str
    srid: int
    latitude_first: bool = False

    @property
    def is_geographic(self) -> bool:
        """Whether its numbers are degrees."""
        return self.srid == STORAGE_SRID

    def geojson_sql(self, geom: str = "geom") -> str:
        """SQL for a stored geometry as GeoJSON's text in this system; NULL stays NULL."""
        if self.latitude_first:
            return f"ST_AsGeoJSON(ST_FlipCoordinates({geom}), 6)"
        # the last 0 keeps PostGIS from adding the `crs` member that RFC 7946 did away with
        return f"ST_AsGeoJSON({geom}, 6)" if self.is_geographic else f"ST_AsGeoJSON(ST_Transform({geom}, {self.srid}), 2, 0)"


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", STORAGE_SRID)
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}".format
SYSTEMS = (CRS84, Crs(_EPSG(4326), STORAGE_SRID, latitude_first=True), *(Crs(_EPSG(srid), srid) for srid in (25832, 25833, 25835, 3857)))
URIS = [system.uri for system in SYSTEMS]


def crs_of(name: str, uri: str) -> Crs:
    """The system with this URI; InvalidFilter names the parameter it came in and those there are."""
    for system in SYSTEMS:
        if system.uri == uri:
            return system
    raise InvalidFilter(f"{name}={uri[:80]!r} finnes ikke her. Tillatt: {', '.join(URIS)}.")


@dataclass(frozen=True)
class Box:
    """A box to touch, east or longitude first, in the system's units; in degrees one with west > east goes across the 180th meridian."""

    crs: Crs
    west: float
    south: float
    east: float
    north: float

    def of(self, marks: MarkQuerySet) -> MarkQuerySet:
        """The marks that touch it; those without geometry touch nothing."""
        if self.crs.is_geographic:
            return marks.filter(geom__intersects=self._shape())
        inside: MarkQuerySet = marks.annotate(there=Transform("geom", self.crs.srid)).filter(there__intersects=self._shape())
        around = self._in_degrees()
        return inside.filter(geom__bboverlaps=around) if around else inside

    def touches(self, geometry: GEOSGeometry) -> bool:
        """Whether a geometry in EPSG:4326 does."""
        there = geometry if self.crs.is_geographic else geometry.transform(self.crs.srid, clone=True)
        return bool(self._shape().intersects(there))

    def _shape(self) -> GEOSGeometry:
        if self.west <= self.east:
            return _rectangle(self.west, self.south, self.east, self.north, self.crs.srid)
        parts = [Polygon.from_bbox((self.west, self.south, 180, self.north)), Polygon.from_bbox((-180, self.south, self.east, self.north))]
        return MultiPolygon(parts, srid=self.crs.srid)

    def _in_degrees(self) -> GEOSGeometry | None:
        """A box in degrees that surely holds it, for the index; None where the projection has none."""
        transformer = grid.transformer(self.crs.srid, STORAGE_SRID)
        bounds = np.array(transformer.transform_bounds(self.west, self.south, self.east, self.north))
        if not np.isfinite(bounds).all() or bounds[0] > bounds[2]:
            return None
        west, south, east, north = bounds + np.array([-1, -1, 1, 1]) * MARGIN_DEG
        return _rectangle(west, south, east, north, STORAGE_SRID)


def _rectangle(west: float, south: float, east: float, north: float, srid: int) -> GEOSGeometry:
    """A box as a geometry, also one without width or height."""
    if west < east and south < north:
        box = Polygon.from_bbox((west, south, east, north))
        box.srid = srid
        return box
    corners = ((west, south), (east, north))
    return Point(west, south, srid=srid) if corners[0] == corners[1] else LineString(*corners, srid=srid)


def box_of(text: str, crs: Crs) -> Box:
    """The box of a `bbox` parameter with four numbers, or with six, of which heights are left out; InvalidFilter when it is none."""
    said = f"bbox={text[:80]!r}"
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {4, 6} or not all(math.isfinite(number) and abs(number) <= FARTHEST for number in numbers):
        raise InvalidFilter(f"{said} er ikke fire tall (eller seks, med høyder), med komma mellom, i aksenes rekkefølge for bbox-crs.")
    lower, upper = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
    if crs.latitude_first:
        lower[:2], upper[:2] = lower[1::-1], upper[1::-1]
    crosses = crs.is_geographic and upper[0] < lower[0] and max(abs(lower[0]), abs(upper[0])) <= 180
    if (upper[0] < lower[0] and not crosses) or any(high < low for low, high in zip(lower[1:], upper[1:], strict=True)):
        raise InvalidFilter(f"{said} er ingen boks: det første hjørnet skal ligge under det andre.")
    return Box(crs, lower[0], lower[1], upper[0], upper[1])
