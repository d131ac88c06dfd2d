"""The planner changes a survey's area, dates and rules on pages that need no script, and copies the survey."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.models import Layer, LayerFeature, Response, Survey, User
from tests import places
from tests.conftest import Tablet, a_place, a_way
from tests.mapping.editor_world import send

pytestmark = pytest.mark.django_db

SMALLER = (5.31, 60.37, 5.35, 60.39)
"""West, south, east, north: without the western part, where no mark of these tests lies."""


BOW_TIE = {"type": "Polygon", "coordinates": [[[5.3, 60.36], [5.36, 60.4], [5.36, 60.36], [5.3, 60.4], [5.3, 60.36]]]}


@pytest.fixture
def pias(pia: User) -> Client:
    """Pia's browser."""
    browser = Client()
    browser.force_login(pia)
    return browser


def _box(*sides: Any) -> str:
    return str(MultiPolygon(Polygon.from_bbox(sides)).geojson)


def _area(survey: Survey) -> MultiPolygon:
    area: MultiPolygon = Survey.objects.get(pk=survey.pk).study_area
    return area


def _is(survey: Survey, *sides: Any) -> bool:
    return bool(_area(survey).equals(MultiPolygon(Polygon.from_bbox(sides), srid=places.SRID)))


def test_an_area_drawn_on_the_map(pias: Client, survey: Survey) -> None:
    assert send(pias, "area", survey, way="tegnet", drawn=_box(*SMALLER))[0] == 302
    assert _is(survey, *SMALLER)


def test_marks_that_would_fall_outside_are_counted_and_nothing_is_lost(pias: Client, survey: Survey, ada: Tablet) -> None:
    ada.put(a_place())
    ada.put(a_way())
    # the playground is 60.3820 north, the way to school goes as far west as 5.3200
    for box, outside in (((5.33, 60.37, 5.35, 60.39), "1 merker"), ((5.33, 60.383, 5.35, 60.39), "2 merker")):
        status, page = send(pias, "area", survey, way="tegnet", drawn=_box(*box))
        assert (status, f"{outside} som barn har tegnet" in page) == (200, True)
        assert "&quot;coordinates&quot;" in page or "5.33" in page, "the drawing is still in the form"
    assert _is(survey, *places.STUDY_AREA.extent)
    Response.objects.update(writable_until=timezone.now() - timedelta(seconds=1))  # no tablet can hold more of them
    assert send(pias, "area", survey, way="tegnet", drawn=_box(*SMALLER))[0] == 302


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"way": "tegnet", "drawn": ""}, "Tegn området på kartet først"),
        ({"way": "tegnet", "drawn": "{"}, "kan ikke brukes"),
        ({"way": "tegnet", "drawn": '{"type":"Point","coordinates":[5.3,60.3]}'}, "ingen flate"),
        ({"way": "fil"}, "Velg en fil først"),
        ({"way": "lag"}, "Velg en ting"),
        ({"way": "tegnet", "drawn": json.dumps(BOW_TIE)}, "krysser seg selv"),
    ],
)
def test_what_is_no_area_is_said_in_words(pias: Client, survey: Survey, given: dict[str, Any], message: str) -> None:
    status, page = send(pias, "area", survey, **given)
    assert (status, message in page) == (200, True)


def test_a_file_in_metres_becomes_an_area_in_degrees(pias: Client, survey: Survey, tmp_path: Path) -> None:
    squares = geopandas.GeoDataFrame(geometry=[shapely.box(*SMALLER)], crs=4326).to_crs(25832)
    squares.to_file(tmp_path / "a.gpkg")
    file = SimpleUploadedFile("a.gpkg", (tmp_path / "a.gpkg").read_bytes())
    assert send(pias, "area", survey, way="fil", file=file)[0] == 302
    west, south, east, north = SMALLER
    assert _area(survey).extent == pytest.approx((west, south, east, north), abs=1e-6)


def test_a_file_that_is_none_is_said(pias: Client, survey: Survey) -> None:
    for name, message in (("a.geojson", "er ikke det navnet sier"), ("a.docx", "tillatt")):
        status, page = send(pias, "area", survey, way="fil", file=SimpleUploadedFile(name, b"hei"))
        assert (status, message in page) == (200, True)


def test_the_outline_of_a_thing_in_a_layer_the_municipality_and_round_the_schools(pias: Client, survey: Survey) -> None:
    layer = Layer.objects.create(
        municipality=survey.municipality, name="Kretser", kind="districts", source="Kommunen", imported_at=timezone.now()
    )
    line = GEOSGeometry("SRID=4326;LINESTRING(5.3 60.36, 5.31 60.37)")
    LayerFeature.objects.create(layer=layer, number=1, name="Gate", geom=line)
    thing = LayerFeature.objects.create(layer=layer, number=2, name="Nordnes", geom=Polygon.from_bbox(SMALLER))
    page = pias.get(reverse("editor:area", args=[survey.pk])).content.decode()
    assert ("Nordnes" in page, "Gate" in page) == (True, False)
    assert send(pias, "area", survey, way="lag", feature=str(thing.pk))[0] == 302
    assert _is(survey, *SMALLER)
    assert send(pias, "area", survey, way="kommune")[0] == 302
    assert _is(survey, *places.MUNICIPALITY.extent)
    assert send(pias, "area", survey, way="skoler", radius_km="1")[0] == 302
    # a circle of 1 km: pi km², a little less for its corners
    area_km2 = _area(survey).transform(25832, clone=True).area / 1e6
    assert area_km2 == pytest.approx(3.14, rel=0.01)


def test_a_layer_of_another_municipality_is_not_offered_and_not_taken(pias: Client, survey: Survey, kai: User) -> None:
    elsewhere = kai.memberships.get().municipality
    layer = Layer.objects.create(municipality=elsewhere, name="Kretser", kind="districts", source="Kommunen", imported_at=timezone.now())
    thing = LayerFeature.objects.create(layer=layer, number=1, name="Tromsdalen", geom=Polygon.from_bbox(SMALLER))
    status, page = send(pias, "area", survey, way="lag", feature=str(thing.pk))
    assert (status, "Tromsdalen" in page) == (200, False)


def test_rules_on_one_form_saved_as_they_stand_and_refused_beside_the_field(pias: Client, survey: Survey) -> None:
    before = Survey.objects.values().get(pk=survey.pk)
    assert send(pias, "rules", survey)[0] == 302
    assert Survey.objects.values().get(pk=survey.pk) == {**before, "version": before["version"] + 1}
    status, page = send(pias, "rules", survey, trim_min_m="50", title_nb="Nytt navn")
    assert (status, "ikke 50 til 400" in page, 'value="Nytt navn"' in page) == (200, True, True)


def test_schools_are_chosen(pias: Client, survey: Survey) -> None:
    status, page = send(pias, "schools", survey, schools=None)
    assert (status, "Velg minst én skole" in page) == (200, True)
    assert send(pias, "schools", survey)[0] == 302


def test_a_copy_is_opened_for_its_setup(pias: Client, survey: Survey) -> None:
    page = pias.post(reverse("editor:copy", args=[survey.pk]), {"classes": "1"}, follow=True).content.decode()
    assert "«Barnetråkk 2026 (kopi)» er laget" in page
    assert Survey.objects.count() == 2


def test_the_setup_says_what_is_missing_with_a_link_and_opening_is_refused_kindly(pias: Client, survey: Survey) -> None:
    Survey.objects.filter(pk=survey.pk).update(status="draft", opens_on="2026-01-01", closes_on="2026-01-02")
    page = pias.get(reverse("surveys:setup", args=[survey.pk])).content.decode()
    assert "Undersøkelsen lukket 02.01.2026. Velg nye datoer." in page
    assert f'<a href="{reverse("editor:rules", args=[survey.pk])}">Gjør noe med det' in page
    answer = pias.post(reverse("surveys:change-state", args=[survey.pk]), {"action": "open"}, follow=True)
    assert "Velg nye datoer" in answer.content.decode()
    assert Survey.objects.get(pk=survey.pk).status == "draft"


VRT = b"""<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
SQUARE = b'{"type": "Polygon", "coordinates": [[[5.3, 60.36], [5.36, 60.36], [5.36, 60.4], [5.3, 60.4], [5.3, 60.36]]]}'


def _zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return made.getvalue()


@pytest.mark.filterwarnings("ignore:.*Non closed ring", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.geojson", VRT, "plan.geojson er ikke det navnet sier"),
        ("plan.gpkg", VRT, "plan.gpkg er ikke det navnet sier"),
        ("plan.shp", b"not one", "plan.shp er ikke det navnet sier"),
        ("plan.vrt", VRT, "tillatt: "),
        ("plan.zip", b"not one", "kan ikke pakkes ut"),
        ("plan.zip", _zipped(plan__vrt=VRT), "plan.vrt kan ikke være med"),
        ("plan.zip", _zipped(plan__geojson=VRT), "plan.geojson er ikke det navnet sier"),
        ("plan.zip", _zipped(plan__geojson=SQUARE, other__vrt=VRT), "other.vrt kan ikke være med"),
        ("plan.geojson", SQUARE.replace(b"[5.3, 60.36]]]", b"[5.31, 60.36]]]"), "plan.geojson kan ikke leses"),
        ("plan.geojson", b'{"type": "Feature", "properties": {"navn": "\xe5s"}, "geometry": ' + SQUARE + b"}", "kan ikke leses"),
        ("plan.geojson", SQUARE[:60], "plan.geojson kan ikke leses"),
        ("plan.fgb", b"fgb\x03fgb\x00" + bytes(200), "plan.fgb kan ikke leses"),
    ],
    ids=[
        "vrt",
        "vrt as gpkg",
        "shp",
        "name",
        "no zip",
        "vrt in zip",
        "vrt as geojson in zip",
        "beside",
        "unclosed",
        "latin 1",
        "cut",
        "fgb",
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_a_sentence_and_never_opened(
    pias: Client, survey: Survey, name: str, content: bytes, said: str
) -> None:
    before = _area(survey)
    answer = pias.post(reverse("editor:area", args=[survey.pk]), {"way": "fil", "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "vsizip" not in answer.content.decode()
    assert _area(survey).equals(before)


def test_a_zipped_geojson_with_a_mark_of_its_bytes_is_taken(pias: Client, survey: Survey) -> None:
    content = _zipped(plan__geojson=b"\xef\xbb\xbf\n" + SQUARE)
    assert (
        pias.post(reverse("editor:area", args=[survey.pk]), {"way": "fil", "file": SimpleUploadedFile("p.zip", content)}).status_code == 302
    )
