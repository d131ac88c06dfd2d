"""Recorded questions: told in the bundle, played in parts, and never a way to another file."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from mapping.recordings import recordings_of
from surveys.models import Survey

pytestmark = pytest.mark.django_db

NONE = ("questions.arstid.txt", "categories.leke.mp3", "notes.mp3")
SOUND = b"ID3" + bytes(range(200))


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, survey: Survey) -> Path:
    """The survey's recordings in bokmål: one question and one step, and files that are none."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "secret.mp3").write_bytes(b"secret")
    folder = tmp_path / "recordings" / str(survey.pk) / "nb"
    folder.mkdir(parents=True)
    for name in ("questions.arstid.mp3", "themes.way.m4a", "why.way.ogg", "modes.skoleveg.mp3", "list.place.mp3", *NONE):
        (folder / name).write_bytes(SOUND)
    return folder


def _url(survey: Survey, language: str = "nb", name: str = "questions.arstid.mp3") -> str:
    return reverse("mapping:recording", args=[survey.pk, language, name])


def test_the_bundle_tells_which_questions_are_recorded_in_which_language(client: Client, survey: Survey, folder: Path) -> None:
    recordings = client.get(f"/api/v1/surveys/{survey.pk}/bundle").json()["recordings"]
    assert set(recordings) == {"nb"}
    assert set(recordings["nb"]) == {"questions.arstid", "themes.way", "why.way", "modes.skoleveg", "list.place"}
    answer = client.get(recordings["nb"]["themes.way"])
    assert (answer.status_code, answer["Content-Type"], answer.getvalue()) == (200, "audio/mp4", SOUND)


def test_a_survey_without_recordings_says_so(client: Client, survey: Survey) -> None:
    assert client.get(f"/api/v1/surveys/{survey.pk}/bundle").json()["recordings"] == {}


def test_a_recording_made_anew_has_another_address(survey: Survey, folder: Path) -> None:
    before = recordings_of(survey.pk, ["nb"])["nb"]["questions.arstid"]
    (folder / "questions.arstid.mp3").touch()
    assert recordings_of(survey.pk, ["nb"])["nb"]["questions.arstid"] != before


def test_safari_gets_the_bytes_it_asks_for(client: Client, survey: Survey, folder: Path) -> None:
    answer = client.get(_url(survey), headers={"Range": "bytes=0-1"})
    assert (answer.status_code, answer["Content-Range"], answer.getvalue()) == (206, f"bytes 0-1/{len(SOUND)}", SOUND[:2])


@pytest.mark.parametrize("wanted", ["bytes={}-", "bytes=-{}", "bytes=0-{}"])
def test_a_range_of_more_digits_than_a_number_can_have_gets_the_whole(client: Client, survey: Survey, folder: Path, wanted: str) -> None:
    answer = client.get(_url(survey), headers={"Range": wanted.format("9" * 5000)})
    assert (answer.status_code, answer.getvalue()) == (200, SOUND)


@pytest.mark.parametrize(
    "name", ["questions.arstid.txt", "notes.mp3", "categories.leke.mp3", "questions.none.mp3", "..", "questions...mp3"]
)
def test_a_name_that_is_no_recording_is_not_found(client: Client, survey: Survey, folder: Path, name: str) -> None:
    assert client.get(_url(survey, name=name)).status_code == 404


@pytest.mark.parametrize("path", ["../../secret.mp3", "..%2F..%2Fsecret.mp3", "nb/../../../secret.mp3", "%2e%2e/questions.arstid.mp3"])
def test_no_other_file_can_be_reached(client: Client, survey: Survey, folder: Path, path: str) -> None:
    assert client.get(f"/lyd/{survey.pk}/{path}").status_code == 404


@pytest.mark.parametrize(("status", "expected"), [("draft", 404), ("open", 200), ("closed", 200), ("deleted", 404)])
def test_only_a_survey_that_pupils_may_see_is_heard(client: Client, survey: Survey, folder: Path, status: str, expected: int) -> None:
    Survey.objects.filter(pk=survey.pk).update(status=status)
    answer = client.get(_url(survey))
    assert answer.status_code == expected
    if answer.streaming:
        answer.getvalue()
