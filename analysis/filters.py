"""MarkFilter: which marks of a survey are meant; the same words in the query string of every page, export and picture."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from analysis.areas import Area, read_area
from analysis.entries import silent_classes
from mapping.models import Mark
from mapping.querysets import MarkQuerySet
from surveys.errors import InvalidFilter
from surveys.models import Entry, GradeBand, Kind, Survey
from surveys.querysets import ResponseQuerySet

Bbox = tuple[float, float, float, float]
MANY = ("theme", "category", "kind", "mode", "grade_band", "school", "entry")
ONE = ("from", "to", "datetime", "bbox", "area")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""Days that can be chosen: a week more or less can be reckoned from each, here and in PostgreSQL."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATETIME = re.compile(_DATE.pattern + r"(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?", re.ASCII)


@dataclass(frozen=True)
class MarkFilter:
    """A choice of marks; an empty tuple or None means all. Values of one name are joined by or, names by and.

    school holds the schools' row numbers as text. entry finds the marks of which it is told who drew them (analysis/entries.py).
    since and until are days; a mark's week counts when it has a day in between.
    bbox is [west, south, east, north] in degrees, EPSG:4326; area is a boundary, as analysis/areas.py writes it.
    """

    theme: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    grade_band: tuple[str, ...] = ()
    school: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    bbox: Bbox | None = field(default=None)
    area: Area | None = None

    @classmethod
    def parse(cls, query: QueryDict, survey: Survey, *, ignore: Iterable[str] = ()) -> Self:
        """The filter in a query string; InvalidFilter quotes a name or value the survey does not have and says which it has.

        ignore: names that belong to the page and not to the filter, such as size or f.
        """
        known = {*MANY, *ONE}
        if unknown := sorted(set(query) - known - set(ignore)):
            raise InvalidFilter(f"Filteret {unknown[0][:40]!r} finnes ikke. Tillatt: {', '.join(sorted(known))}.")
        allowed = _allowed(survey, {name for name in MANY if name in query})
        chosen = {name: _chosen(name, query.getlist(name), allowed[name]) for name in allowed}
        since, until = _period(query)
        box = _bbox(bbox) if (bbox := query.get("bbox")) else None
        area = read_area(text, survey.municipality) if (text := query.get("area")) else None
        return cls(**chosen, since=since, until=until, bbox=box, area=area)

    def apply(self, marks: MarkQuerySet) -> MarkQuerySet:
        """The marks that pass."""
        where = Q()
        for name, path in _PATHS.items():
            if values := getattr(self, name):
                where &= Q(**{f"{path}__in": values})
        if self.grade_band:
            grades = [grade for band in self.grade_band for grade in GradeBand(band).grades]
            where &= Q(response__class_group__grade__in=grades)
        if self.since:
            where &= Q(week__gt=self.since - timedelta(days=7))
        if self.until:
            where &= Q(week__lte=self.until)
        found = marks.filter(where)
        if self.area:
            found = found.inside(self.area.geom)
        return found.in_bbox(*self.bbox) if self.bbox else found

    def marks_of(self, survey: Survey) -> MarkQuerySet:
        """The survey's marks that pass."""
        marks = self.apply(Mark.objects.filter(survey=survey).counted())
        if not self.entry:
            return marks
        return marks.filter(response__entry__in=self.entry).exclude(response__class_group__in=silent_classes(survey))

    def children_of(self, survey: Survey, responses: ResponseQuerySet) -> ResponseQuerySet:
        """Those of the survey's responses whom the filter means, whatever they drew: by school, grade band and who drew alone."""
        where = Q()
        if self.school:
            where &= Q(class_group__school_id__in=self.school)
        if self.grade_band:
            where &= Q(class_group__grade__in=[grade for band in self.grade_band for grade in GradeBand(band).grades])
        found = responses.filter(where)
        if not self.entry:
            return found
        return found.filter(entry__in=self.entry).exclude(class_group__in=silent_classes(survey))

    def query_string(self) -> str:
        """The filter's one canonical query string; parsing it gives an equal filter."""
        pairs: list[tuple[str, str]] = [(name, value) for name in MANY for value in getattr(self, name)]
        if self.since:
            pairs.append(("from", self.since.isoformat()))
        if self.until:
            pairs.append(("to", self.until.isoformat()))
        if self.bbox:
            pairs.append(("bbox", self.bbox_text))
        if self.area:
            pairs.append(("area", self.area.text))
        return urlencode(pairs)

    @property
    def bbox_text(self) -> str:
        """The box as a query string has it."""
        return ",".join(f"{value:.6f}" for value in self.bbox or ())

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return all(not getattr(self, item.name) for item in fields(self))


_PATHS = {
    "theme": "category__theme__code",
    "category": "category__code",
    "kind": "kind",
    "mode": "mode",
    "school": "response__class_group__school_id",
}


def _allowed(survey: Survey, names: set[str]) -> dict[str, list[str]]:
    """The values each of the names may have in this survey; asks the database only for the names that came."""
    ways: dict[str, Callable[[], list[str]]] = {
        "theme": lambda: list(survey.themes.values_list("code", flat=True)),
        "category": lambda: list(survey.categories.values_list("code", flat=True)),
        "kind": lambda: list(Kind.values),
        "mode": lambda: list(survey.modes),
        "grade_band": lambda: list(GradeBand.values),
        "school": lambda: [str(number) for number in survey.schools.values_list("pk", flat=True)],
        "entry": lambda: list(Entry.values),
    }
    return {name: ways[name]() for name in MANY if name in names}


def _chosen(name: str, values: list[str], allowed: list[str]) -> tuple[str, ...]:
    """The values, once each, in the survey's order; a comma separates as well as a repeated name does."""
    came = {part for value in values for part in value.split(",") if part}
    if unknown := sorted(came - set(allowed)):
        raise InvalidFilter(f"{name}={unknown[0][:40]!r} finnes ikke her. Tillatt: {', '.join(allowed)}.")
    return tuple(value for value in allowed if value in came)


def _period(query: QueryDict) -> tuple[date | None, date | None]:
    """from and to, or OGC's datetime: a day, or an interval with .. for an open end."""
    if "datetime" in query:
        first, slash, last = query.get("datetime", "").partition("/")
        since, until = _day("datetime", first), _day("datetime", last if slash else first)
    else:
        since, until = _day("from", query.get("from", "")), _day("to", query.get("to", ""))
    if since and until and until < since:
        raise InvalidFilter(f"Perioden slutter {until.isoformat()} før den begynner {since.isoformat()}.")
    return since, until


def _day(name: str, value: str) -> date | None:
    """The day that is written; OGC's datetime may go on with a time of day, which a mark does not have."""
    if value in {"", ".."}:
        return None
    try:
        if not (_DATETIME if name == "datetime" else _DATE).fullmatch(value):
            raise ValueError(value)
        day = datetime.fromisoformat(value).date()
    except ValueError:
        raise InvalidFilter(f"{name}={value[:40]!r} er ingen dato. Skriv den som 2026-09-21.") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidFilter(f"{name}={value[:40]!r} er utenfor det som kan velges: {FIRST_DAY} til {LAST_DAY}.")
    return day


def _bbox(value: str) -> Bbox:
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise InvalidFilter(f"bbox={value[:60]!r} er ikke fire tall: vest,sør,øst,nord i grader.") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidFilter(f"bbox={value[:60]!r} er ingen boks: vest under øst i ±180, sør under nord i ±90.")
    return west, south, east, north
