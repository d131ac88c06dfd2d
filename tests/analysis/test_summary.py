"""What the workbench says: few children as a range, long charts in two parts on one scale, who has taken part."""

import pytest

from analysis.filters import MarkFilter
from analysis.summary import MOST_SHOWN, summarise
from surveys.models import Survey
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory

pytestmark = pytest.mark.django_db


def test_charts_say_few_children_as_a_range_and_draw_it_as_its_middle(answered: Survey) -> None:
    categories = summarise(answered, MarkFilter()).charts[1]
    danger = next(bar.row for bar in categories.bars if bar.row.label == "Farlig")
    assert (danger.text, danger.cells, danger.is_few, danger.value) == ("1–4", ("1–4", "3"), True, 2.5)
    play = next(bar.row for bar in categories.bars if bar.row.label == "Leker")
    assert (play.text, play.is_few) == ("30", False)


def test_the_range_is_drawn_alike_for_one_child_and_for_four(answered: Survey) -> None:
    widths = {
        next(bar.width for bar in summarise(answered, MarkFilter(category=chosen)).charts[1].bars if bar.row.is_few)
        for chosen in (("farlig",), ("skoleveg",))
    }
    assert len(widths) == 1


def test_a_long_chart_shows_the_longest_and_the_rest_on_the_same_scale(answered: Survey) -> None:
    responses = list(answered.responses.order_by("id"))
    categories = list(answered.categories.filter(kind="place").order_by("pk")[: MOST_SHOWN + 3])
    for number, category in enumerate(categories):
        for response in responses[: 5 + number]:
            MarkFactory.create(response=response, category=category, geom=places.point(places.CROSSING))
    panel = summarise(answered, MarkFilter()).panels[1]
    assert panel.rest is not None
    assert len(panel.first.bars) == MOST_SHOWN
    assert len(panel.first.bars) + len(panel.rest.bars) == len(panel.whole.bars)
    widths = {bar.row.label: bar.width for bar in panel.whole.bars}
    assert {bar.row.label: bar.width for bar in (*panel.first.bars, *panel.rest.bars)} == widths
    assert min(bar.row.value for bar in panel.first.bars) >= max(bar.row.value for bar in panel.rest.bars)


def test_participation_is_the_whole_surveys_school_by_school_and_band_by_band(answered: Survey) -> None:
    school = answered.schools.get()
    ClassGroupFactory.create(survey=answered, school=school, grade=5, letter="B", pupils=15)
    rows = [
        (row.school, row.band, row.joined, row.pupils, row.share) for row in summarise(answered, MarkFilter(mode=("ga",))).participation
    ]
    assert rows == [(school.name, "5.–7. trinn", 20, 40, "50 %"), (school.name, "8.–10. trinn", 10, 25, "40 %")]


def test_a_class_that_does_not_say_how_many_it_has_leaves_the_share_unknown(answered: Survey) -> None:
    """Its pupils would be among those who came in, and not among those there are."""
    ClassGroupFactory.create(survey=answered, school=answered.schools.get(), grade=6, letter="A", pupils=0)
    assert [(row.joined, row.share) for row in summarise(answered, MarkFilter()).participation] == [(20, "–"), (10, "40 %")]
