"""One reading of the marks gives what separate queries give; counted by hand on the answered survey."""

import pytest
from django.http import QueryDict

from analysis.counting import Counted, count
from analysis.filters import MarkFilter
from mapping.models import Mark
from surveys.models import Survey

pytestmark = pytest.mark.django_db


def test_children_and_marks_are_counted_as_by_hand(answered: Survey) -> None:
    counts = count(Mark.objects.filter(survey=answered))
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
    counts = count(marks)
    assert counts.total == Counted(marks.values("response_id").distinct().count(), marks.count())
    assert sum(number.marks for number in counts.by_category.values()) == marks.count()
    assert counts.without_geometry == marks.filter(geom=None).count()


def test_nothing_is_counted_as_nothing(answered: Survey) -> None:
    counts = count(Mark.objects.none() | Mark.objects.filter(survey=answered, category__code="bade"))
    assert counts.total == Counted(0, 0)
    assert not counts.by_category
