"""From bytes to an object: what is JSON, what is not, and what is too much."""

import json
from typing import Any

import pytest

from mapping.geojson import MAX_DEPTH, parse_json
from surveys.errors import BodyTooLarge, InvalidBody, NotJson
from tests.mapping.geojson_cases import refused

LIMIT = 1_000_000


def test_object_is_parsed() -> None:
    body = '{"type": "Feature", "rev": 1, "a": [1, 2.5, null, true, {"æøå": "ʼn\\u00e5"}]}'
    assert parse_json(body.encode(), max_bytes=LIMIT) == json.loads(body)


def test_body_of_exactly_the_limit_is_parsed_and_of_one_byte_more_refused() -> None:
    body = b'{"a":"' + b"x" * 93 + b'"}'
    assert parse_json(body, max_bytes=101)["a"] == "x" * 93
    with refused(BodyTooLarge, code="body-too-large", pointer="", quotes="på 101 byte; høyst 100"):
        parse_json(body, max_bytes=100)


def test_size_is_checked_before_anything_else() -> None:
    with refused(BodyTooLarge, code="body-too-large", pointer=""):
        parse_json(b"[" * 10_000_000, max_bytes=LIMIT)


@pytest.mark.parametrize(
    ("body", "code", "quotes"),
    [
        (b"", "not-json", "linje 1, tegn 1"),
        (b"POINT(5 60)", "not-json", "'POINT(5 60)'"),
        (b'{"a": NaN}', "not-json", "linje 1, tegn 7: kom 'NaN}'"),
        (b'{"a":\n Infinity}', "not-json", "linje 2, tegn 2: kom 'Infinity}'"),
        (b'{"a": -Infinity}', "not-json", "Infinity"),
        (b'{"a": 1e400}', "not-json", "kom '1e400}' (number is infinity"),
        (b'{"a": -1e400}', "not-json", "kom '-1e400}'"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not-json", "number is infinity"),
        (b'{"a": 1,}', "not-json", "trailing comma"),
        (b"{'a': 1}", "not-json", "'a"),
        (b'{"a": 1} {"b": 2}', "not-json", "after document"),
        (b'{"a": "\\ud800"}', "not-json", "surrogate"),
        (b'{"a": "\x00"}', "not-json", "control character"),
        (b'{"a": "b', "not-json", "end of data"),
        (b"\xef\xbb\xbf{}", "not-json", "byte order mark"),
        (b'{"a": "\xff"}', "not-utf-8", "byte 7 er det ikke (kom ff 22 7d)"),
        (b'{"a": "\xed\xa0\x80"}', "not-utf-8", "byte 7"),
        ('{"a": "å"}'.encode("latin-1"), "not-utf-8", "kom e5"),
        ('{"a": 1}'.encode("utf-16"), "not-utf-8", "byte 0"),
        (b"[]", "not-an-object", "[]"),
        (b'"LINESTRING(5 60, 6 60)"', "not-an-object", "'LINESTRING(5 60, 6 60)'"),
        (b"null", "not-an-object", "null"),
        (b"5", "not-an-object", "5"),
        (b"true", "not-an-object", "true"),
        (b'{"a": 1, "a": 2}', "name-twice", "'a'"),
        (b'{"b": [{"c": 1, "a": {}, "a": {}}]}', "name-twice", "'a'"),
        (b'{"a": 1, "\\u0061": 2}', "name-twice", "'a'"),
        (b'{"a": {"x": 1}, "a": 2}', "name-twice", "'a'"),
    ],
)
def test_what_is_no_strict_json_object_is_refused(body: bytes, code: str, quotes: str) -> None:
    with refused(InvalidBody if code == "not-an-object" else NotJson, code=code, pointer="", quotes=quotes):
        parse_json(body, max_bytes=LIMIT)


@pytest.mark.parametrize(
    "document",
    [
        {"a": 'quote " colon : {"b": 1}', "b": "\\", "c": '\\"', "d:": ":"},
        {"": ":", ":": "", '"': {'"': '":"'}},
        {"tekst": "[[[[{{{{" * 50},
        {"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 2}]},
        {"a": "\n\t\x00\u2028"},
    ],
)
def test_quotes_colons_and_brackets_within_text_count_for_nothing(document: dict[str, Any]) -> None:
    for ensure_ascii in (True, False):
        for indent in (None, 1):
            body = json.dumps(document, ensure_ascii=ensure_ascii, indent=indent).encode()
            assert parse_json(body, max_bytes=LIMIT) == document


def nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    return ('{"a":' + opening * levels + closing * levels + "}").encode()


def test_deepest_allowed_nesting_is_parsed() -> None:
    assert parse_json(nested(MAX_DEPTH - 1), max_bytes=LIMIT)


@pytest.mark.parametrize("levels", [MAX_DEPTH, 300, 1_000, 1_030, 5_000, 100_000])
def test_deeper_nesting_is_refused_without_recursion(levels: int) -> None:
    with refused(NotJson, code="nested-too-deep", pointer="", quotes=f"høyst {MAX_DEPTH} nivåer"):
        parse_json(nested(levels), max_bytes=LIMIT)


def test_brackets_that_never_close_are_refused() -> None:
    with refused(NotJson, code="nested-too-deep", pointer=""):
        parse_json(b"[" * 100_000, max_bytes=LIMIT)


def test_nested_objects_count_like_nested_lists() -> None:
    assert parse_json(nested(MAX_DEPTH - 2, '{"a":', "}").replace(b":}", b":{}}"), max_bytes=LIMIT)
    with refused(NotJson, code="nested-too-deep", pointer=""):
        parse_json(b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1), max_bytes=LIMIT)
