"""What has been drawn already, where it decides what of a survey may still be changed."""

from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db.models import Count, QuerySet

from mapping.models import Mark
from surveys.models import Category, Survey


def most_drawn(category: Category) -> int:
    """The most marks of a category that one response has, those a teacher has set aside among them: they may be taken back."""
    return _most(Mark.objects.filter(category=category))


def most_marks(survey: Survey) -> int:
    """The most marks that one response of the survey has."""
    return _most(Mark.objects.filter(survey=survey))


def marks_outside(survey: Survey, area: MultiPolygon) -> int:
    """How many marks do not lie wholly within an area, EPSG:4326; one that touches its edge from within does."""
    return Mark.objects.filter(survey=survey, geom__isnull=False).exclude(geom__coveredby=area).count()


def _most(marks: QuerySet[Any]) -> int:
    counted = marks.order_by().values("response").annotate(n=Count("pk")).order_by("-n").values_list("n", flat=True)
    return counted.first() or 0
