"""Bodies that somebody who means harm, or a broken program, might send in place of a mark."""

import json
from typing import Any, NamedTuple


class Hostile(NamedTuple):
    """One body, and the code and place with which it must be refused."""

    name: str
    body: bytes
    code: str
    pointer: str


def hostile_bodies(*, category: str, lon: float, lat: float) -> list[Hostile]:
    """Every hostile body against a route category whose study area holds the position and some metres around it."""
    start, end = [lon, lat], [round(lon + 0.001, 6), lat]
    way = {"type": "LineString", "coordinates": [start, end]}

    def body(geometry: Any = way, rev: Any = 1, **more: Any) -> bytes:
        properties = {"category": category} | {name: more.pop(name) for name in ("comment", "mode", "answers") if name in more}
        mark = {"type": "Feature", "rev": rev, "geometry": geometry, "properties": properties} | more
        return json.dumps(mark).encode()

    def with_position(raw: str) -> bytes:
        """The second position as raw JSON, which no serialiser would write."""
        return body().replace(json.dumps(end).encode(), raw.encode())

    at = "/geometry/coordinates"
    many = [[round(lon + (index % 100) * 1e-5, 5), lat] for index in range(200_000)]
    spiral = [[round(lon + (index % 100) * 1e-5, 5), lat] for index in range(20_000)]
    collections = '{"type":"GeometryCollection","geometries":[' * 5_000 + "]}" * 5_000
    twelve = '{"type":"GeometryCollection","geometries":[' * 12 + "]}" * 12
    shallow = json.loads(twelve)
    wkb = "0102000020E6100000020000000000000000001440000000000000F03F"
    return [
        Hostile("NaN", with_position(f"[NaN, {lat}]"), "not-json", ""),
        Hostile("Infinity", with_position(f"[Infinity, {lat}]"), "not-json", ""),
        Hostile("minus Infinity", with_position(f"[-Infinity, {lat}]"), "not-json", ""),
        Hostile("1e400", with_position(f"[1e400, {lat}]"), "not-json", ""),
        Hostile("a number of 5,000 digits", with_position(f"[{'9' * 5_000}, {lat}]"), "not-json", ""),
        Hostile("1e308", with_position(f"[1e308, {lat}]"), "longitude-out-of-range", f"{at}/1/0"),
        Hostile("longitude 9999", with_position(f"[9999, {lat}]"), "longitude-out-of-range", f"{at}/1/0"),
        Hostile("latitude 91", with_position(f"[{lon}, 91]"), "latitude-out-of-range", f"{at}/1/1"),
        Hostile("3D", with_position(f"[{lon}, {lat}, 12.5]"), "altitude-not-allowed", f"{at}/1/2"),
        Hostile("4D", with_position(f"[{lon}, {lat}, 1, 2]"), "wrong-position-size", f"{at}/1"),
        Hostile("1D", with_position(f"[{lon}]"), "wrong-position-size", f"{at}/1"),
        Hostile("numbers as text", with_position(f'["{lon}", "{lat}"]'), "not-a-number", f"{at}/1/0"),
        Hostile("true for a number", with_position(f"[true, {lat}]"), "not-a-number", f"{at}/1/0"),
        Hostile("null for a position", with_position("null"), "not-a-list", f"{at}/1"),
        Hostile("an object for a position", with_position('{"0": 1, "1": 2}'), "not-a-list", f"{at}/1"),
        Hostile("a position within a position", with_position(f"[[[[{lon}, {lat}]]]]"), "wrong-position-size", f"{at}/1"),
        Hostile("somewhere else on Earth", with_position("[0, 0]"), "outside-study-area", f"{at}/1"),
        Hostile("a line of no length", with_position(json.dumps(start)), "zero-length", at),
        Hostile("one position", body({"type": "LineString", "coordinates": [start]}), "line-too-short", at),
        Hostile("200,000 vertices", body({"type": "LineString", "coordinates": many}), "body-too-large", ""),
        Hostile("20,000 vertices", body({"type": "LineString", "coordinates": spiral}), "too-many-positions", at),
        Hostile("5,000 nested collections", body(None).replace(b"null", collections.encode(), 1), "nested-too-deep", ""),
        Hostile("12 nested collections", body(shallow), "wrong-type", "/geometry/type"),
        Hostile("100,000 brackets", body(None).replace(b"null", b"[" * 100_000 + b"]" * 100_000, 1), "nested-too-deep", ""),
        Hostile("brackets that never close", b"[" * 100_000, "nested-too-deep", ""),
        Hostile("objects that never close", b'{"a":' * 80_000, "nested-too-deep", ""),
        Hostile("31 brackets for a position", with_position("[" * 24 + "]" * 24), "wrong-position-size", f"{at}/1"),
        Hostile("WKT for the geometry", body(f"LINESTRING({lon} {lat}, {end[0]} {lat})"), "not-an-object", "/geometry"),
        Hostile("WKB for the geometry", body(wkb), "not-an-object", "/geometry"),
        Hostile("WKT for the body", f"LINESTRING({lon} {lat}, {end[0]} {lat})".encode(), "not-json", ""),
        Hostile("WKT as JSON", json.dumps(f"LINESTRING({lon} {lat}, {end[0]} {lat})").encode(), "not-an-object", ""),
        Hostile("a crs on the feature", body(crs={"type": "name", "properties": {"name": "EPSG:25832"}}), "crs-not-allowed", "/crs"),
        Hostile("a crs on the geometry", body(way | {"crs": "EPSG:25832"}), "crs-not-allowed", "/geometry/crs"),
        Hostile("a body of 10 MB", body(comment="x" * 10_000_000), "body-too-large", ""),
        Hostile("10 MB of blanks", b" " * 10_000_000 + body(), "body-too-large", ""),
        Hostile("a comment of 400,000 letters", body(comment="x" * 400_000), "text-too-long", "/properties/comment"),
        Hostile("NUL in the comment", body(comment="Hei\x00"), "character-not-allowed", "/properties/comment"),
        Hostile("NUL in an answer", body(answers={"q": "\x00"}), "character-not-allowed", "/properties/answers"),
        Hostile("NUL in the category", body().replace(category.encode(), b"a\\u0000"), "invalid-category", "/properties/category"),
        Hostile("half a surrogate pair", body(comment="\ud83d"), "not-json", ""),
        Hostile("surrogates in UTF-8", body(comment="~").replace(b"~", b"\xed\xa0\xbd"), "not-utf-8", ""),
        Hostile("bytes that are no text", body(comment="~").replace(b"~", b"\xff\xfe"), "not-utf-8", ""),
        Hostile("answers of 20 kB", body(answers={"q": "x" * 20_000}), "answers-too-large", "/properties/answers"),
        Hostile("the same name twice", body().replace(b'"rev": 1', b'"rev": 1, "rev": 2'), "name-twice", ""),
        Hostile("40,000 names, the last twice", _names_twice(40_000), "name-twice", ""),
        Hostile("rev true", body(rev=True), "invalid-rev", "/rev"),
        Hostile("rev 10^18", body(rev=10**18), "invalid-rev", "/rev"),
        Hostile("rev 10^30", body(rev=10**30), "invalid-rev", "/rev"),
        Hostile("rev 1.5", body(rev=1.5), "invalid-rev", "/rev"),
        Hostile("several lines", body({"type": "MultiLineString", "coordinates": [[start, end]]}), "wrong-type", "/geometry/type"),
        Hostile("a point for a route", body({"type": "Point", "coordinates": start}), "wrong-type", "/geometry/type"),
        Hostile("a type that is a list", body({"type": ["LineString"], "coordinates": [start, end]}), "wrong-type", "/geometry/type"),
        Hostile("nothing", b"", "not-json", ""),
        Hostile("null", b"null", "not-an-object", ""),
        Hostile("a form", b"geometry=LINESTRING&rev=1", "not-json", ""),
        Hostile("XML", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "not-json", ""),
    ]


def _names_twice(count: int) -> bytes:
    return ("{" + ",".join(f'"n{index}":1' for index in range(count)) + f',"n{count - 1}":1}}').encode()


COMMENTS_WITH_MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</script><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% debug %}",
    "'; DROP TABLE mapping_mark; --",
    "=cmd|' /C calc'!A0",
]
"""Words that are data and nothing else: stored as they are, run nowhere."""
