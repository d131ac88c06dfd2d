"""What of a map can be chosen by its name: facilities and street corners, no homes."""

import json
from pathlib import Path
from typing import Any

import pytest
from geopandas import GeoDataFrame
from shapely.geometry import LineString, Point, box

from mapping.basemap import make_basemap
from mapping.basemap_places import named_places
from mapping.demo.layers import basemap_layers
from mapping.demo.solvik import SOLVIK
from mapping.demo.town import build_town

NYGARD = LineString([(5.31, 60.39), (5.33, 60.39)])
STROM = LineString([(5.32, 60.38), (5.32, 60.40)])


def _roads(*rows: tuple[str | None, str, Any]) -> GeoDataFrame:
    names, kinds, lines = zip(*rows, strict=True)
    return GeoDataFrame({"name": names, "kind": kinds}, geometry=list(lines), crs=4326)


def test_two_streets_that_meet_are_one_corner() -> None:
    [corner] = named_places({"roads": _roads(("Strømgaten", "minor_road", STROM), ("Nygårdsgaten", "minor_road", NYGARD))})
    assert (corner["name"], corner["other"], corner["kind"]) == ("Nygårdsgaten", "Strømgaten", "corner")
    assert corner["position"] == pytest.approx([5.32, 60.39], abs=2e-6)


def test_a_street_in_pieces_is_no_corner_with_itself_and_meets_another_once() -> None:
    west, east = LineString([(5.31, 60.39), (5.32, 60.39)]), LineString([(5.32, 60.39), (5.33, 60.39)])
    roads = _roads(("Nygårdsgaten", "minor_road", west), ("Nygårdsgaten", "minor_road", east), ("Strømgaten", "path", STROM))
    assert [place["kind"] for place in named_places({"roads": roads})] == ["corner"]


def test_a_street_that_meets_none_is_found_by_its_middle() -> None:
    roads = _roads(("Nygårdsgaten", "minor_road", NYGARD), (None, "minor_road", STROM), ("E39", "highway", STROM))
    [street] = named_places({"roads": roads})
    assert (street["name"], street["kind"]) == ("Nygårdsgaten", "street")
    assert "other" not in street
    assert street["position"] == pytest.approx([5.32, 60.39], abs=1e-5)


def test_no_farm_and_nothing_without_a_name_is_listed() -> None:
    pois = GeoDataFrame({"name": ["Florida", None], "kind": ["bus_stop", "playground"]}, geometry=[Point(5.33, 60.38)] * 2, crs=4326)
    places = GeoDataFrame({"name": ["Nordnes", "Li gård"], "kind": ["neighbourhood", "farm"]}, geometry=[Point(5.3, 60.4)] * 2, crs=4326)
    assert [place["name"] for place in named_places({"pois": pois, "places": places})] == ["Florida", "Nordnes"]


def test_layers_without_names_give_an_empty_list() -> None:
    assert list(named_places({})) == []
    assert list(named_places({"roads": GeoDataFrame({"kind": ["path"]}, geometry=[NYGARD], crs=4326)})) == []


def test_the_list_lies_beside_the_map_and_in_degrees(tmp_path: Path) -> None:
    pois = GeoDataFrame({"name": ["Nygård skole"], "kind": ["school"]}, geometry=[Point(5.33, 60.38)], crs=4326).to_crs(25832)
    make_basemap({"pois": pois}, tmp_path / "kart.pmtiles", name="Kart", bounds=(5.3, 60.3, 5.4, 60.4))
    assert json.loads((tmp_path / "kart.places.json").read_text(encoding="utf-8")) == [
        {"name": "Nygård skole", "kind": "school", "position": [5.33, 60.38]}
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kart.places.json", "kart.pmtiles"]


def test_solvik_has_its_facilities_and_corners_inside_its_map() -> None:
    town = build_town(SOLVIK)
    places = list(named_places(basemap_layers(town)))
    kinds = {place["kind"] for place in places}
    assert {"school", "pitch", "supermarket", "bus_stop", "neighbourhood", "corner"} <= kinds
    assert "farm" not in kinds
    outline = town.to_lonlat(box(*town.plan.region)).buffer(1e-4)
    assert all(outline.contains(Point(place["position"])) for place in places)
    assert sum(place["kind"] == "corner" for place in places) > 50
