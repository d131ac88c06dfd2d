"""What the reader of a foreign file (surveys/sandbox) answers, held against what was agreed as if a stranger had written it."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from surveys.errors import ImportRefused
from surveys.sandbox.frames import BrokenAnswer, frames
from surveys.sandbox.limits import MB, Limits

log = logging.getLogger(__name__)

_LONGEST_SENTENCE = 500


@dataclass(frozen=True)
class GisFile:
    """A file that somebody has: where it lies now, what it is called, which of its layers is meant ("" for the first), and its limits."""

    path: Path
    name: str
    layer: str
    limits: Limits


@dataclass(frozen=True)
class FoundRow:
    """One row: number from 1, why it cannot be used ("" when it can), its fields, and its geometry in EPSG:4326 (None when it cannot)."""

    number: int
    why: str
    fields: dict[str, Any]
    geometry: BaseGeometry | None


@dataclass(frozen=True)
class Found:
    """What a file holds: its columns, its layers that have geometry and the one that was read, and the rows."""

    columns: list[str]
    layers: list[str]
    layer: str
    rows: list[FoundRow]


def understood(answer: bytes, file: GisFile) -> Found:
    """What was found; ImportRefused for an answer that is none."""
    try:
        return _found(answer, file)
    except (BrokenAnswer, ValueError, TypeError, KeyError, shapely.errors.ShapelyError) as error:
        log.warning("the reader of a file answered what is no answer: %s", type(error).__name__)
        raise ImportRefused(broken(file)) from error


def _found(answer: bytes, file: GisFile) -> Found:
    """The answer, held against its limits: what answers has read a foreign file and may be anybody's by now."""
    parts = frames(answer)
    head = json.loads(next(parts, b"{}"))
    if not isinstance(head, dict):
        raise BrokenAnswer("it does not begin as agreed")
    if "refused" in head:
        raise ImportRefused(_printable(str(head["refused"]))[:_LONGEST_SENTENCE])
    if "memory" in head:
        raise ImportRefused(_too_large(file))
    columns, layers = [_text(name, 200) for name in head["columns"]], [_text(name, 200) for name in head["layers"]]
    if len(columns) > file.limits.columns:
        raise BrokenAnswer("too many columns")
    return Found(columns, layers, _text(head["layer"], 200), _rows(parts, columns, file))


def _rows(parts: Iterator[bytes], columns: list[str], file: GisFile) -> list[FoundRow]:
    said, wkb = _told(parts, file)
    shapes = iter(_geometries(wkb, file))
    return [
        FoundRow(
            number,
            _printable(str(why))[:_LONGEST_SENTENCE],
            {name: _value(value) for name, value in zip(columns, values, strict=True)},
            None if why else next(shapes),
        )
        for number, why, values in said
    ]


def _told(parts: Iterator[bytes], file: GisFile) -> tuple[list[Any], list[bytes]]:
    """What is told of each row, in order, and the geometries of those that can be used; to the end that the reader says it came to."""
    said: list[Any] = []
    wkb: list[bytes] = []
    for part in parts:
        row = json.loads(part)
        if isinstance(row, dict) and "memory" in row:
            raise ImportRefused(_too_large(file))
        if isinstance(row, dict):
            if row != {"end": len(said)} or next(parts, None) is not None:
                raise BrokenAnswer("it does not end where it says")
            return said, wkb
        said.append(row)
        if row[0] != len(said) or len(said) > file.limits.things:
            raise BrokenAnswer("too many rows, or out of order")
        if not row[1]:
            wkb.append(next(parts, b""))
    raise BrokenAnswer("no end")


def _geometries(wkb: list[bytes], file: GisFile) -> list[BaseGeometry]:
    """Valid, flat geometries on earth."""
    found = shapely.from_wkb(np.array(wkb, dtype=object))
    corners, bounds = shapely.get_num_coordinates(found), shapely.bounds(found)
    on_earth = ((bounds >= [-180, -90, -180, -90]) & (bounds <= [180, 90, 180, 90])).all()
    fits = (corners > 0).all() and (corners <= file.limits.thing_corners).all() and corners.sum() <= file.limits.corners
    if not (on_earth and fits and shapely.is_valid(found).all() and not shapely.has_z(found).any()):
        raise BrokenAnswer("geometries that are not as agreed")
    geometries: list[BaseGeometry] = found.tolist()
    return geometries


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value, 10_000)
    if value is None or isinstance(value, bool | int | float):
        return value
    raise BrokenAnswer("a field that is neither text nor number")


def _text(value: Any, longest: int) -> str:
    """As a database can have it: without NUL, and without halves of characters."""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()[:longest]


def shown(name: str) -> str:
    """A file's name as a sentence may have it."""
    return _printable(Path(name).name)[:80]


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text)


def _too_large(file: GisFile) -> str:
    most = file.limits.memory_bytes / MB
    return f"{shown(file.name)} trenger for mye minne å lese; høyst {most:.0f} MB er tillatt. Forenkle den, eller del den opp."


def broken(file: GisFile) -> str:
    """What is said when the reader breaks down."""
    return (
        f"{shown(file.name)} kan ikke leses: leseren stoppet før den var ferdig. "
        "Filen er skadd eller for stor. Lagre den på nytt, eller del den opp."
    )
