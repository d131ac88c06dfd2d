"""A survey that 60 children of three classes have answered, and what became of it: a draft, a public and a withdrawn release."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.contrib.gis.geos import LineString

from analysis.models import Release
from analysis.services import build_release, publish_release
from mapping.models import Mark
from surveys.models import Category, ClassGroup, Kind, Response, School, Survey
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory

SECRETS = ("Farlig ved huset til Nora", "5A", "7C", "9B")
"""A child's words and the classes' names: nowhere in anything public."""

CHILDREN = 60


@pytest.fixture
def answered(survey: Survey, school: School) -> Survey:
    """Sixty children, twenty of each class: everybody plays at the playground, walks to school, and half find the crossing dangerous."""
    groups: list[ClassGroup] = [
        ClassGroupFactory.create(survey=survey, school=school, grade=grade, letter=letter, pupils=25)
        for grade, letter in ((5, "A"), (7, "C"), (9, "B"))
    ]
    Response.objects.bulk_create(_responses(groups))
    responses = list(Response.objects.filter(survey=survey).order_by("id"))
    categories = {category.code: category for category in survey.categories.all()}
    Mark.objects.bulk_create(mark for number, response in enumerate(responses) for mark in _marks(number, response, categories))
    return survey


@pytest.fixture
def draft(answered: Survey) -> Release:
    """Built, not published."""
    return build_release(survey=answered)


@pytest.fixture
def release(draft: Release) -> Release:
    """Published."""
    return publish_release(release=draft)


@pytest.fixture
def payload(release: Release) -> dict[str, Any]:
    """What a release holds."""
    found: dict[str, Any] = release.payload
    return found


def _responses(groups: list[ClassGroup]) -> list[Response]:
    return [
        ResponseFactory.build(id=UUID(int=(4 << 76) + (8 << 60) + number), class_group=groups[number % 3]) for number in range(CHILDREN)
    ]


def _marks(number: int, response: Response, categories: dict[str, Category]) -> list[Mark]:
    first = UUID(int=(4 << 76) + (8 << 60) + (1 << 32) + 10 * number)
    west = number % 7 * 1e-4
    made = [
        _mark(first, response, categories["leke"], geom=places.point((5.3350 + west, 60.3820))),
        _mark(
            UUID(int=first.int + 1),
            response,
            categories["skoleveg"],
            geom=LineString([(lon - west, lat) for lon, lat in places.WAY_TO_SCHOOL], srid=places.SRID),
            mode="ga" if number % 4 else "sykle",
        ),
    ]
    if number % 2:
        made.append(_mark(UUID(int=first.int + 2), response, categories["farlig"], geom=places.point(places.CROSSING), comment=SECRETS[0]))
    return made


def _mark(mark_id: UUID, response: Response, category: Category, **fields: Any) -> Mark:
    kind = Kind(category.kind)
    made: Mark = MarkFactory.build(id=mark_id, response=response, category=category, kind=kind, week=date(2026, 9, 7), **fields)
    return made
