"""Vector tiles, read with GDAL's MVT driver, hold the marks that lie in them, with what the exports tell and nothing else."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pyogrio
import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from pyproj import Transformer

from analysis import tiles
from analysis.exports.columns import COLUMNS
from analysis.ogc.tiles import limits
from analysis.tile_scheme import tile_at
from mapping.models import Mark
from surveys.models import Response, Survey
from tests import places
from tests.factories import MarkFactory

pytestmark = pytest.mark.django_db
HALF = 20037508.342789244
TO_METRES = Transformer.from_crs(4326, 3857, always_xy=True).transform


@pytest.fixture
def scattered(answered: Survey) -> Survey:
    """Three hundred places, scattered over the study area, in the stead of the other places."""
    dice = Random(7)  # noqa: S311  # the same places each time are wanted
    west, south, east, north = answered.study_area.extent
    children = list(Response.objects.filter(survey=answered))
    categories = [answered.categories.get(code=code) for code in ("leke", "farlig")]
    Mark.objects.filter(survey=answered, kind="place").delete()
    for number in range(300):
        geom = Point(dice.uniform(west, east), dice.uniform(south, north), srid=4326)
        MarkFactory.create(response=children[number % len(children)], category=categories[number % 2], geom=geom)
    return answered


def units(longitude: float, latitude: float, zoom: int, column: int, row: int) -> tuple[int, int]:
    """A position in the units of a tile, 4096 to a side from its north-western corner, reckoned anew."""
    return _in_units(*TO_METRES(longitude, latitude), zoom, column, row)


def tile(desk: Client, survey: Survey, zoom: int, column: int, row: int, folder: Path, *, name: str = "places", query: str = "") -> Any:
    """A tile as GDAL reads it, in EPSG:3857; None for one without anything."""
    answer = desk.get(f"/ogc/collections/{survey.pk}-{name}/tiles/WebMercatorQuad/{zoom}/{row}/{column}{query}")
    assert answer.status_code in {200, 204}, answer.content
    if answer.status_code == 204:
        return None
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    path = folder / str(zoom) / str(column) / f"{row}.pbf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(answer.content)
    assert [layer for layer, _ in pyogrio.list_layers(path)] == [name]
    return pyogrio.read_dataframe(path, layer=name, CLIP="NO")


@pytest.mark.parametrize("zoom", [10, 12, 13, 15])
def test_tiles_hold_the_marks_that_lie_in_them(scattered: Survey, desk: Client, tmp_path: Path, zoom: int) -> None:
    positions = list(Mark.objects.filter(kind="place").values_list("geom", flat=True))
    (limit,) = (one for one in limits(scattered.study_area.extent) if one.zoom == zoom)
    seen = 0
    for column, row in [(column, row) for column in _whole(limit.columns) for row in _whole(limit.rows)][:12]:
        wanted = Counter(
            spot
            for spot in (units(position.x, position.y, zoom, column, row) for position in positions)
            if all(-64 <= at <= 4160 for at in spot)
        )
        frame = tile(desk, scattered, zoom, column, row, tmp_path)
        there = [] if frame is None else [(point.x, point.y) for point in frame.geometry]
        shown = Counter(_in_units(x, y, zoom, column, row) for x, y in there)
        assert shown == wanted
        seen += wanted.total()
    assert seen > 20


def _in_units(x: float, y: float, zoom: int, column: int, row: int) -> tuple[int, int]:
    side = 2 * HALF / 2**zoom
    return round((x + HALF - column * side) / side * 4096), round((HALF - row * side - y) / side * 4096)


def _whole(ends: tuple[int, int]) -> range:
    return range(ends[0], ends[1] + 1)


def test_a_tile_tells_what_an_export_tells_and_no_more(answered: Survey, desk: Client, tmp_path: Path) -> None:
    column, row = tile_at(*places.PLAYGROUND, 11)
    frame = tile(desk, answered, 11, column, row, tmp_path)
    # GDAL's own mvt_id is empty: a tile's features have no ids
    assert set(frame.columns) - {"geometry", "mvt_id"} <= {column.name for column in COLUMNS}
    assert "mvt_id" not in frame or frame["mvt_id"].isna().all()
    assert Counter(frame["category"]) == {"leke": 30, "farlig": 3}
    assert set(frame["month"]) == {"2026-09"}
    assert frame["comment"].dropna().tolist() == ["Bilene kjører fort"]


def test_a_tile_takes_the_filters_of_the_items(answered: Survey, desk: Client, tmp_path: Path) -> None:
    column, row = tile_at(*places.PLAYGROUND, 11)
    assert len(tile(desk, answered, 11, column, row, tmp_path, query="?category=leke&grade_band=8-10&f=mvt")) == 10
    assert len(tile(desk, answered, 11, column, row, tmp_path, query="?datetime=2026-09-14/..")) == 3
    url = f"/ogc/collections/{answered.pk}-places/tiles/WebMercatorQuad/11/{row}/{column}"
    for query in ("?colour=red", "?limit=3", "?category=finnesikke", "?f=png"):
        assert desk.get(url + query).status_code == 400


def test_ways_are_lines_and_those_without_geometry_are_in_no_tile(answered: Survey, desk: Client, tmp_path: Path) -> None:
    column, row = tile_at(places.WAY_TO_SCHOOL[0][0], places.WAY_TO_SCHOOL[0][1], 12)
    frame = tile(desk, answered, 12, column, row, tmp_path, name="routes")
    assert set(frame.geometry.geom_type) <= {"LineString", "MultiLineString"}
    assert len(frame) == 3


def test_where_marks_are_too_many_a_fair_choice_of_them_is_shown_and_said(
    scattered: Survey, desk: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "MOST", 100)
    column, row = tile_at(*places.PLAYGROUND, 8)
    answer = desk.get(f"/ogc/collections/{scattered.pk}-places/tiles/WebMercatorQuad/8/{row}/{column}")
    assert (answer["Trakk-Number-Matched"], answer["Trakk-Number-Returned"]) == ("300", "100")
    frame = tile(desk, scattered, 8, column, row, tmp_path)
    assert len(frame) == 100
    assert 25 < Counter(frame["category"])["leke"] < 75


def test_marks_of_a_child_do_not_stand_together_in_a_tile(answered: Survey, desk: Client, tmp_path: Path) -> None:
    Mark.objects.filter(survey=answered).delete()
    category, children = answered.categories.get(code="leke"), Response.objects.filter(survey=answered)[:15]
    for number, child in enumerate(children):
        for _ in range(4):
            # who it was is told to nobody; here by the place
            MarkFactory.create(response=child, category=category, geom=Point(5.32 + number * 0.001, 60.38, srid=4326))
    column, row = tile_at(5.327, 60.38, 11)
    order = [round(point.x) for point in tile(desk, answered, 11, column, row, tmp_path).geometry]
    assert len(order) == 60
    assert len(set(order)) == 15
    assert sum(one == other for one, other in pairwise(order)) < 12


@pytest.mark.parametrize("spot", ["4/4/8", "19/0/0", "14/0/0", "10/295/999999999999999999999", "10/-1/3", "x/y/z"])
def test_a_tile_that_can_hold_nothing_is_a_404(answered: Survey, desk: Client, spot: str) -> None:
    refused = desk.get(f"/ogc/collections/{answered.pk}-places/tiles/WebMercatorQuad/{spot}")
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")


def test_a_tile_is_kept_by_its_reader_alone_and_not_for_long(answered: Survey, desk: Client) -> None:
    column, row = tile_at(*places.PLAYGROUND, 14)
    answer = desk.get(f"/ogc/collections/{answered.pk}-places/tiles/WebMercatorQuad/14/{row}/{column}")
    assert set(answer["Cache-Control"].replace(" ", "").split(",")) == {"private", "max-age=60"}
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].replace(" ", "").split(","))


def test_the_tile_set_is_found_from_the_collection_and_describes_itself(answered: Survey, desk: Client) -> None:
    collection = desk.get(f"/ogc/collections/{answered.pk}-places").json()
    listed = next(link["href"] for link in collection["links"] if link["rel"].endswith("/tilesets-vector"))
    (entry,) = desk.get(listed).json()["tilesets"]
    tileset = desk.get(entry["links"][0]["href"]).json()
    template = next(link for link in tileset["links"] if link["rel"] == "item")
    assert template["templated"]
    limits = {one["tileMatrix"]: one for one in tileset["tileMatrixSetLimits"]}
    inside = limits["14"]
    url = template["href"].format(tileMatrix=14, tileRow=inside["minTileRow"], tileCol=inside["minTileCol"])
    assert desk.get(url).status_code in {200, 204}
    assert tileset["layers"][0]["id"] == "places"
    scheme = desk.get(next(link["href"] for link in tileset["links"] if link["rel"].endswith("/tiling-scheme"))).json()
    assert scheme["tileMatrices"][0]["scaleDenominator"] == pytest.approx(559082264.0287178)
    for url in (listed, entry["links"][0]["href"], "/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad"):
        page = desk.get(url, headers={"Accept": "text/html"})
        assert "WebMercatorQuad" in page.content.decode()
