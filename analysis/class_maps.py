"""The class's map out of the database: whose answers it is made of, and when there are enough."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from analysis.privacy import class_map as policy
from analysis.services import answered, facts_of, read
from surveys.models import ClassGroup, Entry, Lesson, Response


@dataclass(frozen=True)
class ClassMap:
    """A class's map (analysis/privacy/class_map.py describes it), or how many children are still missing for one."""

    payload: dict[str, Any] | None
    missing: int


def build_class_map(class_group: ClassGroup) -> ClassMap:
    """The map of what the class has handed in by now; while its lesson is on only what is finished counts."""
    survey = class_group.survey
    ready = _ready(class_group)
    count = ready.count()
    wanted = policy.how_many(count)
    if not wanted:
        return ClassMap(None, policy.MIN_CHILDREN - count)
    chosen = list(ready.values_list("pk", flat=True)[:wanted])
    answers, marks = read(survey, Response.objects.filter(pk__in=chosen))
    facts = facts_of(survey)
    return ClassMap(policy.build(facts.themes, facts.public, answers, marks), 0)


def _ready(class_group: ClassGroup) -> QuerySet[Response]:
    """In the order in which they were finished, so that the map of five more holds that of those before.

    What an adult drew is not among them: the teacher who entered four sheets would see what the fifth child drew.
    """
    ready = answered(class_group.survey).filter(class_group=class_group, entry=Entry.SELF)
    if Lesson.objects.open_at().filter(class_group=class_group).exists():
        ready = ready.filter(finished_at__isnull=False)
    return ready.order_by(F("finished_at").asc(nulls_last=True), "seat")
