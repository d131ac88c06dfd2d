"""The study area of a new survey: a circle around every school, in true metres, cut to the municipality."""

from collections.abc import Sequence

from django.contrib.gis.geos import MultiPolygon

from surveys.crs import STORAGE_SRID
from surveys.models import Municipality, School


def study_area_around(schools: Sequence[School], *, radius_m: float, municipality: Municipality) -> MultiPolygon:
    """The union of circles of radius_m around the schools' gates, EPSG:4326; radius 0 is the whole municipality.

    Measured in the municipality's UTM zone. A school outside the boundary keeps its whole circle, so that its own gate is inside.
    """
    if not radius_m or not schools:
        return municipality.boundary
    gates = [school.location.transform(municipality.metric_srid, clone=True) for school in schools]
    boundary = municipality.boundary.transform(municipality.metric_srid, clone=True)
    circles = MultiPolygon([gate.buffer(radius_m, quadsegs=16) for gate in gates], srid=municipality.metric_srid).unary_union
    inside = circles.intersection(boundary)
    area = inside if all(inside.intersects(gate) for gate in gates) else circles
    degrees = area.transform(STORAGE_SRID, clone=True)
    return degrees if isinstance(degrees, MultiPolygon) else MultiPolygon(degrees, srid=STORAGE_SRID)
