"""Basemaps hold what their sources hold, where it is: read back by GDAL's PMTiles reader, the PMTiles library, and by hand."""

import gzip
import json
import warnings
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
from geopandas import GeoDataFrame
from pmtiles.reader import MmapSource, Reader, all_tiles
from shapely.geometry import LineString, Point, Polygon, box

from mapping.basemap import make_basemap
from mapping.basemap_sources import read_sources, sort_into_layers
from mapping.basemap_tags import LAYERS
from surveys.errors import ImportRefused

HELSINKI = Path(__file__).parents[3] / "shared" / "data" / "helsinki-centre.osm.pbf"
needs_helsinki = pytest.mark.skipif(not HELSINKI.is_file(), reason="the OpenStreetMap extract of ../shared/data is not here")

BERGEN = (5.30, 60.38, 5.34, 60.40)


def frame(rows: list[dict[str, Any]], crs: int = 4326) -> GeoDataFrame:
    return GeoDataFrame(rows, geometry="geometry", crs=crs)


def gpkg(folder: Path, rows: list[dict[str, Any]], name: str = "lines") -> Path:
    path = folder / f"{name}.gpkg"
    pyogrio.write_dataframe(frame(rows), path, layer=name)
    return path


def read_back(path: Path, layer: str, zoom: int = 15) -> GeoDataFrame:
    """One layer as GDAL's own PMTiles reader gives it, EPSG:4326."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found = pyogrio.read_dataframe(path, layer=layer, ZOOM_LEVEL=zoom)
    return found.to_crs(4326)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A street, a house, a school and a lake near Bergen, as OSM tags in a GeoPackage."""
    rows = [
        {"geometry": LineString([(5.31, 60.39), (5.33, 60.39)]), "highway": "residential", "name": "Nygårdsgaten"},
        {"geometry": LineString([(5.32, 60.385), (5.32, 60.395)]), "highway": "primary_link", "name": "Lars Hilles gate", "bridge": "yes"},
        {"geometry": LineString([(5.315, 60.39), (5.315, 60.392)]), "highway": "steps"},
        {"geometry": box(5.3201, 60.3901, 5.3203, 60.3902), "building": "school"},
        {"geometry": box(5.3198, 60.3898, 5.3206, 60.3905), "amenity": "school", "name": "Nygård skole"},
        {"geometry": Polygon([(5.31, 60.381), (5.315, 60.381), (5.3125, 60.384)]), "natural": "water", "name": "Lungegårdsvannet"},
        {"geometry": Point(5.33, 60.3901), "highway": "bus_stop", "name": "Florida"},
    ]
    return gpkg(tmp_path, rows)


def test_every_layer_comes_back_where_it_was(town: Path, tmp_path: Path) -> None:
    info = make_basemap(town, tmp_path / "out.pmtiles", name="Bergen")
    assert info.layers == {"earth": 1, "landuse": 1, "water": 1, "roads": 3, "buildings": 1, "pois": 2}
    roads = read_back(info.path, "roads")
    street = roads[roads["name"] == "Nygårdsgaten"]
    assert set(street["kind"]) == {"minor_road"}
    # A step of the tile's grid at zoom 15 is 0.3 m wide at the equator and half that here; a degree of latitude is 111 km.
    west, south, east, north = street.total_bounds
    assert (west, east) == pytest.approx((5.31, 5.33), abs=5e-6)
    assert (south, north) == pytest.approx((60.39, 60.39), abs=3e-6)
    house = read_back(info.path, "buildings").union_all()
    assert house.symmetric_difference(box(5.3201, 60.3901, 5.3203, 60.3902)).area < 0.03 * house.area


def test_tags_become_the_words_of_the_schema(town: Path, tmp_path: Path) -> None:
    info = make_basemap(town, tmp_path / "out.pmtiles", name="Bergen")
    roads = read_back(info.path, "roads").drop_duplicates("kind_detail").set_index("kind_detail")
    assert roads.loc["primary_link", "kind"] == "major_road"
    assert bool(roads.loc["primary_link", "is_bridge"])
    assert not bool(roads.loc["residential", "is_bridge"])
    assert roads.loc["steps", "kind"] == "path"
    signs = read_back(info.path, "pois").drop_duplicates("name").set_index("name")
    assert signs.loc["Nygård skole", "kind"] == "school"
    assert signs.loc["Florida", "kind"] == "bus_stop"


def test_the_pmtiles_library_agrees_on_bounds_zooms_and_layers(town: Path, tmp_path: Path) -> None:
    info = make_basemap(town, tmp_path / "out.pmtiles", name="Bergen", attribution="Prøve", min_zoom=10, max_zoom=14)
    with info.path.open("rb") as file:
        reader = Reader(MmapSource(file))
        header, metadata = reader.header(), reader.metadata()
        tiles = {address for address, _ in all_tiles(reader.get_bytes)}
    assert (header["min_zoom"], header["max_zoom"]) == (10, 14)
    assert (header["min_lon_e7"] / 1e7, header["max_lat_e7"] / 1e7) == pytest.approx((5.31, 60.395))
    assert metadata["name"] == "Bergen"
    assert metadata["attribution"] == "Prøve"
    assert [layer["id"] for layer in metadata["vector_layers"]] == list(info.layers)
    assert len(tiles) == info.tiles
    assert {zoom for zoom, _, _ in tiles} == {10, 11, 12, 13, 14}


def test_no_layer_comes_twice_in_a_tile(town: Path, tmp_path: Path) -> None:
    # A reader keeps the last of two layers with one name, so the first would be lost without a word.
    info = make_basemap(town, tmp_path / "out.pmtiles", name="Bergen")
    with info.path.open("rb") as file:
        reader = Reader(MmapSource(file))
        for _, data in all_tiles(reader.get_bytes):
            names = layer_names(gzip.decompress(data))
            assert len(names) == len(set(names))
            assert set(names) <= set(LAYERS)


def layer_names(tile: bytes) -> list[str]:
    """Names of the layers of a vector tile, read by hand: field 3 of the tile is a layer, field 1 of a layer its name."""
    return [bytes(value).decode() for number, layer in fields(tile) if number == 3 for inner, value in fields(layer) if inner == 1]


def fields(message: bytes) -> list[tuple[int, bytes]]:
    """The length-delimited fields of a protocol buffer message."""
    found, at = [], 0
    while at < len(message):
        key, at = varint(message, at)
        if key & 7 == 2:
            size, at = varint(message, at)
            found.append((key >> 3, message[at : at + size]))
            at += size
        else:
            _, at = varint(message, at)
    return found


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not message[at - 1] & 0x80:
            return value, at


def test_the_same_sources_give_the_same_file(town: Path, tmp_path: Path) -> None:
    one = make_basemap(town, tmp_path / "one.pmtiles", name="Bergen").path.read_bytes()
    other = make_basemap(town, tmp_path / "other.pmtiles", name="Bergen").path.read_bytes()
    assert one == other


def test_small_things_are_left_out_where_they_could_not_be_seen(town: Path, tmp_path: Path) -> None:
    info = make_basemap(town, tmp_path / "out.pmtiles", name="Bergen", min_zoom=9)
    assert set(read_back(info.path, "roads", zoom=9)["kind"]) == {"major_road"}
    assert "buildings" not in names_at(info.path, 12)
    assert "buildings" in names_at(info.path, 13)


def names_at(path: Path, zoom: int) -> set[str]:
    with path.open("rb") as file:
        reader = Reader(MmapSource(file))
        return {name for (z, _, _), data in all_tiles(reader.get_bytes) if z == zoom for name in layer_names(gzip.decompress(data))}


def test_layers_in_memory_may_come_in_any_crs(tmp_path: Path) -> None:
    place = geopandas.points_from_xy([297_000.0], [6_699_000.0], crs=25832)
    layers = {"places": GeoDataFrame({"kind": ["locality"], "name": ["Bergen"], "min_zoom": [8]}, geometry=place)}
    info = make_basemap(layers, tmp_path / "out.pmtiles", name="x", bounds=BERGEN)
    found = read_back(info.path, "places").geometry.iloc[0]
    there = place.to_crs(4326)[0]
    assert (found.x, found.y) == pytest.approx((there.x, there.y), abs=6e-6)


def test_the_sea_lies_on_the_right_of_a_coastline(tmp_path: Path) -> None:
    # A coast running north: land to the west of it, sea to the east; and an island in that sea, drawn against the clock.
    rows = [
        {"geometry": LineString([(5.32, 60.37), (5.32, 60.41)]), "natural": "coastline"},
        {"geometry": LineString([(5.33, 60.388), (5.332, 60.388), (5.331, 60.39), (5.33, 60.388)]), "natural": "coastline"},
        {"geometry": LineString([(5.305, 60.385), (5.305, 60.395)]), "highway": "residential"},
    ]
    water = read_sources([gpkg(tmp_path, rows)], bounds=BERGEN)["water"]
    sea = water[water["kind"] == "ocean"].union_all()
    expected = box(5.32, 60.38, 5.34, 60.40).difference(Polygon([(5.33, 60.388), (5.332, 60.388), (5.331, 60.39)]))
    assert sea.symmetric_difference(expected).area < 1e-9


def test_an_extract_without_coast_is_all_land(town: Path) -> None:
    assert "ocean" not in set(read_sources([town])["water"]["kind"])


def test_bounds_cut_what_sticks_out(town: Path, tmp_path: Path) -> None:
    info = make_basemap(town, tmp_path / "out.pmtiles", name="x", bounds=(5.315, 60.389, 5.325, 60.391))
    west, south, east, north = read_back(info.path, "roads").total_bounds
    assert (west, east) == pytest.approx((5.315, 5.325), abs=1e-5)
    assert (south, north) == pytest.approx((60.389, 60.391), abs=1e-5)
    assert info.bounds == (5.315, 60.389, 5.325, 60.391)


def test_object_types_of_n50_are_known() -> None:
    rows = [
        {"geometry": box(5.3, 60.3, 5.4, 60.4), "OBJTYPE": "Havflate", "vegkategori": None},
        {"geometry": box(5.3, 60.3, 5.31, 60.31), "OBJTYPE": "Skog", "vegkategori": None},
        {"geometry": LineString([(5.3, 60.3), (5.4, 60.4)]), "OBJTYPE": "VegSenterlinje", "vegkategori": "F"},
        {"geometry": LineString([(5.3, 60.3), (5.4, 60.4)]), "OBJTYPE": "Sti", "vegkategori": None},
        {"geometry": LineString([(5.3, 60.3), (5.4, 60.4)]), "OBJTYPE": "Ukjent", "vegkategori": None},
    ]
    layers = sort_into_layers(frame(rows))
    assert list(layers["water"]["kind"]) == ["ocean"]
    assert list(layers["landuse"]["kind"]) == ["forest"]
    assert sorted(zip(layers["roads"]["kind"], layers["roads"]["kind_detail"], strict=True)) == [
        ("major_road", "secondary"),
        ("path", "path"),
    ]


def test_our_own_layers_pass_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "own.gpkg"
    road = LineString([(5.31, 60.39), (5.33, 60.39)])
    pyogrio.write_dataframe(frame([{"geometry": road, "kind": "path", "kind_detail": "steps", "name": "Trappa"}]), path, layer="roads")
    layers = read_sources([path])
    assert layers["roads"][["kind", "kind_detail", "name"]].to_numpy().tolist() == [["path", "steps", "Trappa"]]


def test_a_geojson_with_a_broken_ring_still_makes_a_map(tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[5.31, 60.38], [5.32, 60.39], [5.32, 60.38], [5.31, 60.39], [5.31, 60.38]]]}
    features = [
        {"type": "Feature", "properties": {"natural": "wood"}, "geometry": bow_tie},
        {"type": "Feature", "properties": {"highway": "path"}, "geometry": None},
    ]
    path = tmp_path / "wood.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    info = make_basemap(path, tmp_path / "out.pmtiles", name="x")
    assert read_back(info.path, "landuse").geometry.is_valid.all()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("map.shp", b"", r"\.osm\.pbf, \.gpkg og \.geojson, ikke \.shp"),
        ("map", b"", "filer uten endelse"),
        ("map.gpkg", b"not a database", "map.gpkg lar seg ikke lese som GeoPackage"),
        ("map.osm.pbf", b"\x00\x00\x00\x0dnot a map", "map.osm.pbf"),
        ("map.geojson", b'{"type": "FeatureCollection", "features": []}', "ingenting et kart kan vise"),
        (
            "map.geojson",
            b'{"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "Point", "coordinates": [5, 60]}}',
            "ingen OSM-merker",
        ),
    ],
)
def test_what_is_no_map_is_refused_with_what_came_and_what_may(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=said):
        make_basemap(path, tmp_path / "out.pmtiles", name="x")
    assert not (tmp_path / "out.pmtiles").exists()


def test_a_missing_file_unknown_layers_and_impossible_frames_are_refused(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pmtiles"
    with pytest.raises(ImportRefused, match="finnes ikke"):
        make_basemap(tmp_path / "none.gpkg", out, name="x")
    with pytest.raises(ImportRefused, match="Ukjente kartlag: veger"):
        make_basemap({"veger": frame([{"geometry": Point(5, 60)}])}, out, name="x")
    with pytest.raises(ImportRefused, match="tomme"):
        make_basemap({"roads": frame([{"geometry": Point(5, 60)}]).iloc[:0]}, out, name="x")
    with pytest.raises(ImportRefused, match="vest,sør,øst,nord"):
        make_basemap(town, out, name="x", bounds=(5.4, 60.3, 5.3, 60.4))
    with pytest.raises(ImportRefused, match="Zoom 12–11"):
        make_basemap(town, out, name="x", min_zoom=12, max_zoom=11)
    with pytest.raises(ImportRefused, match="utenfor kartdataene, som dekker 5"):
        make_basemap(town, out, name="x", bounds=(10.0, 59.0, 10.1, 59.1))


def test_an_older_file_stays_when_the_new_one_fails(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pmtiles"
    make_basemap(town, out, name="x")
    before = out.read_bytes()
    with pytest.raises(ImportRefused):
        make_basemap(tmp_path / "none.gpkg", out, name="x")
    assert out.read_bytes() == before


@needs_helsinki
def test_helsinki_becomes_a_small_map_with_streets_houses_and_sea(tmp_path: Path) -> None:
    info = make_basemap(HELSINKI, tmp_path / "helsinki.pmtiles", name="Helsinki")
    assert info.size_bytes < 500_000
    assert info.layers["roads"] > 2_000
    assert info.layers["buildings"] > 500
    raw = pyogrio.read_dataframe(HELSINKI, layer="lines", columns=["name", "highway"])
    street = raw[raw["name"] == "Mannerheimintie"]
    drawn = read_back(info.path, "roads")
    drawn = drawn[drawn["name"] == "Mannerheimintie"]
    assert np.abs(np.array(drawn.total_bounds) - np.array(street.total_bounds)).max() < 1e-5
    assert {"ocean", "bay", "water"} <= set(read_back(info.path, "water")["kind"])
