"""The envelope of a mark: type, id, rev, category, mode, words and answers."""

from typing import Any

import pytest

from mapping.geojson import Feature, read_feature
from mapping.geojson.feature import MAX_ANSWERS_BYTES, MAX_CODE, MAX_COMMENT
from surveys.errors import DomainError, InvalidAnswer, InvalidBody, InvalidGeometry
from surveys.plain_text import clean_text
from tests.mapping.geojson_cases import SQUARE, line, mark, point, polygon, refused

WAY = line([5, 60], [6, 60])


def test_whole_mark_is_read() -> None:
    body = mark(WAY, id="m1", rev=7, mode="sykler", comment="Fin veg", answers={"trygg": "ja"})
    assert read_feature(body) == Feature("m1", 7, WAY, "barneveg", "sykler", "Fin veg", {"trygg": "ja"})


def test_smallest_mark_is_read() -> None:
    body = {"type": "Feature", "rev": 1, "geometry": None, "properties": {"category": "barneveg"}}
    assert read_feature(body) == Feature(None, 1, None, "barneveg", None, None, {})


def test_members_that_nobody_knows_are_left_alone() -> None:
    body = mark(WAY, bbox=[5, 60, 6, 60], style={"colour": "red"})
    body["properties"]["seat"] = 12
    assert read_feature(body).geometry == WAY


@pytest.mark.parametrize("id_", ["feature.1", 42, 4.2, ""])
def test_text_or_number_is_an_id(id_: Any) -> None:
    assert read_feature(mark(WAY, id=id_)).id == id_


@pytest.mark.parametrize("geometry", [point(), line(), polygon(), point() | {"bbox": [5, 60, 6, 61]}])
def test_empty_geometry_is_no_geometry(geometry: Any) -> None:
    assert read_feature(mark(geometry)).geometry is None


def without(name: str) -> dict[str, Any]:
    body = mark(WAY)
    del body[name]
    return body


@pytest.mark.parametrize(
    ("body", "error", "code", "pointer", "quotes"),
    [
        ([], InvalidBody, "not-an-object", "", "Feature"),
        ("POINT(5 60)", InvalidBody, "not-an-object", "", "'POINT(5 60)'"),
        ({}, InvalidBody, "type-missing", "/type", "«Feature»"),
        (WAY, InvalidBody, "wrong-type", "/type", "'LineString'"),
        (mark(WAY, type="feature"), InvalidBody, "wrong-type", "/type", "'feature'"),
        (mark(WAY, type=["Feature"]), InvalidBody, "wrong-type", "/type", "['Feature']"),
        (mark(WAY, crs=None), InvalidBody, "crs-not-allowed", "/crs", "null"),
        (mark(WAY, crs={"type": "name"}), InvalidBody, "crs-not-allowed", "/crs", "WGS 84"),
        (mark(WAY, properties={"category": "c", "crs": "EPSG:25832"}), InvalidBody, "crs-not-allowed", "/properties/crs", "'EPSG:25832'"),
        (mark(WAY, coordinates=[5, 60]), InvalidBody, "misplaced-member", "/coordinates", "«coordinates»"),
        (mark(WAY, features=[]), InvalidBody, "misplaced-member", "/features", "«features»"),
        (mark(WAY, bbox=[1, 2, 3]), InvalidBody, "invalid-bbox", "/bbox", "[1, 2, 3]"),
        (mark(WAY, id=False), InvalidBody, "invalid-id", "/id", "false"),
        (mark(WAY, id=None), InvalidBody, "invalid-id", "/id", "null"),
        (mark(WAY, id={"foo": "bar"}), InvalidBody, "invalid-id", "/id", "et objekt med 1"),
        (without("properties"), InvalidBody, "properties-missing", "/properties", "«properties»"),
        (mark(WAY, properties=None), InvalidBody, "invalid-properties", "/properties", "null"),
        (mark(WAY, properties=[]), InvalidBody, "invalid-properties", "/properties", "[]"),
        (without("geometry"), InvalidGeometry, "geometry-missing", "/geometry", "«geometry»"),
        (mark("LINESTRING(5 60, 6 60)"), InvalidGeometry, "not-an-object", "/geometry", "'LINESTRING(5 60, 6 60)'"),
        (mark(polygon() | {"type": "MultiPolygon"}), InvalidGeometry, "wrong-type", "/geometry/type", "'MultiPolygon'"),
        (mark(point() | {"crs": {}}), InvalidGeometry, "crs-not-allowed", "/geometry/crs", "WGS 84"),
        (without("rev"), InvalidBody, "invalid-rev", "/rev", "det kom ingenting"),
        (mark(WAY, rev=None), InvalidBody, "invalid-rev", "/rev", "null"),
        (mark(WAY, rev=0), InvalidBody, "invalid-rev", "/rev", "fra 1 til 2147483647; det kom 0"),
        (mark(WAY, rev=-1), InvalidBody, "invalid-rev", "/rev", "-1"),
        (mark(WAY, rev=True), InvalidBody, "invalid-rev", "/rev", "true"),
        (mark(WAY, rev=1.0), InvalidBody, "invalid-rev", "/rev", "1.0"),
        (mark(WAY, rev="1"), InvalidBody, "invalid-rev", "/rev", "'1'"),
        (mark(WAY, rev=2**31), InvalidBody, "invalid-rev", "/rev", "2147483648"),
        (mark(WAY, category=None), InvalidAnswer, "invalid-category", "/properties/category", "null"),
        (mark(WAY, category=""), InvalidAnswer, "invalid-category", "/properties/category", "''"),
        (
            mark(WAY, category="x" * (MAX_CODE + 1)),
            InvalidAnswer,
            "invalid-category",
            "/properties/category",
            "1 til 64 tegn; det kom 'xxx",
        ),
        (mark(WAY, category="a\x00"), InvalidAnswer, "invalid-category", "/properties/category", r"'a\x00'"),
        (mark(WAY, category="\ud800"), InvalidAnswer, "invalid-category", "/properties/category", r"'\ud800'"),
        (mark(WAY, category=["barneveg"]), InvalidAnswer, "invalid-category", "/properties/category", "['barneveg']"),
        (mark(WAY, mode=3), InvalidAnswer, "invalid-mode", "/properties/mode", "3"),
        (mark(WAY, mode=""), InvalidAnswer, "invalid-mode", "/properties/mode", "''"),
        (mark(WAY, comment=5), InvalidAnswer, "not-text", "/properties/comment", "5"),
        (mark(WAY, comment=["a"]), InvalidAnswer, "not-text", "/properties/comment", "['a']"),
        (mark(WAY, comment="Hei\x00du"), InvalidAnswer, "character-not-allowed", "/properties/comment", r"'\x00', på plass 4"),
        (mark(WAY, comment="\udfff"), InvalidAnswer, "character-not-allowed", "/properties/comment", r"'\udfff'"),
        (mark(WAY, comment="a" * (MAX_COMMENT + 1)), InvalidAnswer, "text-too-long", "/properties/comment", "1001 tegn; høyst 1000"),
        (mark(WAY, answers=[1]), InvalidAnswer, "invalid-answers", "/properties/answers", "[1]"),
        (mark(WAY, answers="ja"), InvalidAnswer, "invalid-answers", "/properties/answers", "'ja'"),
        (mark(WAY, answers={"q": "\x00"}), InvalidAnswer, "character-not-allowed", "/properties/answers", "NUL"),
        (mark(WAY, answers={"q\x00": 1}), InvalidAnswer, "character-not-allowed", "/properties/answers", "NUL"),
        (mark(WAY, answers={"q": "\\\x00"}), InvalidAnswer, "character-not-allowed", "/properties/answers", "NUL"),
        (mark(WAY, answers={"q": "\ud800"}), InvalidAnswer, "invalid-answers", "/properties/answers", "surrogates"),
        (mark(WAY, answers={1: "a"}), InvalidAnswer, "invalid-answers", "/properties/answers", "str"),
        (mark(WAY, answers={"q": "x" * MAX_ANSWERS_BYTES}), InvalidAnswer, "answers-too-large", "/properties/answers", "høyst 16384"),
    ],
)
def test_wrong_envelope_is_refused_at_its_place(body: Any, error: type[DomainError], code: str, pointer: str, quotes: str) -> None:
    with refused(error, code=code, pointer=pointer, quotes=quotes):
        read_feature(body)


def test_backslash_before_the_letters_of_nul_is_text() -> None:
    answers = {"q": r"\u0000 og \\u0000"}
    assert read_feature(mark(WAY, answers=answers)).answers == answers


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Fin veg", "Fin veg"),
        ("  Fin\r\nveg\r ", "Fin\nveg"),
        ("", None),
        (" \n\t ", None),
        (None, None),
        ("<script>alert(1)</script><img src=x onerror=alert(1)>", "<script>alert(1)</script><img src=x onerror=alert(1)>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("a\x07\x1b[31mb\x7f\x9f", "a[31mb"),
        ("snill\u202eemte gitslaf", "snillemte gitslaf"),
        ("\u2066\u2069\ufeffhei", "hei"),
        ("A\u030a", "\u00c5"),
        ("👩‍👧 🦊", "👩‍👧 🦊"),
        ("می‌خواهم\u200f", "می‌خواهم\u200f"),
        ("tab\there", "tab\there"),
    ],
)
def test_words_are_kept_as_plain_text(written: str | None, kept: str | None) -> None:
    assert clean_text(written, max_length=100, at="/x") == kept
    assert read_feature(mark(WAY, comment=written)).comment == kept


def test_length_of_a_text_is_that_of_what_is_kept() -> None:
    assert clean_text("\r\n" + "å" * 10 + "\u202e  ", max_length=10, at="/x") == "å" * 10


def test_caller_may_set_the_limits() -> None:
    with refused(InvalidAnswer, code="text-too-long", pointer="/properties/comment", quotes="Teksten har 5 tegn; høyst 4"):
        read_feature(mark(WAY, comment="abcde"), max_comment=4)
    with refused(InvalidAnswer, code="answers-too-large", pointer="/properties/answers", quotes="på 7 byte; høyst 6"):
        read_feature(mark(WAY, answers={"a": 1}), max_answers_bytes=6)


def test_area_is_passed_on_as_it_came() -> None:
    assert read_feature(mark(polygon(SQUARE))).geometry == polygon(SQUARE)
