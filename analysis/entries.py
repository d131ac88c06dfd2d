"""Of which classes it may be told who drew: the child's own hand, or an adult's for a group or from a sheet.

The marks of one child are never shown linked. Where a class's school has three sheets among forty children, "from paper" would pick the
marks of three out of all; so nothing is told of a school's grade band in which responses of one way are there, but fewer than K of them.
Then no word tells more of a child than school and grade band did already. Source: docs/decisions/047.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, Expression, F, OuterRef, Sum, Value, When

from analysis.privacy.suppress import K, shown
from mapping.models import Mark
from surveys.models import Entry, GradeBand, Response, Survey


@dataclass(frozen=True)
class ByAdults:
    """What adults have drawn in a survey, as a planner reads it: few as "1–4"; children only where there are K groups or more."""

    sheets: str
    groups: str
    children: str


def has_adults(survey: Survey) -> bool:
    """Whether an adult has drawn anything; of most surveys nothing more need be asked. Whoever reads a survey for a page may ask along."""
    known: bool | None = getattr(survey, ASKED_ALONG, None)
    return Response.objects.counted().by_adults().filter(survey=survey).exists() if known is None else known


ASKED_ALONG = "has_adults"


def asking_for_adults() -> Exists:
    """For a queryset of surveys, under the name ASKED_ALONG: what has_adults() will need."""
    return Exists(Response.objects.counted().by_adults().filter(survey=OuterRef("pk")))


def silent_classes(survey: Survey) -> list[UUID]:
    """The classes of whose marks it is not told who drew them; in order. Only responses with marks are counted, for others hide nobody."""
    if not has_adults(survey):
        return []
    drew = Exists(Mark.objects.filter(response=OuterRef("pk")))
    rows = Response.objects.counted().filter(drew, survey=survey).order_by()
    cells: dict[tuple[int, GradeBand], Counter[str]] = defaultdict(Counter)
    classes: dict[tuple[int, GradeBand], set[UUID]] = defaultdict(set)
    columns = ("class_group_id", "class_group__school_id", "class_group__grade", "entry")
    for group, school, grade, entry, number in rows.values_list(*columns).annotate(number=Count("pk")):
        cell = school, GradeBand.of(grade)
        cells[cell][entry] += number
        classes[cell].add(group)
    silent = [classes[cell] for cell, ways in cells.items() if len(ways) > 1 and min(ways.values()) < K]
    return sorted(set().union(*silent))


def told_entry(survey: Survey) -> Expression | None:
    """A mark's entry as far as it is told, else ""; None where no adult has drawn and there is nothing to tell."""
    if not has_adults(survey):
        return None
    hidden = When(response__class_group__in=silent_classes(survey), then=Value(""))
    return Case(hidden, default=F("response__entry"), output_field=CharField())


def by_adults(survey: Survey) -> ByAdults | None:
    """How much adults have drawn in the whole survey; None where they have not."""
    found = Response.objects.counted().by_adults().filter(survey=survey)
    rows = {entry: (number, children) for entry, number, children in found.values_list("entry").annotate(Count("pk"), Sum("children"))}
    if not rows:
        return None
    sheets, _ = rows.get(Entry.PAPER, (0, 0))
    groups, children = rows.get(Entry.ASSISTED, (0, 0))
    return ByAdults(sheets=shown(sheets), groups=shown(groups), children=shown(children) if groups >= K else "")
