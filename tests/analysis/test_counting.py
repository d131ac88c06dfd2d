"""One reading of the marks gives what separate queries give; counted by hand on the answered survey."""

import pytest
from django.contrib.gis.geos import Point
from django.http import QueryDict

from analysis.counting import Counted, count
from analysis.filters import MarkFilter
from mapping.models import Mark
from surveys.models import Category, Survey
from tests import places
from tests.factories import MarkFactory

pytestmark = pytest.mark.django_db


def test_children_and_marks_are_counted_as_by_hand(answered: Survey) -> None:
    counts = count(Mark.objects.filter(survey=answered), answered.categories.all())
    codes = dict(answered.categories.values_list("pk", "code"))
    themes = dict(answered.themes.values_list("pk", "code"))
    assert counts.total == Counted(children=30, marks=37)
    assert counts.without_geometry == 1
    assert {codes[pk]: tuple(n) for pk, n in counts.by_category.items()} == {"leke": (30, 30), "skoleveg": (4, 4), "farlig": (3, 3)}
    assert {themes[pk]: tuple(n) for pk, n in counts.by_theme.items()} == {"activity": (30, 30), "way": (4, 4), "negative": (3, 3)}
    assert counts.by_mode == {"": Counted(30, 33), "ga": Counted(4, 4)}
    assert counts.by_grade == {5: Counted(20, 27), 8: Counted(10, 10)}


@pytest.mark.parametrize("query", ["", "grade_band=8-10", "category=farlig&mode=ga", "bbox=5.3245,60.3785,5.3260,60.3795", "theme=way"])
def test_the_numbers_are_those_of_the_querysets_own_counting(answered: Survey, query: str) -> None:
    marks = MarkFilter.parse(QueryDict(query), answered).marks_of(answered)
    counts = count(marks, answered.categories.all())
    assert counts.total == Counted(marks.values("response_id").distinct().count(), marks.count())
    assert sum(number.marks for number in counts.by_category.values()) == marks.count()
    assert counts.without_geometry == marks.filter(geom=None).count()


def test_many_categories_take_more_than_one_number_of_bits(answered: Survey) -> None:
    """A hundred and thirty categories, and children who marked some of them: against counting DISTINCT, category by category."""
    theme = answered.themes.first()
    made = [
        Category(survey=answered, theme=theme, code=f"slag{n}", position=100 + n, kind="place", icon="star", colour="#1d4ed8", words={})
        for n in range(130)
    ]
    Category.objects.bulk_create(made)
    children = list(answered.responses.all())
    for number, category in enumerate(made):
        for child in children[number % 7 :: 5]:
            MarkFactory.create(response=child, category=category, geom=Point(*places.PLAYGROUND, srid=4326))
    marks = Mark.objects.filter(survey=answered)
    counts = count(marks, answered.categories.select_related("theme"))
    for category in answered.categories.all():
        ours = counts.by_category.get(category.pk, Counted())
        own = marks.filter(category=category)
        assert ours == Counted(own.values("response_id").distinct().count(), own.count())
    assert counts.total == Counted(30, marks.count())


def test_marks_of_a_category_that_was_not_named_are_an_error(answered: Survey) -> None:
    with pytest.raises(ValueError, match="which were not named"):
        count(Mark.objects.filter(survey=answered), answered.categories.exclude(code="leke"))


def test_nothing_is_counted_as_nothing(answered: Survey) -> None:
    counts = count(Mark.objects.none() | Mark.objects.filter(survey=answered, category__code="bade"), answered.categories.all())
    assert counts.total == Counted(0, 0)
    assert not counts.by_category
