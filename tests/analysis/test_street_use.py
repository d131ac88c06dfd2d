"""Children along the municipality's streets, from rows to what the workbench's map gets."""

import orjson
import pytest
from django.contrib.gis.geos import LineString
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.filters import MarkFilter
from analysis.street_use import street_layer, street_use, streets_geojson
from surveys.models import Layer, LayerFeature, Response, Survey, User
from tests import places
from tests.analysis.conftest import response_id
from tests.factories import MarkFactory

pytestmark = pytest.mark.django_db

WAY = LineString(places.WAY_TO_SCHOOL, srid=places.SRID)
ELSEWHERE = LineString([(5.31, 60.37), (5.312, 60.37)], srid=places.SRID)


@pytest.fixture
def streets(answered: Survey) -> Layer:
    """A street as the children's way to school goes, and one where nobody goes."""
    layer = Layer.objects.create(
        municipality=answered.municipality, name="Gater", kind=Layer.Kind.STREETS, source="Kommunen", imported_at=timezone.now()
    )
    rows = [("Skolevegen", WAY), ("Blindvegen", ELSEWHERE)]
    LayerFeature.objects.bulk_create(LayerFeature(layer=layer, number=n, name=name, geom=geom) for n, (name, geom) in enumerate(rows, 1))
    return layer


def chosen(survey: Survey, query: str = "") -> MarkFilter:
    """A filter out of a query string."""
    return MarkFilter.parse(QueryDict(query), survey)


def test_children_are_counted_along_the_street_they_go(answered: Survey, streets: Layer) -> None:
    use = street_use(answered, chosen(answered), streets)
    assert set(use.children[use.stretches.street == 0].tolist()) == {3}
    assert use.children[use.stretches.street == 1].max() == 0


def test_the_map_gets_what_is_used_with_its_name_and_few_as_a_range(answered: Survey, streets: Layer) -> None:
    found = orjson.loads(streets_geojson(answered, chosen(answered)))
    assert found["source"] == "Kommunen"
    assert [feature["properties"] for feature in found["features"]] == [{"name": "Skolevegen", "children": None, "said": "1–4"}] * 12
    category = answered.categories.get(code="skoleveg")
    for number in (500, 504, 505, 505):
        MarkFactory.create(response=Response.objects.get(pk=response_id(number)), category=category, geom=WAY)
    found = orjson.loads(streets_geojson(answered, chosen(answered)))
    assert {feature["properties"]["children"] for feature in found["features"]} == {6}, "the one who drew it twice is one"


@pytest.mark.parametrize(
    ("query", "children"), [("grade_band=5-7", 3), ("grade_band=8-10", 0), ("mode=ga", 3), ("theme=way", 3), ("mode=bil", 0)]
)
def test_a_filter_leaves_the_children_it_names(answered: Survey, streets: Layer, query: str, children: int) -> None:
    assert street_use(answered, chosen(answered, query), streets).children.max() == children


@pytest.mark.parametrize("query", ["kind=place", "theme=negative", "category=farlig"])
def test_who_looks_at_dangers_sees_them_beside_all_the_ways_there_are(answered: Survey, streets: Layer, query: str) -> None:
    """What was chosen holds no ways: then it is not the ways that it was meant to narrow."""
    assert street_use(answered, chosen(answered, query), streets).children.max() == 3


def test_streets_imported_anew_are_counted_along_at_once(answered: Survey, streets: Layer) -> None:
    assert orjson.loads(streets_geojson(answered, chosen(answered)))["features"]
    streets.features.filter(name="Skolevegen").delete()
    Layer.objects.update(imported_at=timezone.now())
    assert orjson.loads(streets_geojson(answered, chosen(answered)))["features"] == []


def test_a_path_without_a_name_is_told_by_the_nearest_street_that_has_one(answered: Survey, streets: Layer) -> None:
    """0.001° of latitude are 111 m: near enough to tell where the danger is. 0.002° are too far."""
    streets.features.filter(name="Skolevegen").update(name="")
    assert {one["name"] for one in orjson.loads(streets_geojson(answered, chosen(answered)))["ranking"]} == {""}
    lon, lat = places.CROSSING
    for away, near in ((0.001, "Blindvegen"), (0.002, "")):
        ends = [(lon - 0.0002, lat + away), (lon + 0.0002, lat + away)]
        streets.features.filter(name="Blindvegen").update(geom=LineString(ends, srid=4326))
        Layer.objects.update(imported_at=timezone.now())
        ranking = orjson.loads(streets_geojson(answered, chosen(answered)))["ranking"]
        assert {one["near"] for one in ranking} == {near}


def test_without_streets_there_is_nothing_to_show_and_nothing_to_choose(client: Client, pia: User, answered: Survey) -> None:
    assert street_layer(answered.municipality) is None
    assert orjson.loads(streets_geojson(answered, chosen(answered)))["features"] == []
    client.force_login(pia)
    page = client.get(reverse("analysis:workbench", args=[answered.pk])).content.decode()
    assert 'value="streets"' not in page


def test_a_planner_reads_the_streets_and_sees_them_offered(client: Client, pia: User, answered: Survey, streets: Layer) -> None:
    client.force_login(pia)
    answer = client.get(reverse("analysis:streets", args=[answered.pk]))
    assert answer["Content-Type"] == "application/geo+json"
    assert orjson.loads(answer.content)["features"]
    page = client.get(reverse("analysis:workbench", args=[answered.pk]), {"show": "streets"}).content.decode()
    assert 'value="streets" checked' in page
