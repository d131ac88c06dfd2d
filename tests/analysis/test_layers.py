"""Marks, hexagons and heat as the workbench's map gets them."""

import numpy as np
import orjson
import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.db.models import Count
from django.http import QueryDict

from analysis import grid
from analysis.filters import MarkFilter
from analysis.layers import heat_json, hexagons_geojson, marks_geojson, spots_geojson
from mapping.models import Mark
from surveys.errors import InvalidFilter
from surveys.models import Response, Survey
from tests import places
from tests.factories import MarkFactory

pytestmark = pytest.mark.django_db


def chosen(survey: Survey, query: str = "") -> MarkFilter:
    """A filter out of a query string."""
    return MarkFilter.parse(QueryDict(query), survey)


def test_marks_lie_where_they_were_drawn_and_say_nothing_that_links_them(answered: Survey) -> None:
    body = marks_geojson(answered, chosen(answered))
    found = orjson.loads(body)
    assert (found["numberMatched"], found["numberReturned"]) == (37, 36), "a way without geometry is counted, not drawn"
    dangers = [feature for feature in found["features"] if feature["properties"]["category"] == "farlig"]
    assert {tuple(feature["geometry"]["coordinates"]) for feature in dangers} == {places.CROSSING}
    assert sorted(feature["properties"]["comment"] for feature in dangers) == ["", "", "Bilene kjører fort"]
    assert all(set(feature["properties"]) == {"category", "mode", "comment", "grade_band"} for feature in found["features"])
    assert not any("id" in feature for feature in found["features"])
    text = body.decode()
    assert "41234567" not in text
    assert not any(str(pk) in text for pk in Response.objects.values_list("pk", flat=True))


def test_marks_come_in_a_new_order_each_time(answered: Survey) -> None:
    orders = {marks_geojson(answered, chosen(answered)) for _ in range(4)}
    assert len(orders) > 1


def test_hexagons_count_children_and_say_few_as_a_range(answered: Survey) -> None:
    found = orjson.loads(hexagons_geojson(answered, chosen(answered, "kind=place"), size_m=50))
    said = sorted(feature["properties"]["said"] for feature in found["features"])
    assert said == ["1–4", "30"]
    few = next(feature for feature in found["features"] if feature["properties"]["said"] == "1–4")
    assert few["properties"]["children"] is None


def test_a_hexagon_covers_the_marks_it_counts(answered: Survey) -> None:
    found = orjson.loads(hexagons_geojson(answered, chosen(answered, "category=leke"), size_m=100))
    (cell,) = found["features"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Covers(ST_SetSRID(ST_GeomFromGeoJSON(%s), 4326), ST_SetSRID(ST_MakePoint(%s, %s), 4326)),"
            " ST_Area(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(%s), 4326), 25833))",
            [orjson.dumps(cell["geometry"]).decode(), *places.PLAYGROUND, orjson.dumps(cell["geometry"]).decode()],
        )
        covers, area = cursor.fetchone()
    assert covers
    assert area == pytest.approx(3**0.5 / 2 * 100**2, rel=1e-3), "100 m between opposite sides"


@pytest.mark.parametrize("size", [0, 24, 501, 999_999])
def test_a_hexagon_of_another_size_is_refused(answered: Survey, size: int) -> None:
    with pytest.raises(InvalidFilter, match="fra 25 til 500"):
        hexagons_geojson(answered, chosen(answered), size_m=size)


def test_an_empty_choice_gives_empty_layers(answered: Survey) -> None:
    nothing = chosen(answered, "category=bade")
    assert orjson.loads(marks_geojson(answered, nothing))["features"] == []
    assert orjson.loads(hexagons_geojson(answered, nothing, size_m=100))["features"] == []
    assert orjson.loads(heat_json(answered, nothing, bandwidth_m=60))["peak_per_km2"] == 0


def test_the_heat_is_a_picture_between_the_areas_corners(answered: Survey) -> None:
    found = orjson.loads(heat_json(answered, chosen(answered), bandwidth_m=60))
    west, south, east, north = answered.study_area.extent
    assert found["bounds"] == [[south, west], [north, east]]
    assert found["image"].startswith("data:image/png;base64,iVBOR")
    assert found["peak_per_km2"] > 0
    with pytest.raises(InvalidFilter, match="bandwidth=5"):
        heat_json(answered, chosen(answered), bandwidth_m=5)


def test_contours_of_the_heat_lie_round_what_was_marked_and_not_round_few_children(answered: Survey) -> None:
    half, most = orjson.loads(heat_json(answered, chosen(answered), bandwidth_m=60))["contours"]["features"]
    assert [half["properties"]["share"], most["properties"]["share"]] == [0.5, 0.8]
    inner, outer = (shapely.from_geojson(orjson.dumps(one["geometry"])) for one in (half, most))
    assert inner.area < outer.area
    assert 0 < half["properties"]["km2"] < most["properties"]["km2"]
    places_marked = [mark.geom for mark in Mark.objects.filter(survey=answered, kind="place")]
    inside = sum(bool(shapely.contains_xy(outer, at.x, at.y)) for at in places_marked)
    assert inside / len(places_marked) > 0.5
    few = (
        Mark.objects.filter(survey=answered)
        .values_list("category__code")
        .annotate(n=Count("response", distinct=True))
        .filter(n__range=(1, 4))
    )
    assert few, "the survey has something that few children marked"
    for code, _ in few:
        assert orjson.loads(heat_json(answered, chosen(answered, f"category={code}"), bandwidth_m=60))["contours"]["features"] == []


def test_full_hexagons_side_by_side_are_a_hot_spot_and_a_full_one_alone_is_none(answered: Survey) -> None:
    """One full hexagon lies among the seven of a neighbourhood in 7 of n dealings, however full; seven full ones hardly ever do."""
    alone = orjson.loads(spots_geojson(answered, chosen(answered, "category=leke"), size_m=100))
    assert alone["is_enough"]
    assert alone["features"] == []
    x, y = grid.project(np.array([places.PLAYGROUND[0]]), np.array([places.PLAYGROUND[1]]))
    [middle] = grid.cell_of(x, y, 100)
    q, r = (int(part[0]) for part in grid.unpack(np.array([middle]))[1:])
    ring = np.array([[q + dq, r + dr] for dq, dr in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))])
    lon, lat = grid.transformer(25833, 4326).transform(*grid.cell_centre(grid.pack(ring[:, 0], ring[:, 1], 100)))
    category = answered.categories.get(code="leke")
    for at in zip(lon.tolist(), lat.tolist(), strict=True):
        for response in Response.objects.filter(class_group__grade=8):
            MarkFactory.create(response=response, category=category, geom=places.point(at))
    found = orjson.loads(spots_geojson(answered, chosen(answered, "category=leke"), size_m=100))
    by_name = {feature["id"]: feature["properties"] for feature in found["features"]}
    [name] = grid.cell_name(np.array([middle]))
    assert (by_name[name]["kind"], by_name[name]["around"]) == (1, "90"), "30 in the middle and 10 in each of the six"
    assert all(feature["kind"] == 1 for feature in by_name.values())


def test_the_area_is_tested_where_nobody_set_anything_and_ways_are_left_out(answered: Survey) -> None:
    ways = orjson.loads(spots_geojson(answered, chosen(answered, "kind=route"), size_m=100))
    assert ways["features"] == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT ST_Transform(study_area, 25833) AS area FROM surveys_survey WHERE id = %s) AS survey"
            " CROSS JOIN LATERAL ST_HexagonGrid(100 / sqrt(3), area) AS hexagon WHERE ST_Area(ST_Intersection(hexagon.geom, area)) > 0",
            [answered.pk],
        )
        (expected,) = cursor.fetchone()
    assert ways["tested"] == expected


def test_a_small_area_says_that_nothing_can_stand_out(answered: Survey) -> None:
    answered.study_area = MultiPolygon(Polygon.from_bbox((5.334, 60.3815, 5.336, 60.3825)), srid=4326)
    found = orjson.loads(spots_geojson(answered, chosen(answered), size_m=500))
    assert not found["is_enough"]
    assert found["features"] == []
