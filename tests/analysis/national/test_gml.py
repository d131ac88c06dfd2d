"""The GML: valid after the national schema over OGC's own, what must fail fails, and GDAL reads the same as from the other files."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import orjson
import pyogrio
import pytest
import shapely
from lxml import etree

from analysis.models import Release
from analysis.national import FORMATS
from analysis.national.columns import columns_of
from analysis.national.gml import NAMESPACE, stream_gml
from analysis.national.model import CODE_LISTS, WAYS, national_model
from analysis.national.style import STEPS
from analysis.national.wording import description, left_out_told
from analysis.services import build_release
from followup.cells import cell_collection
from followup.scale import SCALE
from surveys.models import Survey
from surveys.official import official_codes
from tests.analysis.national.conftest import ROOT

pytestmark = pytest.mark.django_db

APP = f"{{{NAMESPACE}}}"
XSD = "{http://www.w3.org/2001/XMLSchema}"


def file_of(release: Release, extension: str) -> bytes:
    return b"".join(FORMATS[extension].stream(release))


def test_the_gml_of_a_release_is_valid(release: Release, schema: etree.XMLSchema) -> None:
    document = etree.fromstring(file_of(release, "gml"))
    schema.assertValid(document)
    types = {etree.QName(member[0]).localname for member in document if len(member) and member[0].tag.startswith(APP)}
    assert types == {"Barneveg", "Aktivitet", "NegativOpplevelse"}


def test_the_gml_of_a_round_of_one_grade_group_and_single_codes_is_valid_and_tells_them(release: Release, schema: etree.XMLSchema) -> None:
    payload: dict[str, Any] = orjson.loads(orjson.dumps(release.payload))
    payload["survey"] |= {"grade_band": "5-7", "title": {"nb": "Lek & <læring>"}}
    for theme in payload["themes"]:
        theme["categories"] = theme["categories"][:1]
    model = national_model(payload, sha256=release.sha256, built_on=release.built_on)
    document = etree.fromstring(b"".join(stream_gml(model, name="Lek & <læring>", description="…")))
    schema.assertValid(document)
    assert {found.text for found in document.iter(f"{APP}barnevegType")} == {"skoleveg"}
    assert {found.text for found in document.iter(f"{APP}klassetrinngruppe")} == {"5–7"}
    assert len(list(document.iter(f"{APP}klassetrinngruppe"))) == len(model.of_type(WAYS))
    assert document.findtext("{*}name") == "Lek & <læring>"


def test_a_release_without_cells_is_valid_and_empty(release: Release, schema: etree.XMLSchema) -> None:
    model = national_model(release.payload | {"cells": []}, sha256=release.sha256, built_on=release.built_on)
    document = etree.fromstring(b"".join(stream_gml(model, name="a", description="b")))
    schema.assertValid(document)
    assert not document.findall("{*}featureMember")


WRONG = {
    "a kommune of three digits": ("<kommune>4601<", "<kommune>460<"),
    "no kvalitet": (r"<kvalitet>.*?</kvalitet>", ""),
    "no lokalId": (r"<lokalId>[^<]*</lokalId>", ""),
    "an empty opphav": (r"<opphav>[^<]*<", "<opphav><"),
    "an hour in datafangstdato": (r"(<datafangstdato>[^<]*)<", r"\1T12:00:00<"),
    "an accuracy below nought": (r"<nøyaktighet>\d+", "<nøyaktighet>-1"),
    "a property that the model has not": ("</opphav>", "</opphav><alder>12</alder>"),
    "properties in another order": (r"(<opphav>.*?</opphav>)(<kommune>.*?</kommune>)", r"\2\1"),
    "grade and grade group together": (
        "</område><trakk",
        "</område><klassetrinn>5</klassetrinn><klassetrinngruppe>5–7</klassetrinngruppe><trakk",
    ),
    "a grade group that is none": ("</område><trakk", "</område><klassetrinngruppe>5-8</klassetrinngruppe><trakk"),
    "a code of another list": ("</område><trakk", "</område><barnevegType>leke</barnevegType><trakk"),
    "the abstract type itself": (r"(</?)Barneveg(?=[ >])", r"\1BarnetråkkGenerell"),
    "letters for a position": (r"<gml:posList>\S+", "<gml:posList>vest"),
    "a ring without its positions": (r"<gml:posList>[^<]*</gml:posList>", ""),
    "a line for an area": (r"gml:Polygon(?=[ >])", "gml:LineString"),
    "an object without gml:id": (r'<Barneveg gml:id="[^"]*"', "<Barneveg"),
    "two objects of one gml:id": (r'gml:id="Barneveg[^"]*"', 'gml:id="same"'),
    "a count that is not rounded": (r"<trakk:antallBarn>\d+", "<trakk:antallBarn>7"),
    "a count of no child": (r"<trakk:antallBarn>\d+", "<trakk:antallBarn>0"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_the_model_is_refused(release: Release, schema: etree.XMLSchema, wrong: str) -> None:
    right = file_of(release, "gml").decode()
    text = re.sub(*WRONG[wrong], right)
    assert text != right
    assert not schema.validate(etree.fromstring(text.encode()))


def test_the_schemas_code_lists_are_the_table_and_hold_what_the_templates_use() -> None:
    schema = etree.parse(ROOT / "static" / "schema" / "barnetrakk-aggregert.xsd")
    lists = {
        simple.get("name").removesuffix("Type"): tuple(value.get("value") for value in simple.iter(f"{XSD}enumeration"))
        for simple in schema.iter(f"{XSD}simpleType")
        if simple.find(f".//{XSD}enumeration") is not None
    }
    assert lists == official_codes().code_lists


@pytest.mark.parametrize("extension", FORMATS)
def test_the_same_release_is_the_same_file(release: Release, extension: str) -> None:
    assert file_of(release, extension) == file_of(Release.objects.get(pk=release.pk), extension)


@pytest.mark.parametrize("object_type", CODE_LISTS)
def test_gdal_reads_the_same_from_gml_geopackage_and_geojson(release: Release, tmp_path: Path, object_type: str) -> None:
    for extension in FORMATS:
        (tmp_path / f"r.{extension}").write_bytes(file_of(release, extension))
    packed = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer=object_type)
    assert packed.crs == "EPSG:25833"
    assert [*packed.columns[:-1]] == [column.name for column in columns_of(object_type)]
    if object_type not in {row[0] for row in pyogrio.list_layers(tmp_path / "r.gml")}:
        assert packed.empty
        return
    told = pyogrio.read_dataframe(tmp_path / "r.gml", layer=object_type)
    assert told.crs == "EPSG:25833"
    assert told.geometry.geom_equals_exact(packed.geometry, 0).all()
    for name in packed.columns[:-1]:
        assert told[name].astype(str).tolist() == packed[name].astype(str).tolist() if name in told else packed[name].isna().all()
    _as_in_the_geojson(release, packed)


def _as_in_the_geojson(release: Release, objects: geopandas.GeoDataFrame) -> None:
    features = {feature["id"]: feature for feature in orjson.loads(b"".join(cell_collection(release.payload)))["features"]}
    degrees = objects.geometry.to_crs("EPSG:4326")
    for name, children, shape in zip(objects["lokalId"], objects["antallBarn"], degrees, strict=True):
        theme, cell = name.split(".")
        assert features[cell]["properties"][f"theme_{theme}"] == children
        # four decimals, in the order longitude, latitude
        ring = np.array(features[cell]["geometry"]["coordinates"][0])
        assert np.abs(shapely.get_coordinates(shape.normalize()) - shapely.get_coordinates(shapely.Polygon(ring).normalize())).max() < 6e-5
    published = {(one["id"], one["theme"]) for one in release.payload["cells"]}
    assert {tuple(reversed(name.split("."))) for name in objects["lokalId"]} <= published


def test_every_published_cell_of_a_told_theme_is_there(release: Release, tmp_path: Path) -> None:
    (tmp_path / "r.gpkg").write_bytes(file_of(release, "gpkg"))
    found = {name for layer in CODE_LISTS for name in pyogrio.read_dataframe(tmp_path / "r.gpkg", layer=layer)["lokalId"]}
    assert found == {f"{one['theme']}.{one['id']}" for one in release.payload["cells"] if one["theme"] not in {None, "change"}}


def test_the_file_says_what_is_left_out(release: Release) -> None:
    left = left_out_told(release.payload["themes"], "nb")
    assert left.categories == 6
    assert left.sentences[0] in file_of(release, "gml").decode()
    assert "«Penere»" in description(left)


def test_the_geopackage_has_a_style_for_each_layer_and_no_time_but_its_own(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    path.write_bytes(file_of(release, "gpkg"))
    with closing(sqlite3.connect(path)) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
        times = {row[0] for row in database.execute("SELECT last_change FROM gpkg_contents")}
    assert set(styles) == set(CODE_LISTS)
    ranges = [float(one.get("lower")) for one in etree.fromstring(styles[WAYS]).iter("range")]
    assert ranges == [step.lowest - 0.5 for step in SCALE] == [lowest - 0.5 for lowest, _ in STEPS]
    day = national_model(release.payload, sha256="", built_on=release.built_on).captured_on
    assert times == {f"{day.isoformat()}T00:00:00.000Z"}


def test_a_release_keeps_the_codes_of_its_day(answered: Survey) -> None:
    before = build_release(survey=answered)
    answered.categories.filter(code="leke").update(official_code="ballspill")
    kept = Release.objects.get(pk=before.pk)
    assert file_of(kept, "gml") == file_of(before, "gml")
    assert ["Aktivitet", "AktivitetType", "leke"] in [
        category["official"] for theme in kept.payload["themes"] for category in theme["categories"]
    ]


def test_a_round_in_one_grade_group_says_so_and_one_in_several_does_not(answered: Survey) -> None:
    assert build_release(survey=answered).payload["survey"]["grade_band"] is None
    answered.class_groups.filter(grade=9).update(grade=6)
    assert build_release(survey=answered).payload["survey"]["grade_band"] == "5-7"
