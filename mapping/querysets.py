"""Querysets over marks and judgements of their words; they compose and never write."""

from typing import Any, Self

from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db import models
from django.db.models import Exists, OuterRef, Q

from surveys.crs import STORAGE_SRID


class MarkQuerySet(models.QuerySet[Any]):
    """Marks of a survey, of a category, in a box or an area."""

    def counted(self) -> Self:
        """Without the marks of responses that a teacher has set aside."""
        # asked from the few that are set aside, by their own index, rather than by joining every mark to its response
        set_aside = self.model._meta.get_field("response").related_model.objects.set_aside()
        return self.exclude(response__in=set_aside.values("pk"))

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


class JudgementQuerySet(models.QuerySet[Any]):
    """Judgements of a survey, and those that can still be undone."""

    def standing(self) -> Self:
        """The newest of its mark, while the words are as it left them and the child's own are still there."""
        newer = self.model.objects.filter(mark=OuterRef("mark"), pk__gt=OuterRef("pk"))
        left_released = Q(decision__in=["released", "edited"], mark__comment_state="released")
        left_dropped = Q(decision="dropped", mark__comment_state="dropped")
        return self.filter(left_released | left_dropped).exclude(Exists(newer)).exclude(mark__comment="")
