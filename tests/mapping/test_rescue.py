"""A file from a tablet that could not send is taken in like the requests it stands for: checked, once, and for its own class only."""

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mapping.models import Mark
from mapping.services.rescue import take_in
from surveys.errors import InvalidBody, NotFound, SurveyClosed, TokenRefused
from surveys.models import ClassGroup, Lesson, Response, Survey, User
from tests.conftest import Tablet, a_place, a_way

pytestmark = pytest.mark.django_db


def _job(resource: str, body: dict[str, Any] | None, *, rev: int = 1, method: str = "PUT") -> dict[str, Any]:
    return {"resource": resource, "method": method, "rev": rev, "body": None if body is None else json.dumps(body)}


def _file(tablet: Tablet, *jobs: dict[str, Any], **changes: Any) -> bytes:
    survey = Response.objects.get(pk=tablet.response).survey_id
    file = {"trakk": 1, "survey": str(survey), "response": str(tablet.response), "token": tablet.token, "jobs": list(jobs)}
    return json.dumps(file | changes).encode()


def test_marks_answers_and_the_handing_in_are_stored(ada: Tablet, class_group: ClassGroup) -> None:
    mark = uuid4()
    # as in the tablet's queue, where the handing in can lie before a late mark
    jobs = [
        _job("finish", {}, method="POST"),
        _job(f"marks/{mark}", a_place(comment="Fint her")),
        _job("answers", {"rev": 1, "answers": {"dager_ute": 3}}),
    ]
    rescued = take_in(data=_file(ada, *jobs), class_group=class_group)
    assert (rescued.safe, rescued.refused) == (3, [])
    stored = Mark.objects.get(pk=mark)
    assert (stored.comment, stored.rev) == ("Fint her", 1)
    assert bytes(stored.sha256) == hashlib.sha256(jobs[1]["body"].encode()).digest()
    response = Response.objects.get(pk=ada.response)
    assert response.answers == {"dager_ute": 3}
    assert response.finished_at is not None


def test_what_the_tablet_delivers_afterwards_is_not_twice(ada: Tablet, class_group: ClassGroup) -> None:
    mark, body = uuid4(), a_way()
    job = _job(f"marks/{mark}", body)
    take_in(data=_file(ada, job), class_group=class_group)
    assert ada.put(job["body"].encode(), mark).status_code == 200
    assert take_in(data=_file(ada, job), class_group=class_group).safe == 1
    assert Mark.objects.filter(response_id=ada.response).count() == 1


def test_what_a_tablet_may_not_deliver_any_more_an_adult_may(ada: Tablet, class_group: ClassGroup) -> None:
    """After seven days the tablet is refused, and says that a file can be made: the file must be worth something."""
    Response.objects.update(writable_until=timezone.now() - timedelta(days=20))
    mark, body = uuid4(), a_place()
    assert ada.put(body, mark).json()["code"] == "survey-closed"
    jobs = [_job(f"marks/{mark}", body), _job("answers", {"rev": 1, "answers": {"dager_ute": 3}}), _job("finish", {}, method="POST")]
    rescued = take_in(data=_file(ada, *jobs), class_group=class_group)
    assert (rescued.safe, rescued.refused) == (3, [])
    assert Mark.objects.get(pk=mark).response_id == ada.response
    assert Response.objects.get(pk=ada.response).writable_until < timezone.now() + timedelta(hours=2)


def test_nothing_comes_into_a_survey_that_is_deleted(ada: Tablet, class_group: ClassGroup, survey: Survey) -> None:
    Survey.objects.filter(pk=survey.pk).update(status=Survey.Status.DELETED)
    with pytest.raises(SurveyClosed):
        take_in(data=_file(ada, _job(f"marks/{uuid4()}", a_place())), class_group=class_group)
    assert not Mark.objects.exists()


def test_a_deletion_is_done(ada: Tablet, class_group: ClassGroup) -> None:
    mark = uuid4()
    ada.put(a_place(), mark)
    rescued = take_in(data=_file(ada, _job(f"marks/{mark}", None, rev=2, method="DELETE")), class_group=class_group)
    assert rescued.safe == 1
    assert not Mark.objects.filter(pk=mark).exists()


def test_one_mark_that_is_turned_down_keeps_no_other_out(ada: Tablet, class_group: ClassGroup) -> None:
    outside = _job(f"marks/{uuid4()}", a_place(position=(20.0, 70.0)))
    torn = {"resource": f"marks/{uuid4()}", "method": "PUT", "rev": 1, "body": '{"type": "Feat'}
    rescued = take_in(data=_file(ada, outside, torn, _job(f"marks/{uuid4()}", a_place())), class_group=class_group)
    assert rescued.safe == 1
    assert len(rescued.refused) == 2
    assert Mark.objects.filter(response_id=ada.response).count() == 1


def test_a_file_writes_its_own_response_only(ada: Tablet, bo: Tablet, class_group: ClassGroup) -> None:
    job = _job(f"marks/{uuid4()}", a_place())
    with pytest.raises(TokenRefused):
        take_in(data=_file(ada, job, token=bo.token), class_group=class_group)
    with pytest.raises(NotFound):
        take_in(data=_file(bo, job), class_group=class_group)
    assert not Mark.objects.exists()


@pytest.mark.parametrize("data", [b"", b"ikke en fil", b"[]", b'{"trakk": 2}', b'{"trakk": 1, "jobs": []}', b"{" * 100_000])
def test_another_file_is_named_as_such(data: bytes, class_group: ClassGroup) -> None:
    with pytest.raises(InvalidBody, match="ikke en fil fra et nettbrett"):
        take_in(data=data, class_group=class_group)


@pytest.mark.parametrize("resource", ["marks/../../x", "answers/1", "responses", ""])
def test_a_job_for_anything_else_makes_it_no_file_of_ours(ada: Tablet, class_group: ClassGroup, resource: str) -> None:
    with pytest.raises(InvalidBody):
        take_in(data=_file(ada, _job(resource, a_place())), class_group=class_group)
    assert not Mark.objects.exists()


def test_a_mark_without_a_name_is_turned_down(ada: Tablet, class_group: ClassGroup) -> None:
    rescued = take_in(data=_file(ada, _job("marks/" + "-" * 36, a_place())), class_group=class_group)
    assert (rescued.safe, len(rescued.refused)) == (0, 1)


def test_the_teacher_uploads_a_file_and_reads_what_became_of_it(ada: Tablet, tor: User, lesson: Lesson) -> None:
    client = Client()
    client.force_login(tor)
    mark = uuid4()
    upload = SimpleUploadedFile("trakk-1a2b3c4d.json", _file(ada, _job(f"marks/{mark}", a_place())), "application/json")
    answer = client.post(reverse("mapping:rescue", args=[lesson.pk]), {"file": upload})
    assert "én ting er trygt lagret" in " ".join(answer.content.decode().split())
    assert Mark.objects.get(pk=mark).response_id == UUID(str(ada.response))
    wrong = client.post(reverse("mapping:rescue", args=[lesson.pk]), {"file": SimpleUploadedFile("x.json", b"{}")})
    assert wrong.status_code == 422
    assert "ikke en fil fra et nettbrett" in wrong.content.decode()
