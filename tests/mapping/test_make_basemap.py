"""`manage.py make_basemap`: a file becomes a municipality's basemap that the site serves in parts."""

from io import StringIO
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from geopandas import GeoDataFrame
from shapely.geometry import LineString

from mapping.models import Basemap
from surveys.models import Municipality
from tests.factories import MunicipalityFactory


@pytest.fixture
def streets(tmp_path: Path) -> Path:
    path = tmp_path / "streets.gpkg"
    line = LineString([(5.31, 60.39), (5.33, 60.39)])
    pyogrio.write_dataframe(GeoDataFrame({"highway": ["residential"], "name": ["Nygårdsgaten"]}, geometry=[line], crs=4326), path)
    return path


@pytest.fixture
def bergen(db: None, settings: Any, tmp_path: Path) -> Municipality:
    settings.BASEMAP_ROOT = tmp_path / "basemaps"
    return MunicipalityFactory.create(number="4601", name="Bergen")


def make(*files: Path, **options: Any) -> str:
    out = StringIO()
    call_command("make_basemap", *map(str, files), **{"municipality": "4601", "name": "Bergen sentrum", **options}, stdout=out, stderr=out)
    return out.getvalue()


def test_a_file_becomes_the_municipalitys_map(bergen: Municipality, streets: Path, settings: Any) -> None:
    said = make(streets)
    basemap = Basemap.objects.get(municipality=bergen, kind="pmtiles")
    assert (basemap.name, basemap.file_name) == ("Bergen sentrum", "4601-bergen-sentrum.pmtiles")
    assert basemap.is_default
    assert "OpenStreetMap" in basemap.attribution
    assert (settings.BASEMAP_ROOT / basemap.file_name).is_file()
    assert "1 roads" in said
    assert "kB" in said


def test_the_same_name_again_replaces_the_map(bergen: Municipality, streets: Path) -> None:
    make(streets)
    first = Basemap.objects.get(kind="pmtiles")
    make(streets, attribution="© Kartverket", min_zoom=10, max_zoom=14)
    second = Basemap.objects.get(kind="pmtiles")
    assert second.pk == first.pk
    assert (second.attribution, second.min_zoom, second.max_zoom) == ("© Kartverket", 10, 14)


def test_a_map_of_somewhere_else_is_said_to_be_and_never_shown(bergen: Municipality, streets: Path, tmp_path: Path) -> None:
    make(streets)
    helsinki = tmp_path / "helsinki.gpkg"
    line = LineString([(24.93, 60.16), (24.95, 60.17)])
    pyogrio.write_dataframe(GeoDataFrame({"highway": ["residential"], "name": ["Aleksanterinkatu"]}, geometry=[line], crs=4326), helsinki)
    said = make(helsinki, name="Helsinki")
    assert "ligger utenfor Bergen og er derfor ikke tatt i bruk" in said
    shown = Basemap.objects.filter(municipality=bergen, is_active=True)
    assert [(basemap.name, basemap.is_default) for basemap in shown] == [("Bergen sentrum", True)]
    assert not Basemap.objects.get(name="Helsinki").is_default
    assert "utenfor" not in make(streets)


def test_the_site_serves_the_header_that_the_file_begins_with(bergen: Municipality, streets: Path, settings: Any, client: Client) -> None:
    make(streets)
    basemap = Basemap.objects.get(kind="pmtiles")
    whole = (settings.BASEMAP_ROOT / basemap.file_name).read_bytes()
    answer = client.get(f"/kart/{basemap.pk}.pmtiles", headers={"range": "bytes=0-126"})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes 0-126/{len(whole)}"
    assert b"".join(answer) == whole[:127]
    assert whole.startswith(b"PMTiles\x03")


def test_an_unknown_municipality_or_file_is_refused_in_one_line(bergen: Municipality, streets: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Kommune 9999 finnes ikke"):
        make(streets, municipality="9999")
    with pytest.raises(CommandError, match="finnes ikke"):
        make(tmp_path / "none.osm.pbf")
    with pytest.raises(CommandError, match=r"vest,sør,øst,nord"):
        call_command("make_basemap", str(streets), "--municipality", "4601", "--name", "x", "--bounds", "5.1,60.3,5.5")
    assert not Basemap.objects.filter(kind="pmtiles").exists()
