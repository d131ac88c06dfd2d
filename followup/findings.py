"""Findings as the public page shows them: numbered, with where they stand and what happened since, and which of them fit on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.formats import date_format

from followup.models import Decision, Finding
from followup.page import theme_labels
from followup.places import Spot, middle_of

ICONS = {"proposed": "lightbulb", "decided": "gavel", "started": "clock", "done": "circle-check", "declined": "circle-x"}

# How much room findings have on the second sheet, counted in lines of one of its two columns, and letters in such a line. Set a little
# below what the sheet holds, and held in place by tests/browser/test_politician_prints.py.
PAPER_LINES = 42
LETTERS_A_LINE = 54


@dataclass(frozen=True)
class StepRow:
    """One step: what, when, by whom."""

    status: str
    status_words: str
    icon: str
    text: str
    when: str


@dataclass(frozen=True)
class FindingRow:
    """One finding of the page."""

    number: int
    title: str
    text: str
    theme: str
    status: str
    status_words: str
    icon: str
    steps: tuple[StepRow, ...]
    cells: tuple[str, ...]
    is_on_paper: bool

    @property
    def pin(self) -> Spot | None:
        """Its number on the map, where it names a published cell."""
        return Spot(str(self.number), *middle_of(self.cells)) if self.cells else None


def finding_rows(findings: Iterable[Finding], payload: Mapping[str, Any], *, language: str = "nb") -> list[FindingRow]:
    """Rows in order, numbered from 1. A cell that the release does not show is left out, for it would tell what is hidden."""
    published = {cell["id"] for cell in payload["cells"]}
    themes = theme_labels(payload, language=language)
    rows: list[FindingRow] = []
    lines_left = PAPER_LINES
    for number, finding in enumerate(findings, start=1):
        steps = tuple(_step(step) for step in finding.decisions.all())
        # The first that does not fit ends the paper's list, so that it never skips one.
        lines_left -= _lines(finding.title, finding.text, steps)
        rows.append(
            FindingRow(
                number=number,
                title=finding.title,
                text=finding.text,
                theme=themes.get(finding.theme, ""),
                status=steps[-1].status if steps else "",
                status_words=steps[-1].status_words if steps else "Ikke behandlet ennå",
                icon=steps[-1].icon if steps else "ellipsis",
                steps=steps,
                cells=tuple(name for name in finding.cell_ids if name in published),
                is_on_paper=lines_left >= 0,
            )
        )
    return rows


def _step(step: Decision) -> StepRow:
    day = date_format(step.decided_on, "j. F Y") if step.decided_on else ""
    return StepRow(
        status=step.status,
        status_words=str(step.get_status_display()).capitalize(),
        icon=ICONS[step.status],
        text=step.text,
        when=", ".join(part for part in (step.body, day) if part),
    )


def _lines(title: str, text: str, steps: tuple[StepRow, ...]) -> int:
    """Lines of a column that a finding takes: its title beside the badge, its text, its steps, and the air around it."""
    told = [title + " " * 16, text, *(f"{step.status_words}: {step.text} {step.when}" for step in steps)]
    return 2 + sum(ceil(len(part) / LETTERS_A_LINE) for part in told)
