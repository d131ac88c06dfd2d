"""Horizontal bar charts, laid out on the server: numbers in, coordinates out; templates/analysis/bars.html draws them.

Drawn as SVG with classes and presentation attributes only, so that the Content-Security-Policy needs no exception, the page
and its print look alike and no script has to run. Every chart carries its rows, from which the same template writes the
table behind it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

# All in units of the viewBox, which are CSS pixels at the chart's natural width.
WIDTH = 440
LABEL_WIDTH = 148
VALUE_WIDTH = 84
ROW_HEIGHT = 34
BAR_HEIGHT = 18
LINE_HEIGHT = 15
TOP = 6
# Inter at 13 px is 6.6 px a letter on average in Norwegian words; rounded up so that labels never touch the bars.
LETTERS_PER_LINE = 21


@dataclass(frozen=True)
class Row:
    """What a bar shows: a label, its length, the text at its end, and the cells of its row in the table."""

    label: str
    value: float
    text: str
    cells: tuple[str, ...] = ()
    is_few: bool = False
    """Drawn hatched: the number stands for a range, such as 1–4."""
    key: str = ""
    """A filter of the page that this bar stands for, such as category=leke."""
    colour: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a label."""

    text: str
    y: float


@dataclass(frozen=True)
class Bar:
    """A row with its place in the picture."""

    row: Row
    lines: tuple[Line, ...]
    top: float
    width: float
    middle: float
    value_x: float


@dataclass(frozen=True)
class BarChart:
    """A laid-out chart and all that its table and its accessible name need."""

    chart_id: str
    title: str
    description: str
    columns: tuple[str, ...]
    bars: tuple[Bar, ...]
    width: int
    height: int
    axis_x: int = LABEL_WIDTH
    bar_height: int = BAR_HEIGHT


def bar_chart(rows: Sequence[Row], *, chart_id: str, title: str, columns: Sequence[str], longest: float = 0) -> BarChart:
    """Lay out one bar per row, in the order given, the longest as long as there is room.

    chart_id: unique on the page. columns: heads of the table, the first for the labels, the others for `Row.cells`.
    longest: a value that would fill the room, for a chart on the scale of another; the largest of the rows otherwise.
    No rows give an empty chart of no height. ValueError for a negative value or a row whose cells do not fit the columns.
    """
    for row in rows:
        if row.value < 0 or len(row.cells) != len(columns) - 1:
            raise ValueError(f"row {row.label!r} has value {row.value} and {len(row.cells)} cells for {len(columns)} columns")
    longest = max(longest, *(row.value for row in rows)) if rows else 0
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    bars = tuple(_bar(row, number, room * row.value / longest if longest else 0.0) for number, row in enumerate(rows))
    return BarChart(
        chart_id=chart_id,
        title=title,
        description=_description(rows),
        columns=tuple(columns),
        bars=bars,
        width=WIDTH,
        height=TOP * 2 + ROW_HEIGHT * len(rows) if rows else 0,
    )


def _bar(row: Row, number: int, width: float) -> Bar:
    middle = TOP + ROW_HEIGHT * (number + 0.5)
    texts = textwrap.wrap(row.label, LETTERS_PER_LINE, max_lines=2, placeholder="…", break_on_hyphens=True) or [""]
    first = middle - LINE_HEIGHT * (len(texts) - 1) / 2
    return Bar(
        row=row,
        lines=tuple(Line(text=text, y=round(first + LINE_HEIGHT * i, 1)) for i, text in enumerate(texts)),
        top=middle - BAR_HEIGHT / 2,
        # a value that is there is seen, however small beside the others
        width=round(max(width, 2.0) if row.value else 0.0, 1),
        middle=middle,
        value_x=round(LABEL_WIDTH + max(width, 2.0 if row.value else 0.0) + 8, 1),
    )


def _description(rows: Sequence[Row]) -> str:
    """The chart in a sentence, for those who hear it."""
    if not rows:
        return "Ingen tall."
    said = "; ".join(f"{row.label}: {row.text}" for row in rows[:12])
    more = f"; og {len(rows) - 12} til, se tabellen" if len(rows) > 12 else ""
    return f"Søylediagram med {len(rows)} søyler. {said}{more}."
