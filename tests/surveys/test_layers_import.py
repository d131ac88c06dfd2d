"""Streets, plans and the like out of GIS files: whole or not at all, in any coordinate system, and a report of what was left out."""

from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from django.core.management import CommandError, call_command
from django.utils import timezone
from geopandas import GeoDataFrame

from surveys.errors import ImportRefused
from surveys.models import Layer, LayerFeature, Municipality
from surveys.services import import_layer
from surveys.services.gis_files import ImportReport
from tests import places
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[3] / "shared" / "data"
DISTRICTS = DATA / "bergen-districts.geojson"
HELSINKI = DATA / "helsinki-centre.osm.pbf"

NEAR = [(5.33, 60.38), (5.34, 60.38)]
FAR = [(10.7, 59.9), (10.8, 59.9)]


@pytest.fixture
def bergen() -> Municipality:
    """The municipality of the made-up places."""
    return MunicipalityFactory.create(number="4601", name="Bergen", boundary=places.MUNICIPALITY)


def written(folder: Path, *rows: tuple[dict[str, Any], shapely.Geometry | None], crs: int = 4326, name: str = "gater.gpkg") -> Path:
    frame = GeoDataFrame([fields for fields, _ in rows], geometry=[shape for _, shape in rows], crs=4326).to_crs(crs)
    pyogrio.write_dataframe(frame, folder / name)
    return folder / name


def imported(path: Path, municipality: Municipality, **more: Any) -> ImportReport:
    given = {"name": "Gater", "kind": Layer.Kind.STREETS, "source": "Kommunen, CC BY 4.0", "name_field": "navn", **more}
    return import_layer(path=path, municipality=municipality, **given)


@pytest.mark.parametrize(("crs", "name"), [(4326, "gater.geojson"), (25832, "gater.gpkg"), (25833, "gater.shp.zip")])
def test_streets_are_read_with_their_names_and_fields_from_any_system(tmp_path: Path, bergen: Municipality, crs: int, name: str) -> None:
    several = shapely.MultiLineString([NEAR, [(5.34, 60.38), (5.34, 60.39)]])
    rows = (({"navn": "Skolevegen", "fart": 30}, shapely.LineString(NEAR)), ({"navn": "Kaien", "fart": 50}, several))
    report = imported(written(tmp_path, *rows, crs=crs, name=name), bergen)
    assert (report.made, report.changed, report.refused) == (3, 0, [])
    layer = Layer.objects.get()
    assert (layer.kind, layer.source, layer.municipality) == ("streets", "Kommunen, CC BY 4.0", bergen)
    features = list(layer.features.order_by("number"))
    assert [(one.number, one.name, one.properties) for one in features] == [
        (1, "Skolevegen", {"navn": "Skolevegen", "fart": 30}),
        (2, "Kaien", {"navn": "Kaien", "fart": 50}),
        (3, "Kaien", {"navn": "Kaien", "fart": 50}),
    ]  # fmt: skip
    assert [one.geom.geom_type for one in features] == ["LineString"] * 3
    assert np.array(features[0].geom.coords) == pytest.approx(np.array(NEAR), abs=1e-7)


def test_importing_again_takes_the_place_of_what_was_there(tmp_path: Path, bergen: Municipality) -> None:
    old = (({"navn": "Gamlevegen"}, shapely.LineString(NEAR)), ({"navn": "Kaien"}, shapely.LineString(NEAR)))
    imported(written(tmp_path, *old), bergen)
    before = Layer.objects.get().imported_at
    report = imported(written(tmp_path, ({"navn": "Nyvegen"}, shapely.LineString(NEAR)), name="nye.gpkg"), bergen)
    assert (report.made, report.changed) == (0, 1)
    assert [one.name for one in LayerFeature.objects.all()] == ["Nyvegen"]
    assert before < Layer.objects.get().imported_at <= timezone.now()


def test_a_file_that_leaves_nothing_changes_nothing(tmp_path: Path, bergen: Municipality) -> None:
    imported(written(tmp_path, ({"navn": "Kaien"}, shapely.LineString(NEAR))), bergen)
    far = written(tmp_path, ({"navn": "Oslo"}, shapely.LineString(FAR)), name="oslo.gpkg")
    with pytest.raises(ImportRefused, match="1 rader ligger utenfor Bergen"):
        imported(far, bergen)
    assert [one.name for one in LayerFeature.objects.all()] == ["Kaien"]


def test_what_does_not_fit_is_told_row_by_row_and_what_lies_away_in_one_sentence(tmp_path: Path, bergen: Municipality) -> None:
    rows = (
        ({"navn": "Kaien"}, shapely.LineString(NEAR)),
        ({"navn": "Torget"}, shapely.Point(NEAR[0])),
        ({"navn": "Ingensteds"}, None),
        *(({"navn": "Oslo"}, shapely.LineString(FAR)) for _ in range(3)),
    )
    report = imported(written(tmp_path, *rows, name="gater.geojson"), bergen)
    assert report.made == 1
    assert report.refused == [
        "rad 2: Point passer ikke; gater og veger er linjer",
        "rad 3: har ingen geometri",
        "3 rader ligger utenfor Bergen",
    ]


def test_fields_are_kept_as_json_can_have_them(tmp_path: Path, bergen: Municipality) -> None:
    fields = {
        "tekst": "x" * 600,
        "tom": None,
        "tall": 3,
        "halv": 0.5,
        "ukjent": float("nan"),
        "ja": True,
        "dag": pd.Timestamp("2024-05-17"),
    }
    path = written(tmp_path, (fields, shapely.LineString(NEAR)), ({**fields, "dag": pd.NaT}, shapely.LineString(NEAR)))
    imported(path, bergen, name_field="")
    one, other = LayerFeature.objects.order_by("number")
    assert one.properties == {"tekst": "x" * 500, "tall": 3, "halv": 0.5, "ja": True, "dag": "2024-05-17T00:00:00"}
    assert "dag" not in other.properties
    assert one.name == ""


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"source": "  "}, "må ha en kilde"),
        ({"name_field": "gatenavn"}, "mangler kolonnen gatenavn. Filen har: navn"),
    ],
)
def test_what_is_asked_for_must_be_there(tmp_path: Path, bergen: Municipality, more: dict[str, str], why: str) -> None:
    path = written(tmp_path, ({"navn": "Kaien"}, shapely.LineString(NEAR)))
    with pytest.raises(ImportRefused, match=why):
        imported(path, bergen, **more)
    assert not Layer.objects.exists()


def test_a_layer_too_large_is_refused_whole(tmp_path: Path, bergen: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.services.layers.MAX_FEATURES", 2)
    rows = [({"navn": "Kaien"}, shapely.LineString(NEAR))] * 3
    with pytest.raises(ImportRefused, match="3 ting i Bergen; et kartlag kan ha 2"):
        imported(written(tmp_path, *rows), bergen)
    assert not Layer.objects.exists()


@pytest.mark.skipif(not DISTRICTS.is_file(), reason="the districts of ../shared/data are not here")
def test_bergens_districts_are_read_by_command(bergen: Municipality) -> None:
    said, refused = StringIO(), StringIO()
    options = [
        "--municipality",
        "4601",
        "--name",
        "Grunnkretser",
        "--kind",
        "districts",
        "--source",
        "Bergen kommune",
        "--name-field",
        "gkretsnavn",
    ]
    call_command("import_layer", str(DISTRICTS), *options, stdout=said, stderr=refused)
    layer = Layer.objects.get()
    named = set(pyogrio.read_dataframe(DISTRICTS)["gkretsnavn"])
    assert f"Grunnkretser i Bergen: {layer.features.count()} nye" in said.getvalue()
    assert layer.features.count() > 200
    assert {one.name for one in layer.features.all()} <= named
    assert all(one.geom.valid for one in layer.features.all())


@pytest.mark.skipif(not HELSINKI.is_file(), reason="the OpenStreetMap extract of ../shared/data is not here")
def test_a_file_of_another_format_is_refused_by_name(bergen: Municipality) -> None:
    options = ["--municipality", "4601", "--name", "Gater", "--kind", "streets", "--source", "OpenStreetMap, ODbL"]
    with pytest.raises(CommandError, match=r"er \.pbf; tillatt"):
        call_command("import_layer", str(HELSINKI), *options)


def test_the_command_refuses_a_municipality_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="Kjør import_municipalities først"):
        call_command("import_layer", "x.gpkg", "--municipality", "9999", "--name", "x", "--kind", "plans", "--source", "x")
