"""Who has answered a survey and who has not: by school and grade band, the finest that a planner sees."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from analysis.filters import MarkFilter
from analysis.privacy.suppress import shown
from analysis.services import answered
from surveys.models import GradeBand, Survey


@dataclass(frozen=True)
class Asked:
    """One school's classes of one grade band: how many pupils they have, 0 where it is not said, and how many have answered."""

    school: str
    band: GradeBand
    pupils: int
    answered: int


@dataclass(frozen=True)
class Heard:
    """Those who were asked, school by school and band by band."""

    rows: tuple[Asked, ...]

    @property
    def answered(self) -> str:
        """How many children have answered; few as a range."""
        return shown(sum(row.answered for row in self.rows))

    @property
    def pupils(self) -> int:
        """How many pupils there are in the classes; 0 where some class does not say."""
        return sum(row.pupils for row in self.rows) if all(row.pupils for row in self.rows) else 0

    @property
    def bands(self) -> tuple[str, ...]:
        """The grade bands of which somebody has answered."""
        return _labels({row.band for row in self.rows if row.answered})

    @property
    def silent_bands(self) -> tuple[str, ...]:
        """The grade bands of which nobody has: they were not asked, or have not answered."""
        return _labels(set(GradeBand) - {row.band for row in self.rows if row.answered})

    @property
    def silent(self) -> tuple[str, ...]:
        """Schools, or a school's grade bands, that have classes and no answer."""
        answered_of: dict[str, int] = defaultdict(int)
        for row in self.rows:
            answered_of[row.school] += row.answered
        schools = [school for school, number in answered_of.items() if not number]
        return (*schools, *(f"{row.school} {row.band.label}" for row in self.rows if not row.answered and answered_of[row.school]))


def heard(survey: Survey, chosen: MarkFilter) -> Heard:
    """Who of those the filter means (school, grade band, who drew) was asked and has answered; what they drew does not matter."""
    numbers = dict(chosen.children_of(survey, answered(survey)).values_list("class_group").annotate(Count("pk")))
    classes = survey.class_groups.select_related("school").order_by("school__name", "grade")
    rows: dict[tuple[str, GradeBand], list[int]] = defaultdict(lambda: [0, 0])
    unsaid = set()
    for group in classes:
        band = GradeBand.of(group.grade)
        if (chosen.school and str(group.school_id) not in chosen.school) or (chosen.grade_band and band.value not in chosen.grade_band):
            continue
        of_row = rows[group.school.name, band]
        of_row[0] += group.pupils
        of_row[1] += numbers.get(group.pk, 0)
        if not group.pupils:
            unsaid.add((group.school.name, band))
    return Heard(tuple(Asked(*key, 0 if key in unsaid else pupils, number) for key, (pupils, number) in rows.items()))


def _labels(bands: set[GradeBand]) -> tuple[str, ...]:
    return tuple(str(band.label) for band in GradeBand if band in bands)
