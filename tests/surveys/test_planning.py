"""The planner makes a survey, adds a class and opens it; keys for machines are shown once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.access_tokens import access_token_of
from surveys.models import AccessToken, ClassGroup, Municipality, Role, School, Survey, User
from surveys.services import add_member
from tests.factories import SchoolFactory, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def pias(client: Client, pia: User) -> Client:
    """Pia's browser."""
    client.force_login(pia)
    return client


def test_a_planner_makes_a_survey_adds_a_class_and_opens_it(pias: Client, school: School) -> None:
    form = {"title": "Barnetråkk 2026", "template": "barnetrakk", "schools": [school.pk], "radius_km": "2"}
    today = timezone.localdate()
    answer = pias.post(reverse("surveys:new-survey"), {**form, "opens_on": today, "closes_on": today + timedelta(days=45)})
    survey = Survey.objects.get()
    assert answer["Location"] == reverse("surveys:setup", args=[survey.pk])
    assert (survey.status, survey.municipality, list(survey.schools.all())) == ("draft", school.municipality, [school])
    assert survey.categories.count() == 41
    pias.post(answer["Location"], {"school": school.pk, "grade": "5", "letter": "A", "pupils": "27"})
    group = ClassGroup.objects.get()
    assert (group.survey, str(group), group.pupils) == (survey, "5A", 27)
    pias.post(reverse("surveys:change-state", args=[survey.pk]), {"action": "open"})
    survey.refresh_from_db()
    assert survey.status == "open"


def test_dates_in_the_wrong_order_are_said_and_what_was_written_stays(pias: Client, school: School) -> None:
    form = {"title": "Høst", "template": "barnetrakk", "schools": [school.pk], "radius_km": "2"}
    answer = pias.post(reverse("surveys:new-survey"), {**form, "opens_on": "2026-10-01", "closes_on": "2026-09-01"})
    page = answer.content.decode()
    assert "før den åpner 01.10.2026" in page
    assert 'value="Høst"' in page
    assert not Survey.objects.exists()


@pytest.mark.parametrize(
    ("opens_on", "closes_on"), [("2026-08-17", "9999-12-31"), ("0026-08-17", "2026-10-01"), ("9999-12-30", "9999-12-31")]
)
def test_a_year_that_cannot_be_meant_is_said(pias: Client, school: School, opens_on: str, closes_on: str) -> None:
    form = {"title": "Høst", "template": "barnetrakk", "schools": [school.pk], "radius_km": "2"}
    answer = pias.post(reverse("surveys:new-survey"), {**form, "opens_on": opens_on, "closes_on": closes_on})
    assert answer.status_code == 200
    assert "Året må være mellom 2000 og" in answer.content.decode()
    assert not Survey.objects.exists()


@pytest.mark.parametrize("letter", ["A", ""])
def test_the_same_class_twice_is_said_and_added_once(pias: Client, survey: Survey, school: School, letter: str) -> None:
    url = reverse("surveys:setup", args=[survey.pk])
    form = {"school": school.pk, "grade": "5", "letter": letter, "pupils": "27"}
    assert pias.post(url, form).status_code == 302
    again = pias.post(url, form)
    assert again.status_code == 200
    assert f"5{letter} ved Fjellheim skole er alt med i undersøkelsen." in again.content.decode()
    assert ClassGroup.objects.count() == 1


def test_a_school_is_asked_for_in_words(pias: Client, survey: Survey) -> None:
    page = pias.get(reverse("surveys:setup", args=[survey.pk])).content.decode()
    assert '<option value="" selected>Velg skole</option>' in page


def test_a_grade_that_the_school_has_not_is_said(pias: Client, survey: Survey, school: School) -> None:
    School.objects.filter(pk=school.pk).update(grade_high=7)
    answer = pias.post(reverse("surveys:setup", args=[survey.pk]), {"school": school.pk, "grade": "8", "letter": "", "pupils": "2"})
    assert "Fjellheim skole har 1.–7. trinn, ikke 8." in answer.content.decode()


def test_a_survey_can_only_ask_schools_of_its_own_municipality(pias: Client, school: School, kai: User) -> None:
    foreign = SchoolFactory.create(municipality=kai.memberships.get().municipality)
    form = {"title": "X", "template": "barnetrakk", "schools": [foreign.pk], "radius_km": "2"}
    pias.post(reverse("surveys:new-survey"), {**form, "opens_on": "2026-08-17", "closes_on": "2026-10-01"})
    assert not Survey.objects.exists()


def test_a_deleted_survey_is_hidden_from_its_own_planner(pias: Client, survey: Survey) -> None:
    asked = pias.post(reverse("surveys:change-state", args=[survey.pk]), {"action": "delete"})
    assert "Slette" in asked.content.decode()
    assert pias.get(reverse("surveys:setup", args=[survey.pk])).status_code == 200
    pias.post(reverse("surveys:change-state", args=[survey.pk]), {"action": "delete", "confirmed": "1"})
    assert pias.get(reverse("surveys:setup", args=[survey.pk])).status_code == 404


def test_an_unknown_action_changes_nothing(pias: Client, survey: Survey) -> None:
    assert pias.post(reverse("surveys:change-state", args=[survey.pk]), {"action": "explode"}).status_code == 403
    survey.refresh_from_db()
    assert survey.status == "open"


def test_a_foreign_planner_may_not_know_of_the_survey(client: Client, kai: User, survey: Survey) -> None:
    client.force_login(kai)
    assert client.get(reverse("surveys:setup", args=[survey.pk])).status_code == 404
    assert client.post(reverse("surveys:change-state", args=[survey.pk]), {"action": "delete"}).status_code == 404


def test_a_teacher_may_see_but_not_change(client: Client, tor: User, survey: Survey) -> None:
    client.force_login(tor)
    assert client.get(reverse("surveys:setup", args=[survey.pk])).status_code == 403
    assert client.get(reverse("surveys:new-survey")).status_code == 403


def test_a_key_is_shown_once_stored_hashed_and_dies_when_revoked(pias: Client, municipality: Municipality, rf: object) -> None:
    page = pias.post(reverse("surveys:access-tokens"), {"label": "QGIS"}).content.decode()
    found = re.search(r"trakk_[\w-]+", page)
    assert found
    secret = found[0]
    token = AccessToken.objects.get()
    assert secret not in token.token_hash
    request = rf.get("/", headers={"Authorization": f"Bearer {secret}"})  # type: ignore[attr-defined]
    assert access_token_of(request) == token
    assert secret not in pias.get(reverse("surveys:access-tokens")).content.decode()
    pias.post(reverse("surveys:revoke-token", args=[token.pk]))
    assert access_token_of(request) is None


def test_a_planner_of_two_municipalities_chooses(pias: Client, pia: User, school: School, kai: User) -> None:
    there = kai.memberships.get().municipality
    assert "Bytt kommune" not in pias.get(reverse("surveys:new-survey")).content.decode()
    add_member(user=pia, municipality=there, role=Role.PLANNER)
    theirs = SchoolFactory.create(municipality=there, name="Kroken skole")
    page = pias.get(reverse("surveys:new-survey"), {"kommune": "5501"}).content.decode()
    assert "Ny undersøkelse i Tromsø" in page
    assert 'value="4601"' in page
    assert "Kroken skole" in page
    assert school.name not in page
    form = {"title": "X", "template": "barnetrakk", "schools": [theirs.pk], "radius_km": "0", "opens_on": "2026-08-17"}
    pias.post(reverse("surveys:new-survey") + "?kommune=5501", {**form, "closes_on": "2026-10-01"})
    assert Survey.objects.get().municipality == there
    pias.post(reverse("surveys:access-tokens") + "?kommune=5501", {"label": "QGIS"})
    assert AccessToken.objects.get().municipality == there
    pias.post(reverse("surveys:access-tokens"), {"label": "R"})
    assert AccessToken.objects.get(label="R").municipality == school.municipality


def test_a_municipality_that_one_does_not_plan_for_is_not_found(pias: Client, school: School, kai: User) -> None:
    for name in ("surveys:new-survey", "surveys:access-tokens"):
        assert pias.post(reverse(name) + "?kommune=5501", {"label": "QGIS"}).status_code == 404
        assert pias.get(reverse(name), {"kommune": "x"}).status_code == 404
    assert not AccessToken.objects.exists()


def test_nobody_revokes_anothers_key(pias: Client, kai: User, survey: Survey) -> None:
    other = AccessToken.objects.create(user=kai, municipality=kai.memberships.get().municipality, label="QGIS", token_hash="0" * 64)
    assert pias.post(reverse("surveys:revoke-token", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.revoked_at is None


def test_the_surveys_of_two_municipalities_do_not_meet(pia: User, kai: User, survey: Survey) -> None:
    theirs = make_survey(municipality=kai.memberships.get().municipality, schools=[])
    assert set(Survey.objects.visible_to(pia)) == {survey}
    assert set(Survey.objects.visible_to(kai)) == {theirs}
