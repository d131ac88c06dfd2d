"""Two groups of children on the workbench's map, from rows to hexagons."""

from datetime import date
from typing import Any

import numpy as np
import orjson
import pytest
from django.contrib.gis.geos import Point
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from scipy import stats

from analysis.compared import difference_geojson, groups_of
from analysis.filters import MarkFilter
from surveys.errors import InvalidFilter
from surveys.models import ClassGroup, Response, School, Survey, User
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory, SchoolFactory

pytestmark = pytest.mark.django_db

LOW, MIDDLE, HIGH = "grade_band:1-4", "grade_band:5-7", "grade_band:8-10"


def compared(survey: Survey, first: str, second: str, query: str = "", size_m: int = 100) -> Any:
    """What the map gets."""
    chosen = MarkFilter.parse(QueryDict(query), survey)
    return orjson.loads(difference_geojson(survey, chosen, first, second, size_m=size_m))


def by_place(answer: Any) -> dict[str, dict[str, Any]]:
    """The hexagons' numbers by id."""
    return {feature["id"]: feature["properties"] for feature in answer["features"]}


def test_two_grade_bands_are_held_against_each_other_with_all_who_answered(answered: Survey) -> None:
    """All 20 of 5A and all 10 of 8A play at the playground, which says nothing; three of 5A alone fear the crossing."""
    answer = compared(answered, MIDDLE, HIGH, "kind=place")
    assert answer["groups"] == [{"label": "5.–7. trinn", "children": 20}, {"label": "8.–10. trinn", "children": 10}]
    crossing, playground = sorted(by_place(answer).values(), key=lambda cell: cell["first"])
    assert (crossing["first"], crossing["second"], crossing["share"], crossing["more"]) == ("1–4", "0", 15.0, 0)
    assert crossing["p"] == pytest.approx(stats.fisher_exact(np.array([[3, 17], [0, 10]])).pvalue, rel=0.02)
    assert (playground["first"], playground["second"], playground["share"], playground["p"]) == ("20", "10", 0.0, 1.0)


def test_where_one_group_alone_goes_is_more_than_chance(answered: Survey) -> None:
    """All of 8A mark a place that nobody of 5A does: that is one of 30 million dealings."""
    there = Point(5.31, 60.39, srid=places.SRID)
    category = answered.categories.get(code="leke")
    for response in Response.objects.filter(class_group__grade=8):
        MarkFactory.create(response=response, category=category, geom=there)
    cells = by_place(compared(answered, HIGH, MIDDLE, "kind=place")).values()
    (alone,) = [cell for cell in cells if cell["more"]]
    assert (alone["first"], alone["second"], alone["more"], alone["share"]) == ("10", "0", 1, 100.0)
    (turned,) = [cell for cell in by_place(compared(answered, MIDDLE, HIGH, "kind=place")).values() if cell["more"]]
    assert (turned["more"], turned["low"], turned["high"]) == (-1, -alone["high"], -alone["low"])


def test_who_answered_without_a_mark_there_is_one_of_the_group(answered: Survey) -> None:
    group = ClassGroup.objects.get(survey=answered, grade=8)
    for _ in range(10):
        ResponseFactory.create(class_group=group, answers={"hvor_ofte": "ofte"})
    ResponseFactory.create(class_group=group, answers={})
    answer = compared(answered, MIDDLE, HIGH, "category=leke")
    assert answer["groups"][1]["children"] == 20, "who came in and said nothing has not answered"
    (playground,) = by_place(answer).values()
    assert playground["share"] == 50.0


def test_a_filter_narrows_both_groups(answered: Survey, school: School) -> None:
    other = SchoolFactory.create(municipality=answered.municipality, name="Nabo")
    answered.schools.add(other)
    for grade in (5, 8):
        group = ClassGroupFactory.create(survey=answered, school=other, grade=grade, letter="N")
        for _ in range(6):
            MarkFactory.create(response=ResponseFactory.create(class_group=group), category=answered.categories.get(code="leke"))
    assert [one["children"] for one in compared(answered, MIDDLE, HIGH)["groups"]] == [26, 16]
    assert [one["children"] for one in compared(answered, MIDDLE, HIGH, f"school={other.pk}")["groups"]] == [6, 6]
    assert [one["children"] for one in compared(answered, f"school:{school.pk}", f"school:{other.pk}", "grade_band=5-7")["groups"]] == [
        20,
        6,
    ]


def test_a_child_set_aside_is_in_neither_group(answered: Survey) -> None:
    some = Response.objects.filter(class_group__grade=5)[:4]
    Response.objects.filter(pk__in=[one.pk for one in some]).update(set_aside_at="2026-09-10T10:00Z")
    assert compared(answered, MIDDLE, HIGH)["groups"][0]["children"] == 16


def test_an_earlier_round_of_the_municipality_can_be_compared_with(answered: Survey, school: School) -> None:
    earlier = Survey.objects.get(pk=answered.pk)
    before = [(theme, list(theme.categories.all())) for theme in answered.themes.all()]
    earlier.pk, earlier.opens_on, earlier.closes_on = None, date(2021, 9, 1), date(2021, 10, 1)
    earlier._state.adding = True
    earlier.save()
    earlier.schools.add(school)
    for theme, categories in before:
        theme.pk, theme.survey, theme._state.adding = None, earlier, True
        theme.save()
        for category in categories:
            category.pk, category.survey, category.theme, category._state.adding = None, earlier, theme, True
            category.save()
    group = ClassGroupFactory.create(survey=earlier, school=school, grade=6, letter="A")
    for _ in range(7):
        MarkFactory.create(response=ResponseFactory.create(class_group=group), category=earlier.categories.get(code="leke"))
    [rounds] = [part for part in groups_of(answered) if part["heading"] == "Runder"]
    assert [one["label"][-12:] for one in rounds["choices"]] == [f"({answered.opens_on:%d.%m.%Y})", "(01.09.2021)"]
    answer = compared(answered, f"survey:{answered.pk}", f"survey:{earlier.pk}", "category=leke")
    assert [one["children"] for one in answer["groups"]] == [30, 7]
    assert by_place(answer).popitem()[1]["second"] == "7"


def test_what_cannot_be_compared_is_said(answered: Survey, school: School) -> None:
    few = ClassGroupFactory.create(survey=answered, school=school, grade=2, letter="A")
    for _ in range(4):
        MarkFactory.create(response=ResponseFactory.create(class_group=few), category=answered.categories.get(code="leke"))
    refused = {
        (LOW, MIDDLE): "færre enn 5 barn",
        (MIDDLE, MIDDLE): "to forskjellige",
        (MIDDLE, "grade_band:11-13"): "finnes ikke her",
        (MIDDLE, f"school:{school.pk}"): "finnes ikke her",
        (MIDDLE, "x" * 500): "finnes ikke her",
        (f"survey:{answered.pk}", MIDDLE): "finnes ikke her",
    }
    for (first, second), words in refused.items():
        with pytest.raises(InvalidFilter, match=words):
            compared(answered, first, second)


def test_two_kinds_are_not_compared_since_they_may_share_children(answered: Survey, school: School) -> None:
    other = SchoolFactory.create(municipality=answered.municipality)
    answered.schools.add(other)
    ClassGroupFactory.create(survey=answered, school=other, grade=5)
    with pytest.raises(InvalidFilter, match="av samme slag"):
        compared(answered, MIDDLE, f"school:{school.pk}")


def test_another_municipalitys_round_is_no_choice(answered: Survey, client: Client, pia: User) -> None:
    there = SchoolFactory.create()
    assert there.municipality_id != answered.municipality_id
    theirs = Survey.objects.get(pk=answered.pk)
    theirs.pk, theirs.municipality = None, there.municipality
    theirs._state.adding = True
    theirs.save()
    client.force_login(pia)
    address = reverse("analysis:difference", args=[answered.pk])
    answer = client.get(address, {"first": f"survey:{answered.pk}", "second": f"survey:{theirs.pk}"})
    assert answer.status_code == 400
    assert str(theirs.pk) not in client.get(address).content.decode()


def test_nothing_chosen_gives_the_choices_alone(answered: Survey) -> None:
    answer = compared(answered, "", "")
    assert answer["features"] == []
    assert [[one["value"] for one in part["choices"]] for part in answer["choices"]] == [[MIDDLE, HIGH]]
