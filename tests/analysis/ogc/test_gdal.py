"""GDAL's OAPIF driver, which is not ours, reads /ogc/ over a real connection: layers, pages, boxes, systems, filters, a key."""

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
import shapely
from django.http import QueryDict
from pyproj import Transformer
from pytest_django.live_server_helper import LiveServer

from analysis.exports import export
from analysis.exports.columns import COLUMNS
from analysis.filters import MarkFilter
from surveys.models import Survey, User
from surveys.services import make_access_token
from tests import places

SCRIPT = Path(__file__).parent / "gdal_reads.py"
pytestmark = pytest.mark.django_db(transaction=True)
ALL_PAGED = {"PAGE_SIZE": "7"}


@dataclass
class Gdal:
    """GDAL with a key, in a process of its own."""

    url: str
    key: str
    asked_for: str = ""

    def layers(self) -> list[str]:
        """The layers it finds."""
        found: list[str] = self._run()["layers"]
        return found

    def rows(self, layer: str, *, epsg: int | None = None, **asked: Any) -> list[dict[str, Any]]:
        """A layer's features with their geometry as WKT, read seven at a time; epsg: that it must say it is in."""
        found = self._run(layer=layer, open=ALL_PAGED | asked.pop("open", {}), **asked)
        assert found["crs"] == epsg
        rows: list[dict[str, Any]] = found["rows"]
        return rows

    def _run(self, **asked: Any) -> dict[str, Any]:
        config = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": self.key} if self.key else {}
        asked = {"source": f"OAPIF:{self.url}/ogc", "config": {**config, "CPL_DEBUG": "HTTP"}, **asked}
        done = subprocess.run([sys.executable, str(SCRIPT), json.dumps(asked)], capture_output=True, text=True, timeout=120, check=False)
        self.asked_for = "\n".join(re.findall(r"Fetch\((.*)\)", done.stderr))
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        read: dict[str, Any] = json.loads(done.stdout)
        return read


@pytest.fixture
def gdal(live_server: LiveServer, answered: Survey, pia: User) -> Gdal:
    """GDAL with Pia's personal access token."""
    _, key = make_access_token(user=pia, municipality=answered.municipality, label="GDAL")
    return Gdal(live_server.url, key)


def exported(survey: Survey, query: str) -> list[dict[str, Any]]:
    """The features of the GeoJSON export."""
    body = b"".join(export(survey, MarkFilter.parse(QueryDict(query), survey), "geojson")[1])
    features: list[dict[str, Any]] = orjson.loads(body)["features"]
    return features


def in_words(properties: dict[str, Any], geometry: shapely.Geometry | None) -> str:
    """A feature as text that does not depend on who read it."""
    told = [properties[column.name] or None for column in COLUMNS if column.name != "answers"]
    return repr((told, shapely.to_wkt(geometry, rounding_precision=6) if geometry else None))


def test_gdal_reads_every_mark_of_every_layer_page_by_page(gdal: Gdal, answered: Survey) -> None:
    assert gdal.layers() == [f"{answered.pk}-{name}" for name in ("places", "routes", "areas")]
    for layer, kind in (("places", "place"), ("routes", "route")):
        rows = gdal.rows(f"{answered.pk}-{layer}")
        features = exported(answered, f"kind={kind}")
        wanted = Counter(
            in_words(one["properties"], shapely.geometry.shape(one["geometry"]) if one["geometry"] else None) for one in features
        )
        assert Counter(in_words(row, shapely.from_wkt(row["wkt"]) if row["wkt"] else None) for row in rows) == wanted
        assert len({row["id"] for row in rows}) == len(rows)
        if kind == "place":
            assert "offset=7" in gdal.asked_for
            assert "offset=28" in gdal.asked_for


def test_gdal_gets_other_systems_by_reference(gdal: Gdal, answered: Survey) -> None:
    for epsg in (25832, 25833, 25835, 3857):
        rows = gdal.rows(f"{answered.pk}-places", epsg=epsg, open={"CRS": f"EPSG:{epsg}"})
        there = Transformer.from_crs(4326, epsg, always_xy=True).transform
        wanted = {tuple(round(number, 1) for number in there(*position)) for position in (places.PLAYGROUND, places.CROSSING)}
        assert {tuple(round(number, 1) for number in shapely.from_wkt(row["wkt"]).coords[0]) for row in rows} == wanted
        assert f"crs=http://www.opengis.net/def/crs/EPSG/0/{epsg}" in gdal.asked_for
        assert len(rows) == 33


def test_gdal_leaves_boxes_and_property_filters_to_the_server(gdal: Gdal, answered: Survey) -> None:
    lon, lat = places.CROSSING
    box = [lon - 0.0003, lat - 0.0003, lon + 0.0003, lat + 0.0003]
    rows = gdal.rows(f"{answered.pk}-places", bbox=box)
    assert len(rows) == 3
    assert "bbox=" in gdal.asked_for
    rows = gdal.rows(f"{answered.pk}-places", where="category = 'leke' AND grade_band = '8-10'")
    assert len(rows) == 10
    assert "category=leke" in gdal.asked_for
    assert "grade_band=8-10" in gdal.asked_for
    assert len(gdal.rows(f"{answered.pk}-places", where="school = 'Fjellheim skole'")) == 33
    assert "school=Fjellheim%20skole" in gdal.asked_for


def test_gdal_gives_a_box_in_the_layer_s_own_system(gdal: Gdal, answered: Survey) -> None:
    x, y = Transformer.from_crs(4326, 25832, always_xy=True).transform(*places.CROSSING)
    rows = gdal.rows(f"{answered.pk}-places", epsg=25832, open={"CRS": "EPSG:25832"}, bbox=[x - 15, y - 15, x + 15, y + 15])
    assert len(rows) == 3
    assert "bbox=" in gdal.asked_for


def test_without_a_key_gdal_finds_nothing_and_with_a_wrong_one_is_refused(gdal: Gdal) -> None:
    with pytest.raises(RuntimeError):
        Gdal(gdal.url, "").layers()
    with pytest.raises(RuntimeError, match="401"):
        Gdal(gdal.url, "trakk_feil").layers()
