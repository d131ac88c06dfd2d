"""A kept bundle is the one that would be built now, whoever changed what it is made of, and is not built again while nothing has."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from mapping.bundle import build_bundle
from mapping.kept_bundles import kept_bundle
from mapping.models import Basemap
from surveys.models import Category, Municipality, Question, School, Survey, Theme

pytestmark = pytest.mark.django_db


def _built(survey: Survey) -> dict[str, Any]:
    built: dict[str, Any] = orjson.loads(orjson.dumps(build_bundle(Survey.objects.get(pk=survey.pk))))
    return built


def _kept(survey: Survey) -> dict[str, Any]:
    kept = kept_bundle(survey.pk)
    assert kept is not None
    told: dict[str, Any] = orjson.loads(kept.body)
    return told


def _other_words(words: dict[str, Any]) -> dict[str, Any]:
    return {language: {**entry, "label": "Noe annet"} for language, entry in words.items()}


def _change_title(survey: Survey) -> None:
    Survey.objects.filter(pk=survey.pk).update(title=dict.fromkeys(survey.title, "En annen tittel"))


def _change_theme(survey: Survey) -> None:
    theme = survey.themes.all()[0]
    Theme.objects.filter(pk=theme.pk).update(words=_other_words(theme.words))


def _change_category(survey: Survey) -> None:
    category = survey.categories.all()[0]
    Category.objects.filter(pk=category.pk).update(words=_other_words(category.words))


def _change_question(survey: Survey) -> None:
    Question.objects.filter(pk=survey.questions.all()[0].pk).delete()


def _change_school(survey: Survey) -> None:
    School.objects.filter(surveys=survey).update(name="En annen skole")


def _take_school(survey: Survey) -> None:
    survey.schools.clear()


def _turn_on_a_draft(survey: Survey) -> None:
    """A language of the survey's that the municipality does not offer yet."""
    Municipality.objects.filter(pk=survey.municipality_id).update(draft_languages=["ar"])


def _add_basemap(survey: Survey) -> None:
    _make_basemap(survey, kind=Basemap.Kind.XYZ, url="https://tiles.example/{z}/{x}/{y}.png")


def _make_basemap(survey: Survey, **source: str) -> None:
    Basemap.objects.create(municipality=survey.municipality, name="Et kart", attribution="Kommunen", is_active=True, **source)


CHANGES = [_change_title, _change_theme, _change_category, _change_question, _change_school, _take_school, _turn_on_a_draft, _add_basemap]


@pytest.fixture
def asked(settings: Settings, tmp_path: Path, survey: Survey) -> Survey:
    """The survey, with folders of its own for basemaps and recordings, and a draft language among its own."""
    settings.DATA_DIR, settings.BASEMAP_ROOT = tmp_path, tmp_path / "basemaps"
    survey.languages = [*survey.languages, "ar"]
    survey.title["ar"] = survey.title["nb"]
    for mode in survey.modes.values():
        mode["words"]["ar"] = mode["words"]["nb"]
    survey.save()
    parts: list[Theme | Category | Question] = [*survey.themes.all(), *survey.categories.all(), *survey.questions.all()]
    for part in parts:
        part.words["ar"] = part.words["nb"]
        part.save()
    return survey


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_in_the_database_is_in_the_next_bundle(asked: Survey, change: Callable[[Survey], None]) -> None:
    before = _kept(asked)
    change(asked)
    assert _kept(asked) != before
    assert _kept(asked) == _built(asked)


def test_a_recording_that_comes_or_goes_is_in_the_next_bundle(asked: Survey, tmp_path: Path) -> None:
    assert _kept(asked)["recordings"] == {}
    sound = tmp_path / "recordings" / str(asked.pk) / "nb" / "questions.arstid.mp3"
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"ID3")
    assert set(_kept(asked)["recordings"]["nb"]) == {"questions.arstid"}
    sound.unlink()
    assert _kept(asked)["recordings"] == {}


def test_places_that_the_basemap_names_anew_are_in_the_next_bundle(asked: Survey, settings: Settings) -> None:
    _make_basemap(asked, kind=Basemap.Kind.PMTILES, file_name="town.pmtiles")
    assert "Lia" not in {place["name"] for place in _kept(asked)["places"]}
    middle = asked.study_area.point_on_surface
    Path(settings.BASEMAP_ROOT).mkdir()
    places = Path(settings.BASEMAP_ROOT) / "town.places.json"
    places.write_bytes(orjson.dumps([{"name": "Lia", "kind": "playground", "position": [middle.x, middle.y]}]))
    assert "Lia" in {place["name"] for place in _kept(asked)["places"]}


def test_it_is_built_once_and_then_costs_one_query(asked: Survey) -> None:
    first = kept_bundle(asked.pk)
    with CaptureQueriesContext(connection) as queries:
        assert kept_bundle(asked.pk) is first
    assert len(queries) == 1


@pytest.mark.parametrize("status", [Survey.Status.DRAFT, Survey.Status.DELETED])
def test_of_a_survey_that_is_not_for_pupils_there_is_none(client: Client, asked: Survey, status: str) -> None:
    assert kept_bundle(asked.pk) is not None
    Survey.objects.filter(pk=asked.pk).update(status=status)
    assert kept_bundle(asked.pk) is None
    assert kept_bundle(uuid4()) is None
    assert client.get(f"/api/v1/surveys/{asked.pk}/bundle").status_code == 404


def test_packed_or_plain_it_is_the_same_and_known_by_the_same_etag(client: Client, asked: Survey) -> None:
    url = f"/api/v1/surveys/{asked.pk}/bundle"
    plain = client.get(url)
    packed = client.get(url, headers={"Accept-Encoding": "gzip, deflate"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["ETag"], packed["Vary"], plain["Vary"]) == (plain["ETag"], "Accept-Encoding", "Accept-Encoding")
    for etag in (plain["ETag"], f'"0123", {plain["ETag"]}', plain["ETag"].removeprefix("W/")):
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(url, headers={"If-None-Match": '"0123"'}).status_code == 200
