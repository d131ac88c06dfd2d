"""What every GeoJSON object has in common (RFC 7946 §3-7): its type, its bbox, and members that may not be there."""

import math
from collections.abc import Collection
from types import NoneType
from typing import Any, Never

from surveys.errors import DomainError, InvalidBody, InvalidGeometry
from surveys.quote import quoted

GEOMETRY_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")

# RFC 7946 §4: the only coordinate system is WGS 84. A `crs` member (of the 2008 format) says that the numbers mean
# something else, so it is refused instead of ignored. The others belong to another type of object (§7.1).
_NEVER_IN_GEOMETRY = frozenset({"crs", "geometry", "properties", "features"})
_NEVER_IN_FEATURE = frozenset({"crs", "coordinates", "geometries", "features"})
_NEVER_IN_COLLECTION = frozenset({"crs", "coordinates", "geometries", "geometry", "properties"})


def check_geometry_object(value: Any, types: Collection[str], *, at: str) -> None:
    """Refuse what is no geometry object of one of these types; its coordinates are not looked at."""
    _check_object(value, types, _NEVER_IN_GEOMETRY, at=at, refusal=InvalidGeometry)


def check_feature_object(value: Any, *, at: str) -> None:
    """Refuse what is no Feature with a usable id, a properties and a geometry member; both may be null."""
    _check_object(value, ("Feature",), _NEVER_IN_FEATURE, at=at, refusal=InvalidBody)
    if "id" in value and type(value["id"]) not in (str, int, float):
        raise InvalidBody(f"«id» skal være tekst eller tall; det kom {quoted(value['id'])}.", code="invalid-id", pointer=f"{at}/id")
    if "properties" not in value or type(value["properties"]) not in (dict, NoneType):
        _refuse_member(value, "properties", "et objekt eller null", at=at)
    if "geometry" not in value:
        raise InvalidGeometry("Medlemmet «geometry» mangler.", code="geometry-missing", pointer=f"{at}/geometry")


def check_collection_object(value: Any, *, at: str) -> None:
    """Refuse what is no FeatureCollection with a list of features; the features are not looked at."""
    _check_object(value, ("FeatureCollection",), _NEVER_IN_COLLECTION, at=at, refusal=InvalidBody)
    if type(value.get("features")) is not list:
        _refuse_member(value, "features", "en liste", at=at)


def check_type(value: Any, types: Collection[str], *, at: str, refusal: type[DomainError]) -> None:
    """Refuse what is no object, or whose type is none of these."""
    if type(value) is not dict:
        message = f"Her skal det stå et GeoJSON-objekt ({' eller '.join(types)}); det kom {quoted(value)}."
        raise refusal(message, code="not-an-object", pointer=at)
    if "type" not in value:
        raise refusal(f"Medlemmet «type» mangler; det skal være {_one_of(types)}.", code="type-missing", pointer=f"{at}/type")
    # Tuples are compared and not hashed, so a type that is itself a list or an object is refused like any other.
    if value["type"] not in types:
        message = f"«type» skal være {_one_of(types)}; det kom {quoted(value['type'])}."
        raise refusal(message, code="wrong-type", pointer=f"{at}/type")


def _check_object(value: Any, types: Collection[str], never: frozenset[str], *, at: str, refusal: type[DomainError]) -> None:
    check_type(value, types, at=at, refusal=refusal)
    if not never.isdisjoint(value):
        _refuse_misplaced(value, never, at=at, refusal=refusal)
    if "bbox" in value:
        _check_bbox(value["bbox"], at=f"{at}/bbox", refusal=refusal)


def _refuse_misplaced(value: dict[str, Any], never: frozenset[str], *, at: str, refusal: type[DomainError]) -> Never:
    name = min(never.intersection(value))
    if "crs" in value:
        message = f"Koordinater er alltid WGS 84 (RFC 7946); «crs» er ikke tillatt, det kom {quoted(value['crs'])}."
        raise refusal(message, code="crs-not-allowed", pointer=f"{at}/crs")
    message = f"Medlemmet «{name}» hører ikke hjemme i et objekt av denne typen."
    raise refusal(message, code="misplaced-member", pointer=f"{at}/{name}")


def _refuse_member(value: dict[str, Any], name: str, wanted: str, *, at: str) -> Never:
    if name not in value:
        raise InvalidBody(f"Medlemmet «{name}» mangler.", code=f"{name}-missing", pointer=f"{at}/{name}")
    message = f"«{name}» skal være {wanted}; det kom {quoted(value[name])}."
    raise InvalidBody(message, code=f"invalid-{name}", pointer=f"{at}/{name}")


def _check_bbox(bbox: Any, *, at: str, refusal: type[DomainError]) -> None:
    """Four or six finite numbers in range, south before north; west of east is not asked, for the date line (§5.2)."""
    if type(bbox) is not list or len(bbox) not in (4, 6):
        raise refusal(f"«bbox» skal ha 4 eller 6 tall; det kom {quoted(bbox)}.", code="invalid-bbox", pointer=at)
    for index, number in enumerate(bbox):
        if not is_finite_number(number):
            raise refusal(f"«bbox» skal ha tall; det kom {quoted(number)}.", code="invalid-bbox", pointer=f"{at}/{index}")
    half = len(bbox) // 2
    (west, south), (east, north) = bbox[:2], bbox[half : half + 2]
    if max(abs(west), abs(east)) > 180 or not -90 <= south <= north <= 90:
        message = f"«bbox» er [vest, sør, øst, nord] innenfor ±180 og ±90, sør før nord; det kom {quoted(bbox)}."
        raise refusal(message, code="invalid-bbox", pointer=at)


def is_finite_number(value: Any) -> bool:
    """Whether this is a number in GeoJSON's sense; true and false are none, although Python says so."""
    return isinstance(value, int | float) and not isinstance(value, bool) and (isinstance(value, int) or math.isfinite(value))


def _one_of(types: Collection[str]) -> str:
    return " eller ".join(f"«{name}»" for name in types)
