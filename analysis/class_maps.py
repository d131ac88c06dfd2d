"""The class's map out of the database: whose answers it is made of, and when there are enough."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from analysis.privacy import class_map as policy
from analysis.services import answered, facts_of, read
from surveys.models import ClassGroup, Entry, Lesson, Response


@dataclass(frozen=True)
class ClassMap:
    """A class's map (analysis/privacy/class_map.py describes it), or how many children are still missing for one."""

    payload: dict[str, Any] | None
    missing: int


def build_class_map(class_group: ClassGroup) -> ClassMap:
    """The map of what the class has handed in by now; while its lesson is on only what is finished comes to it."""
    chosen, missing = _choose(class_group)
    if missing:
        return ClassMap(None, missing)
    survey = class_group.survey
    answers, marks = read(survey, Response.objects.filter(pk__in=chosen))
    facts = facts_of(survey)
    return ClassMap(policy.build(facts.themes, facts.public, answers, marks, k=settings.MIN_GROUP_SIZE), 0)


@transaction.atomic
def _choose(class_group: ClassGroup) -> tuple[list[UUID], int]:
    """Whose answers the map is made of, or how many children are still missing for one.

    Who was on a map once stays on it, and others come after them, in the order in which they were finished. That is written down: the
    hours are forgotten a week after the lesson (mapping/services/retention.py), and another ten would differ from these by single children.
    """
    ClassGroup.objects.select_for_update(no_key=True).only("pk").get(pk=class_group.pk)  # two looks at once are one after the other
    ready = _ready(class_group)
    count = ready.count()
    wanted = policy.how_many(count)
    if not wanted:
        return [], policy.MIN_CHILDREN - count
    shown = list(ready.filter(map_step__isnull=False).order_by("map_step", "seat").values_list("pk", flat=True))
    waiting = ready.filter(map_step=None).order_by(F("finished_at").asc(nulls_last=True), "seat")
    if new := list(waiting.values_list("pk", flat=True)[: max(0, wanted - len(shown))]):
        last = Response.objects.filter(class_group=class_group).aggregate(last=Max("map_step"))["last"] or 0
        Response.objects.filter(pk__in=new).update(map_step=last + 1)
    return (shown + new)[:wanted], 0


def _ready(class_group: ClassGroup) -> QuerySet[Response]:
    """What may come to the map. What an adult drew may not: the teacher who entered four sheets would see what the fifth child drew."""
    ready = answered(class_group.survey).filter(class_group=class_group, entry=Entry.SELF)
    if Lesson.objects.open_at().filter(class_group=class_group).exists():
        ready = ready.filter(Q(finished_at__isnull=False) | Q(map_step__isnull=False))
    return ready
