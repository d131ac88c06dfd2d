"""Reading a mark's geometry: what fits, what is refused, where, and in what words."""

import json
import math
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry

from mapping.geojson import MAX_AREA_VERTICES, MAX_VERTICES, read_geometry
from surveys.errors import InvalidGeometry
from tests.mapping.geojson_cases import BOW_TIE, HOLE, SQUARE, line, point, polygon, refused

C = "/geometry/coordinates"


def read(geometry: Any, kind: str = "route", **options: Any) -> Any:
    """The geometry, typed as anything so that a test may ask a line for what only lines have."""
    return read_geometry(geometry, kind=kind, **options)


def test_place_becomes_a_point_in_wgs_84() -> None:
    found = read(point(5.3221, 60.3913), "place")
    assert (found.geom_type, found.srid, found.coords) == ("Point", 4326, (5.3221, 60.3913))


def test_route_becomes_a_line_with_its_positions_in_order() -> None:
    found = read(line([5.1, 60.1], [5.2, 60.1], [5.2, 60.3]))
    assert (found.geom_type, found.srid) == ("LineString", 4326)
    assert found.coords == ((5.1, 60.1), (5.2, 60.1), (5.2, 60.3))


def test_area_becomes_a_polygon_with_its_hole() -> None:
    found = read(polygon(SQUARE, HOLE), "area")
    assert (found.geom_type, found.srid, found.num_interior_rings) == ("Polygon", 4326, 1)
    assert found.area == pytest.approx(1 - 0.2 * 0.2)


def test_whole_numbers_are_numbers() -> None:
    assert read(line([5, 60], [6, 61])).coords == ((5.0, 60.0), (6.0, 61.0))


def test_way_may_cross_itself_and_come_back_to_where_it_began() -> None:
    assert read({"type": "LineString", "coordinates": BOW_TIE}).num_points == 5


def test_way_may_stand_still_for_a_while() -> None:
    assert read(line([5.1, 60.1], [5.1, 60.1], [5.2, 60.1])).num_points == 3


def test_rings_may_run_either_way() -> None:
    assert read(polygon(SQUARE[::-1]), "area").area == pytest.approx(1)


def test_positions_on_the_edge_of_the_world_are_in_it() -> None:
    assert read(line([-180, -90], [180, 90])).coords == ((-180.0, -90.0), (180.0, 90.0))


def test_positions_are_rounded_to_seven_decimals() -> None:
    assert read(point(5.123456749, -0.00000004), "place").coords == (5.1234567, 0.0)


def test_members_that_nobody_knows_are_left_alone() -> None:
    assert read(point(5, 60) | {"title": "Null Island", "styl": {"a": [1]}}, "place").coords == (5.0, 60.0)


def test_bbox_is_taken_and_forgotten() -> None:
    assert read(point(5, 60) | {"bbox": [5, 60, 5, 60]}, "place").coords == (5.0, 60.0)
    assert read(point(5, 60) | {"bbox": [5, 60, -10, 5, 60, 10]}, "place").coords == (5.0, 60.0)
    assert read(point(180, 0) | {"bbox": [177, -20, -178, -16]}, "place").x == 180


@pytest.mark.parametrize("kind", ["place", "route", "area"])
@pytest.mark.parametrize(
    "type_", ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection", "Feature", "point"]
)
def test_each_kind_takes_its_own_type_only(kind: str, type_: str) -> None:
    own = {"place": "Point", "route": "LineString", "area": "Polygon"}[kind]
    geometry = {"type": type_, "coordinates": {"Point": [5, 60], "LineString": [[5, 60], [6, 60]]}.get(type_, [SQUARE])}
    if type_ == own:
        assert read(geometry, kind).geom_type == own
        return
    with refused(InvalidGeometry, code="wrong-type", pointer="/geometry/type", quotes=f"«{own}»; det kom '{type_}'"):
        read(geometry, kind)


@pytest.mark.parametrize("value", ["LINESTRING(5 60, 6 60)", "0101000000000000000000144000000000000E4E40", 5, True, [], [[5, 60]], None])
def test_geometry_that_is_no_object_is_refused(value: Any) -> None:
    with refused(InvalidGeometry, code="not-an-object", pointer="/geometry", quotes="LineString"):
        read(value)


@pytest.mark.parametrize(
    ("geometry", "code", "pointer", "quotes"),
    [
        ({"coordinates": [[5, 60], [6, 60]]}, "type-missing", "/geometry/type", "«LineString»"),
        ({"type": ["LineString"], "coordinates": []}, "wrong-type", "/geometry/type", "['LineString']"),
        ({"type": {"a": 1}, "coordinates": []}, "wrong-type", "/geometry/type", "et objekt med 1"),
        ({"type": "LineString"}, "coordinates-missing", C, "«coordinates»"),
        ({"type": "LineString", "coordinates": None}, "not-a-list", C, "null"),
        ({"type": "LineString", "coordinates": "5 60, 6 60"}, "not-a-list", C, "'5 60, 6 60'"),
        ({"type": "LineString", "coordinates": {"0": [5, 60]}}, "not-a-list", C, "et objekt med 1"),
        (line(), "empty-geometry", C, "tom"),
        (line([5, 60]), "line-too-short", C, "minst 2 posisjoner; det kom 1"),
        (line([5, 60], [5, 60], [5, 60]), "zero-length", C, "[5.0, 60.0]"),
        (line([5, 60], [5.00000001, 60]), "zero-length", C, "[5.0, 60.0]"),
        (line(5, 60), "not-a-list", f"{C}/0", "5"),
        (line([5, 60], "6 60"), "not-a-list", f"{C}/1", "'6 60'"),
        (line([5, 60], {"lon": 5, "lat": 60}), "not-a-list", f"{C}/1", "et objekt med 2"),
        (line([5, 60], None), "not-a-list", f"{C}/1", "null"),
        (line([5, 60], []), "wrong-position-size", f"{C}/1", "0 verdier: []"),
        (line([5, 60], [6]), "wrong-position-size", f"{C}/1", "1 verdier: [6]"),
        (line([5, 60], [6, 60, 1, 1]), "wrong-position-size", f"{C}/1", "4 verdier: [6, 60, 1, 1]"),
        (line([[5, 60], [6, 60]]), "line-too-short", C, "det kom 1"),
        (line([[5, 60], [6, 60]], [7, 60]), "not-a-number", f"{C}/0/0", "[5, 60]"),
        (line([5, 60], ["6", 60]), "not-a-number", f"{C}/1/0", "'6'"),
        (line([5, 60], [6, None]), "not-a-number", f"{C}/1/1", "null"),
        (line([5, 60], [6, True]), "not-a-number", f"{C}/1/1", "true"),
        (line([5, 60], [math.nan, 60]), "not-a-number", f"{C}/1/0", "nan"),
        (line([5, 60], [6, math.inf]), "not-a-number", f"{C}/1/1", "inf"),
        (line([5, 60], [6, 60], [9999, 60]), "longitude-out-of-range", f"{C}/2/0", "-180 til 180; det kom 9999"),
        (line([5, 60], [180.0000001, 60]), "longitude-out-of-range", f"{C}/1/0", "180.0000001"),
        (line([5, 60], [6, -90.5]), "latitude-out-of-range", f"{C}/1/1", "-90 til 90; det kom -90.5"),
        (line([5, 60], [1e308, 60]), "longitude-out-of-range", f"{C}/1/0", "1e+308"),
        (line([5, 60], [10**5000, 60]), "longitude-out-of-range", f"{C}/1/0", "over 40 siffer"),
        (line([5, 60], [6, 60]) | {"crs": {"type": "name"}}, "crs-not-allowed", "/geometry/crs", "WGS 84"),
        (line([5, 60], [6, 60]) | {"properties": {}}, "misplaced-member", "/geometry/properties", "«properties»"),
        (line([5, 60], [6, 60]) | {"bbox": [5, 60, 6]}, "invalid-bbox", "/geometry/bbox", "[5, 60, 6]"),
        (line([5, 60], [6, 60]) | {"bbox": 42}, "invalid-bbox", "/geometry/bbox", "42"),
        (line([5, 60], [6, 60]) | {"bbox": [5, 60, "6", 60]}, "invalid-bbox", "/geometry/bbox/2", "'6'"),
        (line([5, 60], [6, 60]) | {"bbox": [5, 61, 6, 60]}, "invalid-bbox", "/geometry/bbox", "[5, 61, 6, 60]"),
        (line([5, 60], [6, 60]) | {"bbox": [5, 60, 181, 60]}, "invalid-bbox", "/geometry/bbox", "[5, 60, 181, 60]"),
    ],
)
def test_wrong_route_is_refused_at_its_place(geometry: Any, code: str, pointer: str, quotes: str) -> None:
    with refused(InvalidGeometry, code=code, pointer=pointer, quotes=quotes):
        read(geometry)


@pytest.mark.parametrize(
    ("coordinates", "code", "pointer"),
    [
        ([5], "wrong-position-size", C),
        ([[5, 60]], "wrong-position-size", C),
        ([[5, 60], [6, 60]], "not-a-number", f"{C}/0"),
        (["5", "60"], "not-a-number", f"{C}/0"),
        ([5, 91], "latitude-out-of-range", f"{C}/1"),
        ([], "empty-geometry", C),
    ],
)
def test_wrong_place_is_refused_at_its_place(coordinates: Any, code: str, pointer: str) -> None:
    with refused(InvalidGeometry, code=code, pointer=pointer):
        read({"type": "Point", "coordinates": coordinates}, "place")


@pytest.mark.parametrize(
    ("rings", "code", "pointer", "quotes"),
    [
        ([], "empty-geometry", C, "tom"),
        ([[]], "ring-too-short", f"{C}/0", "det kom 0"),
        ([SQUARE, []], "ring-too-short", f"{C}/1", "det kom 0"),
        ([[[5, 60], [6, 60], [5, 60]]], "ring-too-short", f"{C}/0", "det kom 3"),
        ([SQUARE[:-1]], "ring-open", f"{C}/0/3", "i [5.0, 60.0]; den slutter i [5.0, 61.0]"),
        ([[*SQUARE[:-1], [5.00000001, 60.0]]], "ring-open", f"{C}/0/4", "5.00000001"),
        (SQUARE, "ring-too-short", f"{C}/0", "det kom 2"),
        ([[5, 60, 6, 61]], "not-a-list", f"{C}/0/0", "5"),
        ([5, 60], "not-a-list", f"{C}/0", "5"),
        ([SQUARE, "HOLE"], "not-a-list", f"{C}/1", "'HOLE'"),
        ([[[5, 60], [6, 60], [6], [5, 60]]], "wrong-position-size", f"{C}/0/2", "[6]"),
        ([BOW_TIE], "self-crossing", f"{C}/0/0", "krysser seg selv ved [5.5, 60.5]"),
        ([[[5, 60], [6, 60], [5, 60], [6, 60], [5, 60]]], "self-crossing", f"{C}/0/0", "krysser seg selv"),
        ([[[5, 60], [5, 60], [5, 60], [5, 60]]], "ring-too-short", f"{C}/0/0", "tre ulike posisjoner"),
        ([SQUARE, [[7, 60], [8, 60], [8, 61], [7, 60]]], "hole-outside", f"{C}/1/0", "[7.0, 60.0]"),
        ([SQUARE, HOLE, [[5.45, 60.45], [5.5, 60.45], [5.5, 60.5], [5.45, 60.45]]], "nested-holes", f"{C}/2/0", "annet hull"),
        # A bow tie whose crossing is a corner: both halves touch in [6, 60].
        ([[[5, 60], [6, 60], [7, 60.5], [7, 59.5], [6, 60], [5, 59], [5, 60]]], "self-crossing", f"{C}/0/0", "[6.0, 60.0]"),
        ([SQUARE, [[5, 60.5], [5.5, 61], [6, 60.5], [5.5, 60], [5, 60.5]]], "disconnected-area", f"{C}/0/2", "i to ved [5.5, 61.0]"),
    ],
)
def test_wrong_area_is_refused_at_its_place(rings: Any, code: str, pointer: str, quotes: str) -> None:
    with refused(InvalidGeometry, code=code, pointer=pointer, quotes=quotes):
        read({"type": "Polygon", "coordinates": rings}, "area")


def test_crossing_far_along_an_outline_is_named_by_its_side() -> None:
    ring = [[5.0, 60.0], [5.9, 60.0], [5.9, 60.2], [5.8, 60.2], [5.8, 60.4], [5.7, 60.1], [5.95, 60.15], [5.0, 60.5], [5.0, 60.0]]
    with refused(InvalidGeometry, code="self-crossing", pointer=f"{C}/0/3", quotes="ved [5.8, 60.2052632]"):
        read(polygon(ring), "area")


def test_crossing_areas_leave_nothing_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(InvalidGeometry):
        read(polygon(BOW_TIE), "area")
    assert not caplog.records


def test_altitude_is_refused_from_a_pupil_and_dropped_from_a_file() -> None:
    way = line([5, 60, 12.5], [6, 60, -3])
    with refused(InvalidGeometry, code="altitude-not-allowed", pointer=f"{C}/0/2", quotes="12.5"):
        read(way)
    dropped = read(way, altitude="drop")
    assert (dropped.hasz, dropped.coords) == (False, ((5.0, 60.0), (6.0, 60.0)))


@pytest.mark.parametrize("altitude", ["12", None, True, math.nan, math.inf, [1]])
def test_altitude_that_is_no_number_is_refused_even_when_dropped(altitude: Any) -> None:
    with refused(InvalidGeometry, code="not-a-number", pointer=f"{C}/1/2"):
        read(line([5, 60, 0], [6, 60, altitude]), altitude="drop")


def test_ring_whose_altitudes_differ_is_still_closed() -> None:
    ring = [[lon, lat, height] for height, (lon, lat) in enumerate(SQUARE)]
    assert read(polygon(ring), "area", altitude="drop").area == pytest.approx(1)


def test_way_of_the_most_positions_is_read_and_of_one_more_refused() -> None:
    way = [[5 + index * 1e-5, 60] for index in range(MAX_VERTICES)]
    assert read(line(*way)).num_points == MAX_VERTICES
    with refused(InvalidGeometry, code="too-many-positions", pointer=C, quotes=f"{MAX_VERTICES + 1} posisjoner; høyst {MAX_VERTICES}"):
        read(line(*way, [6, 60]))


def test_positions_of_an_area_are_counted_over_all_its_rings() -> None:
    outer = [[5 + math.cos(2 * math.pi * i / 1500), 60 + math.sin(2 * math.pi * i / 1500)] for i in range(1500)]
    hole = [[5 + math.cos(2 * math.pi * i / 498) / 2, 60 + math.sin(2 * math.pi * i / 498) / 2] for i in range(498)]
    most = polygon([*outer, outer[0]], [*hole, hole[0]])
    assert read(most, "area").num_coords == MAX_AREA_VERTICES
    most["coordinates"][1].insert(1, hole[0])
    with refused(InvalidGeometry, code="too-many-positions", pointer=C, quotes=f"høyst {MAX_AREA_VERTICES}"):
        read(most, "area")


def test_caller_may_allow_fewer_positions() -> None:
    with refused(InvalidGeometry, code="too-many-positions", pointer=C, quotes="3 posisjoner; høyst 2"):
        read(line([5, 60], [6, 60], [7, 60]), max_vertices=2)


def test_pointer_begins_where_the_caller_found_the_geometry() -> None:
    with refused(InvalidGeometry, code="wrong-position-size", pointer="/features/7/geometry/coordinates/0"):
        read(line([5], [6, 60]), at="/features/7/geometry")


def test_unknown_kind_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(KeyError):
        read(point(5, 60), "marker")


def test_bergen_and_tromso_measure_what_they_measure_on_the_ground() -> None:
    # One thousandth of a degree of latitude is 111.4 m at 60° N and 111.6 m at 70° N on the ellipsoid.
    for lon, lat, srid, metres in [(5.3221, 60.3913, 25832, 111.42), (18.9553, 69.6496, 25833, 111.56)]:
        way = read(line([lon, lat], [lon, lat + 0.001]))
        assert way.transform(srid, clone=True).length == pytest.approx(metres, rel=2e-3)


def test_what_is_read_is_what_django_would_have_read() -> None:
    way = line([5.1, 60.1], [5.2, 60.1], [5.2, 60.3])
    assert read(way).equals_exact(GEOSGeometry(json.dumps(way)))
