"""A small answered survey: thirty children of two grades, whose marks can be counted by hand."""

from datetime import date
from uuid import UUID

import pytest
from django.contrib.gis.geos import LineString

from analysis.second_connection import Helper
from mapping.models import Mark
from surveys.models import ClassGroup, School, Survey
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory


def response_id(number: int) -> UUID:
    """A fixed version-4 id."""
    return UUID(int=(4 << 76) + (8 << 60) + number)


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> list[Helper]:
    """The second connections that are started from now on."""
    started: list[Helper] = []
    start = Helper.start

    def noted(self: Helper) -> None:
        started.append(self)
        start(self)

    monkeypatch.setattr(Helper, "start", noted)
    return started


@pytest.fixture
def answered(survey: Survey, school: School) -> Survey:
    """20 children in 5A and 10 in 8A play at the playground in week 37; 5A's first three also fear the crossing in week 38.

    Four of 5A drew their way on foot, one of them without geometry; one mark has released words, one held.
    """
    code = {category.code: category for category in survey.categories.all()}
    for grade, children in ((5, 20), (8, 10)):
        group: ClassGroup = ClassGroupFactory.create(survey=survey, school=school, grade=grade, letter="A", pupils=25)
        for number in range(children):
            response = ResponseFactory.create(class_group=group, id=response_id(grade * 100 + number))
            MarkFactory.create(response=response, category=code["leke"])
            if grade == 5 and number < 3:
                MarkFactory.create(response=response, category=code["farlig"], geom=places.point(places.CROSSING), week=date(2026, 9, 14))
            if grade == 5 and number < 4:
                way = LineString(places.WAY_TO_SCHOOL, srid=4326) if number else None
                MarkFactory.create(response=response, category=code["skoleveg"], geom=way, mode="ga")
    marks = list(Mark.objects.filter(category=code["farlig"]).order_by("id"))
    Mark.objects.filter(pk=marks[0].pk).update(
        comment="Bilene kjører fort", comment_state="released", published_comment="Bilene kjører fort"
    )
    Mark.objects.filter(pk=marks[1].pk).update(comment="Ring 41234567", comment_state="held")
    return survey
