"""GeoJSON out: six decimals, outlines counter-clockwise, straight from WKB, one feature at a time."""

import struct
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import orjson
from django.contrib.gis.geos import GEOSGeometry

from mapping.geojson.wkb import Positions

CHUNK_BYTES = 65_536
"""What is gathered before it goes out: few enough writes to be quick, little enough memory to forget about."""

Bbox = tuple[float, float, float, float]
Geometry = GEOSGeometry | bytes | None
"""What the writer takes: a GEOS geometry, its WKB or EWKB (cheaper, for exports), or none. Always EPSG:4326."""

_MULTI_TYPES = {4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}


def write_geometry(geometry: Geometry) -> dict[str, Any] | None:
    """The geometry as an RFC 7946 object with six decimals (about 0.1 m, RFC 7946 §11.2); altitudes are left out.

    Polygons follow the right-hand rule (§3.1.6): the outer ring counter-clockwise, holes clockwise. A geometry in
    another system than EPSG:4326 is a programmer's mistake: ValueError.
    """
    wkb = _wkb_of(geometry)
    return None if wkb is None else _read_wkb(wkb, 0)[0]


def write_feature(
    geometry: Geometry,
    properties: dict[str, Any],
    *,
    feature_id: str | int | None = None,
    bbox: bool = False,
    **members: Any,
) -> bytes:
    """One Feature as bytes. Dates, times and UUIDs among the properties are written as text; NaN as null.

    bbox adds the feature's [west, south, east, north]; members are further members beside properties, such as `rev`.
    """
    shape = write_geometry(geometry)
    feature: dict[str, Any] = {"type": "Feature"}
    if feature_id is not None:
        feature["id"] = feature_id
    if bbox and shape is not None and (positions := list(_positions_in(shape))):
        lons, lats = zip(*positions, strict=True)
        feature["bbox"] = [min(lons), min(lats), max(lons), max(lats)]
    return orjson.dumps(feature | members | {"geometry": shape, "properties": properties})


def write_feature_collection(features: Iterable[bytes], *, bbox: Bbox | None = None, **members: Any) -> Iterator[bytes]:
    """A FeatureCollection in chunks of about CHUNK_BYTES, from features as write_feature() makes them.

    Memory stays flat however many there are. members are further members of the collection, such as `numberMatched`;
    they come first, so that a reader has them before the first feature.
    """
    head: dict[str, Any] = {"type": "FeatureCollection"} | members
    if bbox is not None:
        head["bbox"] = [_rounded(degrees) for degrees in bbox]
    chunk = bytearray(orjson.dumps(head)[:-1] + b',"features":[')
    separator = b""
    for feature in features:
        chunk += separator
        chunk += feature
        separator = b",\n"
        if len(chunk) >= CHUNK_BYTES:
            yield bytes(chunk)
            chunk.clear()
    yield bytes(chunk + b"]}")


def _wkb_of(geometry: Geometry) -> bytes | None:
    if geometry is None or isinstance(geometry, bytes):
        return geometry
    if geometry.srid not in (None, 4326):
        raise ValueError(f"GeoJSON is written in EPSG:4326, came EPSG:{geometry.srid}")
    # EWKB, because plain WKB cannot hold an empty point.
    return bytes(geometry.ewkb)


def _rounded(degrees: float) -> float:
    return round(degrees * 1e6) / 1e6


def _read_wkb(wkb: bytes, at: int) -> tuple[dict[str, Any], int]:
    """The geometry that begins at this byte, and the byte after it. WKB of our own database and GEOS: trusted."""
    order = "<" if wkb[at] else ">"
    (code,) = struct.unpack_from(f"{order}I", wkb, at + 1)
    at += 9 if code & 0x20000000 else 5
    # Z as PostGIS' EWKB flags it or as ISO counts it; M is never stored.
    dimensions = 3 if code & 0x80000000 or (code & 0xFFFF) // 1000 == 1 else 2
    kind = (code & 0xFFFF) % 1000
    if kind == 1:
        position = struct.unpack_from(f"{order}{dimensions}d", wkb, at)
        # An empty point is NaN in WKB; in GeoJSON it is a point without coordinates.
        coordinates = [] if position[0] != position[0] else [_rounded(position[0]), _rounded(position[1])]
        return {"type": "Point", "coordinates": coordinates}, at + 8 * dimensions
    if kind == 2:
        line, at = _read_positions(wkb, at, order, dimensions)
        return {"type": "LineString", "coordinates": line}, at
    (count,) = struct.unpack_from(f"{order}I", wkb, at)
    at += 4
    if kind == 3:
        rings = []
        for number in range(count):
            ring, at = _read_positions(wkb, at, order, dimensions)
            rings.append(_wound(ring, is_outer=number == 0))
        return {"type": "Polygon", "coordinates": rings}, at
    parts = []
    for _number in range(count):
        part, at = _read_wkb(wkb, at)
        parts.append(part)
    if kind == 7:
        return {"type": "GeometryCollection", "geometries": parts}, at
    return {"type": _MULTI_TYPES[kind], "coordinates": [part["coordinates"] for part in parts]}, at


def _read_positions(wkb: bytes, at: int, order: str, dimensions: int) -> tuple[list[list[float]], int]:
    (count,) = struct.unpack_from(f"{order}I", wkb, at)
    values: Positions = list(struct.unpack_from(f"{order}{count * dimensions}d", wkb, at + 4))
    rounded = [round(value * 1e6) / 1e6 for value in values]
    positions = [rounded[index : index + 2] for index in range(0, len(rounded), dimensions)]
    return positions, at + 4 + 8 * count * dimensions


def _wound(ring: list[list[float]], *, is_outer: bool) -> list[list[float]]:
    """The ring counter-clockwise when it is the outer one, else clockwise."""
    # Twice the signed area, measured from the first position: differences keep the digits that products of 60 would lose.
    x0, y0 = ring[0] if ring else (0.0, 0.0)
    doubled = sum((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairwise(ring))
    return ring if (doubled > 0) == is_outer or doubled == 0 else ring[::-1]


def _positions_in(shape: dict[str, Any]) -> Iterator[list[float]]:
    for part in shape.get("geometries", ()):
        yield from _positions_in(part)
    waiting = [shape.get("coordinates", [])]
    while waiting:
        value = waiting.pop()
        if value and isinstance(value[0], list):
            waiting += value
        elif value:
            yield value
