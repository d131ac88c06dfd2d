"""The area in which a survey takes marks, prepared once for many questions."""

import threading

from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.geos.prepared import PreparedGeometry

from mapping.geojson.wkb import Positions, line_from, point_from
from surveys.crs import STORAGE_SRID


class StudyArea:
    """A polygon or multipolygon in EPSG:4326 that can be asked often what it covers.

    Keep one per survey between requests: preparing is what costs. Safe to share between threads: a prepared geometry
    builds its index at the first question, and each thread has its own, so that none asks while another one builds.
    """

    def __init__(self, geometry: GEOSGeometry) -> None:
        if geometry.srid != STORAGE_SRID:
            raise ValueError(f"a study area must be in EPSG:{STORAGE_SRID}, came EPSG:{geometry.srid}")
        if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.empty:
            raise ValueError(f"a study area must be a polygon or multipolygon that is not empty, came {geometry.geom_type}")
        self.geometry = geometry
        self.bbox: tuple[float, float, float, float] = geometry.extent
        self._per_thread = threading.local()

    def covers(self, geometry: GEOSGeometry) -> bool:
        """Whether no part of the geometry is outside; the edge is inside."""
        prepared: PreparedGeometry | None = getattr(self._per_thread, "prepared", None)
        if prepared is None:
            prepared = self._per_thread.prepared = self.geometry.prepared
        return bool(prepared.covers(geometry))

    def first_outside(self, positions: Positions) -> int | None:
        """The index of the first position that a line, drawn from the start, cannot reach without leaving the area.

        Either the position itself is outside or the way to it is. None when the whole line is inside. Asks GEOS about
        log2(n) beginnings of the line and not about n positions, since of 10,000 positions the last may be the one.
        """
        if not self.covers(point_from(positions[:2])):
            return 0
        inside, outside = 0, len(positions) // 2
        while outside - inside > 1:
            middle = (inside + outside) // 2
            if self.covers(line_from(positions[: 2 * middle + 2])):
                inside = middle
            else:
                outside = middle
        return outside if 2 * outside < len(positions) else None
