"""put_mark and delete_mark through the capture API: what is safe, what is refused, which revision wins."""

import hashlib
from uuid import uuid4

import orjson
import pytest

from mapping.models import Mark, Tombstone
from mapping.services import release_comment
from surveys.models import Response, Survey
from tests import places
from tests.conftest import Tablet, a_place, a_way

pytestmark = pytest.mark.django_db


def test_a_new_mark_is_stored_where_it_was_drawn_and_the_receipt_names_its_bytes(ada: Tablet) -> None:
    mark, body = uuid4(), orjson.dumps(a_place(comment="Her er det gøy"))
    answer = ada.put(body, mark)
    assert answer.status_code == 201
    assert orjson.loads(answer.content) == {"id": str(mark), "rev": 1, "sha256": hashlib.sha256(body).hexdigest()}
    stored = Mark.objects.get(pk=mark)
    assert (stored.geom.coords, stored.geom.srid) == (places.PLAYGROUND, 4326)  # type: ignore[union-attr]
    assert (stored.kind, stored.category.code, stored.comment, stored.comment_state) == ("place", "leke", "Her er det gøy", "held")
    assert stored.survey_id == Response.objects.get(pk=ada.response).survey_id


def test_the_same_mark_twice_is_one_mark(ada: Tablet) -> None:
    mark, body = uuid4(), orjson.dumps(a_way())
    first, second = ada.put(body, mark), ada.put(body, mark)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    assert Mark.objects.count() == 1


def test_a_newer_revision_replaces_and_an_older_one_changes_nothing(ada: Tablet) -> None:
    mark = uuid4()
    ada.put(a_place(rev=1), mark)
    assert ada.put(a_place("bade", rev=3), mark).status_code == 200
    late = ada.put(a_place("leke", rev=2), mark)
    assert (late.status_code, orjson.loads(late.content)["rev"]) == (200, 3)
    assert Mark.objects.get(pk=mark).category.code == "bade"


def test_the_same_revision_with_another_body_is_a_conflict(ada: Tablet) -> None:
    mark = uuid4()
    ada.put(a_place("leke"), mark)
    answer = ada.put(a_place("bade"), mark)
    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (409, "revision-conflict")
    assert answer["Content-Type"] == "application/problem+json"
    assert Mark.objects.get(pk=mark).category.code == "leke"


def test_a_deleted_mark_leaves_a_tombstone_that_refuses_late_copies_but_not_an_undo(ada: Tablet) -> None:
    mark = uuid4()
    ada.put(a_place(), mark)
    assert ada.delete(mark, rev=2).status_code == 204
    assert not Mark.objects.exists()
    again = ada.delete(mark, rev=2)
    assert (again.status_code, again["Trakk-Receipt"]) == (204, f"{mark} 2"), "a deletion has a receipt, and a replay has the same"
    assert Tombstone.objects.get(pk=mark).rev == 2
    assert ada.put(a_place(rev=1), mark).status_code == 410
    assert ada.put(a_place(rev=2), mark).status_code == 410
    assert ada.put(a_place(rev=3), mark).status_code == 201
    late = ada.delete(mark, rev=2)
    assert (late.status_code, late.json()["rev"]) == (409, 3), "the deletion is older than what is stored, and is told so"


def test_a_deletion_that_arrives_before_its_mark_still_counts(ada: Tablet) -> None:
    mark = uuid4()
    assert ada.delete(mark, rev=2).status_code == 204
    assert ada.put(a_place(rev=1), mark).status_code == 410


def test_a_way_too_short_to_cut_safely_counts_without_geometry(ada: Tablet) -> None:
    mark = uuid4()
    assert ada.put({**a_way(), "geometry": None}, mark).status_code == 201
    stored = Mark.objects.get(pk=mark)
    assert (stored.geom, stored.mode) == (None, "ga")
    answer = ada.put({**a_place(), "geometry": None})
    assert (answer.status_code, orjson.loads(answer.content)["pointer"]) == (422, "/geometry")


@pytest.mark.parametrize(
    ("feature", "code", "pointer"),
    [
        (a_place("finnes_ikke"), "invalid-answer", "/properties/category"),
        (a_way(mode="romskip"), "invalid-answer", "/properties/mode"),
        (a_place(mode="ga"), "invalid-answer", "/properties/mode"),
        (a_place(position=places.OUTSIDE), "outside-study-area", "/geometry/coordinates"),
        ({**a_place("skoleveg")}, "wrong-type", "/geometry/type"),
        (a_way(answers={"skoleveg_trygghet": "9"}), "invalid-answer", "/properties/answers/skoleveg_trygghet"),
        (a_way(answers={"hva": "nei"}), "invalid-answer", "/properties/answers/hva"),
    ],
)
def test_what_the_survey_does_not_have_is_refused_with_its_place(ada: Tablet, feature: dict[str, object], code: str, pointer: str) -> None:
    answer = ada.put(feature)
    problem = orjson.loads(answer.content)
    assert (answer.status_code, problem["code"]) == (422, code), problem
    assert problem["pointer"] == pointer
    assert not Mark.objects.exists()


def test_an_answer_that_fits_its_question_is_kept(ada: Tablet) -> None:
    assert ada.put(a_way(answers={"skoleveg_trygghet": "4"})).status_code == 201
    assert Mark.objects.get().answers == {"skoleveg_trygghet": "4"}


def test_a_category_has_a_limit_and_a_replay_is_not_counted_twice(ada: Tablet) -> None:
    marks = [uuid4() for _ in range(3)]
    for mark in marks:
        assert ada.put(a_way(), mark).status_code == 201
    answer = ada.put(a_way())
    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (422, "too-many-marks")
    assert ada.put(a_way(), marks[0]).status_code == 200


def test_changed_words_are_held_again_and_the_released_ones_taken_back(ada: Tablet) -> None:
    mark = uuid4()
    ada.put(a_place(comment="Fint her"), mark)
    release_comment(mark=Mark.objects.get(pk=mark))
    ada.put(a_place(comment="Fint her", position=places.CROSSING, rev=2), mark)
    assert Mark.objects.get(pk=mark).published_comment == "Fint her", "moving a mark changes no words"
    ada.put(a_place(comment="Ring meg", rev=3), mark)
    stored = Mark.objects.get(pk=mark)
    assert (stored.comment_state, stored.published_comment) == ("held", "")


def test_one_pupil_can_neither_write_nor_read_nor_delete_anothers(ada: Tablet, bo: Tablet) -> None:
    mark = uuid4()
    ada.put(a_place(), mark)
    thief = Tablet(bo.client, ada.response, bo.token)
    assert [thief.put(a_place()).status_code, thief.read().status_code, thief.delete(mark, 9).status_code] == [401, 401, 401]
    assert bo.put(a_place(rev=2), mark).status_code == 409, "the id is taken"
    assert bo.delete(mark, 9).status_code == 409
    assert Mark.objects.get(pk=mark).response_id == ada.response


def test_a_closed_lesson_and_a_closed_survey_still_take_what_was_begun_a_deleted_survey_does_not(ada: Tablet) -> None:
    Survey.objects.update(status=Survey.Status.CLOSED)
    assert ada.put(a_place()).status_code == 201
    Survey.objects.update(status=Survey.Status.DELETED)
    answer = ada.put(a_place())
    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (403, "survey-closed")


def test_marks_may_come_after_finishing_and_the_receipt_reads_and_withdraws(ada: Tablet) -> None:
    ada.put(a_place())
    receipt = orjson.loads(ada.finish().content)["receipt"]
    assert orjson.loads(ada.finish().content)["receipt"] == receipt, "finishing twice is finishing once"
    assert ada.put(a_place("bade")).status_code == 201
    headers = {"Authorization": f"Receipt {receipt.lower()}"}
    url = f"/api/v1/responses/{ada.response}"
    answer = ada.client.get(url, headers=headers)
    assert answer.status_code == 200
    assert len(answer.json()["marks"]) == 2
    assert ada.client.delete(url, headers=headers).status_code == 204
    assert not Mark.objects.exists()
    assert not Response.objects.filter(pk=ada.response).exists()
