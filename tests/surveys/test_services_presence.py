"""Signs of life: one row a response, told by counts alone, obeyed by tablets, and gone when the lesson is over."""

from datetime import timedelta

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analysis.filters import MarkFilter
from analysis.services import build_release
from mapping.models import Mark
from surveys import codes, services
from surveys.errors import NotAllowed, NotFound
from surveys.models import Lesson, Presence, Response, Survey
from surveys.services.presence import State, board
from tests.conftest import Tablet, a_place
from tests.factories import MarkFactory, ResponseFactory

pytestmark = pytest.mark.django_db


def _pulse(tablet: Tablet, unsent: int = 0, changes: int = 0) -> dict[str, bool]:
    url = f"/api/v1/responses/{tablet.response}/pulse"
    body = orjson.dumps({"unsent": unsent, "changes": changes})
    answer = tablet.client.post(url, body, content_type="application/json", headers={"Authorization": f"Bearer {tablet.token}"})
    assert answer.status_code == 200, answer.content
    told: dict[str, bool] = answer.json()
    return told


def _ago(**since: float) -> None:
    """Move the clock of what was told: seen_s, active_s seconds into the past."""
    now = timezone.now()
    Presence.objects.update(**{f"{name.removesuffix('_s')}_at": now - timedelta(seconds=seconds) for name, seconds in since.items()})


def _state(lesson: Lesson) -> State:
    return board(lesson).seats[0].state


def test_a_sign_of_life_is_one_statement_and_one_row(ada: Tablet) -> None:
    with CaptureQueriesContext(connection) as seen:
        _pulse(ada, unsent=3, changes=1)
    assert len(seen) == 1
    _pulse(ada, unsent=2, changes=1)
    assert list(Presence.objects.values_list("response_id", "unsent", "changes")) == [(ada.response, 2, 1)]


def test_what_is_kept_is_counts_and_when_and_nothing_else() -> None:
    assert {field.name for field in Presence._meta.get_fields()} == {"response", "seen_at", "active_at", "changes", "unsent"}


def test_a_stranger_cannot_speak_for_a_tablet(ada: Tablet, bo: Tablet) -> None:
    ada.token = bo.token
    url = f"/api/v1/responses/{ada.response}/pulse"
    answer = ada.client.post(url, b'{"unsent":0}', content_type="application/json", headers={"Authorization": f"Bearer {bo.token}"})
    assert answer.status_code == 401
    assert not Presence.objects.exists()


def test_nobody_is_stuck_for_being_paused(ada: Tablet, lesson: Lesson) -> None:
    _pulse(ada, changes=1)
    services.pause_lesson(lesson=lesson, paused=True)
    _ago(active_s=300)
    assert _state(lesson) == State.DRAWING
    services.pause_lesson(lesson=lesson, paused=False)
    assert _state(lesson) == State.DRAWING, "nor in the moment they go on"
    _ago(active_s=181)
    assert _state(lesson) == State.STUCK


def test_the_states_of_a_seat(ada: Tablet, lesson: Lesson) -> None:
    assert _state(lesson) == State.JOINED, "who has not opened the map does not draw"
    _pulse(ada)
    assert _state(lesson) == State.JOINED
    _pulse(ada, changes=1)
    assert _state(lesson) == State.DRAWING
    _ago(active_s=179)
    assert _state(lesson) == State.DRAWING
    _ago(active_s=181)
    assert _state(lesson) == State.STUCK
    _pulse(ada, changes=1)
    assert _state(lesson) == State.STUCK, "the same count again is nothing new"
    _pulse(ada, changes=2)
    assert _state(lesson) == State.DRAWING
    _ago(seen_s=51)
    assert _state(lesson) == State.SILENT
    ada.finish()
    assert _state(lesson) == State.DONE


def test_a_child_who_stays_at_the_card_with_the_animal_may_need_a_hand(ada: Tablet, lesson: Lesson) -> None:
    Response.objects.update(joined_at=timezone.now() - timedelta(minutes=4))
    assert _state(lesson) == State.JOINED, "the lesson itself has just begun"
    Lesson.objects.update(opened_at=timezone.now() - timedelta(minutes=4))
    lesson.refresh_from_db()
    assert _state(lesson) == State.STUCK
    services.pause_lesson(lesson=lesson, paused=True)
    assert _state(lesson) == State.JOINED
    services.pause_lesson(lesson=lesson, paused=False)
    _pulse(ada)
    assert _state(lesson) == State.JOINED


def test_who_draws_on_after_handing_in_is_not_done(ada: Tablet, lesson: Lesson) -> None:
    _pulse(ada, changes=3)
    ada.finish()
    _pulse(ada, changes=4)
    assert _state(lesson) == State.DONE, "that may be told late of what came before"
    Response.objects.update(finished_at=timezone.now() - timedelta(minutes=10))
    _pulse(ada, changes=5)
    assert _state(lesson) == State.DRAWING
    _ago(active_s=181)
    assert _state(lesson) == State.STUCK
    _ago(seen_s=51, active_s=60)
    assert _state(lesson) == State.SILENT
    ada.finish()
    assert _state(lesson) == State.DONE, "handed in again"


def test_who_has_handed_in_and_holds_something_unsent_is_not_done(ada: Tablet, lesson: Lesson) -> None:
    ada.finish()
    _pulse(ada, unsent=1)
    assert _state(lesson) != State.DONE
    _ago(seen_s=51)
    assert _state(lesson) == State.SILENT
    assert [row.unsent for row in board(lesson).unsent] == [1]
    _pulse(ada)
    _ago(seen_s=51)
    assert _state(lesson) == State.DONE, "nothing is missing: it may be put away"


def test_what_a_tablet_holds_is_unknown_when_it_has_not_told_lately(ada: Tablet, lesson: Lesson) -> None:
    assert [row.number for row in board(lesson).unknown] == [0], "never heard from"
    _pulse(ada, changes=1)
    _ago(seen_s=19)
    assert board(lesson).unknown == []
    _ago(seen_s=21)
    assert [row.number for row in board(lesson).unknown] == [0]
    _pulse(ada, unsent=2, changes=1)
    _ago(seen_s=21)
    assert board(lesson).unknown == [], "it is known to hold something"
    _pulse(ada, changes=1)
    ada.finish()
    _ago(seen_s=21)
    assert board(lesson).unknown == [], "all of it has arrived"


def test_tablets_are_told_of_the_pause_and_saving_goes_on(ada: Tablet, lesson: Lesson) -> None:
    assert _pulse(ada) == {"paused": False, "closed": False, "reset": False}
    services.pause_lesson(lesson=lesson, paused=True)
    assert _pulse(ada) == {"paused": True, "closed": False, "reset": False}
    assert ada.put(a_place()).status_code == 201
    assert ada.put_answers(1, {"dager_ute": 3}).status_code == 201
    services.pause_lesson(lesson=lesson, paused=False)
    assert not _pulse(ada)["paused"]


def test_nothing_is_kept_of_a_lesson_that_is_over_but_what_is_unsent(ada: Tablet, lesson: Lesson) -> None:
    other = services.join(code=codes.class_code(lesson.class_group.pk, lesson.class_group.code_serial)).response
    _pulse(ada, unsent=2)
    services.pulse(response_id=other.pk, unsent=0, changes=4)
    services.pause_lesson(lesson=lesson, paused=True)
    services.close_lesson(lesson=lesson)
    assert list(Presence.objects.values_list("response_id", flat=True)) == [ada.response]
    assert _pulse(ada, unsent=1) == {"paused": False, "closed": True, "reset": False}
    _pulse(ada)
    assert not Presence.objects.exists()
    _pulse(ada)
    assert not Presence.objects.exists()


def test_a_lesson_that_runs_out_is_over_without_anybody_ending_it(ada: Tablet, lesson: Lesson) -> None:
    now = timezone.now()
    Lesson.objects.update(opened_at=now - timedelta(hours=2), closes_at=now - timedelta(seconds=1))
    assert _pulse(ada)["closed"]
    assert not Presence.objects.exists()


def test_the_row_falls_with_its_response(ada: Tablet) -> None:
    _pulse(ada)
    assert ada.withdraw().status_code == 204
    assert not Presence.objects.exists()


def test_a_seat_that_was_reset_counts_nowhere_and_begins_anew(ada: Tablet, lesson: Lesson, survey: Survey) -> None:
    ada.put(a_place(comment="Tull"))
    services.reset_seat(lesson=lesson, seat=0)
    assert _pulse(ada)["reset"]
    assert not MarkFilter().marks_of(survey).exists()
    assert not survey.class_groups.with_participation().get().joined
    assert ada.put(a_place()).status_code == 201, "what is still under way is taken, and waits aside"
    again = services.join(code=codes.class_code(lesson.class_group.pk, lesson.class_group.code_serial)).response
    assert again.seat == 1
    assert [row.number for row in board(lesson).seats] == [1]
    assert [row.number for row in board(lesson).set_aside] == [0]


def test_a_reset_is_undone_while_the_lesson_is_open(ada: Tablet, lesson: Lesson, survey: Survey) -> None:
    ada.put(a_place())
    services.reset_seat(lesson=lesson, seat=0)
    services.restore_seat(lesson=lesson, seat=0)
    assert not _pulse(ada)["reset"]
    assert MarkFilter().marks_of(survey).count() == 1


def test_what_was_set_aside_is_deleted_when_the_lesson_ends(ada: Tablet, lesson: Lesson) -> None:
    ada.put(a_place())
    services.reset_seat(lesson=lesson, seat=0)
    services.close_lesson(lesson=lesson)
    assert not Response.objects.exists()
    assert not Mark.objects.exists()
    with pytest.raises(NotAllowed):
        services.restore_seat(lesson=lesson, seat=0)


def test_a_seat_of_another_lesson_is_not_found(lesson: Lesson, bo: Tablet) -> None:
    with pytest.raises(NotFound):
        services.reset_seat(lesson=lesson, seat=0)


def test_a_release_leaves_out_what_was_set_aside(lesson: Lesson, survey: Survey) -> None:
    for seat in range(22):
        response = ResponseFactory.create(class_group=lesson.class_group, lesson=lesson, seat=seat)
        MarkFactory.create(response=response, category=survey.categories.get(code="leke"))
    assert build_release(survey=survey).response_count == 22
    services.reset_seat(lesson=lesson, seat=4)
    assert build_release(survey=survey).response_count == 21
