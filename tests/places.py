"""Named positions near Bergen, [longitude, latitude] in degrees, and shapes made of them. Fixed: no test draws lots."""

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

SRID = 4326

STUDY_AREA = MultiPolygon(Polygon.from_bbox((5.30, 60.36, 5.36, 60.40)), srid=SRID)
MUNICIPALITY = MultiPolygon(Polygon.from_bbox((5.20, 60.30, 5.50, 60.50)), srid=SRID)
OTHER_MUNICIPALITY = MultiPolygon(Polygon.from_bbox((18.90, 69.60, 19.10, 69.70)), srid=SRID)

SCHOOL_GATE = (5.3300, 60.3800)
SCHOOL_GROUNDS = MultiPolygon(Polygon.from_bbox((5.3290, 60.3795, 5.3310, 60.3805)), srid=SRID)
PLAYGROUND = (5.3350, 60.3820)
CROSSING = (5.3250, 60.3790)
OUTSIDE = (5.40, 60.38)

WAY_TO_SCHOOL = [[5.3200, 60.3780], [5.3225, 60.3785], [5.3250, 60.3790], [5.3275, 60.3795], [5.3300, 60.3800]]


def point(position: tuple[float, float]) -> Point:
    """A GEOS point of a named position."""
    return Point(*position, srid=SRID)
