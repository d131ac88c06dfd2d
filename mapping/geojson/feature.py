"""A pupil's mark as a Feature: its envelope, revision, category, words and answers; the geometry is read apart."""

from dataclasses import dataclass
from typing import Any

import orjson

from mapping.geojson.geometry import TYPE_OF_KIND
from mapping.geojson.objects import check_feature_object, check_geometry_object
from surveys.errors import InvalidAnswer, InvalidBody, InvalidGeometry
from surveys.plain_text import clean_text
from surveys.quote import quoted

MAX_COMMENT = 1_000
"""Characters in a comment, a few long sentences: the tablet (by the bundle) and the planner who edits stop writing there too."""

MAX_CODE = 64
MAX_ANSWERS_BYTES = 16_384
MAX_REV = 2**31 - 1
"""What PostgreSQL's integer holds."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One mark as it came, envelope checked; its geometry is still to be read with read_geometry()."""

    id: str | int | float | None
    rev: int
    geometry: dict[str, Any] | None
    category: str
    mode: str | None
    comment: str | None
    answers: dict[str, Any]


def read_feature(obj: dict[str, Any], *, max_comment: int = MAX_COMMENT, max_answers_bytes: int = MAX_ANSWERS_BYTES) -> Feature:
    """The mark in a Feature with `rev` and `properties` {category, mode, comment, answers}; other members are ignored.

    geometry is None for null and for a geometry with empty coordinates, which RFC 7946 §3.1 lets a reader take as null;
    whether a mark may go without is for the caller to say. Raises InvalidBody for the envelope, InvalidGeometry for the
    geometry member and InvalidAnswer for what stands in properties, each with a pointer.
    """
    check_feature_object(obj, at="")
    properties = obj["properties"]
    if properties is None:
        raise InvalidBody("«properties» skal være et objekt; det kom null.", code="invalid-properties", pointer="/properties")
    if "crs" in properties:
        message = f"Koordinater er alltid WGS 84 (RFC 7946); «crs» er ikke tillatt, det kom {quoted(properties['crs'])}."
        raise InvalidBody(message, code="crs-not-allowed", pointer="/properties/crs")
    return Feature(
        id=obj.get("id"),
        rev=_read_rev(obj),
        geometry=_read_mark_geometry(obj["geometry"]),
        category=_read_code(properties.get("category"), "category"),
        mode=None if properties.get("mode") is None else _read_code(properties["mode"], "mode"),
        comment=clean_text(properties.get("comment"), max_length=max_comment, at="/properties/comment"),
        answers=_read_answers(properties.get("answers"), max_answers_bytes),
    )


def _read_rev(obj: dict[str, Any]) -> int:
    rev = obj.get("rev")
    if type(rev) is not int or not 1 <= rev <= MAX_REV:
        came = quoted(rev) if "rev" in obj else "ingenting"
        raise InvalidBody(f"«rev» skal være et heltall fra 1 til {MAX_REV}; det kom {came}.", code="invalid-rev", pointer="/rev")
    return rev


def _read_mark_geometry(geometry: Any) -> dict[str, Any] | None:
    """The geometry member for read_geometry(), which checks the rest of it, or None for null and empty."""
    if type(geometry) is dict and geometry.get("coordinates") == []:
        check_geometry_object(geometry, tuple(TYPE_OF_KIND.values()), at="/geometry")
        return None
    if geometry is not None and type(geometry) is not dict:
        message = f"«geometry» skal være et GeoJSON-objekt eller null; det kom {quoted(geometry)}."
        raise InvalidGeometry(message, code="not-an-object", pointer="/geometry")
    return geometry


def _read_code(value: Any, name: str) -> str:
    """A short printable word, such as the code of a category; whether the survey has it is not known here."""
    if type(value) is str and 1 <= len(value) <= MAX_CODE and value.isprintable():
        return value
    message = f"«{name}» skal være en kode på 1 til {MAX_CODE} tegn; det kom {quoted(value)}."
    raise InvalidAnswer(message, code=f"invalid-{name}", pointer=f"/properties/{name}")


def _read_answers(value: Any, max_bytes: int) -> dict[str, Any]:
    at = "/properties/answers"
    if value is None:
        return {}
    if type(value) is not dict:
        raise InvalidAnswer(f"«answers» skal være et objekt; det kom {quoted(value)}.", code="invalid-answers", pointer=at)
    if not value:
        return {}
    try:
        as_json = orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise InvalidAnswer(f"«answers» kan ikke lagres som JSON ({error}).", code="invalid-answers", pointer=at) from None
    if len(as_json) > max_bytes:
        message = f"«answers» er på {len(as_json)} byte; høyst {max_bytes} er tillatt."
        raise InvalidAnswer(message, code="answers-too-large", pointer=at)
    # JSONB cannot keep NUL. orjson writes it as \u0000, and nothing else that way but a text with that very backslash.
    if b"\\u0000" in as_json.replace(b"\\\\", b""):
        message = "«answers» har tegnet NUL, '\\x00', som ikke er tillatt."
        raise InvalidAnswer(message, code="character-not-allowed", pointer=at)
    return value
