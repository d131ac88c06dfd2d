"""What was withdrawn or deleted stays so when last night's backup is put back: the list of it is replayed, and links nobody's marks."""

from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.test import Client

from mapping.models import Mark, Tombstone
from mapping.services import delete_expired, list_tombstones, replay_tombstones
from surveys import codes, services
from surveys.models import Lesson, Response, WithdrawnResponse
from tests.conftest import Tablet, a_place, a_way
from tests.mapping.test_retention import _after

pytestmark = pytest.mark.django_db


def _backup() -> str:
    rows: str = serializers.serialize("json", [*Response.objects.all(), *Mark.objects.all(), *Tombstone.objects.all()])
    return rows


def _restore(backup: str) -> None:
    for model in (WithdrawnResponse, Tombstone, Mark, Response):
        model.objects.all().delete()
    for row in serializers.deserialize("json", backup):
        row.save()


def _other(lesson: Lesson) -> Tablet:
    joined = services.join(code=codes.class_code(lesson.class_group.pk, lesson.class_group.code_serial))
    return Tablet(Client(), joined.response.pk, joined.write_token)


def test_what_was_withdrawn_and_deleted_since_the_backup_is_gone_after_a_replay(ada: Tablet, lesson: Lesson, tmp_path: Path) -> None:
    bo = _other(lesson)
    deleted, undone, kept = uuid4(), uuid4(), uuid4()
    ada.put(a_place())
    ada.put(a_way())
    for mark in (deleted, undone, kept):
        bo.put(a_place(), mark)
    backup = _backup()
    receipt = ada.finish().json()["receipt"]
    assert ada.withdraw().status_code == 204
    bo.delete(deleted, 2)
    bo.delete(undone, 2)
    bo.put(a_place(rev=3), undone)
    file = tmp_path / "tombstones"
    with file.open("w") as out:
        call_command("list_tombstones", stdout=out)
    _restore(backup)
    assert services.find_by_receipt(receipt).pk == ada.response, "the backup knows nothing of it"
    said = StringIO()
    for _ in range(2):
        call_command("replay_tombstones", str(file), stdout=said)
        assert list(Response.objects.values_list("pk", flat=True)) == [bo.response]
        assert set(Mark.objects.values_list("pk", flat=True)) == {undone, kept}
    assert said.getvalue().splitlines() == ["2 deletions were carried out once more."] * 2
    assert bo.put(a_place(), deleted).status_code == 410
    assert ada.put(a_place()).status_code == 401


def test_the_list_says_nothing_of_whose_the_marks_were(ada: Tablet) -> None:
    marks = [uuid4() for _ in range(3)]
    for mark in marks:
        ada.put(a_place(), mark)
    ada.delete(marks[0], 2)
    ada.withdraw()
    lines = list(list_tombstones())
    assert [line.split()[:2] for line in lines] == [["response", str(ada.response)], ["mark", str(marks[0])]]
    assert {field.name for field in WithdrawnResponse._meta.get_fields()} == {"id", "withdrawn_on"}
    assert {field.name for field in Tombstone._meta.get_fields()} == {"id", "rev", "deleted_on"}


def test_who_withdraws_and_joins_again_begins_anew_under_another_id(ada: Tablet, lesson: Lesson) -> None:
    """Or a replay would delete the new answers, and what a tablet still has under way would bring the old ones back."""
    ada.withdraw()
    code = codes.class_code(lesson.class_group.pk, lesson.class_group.code_serial)
    assert services.join(code=code, response_id=ada.response).response.pk != ada.response
    assert ada.put(a_place()).status_code == 401


def test_what_a_teacher_has_set_aside_and_ended_stays_gone(ada: Tablet, lesson: Lesson) -> None:
    services.reset_seat(lesson=lesson, seat=0)
    services.close_lesson(lesson=lesson)
    assert WithdrawnResponse.objects.get().pk == ada.response


@pytest.mark.parametrize(
    "line", ["response", "mark {id} 2026-09-07", "response {id} 2026-09-07 3", "response x 2026-09-07", "mark {id} i dag 1"]
)
def test_a_list_of_another_shape_deletes_nothing(ada: Tablet, line: str, tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text(f"response {ada.response} 2026-09-07\n{line.format(id=uuid4())}\n")
    with pytest.raises(CommandError, match="kan ikke leses"):
        call_command("replay_tombstones", str(file))
    assert Response.objects.exists()


def test_an_empty_list_is_one() -> None:
    assert replay_tombstones(["", "\n"]) == 0


def test_what_is_left_goes_after_ninety_days(ada: Tablet) -> None:
    ada.delete(uuid4(), 1)
    ada.withdraw()
    delete_expired(now=_after(89))
    assert len(list(list_tombstones())) == 2
    delete_expired(now=_after(92))
    assert list(list_tombstones()) == []
