"""A survey with a pupil's eyes: the whole page in one answer, for who may know of the survey, and nothing is made of it."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mapping.bundle import build_bundle
from surveys.models import ClassGroup, Lesson, Response, Survey, User

pytestmark = pytest.mark.django_db


def _look(user: User, survey: Survey) -> dict[str, Any]:
    browser = Client()
    browser.force_login(user)
    answer = browser.get(reverse("editor:preview", args=[survey.pk]))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', answer.content.decode(), re.S)
    assert found is not None
    page: dict[str, Any] = json.loads(found[1])
    return page


def test_a_draft_is_seen_by_its_planner_as_pupils_will_and_no_row_is_made(survey: Survey, pia: User) -> None:
    Survey.objects.filter(pk=survey.pk).update(status="draft")
    page = _look(pia, survey)
    assert page["bundle"] == json.loads(json.dumps(build_bundle(survey)))
    assert page["joined"]["school"]["name"] == "Fjellheim skole"
    assert not {"write_token", "response", "token"} & set(page["joined"])
    assert "api" not in page, "the page is not even told where it could send"
    assert page["back"] == reverse("surveys:setup", args=[survey.pk])
    assert [model.objects.count() for model in (Response, Lesson, ClassGroup)] == [0, 0, 0]


def test_a_teacher_looks_too_and_goes_back_to_the_own_page(survey: Survey, tor: User) -> None:
    assert _look(tor, survey)["back"] == reverse("home")


def test_a_survey_without_schools_begins_at_its_start(survey: Survey, pia: User) -> None:
    survey.schools.clear()
    assert _look(pia, survey)["joined"]["school"] == {"name": "", "location": None, "grounds": None}
