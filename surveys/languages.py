"""The languages of the pupils' page: which there are, which are drafts, and which may be offered where.

A draft is off until an operator turns it on for the municipality; a language in which a single word is missing is offered nowhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from surveys.catalog import TEXTS_DIR, pupil_texts
from surveys.models import Category, Municipality, Question, Survey, Theme
from surveys.seats import seat_languages

DRAFT = "Utkast: ikke lest av en som har språket som morsmål"
"""What an operator and a planner read beside a language that is a draft."""


@dataclass(frozen=True)
class Language:
    """One language; name is its own, norwegian ours, direction "ltr" or "rtl"."""

    code: str
    name: str
    norwegian: str
    direction: str
    reviewed: bool

    @property
    def label(self) -> str:
        """The language as adults choose it; a draft says so."""
        return f"{self.name} ({self.norwegian}){self.draft_note}"

    @property
    def draft_note(self) -> str:
        """What adults read after its name; nothing when somebody has read it."""
        return "" if self.reviewed else f" – {DRAFT}"

    def as_json(self) -> dict[str, str]:
        """The language as the pupils' page takes it."""
        return {"code": self.code, "name": self.name, "dir": self.direction}


@cache
def known_languages() -> dict[str, Language]:
    """Every language of languages.yaml, in the order they are offered."""
    data = yaml.safe_load((TEXTS_DIR / "languages.yaml").read_text(encoding="utf-8"))
    return {code: Language(code=code, **values) for code, values in data.items()}


def complete_languages() -> list[str]:
    """Those with every word of the pupils' page and of the seats."""
    complete = set(pupil_texts()) & set(seat_languages())
    return [code for code in known_languages() if code in complete]


def drafts() -> list[str]:
    """The complete languages that an operator may turn on or off."""
    return [code for code in complete_languages() if not known_languages()[code].reviewed]


def allowed_languages(municipality: Municipality) -> list[str]:
    """Those that a survey of the municipality may choose: complete, and either reviewed or turned on."""
    on = set(municipality.draft_languages)
    return [code for code in complete_languages() if known_languages()[code].reviewed or code in on]


def languages_before_code() -> list[str]:
    """Those that the page may offer before it knows the municipality: drafts only where all that ask have turned them on."""
    asking = Municipality.objects.filter(surveys__status=Survey.Status.OPEN).distinct().values_list("draft_languages", flat=True)
    on = [set(codes) for codes in asking]
    for_all = set.intersection(*on) if on else set()
    return [code for code in complete_languages() if known_languages()[code].reviewed or code in for_all]


def offered_languages(survey: Survey, parts: Iterable[Theme | Category | Question]) -> list[str]:
    """Those that a pupil may choose: of the survey's own, the allowed ones in which all its words are there; never none.

    parts are the survey's themes, categories and questions, which the caller has at hand.
    """
    parts = list(parts)
    allowed = [code for code in allowed_languages(survey.municipality) if code in survey.languages]
    offered = [code for code in allowed if not missing_words(survey, parts, code)]
    return offered or [survey.default_language if survey.default_language in complete_languages() else complete_languages()[0]]


def missing_words(survey: Survey, parts: Iterable[Theme | Category | Question], language: str) -> list[str]:
    """What the survey says in its default language but not in this one, such as "kategori leke"; empty when nothing is missing."""
    default = survey.default_language
    named: list[tuple[str, Mapping[str, Any]]] = [("tittelen", survey.title)]
    named += [(f"transportmiddel {code}", mode["words"]) for code, mode in survey.modes.items()]
    # what is taken out of use is only shown to who has answered it, in the default language if need be
    named += [(f"{part._meta.verbose_name} {part.code}", part.words) for part in parts if not getattr(part, "is_retired", False)]
    return [name for name, words in named if not _covers(words.get(language), words.get(default))]


def _covers(words: Any, wanted: Any) -> bool:
    """Whether words has a text wherever wanted has one."""
    if isinstance(wanted, Mapping):
        return isinstance(words, Mapping) and all(_covers(words.get(key), value) for key, value in wanted.items())
    return not str(wanted or "").strip() or bool(str(words or "").strip())
