"""What is not in the national file, in Norwegian: for the page, the planner and the file itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.national.model import LeftOut, is_told, left_out
from surveys.models.survey import words_in

SAYS = (
    "Publisering fra Tråkk i den nasjonale modellen «Barnetråkk – aggregert». Hvert objekt er ett tema i én rute; antallBarn er avrundet."
)
SEVERAL = "Bare temaer, ikke kategorier eller transportmidler, telles i rutene."


@dataclass(frozen=True)
class LeftOutTold:
    """What is left out: how many categories have no official code, and a sentence for each theme that is missing."""

    categories: int
    sentences: tuple[str, ...]


def told_of(themes: Iterable[Mapping[str, Any]], default_language: str) -> LeftOutTold | None:
    """What a page says of the `themes` of a payload; None for a release too old to be told in the national model."""
    rows = list(themes)
    return left_out_told(rows, default_language) if is_told(rows) else None


def left_out_told(themes: Iterable[Mapping[str, Any]], default_language: str) -> LeftOutTold:
    """Of the `themes` of a payload that is_told."""
    rows = left_out(themes)
    return LeftOutTold(sum(len(row.without) for row in rows), tuple(_sentence(row, default_language) for row in rows))


def description(left: LeftOutTold) -> str:
    """The words at the head of a file."""
    missing = f" Ikke med: {' '.join(left.sentences)}" if left.sentences else " Alle temaer er med."
    return f"{SAYS} {SEVERAL}{missing}"


def _sentence(row: LeftOut, default: str) -> str:
    def plain(words: Mapping[str, Any]) -> str:
        entry = words_in(dict(words), "nb", default)
        return str(entry["label"] if isinstance(entry, Mapping) else entry)

    theme = f"Temaet «{plain(row.theme)}»"
    without = ", ".join(f"«{plain(words)}»" for words in row.without)
    if not row.types:
        return f"{theme}: ingen av kategoriene har en kode i modellen ({without})."
    if row.without:
        count = "én kategori har" if len(row.without) == 1 else f"{len(row.without)} kategorier har"
        return f"{theme}: {count} ingen kode i modellen ({without}), og rutene teller hele temaet."
    return f"{theme}: kategoriene er av flere objekttyper ({', '.join(row.types)}), og rutene teller hele temaet."
