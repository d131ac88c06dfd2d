"""An adult draws for children: who gets the right to, what is marked as such, and how long the right lasts."""

import time
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from mapping.models import Mark
from mapping.services.retention import delete_expired
from surveys import codes, services
from surveys.errors import CodeRefused, InvalidBody, NotAllowed, SurveyClosed
from surveys.models import ClassGroup, Entry, Lesson, Membership, Response, Survey, User
from tests.conftest import Tablet, a_place
from tests.factories import ResponseFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(class_group: ClassGroup, tor: User) -> str:
    """Tor's right to enter the class's sheets."""
    return services.draw_for(class_group=class_group, user=tor, entry=Entry.PAPER)


@pytest.fixture
def group(class_group: ClassGroup, tor: User) -> str:
    """Tor's right to draw for groups of the class."""
    return services.draw_for(class_group=class_group, user=tor, entry=Entry.ASSISTED)


def _join(**body: Any) -> "Answer":
    answer: Answer = Client().post("/api/v1/join", orjson.dumps(body), content_type="application/json")
    return answer


def test_a_sheet_becomes_a_response_that_is_marked_and_belongs_to_no_lesson(paper: str, class_group: ClassGroup) -> None:
    joined = services.join_for(grant=paper)
    response = Response.objects.get()
    assert (response.entry, response.children, response.lesson, response.class_group) == ("paper", 1, None, class_group)
    assert joined.is_new
    assert codes.is_write_token(joined.write_token, response.pk)


def test_a_group_says_how_many_it_is_and_is_one_response(group: str) -> None:
    services.join_for(grant=group, children=7)
    assert list(Response.objects.values_list("entry", "children")) == [("assisted", 7)]


def test_what_is_drawn_with_the_code_is_the_childs_own(ada: Tablet) -> None:
    assert list(Response.objects.values_list("entry", "children")) == [("self", 1)]


def test_every_sheet_is_a_response_of_its_own_and_the_same_again_is_the_same(paper: str) -> None:
    first, again, second = uuid4(), uuid4(), uuid4()
    assert services.join_for(grant=paper, response_id=first).is_new
    assert not services.join_for(grant=paper, response_id=first).is_new
    services.join_for(grant=paper, response_id=second)
    assert again not in set(Response.objects.values_list("pk", flat=True))
    assert sorted(Response.objects.values_list("seat", flat=True)) == [0, 1]


def test_a_whole_sheet_goes_through_the_api_and_its_receipt_works(paper: str) -> None:
    body = _join(grant=paper).json()
    assert (body["entry"], body["children"], body["grade_band"]) == ("paper", 1, "5-7")
    tablet = Tablet(Client(), body["response"], body["write_token"])
    assert tablet.put(a_place()).status_code == 201
    receipt = tablet.finish().json()["receipt"]
    assert services.find_by_receipt(receipt).entry == Entry.PAPER
    assert Mark.objects.get().response.entry == Entry.PAPER


def test_a_childs_join_says_that_it_draws_for_itself(lesson: Lesson) -> None:
    body = _join(code=codes.class_code(lesson.class_group.pk, 0)).json()
    assert (body["entry"], body["children"]) == ("self", 1)


def test_a_sheet_of_several_children_and_a_group_of_none_or_too_many_are_refused(paper: str, group: str) -> None:
    with pytest.raises(InvalidBody):
        services.join_for(grant=paper, children=2)
    assert _join(grant=paper, children=2).status_code == 422
    assert [_join(grant=group, children=number).status_code for number in (0, 41, "3", 40)] == [422, 422, 422, 201]


@pytest.mark.parametrize("spoil", [lambda grant: grant[:-1], lambda grant: "x" + grant, lambda _: "a:b:c", lambda grant: grant + "x"])
def test_a_grant_that_was_changed_opens_nothing_and_counts_as_a_wrong_code(paper: str, spoil: Any) -> None:
    with pytest.raises(CodeRefused):
        services.join_for(grant=spoil(paper))
    answers = [_join(grant=spoil(paper)).status_code for _ in range(22)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_a_grant_ends_after_a_working_day(paper: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + timedelta(hours=7, minutes=59).total_seconds())
    services.join_for(grant=paper)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + timedelta(hours=8, minutes=1).total_seconds())
    with pytest.raises(CodeRefused):
        services.join_for(grant=paper)


def test_a_grant_ends_with_the_role_the_account_and_the_survey(paper: str, tor: User, survey: Survey) -> None:
    def is_refused() -> bool:
        try:
            with transaction.atomic():
                services.join_for(grant=paper)
                transaction.set_rollback(True)
        except CodeRefused:
            return True
        return False

    assert not is_refused()
    for model, change, back in (
        (User, {"is_active": False}, {"is_active": True}),
        (Survey, {"status": "closed"}, {"status": "open"}),
        (Survey, {"status": "deleted"}, {"status": "open"}),
    ):
        model.objects.update(**change)
        assert is_refused(), change
        model.objects.update(**back)
    Membership.objects.filter(user=tor).delete()
    assert is_refused()


def test_nobody_else_gets_the_right(class_group: ClassGroup, kai: User, pol: User, pia: User) -> None:
    for user in (kai, pol):
        with pytest.raises(NotAllowed):
            services.draw_for(class_group=class_group, user=user, entry=Entry.PAPER)
    with pytest.raises(NotAllowed):
        services.draw_for(class_group=class_group, user=pia, entry=Entry.SELF)
    assert services.draw_for(class_group=class_group, user=pia, entry=Entry.PAPER)


def test_a_survey_that_is_not_open_today_gives_no_right(class_group: ClassGroup, tor: User) -> None:
    Survey.objects.update(opens_on=timezone.localdate() - timedelta(days=9), closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(SurveyClosed):
        services.draw_for(class_group=class_group, user=tor, entry=Entry.PAPER)


def test_a_sheets_response_is_not_taken_over_by_a_child_nor_a_childs_by_an_adult(paper: str, group: str, ada: Tablet) -> None:
    sheet = services.join_for(grant=paper).response.pk
    code = codes.class_code(ClassGroup.objects.get(pk=Response.objects.get(pk=sheet).class_group_id).pk, 0)
    with pytest.raises(CodeRefused):
        services.join(code=code, response_id=sheet)
    for taken in (ada.response, sheet):
        with pytest.raises(CodeRefused):
            services.join_for(grant=group, response_id=taken)


def test_nothing_tells_who_held_the_pen_or_at_what_hour(paper: str, tor: User) -> None:
    body = _join(grant=paper).json()
    Tablet(Client(), body["response"], body["write_token"]).finish()
    response = Response.objects.get()
    begun = timezone.localtime(response.joined_at)
    assert (begun.hour, begun.minute, begun.second) == (0, 0, 0)
    values = {str(value) for value in Response.objects.values().get().values()}
    assert not values & {str(tor.pk), tor.username}
    delete_expired(now=timezone.now() + timedelta(days=8))
    response.refresh_from_db()
    assert response.finished_at is not None
    assert (response.finished_at.hour, response.finished_at.minute) == (0, 0)
    assert delete_expired(now=timezone.now() + timedelta(days=8))["answers tied to a lesson, 7 days after it"] == 0


def test_the_board_of_a_lesson_has_no_seat_for_a_sheet(lesson: Lesson, paper: str) -> None:
    services.join_for(grant=paper)
    assert lesson.responses.count() == 0
    assert services.drawn_by_adults(lesson.class_group) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"entry": "guess"}, {"entry": "paper", "children": 2}, {"entry": "self", "children": 2}, {"children": 0}]
    + [{"entry": "assisted", "children": number} for number in (0, -1, 41)],
)
def test_the_database_refuses_a_mark_of_who_drew_that_means_nothing(class_group: ClassGroup, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponseFactory.create(class_group=class_group, **wrong)


def test_a_site_from_before_can_go_on_writing(class_group: ClassGroup) -> None:
    ResponseFactory.create(class_group=class_group)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_response (id, survey_id, class_group_id, seat, answers, answers_rev, joined_at, writable_until)"
            " SELECT gen_random_uuid(), survey_id, class_group_id, 99, '{}', 0, joined_at, writable_until FROM surveys_response"
        )
    assert list(Response.objects.values_list("entry", "children").distinct()) == [("self", 1)]


def test_the_columns_come_to_a_table_with_rows_and_go_again(class_group: ClassGroup) -> None:
    kept = ResponseFactory.create(class_group=class_group).pk
    executor = MigrationExecutor(connection)
    before = executor.loader.project_state([("surveys", "0005_draft_languages_of_a_municipality")])
    change = import_module("surveys.migrations.0006_who_drew").Migration("0006_who_drew", "surveys")
    after = change.mutate_state(before, preserve=True)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; DROP INDEX response_drawn_by_adult")
        with connection.schema_editor(atomic=False) as editor:
            change.unapply(before, editor)
        assert "entry" not in _columns()
        with connection.schema_editor(atomic=False) as editor:
            change.apply(before.clone(), editor)
        assert after.models["surveys", "response"].fields["entry"].max_length == 8
        assert Response.objects.get(pk=kept).entry == Entry.SELF
        transaction.set_rollback(True)


def _columns() -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, "surveys_response")}
