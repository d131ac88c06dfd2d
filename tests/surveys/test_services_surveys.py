"""Surveys: made from a template, opened, closed, deleted and restored; and their classes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from surveys import services
from surveys.catalog import read_template
from surveys.errors import InvalidSurvey
from surveys.models import Municipality, School, Survey
from tests import places
from tests.factories import SchoolFactory, make_survey

pytestmark = pytest.mark.django_db

OPENS, CLOSES = date(2026, 9, 1), date(2026, 9, 30)


def _make(municipality: Municipality, **different: Any) -> Survey:
    values: dict[str, Any] = {
        "template": "barnetrakk",
        "municipality": municipality,
        "schools": [],
        "title": {"nb": "Barnetråkk"},
        "study_area": places.STUDY_AREA,
        "opens_on": OPENS,
        "closes_on": CLOSES,
    }
    return services.create_survey_from_template(**{**values, **different})


def test_a_new_survey_is_a_draft_with_all_that_its_template_has(municipality: Municipality, school: School) -> None:
    survey = _make(municipality, schools=[school])
    template = read_template("barnetrakk")
    assert (survey.status, survey.languages, survey.template) == ("draft", ["nb", "nn", "en"], "barnetrakk")
    assert [theme.code for theme in survey.themes.all()] == [theme.code for theme in template.themes]
    expected = [category.code for theme in template.themes for category in theme.categories]
    assert [category.code for category in survey.categories.all()] == expected
    assert [question.code for question in survey.questions.all()] == [question.code for question in template.questions]
    assert survey.questions.get(code="skoleveg_trygghet").category == survey.categories.get(code="skoleveg")
    assert list(survey.schools.all()) == [school]


def test_a_category_carries_its_official_name(municipality: Municipality) -> None:
    survey = _make(municipality)
    way, swim = survey.categories.get(code="skoleveg"), survey.categories.get(code="bade")
    assert (way.object_type, way.code_list, way.official_code, way.kind) == ("Barneveg", "BarnevegType", "skoleveg", "route")
    assert (swim.object_type, swim.code_list, swim.official_code, swim.kind) == ("Aktivitet", "AktivitetType", "bade", "place")
    assert swim.colour == survey.themes.get(code="activity").colour


def test_answers_are_kept_for_24_months_unless_the_survey_says_otherwise(
    municipality: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 9, 10))
    assert _make(municipality).retention_until == CLOSES + timedelta(days=730)
    assert _make(municipality, retention_until=CLOSES).retention_until == CLOSES


def test_a_round_of_long_ago_is_kept_from_today_and_closed_without_having_been_open(municipality: Municipality) -> None:
    old = _make(municipality, opens_on=date(2019, 5, 1), closes_on=date(2019, 6, 14))
    assert old.retention_until >= timezone.localdate() + timedelta(days=729)
    assert services.close_survey(survey=old).status == "closed"


@pytest.mark.parametrize(
    ("different", "names"),
    [
        ({"closes_on": date(2026, 8, 1)}, "survey_dates_in_order"),
        ({"trim_min_m": 50}, "trim_min_m"),
        ({"trim_max_m": 5000}, "trim_max_m"),
        ({"default_language": "se"}, "survey_default_language_offered"),
        ({"retention_until": date(2026, 9, 2)}, "survey_retention_after_close"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_and_nothing_is_made(municipality: Municipality, different: Any, names: str) -> None:
    with pytest.raises(ValidationError, match=names):
        _make(municipality, **different)
    assert not Survey.objects.exists()


def test_a_language_that_the_template_lacks_is_refused(municipality: Municipality) -> None:
    with pytest.raises(InvalidSurvey, match=r"har ikke språkene fi. Den har nb, nn, en"):
        _make(municipality, languages=["nb", "fi"])
    with pytest.raises(InvalidSurvey, match="finnes ikke"):
        _make(municipality, template="hagefest")


def test_a_class_must_be_of_a_school_that_takes_part_and_of_a_grade_it_has(municipality: Municipality) -> None:
    school = SchoolFactory.create(municipality=municipality, name="Barneskolen", grade_high=7)
    survey = _make(municipality, schools=[school])
    group = services.add_class_group(survey=survey, school=school, grade=7, letter="B", pupils=25)
    assert (str(group), group.grade_band) == ("7B", "5-7")
    with pytest.raises(InvalidSurvey, match=r"Barneskolen har 1.–7. trinn, ikke 8"):
        services.add_class_group(survey=survey, school=school, grade=8)
    with pytest.raises(InvalidSurvey, match="er ikke med"):
        services.add_class_group(survey=survey, school=SchoolFactory.create(municipality=municipality), grade=5)
    with pytest.raises(InvalidSurvey, match="7B ved Barneskolen er alt med"):
        services.add_class_group(survey=survey, school=school, grade=7, letter="B")


def test_a_survey_opens_closes_and_opens_again(municipality: Municipality, school: School) -> None:
    survey = _make(municipality, schools=[school], closes_on=timezone.localdate())
    assert services.open_survey(survey=survey).status == "open"
    assert services.close_survey(survey=survey).status == "closed"
    assert services.open_survey(survey=survey).status == "open"
    assert survey.version == 4, "tablets see that something changed"


def test_a_draft_says_what_it_still_lacks(municipality: Municipality, school: School) -> None:
    survey = _make(municipality)
    with pytest.raises(InvalidSurvey, match="ingen skoler"):
        services.open_survey(survey=survey)
    survey.schools.set([school])
    survey.categories.all().delete()
    with pytest.raises(InvalidSurvey, match="ingen kategorier"):
        services.open_survey(survey=survey)


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        ("open", ["open_survey", "restore_survey"]),
        ("draft", ["close_survey", "restore_survey"]),
        ("closed", ["close_survey", "restore_survey"]),
        ("deleted", ["open_survey", "close_survey"]),
    ],
)
def test_what_a_state_does_not_allow_is_refused_in_words(
    municipality: Municipality, school: School, status: str, refused: list[str]
) -> None:
    survey = make_survey(municipality=municipality, schools=[school], status=status)
    for verb in refused:
        with pytest.raises(InvalidSurvey):
            getattr(services, verb)(survey=survey)
    survey.refresh_from_db()
    assert survey.status == status


def test_a_deleted_survey_can_be_brought_back_closed(municipality: Municipality, school: School) -> None:
    survey = make_survey(municipality=municipality, schools=[school])
    services.delete_survey(survey=survey)
    assert not Survey.objects.alive().exists()
    assert services.restore_survey(survey=survey).status == "closed"
    assert survey.categories.exists()


@pytest.mark.parametrize("different", [{"closes_on": date.max}, {"opens_on": date.min}])
def test_a_survey_of_another_age_is_refused(municipality: Municipality, different: dict[str, Any]) -> None:
    with pytest.raises(InvalidSurvey, match="Året må være mellom 2000 og"):
        _make(municipality, **different)
    assert not Survey.objects.exists()
