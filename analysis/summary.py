"""What the workbench shows in numbers: charts of children by theme, category, transport and grade band, and who has taken part.

Children, not strokes, are counted; a number of one to four children is said as "1–4". Marks are counted as they are, since a
planner sees them one by one anyway.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Prefetch, Q, prefetch_related_objects

from analysis.charts import BarChart, Row, bar_chart
from analysis.counting import Counted, Counts, count
from analysis.entries import ByAdults, by_adults, told_entry
from analysis.filters import MarkFilter
from analysis.participation import pupils_of, share_of
from analysis.privacy.suppress import K, shown
from surveys.models import Category, ClassGroup, Entry, GradeBand, Survey, Theme
from surveys.models.survey import words_in

MOST_SHOWN = 12
"""A chart of more bars than this shows the longest, and the others when asked."""

NOT_TOLD = "Ikke oppgitt: for få av et slag"
"""Who drew, where telling it would single out a few children."""


@dataclass(frozen=True)
class Participation:
    """One school's classes of one grade band: how many pupils they have and how many came in."""

    school: str
    band: str
    pupils: int
    joined: int

    @property
    def share(self) -> str:
        """The share of the pupils who came in."""
        return share_of(self.joined, self.pupils)


@dataclass(frozen=True)
class Panel:
    """A chart as a file takes it, whole, and as the page shows it: its longest bars, then the others on the same scale."""

    whole: BarChart
    first: BarChart
    rest: BarChart | None


@dataclass(frozen=True)
class Summary:
    """Everything the workbench shows in numbers for one filter."""

    marks: int
    children: str
    without_geometry: int
    panels: tuple[Panel, ...]
    participation: tuple[Participation, ...]
    by_adults: ByAdults | None

    @property
    def charts(self) -> tuple[BarChart, ...]:
        """The charts with all their bars."""
        return tuple(panel.whole for panel in self.panels)


def with_words(survey: Survey) -> Survey:
    """The survey with its categories, themes, classes and schools at hand: two queries for a whole page."""
    groups = (
        ClassGroup.objects.select_related("school")
        .annotate(joined=Count("responses", filter=Q(responses__set_aside_at__isnull=True)))
        .order_by("school__name", "grade")
    )
    categories = Category.objects.select_related("theme").order_by("theme__position", "position")
    prefetch_related_objects([survey], Prefetch("categories", categories), Prefetch("class_groups", groups))
    return survey


def summarise(survey: Survey, chosen: MarkFilter) -> Summary:
    """Count the marks that pass the filter; participation is the whole survey's, whatever the filter."""
    with_words(survey)
    entry = told_entry(survey)
    counts = count(chosen.marks_of(survey), survey.categories.all(), entry=entry)
    panels = (_themes(survey, counts), _categories(survey, counts), _modes(survey, counts), _bands(counts))
    return Summary(
        marks=counts.total.marks,
        children=shown(counts.total.children),
        without_geometry=counts.without_geometry,
        panels=(*panels, _entries(counts)) if entry else panels,
        participation=tuple(_participation(survey)),
        by_adults=by_adults(survey) if entry else None,
    )


def theme_label(theme: Theme, survey: Survey) -> str:
    """The theme's name in bokmål, or in the nearest language there is."""
    return str((words_in(theme.words, "nb", survey.default_language) or {}).get("label", theme.code))


def _themes(survey: Survey, counts: Counts) -> Panel:
    themes = {category.theme_id: category.theme for category in survey.categories.all()}
    rows = [
        _row(theme_label(themes[key], survey), number, f"theme={themes[key].code}", themes[key].colour)
        for key, number in counts.by_theme.items()
    ]
    return _panel("themes", "Barn per tema", ("Tema", "Barn", "Merker"), rows)


def _categories(survey: Survey, counts: Counts) -> Panel:
    rows = [
        _row(
            category.label_in("nb", survey.default_language), counts.by_category[category.pk], f"category={category.code}", category.colour
        )
        for category in survey.categories.all()
        if category.pk in counts.by_category
    ]
    return _panel("categories", "Barn per kategori", ("Kategori", "Barn", "Merker"), rows)


def _modes(survey: Survey, counts: Counts) -> Panel:
    words = {code: mode.get("words", {}).get("nb", code) for code, mode in survey.modes.items()}
    rows = [_row(words.get(mode, mode), number, f"mode={mode}") for mode, number in counts.by_mode.items() if mode]
    return _panel("modes", "Barn per transportmiddel", ("Transportmiddel", "Barn", "Veger"), rows)


def _bands(counts: Counts) -> Panel:
    rows = []
    for band in GradeBand:
        # a child is in one grade, so that the grades of a band add up
        grades = [counts.by_grade[grade] for grade in band.grades if grade in counts.by_grade]
        total = Counted(sum(number.children for number in grades), sum(number.marks for number in grades))
        rows += [_row(str(band.label), total, f"grade_band={band.value}")] if total.marks else []
    return _panel("bands", "Barn per klassetrinn", ("Klassetrinn", "Barn", "Merker"), rows, in_order=True)


def _entries(counts: Counts) -> Panel:
    labels = {**{entry.value: str(entry.label).capitalize() for entry in Entry}, "": NOT_TOLD}
    told = [entry for entry in labels if entry in counts.by_entry]
    rows = [_row(labels[entry], counts.by_entry[entry], f"entry={entry}" if entry else "") for entry in told]
    return _panel("entries", "Hvem som tegnet", ("Tegnet av", "Svar", "Merker"), rows, in_order=True)


def _row(label: str, number: Counted, key: str, colour: str = "") -> Row:
    is_few = 0 < number.children < K
    # a range is drawn as its middle, so that the bar's length gives nothing away
    value = (1 + K - 1) / 2 if is_few else float(number.children)
    said = shown(number.children)
    return Row(label=label, value=value, text=said, cells=(said, str(number.marks)), is_few=is_few, key=key, colour=colour)


def _panel(chart_id: str, title: str, columns: Sequence[str], rows: list[Row], *, in_order: bool = False) -> Panel:
    if not in_order:
        rows = sorted(rows, key=lambda row: -row.value)
    whole = bar_chart(rows, chart_id=chart_id, title=title, columns=columns)
    if len(rows) <= MOST_SHOWN:
        return Panel(whole=whole, first=whole, rest=None)
    longest = max(row.value for row in rows)
    first = bar_chart(rows[:MOST_SHOWN], chart_id=chart_id, title=f"{title}: de {MOST_SHOWN} vanligste", columns=columns)
    rest = bar_chart(rows[MOST_SHOWN:], chart_id=f"{chart_id}-rest", title=f"{title}: resten", columns=columns, longest=longest)
    return Panel(whole=whole, first=first, rest=rest)


def _participation(survey: Survey) -> Iterable[Participation]:
    def key(group: ClassGroup) -> tuple[str, str]:
        return group.school.name, str(group.grade_band.label)

    for (school, band), found in groupby(survey.class_groups.all(), key=key):
        groups = list(found)
        joined = sum(getattr(group, "joined", 0) for group in groups)  # annotated by with_words
        yield Participation(school, band, pupils=pupils_of(groups), joined=joined)
