"""A survey's dates, limits, area and schools; copies; and what it lacks."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from mapping.bundle import build_bundle
from surveys import services
from surveys.errors import InvalidSurvey
from surveys.lacks import lacks_of
from surveys.models import Municipality, Response, School, Survey
from surveys.services import Rules
from tests import places
from tests.conftest import Tablet
from tests.factories import SchoolFactory, make_survey

pytestmark = pytest.mark.django_db


def _rules(survey: Survey, **different: Any) -> Rules:
    names = Rules.__dataclass_fields__
    return replace(Rules(**{name: getattr(survey, name) for name in names}), **different)


@pytest.fixture
def dated(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> Survey:
    """The survey with dates that can be written down, on one of its days."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 9, 10))
    days = {"opens_on": date(2026, 9, 1), "closes_on": date(2026, 9, 30), "retention_until": date(2027, 9, 30)}
    Survey.objects.filter(pk=survey.pk).update(**days)
    return Survey.objects.get(pk=survey.pk)


@pytest.mark.parametrize(
    ("different", "field", "message"),
    [
        ({"closes_on": date(2026, 8, 31)}, "closes_on", "før den åpner 01.09.2026"),
        ({"opens_on": date(26, 9, 1)}, "opens_on", "Året må være mellom 2000"),
        ({"retention_until": date(2026, 9, 29)}, "retention_until", "mellom 30.09.2026"),
        # 730 days after 30 September 2026: 2028 is a leap year
        ({"retention_until": date(2028, 9, 30)}, "retention_until", "og 29.09.2028;"),
        ({"trim_min_m": 99}, "trim_min_m", "ikke 99 til 400"),
        ({"trim_min_m": 500}, "trim_min_m", "ikke 500 til 400"),
        ({"trim_max_m": 2001}, "trim_min_m", "høyst 2000"),
        ({"max_marks": 2}, "max_marks", "har tegnet 3 merker"),
        ({"min_zoom": 7}, "min_zoom", "fra 8"),
        ({"title": {"nn": "Haust"}}, "title_nb", "hovedspråket"),
    ],
)
def test_rules_that_cannot_be_are_refused_at_their_field(dated: Survey, different: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(InvalidSurvey, match=message) as refused:
        services.change_rules(survey=dated, rules=_rules(dated, **different), drawn_by_one=3)
    assert refused.value.pointer == field


def test_rules_are_changed_and_the_tablets_told(dated: Survey) -> None:
    wanted = _rules(dated, title={"nb": "Høst"}, retention_until=date(2028, 9, 29), trim_min_m=150, max_marks=3)
    changed = services.change_rules(survey=dated, rules=wanted, drawn_by_one=3)
    assert (str(changed), changed.trim_min_m, changed.version) == ("Høst", 150, dated.version + 1)


def test_what_was_promised_to_who_has_answered_is_kept(ada: Tablet, dated: Survey) -> None:
    for different, message in (
        ({"retention_until": date(2027, 10, 1)}, "senest 30.09.2027"),
        ({"trim_max_m": 300}, "Kuttet kan bare bli lengre"),
        ({"max_marks": 59}, "som ikke er sendt ennå, så grensen må være 60"),
    ):
        with pytest.raises(InvalidSurvey, match=message):
            services.change_rules(survey=dated, rules=_rules(dated, **different), drawn_by_one=0)
    services.change_rules(survey=dated, rules=_rules(dated, retention_until=date(2027, 1, 1), trim_max_m=500), drawn_by_one=0)


def test_what_no_tablet_can_hold_any_more_no_longer_keeps_a_limit_up(ada: Tablet, dated: Survey) -> None:
    Response.objects.update(writable_until=timezone.now() - timedelta(seconds=1))
    assert services.change_rules(survey=dated, rules=_rules(dated, max_marks=5), drawn_by_one=3).max_marks == 5


def test_answers_are_not_deleted_overnight_by_a_slip_of_the_year(ada: Tablet, dated: Survey) -> None:
    slip = {"opens_on": date(2025, 9, 1), "closes_on": date(2025, 9, 30), "retention_until": date(2026, 9, 9)}
    with pytest.raises(InvalidSurvey, match=r"09\.09\.2026 er alt forbi, så alle svarene ville blitt slettet i natt") as refused:
        services.change_rules(survey=dated, rules=_rules(dated, **slip), drawn_by_one=0)
    assert refused.value.pointer == "retention_until"


def test_a_round_that_closed_long_ago_may_keep_answers_for_24_months_from_today(dated: Survey) -> None:
    old = {"opens_on": date(2019, 5, 1), "closes_on": date(2019, 6, 14), "retention_until": date(2028, 9, 9)}
    assert services.change_rules(survey=dated, rules=_rules(dated, **old), drawn_by_one=0).retention_until == date(2028, 9, 9)
    with pytest.raises(InvalidSurvey, match=r"og 09\.09\.2028;"):
        services.change_rules(survey=dated, rules=_rules(dated, **{**old, "retention_until": date(2028, 9, 10)}), drawn_by_one=0)


def _box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=places.SRID)


def test_an_area_without_the_start_takes_the_start_away(survey: Survey) -> None:
    assert survey.start is not None
    changed = services.change_area(survey=survey, area=_box(5.30, 60.36, 5.32, 60.37), marks_outside=0)
    assert changed.start is None
    assert build_bundle(changed)["start"]["position"] == pytest.approx([5.31, 60.365])


@pytest.mark.parametrize(
    ("area", "message"),
    [
        (_box(5.30, 60.36, 5.3001, 60.3601), r"på \d+ m². Det må være minst 10000"),
        (_box(6.0, 61.0, 6.1, 61.1), "utenfor Bergen"),
        (MultiPolygon(Polygon(((5.3, 60.36), (5.36, 60.4), (5.36, 60.36), (5.3, 60.4), (5.3, 60.36))), srid=places.SRID), "krysser"),
    ],
)
def test_an_area_that_cannot_be_is_refused(survey: Survey, area: MultiPolygon, message: str) -> None:
    with pytest.raises(InvalidSurvey, match=message):
        services.change_area(survey=survey, area=area, marks_outside=0)


def test_an_area_only_grows_while_a_tablet_may_hold_what_is_not_sent(ada: Tablet, survey: Survey) -> None:
    smaller, larger = _box(5.31, 60.37, 5.35, 60.39), _box(5.29, 60.35, 5.37, 60.41)
    with pytest.raises(InvalidSurvey, match="området kan bare bli større"):
        services.change_area(survey=survey, area=smaller, marks_outside=0)
    services.change_area(survey=survey, area=larger, marks_outside=0)
    Response.objects.update(writable_until=timezone.now() - timedelta(seconds=1))
    services.change_area(survey=survey, area=smaller, marks_outside=0)


def test_an_area_without_all_marks_is_refused(survey: Survey) -> None:
    with pytest.raises(InvalidSurvey, match="2 merker som barn har tegnet"):
        services.change_area(survey=survey, area=places.STUDY_AREA, marks_outside=2)


def test_a_copy_has_all_that_is_asked_and_no_answers(survey: Survey, ada: Tablet) -> None:
    services.retire_part(part=survey.categories.get(code="skoleveg"))
    Survey.objects.filter(pk=survey.pk).update(trim_max_m=700, sheets={"contact": "Pia"})
    survey.refresh_from_db()
    made = services.copy_survey(survey=survey, with_classes=True)
    assert (made.status, str(made), made.trim_max_m, made.sheets) == ("draft", "Barnetråkk 2026 (kopi)", 700, {"contact": "Pia"})
    assert (made.opens_on, made.closes_on - made.opens_on) == (timezone.localdate(), survey.closes_on - survey.opens_on)
    assert not Response.objects.filter(survey=made).exists()
    assert list(made.schools.all()) == list(survey.schools.all())
    here, there = build_bundle(survey), build_bundle(made)
    for part in ("themes", "modes", "study_area", "limits", "min_zoom", "texts", "languages"):
        assert there[part] == here[part]
    assert there["categories"] == [one for one in here["categories"] if one["code"] != "skoleveg"]
    assert there["questions"] == [one for one in here["questions"] if one["category"] != "skoleveg"], "a hidden category's go with it"
    groups = [(group.school, group.grade, group.letter, group.pupils) for group in survey.class_groups.all()]
    assert [(group.school, group.grade, group.letter, group.pupils) for group in made.class_groups.all()] == groups
    assert set(made.class_groups.values_list("code_hash")) & set(survey.class_groups.values_list("code_hash")) <= {("",), (None,)}


def test_a_copy_without_classes_has_none(survey: Survey, ada: Tablet) -> None:
    assert not services.copy_survey(survey=survey, with_classes=False).class_groups.exists()


def test_schools_come_and_go_but_not_those_with_classes(survey: Survey, school: School, ada: Tablet) -> None:
    other = SchoolFactory.create(municipality=survey.municipality)
    services.set_schools(survey=survey, schools=[school, other])
    services.set_schools(survey=survey, schools=[school])
    for schools, message in (([other], "har klasser i undersøkelsen"), ([], "minst én"), ([SchoolFactory.create()], "er ikke i Bergen")):
        with pytest.raises(InvalidSurvey, match=message):
            services.set_schools(survey=survey, schools=schools)


def test_what_is_missing_is_named_with_its_page_and_opening_waits_for_what_is_necessary(municipality: Municipality) -> None:
    days = {"opens_on": date(2026, 1, 1), "closes_on": date(2026, 1, 2)}
    survey = make_survey(municipality=municipality, schools=[], status="draft", **days)
    survey.categories.filter(theme__code="way").update(is_retired=True)
    word = survey.categories.get(code="leke")
    word.words = {"nb": {"label": "Leker"}}
    word.save()
    found = [(lack.place, lack.is_necessary) for lack in lacks_of(survey)]
    assert [place for place, is_necessary in found if is_necessary] == ["schools", "rules"]
    assert [place for place, is_necessary in found if not is_necessary] == ["content", "classes", "content", "content", "sheets"]
    texts = " ".join(lack.text for lack in lacks_of(survey))
    assert "Steget «Veger» har ingen kategorier" in texts
    assert "Elevene ser ikke nynorsk før ordene er der: kategori leke" in texts
    with pytest.raises(InvalidSurvey, match=r"ingen skoler ennå\. Undersøkelsen lukket 02\.01\.2026"):
        services.open_survey(survey=survey)


def test_a_survey_that_lacks_nothing_says_nothing(survey: Survey, ada: Tablet) -> None:
    services.change_sheets(survey=survey, texts={"contact": "Pia, 55 55 55 55"})
    assert lacks_of(survey) == []
    Survey.objects.filter(pk=survey.pk).update(opens_on=timezone.localdate() - timedelta(days=1))


def test_a_school_outside_the_area_is_said(survey: Survey) -> None:
    far = SchoolFactory.create(municipality=survey.municipality, name="Fjern skole", location=places.point(places.OUTSIDE), grounds=None)
    survey.schools.add(far)
    assert [lack.place for lack in lacks_of(survey) if "Fjern skole" in lack.text] == ["area"]
