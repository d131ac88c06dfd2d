"""Children in the things of a layer: a case done by hand, and geopandas' own overlay and joins over a whole town's worth of shapes."""

from collections.abc import Sequence
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from analysis.overlay import Overlay, overlay

PARK, FIELD = box(0, 0, 100, 100), box(100, 0, 200, 100)
TWO_PARTS = MultiPolygon([box(300, 0, 310, 10), box(320, 0, 330, 10)])
ACCIDENT, STREET = Point(500, 0), LineString([(600, 0), (600, 100)])
THINGS = np.array([PARK, FIELD, TWO_PARTS, ACCIDENT, STREET], dtype=object)
PLACE, WAY = 0, 1


def laid(marks: Sequence[tuple[Any, int, int]], *, reach_m: float = 25) -> Overlay:
    """The marks, each (shape, child, category), over THINGS."""
    shapes, child, category = zip(*marks, strict=True) if marks else ((), (), ())
    numbers = (np.array(column, dtype=np.int64) for column in (child, category))
    return overlay(THINGS, np.array(shapes, dtype=object), *numbers, reach_m=reach_m)


def test_children_are_counted_and_not_strokes() -> None:
    """In the park two places of child 0 and a way of child 1 that goes on into the field; in the two-part thing child 2, in both parts."""
    found = laid(
        [
            (Point(10, 10), 0, PLACE),
            (Point(90, 90), 0, PLACE),
            (LineString([(50, 50), (150, 50)]), 1, WAY),
            (Point(305, 5), 2, PLACE),
            (Point(325, 5), 2, PLACE),
            (Point(315, 5), 3, PLACE),
        ]
    )
    assert found.children.tolist() == [2, 1, 1, 0, 0]
    assert found.children_by(np.array([0, 1]), 2).tolist() == [[1, 1], [0, 1], [1, 0], [0, 0], [0, 0]]


def test_a_child_of_two_categories_counts_once_in_their_group_and_once_in_all() -> None:
    found = laid([(Point(10, 10), 0, PLACE), (LineString([(0, 0), (20, 20)]), 0, WAY)])
    assert found.children[0] == 1
    assert found.children_by(np.array([0, 0]), 1)[0].tolist() == [1]
    assert found.children_by(np.array([0, 1]), 2)[0].tolist() == [1, 1]


def test_what_touches_the_edge_is_in_both_and_what_is_a_hair_outside_in_neither() -> None:
    assert laid([(Point(100, 50), 0, PLACE)]).children.tolist()[:2] == [1, 1]
    assert laid([(Point(50, 100.01), 0, PLACE)]).children.tolist()[:2] == [0, 0]


def test_points_and_lines_take_what_is_within_reach_and_areas_do_not_grow() -> None:
    near = [(Point(524, 0), 0, PLACE), (Point(576, 50), 1, PLACE), (Point(50, 110), 2, PLACE), (Point(500, 26), 3, PLACE)]
    assert laid(near, reach_m=25).children.tolist() == [0, 0, 0, 1, 1]
    assert laid(near, reach_m=10).children.tolist() == [0, 0, 0, 0, 0]
    assert laid(near, reach_m=30).children.tolist() == [0, 0, 0, 2, 1]
    assert laid([(Point(500, 0), 0, PLACE), (Point(600, 50), 1, PLACE)], reach_m=0).children.tolist() == [0, 0, 0, 1, 1]


def test_nothing_drawn_and_nothing_there() -> None:
    assert laid([]).children.tolist() == [0] * 5
    assert laid([]).children_by(np.zeros(0, dtype=np.int64), 0).shape == (5, 0)
    none = overlay(np.empty(0, dtype=object), np.array([Point(0, 0)]), np.zeros(1, np.int64), np.zeros(1, np.int64), reach_m=5)
    assert none.children.tolist() == []
    assert laid([(None, 0, PLACE), (Polygon(), 1, PLACE)]).children.tolist() == [0] * 5


def test_a_negative_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        laid([], reach_m=-1)


def test_geopandas_finds_the_same() -> None:
    """300 circles and points as things, 900 marks of 200 children on a fixed lattice: joined by geopandas, counted by pandas."""
    number = np.arange(300)
    things: Any = shapely.points((number * 131) % 1997, (number * 337) % 1499)
    is_area = number % 3 > 0
    things[is_area] = shapely.buffer(things[is_area], 20 + number[is_area] % 60)
    mark = np.arange(900)
    marks: Any = shapely.points((mark * 173) % 2003, (mark * 613) % 1511)
    marks[mark % 4 == 1] = shapely.buffer(marks[mark % 4 == 1], 15)
    ends = [[((n * 71) % 2000, (n * 37) % 1500), ((n * 29) % 2000, (n * 91) % 1500)] for n in mark[mark % 4 == 0].tolist()]
    marks[mark % 4 == 0] = [LineString(pair) for pair in ends]
    child, category = (mark * 7) % 200, mark % 5
    found = overlay(things, marks, child, category, reach_m=25)
    frame = geopandas.GeoDataFrame({"child": child, "category": category}, geometry=marks, crs=25833)
    # what is no area grown by the distance instead of asked for it; its circle of 256 sides is 2 mm short at most
    grown = things.copy()
    grown[~is_area] = shapely.buffer(things[~is_area], 25, quad_segs=64)
    joined = frame.sjoin(geopandas.GeoDataFrame({"thing": number}, geometry=grown, crs=25833), predicate="intersects")
    expected = joined.groupby("thing")["child"].nunique().reindex(number, fill_value=0)
    assert found.children.tolist() == expected.tolist()
    assert found.children.max() > 20
    by = joined.groupby(["thing", "category"])["child"].nunique().unstack(fill_value=0).reindex(number, fill_value=0)
    assert found.children_by(np.arange(5), 5).tolist() == by.to_numpy().tolist()
