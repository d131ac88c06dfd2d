"""Who has taken part, school by school, grade by grade and week by week: for whoever watches a survey while it runs.

Days are told for the last seven only: after that nothing says any more on which day a child sat there (docs/privacy.md, "Retention").
A mark never tells more than its week.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate, TruncWeek
from django.utils import timezone

from analysis.filters import MarkFilter
from analysis.privacy.suppress import K
from surveys.models import ClassGroup, Response, Survey

DAYS = 7
"""As long as the lesson of an answer is known: mapping/services/retention.py."""


@dataclass(frozen=True)
class Turnout:
    """How many were asked, came in, handed in, and what they drew. pupils is 0 where no class has said how many it has."""

    classes: int
    begun: int
    pupils: int
    joined: int
    finished: int
    marks: int

    @property
    def told_marks(self) -> int | None:
        """How many marks; None where so few have begun that their marks would be known to be theirs."""
        return None if 0 < self.joined < K else self.marks

    @property
    def share(self) -> str:
        """The share of the pupils that came in."""
        return share_of(self.joined, self.pupils)


@dataclass(frozen=True)
class GradeTurnout:
    """One grade at one school."""

    grade: int
    turnout: Turnout


@dataclass(frozen=True)
class SchoolTurnout:
    """One school with its grades; `silent` are its classes in which nobody has begun."""

    name: str
    turnout: Turnout
    grades: tuple[GradeTurnout, ...]
    silent: tuple[ClassGroup, ...]


@dataclass(frozen=True)
class Moment:
    """A day, or a week by its Monday. marks is None for a day (a mark tells its week and nothing nearer) and a week of few children."""

    day: date
    joined: int
    finished: int
    marks: int | None


@dataclass(frozen=True)
class TurnoutReport:
    """All of a survey's. schools without a class of theirs are named: nobody there can take part yet."""

    total: Turnout
    schools: tuple[SchoolTurnout, ...]
    schools_without_class: tuple[str, ...]
    days: tuple[Moment, ...]
    weeks: tuple[Moment, ...]


def share_of(joined: int, pupils: int) -> str:
    """The share of the pupils that came in, in whole per cent; a dash where it is not known how many there are."""
    return f"{round(100 * min(1.0, joined / pupils))} %" if pupils else "–"


def pupils_of(groups: Sequence[ClassGroup]) -> int:
    """The pupils of the classes; 0 where one does not say how many it has, for nobody is to read 100 % where half is missing."""
    return sum(group.pupils for group in groups) if all(group.pupils for group in groups) else 0


def turnout_of(survey: Survey, *, now: datetime | None = None) -> TurnoutReport:
    """The survey's participation at this moment, in five queries; answers that are set aside do not count."""
    in_order = survey.class_groups.with_participation().order_by("school__name", "school_id", "grade", "letter")
    groups = list(in_order.select_related("school"))
    marks = _marks_by_class(survey)
    schools = tuple(_school(list(found), marks) for _, found in groupby(groups, key=lambda group: group.school_id))
    with_class = {group.school_id for group in groups}
    return TurnoutReport(
        total=_turnout(groups, marks),
        schools=schools,
        schools_without_class=tuple(school.name for school in survey.schools.order_by("name") if school.pk not in with_class),
        days=tuple(_days(survey, now or timezone.now())),
        weeks=tuple(_weeks(survey)),
    )


def _marks_by_class(survey: Survey) -> Counter[UUID]:
    found = MarkFilter().marks_of(survey).order_by().values_list("response__class_group").annotate(number=Count("pk"))
    return Counter(dict(found))


def _school(groups: Sequence[ClassGroup], marks: Counter[UUID]) -> SchoolTurnout:
    by_grade = groupby(groups, key=lambda group: group.grade)
    return SchoolTurnout(
        name=groups[0].school.name,
        turnout=_turnout(groups, marks),
        grades=tuple(GradeTurnout(grade, _turnout(list(found), marks)) for grade, found in by_grade),
        silent=tuple(group for group in groups if not _joined(group)),
    )


def _turnout(groups: Sequence[ClassGroup], marks: Counter[UUID]) -> Turnout:
    return Turnout(
        classes=len(groups),
        begun=sum(_joined(group) > 0 for group in groups),
        pupils=pupils_of(groups),
        joined=sum(_joined(group) for group in groups),
        finished=sum(int(getattr(group, "finished", 0)) for group in groups),
        marks=sum(marks[group.pk] for group in groups),
    )


def _joined(group: ClassGroup) -> int:
    return int(getattr(group, "joined", 0))  # annotated by with_participation


def _days(survey: Survey, now: datetime) -> Iterable[Moment]:
    """Each of the last seven days, today last, also those on which nobody came."""
    today = timezone.localdate(now)
    first = today - timedelta(days=DAYS - 1)
    # an answer without its lesson tells its week only, as if it had come on the Monday
    counted = Response.objects.counted().filter(survey=survey, lesson__isnull=False)
    joined = _by_day(counted, "joined_at", first)
    finished = _by_day(counted, "finished_at", first)
    for number in range(DAYS):
        day = first + timedelta(days=number)
        yield Moment(day, joined[day], finished[day], None)


def _by_day(responses: QuerySet[Response], column: str, first: date) -> Counter[date]:
    found = responses.annotate(day=TruncDate(column)).filter(day__gte=first).order_by().values_list("day").annotate(number=Count("pk"))
    return Counter(dict(found))


def _weeks(survey: Survey) -> Iterable[Moment]:
    """Each week in which anybody came or drew, the first first."""
    counted = Response.objects.counted().filter(survey=survey)
    joined = _by_week(counted, "joined_at")
    finished = _by_week(counted.filter(finished_at__isnull=False), "finished_at")
    marks = Counter(dict(MarkFilter().marks_of(survey).order_by().values_list("week").annotate(number=Count("pk"))))
    for monday in sorted({*joined, *finished, *marks}):
        yield Moment(monday, joined[monday], finished[monday], None if 0 < joined[monday] < K else marks[monday])


def _by_week(responses: QuerySet[Response], column: str) -> Counter[date]:
    found = responses.annotate(monday=TruncWeek(column)).order_by().values_list("monday").annotate(number=Count("pk"))
    return Counter({timezone.localdate(monday): number for monday, number in found})
