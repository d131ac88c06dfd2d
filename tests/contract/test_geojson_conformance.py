"""The public GeoJSON conformance files: valid ones are taken, invalid ones refused at the place where they are wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from mapping.geojson import parse_json, read_feature, read_geojson_object, read_geometry
from surveys.errors import DomainError, InvalidGeometry

FILES = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "geojson"
KIND_OF_TYPE = {"Point": "place", "LineString": "route", "Polygon": "area"}

VALID = sorted(path.relative_to(FILES).as_posix() for path in FILES.glob("valid/*/*.json"))
VALID_OF_A_MARK = [name for name in VALID if name.split("/")[1] in {"point", "linestring", "polygon"}]

# What each invalid file has wrong, by the JSON pointer to it.
INVALID = {
    "invalid/feature/1d-point.json": "/geometry/coordinates",
    "invalid/feature/boolean-id.json": "/id",
    "invalid/feature/no-geometry.json": "/geometry",
    "invalid/feature/no-properties.json": "/properties",
    "invalid/feature/no-type.json": "/type",
    "invalid/feature/object-id.json": "/id",
    "invalid/featurecollection/no-features.json": "/features",
    "invalid/featurecollection/no-type.json": "/type",
    "invalid/geometrycollection/1d.json": "/geometries/1/coordinates/1",
    "invalid/geometrycollection/bad-geometry.json": "/geometries/1/type",
    "invalid/geometrycollection/no-geometries.json": "/geometries",
    "invalid/geometrycollection/no-type.json": "/type",
    "invalid/linestring/1d.json": "/coordinates/0",
    "invalid/linestring/bad-bbox.json": "/bbox",
    "invalid/linestring/no-coordinates.json": "/coordinates",
    "invalid/linestring/no-type.json": "/type",
    "invalid/multilinestring/1d.json": "/coordinates/1/1",
    "invalid/multilinestring/bad-bbox.json": "/bbox",
    "invalid/multilinestring/no-coordinates.json": "/coordinates",
    "invalid/multilinestring/no-type.json": "/type",
    "invalid/multipoint/1d.json": "/coordinates/1",
    "invalid/multipoint/bad-bbox.json": "/bbox",
    "invalid/multipoint/no-coordinates.json": "/coordinates",
    "invalid/multipoint/no-type.json": "/type",
    "invalid/multipolygon/1d.json": "/coordinates/1/1/4",
    "invalid/multipolygon/bad-bbox.json": "/bbox",
    "invalid/multipolygon/no-coordinates.json": "/coordinates",
    "invalid/multipolygon/no-type.json": "/type",
    "invalid/point/1d.json": "/coordinates",
    "invalid/point/bad-bbox.json": "/bbox",
    "invalid/point/no-coordinates.json": "/coordinates",
    "invalid/point/no-type.json": "/type",
    "invalid/polygon/1d.json": "/coordinates/0/0",
    "invalid/polygon/bad-type.json": "/type",
    "invalid/polygon/no-coordinates.json": "/coordinates",
    "invalid/polygon/no-type.json": "/type",
}

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the GeoJSON conformance files (../shared/conformance/geojson) are not here")


def document(name: str) -> dict[str, Any]:
    return parse_json((FILES / name).read_bytes(), max_bytes=10_000)


def two_dimensional(coordinates: Any) -> Any:
    """The coordinates array without altitudes."""
    return [two_dimensional(part) for part in coordinates] if isinstance(coordinates[0], list) else coordinates[:2]


def as_lists(coordinates: Any) -> Any:
    """GEOS' tuples as JSON's lists."""
    return [as_lists(part) for part in coordinates] if isinstance(coordinates, tuple) else coordinates


@pytest.mark.parametrize("name", VALID)
def test_valid_file_is_taken(name: str) -> None:
    content = document(name)
    features = read_geojson_object(content)
    assert len(features) == len(content.get("features", [content]))
    wanted = {"with-string-id": "feature.1", "with-number-id": 42}.get(Path(name).stem)
    assert wanted is None or features[0].id == wanted


@pytest.mark.parametrize("name", VALID_OF_A_MARK)
def test_valid_file_of_a_marks_type_becomes_a_geometry(name: str) -> None:
    content = document(name)
    found: Any = read_geometry(content, kind=KIND_OF_TYPE[content["type"]], altitude="drop", at="")
    assert (found.geom_type, found.srid, found.hasz, found.valid) == (content["type"], 4326, False, True)
    assert two_dimensional(content["coordinates"]) == as_lists(found.coords)


@pytest.mark.parametrize("name", [name for name in VALID_OF_A_MARK if name.endswith("3d.json")])
def test_valid_file_with_altitudes_is_refused_from_a_pupil(name: str) -> None:
    content = document(name)
    with pytest.raises(InvalidGeometry) as raised:
        read_geometry(content, kind=KIND_OF_TYPE[content["type"]], at="")
    assert raised.value.code == "altitude-not-allowed"
    assert raised.value.pointer.endswith("/2")


@pytest.mark.parametrize("name", [name for name in VALID if name.startswith("valid/feature/")])
def test_valid_feature_is_a_mark_once_it_has_a_revision_and_a_category(name: str) -> None:
    content = document(name)
    content["rev"] = 1
    content["properties"]["category"] = "sted"
    feature = read_feature(content)
    is_empty = Path(name).stem in {"null-geometry", "empty-polygon"}
    assert (feature.id, feature.geometry) == (content["id"], None if is_empty else content["geometry"])


@pytest.mark.parametrize("name", sorted(INVALID))
def test_invalid_file_is_refused_at_its_place(name: str) -> None:
    with pytest.raises(DomainError) as raised:
        read_geojson_object(document(name))
    assert raised.value.pointer == INVALID[name], raised.value.message


@pytest.mark.parametrize("name", [name for name in sorted(INVALID) if not name.startswith("invalid/feature")])
def test_invalid_geometry_is_refused_in_a_mark_of_any_kind(name: str) -> None:
    feature: dict[str, Any] = {"type": "Feature", "rev": 1, "geometry": document(name), "properties": {"category": "x"}}
    for kind in KIND_OF_TYPE.values():
        with pytest.raises(DomainError) as raised:
            read_geometry(read_feature(feature).geometry, kind=kind)
        is_of_this_kind = KIND_OF_TYPE.get(feature["geometry"].get("type")) == kind
        assert raised.value.pointer == (f"/geometry{INVALID[name]}" if is_of_this_kind else "/geometry/type")


def test_every_invalid_file_is_in_the_table() -> None:
    assert set(INVALID) == {path.relative_to(FILES).as_posix() for path in FILES.glob("invalid/*/*.json")}
    assert len(VALID) >= 30
    assert json.dumps(VALID_OF_A_MARK).count("3d.json") == 3
