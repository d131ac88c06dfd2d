"""The planner brings in a layer in the browser, names its things, replaces and deletes it; and a file that cannot be used costs nothing."""

from pathlib import Path
from typing import Any

import orjson
import pyogrio
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from geopandas import GeoDataFrame
from pytest_django.fixtures import Settings

from analysis.kept_areas import NAME, SOURCE
from surveys.models import Layer, LayerFeature, Municipality, Survey, User
from surveys.services import guessed_name

pytestmark = pytest.mark.django_db

NUMBER = "4601"
BOXES = [shapely.box(5.33 + at / 100, 60.38, 5.335 + at / 100, 60.385) for at in range(3)]
ABOUT = {"name": "Lekeplasser", "kind": "play_areas", "source": "Kommunen, NLOD", "layer": ""}


@pytest.fixture
def pias(pia: User) -> Client:
    """Pia's browser."""
    browser = Client()
    browser.force_login(pia)
    return browser


def file_of(
    folder: Path, names: list[str], *, name: str = "lek.gpkg", column: str = "lekeplassnavn", crs: int = 25832
) -> SimpleUploadedFile:
    frame = GeoDataFrame({"objekt": range(7, 7 + len(names)), column: names}, geometry=BOXES[: len(names)], crs=4326).to_crs(crs)
    pyogrio.write_dataframe(frame, folder / name)
    return SimpleUploadedFile(name, (folder / name).read_bytes())


def upload(browser: Client, file: SimpleUploadedFile, **more: Any) -> tuple[int, str]:
    answer = browser.post(reverse("analysis:layers", args=[NUMBER]), {**ABOUT, "file": file, **more}, follow=True)
    return answer.status_code, answer.content.decode()


def test_a_file_becomes_a_layer_whose_things_have_names(pias: Client, pia: User, municipality: Municipality, tmp_path: Path) -> None:
    status, page = upload(pias, file_of(tmp_path, ["Løkka", "Skrenten"]))
    layer = Layer.objects.get()
    assert (status, "Lekeplasser er hentet inn: 2 ting" in page) == (200, True)
    assert (layer.kind, layer.source, layer.file_name, layer.imported_by) == ("play_areas", "Kommunen, NLOD", "lek.gpkg", pia)
    assert (layer.columns, layer.name_field) == (["objekt", "lekeplassnavn"], "lekeplassnavn")
    assert list(layer.features.values_list("number", "name")) == [(1, "Løkka"), (2, "Skrenten")]
    # metres of zone 32 in the file, degrees here
    assert layer.features.get(number=2).geom.extent == pytest.approx(BOXES[1].bounds, abs=1e-6)
    things = orjson.loads(pias.get(reverse("analysis:layer-things", args=[NUMBER, layer.pk])).content)
    assert [one["properties"] for one in things["features"]] == [{"number": 1, "name": "Løkka"}, {"number": 2, "name": "Skrenten"}]
    assert shapely.from_geojson(orjson.dumps(things["features"][0]["geometry"])).equals_exact(BOXES[0], 1e-5, normalize=True)


def test_another_column_names_the_things_and_no_file_is_asked_for_again(pias: Client, municipality: Municipality, tmp_path: Path) -> None:
    upload(pias, file_of(tmp_path, ["Løkka", "Skrenten"]))
    layer = Layer.objects.get()
    url = reverse("analysis:layer", args=[NUMBER, layer.pk])
    assert "objekt (for eksempel «7»)" in pias.get(url).content.decode()
    for column, names in (("objekt", ["7", "8"]), ("", ["", ""]), ("lekeplassnavn", ["Løkka", "Skrenten"])):
        assert pias.post(url, {"name": "Lek", "source": "Kommunen", "name_field": column}).status_code == 302
        assert list(layer.features.values_list("name", flat=True)) == names
    layer.refresh_from_db()
    assert (layer.name, layer.source, layer.name_field) == ("Lek", "Kommunen", "lekeplassnavn")
    answer = pias.post(url, {"name": "Lek", "source": "Kommunen", "name_field": "finnes ikke"})
    assert answer.status_code == 422


def test_counts_in_the_layer_follow_when_its_things_get_other_names(
    pias: Client, municipality: Municipality, survey: Survey, tmp_path: Path
) -> None:
    upload(pias, file_of(tmp_path, ["Løkka", "Skrenten"]))
    layer = Layer.objects.get()

    def named() -> set[str]:
        answer = pias.get(reverse("analysis:within", args=[survey.pk]), {"layer": str(layer.pk)})
        return {one["properties"]["name"] for one in orjson.loads(answer.content)["features"]}

    assert named() == {"Løkka", "Skrenten"}
    pias.post(reverse("analysis:layer", args=[NUMBER, layer.pk]), {"name": "Lek", "source": "x", "name_field": "objekt"})
    assert named() == {"7", "8"}


def test_a_column_called_as_a_number_is_a_column(pias: Client, municipality: Municipality, tmp_path: Path) -> None:
    upload(pias, file_of(tmp_path, ["Løkka"], column="1"))
    layer = Layer.objects.get()
    pias.post(reverse("analysis:layer", args=[NUMBER, layer.pk]), {"name": "Lek", "source": "x", "name_field": "1"})
    assert layer.features.get().name == "Løkka"


@pytest.mark.parametrize(
    ("columns", "guess"),
    [
        (["id", "NAVN", "type"], "NAVN"),
        (["gatenavn", "navn"], "navn"),
        (["typenavn_kort", "areal"], "typenavn_kort"),
        (["id", "areal"], ""),
        ([], ""),
    ],
)
def test_the_column_with_names_is_guessed(columns: list[str], guess: str) -> None:
    assert guessed_name(columns) == guess


def test_another_file_takes_the_place_of_what_was_there(pias: Client, municipality: Municipality, tmp_path: Path) -> None:
    upload(pias, file_of(tmp_path, ["Løkka", "Skrenten"]))
    layer = Layer.objects.get()
    url = reverse("analysis:replace-layer", args=[NUMBER, layer.pk])
    answer = pias.post(url, {"ny-file": file_of(tmp_path, ["Ny", "Nyere", "Nyest"], name="ny.geojson", crs=4326)}, follow=True)
    assert "Lekeplasser er byttet ut: 3 ting" in answer.content.decode()
    layer.refresh_from_db()
    assert (layer.name, layer.file_name, layer.features.count()) == ("Lekeplasser", "ny.geojson", 3)
    for bad, said in ((SimpleUploadedFile("ny.gpkg", b"hei"), "er ikke det navnet sier"), ("", "Velg en fil først")):
        answer = pias.post(url, {"ny-file": bad})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert list(layer.features.values_list("name", flat=True)) == ["Ny", "Nyere", "Nyest"]


def test_what_cannot_come_in_is_told_beside_what_was_written(
    pias: Client, municipality: Municipality, tmp_path: Path, settings: Settings
) -> None:
    for more, said in (
        ({"file": SimpleUploadedFile("lek.gpkg", b"hei")}, "lek.gpkg er ikke det navnet sier"),
        ({"file": SimpleUploadedFile("lek.docx", b"hei")}, "lek.docx er .docx; tillatt: .fgb, .geojson"),
        ({"file": SimpleUploadedFile("lek.gpkg", b"")}, "tom"),
        ({"layer": "nei"}, "den har ikke noe lag som heter &#x27;nei&#x27;. Den har: lek"),
        ({"kind": "streets"}, "rad 1: Polygon passer ikke; gater og veger er linjer"),
        ({"kind": ""}, "Feltet er påkrevet"),
    ):
        given: dict[str, Any] = {"file": file_of(tmp_path, ["Løkka"]), **more}
        status, page = upload(pias, **given)
        assert (status, said in page, 'value="Kommunen, NLOD"' in page) == (422, True, True), said
    settings.GIS_FILE_MAX_MB = 1
    status, page = upload(pias, SimpleUploadedFile("lek.gpkg", b"x" * 1_200_000))
    assert (status, "lek.gpkg er på 1,2 MB; høyst 1 MB er tillatt" in page) == (422, True)
    assert not Layer.objects.exists()


def test_a_name_that_is_taken_replaces_nothing(pias: Client, municipality: Municipality, tmp_path: Path) -> None:
    upload(pias, file_of(tmp_path, ["Løkka", "Skrenten"]))
    status, page = upload(pias, file_of(tmp_path, ["Ny"]))
    assert (status, "har alt et kartlag som heter «Lekeplasser»" in page) == (422, True)
    upload(pias, file_of(tmp_path, ["Ny"]), name="Andre")
    other = Layer.objects.get(name="Andre")
    answer = pias.post(reverse("analysis:layer", args=[NUMBER, other.pk]), {"name": "Lekeplasser", "source": "x", "name_field": ""})
    assert answer.status_code == 422
    assert LayerFeature.objects.count() == 3


def test_of_several_layers_one_is_taken_and_the_others_are_named(pias: Client, municipality: Municipality, tmp_path: Path) -> None:
    for layer, at in (("trær", 0), ("benker", 1)):
        pyogrio.write_dataframe(GeoDataFrame({"navn": [layer]}, geometry=[BOXES[at]], crs=4326), tmp_path / "to.gpkg", layer=layer)
    body = (tmp_path / "to.gpkg").read_bytes()
    _, page = upload(pias, SimpleUploadedFile("to.gpkg", body))
    assert "Filen har flere lag: trær, benker. Bare «trær» er hentet inn." in page
    upload(pias, SimpleUploadedFile("to.gpkg", body), name="Benker", layer="benker")
    assert Layer.objects.get(name="Benker").features.get().name == "benker"


def test_deleting_asks_first_and_says_what_hangs_on_it(pias: Client, municipality: Municipality, tmp_path: Path) -> None:
    upload(pias, file_of(tmp_path, ["Løkka", "Skrenten"]))
    url = reverse("analysis:delete-layer", args=[NUMBER, Layer.objects.get().pk])
    page = pias.get(url).content.decode()
    assert ("har 2 ting" in page, "lek.gpkg" in page, "plansaker" in page, "Område 7" in page) == (True, True, True, False)
    assert Layer.objects.exists()
    assert pias.post(url).status_code == 302
    assert not LayerFeature.objects.exists()


def test_areas_that_reports_cite_are_not_changed_and_deleting_them_says_so(
    pias: Client, municipality: Municipality, tmp_path: Path
) -> None:
    kept = Layer.objects.create(municipality=municipality, name=NAME, kind="other", source=SOURCE, imported_at=timezone.now())
    url = reverse("analysis:layer", args=[NUMBER, kept.pk])
    assert "kan ikke endres her" in pias.get(url).content.decode()
    assert pias.post(url, {"name": "x", "source": "x", "name_field": ""}).status_code == 403
    file = {"ny-file": file_of(tmp_path, ["Ny"])}
    assert pias.post(reverse("analysis:replace-layer", args=[NUMBER, kept.pk]), file).status_code == 403
    assert "Område 7" in pias.get(reverse("analysis:delete-layer", args=[NUMBER, kept.pk])).content.decode()
    kept.refresh_from_db()
    assert kept.name == NAME


def test_a_layer_of_another_municipality_is_not_found(pias: Client, kai: User, municipality: Municipality) -> None:
    elsewhere = kai.memberships.get().municipality
    layer = Layer.objects.create(municipality=elsewhere, name="Kretser", kind="districts", source="x", imported_at=timezone.now())
    for name in ("layer", "delete-layer", "layer-things"):
        for number in (NUMBER, elsewhere.number):
            assert pias.get(reverse(f"analysis:{name}", args=[number, layer.pk])).status_code == 404


def test_names_out_of_a_file_are_text(pias: Client, municipality: Municipality, tmp_path: Path) -> None:
    _, page = upload(pias, file_of(tmp_path, ["<img src=x onerror=alert(1)>"]))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_body_that_no_form_takes_is_refused_before_it_is_kept(pias: Client, municipality: Municipality) -> None:
    url = reverse("analysis:layers", args=[NUMBER])
    answer = pias.post(url, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="900000000")
    assert (answer.status_code, "er på 900 MB. Kartfiler kan være høyst 50 MB" in answer.content.decode()) == (413, True)
