"""From bytes to a JSON object, or a refusal that says where it went wrong."""

import json
import re
from collections import Counter
from typing import Any

import orjson

from surveys.errors import BodyTooLarge, InvalidBody, NotJson
from surveys.quote import quoted

MAX_DEPTH = 32
"""Levels of nesting: a mark's answers need 6; what comes after us (json, JSONB) recurses, and must never get far."""

_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')


def parse_json(body: bytes, *, max_bytes: int) -> dict[str, Any]:
    """The JSON object in a request's body, parsed strictly.

    Size is checked before anything is parsed. Refused with NotJson are NaN, Infinity and numbers beyond a double,
    bytes that are no UTF-8, half surrogate pairs, more than MAX_DEPTH levels, a name twice in one object, and a top
    level that is no object; with BodyTooLarge more than max_bytes bytes. NUL in a string is JSON and passes: the
    reader of the field decides.
    """
    if len(body) > max_bytes:
        raise BodyTooLarge(f"Innholdet er på {len(body)} byte; høyst {max_bytes} er tillatt.")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _not_json(body, error) from None
    if type(document) is not dict:
        raise InvalidBody(f"Innholdet skal være et JSON-objekt, {{…}}; det kom {quoted(document)}.", code="not-an-object")
    # orjson keeps the last of two equal names without a word. There are as many members in the text as colons outside
    # strings; a name that came twice is one member fewer in the document. Both counts are cheap, so no second parser runs.
    if _count_members(document) != _STRINGS.sub(b"", body).count(b":"):
        raise _name_twice(body)
    return document


def _not_json(body: bytes, error: orjson.JSONDecodeError) -> NotJson:
    try:
        body.decode()
    except UnicodeDecodeError as bad:
        came = body[bad.start : bad.start + 4].hex(" ")
        return NotJson(f"Innholdet skal være UTF-8; byte {bad.start} er det ikke (kom {came}).", code="not-utf-8")
    if error.msg.startswith("depth limit"):
        return _too_deep(f", sist ved linje {error.lineno}, tegn {error.colno}")
    came = quoted(error.doc[error.pos : error.pos + 20])
    where = f"linje {error.lineno}, tegn {error.colno}"
    return NotJson(f"Innholdet er ikke gyldig JSON ved {where}: kom {came} ({error.msg.split(':')[0]}).", code="not-json")


def _count_members(document: dict[str, Any]) -> int:
    """How many members all objects of the document have together, level by level, without recursion."""
    members = 0
    level: list[Any] = [document]
    for _depth in range(MAX_DEPTH):
        inner: list[Any] = []
        for node in level:
            if type(node) is dict:
                members += len(node)
                inner += node.values()
            else:
                inner += node
        level = [node for node in inner if type(node) is list or type(node) is dict]
        if not level:
            return members
    raise _too_deep("")


def _too_deep(where: str) -> NotJson:
    return NotJson(f"Innholdet er nøstet for dypt{where}; høyst {MAX_DEPTH} nivåer er tillatt.", code="nested-too-deep")


def _name_twice(body: bytes) -> NotJson:
    """Which name came twice: a second, slower reading that only happens when something is wrong."""
    twice: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> None:
        names = Counter(name for name, _value in pairs)
        twice.extend(name for name, times in names.items() if times > 1)

    json.loads(body, object_pairs_hook=note)
    return NotJson(f"Navnet {quoted(twice[0])} kommer flere ganger i samme objekt.", code="name-twice")
