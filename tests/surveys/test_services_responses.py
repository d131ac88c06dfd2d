"""join, put_answers, finish, withdraw: one seat a response, the newest answers win, what is withdrawn is gone."""

import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from mapping.models import Mark
from surveys import codes, services
from surveys.errors import CodeRefused, InvalidAnswer, RevisionConflict, SurveyClosed
from surveys.models import ClassGroup, Lesson, Response, Survey
from tests.conftest import Tablet, a_place
from tests.factories import ClassGroupFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

JOIN = "/api/v1/join"


def _code(group: ClassGroup) -> str:
    return codes.class_code(group.pk, group.code_serial)


def _post(body: dict[str, Any]) -> "Answer":
    answer: Answer = Client().post(JOIN, body, content_type="application/json")
    return answer


@pytest.mark.django_db
def test_joining_gives_a_seat_and_the_right_to_write(lesson: Lesson) -> None:
    answer = _post({"code": _code(lesson.class_group)})
    body = answer.json()
    assert answer.status_code == 201
    assert body["survey"] == str(lesson.class_group.survey_id)
    assert body["seat"]["words"]["nb"] == "blå rev"
    assert (body["grade_band"], body["finished"]) == ("5-7", False)
    assert body["school"]["name"] == "Fjellheim skole"
    assert body["school"]["location"]["type"] == "Point"
    assert codes.is_write_token(body["write_token"], UUID(body["response"]))


@pytest.mark.django_db
def test_the_link_s_token_opens_what_the_code_opens(lesson: Lesson) -> None:
    group = lesson.class_group
    assert _post({"token": codes.class_token(group.pk, group.code_serial)}).status_code == 201
    assert _post({"code": _code(group).lower().replace("-", " ")}).status_code == 201


@pytest.mark.django_db
def test_joining_again_with_the_same_id_is_the_same_join(lesson: Lesson) -> None:
    body = {"code": _code(lesson.class_group), "response": str(uuid4())}
    first, second = _post(body), _post(body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Response.objects.count() == 1


@pytest.mark.django_db
def test_an_id_that_belongs_to_another_class_is_refused_like_a_wrong_code(lesson: Lesson, bo: Tablet) -> None:
    answer = _post({"code": _code(lesson.class_group), "response": str(bo.response)})
    assert (answer.status_code, answer.json()["code"]) == (404, "code-refused")


@pytest.mark.django_db
def test_a_pupil_who_goes_on_in_a_later_lesson_can_write_again(lesson: Lesson) -> None:
    joined = services.join(code=_code(lesson.class_group))
    Response.objects.update(writable_until=timezone.now() - timedelta(days=1))
    services.close_lesson(lesson=lesson)
    later = services.open_lesson(class_group=lesson.class_group, opened_by=None)
    again = services.join(code=_code(later.class_group), response_id=joined.response.pk)
    assert (again.is_new, again.response.lesson_id, again.response.seat) == (False, later.pk, joined.response.seat)
    assert again.response.writable_until == later.closes_at + services.responses.DELIVER_FOR


def _close(lesson: Lesson) -> None:
    services.close_lesson(lesson=lesson)


def _run_out(lesson: Lesson) -> None:
    now = timezone.now()
    Lesson.objects.update(opened_at=now - timedelta(hours=2), closes_at=now - timedelta(seconds=1))


def _close_survey(lesson: Lesson) -> None:
    Survey.objects.update(status=Survey.Status.CLOSED)


def _delete_survey(lesson: Lesson) -> None:
    Survey.objects.update(status=Survey.Status.DELETED)


def _end_the_dates(lesson: Lesson) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Survey.objects.update(opens_on=yesterday, closes_on=yesterday)


def _take_a_new_code(lesson: Lesson) -> None:
    ClassGroup.objects.update(code_hash=codes.lookup_hash("ANOTHER"), token_hash=codes.lookup_hash("ANOTHER"))


UNUSABLE = [_close, _run_out, _close_survey, _delete_survey, _end_the_dates, _take_a_new_code]


@pytest.mark.django_db
@pytest.mark.parametrize("make_unusable", UNUSABLE)
@pytest.mark.parametrize("by", ["code", "token"])
def test_wrong_closed_and_unknown_get_the_very_same_answer(
    lesson: Lesson, make_unusable: Callable[[Lesson], None], by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: noon)  # a new minute in mid-test would be counted in a new row
    group = lesson.class_group
    right = _code(group) if by == "code" else codes.class_token(group.pk, group.code_serial)
    _post({by: "wrong"})  # the minute's first wrong try makes the row that later ones count in
    unknown, unknown_queries = _observed({by: "2222-2222"})
    make_unusable(lesson)
    refused, queries = _observed({by: right})
    assert refused.status_code == 404
    assert refused.content == unknown.content
    assert dict(refused.headers) == dict(unknown.headers)
    # the same statements in the same order: what the database does, and so how long it takes, does not tell them apart
    assert queries == unknown_queries


def _observed(body: dict[str, Any]) -> tuple["Answer", list[str]]:
    with CaptureQueriesContext(connection) as seen:
        answer = _post(body)
    return answer, [re.sub(r"'[^']*'|s\d+_x\d+|\d+", "?", query["sql"]) for query in seen.captured_queries]


@pytest.mark.django_db
def test_a_lesson_that_is_paused_still_lets_a_late_pupil_in(lesson: Lesson) -> None:
    services.pause_lesson(lesson=lesson, paused=True)
    assert _post({"code": _code(lesson.class_group)}).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{}, {"code": ""}, {"token": ""}, {"code": "-- --"}])
def test_no_code_at_all_is_a_wrong_code(lesson: Lesson, body: dict[str, str]) -> None:
    ClassGroupFactory.create(survey=lesson.class_group.survey, school=lesson.class_group.school, letter="B")
    assert _post(body).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_thirty_pupils_who_join_at_once_get_thirty_seats(lesson: Lesson) -> None:
    code = _code(lesson.class_group)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _in_thread({"code": code}), range(30)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["seat"]["words"]["nb"] for answer in answers}) == 30
    assert sorted(Response.objects.values_list("seat", flat=True)) == list(range(30))


@pytest.mark.django_db(transaction=True)
def test_one_tablet_that_joins_eight_times_at_once_has_one_seat(lesson: Lesson) -> None:
    body = {"code": _code(lesson.class_group), "response": str(uuid4())}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _in_thread(body), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert Response.objects.get().seat == 0


def _in_thread(body: dict[str, Any]) -> "Answer":
    try:
        return _post(body)
    finally:
        connection.close()


@pytest.mark.django_db
def test_a_new_seat_is_not_one_that_a_withdrawn_pupil_had(lesson: Lesson) -> None:
    first = services.join(code=_code(lesson.class_group))
    services.withdraw(response=first.response)
    assert services.join(code=_code(lesson.class_group)).response.seat == 1


@pytest.mark.django_db
def test_answers_are_stored_and_the_receipt_names_their_bytes(ada: Tablet) -> None:
    answer = ada.put_answers(1, {"lov_a_ga": "ja", "dager_ute": 4})
    assert answer.status_code == 201
    stored = Response.objects.get(pk=ada.response)
    assert stored.answers == {"lov_a_ga": "ja", "dager_ute": 4}
    assert answer.json() == {"id": str(ada.response), "rev": 1, "sha256": bytes(stored.answers_sha256 or b"").hex()}


@pytest.mark.django_db
def test_the_newest_revision_of_the_answers_wins(ada: Tablet) -> None:
    first = ada.put_answers(1, {"dager_ute": 1})
    assert ada.put_answers(1, {"dager_ute": 1}).json() == first.json(), "a replay is the same receipt"
    assert ada.put_answers(3, {"dager_ute": 3}).status_code == 200
    late = ada.put_answers(2, {"dager_ute": 2})
    assert (late.status_code, late.json()["rev"]) == (200, 3)
    assert Response.objects.get(pk=ada.response).answers == {"dager_ute": 3}
    other = ada.put_answers(3, {"dager_ute": 7})
    assert (other.status_code, other.json()["code"]) == (409, "revision-conflict")


@pytest.mark.django_db
def test_answers_that_fit_no_question_change_nothing(ada: Tablet) -> None:
    ada.put_answers(1, {"dager_ute": 1})
    answer = ada.put_answers(2, {"dager_ute": 9})
    assert (answer.status_code, answer.json()["pointer"]) == (422, "/answers/dager_ute")
    answer = ada.put_answers(2, {"skoleveg_trygghet": "1"})
    assert answer.status_code == 422, "that question hangs on a mark"
    assert Response.objects.get(pk=ada.response).answers_rev == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_revisions_sent_at_once_the_newest_is_kept(ada: Tablet) -> None:
    def send(rev: int) -> int:
        try:
            return Tablet(Client(), ada.response, ada.token).put_answers(rev, {"dager_ute": rev % 8}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(send, range(8, 0, -1)))
    assert statuses <= {200, 201}
    stored = Response.objects.get(pk=ada.response)
    assert (stored.answers_rev, stored.answers) == (8, {"dager_ute": 0})


def _put(response: Response, rev: int, answers: dict[str, Any]) -> tuple[Response, bool]:
    digest = hashlib.sha256(repr((rev, answers)).encode()).digest()
    return services.put_answers(response=response, rev=rev, answers=answers, sha256=digest)


@pytest.mark.django_db
def test_the_service_says_what_the_api_says(lesson: Lesson) -> None:
    response = services.join(code=_code(lesson.class_group)).response
    assert _put(response, 1, {"lov_a_ga": "nei"})[1]
    assert not _put(response, 1, {"lov_a_ga": "nei"})[1]
    with pytest.raises(RevisionConflict):
        _put(response, 1, {"lov_a_ga": "ja"})
    with pytest.raises(InvalidAnswer):
        _put(response, 2, {"lov_a_ga": "kanskje"})
    with pytest.raises(CodeRefused):
        services.join(code="2222-2222")


@pytest.mark.django_db
def test_what_was_begun_may_be_delivered_for_seven_days_after_the_lesson(lesson: Lesson) -> None:
    response = services.join(code=_code(lesson.class_group)).response
    assert response.writable_until == lesson.closes_at + timedelta(days=7)
    services.close_lesson(lesson=lesson)
    _put(response, 1, {"dager_ute": 1})
    response.writable_until = timezone.now() - timedelta(seconds=1)
    response.save()
    for write in (lambda: _put(response, 2, {"dager_ute": 2}), lambda: services.finish(response=response)):
        with pytest.raises(SurveyClosed):
            write()


@pytest.mark.django_db
def test_a_deleted_survey_takes_nothing_more(ada: Tablet) -> None:
    Survey.objects.update(status=Survey.Status.DELETED)
    assert ada.put_answers(1, {"dager_ute": 1}).status_code == 403
    assert ada.finish().status_code == 403


@pytest.mark.django_db
def test_finishing_gives_a_receipt_of_which_only_a_hash_is_stored(ada: Tablet) -> None:
    receipt = ada.finish().json()["receipt"]
    assert ada.finish().json()["receipt"] == receipt
    stored = Response.objects.get(pk=ada.response)
    assert stored.finished_at is not None
    assert bytes(stored.receipt_hash or b"") == codes.receipt_hash(receipt)
    assert _post({"code": _code(stored.class_group), "response": str(ada.response)}).json()["finished"] is True


@pytest.mark.django_db
def test_the_receipt_comes_with_the_seat_and_opens_what_was_never_handed_in(ada: Tablet) -> None:
    """Such answers count in releases, so whoever gave them has the same rights as one who pressed the button."""
    group = Response.objects.get(pk=ada.response).class_group
    receipt = _post({"code": _code(group), "response": str(ada.response)}).json()["receipt"]
    assert services.find_by_receipt(receipt).pk == ada.response
    assert ada.finish().json()["receipt"] == receipt
    assert services.find_by_receipt(receipt).pk == ada.response


@pytest.mark.django_db
def test_a_receipt_once_given_outlives_a_change_of_the_secret_key(ada: Tablet, settings: Settings) -> None:
    group = Response.objects.get(pk=ada.response).class_group
    receipt = _post({"code": _code(group), "response": str(ada.response)}).json()["receipt"]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key-" + "y" * 32
    assert [ada.finish().json()["receipt"] for _ in range(2)] == [receipt, receipt]
    settings.SECRET_KEY_FALLBACKS = []
    assert services.find_by_receipt(receipt).pk == ada.response


@pytest.mark.django_db
def test_withdrawing_removes_the_answers_and_the_marks_and_the_right_to_write(ada: Tablet, bo: Tablet) -> None:
    ada.put(a_place())
    bo.put(a_place())
    assert ada.withdraw().status_code == 204
    assert not Response.objects.filter(pk=ada.response).exists()
    assert set(Mark.objects.values_list("response_id", flat=True)) == {bo.response}
    assert {ada.put(a_place()).status_code, ada.put_answers(1, {}).status_code, ada.read().status_code, ada.withdraw().status_code} == {401}
