"""Words and numbers as the public page writes them, and what must never stand in its texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

NBSP = "\u00a0"

# Four decimals of a degree are some ten metres; nobody writes such a number about anything but a place.
_DEGREES = re.compile(r"\d[.,]\d{4}")
# An easting of six digits beside a northing of seven, as UTM coordinates are copied from a map.
_METRES = re.compile(r"\b\d{6}(?:[.,]\d+)?\D{1,6}\d{7}\b")


def traces_in(text: str, *, class_names: Iterable[str]) -> list[str]:
    """What in the text could lead to a class or an exact place, in words for the person who wrote it; empty when nothing does.

    class_names: such as "5A"; found in any case and with a space in it.
    """
    found = []
    if _DEGREES.search(text) or _METRES.search(text):
        found.append("koordinater")
    for name in class_names:
        digits = re.match(r"\d*", name).group()  # type: ignore[union-attr]  # an empty match is a match
        pattern = rf"\b{re.escape(digits)}\s?{re.escape(name[len(digits) :])}\b"
        if re.search(pattern, text, re.IGNORECASE):
            found.append(f"navnet på en klasse ({name})")
    return found


def number(value: int) -> str:
    """A number with a hard space between thousands, as Norwegian writes it: 3 045."""
    return f"{value:,}".replace(",", NBSP)


def children(value: int) -> str:
    """So many children: "1 barn", "35 barn"."""
    return f"{number(value)}{NBSP}barn"


def share(part: int, rest: int) -> str | None:
    """part of part + rest in whole five per cent, since both are rounded; None when nobody was asked."""
    if part + rest <= 0:
        return None
    return f"{5 * round(20 * part / (part + rest))}{NBSP}%"


def listed(words: list[str]) -> str:
    """ "a", "a og b", "a, b og c"."""
    return " og ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
