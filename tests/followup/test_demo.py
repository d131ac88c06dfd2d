"""The demo is whole after one command, stays as it is after a second, and touches nothing that is not its own."""

import json
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from analysis.models import Release
from followup.demo import remove_demo
from followup.models import Decision, Finding
from mapping.demo.live import NUMBER
from mapping.demo.seed import clock_at
from mapping.models import Basemap, Mark
from surveys import services
from surveys.models import AccessToken, ClassGroup, Lesson, Membership, Municipality, Response, Role, School, Survey, User
from surveys.services.people import access_token_hash
from tests.factories import MunicipalityFactory

BASE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def demo(folder: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """The demo, made once for all tests here and taken back after them."""
    with (
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=folder, BASEMAP_ROOT=folder / "basemaps"),
        transaction.atomic(),
    ):
        call_command("seed_demo", base=BASE, verbosity=0)
        yield json.loads((folder / "demo.json").read_text(encoding="utf-8"))
        transaction.set_rollback(True)


@pytest.fixture
def survey(demo: dict[str, Any], db: None) -> Survey:
    return Survey.objects.get(pk=demo["survey"])


def again(folder: Path, settings: Any, **options: Any) -> dict[str, Any]:
    settings.DATA_DIR, settings.BASEMAP_ROOT = folder, folder / "basemaps"
    call_command("seed_demo", base=BASE, verbosity=0, **options)
    found: dict[str, Any] = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    return found


def test_solvik_has_two_schools_twelve_classes_and_an_open_survey(survey: Survey) -> None:
    assert survey.municipality.number == NUMBER
    assert Survey.objects.open_now().filter(pk=survey.pk).exists()
    schools = School.objects.filter(municipality=survey.municipality).order_by("grade_low")
    assert [(school.name, school.grade_low, school.grade_high) for school in schools] == [
        ("Solvik barneskole", 1, 7),
        ("Solvik ungdomsskole", 8, 10),
    ]
    assert all(school.grounds is not None for school in schools)
    assert ClassGroup.objects.filter(survey=survey).count() == 12


def test_its_answers_came_over_six_weeks_and_this_one(survey: Survey) -> None:
    marks = Mark.objects.filter(survey=survey)
    assert 2600 <= marks.count() <= 3300
    assert 270 <= Response.objects.filter(survey=survey).count() <= 290
    weeks = set(marks.values_list("week", flat=True))
    this_week = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    assert weeks == {this_week - timedelta(weeks=ago) for ago in range(7)}


def test_every_category_but_rare_ones_was_used_and_every_mark_fits_its_kind(survey: Survey) -> None:
    used = Counter(Mark.objects.filter(survey=survey).values_list("category__code", flat=True))
    assert len(used) >= 38
    assert used["skoleveg"] > 200
    assert not Mark.objects.filter(survey=survey, geom__isnull=True).exclude(kind="route").exists()


def test_most_words_are_released_and_telling_ones_are_not(survey: Survey) -> None:
    states = Counter(Mark.objects.filter(survey=survey).exclude(comment="").values_list("comment_state", flat=True))
    assert states["released"] > 900
    assert 30 < states["held"] < 400
    assert states["dropped"] >= 1
    public = Mark.objects.filter(survey=survey, comment_state="released").values_list("published_comment", flat=True)
    assert not [text for text in public if "heter" in text and text.split("heter ")[1][0].isupper() and "Balder" not in text]
    assert not [text for text in public if "@" in text or "bor i " in text]


def test_one_class_is_at_it_now_and_the_others_are_done(demo: dict[str, Any], survey: Survey) -> None:
    running = Lesson.objects.open_at(timezone.now()).filter(class_group__survey=survey)
    assert [str(lesson.class_group) for lesson in running] == ["6B"]
    assert running[0].closes_at - timezone.now() > timedelta(hours=7)
    still = Response.objects.filter(survey=survey, finished_at__isnull=True)
    assert {str(response.class_group) for response in still} == {"6B"}
    joined = services.join(code=demo["pupil"]["code"])
    assert joined.is_new
    assert services.join(token=demo["pupil"]["token"]).is_new


def test_the_basemap_is_the_municipalitys_and_can_be_read(survey: Survey, folder: Path) -> None:
    basemap = Basemap.objects.get(municipality=survey.municipality, is_default=True)
    assert basemap.is_active
    path = folder / "basemaps" / basemap.file_name
    assert path.stat().st_size < 1_000_000
    assert {name for name, _ in pyogrio.list_layers(path)} >= {"earth", "water", "roads", "buildings", "pois"}


def test_the_public_release_stands_with_findings_in_its_own_cells(demo: dict[str, Any], survey: Survey) -> None:
    release = Release.objects.get(survey=survey, status=Release.Status.PUBLIC)
    assert str(release.pk) in demo["politician"]["url"]
    cells = {cell["id"] for cell in release.payload["cells"]}
    findings = Finding.objects.filter(survey=survey)
    assert len(findings) == 3
    assert all(finding.cell_ids and set(finding.cell_ids) <= cells for finding in findings)
    assert Decision.objects.filter(finding__survey=survey).count() >= 4


def test_every_account_opens_its_door_and_has_its_role(demo: dict[str, Any], survey: Survey, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # as in settings.py, when the demo was made
    for role in ("teacher", "planner", "politician", "operator"):
        user = User.objects.get(username=demo[role]["user"])
        assert user.check_password(demo[role]["password"])
        assert not user.is_superuser
        assert set(Membership.objects.filter(user=user).values_list("role", flat=True)) == {Role(role)}
    assert AccessToken.objects.filter(token_hash=access_token_hash(demo["planner"]["token"]), revoked_at__isnull=True).exists()


def test_the_file_of_entrances_is_for_its_owner_only(demo: dict[str, Any], folder: Path) -> None:
    assert stat.S_IMODE((folder / "demo.json").stat().st_mode) == 0o600
    assert demo["base"] == BASE
    assert demo["pupil"]["url"] == f"{BASE}/tegn/#{demo['pupil']['token']}"
    assert not (folder / "demo.part").exists()


def test_a_second_start_changes_nothing_and_asks_little(
    demo: dict[str, Any], survey: Survey, folder: Path, settings: Any, django_assert_max_num_queries: Any
) -> None:
    before = Mark.objects.count()
    with django_assert_max_num_queries(20):
        entrances = again(folder, settings)
    assert entrances == demo
    assert Mark.objects.count() == before


def test_lost_entrances_are_made_anew_and_the_old_token_is_worthless(
    demo: dict[str, Any], survey: Survey, tmp_path: Path, settings: Any
) -> None:
    entrances = again(tmp_path, settings)
    assert entrances["survey"] == demo["survey"]
    assert entrances["pupil"] == demo["pupil"]
    assert entrances["planner"]["token"] != demo["planner"]["token"]
    assert not AccessToken.objects.filter(token_hash=access_token_hash(demo["planner"]["token"]), revoked_at__isnull=True).exists()


def test_a_lesson_that_ends_soon_is_followed_by_a_new_one_with_the_same_code(
    demo: dict[str, Any], survey: Survey, folder: Path, settings: Any
) -> None:
    first = Lesson.objects.open_at(timezone.now()).get(class_group__survey=survey)
    with clock_at(timezone.now() + timedelta(hours=6)):
        entrances = again(folder, settings)
        second = Lesson.objects.open_at(timezone.now()).get(class_group__survey=survey)
    assert second.pk != first.pk
    assert entrances["pupil"]["code"] == demo["pupil"]["code"]


def test_the_demo_takes_over_nobodys_account(demo: dict[str, Any], survey: Survey, tmp_path: Path, settings: Any) -> None:
    remove_demo()
    own = MunicipalityFactory.create()
    planner = User.objects.create_user("planlegger", password="en-annens-passord")
    services.add_member(user=planner, municipality=own, role=Role.PLANNER)
    with pytest.raises(CommandError, match="en konto som heter «planlegger»"):
        again(tmp_path, settings)
    planner.refresh_from_db()
    assert planner.check_password("en-annens-passord")
    assert not (tmp_path / "demo.json").exists()


def test_removing_the_demo_leaves_others_alone(demo: dict[str, Any], survey: Survey) -> None:
    own = MunicipalityFactory.create()
    remove_demo()
    assert not Municipality.objects.filter(number=NUMBER).exists()
    assert not User.objects.filter(username="planlegger").exists()
    assert Municipality.objects.filter(pk=own.pk).exists()
