"""Texts for teachers and guardians: the lesson plan, talking points, the letter home, the paper sheet; a survey may have its own words.

They are written plainly: "## " begins a heading, "- " an item of a list, an empty line a new paragraph. No markup gets further.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.formats import date_format

from surveys.models import GradeBand, Survey

SHEETS_FILE = Path(__file__).resolve().parent / "texts" / "sheets.nb.yaml"
CONTACT = "contact"
MAX_TEXT = 8000
AIMS = {GradeBand.LOW: "aims_low", GradeBand.MIDDLE: "aims_middle", GradeBand.HIGH: "aims_high"}
"""Which aims a class works towards: those after its band's last grade."""


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a list of items."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


def sheet_codes() -> list[str]:
    """The codes of all sheets, in the order of the file."""
    return list(_defaults())


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
    return blocks(fill(text_of(survey, code), survey))


def fill(text: str, survey: Survey) -> str:
    """The text with the survey's facts in the place of their names in braces; other braces stay as they are."""
    facts = {
        "survey": str(survey),
        "municipality": survey.municipality.name,
        "contact": str(survey.sheets.get(CONTACT) or f"Ta kontakt med {survey.municipality.name} kommune, eller med læreren."),
        "closes": date_format(survey.closes_on, "j. F Y"),
        "deleted": date_format(survey.retention_until, "j. F Y"),
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
    data: dict[str, dict[str, str]] = yaml.safe_load(SHEETS_FILE.read_text(encoding="utf-8"))
    return data
