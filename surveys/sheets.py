"""Texts for teachers and guardians: the lesson plan, talking points, the letter home, the paper sheet; a survey may have its own words.

They are written plainly: "## " begins a heading, "- " an item of a list, an empty line a new paragraph. No markup gets further.
The letter is there in further languages: a sheet's code is then "letter.nn", in bokmål just "letter".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from surveys.catalog import TEXTS_DIR
from surveys.dates import date_in
from surveys.languages import Language, allowed_languages, known_languages
from surveys.models import Municipality, Survey

OURS = "nb"
CONTACT = "contact"
LETTER = "letter"
MAX_TEXT = 8000
AIMS = {2: "aims_first", 4: "aims_low", 7: "aims_middle", 10: "aims_high"}
"""By the grade after which social studies have aims; a class works towards the next of them."""


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a list of items."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


def sheet_codes(languages: Iterable[str] | None = None) -> list[str]:
    """The codes of all sheets, or of those in these languages, in the order of the files."""
    wanted = None if languages is None else set(languages)
    return [code for code in _defaults() if wanted is None or language_of(code) in wanted]


def language_of(code: str) -> str:
    """The language a sheet is in."""
    return code.partition(".")[2] or OURS


def letter_in(language: str) -> str:
    """The code of the letter in a language."""
    return LETTER if language == OURS else f"{LETTER}.{language}"


def letter_languages(municipality: Municipality) -> list[Language]:
    """Those that the letter may be sent in: the municipality's, drafts that are turned on among them."""
    return [known_languages()[code] for code in allowed_languages(municipality) if letter_in(code) in _defaults()]


def aims_of(grade: int) -> str:
    """The code of the sheet with the aims that a class of this grade works towards."""
    return AIMS[min(after for after in AIMS if grade <= after)]


def title_of(code: str) -> str:
    """What a sheet is called."""
    return _defaults()[code]["title"]


def default_text(code: str) -> str:
    """A sheet's words as they come with Tråkk."""
    return _defaults()[code]["text"].strip()


def text_of(survey: Survey, code: str) -> str:
    """A sheet's words as the planner may change them: the survey's own, or those that come with Tråkk."""
    return str(survey.sheets.get(code) or default_text(code))


def sheet(survey: Survey, code: str) -> list[Block]:
    """A sheet for reading, with the survey's facts filled in."""
    return blocks(fill(text_of(survey, code), survey, language_of(code)))


def fill(text: str, survey: Survey, language: str = OURS) -> str:
    """The text with the survey's facts in the place of their names in braces; other braces stay as they are."""
    facts = {
        "survey": survey.title_in(language),
        "contact": str(survey.sheets.get(CONTACT) or _file(language)["no_contact"]),
        "municipality": survey.municipality.name,
        "closes": date_in(language, survey.closes_on),
        "deleted": date_in(language, survey.retention_until),
    }
    for name, fact in facts.items():
        text = text.replace("{" + name + "}", fact)
    return text


def blocks(text: str) -> list[Block]:
    """The text's headings, paragraphs and lists, in order."""
    found: list[Block] = []
    is_apart = True
    for line in (raw.strip() for raw in text.splitlines()):
        last = found[-1] if found and not is_apart else None
        if line.startswith("## "):
            found.append(Block("heading", line[3:].strip()))
        elif line.startswith("- "):
            items = last.items if last and last.kind == "list" else ()
            found[len(found) - bool(items) :] = [Block("list", items=(*items, line[2:].strip()))]
        elif line:
            words = f"{last.text} " if last and last.kind == "paragraph" else ""
            found[len(found) - bool(words) :] = [Block("paragraph", words + line)]
        is_apart = not line
    return found


@cache
def _defaults() -> dict[str, dict[str, str]]:
    """Each sheet by its code, those of bokmål first."""
    found: dict[str, dict[str, str]] = {}
    for language in known_languages():
        ending = "" if language == OURS else f".{language}"
        found |= {f"{code}{ending}": sheet for code, sheet in _file(language).items() if isinstance(sheet, dict)}
    return found


@cache
def _file(language: str) -> dict[str, Any]:
    path = TEXTS_DIR / f"sheets.{language}.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return data
