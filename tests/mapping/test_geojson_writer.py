"""Writing GeoJSON: decimals, winding, envelopes and streams."""

import json
import tracemalloc
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.contrib.gis.geos import GEOSGeometry

from mapping.geojson import write_feature, write_feature_collection, write_geometry
from mapping.geojson.writer import CHUNK_BYTES
from tests.mapping.geojson_cases import HOLE, SQUARE


def geos(wkt: str) -> GEOSGeometry:
    return GEOSGeometry(f"SRID=4326;{wkt}")


@pytest.mark.parametrize(
    ("wkt", "coordinates"),
    [
        ("POINT(5.1 60.2)", [5.1, 60.2]),
        ("POINT(5.12345678 60.87654321)", [5.123457, 60.876543]),
        ("POINT(-0.0000001 0)", [0, 0]),
        ("POINT Z (5 60 12)", [5, 60]),
        ("LINESTRING(5 60, 6.5 61)", [[5, 60], [6.5, 61]]),
        ("LINESTRING Z (5 60 1, 6.5 61 2, 7 61 3)", [[5, 60], [6.5, 61], [7, 61]]),
        ("POLYGON((0 0, 2 0, 2 2, 0 0))", [[[0, 0], [2, 0], [2, 2], [0, 0]]]),
        ("MULTIPOINT((5 60), (6 61))", [[5, 60], [6, 61]]),
        ("MULTILINESTRING((5 60, 6 61), (7 60, 8 60))", [[[5, 60], [6, 61]], [[7, 60], [8, 60]]]),
        (
            "MULTIPOLYGON(((0 0, 2 0, 2 2, 0 0)), ((5 5, 6 6, 6 5, 5 5)))",
            [[[[0, 0], [2, 0], [2, 2], [0, 0]]], [[[5, 5], [6, 5], [6, 6], [5, 5]]]],
        ),
        ("POINT EMPTY", []),
        ("LINESTRING EMPTY", []),
        ("POLYGON EMPTY", []),
    ],
)
def test_every_type_is_written_with_six_decimals_in_two_dimensions(wkt: str, coordinates: Any) -> None:
    geometry = geos(wkt)
    written = write_geometry(geometry)
    assert written == {"type": geometry.geom_type, "coordinates": coordinates}


def test_collection_is_written_with_its_parts() -> None:
    written = write_geometry(geos("GEOMETRYCOLLECTION(POINT(5 60), LINESTRING(5 60, 6 61))"))
    assert written == {
        "type": "GeometryCollection",
        "geometries": [{"type": "Point", "coordinates": [5, 60]}, {"type": "LineString", "coordinates": [[5, 60], [6, 61]]}],
    }


def test_minus_zero_and_long_tails_do_not_come_out() -> None:
    assert write_feature(geos("POINT(-0.0000001 60.1000000000000014)"), {}) == (
        b'{"type":"Feature","geometry":{"type":"Point","coordinates":[0.0,60.1]},"properties":{}}'
    )


@pytest.mark.parametrize("turn_outer", [False, True])
@pytest.mark.parametrize("turn_hole", [False, True])
def test_outer_ring_runs_counter_clockwise_and_holes_clockwise(turn_outer: bool, turn_hole: bool) -> None:
    rings = [SQUARE[::-1] if turn_outer else SQUARE, HOLE[::-1] if turn_hole else HOLE]
    text = ",".join("(" + ",".join(f"{lon} {lat}" for lon, lat in ring) + ")" for ring in rings)
    # SQUARE runs counter-clockwise and HOLE clockwise, as the right-hand rule wants them.
    assert write_geometry(geos(f"POLYGON({text})")) == {"type": "Polygon", "coordinates": [SQUARE, HOLE]}


def test_wkb_of_the_database_is_written_like_the_geometry() -> None:
    geometry = geos("POLYGON Z ((5 60 1, 6 60 1, 6 61 1, 5 60 1))")
    wanted = write_geometry(geometry)
    assert wanted == {"type": "Polygon", "coordinates": [[[5, 60], [6, 60], [6, 61], [5, 60]]]}
    for wkb in (bytes(geometry.wkb), bytes(geometry.ewkb)):
        assert write_geometry(wkb) == wanted


def test_iso_wkb_with_altitude_and_big_endian_wkb_are_read() -> None:
    assert write_geometry(bytes.fromhex("01e9030000" + "0000000000001440" + "0000000000004e40" + "0000000000000840")) == {
        "type": "Point",
        "coordinates": [5, 60],
    }
    assert write_geometry(bytes.fromhex("0000000001" + "4014000000000000" + "404e000000000000")) == {
        "type": "Point",
        "coordinates": [5, 60],
    }


def test_geometry_in_metres_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="EPSG:4326, came EPSG:25832"):
        write_geometry(GEOSGeometry("SRID=25832;POINT(297000 6700000)"))


def test_feature_has_its_id_bbox_members_and_properties() -> None:
    identifier = UUID("00000000-0000-4000-8000-000000000001")
    written = json.loads(
        write_feature(
            geos("LINESTRING(6 60, 5 61.5)"),
            {"category": "barneveg", "week": date(2026, 11, 16), "comment": "«Fin» veg\n<b>"},
            feature_id=str(identifier),
            bbox=True,
            rev=3,
        )
    )
    assert written == {
        "type": "Feature",
        "id": str(identifier),
        "bbox": [5, 60, 6, 61.5],
        "rev": 3,
        "geometry": {"type": "LineString", "coordinates": [[6, 60], [5, 61.5]]},
        "properties": {"category": "barneveg", "week": "2026-11-16", "comment": "«Fin» veg\n<b>"},
    }


def test_feature_without_geometry_has_null_and_no_bbox() -> None:
    assert json.loads(write_feature(None, {}, bbox=True)) == {"type": "Feature", "geometry": None, "properties": {}}


def test_feature_with_an_empty_geometry_has_no_bbox() -> None:
    assert "bbox" not in json.loads(write_feature(geos("POLYGON EMPTY"), {}, bbox=True))


def test_bbox_of_a_collection_is_that_of_all_its_parts() -> None:
    geometry = geos("GEOMETRYCOLLECTION(POINT(4 59), MULTIPOLYGON(((5 60, 6 60, 6 61, 5 60))))")
    assert json.loads(write_feature(geometry, {}, bbox=True))["bbox"] == [4, 59, 6, 61]


def test_collection_of_nothing_is_a_collection() -> None:
    assert json.loads(b"".join(write_feature_collection([]))) == {"type": "FeatureCollection", "features": []}


def test_collection_has_its_members_before_its_features() -> None:
    feature = write_feature(geos("POINT(5 60)"), {"a": 1})
    body = b"".join(write_feature_collection([feature] * 3, bbox=(5.00000001, 60, 5, 60), numberMatched=3))
    assert json.loads(body) == {
        "type": "FeatureCollection",
        "numberMatched": 3,
        "bbox": [5, 60, 5, 60],
        "features": [json.loads(feature)] * 3,
    }
    assert list(json.loads(body))[-1] == "features"


def features(count: int) -> Iterator[bytes]:
    way = geos("LINESTRING(5 60, 6 61, 7 60)")
    return (write_feature(way, {"number": number}) for number in range(count))


def test_stream_comes_in_chunks_and_makes_one_document() -> None:
    chunks = list(write_feature_collection(features(3_000)))
    assert len(chunks) > 3
    assert max(map(len, chunks)) < CHUNK_BYTES + 1_000
    assert [feature["properties"]["number"] for feature in json.loads(b"".join(chunks))["features"]] == list(range(3_000))


def test_stream_takes_no_more_memory_for_more_features() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            for _chunk in write_feature_collection(features(count)):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(6_000) < peak(1_000) + CHUNK_BYTES
