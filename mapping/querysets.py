"""Querysets over marks; they compose and never write."""

from typing import Any, Self

from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db import models

from surveys.crs import STORAGE_SRID


class MarkQuerySet(models.QuerySet[Any]):
    """Marks of a survey, of a category, in a box or an area."""

    def of_category(self, *codes: str) -> Self:
        """Marks of the categories with these codes."""
        return self.filter(category__code__in=codes)

    def in_bbox(self, west: float, south: float, east: float, north: float) -> Self:
        """Marks that touch a box in degrees, EPSG:4326."""
        box = Polygon.from_bbox((west, south, east, north))
        box.srid = STORAGE_SRID
        return self.filter(geom__intersects=box)

    def inside(self, area: GEOSGeometry) -> Self:
        """Marks that touch an area (any CRS that PostGIS knows)."""
        return self.filter(geom__intersects=area)
