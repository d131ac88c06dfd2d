"""The second cut of a way: lengths that can be checked by head."""

import numpy as np
import shapely

from analysis.privacy.trim import cut_home_ends

SCHOOL = shapely.box(990, -50, 1100, 50)


def cut(*routes: shapely.LineString | None, public: list[shapely.Geometry] | None = None) -> list[shapely.LineString | None]:
    known = np.array([SCHOOL] if public is None else public, dtype=object)
    return list(cut_home_ends(np.array(routes, dtype=object), known))


def test_the_home_end_loses_a_hundred_metres_and_the_school_end_nothing() -> None:
    (way,) = cut(shapely.LineString([(0, 0), (1000, 0)]))
    assert way is not None
    assert list(way.coords) == [(100, 0), (1000, 0)]


def test_a_way_drawn_from_school_homewards_is_cut_at_its_other_end() -> None:
    (way,) = cut(shapely.LineString([(1000, 0), (0, 0)]))
    assert way is not None
    assert list(way.coords) == [(1000, 0), (100, 0)]


def test_a_leisure_way_is_cut_at_both_ends() -> None:
    (way,) = cut(shapely.LineString([(0, 500), (0, 900)]))
    assert way is not None
    assert list(way.coords) == [(0, 600), (0, 800)]


def test_an_end_near_the_grounds_is_the_schools() -> None:
    (near, far) = cut(shapely.LineString([(0, 0), (945, 0)]), shapely.LineString([(0, 0), (935, 0)]))
    assert near is not None
    assert far is not None
    assert near.length == 845
    assert far.length == 735


def test_a_way_too_short_for_the_cut_has_no_geometry_left() -> None:
    assert cut(shapely.LineString([(0, 500), (0, 700)]), shapely.LineString([(0, 500), (0, 690)])) == [None, None]


def test_ways_without_geometry_stay_without_and_no_public_place_means_cutting_both_ends() -> None:
    nothing, way = cut(None, shapely.LineString([(0, 0), (1000, 0)]), public=[])
    assert nothing is None
    assert way is not None
    assert way.length == 800
