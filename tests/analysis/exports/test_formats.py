"""Every format holds exactly what the filter shows, unlinked and shuffled; opened with programs that are not ours."""

import csv
import io
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import orjson
import pandas as pd
import pyogrio
import pytest
import shapely
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from analysis.exports import FORMATS, export
from analysis.exports.columns import COLUMNS
from analysis.exports.tables import safe_cell
from analysis.filters import MarkFilter
from mapping.geojson import read_geojson_object
from mapping.models import Mark
from surveys.errors import InvalidFilter
from surveys.models import ClassGroup, Response, Survey, User
from tests import places

pytestmark = pytest.mark.django_db
NAMES = [column.name for column in COLUMNS]
FILTERS = [
    "",
    "theme=negative",
    "category=skoleveg",
    "mode=ga&grade_band=5-7",
    "grade_band=8-10",
    "kind=place&from=2026-09-14",
    "bbox=5.3245,60.3785,5.3260,60.3795",
    "category=bade",
]


def exported(survey: Survey, query: str, extension: str) -> bytes:
    """The whole file."""
    return b"".join(export(survey, MarkFilter.parse(QueryDict(query), survey), extension)[1])


def features(survey: Survey, query: str = "") -> list[dict[str, Any]]:
    """The features of the GeoJSON export."""
    found: list[dict[str, Any]] = orjson.loads(exported(survey, query, "geojson"))["features"]
    return found


def gpkg_rows(body: bytes, folder: Path) -> list[tuple[str, ...]]:
    """Every mark in a GeoPackage as (category, grade band, mode, comment, WKT), read by GDAL."""
    path = folder / "x.gpkg"
    path.write_bytes(body)
    frames = [pyogrio.read_dataframe(path, layer=layer) for layer in ("places", "routes", "areas")]
    assert all(frame.crs.to_epsg() == 4326 for frame in frames)
    return sorted(_key(row._asdict(), _wkt(row.geometry)) for frame in frames for row in frame.itertuples())


def _wkt(geometry: Any) -> str:
    return "" if geometry is None else shapely.to_wkt(geometry, rounding_precision=6, trim=True)


def _key(row: dict[str, Any], wkt: str) -> tuple[str, ...]:
    said = [row["category"], row["grade_band"], row["mode"], row["comment"]]
    return (*("" if pd.isna(value) else str(value) for value in said), wkt)


@pytest.mark.parametrize("query", FILTERS)
def test_all_formats_hold_the_same_marks_as_the_screen(answered: Survey, query: str, tmp_path: Path) -> None:
    shown = MarkFilter.parse(QueryDict(query), answered).marks_of(answered).count()
    as_json = features(answered, query)
    keys = sorted(
        _key(feature["properties"], _wkt(shapely.from_geojson(orjson.dumps(feature["geometry"]).decode()) if feature["geometry"] else None))
        for feature in as_json
    )
    assert len(keys) == shown
    table = list(csv.DictReader(io.StringIO(exported(answered, query, "csv").decode("utf-8-sig")), delimiter=";"))
    assert sorted(_key(row, _wkt(shapely.from_wkt(row["wkt"]) if row["wkt"] else None)) for row in table) == keys
    book = openpyxl.load_workbook(io.BytesIO(exported(answered, query, "xlsx")))
    heads, *cells = book["Merker"].values
    sheet = [dict(zip(heads, ("" if value is None else value for value in row), strict=True)) for row in cells]
    assert sorted(_key(row, _wkt(shapely.from_wkt(row["wkt"]) if row["wkt"] else None)) for row in sheet) == keys
    assert gpkg_rows(exported(answered, query, "gpkg"), tmp_path) == keys


def test_the_geojson_is_valid_and_lies_where_it_was_drawn(answered: Survey) -> None:
    body = exported(answered, "", "geojson")
    assert len(read_geojson_object(orjson.loads(body))) == 37
    ways = [feature for feature in features(answered, "category=skoleveg") if feature["geometry"]]
    assert [feature["geometry"]["coordinates"] for feature in ways] == [places.WAY_TO_SCHOOL] * 3
    frame = geopandas.read_file(io.BytesIO(body))
    assert frame.crs.to_epsg() == 4326


def test_the_columns_are_the_dictionarys_in_every_format(answered: Survey, tmp_path: Path) -> None:
    assert list(features(answered)[0]["properties"]) == NAMES
    (tmp_path / "x.gpkg").write_bytes(exported(answered, "", "gpkg"))
    assert [name for name in pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="places").columns if name != "geometry"] == NAMES
    assert list(pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="column_dictionary")["column"]) == NAMES


def test_the_workbook_counts_what_it_holds_with_few_children_as_a_range(answered: Survey) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(answered, "grade_band=5-7", "xlsx")))
    counts = {row[0]: row[1:] for row in book["Antall"].iter_rows(values_only=True)}
    assert counts["Kategori"] == ("Barn", "Merker")
    assert counts["Leker"] == (20, 20)
    assert counts["Farlig"] == ("1–4", 3)


@pytest.mark.parametrize("extension", FORMATS)
def test_no_file_tells_who_drew_what_or_holds_unread_words(answered: Survey, extension: str, tmp_path: Path) -> None:
    body = exported(answered, "", extension)
    if extension == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(body))
        body = "\n".join(str(value) for sheet in book for row in sheet.values for value in row).encode()
    hidden = [str(pk) for pk in itertools.chain(*(model.objects.values_list("pk", flat=True) for model in (Mark, Response, ClassGroup)))]
    text = body.decode("utf-8", errors="replace")
    assert not [secret for secret in hidden if secret in text or secret.replace("-", "") in text]
    assert "41234567" not in text, "held words"
    assert "2026-09-14" not in text, "no time finer than a month"
    assert "Bilene" in text


@pytest.mark.parametrize("extension", ["geojson", "csv"])
def test_the_order_is_drawn_anew_and_not_that_of_the_table(answered: Survey, extension: str) -> None:
    orders = [exported(answered, "", extension) for _ in range(3)]
    assert len(set(orders)) == 3
    stored = list(Mark.objects.filter(survey=answered).values_list("category__code", flat=True))
    assert [feature["properties"]["category"] for feature in features(answered)] != stored


def test_words_that_look_like_formulas_are_only_words(answered: Survey) -> None:
    hostile = ["=1+1", "+47", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")']
    marks = list(Mark.objects.filter(category__code="leke")[: len(hostile)])
    for mark, words in zip(marks, hostile, strict=True):
        Mark.objects.filter(pk=mark.pk).update(comment=words, comment_state="released", published_comment=words)
    text = exported(answered, "category=leke", "csv").decode("utf-8-sig")
    cells = Counter(row["comment"] for row in csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {"'" + words for words in hostile} <= set(cells)
    book = openpyxl.load_workbook(io.BytesIO(exported(answered, "category=leke", "xlsx")))
    typed = {cell.data_type for row in book["Merker"].iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert typed <= {"s", "n"}, "no cell is a formula"
    said = [feature["properties"]["comment"] for feature in features(answered, "category=leke")]
    assert sorted(words for words in said if words) == sorted(hostile), "in GeoJSON they stay as they were written"


def test_quotes_backslashes_and_newlines_survive_every_format(answered: Survey, tmp_path: Path) -> None:
    words = 'Hun sa: "kom\\her"\nnå; og <b>æøå</b> 🦊'
    mark = Mark.objects.filter(category__code="leke").first()
    assert mark is not None
    Mark.objects.filter(pk=mark.pk).update(comment=words, comment_state="released", published_comment=words)
    assert words in {feature["properties"]["comment"] for feature in features(answered)}
    table = csv.DictReader(io.StringIO(exported(answered, "", "csv").decode("utf-8-sig"), newline=""), delimiter=";")
    assert words in {row["comment"] for row in table}
    book = openpyxl.load_workbook(io.BytesIO(exported(answered, "", "xlsx")))
    assert words in {cell.value for row in book["Merker"].iter_rows() for cell in row}
    (tmp_path / "x.gpkg").write_bytes(exported(answered, "", "gpkg"))
    assert words in set(pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="places")["comment"])


@pytest.mark.parametrize(("value", "cell"), [("=1", "'=1"), ("sju", "sju"), ("", ""), (None, ""), (4.5, 4.5)])
def test_a_safe_cell(value: object, cell: object) -> None:
    assert safe_cell(value) == cell


def test_a_planner_downloads_by_address_and_a_foreigner_does_not(client: Client, pia: User, kai: User, answered: Survey) -> None:
    url = reverse("analysis:export", args=[answered.pk, "geojson"])
    client.force_login(pia)
    answer = client.get(url, {"grade_band": "8-10"})
    assert answer["Content-Type"] == "application/geo+json"
    assert 'filename="trakk-4601-' in answer["Content-Disposition"]
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert len(orjson.loads(body)["features"]) == 10
    client.force_login(kai)
    assert client.get(url).status_code == 404


def test_a_format_there_is_not_is_told_which_there_are(client: Client, pia: User, answered: Survey) -> None:
    with pytest.raises(InvalidFilter, match="geojson, gpkg, xlsx, csv"):
        export(answered, MarkFilter(), "dwg")
    client.force_login(pia)
    assert client.get(reverse("analysis:export", args=[answered.pk, "dwg"])).status_code == 400
