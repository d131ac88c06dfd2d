"""What the workbench asks of areas: the things there are, and an outline that is the very one the filter means."""

import orjson
import pytest
import shapely
from django.contrib.gis.geos import Point, Polygon
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.models import Layer, LayerFeature, Survey, User

pytestmark = pytest.mark.django_db

SIDES = (5.31, 60.37, 5.33, 60.38)


@pytest.fixture
def layer(survey: Survey, pia: User, client: Client) -> Layer:
    """A district, and a point that is none."""
    client.force_login(pia)
    made = Layer.objects.create(municipality=survey.municipality, name="Kretser", kind="other", source="x", imported_at=timezone.now())
    LayerFeature.objects.create(layer=made, number=1, name="Nordnes", geom=Polygon.from_bbox(SIDES))
    LayerFeature.objects.create(layer=made, number=2, name="Benk", geom=Point(5.32, 60.375))
    return made


def test_things_with_an_outline_are_offered(client: Client, survey: Survey, layer: Layer) -> None:
    groups = client.get(reverse("analysis:area-choices", args=[survey.pk])).json()["groups"]
    assert groups == [{"heading": "Kretser", "choices": [{"value": f"{layer.pk}.1", "label": "Nordnes"}]}]


def test_an_outline_comes_with_its_name_and_size(client: Client, survey: Survey, layer: Layer) -> None:
    url = reverse("analysis:area-outline", args=[survey.pk])
    feature = orjson.loads(client.get(url, {"area": f"{layer.pk}.1"}).content)
    # 0.02 degrees of longitude at 60.375° N are 1.10 km, 0.01 of latitude 1.11 km
    assert feature["properties"] == {"name": "Nordnes (Kretser)", "size": "1,23 km²", "text": f"{layer.pk}.1"}
    assert shapely.from_geojson(orjson.dumps(feature["geometry"])).equals(shapely.box(*SIDES))
    drawn = orjson.loads(client.get(url, {"area": "5.31,60.37 5.33,60.37 5.33,60.38"}).content)
    assert (drawn["properties"]["name"], drawn["properties"]["size"]) == ("", "0,61 km²")


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("", "finnes ikke i kommunen"),
        ("5.31,60.37 5.33,60.37", "Sett minst tre"),
        ("5.31,60.37 5.33,60.38 5.33,60.37 5.31,60.38", "krysser seg selv"),
        ("{layer}.2", "er ingen flate"),
        ("{layer}.9", "ingen ting nummer"),
        (" ".join(f"5.3{at:03d},60.37" for at in range(151)), "høyst 150"),
    ],
)
def test_what_is_no_area_is_refused_in_words(client: Client, survey: Survey, layer: Layer, area: str, said: str) -> None:
    url = reverse("analysis:area-outline", args=[survey.pk])
    answer = client.get(url, {"area": area.format(layer=layer.pk)}, headers={"Accept": "application/json"})
    assert answer.status_code in {400, 422}
    assert said in answer.json()["detail"]
