"""The study area of a new survey, against areas that can be computed by hand and geodesic distances by pyproj."""

import math

import pytest
from pyproj import Geod

from surveys.models import Municipality, School
from surveys.study_area import study_area_around
from tests import places
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db
WGS84 = Geod(ellps="WGS84")


def test_one_school_gets_a_circle_of_true_metres(municipality: Municipality, school: School) -> None:
    area = study_area_around([school], radius_m=1000, municipality=municipality)
    distances = [WGS84.inv(*places.SCHOOL_GATE, lon, lat)[2] for lon, lat in area[0].exterior_ring.coords]
    assert min(distances) == pytest.approx(1000, abs=2)
    assert max(distances) == pytest.approx(1000, abs=2)


def test_two_schools_that_are_near_share_one_area(municipality: Municipality, school: School) -> None:
    near = SchoolFactory.create(municipality=municipality, name="Nabo", location=places.point(places.PLAYGROUND))
    area = study_area_around([school, near], radius_m=1000, municipality=municipality)
    metres = area.transform(25832, clone=True).area
    assert len(area) == 1
    assert math.pi * 1000**2 < metres < 2 * math.pi * 1000**2


def test_the_sea_of_other_municipalities_is_cut_off(municipality: Municipality) -> None:
    edge = SchoolFactory.create(municipality=municipality, name="Grensa", location=places.point((5.2005, 60.38)))
    area = study_area_around([edge], radius_m=2000, municipality=municipality)
    west = area.extent[0]
    assert west == pytest.approx(5.20, abs=1e-5), "the boundary, but for the bend of a long straight edge between two projections"


def test_a_school_outside_the_boundary_keeps_its_circle(municipality: Municipality) -> None:
    outside = SchoolFactory.create(municipality=municipality, name="Utenfor", location=places.point((5.19, 60.38)))
    area = study_area_around([outside], radius_m=300, municipality=municipality)
    assert area.contains(outside.location)


def test_no_radius_is_the_whole_municipality(municipality: Municipality, school: School) -> None:
    assert study_area_around([school], radius_m=0, municipality=municipality).equals(municipality.boundary)
