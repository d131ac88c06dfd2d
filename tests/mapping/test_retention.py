"""The retention job with a moved clock: each rule on its day and not before, counts that are true, and nothing the second time."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from analysis.services import build_release
from mapping.models import Mark
from mapping.services import delete_expired, drop_comment, release_comment
from surveys import codes, services
from surveys.models import Lesson, Presence, Response, Survey, WrongTry
from tests.conftest import Tablet, a_place
from tests.factories import MarkFactory, ResponseFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _after(days: float) -> datetime:
    return timezone.now() + days * DAY


def _done(days: float) -> set[str]:
    """Which rules found something so many days from now."""
    return {name for name, count in delete_expired(now=_after(days)).items() if count}


def test_a_seat_at_which_nothing_was_said_goes_when_nothing_can_come_any_more(ada: Tablet, lesson: Lesson) -> None:
    services.close_lesson(lesson=lesson)
    delete_expired(now=_after(6.9))
    assert Response.objects.exists()
    delete_expired(now=_after(7.2))
    assert not Response.objects.exists()


def test_a_seat_with_a_mark_or_an_answer_stays(ada: Tablet, lesson: Lesson) -> None:
    ada.put(a_place())
    other = services.join(code=codes.class_code(lesson.class_group.pk, lesson.class_group.code_serial)).response
    Response.objects.filter(pk=other.pk).update(answers={"dager_ute": 3})
    delete_expired(now=_after(20))
    assert Response.objects.count() == 2


def test_a_childs_own_words_go_ninety_days_after_somebody_read_them(ada: Tablet) -> None:
    for number in range(3):
        ada.put(a_place(comment=f"Ord {number}"))
    released, dropped, held = Mark.objects.order_by("comment")
    release_comment(mark=released, text="Ord")
    drop_comment(mark=dropped)
    delete_expired(now=_after(90))
    assert not Mark.objects.filter(comment="").exists()
    assert "children's own words, 90 days after they were read" in _done(91)
    for mark in (released, dropped, held):
        mark.refresh_from_db()
    assert (released.comment, released.published_comment, dropped.comment, held.comment) == ("", "Ord", "", "Ord 2")


def test_answers_go_on_the_surveys_own_date_and_releases_stay(lesson: Lesson, survey: Survey) -> None:
    for seat in range(22):
        response = ResponseFactory.create(class_group=lesson.class_group, seat=seat)
        MarkFactory.create(response=response, category=survey.categories.get(code="leke"))
    release = build_release(survey=survey)
    Survey.objects.update(retention_until=timezone.localdate() + 100 * DAY)
    delete_expired(now=_after(100))
    assert Response.objects.count() == 22
    assert "answers of surveys whose date has come" in _done(101)
    assert not Response.objects.exists()
    assert not Mark.objects.exists()
    release.refresh_from_db()
    assert release.payload["n_responses"] >= 20


def test_answers_go_after_24_months_even_where_the_survey_says_later(ada: Tablet) -> None:
    ada.put(a_place())
    Survey.objects.update(retention_until=date(2100, 1, 1))
    delete_expired(now=_after(720))
    assert Response.objects.exists()
    delete_expired(now=_after(731))
    assert not Response.objects.exists()


def test_seven_days_after_the_lesson_nothing_ties_an_answer_to_it_or_to_an_hour(ada: Tablet, lesson: Lesson) -> None:
    ada.put(a_place())
    receipt = ada.finish().json()["receipt"]
    services.close_lesson(lesson=lesson)
    delete_expired(now=_after(6.9))
    assert Response.objects.get().lesson == lesson
    delete_expired(now=_after(7.03))
    response = Response.objects.get()
    assert response.writable_until > _after(7.05), "what can still be delivered is"
    delete_expired(now=_after(7.2))
    response = Response.objects.get()
    assert response.finished_at is not None
    until = response.writable_until.astimezone(UTC)
    assert (until.hour, until.minute, until.second, until.microsecond) == (0, 0, 0, 0), "it would tell the lesson's end"
    joined, finished = response.joined_at.astimezone(UTC), response.finished_at.astimezone(UTC)
    assert response.lesson is None
    assert (joined.weekday(), joined.hour, joined.minute, joined.second) == (0, 0, 0, 0)
    assert (finished.hour, finished.minute, finished.second) == (0, 0, 0)
    assert services.find_by_receipt(receipt) == response, "the receipt still opens it"


def test_a_lesson_that_nobody_closed_is_over_when_it_has_run_out(ada: Tablet, lesson: Lesson) -> None:
    ada.put(a_place())
    services.pulse(response_id=ada.response, unsent=1, changes=1)
    services.reset_seat(lesson=lesson, seat=0)
    delete_expired(now=_after(0.01))
    assert Response.objects.exists()
    assert Presence.objects.exists()
    delete_expired(now=_after(0.1))
    assert not Response.objects.exists(), "what was set aside"
    assert not Presence.objects.exists()


def test_wrong_codes_go_after_thirty_days() -> None:
    codes.count_wrong_try("192.0.2.1")
    delete_expired(now=_after(29.9))
    assert WrongTry.objects.exists()
    assert _done(30.1) == {"wrong codes older than 30 days"}
    assert not WrongTry.objects.exists()


def test_the_second_run_finds_nothing_and_a_dry_run_touches_nothing(ada: Tablet, lesson: Lesson) -> None:
    ada.put(a_place(comment="Ord"))
    release_comment(mark=Mark.objects.get())
    services.pulse(response_id=ada.response, unsent=1, changes=1)
    counted = delete_expired(now=_after(120), dry_run=True)
    assert Mark.objects.get().comment == "Ord"
    assert delete_expired(now=_after(120)) == counted
    assert not any(delete_expired(now=_after(120)).values())


def test_the_command_prints_a_line_a_rule(ada: Tablet) -> None:
    out = StringIO()
    call_command("delete_expired", "--dry-run", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(delete_expired(dry_run=True)) + 1
    assert lines[0].split(maxsplit=1) == ["0", "answers of surveys whose date has come"]
    assert lines[-1] == "Nothing was deleted (--dry-run)."
