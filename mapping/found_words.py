"""Words with what the rules found in them: cut into pieces to be shown, or with it taken out. Pure.

What tells who somebody is can be taken out. A worry cannot: without its word a cry for help would read as harmless (decision 052).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mapping.flags import Flag, Found, flags_of

REMOVED = "[fjernet]"
SHORT_REMOVED = "…"
"""Where the longer mark would make the words longer than words may be."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and what kinds of things were found in it; none for what is between them."""

    text: str
    flags: tuple[Flag, ...] = ()

    @property
    def words(self) -> str:
        """The kinds as the moderator reads them: "navn, adresse"."""
        return ", ".join(flag.words for flag in self.flags)


def pieces_of(text: str, found: Iterable[Found]) -> list[Piece]:
    """A text in pieces that together are all of it; things that overlap are one piece of several kinds."""
    pieces, at = [], 0
    for start, end, flags in _merged(found):
        if at < start:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], flags))
        at = end
    return [*pieces, Piece(text[at:])] if at < len(text) else pieces


def kinds_of(found: Iterable[Found]) -> tuple[Flag, ...]:
    """Which kinds of things were found, each once, in the order of Flag."""
    kinds = {one.flag for one in found}
    return tuple(flag for flag in Flag if flag in kinds)


def redacted(text: str, *, max_length: int) -> str:
    """The text with a neutral mark in the place of each thing that may tell who somebody is; things with only spaces between are one."""
    for mark in (REMOVED, SHORT_REMOVED):
        said = _with_marks(text, mark)
        if len(said) <= max_length:
            return said
    return said


def _with_marks(text: str, mark: str) -> str:
    spans: list[tuple[int, int]] = []
    for start, end, _ in _merged(one for one in flags_of(text) if one.flag is not Flag.WORRY):
        # a name and a surname leave one mark
        if spans and not text[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    said, at = "", 0
    for start, end in spans:
        said += text[at:start] + mark
        at = end
    return said + text[at:]


def _merged(found: Iterable[Found]) -> Iterator[tuple[int, int, tuple[Flag, ...]]]:
    """From where to where something was found, with all kinds of it."""
    group: list[Found] = []
    for one in sorted(found):
        if group and one.start >= max(other.end for other in group):
            yield _span(group)
            group = []
        group.append(one)
    if group:
        yield _span(group)


def _span(group: list[Found]) -> tuple[int, int, tuple[Flag, ...]]:
    return group[0].start, max(one.end for one in group), kinds_of(group)
