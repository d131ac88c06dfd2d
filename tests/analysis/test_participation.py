"""Who has taken part: against numbers counted by hand, and what retention leaves of days."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from analysis.participation import Moment, turnout_of
from mapping.services import delete_expired
from surveys.models import ClassGroup, Response, School, Survey, User
from tests.factories import ClassGroupFactory, LessonFactory, MarkFactory, ResponseFactory, SchoolFactory

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime(2026, 9, 10, 12, tzinfo=OSLO)
"""A Thursday."""


def _class(survey: Survey, school: School, grade: int, letter: str, pupils: int) -> ClassGroup:
    group: ClassGroup = ClassGroupFactory.create(survey=survey, school=school, grade=grade, letter=letter, pupils=pupils)
    return group


def _answers(group: ClassGroup, joined: datetime, *, finished: bool = False, marks: int = 0, aside: bool = False) -> Response:
    lesson = group.lessons.first() or LessonFactory.create(class_group=group, opened_at=joined, closes_at=joined + timedelta(hours=1))
    response: Response = ResponseFactory.create(
        class_group=group,
        lesson=lesson,
        joined_at=joined,
        writable_until=joined + timedelta(days=7, hours=1),
        finished_at=joined + timedelta(minutes=40) if finished else None,
        set_aside_at=joined if aside else None,
    )
    category = group.survey.categories.get(code="leke")
    for _ in range(marks):
        MarkFactory.create(response=response, category=category, week=date(2026, 9, 7))
    return response


@pytest.fixture
def watched(survey: Survey, school: School) -> Survey:
    """5A: 3 of 20 came, 2 handed in, 5 marks; 5B: nobody of 22; 6A: 1 of 18 the day before, one set aside; another school: no class."""
    five_a, six_a = _class(survey, school, 5, "A", 20), _class(survey, school, 6, "A", 18)
    _class(survey, school, 5, "B", 22)
    _answers(five_a, NOON, finished=True, marks=3)
    _answers(five_a, NOON, finished=True, marks=2)
    _answers(five_a, NOON)
    _answers(six_a, NOON - timedelta(days=1), marks=1)
    _answers(six_a, NOON, marks=4, aside=True)
    survey.schools.add(SchoolFactory.create(municipality=survey.municipality, name="Øvre skole"))
    return survey


def test_schools_and_grades_are_counted_beside_their_pupils(watched: Survey) -> None:
    report = turnout_of(watched, now=NOON)
    [school] = report.schools
    total = school.turnout
    assert (total.classes, total.begun, total.pupils, total.joined, total.finished, total.marks, total.share) == (3, 2, 60, 4, 2, 6, "7 %")
    grades = [(row.grade, row.turnout.pupils, row.turnout.joined, row.turnout.finished, row.turnout.marks) for row in school.grades]
    assert grades == [(5, 42, 3, 2, 5), (6, 18, 1, 0, 1)]
    assert report.total == total


def test_of_few_children_nobody_is_told_how_much_they_drew(watched: Survey, client: Client, pia: User) -> None:
    """Their marks are on the workbench, and would be known to be theirs."""
    [school] = turnout_of(watched, now=NOON).schools
    assert [row.turnout.told_marks for row in school.grades] == [None, None]
    group = watched.class_groups.get(grade=6)
    for _ in range(4):
        _answers(group, NOON, marks=1)
    [school] = turnout_of(watched, now=NOON).schools
    assert [(row.turnout.joined, row.turnout.told_marks) for row in school.grades] == [(3, None), (5, 5)]
    assert school.turnout.told_marks == 10


def test_who_is_not_there_is_named(watched: Survey) -> None:
    report = turnout_of(watched, now=NOON)
    assert [str(group) for group in report.schools[0].silent] == ["5B"]
    assert report.schools_without_class == ("Øvre skole",)


def test_a_class_that_does_not_say_how_many_it_has_leaves_the_share_unknown(watched: Survey) -> None:
    _class(watched, watched.schools.get(class_groups__grade=6), 7, "A", 0)
    report = turnout_of(watched, now=NOON)
    assert (report.total.pupils, report.total.share) == (0, "–")
    assert [row.turnout.share for row in report.schools[0].grades] == ["7 %", "6 %", "–"]


def test_the_last_seven_days_are_told_one_by_one(watched: Survey) -> None:
    days = turnout_of(watched, now=NOON).days
    assert [moment.day for moment in days] == [date(2026, 9, day) for day in range(4, 11)]
    assert days[-2:] == (Moment(date(2026, 9, 9), 1, 0, None), Moment(date(2026, 9, 10), 3, 2, None))


def test_a_lesson_late_in_the_evening_is_of_its_own_day(survey: Survey, school: School) -> None:
    """At half past midnight in Norway it is still yesterday in Greenwich."""
    _answers(_class(survey, school, 5, "A", 20), datetime(2026, 9, 10, 0, 30, tzinfo=OSLO))
    assert turnout_of(survey, now=NOON).days[-1] == Moment(date(2026, 9, 10), 1, 0, None)


def test_what_retention_leaves_is_told_by_the_week_and_not_as_if_all_had_come_on_the_monday(watched: Survey) -> None:
    later = NOON + timedelta(days=8)
    delete_expired(now=later)
    report = turnout_of(watched, now=datetime(2026, 9, 13, 12, tzinfo=OSLO))  # so that the Monday is one of the seven days
    assert [(moment.joined, moment.finished) for moment in report.days] == [(0, 0)] * 7
    # the seat in 5A at which nothing was said is free again
    assert report.weeks == (Moment(date(2026, 9, 7), 3, 2, None),)
    assert report.total.joined == 3


def test_the_number_of_queries_does_not_grow_with_classes(watched: Survey, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(8):
        turnout_of(watched, now=NOON)
    school = watched.schools.get(class_groups__grade=6)
    for letter in "CDEFG":
        _answers(_class(watched, school, 5, letter, 20), NOON, marks=1)
    with django_assert_num_queries(8):
        turnout_of(watched, now=NOON)


def test_the_page_says_it_and_a_spreadsheet_has_the_same(client: Client, pia: User, watched: Survey) -> None:
    client.force_login(pia)
    page = client.get(reverse("analysis:turnout", args=[watched.pk])).content.decode()
    assert "2 av 3 klasser er i gang." in page
    assert "5B (22 elever)" in page
    assert "ingen klasser er lagt til" in page
    answer = client.get(reverse("analysis:turnout-csv", args=[watched.pk]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Trinn"], row["Elever"], row["Har begynt"], row["Er ferdige"], row["Merker"]) for row in rows] == [
        ("5", "42", "3", "2", ""),
        ("6", "18", "1", "0", ""),
    ]


def test_a_school_called_like_a_formula_is_only_a_name_to_a_spreadsheet(client: Client, pia: User, watched: Survey) -> None:
    School.objects.filter(class_groups__survey=watched).update(name="=1+1")
    client.force_login(pia)
    answer = client.get(reverse("analysis:turnout-csv", args=[watched.pk]))
    assert ";".join(answer.content.decode("utf-8-sig").splitlines()[1].split(";")[:1]) == "'=1+1"
