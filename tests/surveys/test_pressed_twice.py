"""A button pressed twice, or by two at once: the second press finds what the first one did."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.models import ClassGroup, Lesson, School, Survey, User

PATIENCE_S = 60
"""How long another thread may take on a machine that does many things at once."""


def _meanwhile(second: Callable[[], None], first: Callable[[], object], lock: Callable[[], object]) -> None:
    """Let the second press come as far as the lock, then have the first one done."""

    def press() -> None:
        try:
            second()
        finally:
            connection.close()

    thread = threading.Thread(target=press)
    try:
        with transaction.atomic():
            lock()
            thread.start()
            _until_somebody_waits()
            first()
    finally:
        thread.join(PATIENCE_S)


def _until_somebody_waits() -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05), EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))")
            if cursor.fetchone()[1]:
                return
    pytest.fail("the second press never came to the lock")


@pytest.mark.django_db(transaction=True)
def test_starting_a_lesson_twice_is_starting_it_once(client: Client, tor: User, class_group: ClassGroup) -> None:
    client.force_login(tor)
    answers = []

    def first() -> Lesson:
        now = timezone.now()
        lesson: Lesson = Lesson.objects.create(class_group=class_group, opened_at=now, closes_at=now + timedelta(minutes=90))
        return lesson

    _meanwhile(
        lambda: answers.append(client.post(reverse("surveys:start-lesson", args=[class_group.pk]))),
        first,
        lambda: ClassGroup.objects.select_for_update().get(pk=class_group.pk),
    )
    assert [answer.status_code for answer in answers] == [302]
    assert answers[0]["Location"] == reverse("surveys:lesson", args=[Lesson.objects.get().pk])


@pytest.mark.django_db(transaction=True)
def test_adding_a_class_twice_adds_it_once_and_says_so(client: Client, pia: User, survey: Survey, school: School) -> None:
    client.force_login(pia)
    answers = []
    form = {"school": school.pk, "grade": "5", "letter": "Q", "pupils": "27"}
    _meanwhile(
        lambda: answers.append(client.post(reverse("surveys:setup", args=[survey.pk]), form)),
        lambda: ClassGroup.objects.create(survey=survey, school=school, grade=5, letter="Q"),
        lambda: Survey.objects.select_for_update().get(pk=survey.pk),
    )
    assert [answer.status_code for answer in answers] == [200]
    assert "5Q ved Fjellheim skole er alt med i undersøkelsen." in answers[0].content.decode()
    assert ClassGroup.objects.filter(letter="Q").count() == 1
