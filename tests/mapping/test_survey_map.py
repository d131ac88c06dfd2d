"""The map of a survey's area: the same tiles as the whole basemap's, only fewer, and small enough for a tablet."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType, tileid_to_zxy, zxy_to_tileid
from pmtiles.writer import Writer
from pytest_django.fixtures import Settings

from mapping import survey_map as maps
from mapping.bundle import build_bundle
from mapping.models import Basemap
from surveys.models import Survey

pytestmark = pytest.mark.django_db

ZOOMS = range(10, 16)
# A box round Bergen some 40 km wide, of which a survey needs very little.
WEST, SOUTH, EAST, NORTH = 5.0, 60.2, 5.7, 60.5
AREA = MultiPolygon(Polygon.from_bbox((5.32, 60.38, 5.34, 60.39)), srid=4326)


def _tile_bytes(zoom: int, x: int, y: int, weight: int) -> bytes:
    return f"{zoom}/{x}/{y};".encode().ljust(weight, b".")


def _write_whole(path: Path, *, weight: int = 400) -> None:
    """A basemap whose tiles hold their own address."""
    ids = []
    for zoom in ZOOMS:
        left, top = maps._tile_at(WEST, NORTH, 2**zoom)
        right, bottom = maps._tile_at(EAST, SOUTH, 2**zoom)
        ids += [zxy_to_tileid(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        writer: Any = Writer(file)
        for tile_id in sorted(ids):
            writer.write_tile(tile_id, _tile_bytes(*tileid_to_zxy(tile_id), weight))
        header = {"tile_type": TileType.MVT, "tile_compression": Compression.NONE}
        edges = {"min_lon_e7": 50000000, "min_lat_e7": 602000000, "max_lon_e7": 57000000, "max_lat_e7": 605000000}
        centre = {"center_zoom": 12, "center_lon_e7": 53000000, "center_lat_e7": 603000000}
        writer.finalize({**header, **edges, **centre}, {"name": "Bergen"})


def _tiles_of(path: Path) -> dict[tuple[int, int, int], bytes]:
    with path.open("rb") as file:
        return dict(all_tiles(MmapSource(file)))


@pytest.fixture
def basemap(settings: Settings, tmp_path: Path, survey: Survey) -> Basemap:
    settings.BASEMAP_ROOT = tmp_path
    _write_whole(tmp_path / "whole.pmtiles")
    survey.study_area = AREA
    survey.save()
    return Basemap.objects.create(
        municipality=survey.municipality, name="Kart", kind="pmtiles", file_name="whole.pmtiles", attribution="Bergen", is_active=True
    )


def test_a_cut_holds_the_areas_tiles_as_they_were_and_few_others(basemap: Basemap, survey: Survey, tmp_path: Path) -> None:
    cut = maps.survey_map(survey, basemap)
    assert cut is not None
    tiles = _tiles_of(cut.path)
    for zoom in ZOOMS:
        for lon, lat in ((5.32, 60.38), (5.33, 60.385), (5.34, 60.39)):
            x, y = maps._tile_at(lon, lat, 2**zoom)
            assert tiles[(zoom, x, y)] == _tile_bytes(zoom, x, y, 400)
    assert len(tiles) < len(_tiles_of(tmp_path / "whole.pmtiles")) / 10
    with cut.path.open("rb") as file:
        reader: Any = Reader(MmapSource(file))
        assert reader.metadata() == {"name": "Bergen"}
        assert (reader.header()["min_zoom"], reader.header()["max_zoom"], cut.max_zoom) == (10, 15, 15)


def test_a_cut_that_would_weigh_too_much_has_no_nearest_tiles(basemap: Basemap, survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    # the area is some 3 × 4 tiles wide at zoom 15, and fewer further out
    monkeypatch.setattr(maps, "MOST_BYTES", 400 * 12)
    cut = maps.survey_map(survey, basemap)
    assert cut is not None
    assert cut.max_zoom < 15
    tiles = _tiles_of(cut.path)
    assert sum(len(data) for data in tiles.values()) <= 400 * 12
    assert max(zoom for zoom, _, _ in tiles) == cut.max_zoom


def test_the_same_area_is_cut_once_and_another_area_anew(basemap: Basemap, survey: Survey) -> None:
    first = maps.survey_map(survey, basemap)
    assert first is not None
    stamp = first.path.stat().st_mtime_ns
    again = maps.survey_map(survey, basemap)
    assert again == first
    assert first.path.stat().st_mtime_ns == stamp
    survey.study_area = MultiPolygon(Polygon.from_bbox((5.40, 60.30, 5.41, 60.31)), srid=4326)
    other = maps.survey_map(survey, basemap)
    assert other is not None
    assert other.digest != first.digest
    assert first.path.is_file(), "tablets that know the old address still get it"


def test_a_cut_nobody_can_ask_for_any_more_is_deleted(basemap: Basemap, survey: Survey) -> None:
    first = maps.survey_map(survey, basemap)
    assert first is not None
    old = time.time() - maps.KEPT_S - 60
    os.utime(first.path, (old, old))
    survey.study_area = MultiPolygon(Polygon.from_bbox((5.40, 60.30, 5.41, 60.31)), srid=4326)
    assert maps.survey_map(survey, basemap) is not None
    assert not first.path.exists()


@pytest.mark.parametrize("content", [b"", b"this is no map", b"PMTiles\x03"])
def test_a_file_that_is_no_map_is_offered_whole_as_before(basemap: Basemap, survey: Survey, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "whole.pmtiles").write_bytes(content)
    [offered] = build_bundle(survey)["basemaps"]
    assert (offered["url"], offered["keep"]) == (f"/kart/{basemap.pk}.pmtiles", False)


def test_the_bundle_names_the_cut_and_the_cut_is_served_in_ranges(basemap: Basemap, survey: Survey, client: Client) -> None:
    [offered] = build_bundle(survey)["basemaps"]
    assert offered["keep"]
    assert offered["max_zoom"] == 15
    whole = client.get(offered["url"])
    content = whole.getvalue()
    assert content.startswith(b"PMTiles")
    assert "immutable" in whole["Cache-Control"]
    part = client.get(offered["url"], headers={"Range": "bytes=0-6"})
    assert (part.status_code, part.getvalue()) == (206, b"PMTiles")
    assert part["Content-Range"] == f"bytes 0-6/{len(content)}"


def test_a_cut_that_is_not_there_is_not_found(basemap: Basemap, survey: Survey, client: Client) -> None:
    assert client.get(f"/kart/{survey.pk}-0123456789abcdef-z15.pmtiles").status_code == 404
    assert client.get(f"/kart/{survey.pk}-..-z15.pmtiles").status_code == 404
