"""Children in the things of the municipality's layers, from rows to what the workbench's map and lists get."""

from typing import Any

import orjson
import pytest
from django.contrib.gis.geos import GEOSGeometry, Point, Polygon
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.filters import MarkFilter
from analysis.layer_counts import within_geojson
from surveys.errors import InvalidFilter
from surveys.models import Layer, Response, Survey, User
from tests import places
from tests.analysis.conftest import response_id
from tests.factories import ClassGroupFactory, MarkFactory, SchoolFactory

pytestmark = pytest.mark.django_db


def around(position: tuple[float, float], half: float = 0.0005) -> Polygon:
    """A box around a position, half a side in degrees."""
    lon, lat = position
    box = Polygon.from_bbox((lon - half, lat - half, lon + half, lat + half))
    box.srid = places.SRID
    return box


def layer_with(survey: Survey, name: str, kind: str, *things: tuple[str, GEOSGeometry]) -> Layer:
    """A layer of the survey's municipality."""
    layer = Layer.objects.create(
        municipality=survey.municipality, name=name, kind=kind, source="Kommunen, CC BY 4.0", imported_at=timezone.now()
    )
    for number, (label, geom) in enumerate(things, 1):
        layer.features.create(number=number, name=label, geom=geom)
    return layer


@pytest.fixture
def play_areas(answered: Survey) -> Layer:
    """The playground, the crossing, and a park where nobody has been."""
    things = [("Parken", around((5.31, 60.39))), ("Leken", around(places.PLAYGROUND)), ("Krysset", around(places.CROSSING))]
    return layer_with(answered, "Lekeplasser", "play_areas", *things)


def within(survey: Survey, query: str = "", layer: str = "", reach_m: int = 25) -> Any:
    """What the map gets."""
    return orjson.loads(within_geojson(survey, MarkFilter.parse(QueryDict(query), survey), layer, reach_m=reach_m))


def said(answer: Any) -> dict[str, Any]:
    """What is said of each thing, and by group."""
    return {
        feature["properties"]["name"]: (feature["properties"]["said"], feature["properties"]["groups"]) for feature in answer["features"]
    }


def test_children_are_counted_in_each_thing_most_first_and_few_as_a_range(answered: Survey, play_areas: Layer) -> None:
    """All thirty play at the playground; three fear the crossing, and of the three whose way goes over it one does not: four in all."""
    answer = within(answered)
    assert list(said(answer).items()) == [
        ("Leken", ("30", [["Det jeg gjør", "30"]])),
        ("Krysset", ("1–4", [["Veger", "1–4"], ["Dårlige steder", "1–4"]])),
        ("Parken", ("0", [])),
    ]
    assert [feature["properties"]["children"] for feature in answer["features"]] == [30, None, 0]
    assert (answer["numberMatched"], answer["unmarked"], answer["radius_m"]) == (3, 1, None)
    assert answer["source"] == "Kommunen, CC BY 4.0"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("grade_band=8-10", {"Leken": ("10", [["Det jeg gjør", "10"]]), "Krysset": ("0", []), "Parken": ("0", [])}),
        ("theme=negative", {"Leken": ("0", []), "Krysset": ("1–4", [["Farlig", "1–4"]]), "Parken": ("0", [])}),
        ("category=leke", {"Leken": ("30", [["Leker", "30"]]), "Krysset": ("0", []), "Parken": ("0", [])}),
        ("mode=bil", {"Leken": ("0", []), "Krysset": ("0", []), "Parken": ("0", [])}),
    ],
)
def test_a_filter_leaves_the_marks_it_names_by_category_where_it_asks_for_some(
    answered: Survey, play_areas: Layer, query: str, expected: dict[str, Any]
) -> None:
    assert said(within(answered, query)) == expected


def test_few_stand_in_the_order_of_their_names_lest_it_tell_who_has_one_and_who_four(answered: Survey) -> None:
    """At the crossing four, at Abakken one; both are said as 1–4, and the one with fewer comes first."""
    MarkFactory.create(
        response=Response.objects.get(pk=response_id(500)),
        category=answered.categories.get(code="leke"),
        geom=Point(5.31, 60.39, srid=4326),
    )
    layer_with(answered, "Steder", "other", ("Krysset", around(places.CROSSING)), ("Abakken", around((5.31, 60.39))))
    assert list(said(within(answered))) == ["Abakken", "Krysset"]


def test_points_take_what_is_within_the_radius_and_the_answer_says_how_far(answered: Survey) -> None:
    """20 m east of the crossing: a degree of longitude is 55 km here."""
    layer_with(answered, "Ulykker", "accidents", ("", Point(places.CROSSING[0] + 20 / 55_100, places.CROSSING[1], srid=4326)))
    near, far = within(answered, reach_m=25), within(answered, "theme=negative", reach_m=10)
    assert (said(near)["Nr. 1"][0], near["radius_m"]) == ("1–4", 25)
    assert (said(far)["Nr. 1"][0], far["radius_m"]) == ("0", 10)


def test_what_nobody_marked_is_told_with_who_could_have(answered: Survey, play_areas: Layer) -> None:
    """25 pupils in 5A, 25 in 8A, of whom 20 and 10 have answered; the first to fourth grade is not in it, nor has 6A said anything."""
    asked = within(answered)["asked"]
    assert asked == {
        "answered": "30",
        "pupils": 50,
        "bands": ["5.–7. trinn", "8.–10. trinn"],
        "silent_bands": ["1.–4. trinn"],
        "silent": [],
    }
    nes = SchoolFactory.create(municipality=answered.municipality, name="Nes skole")
    ClassGroupFactory.create(survey=answered, school=nes, grade=6, letter="A", pupils=12)
    assert (within(answered)["asked"]["silent"], within(answered)["asked"]["pupils"]) == (["Nes skole"], 62)
    ClassGroupFactory.create(survey=answered, school=answered.schools.get(), grade=2, letter="A", pupils=0)
    asked = within(answered)["asked"]
    assert asked["pupils"] == 0, "one class does not say how many it has"
    assert asked["silent"] == ["Nes skole", f"{answered.schools.get()} 1.–4. trinn"]
    assert within(answered, "grade_band=8-10")["asked"] == {
        "answered": "10",
        "pupils": 25,
        "bands": ["8.–10. trinn"],
        "silent_bands": [],
        "silent": [],
    }


def test_layers_are_offered_and_one_that_is_not_there_is_refused(answered: Survey, play_areas: Layer) -> None:
    streets = layer_with(answered, "Gater", "streets", ("Skolevegen", around((5.32, 60.38)).exterior_ring))
    districts = layer_with(answered, "Bydeler", "districts", ("Nord", around((5.33, 60.38), 0.02)))
    answer = within(answered)
    assert [choice["label"] for choice in answer["layers"]] == ["Lekeplasser", "Bydeler", "Gater"]
    assert answer["layer"] == str(play_areas.pk)
    assert said(within(answered, layer=str(districts.pk)))["Nord"][0] == "30"
    assert within(answered, layer=str(streets.pk))["radius_m"] == 25
    for wrong in ("tull", str(answered.pk)):
        with pytest.raises(InvalidFilter, match=r"finnes ikke i kommunen"):
            within(answered, layer=wrong)


def test_a_layer_of_another_municipality_is_none_of_ours(answered: Survey, kai: User) -> None:
    theirs = Layer.objects.create(
        municipality=kai.memberships.get().municipality, name="Deres", kind="other", source="De", imported_at=timezone.now()
    )
    with pytest.raises(InvalidFilter, match=str(theirs.pk)):
        within(answered, layer=str(theirs.pk))
    assert within(answered)["layer"] is None


def test_of_more_things_than_are_sent_those_without_children_are_not_the_ones_left_out(
    answered: Survey, play_areas: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.layer_counts.MAX_SHOWN", 2)
    answer = within(answered)
    assert (list(said(answer)), answer["numberMatched"], answer["unmarked"]) == (["Leken", "Parken"], 3, 1)


def test_things_imported_anew_are_counted_at_once(answered: Survey, play_areas: Layer) -> None:
    assert "Leken" in said(within(answered))
    play_areas.features.filter(name="Leken").delete()
    Layer.objects.update(imported_at=timezone.now())
    assert set(said(within(answered))) == {"Krysset", "Parken"}


def test_a_planner_sees_the_look_where_there_is_a_layer(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    url = reverse("analysis:workbench", args=[answered.pk])
    assert 'value="within"' not in client.get(url).content.decode()
    layer = layer_with(answered, "Bydeler", "districts", ("Nord", around((5.33, 60.38), 0.02)))
    page = client.get(url, {"show": "within", "layer": str(layer.pk), "radius": "40"}).content.decode()
    assert 'value="within" checked' in page
    assert f'data-chosen="{layer.pk}"' in page
    assert '<option value="40" selected>40 m</option>' in page
    answer = client.get(reverse("analysis:within", args=[answered.pk]), {"layer": str(layer.pk)})
    assert (answer["Content-Type"], answer.json()["layer"]) == ("application/geo+json", str(layer.pk))


@pytest.mark.parametrize("query", [{"radius": "4"}, {"radius": "501"}, {"radius": "x"}, {"layer": "tull"}])
def test_what_cannot_be_is_refused_and_told(client: Client, pia: User, answered: Survey, play_areas: Layer, query: dict[str, str]) -> None:
    client.force_login(pia)
    answer = client.get(reverse("analysis:within", args=[answered.pk]), query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-filter")
    assert next(iter(query.values())) in answer.json()["detail"]


def test_postgis_finds_the_same(answered: Survey, play_areas: Layer) -> None:
    """ST_Intersects in EPSG:25833, and count(DISTINCT)."""
    sql = """
        SELECT thing.name, count(DISTINCT mark.response_id) FROM surveys_layerfeature AS thing LEFT JOIN mapping_mark AS mark
        ON mark.survey_id = %s AND ST_Intersects(ST_Transform(mark.geom, 25833), ST_Transform(thing.geom, 25833)) GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [answered.pk])
        counted = dict(cursor.fetchall())
    assert counted == {"Leken": 30, "Krysset": 4, "Parken": 0}
    assert {name: "1–4" if 0 < n < 5 else str(n) for name, n in counted.items()} == {
        name: one[0] for name, one in said(within(answered)).items()
    }
