"""What of the demo has to be seen to at every start: the code of one class stays open. Light: no town is built here."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from surveys import services
from surveys.models import ClassGroup, Lesson, Survey

NUMBER = "9901"
"""No county has a number of 99, so no real municipality can ever be called this."""

OPEN_CLASS = (6, "B")
"""Grade and letter of the class whose lesson is going on."""

OPEN_AT_ONCE = timedelta(hours=8)
"""The longest a lesson may last."""


def keep_open(survey: Survey) -> ClassGroup:
    """The demo's class with its code open for the next hours: a lesson that ends soon is followed by a new one."""
    group = ClassGroup.objects.get(survey=survey, grade=OPEN_CLASS[0], letter=OPEN_CLASS[1])
    running = Lesson.objects.open_at(timezone.now()).filter(class_group=group).first()
    if running is not None and running.closes_at - timezone.now() < OPEN_AT_ONCE / 2:
        services.close_lesson(lesson=running)
    services.open_lesson(class_group=group, opened_by=None, length=OPEN_AT_ONCE)
    return group
