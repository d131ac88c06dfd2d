"""Any GeoJSON document as a list of plain features: for what planners import, and for conformance with RFC 7946."""

from dataclasses import dataclass
from typing import Any, Protocol

from mapping.geojson.geometry import Altitude, read_coordinates_member, read_line, read_position, read_rings
from mapping.geojson.objects import GEOMETRY_TYPES, check_collection_object, check_feature_object, check_geometry_object, check_type
from surveys.errors import InvalidBody, InvalidGeometry
from surveys.quote import quoted

MAX_NESTED_COLLECTIONS = 4
"""Collections within collections, which RFC 7946 §3.1.8 advises against; nothing we know of writes more than one."""


@dataclass(frozen=True, slots=True)
class RawFeature:
    """One feature of any GeoJSON document: geometry checked number by number, properties as they came."""

    id: str | int | float | None
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class _ReadPart(Protocol):
    """Checks the coordinates of one point, line or polygon."""

    def __call__(self, value: Any, /, *, at: str, altitude: Altitude) -> object: ...


_PARTS: dict[str, _ReadPart] = {"Point": read_position, "LineString": read_line, "Polygon": read_rings}


def read_geojson_object(value: Any, *, altitude: Altitude = "drop", at: str = "") -> list[RawFeature]:
    """Any of the nine types of RFC 7946 as a list of features; a bare geometry counts as one feature without properties.

    Checked are all members, every position, and closed rings; not whether polygons are valid or what area they are in.
    Empty coordinates and null come out as geometry None, null properties as none. One line or polygon has at most
    MAX_VERTICES positions; the size of the whole is for parse_json to limit. Raises InvalidBody and InvalidGeometry.
    """
    check_type(value, (*GEOMETRY_TYPES, "Feature", "FeatureCollection"), at=at, refusal=InvalidBody)
    type_ = value["type"]
    if type_ == "FeatureCollection":
        check_collection_object(value, at=at)
        features = enumerate(value["features"])
        return [_read_raw_feature(feature, altitude=altitude, at=f"{at}/features/{index}") for index, feature in features]
    if type_ == "Feature":
        return [_read_raw_feature(value, altitude=altitude, at=at)]
    return [RawFeature(None, _check_any_geometry(value, altitude=altitude, at=at), {})]


def _read_raw_feature(value: Any, *, altitude: Altitude, at: str) -> RawFeature:
    check_feature_object(value, at=at)
    geometry = value["geometry"]
    if geometry is not None:
        geometry = _check_any_geometry(geometry, altitude=altitude, at=f"{at}/geometry")
    return RawFeature(value.get("id"), geometry, value["properties"] or {})


def _check_any_geometry(value: Any, *, altitude: Altitude, at: str, depth: int = 0) -> dict[str, Any] | None:
    check_geometry_object(value, GEOMETRY_TYPES, at=at)
    geometry: dict[str, Any] = value
    if geometry["type"] == "GeometryCollection":
        return _check_geometry_collection(geometry, altitude=altitude, at=at, depth=depth)
    coordinates = read_coordinates_member(geometry, at=at)
    if not coordinates:
        return None
    at = f"{at}/coordinates"
    read_part = _PARTS[geometry["type"].removeprefix("Multi")]
    if not geometry["type"].startswith("Multi"):
        read_part(coordinates, at=at, altitude=altitude)
        return geometry
    for index, part in enumerate(coordinates):
        read_part(part, at=f"{at}/{index}", altitude=altitude)
    return geometry


def _check_geometry_collection(value: dict[str, Any], *, altitude: Altitude, at: str, depth: int) -> dict[str, Any]:
    geometries = value.get("geometries")
    at = f"{at}/geometries"
    if type(geometries) is not list:
        came = quoted(geometries) if "geometries" in value else "ingenting"
        raise InvalidGeometry(f"«geometries» skal være en liste; det kom {came}.", code="geometries-missing", pointer=at)
    if depth >= MAX_NESTED_COLLECTIONS:
        message = f"Samlinger av geometri kan stå høyst {MAX_NESTED_COLLECTIONS} nivåer i hverandre."
        raise InvalidGeometry(message, code="nested-too-deep", pointer=at)
    for index, geometry in enumerate(geometries):
        _check_any_geometry(geometry, altitude=altitude, at=f"{at}/{index}", depth=depth + 1)
    return value
