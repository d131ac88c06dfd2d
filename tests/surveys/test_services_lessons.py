"""Opening, pausing and closing a class's code."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys import codes, services
from surveys.errors import NotAllowed, SurveyClosed
from surveys.models import ClassGroup, Lesson, Survey, User

pytestmark = pytest.mark.django_db


def _open(group: ClassGroup, minutes: int = 90) -> Lesson:
    return services.open_lesson(class_group=group, opened_by=None, length=timedelta(minutes=minutes))


def test_a_lesson_opens_for_ninety_minutes_and_stores_hashes_only(class_group: ClassGroup, tor: User) -> None:
    before = timezone.now()
    lesson = services.open_lesson(class_group=class_group, opened_by=tor)
    assert lesson.closes_at - lesson.opened_at == timedelta(minutes=90)
    assert before <= lesson.opened_at <= timezone.now()
    assert (lesson.opened_by, lesson.is_paused, lesson.is_open) == (tor, False, True)
    code = codes.normalise(codes.class_code(class_group.pk, class_group.code_serial))
    assert class_group.code_hash == codes.lookup_hash(code)
    assert code not in str(ClassGroup.objects.filter(pk=class_group.pk).values())


def test_an_open_lesson_is_the_lesson(class_group: ClassGroup) -> None:
    assert _open(class_group) == _open(class_group, minutes=10)


def test_a_code_stays_open_for_eight_hours_at_most(class_group: ClassGroup) -> None:
    lesson = _open(class_group, minutes=60 * 24)
    assert lesson.closes_at - lesson.opened_at == timedelta(hours=8)


def test_a_lesson_that_ran_out_is_closed_as_of_then_when_the_next_one_opens(class_group: ClassGroup) -> None:
    first = _open(class_group)
    now = timezone.now()
    Lesson.objects.update(opened_at=now - timedelta(hours=2), closes_at=now - timedelta(hours=1))
    second = _open(class_group)
    first.refresh_from_db()
    assert first.closed_at == first.closes_at
    assert (first.is_open, second.is_open) == (False, True)
    assert second != first


def test_the_same_class_keeps_its_code_from_lesson_to_lesson(class_group: ClassGroup) -> None:
    first = _open(class_group)
    before = class_group.code_hash
    services.close_lesson(lesson=first)
    _open(class_group)
    assert class_group.code_hash == before


@pytest.mark.parametrize("status", [Survey.Status.DRAFT, Survey.Status.CLOSED, Survey.Status.DELETED])
def test_no_lesson_opens_in_a_survey_that_is_not_open(class_group: ClassGroup, status: str) -> None:
    Survey.objects.update(status=status)
    with pytest.raises(SurveyClosed):
        _open(class_group)
    assert not Lesson.objects.exists()


@pytest.mark.parametrize(("opens_in", "closes_in"), [(1, 2), (-2, -1)])
def test_no_lesson_opens_before_or_after_the_survey_s_dates(class_group: ClassGroup, opens_in: int, closes_in: int) -> None:
    today = timezone.localdate()
    Survey.objects.update(opens_on=today + timedelta(days=opens_in), closes_on=today + timedelta(days=closes_in))
    with pytest.raises(SurveyClosed):
        _open(class_group)


def test_the_first_and_the_last_day_count(class_group: ClassGroup) -> None:
    today = timezone.localdate()
    Survey.objects.update(opens_on=today, closes_on=today)
    assert _open(class_group).is_open


def test_closing_twice_is_closing_once(lesson: Lesson) -> None:
    closed_at = services.close_lesson(lesson=lesson).closed_at
    assert services.close_lesson(lesson=lesson).closed_at == closed_at


def test_what_is_over_cannot_be_paused(lesson: Lesson) -> None:
    assert services.pause_lesson(lesson=lesson, paused=True).is_paused
    services.close_lesson(lesson=lesson)
    with pytest.raises(NotAllowed):
        services.pause_lesson(lesson=lesson, paused=False)
