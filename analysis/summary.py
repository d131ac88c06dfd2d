"""What the workbench counts: children and marks by category, transport and grade band, and who has taken part.

Children, not strokes, are counted; a number of one to four children is said as "1–4". Marks are counted as they are, since a
planner sees them one by one anyway.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from analysis.charts import BarChart, Row, bar_chart
from analysis.filters import MarkFilter
from surveys.models import GradeBand, Survey

FEW_BELOW = 5
"""Fewer children than this are said as a range: docs/privacy.md, the planner's row."""


@dataclass(frozen=True)
class Participation:
    """One school's classes of one grade band: how many were asked, began and finished."""

    school: str
    band: str
    pupils: int
    joined: int
    finished: int

    @property
    def share(self) -> str:
        """The share of the pupils who began, in whole per cent, or nothing where the class did not say how many it has."""
        return f"{round(100 * min(1.0, self.joined / self.pupils))} %" if self.pupils else "–"


@dataclass(frozen=True)
class Summary:
    """Everything the workbench shows in numbers for one filter."""

    marks: int
    children: str
    without_geometry: int
    charts: tuple[BarChart, ...]
    participation: tuple[Participation, ...]


def summarise(survey: Survey, chosen: MarkFilter) -> Summary:
    """Count the marks that pass the filter; participation is the whole survey's, whatever the filter."""
    marks = chosen.marks_of(survey).order_by()
    totals = marks.aggregate(
        marks=Count("id"), children=Count("response_id", distinct=True), without_geometry=Count("id", filter=Q(geom__isnull=True))
    )
    return Summary(
        marks=totals["marks"],
        children=said(totals["children"]),
        without_geometry=totals["without_geometry"],
        charts=(_categories(survey, marks), _modes(survey, marks), _bands(marks)),
        participation=tuple(_participation(survey)),
    )


def said(children: int) -> str:
    """A number of children as a planner reads it."""
    return "1–4" if 0 < children < FEW_BELOW else str(children)


def _row(label: str, children: int, marks: int, *, key: str = "", colour: str = "") -> Row:
    is_few = 0 < children < FEW_BELOW
    # a range is drawn as its middle, so that the bar's length gives nothing away
    return Row(
        label=label,
        value=2.5 if is_few else float(children),
        text=said(children),
        cells=(said(children), str(marks)),
        is_few=is_few,
        key=key,
        colour=colour,
    )


def _categories(survey: Survey, marks: Any) -> BarChart:
    counted = {row["category_id"]: row for row in marks.values("category_id").annotate(**_COUNTS)}
    rows = [
        _row(
            category.label_in("nb", survey.default_language),
            counted[category.pk]["children"],
            counted[category.pk]["marks"],
            key=f"category={category.code}",
            colour=category.colour,
        )
        for category in survey.categories.all()
        if category.pk in counted
    ]
    rows.sort(key=lambda row: -row.value)
    return bar_chart(rows, chart_id="categories", title="Barn per kategori", columns=("Kategori", "Barn", "Merker"))


def _modes(survey: Survey, marks: Any) -> BarChart:
    rows = [
        _row(
            survey.modes.get(row["mode"], {}).get("words", {}).get("nb", row["mode"]), row["children"], row["n"], key=f"mode={row['mode']}"
        )
        for row in marks.exclude(mode="").values("mode").annotate(children=_COUNTS["children"], n=Count("id"))
    ]
    rows.sort(key=lambda row: -row.value)
    return bar_chart(rows, chart_id="modes", title="Barn per transportmiddel", columns=("Transportmiddel", "Barn", "Veger"))


def _bands(marks: Any) -> BarChart:
    grades = marks.values("response__class_group__grade").annotate(**_COUNTS)
    children: dict[GradeBand, list[int]] = {band: [0, 0] for band in GradeBand}
    for row in grades:
        band = children[GradeBand.of(row["response__class_group__grade"])]
        band[0] += row["children"]
        band[1] += row["marks"]
    rows = [_row(str(band.label), n, m, key=f"grade_band={band.value}") for band, (n, m) in children.items() if m]
    return bar_chart(rows, chart_id="bands", title="Barn per klassetrinn", columns=("Klassetrinn", "Barn", "Merker"))


def _participation(survey: Survey) -> Iterable[Participation]:
    groups = survey.class_groups.order_by("school__name", "grade").values("school__name", "grade")
    counted = groups.annotate(joined=Count("responses"), finished=Count("responses", filter=Q(responses__finished_at__isnull=False)))
    # pupils in a query of its own: joined to responses, a class's pupils would be added up once for each of them
    pupils = {(row["school__name"], row["grade"]): row["total"] for row in groups.annotate(total=Sum("pupils"))}
    bands: dict[tuple[str, str], list[int]] = {}
    for row in counted:
        total = bands.setdefault((row["school__name"], str(GradeBand.of(row["grade"]).label)), [0, 0, 0])
        for index, number in enumerate((pupils[row["school__name"], row["grade"]], row["joined"], row["finished"])):
            total[index] += number
    return [Participation(school, band, *numbers) for (school, band), numbers in bands.items()]


_COUNTS: dict[str, Any] = {"children": Count("response_id", distinct=True), "marks": Count("id")}
