"""Who drew is told where five or more did in each way, and nowhere else; a group of children counts as one everywhere."""

from typing import Any

import orjson
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from analysis.class_maps import build_class_map
from analysis.entries import by_adults, has_adults, silent_classes
from analysis.exports import export
from analysis.filters import MarkFilter
from analysis.services import build_release
from analysis.summary import NOT_TOLD, summarise
from surveys.models import ClassGroup, Response, Survey, User
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory

pytestmark = pytest.mark.django_db


def _draw(survey: Survey, group: ClassGroup, entry: str, number: int, **more: Any) -> list[Response]:
    """So many responses with a mark each."""
    first = 500 + group.responses.count()
    responses = [ResponseFactory.create(class_group=group, seat=first + one, entry=entry, **more) for one in range(number)]
    for response in responses:
        MarkFactory.create(response=response, category=survey.categories.get(code="leke"))
    return responses


def _grade(survey: Survey, grade: int) -> ClassGroup:
    return ClassGroup.objects.get(survey=survey, grade=grade)


def _passing(survey: Survey, query: str) -> int:
    return MarkFilter.parse(QueryDict(query), survey).marks_of(survey).count()


def _exported(survey: Survey) -> list[tuple[str, str | None]]:
    """Grade band and who drew, of every mark in the GeoJSON file."""
    features = orjson.loads(b"".join(export(survey, MarkFilter(), "geojson")[1]))["features"]
    return sorted((one["properties"]["grade_band"], one["properties"]["entry"] or "") for one in features)


def test_where_no_adult_has_drawn_all_is_the_childrens_own(answered: Survey) -> None:
    assert not has_adults(answered)
    assert (_passing(answered, "entry=self"), _passing(answered, "entry=paper")) == (37, 0)
    assert {entry for _, entry in _exported(answered)} == {"self"}
    assert [panel.whole.title for panel in summarise(answered, MarkFilter()).panels if "tegnet" in panel.whole.title] == []
    assert by_adults(answered) is None


def test_five_sheets_among_twenty_children_are_told(answered: Survey) -> None:
    _draw(answered, _grade(answered, 5), "paper", 5)
    assert silent_classes(answered) == []
    assert (_passing(answered, "entry=paper"), _passing(answered, "entry=self"), _passing(answered, "entry=self,paper")) == (5, 37, 42)
    assert _exported(answered).count(("5-7", "paper")) == 5


@pytest.mark.parametrize("number", [1, 4])
def test_fewer_are_told_of_nobody_in_the_schools_grade_band(answered: Survey, number: int) -> None:
    """Not of the children's own either: what is left over would be the sheets."""
    _draw(answered, _grade(answered, 5), "paper", number)
    assert silent_classes(answered) == [_grade(answered, 5).pk]
    assert (_passing(answered, "entry=paper"), _passing(answered, "entry=self")) == (0, 10)
    told = _exported(answered)
    assert {entry for band, entry in told if band == "5-7"} == {""}
    assert {entry for band, entry in told if band == "8-10"} == {"self"}


def test_a_second_class_of_the_same_band_is_as_silent(answered: Survey) -> None:
    other = ClassGroupFactory.create(survey=answered, school=answered.schools.get(), grade=6)
    _draw(answered, other, "self", 8)
    _draw(answered, _grade(answered, 5), "assisted", 2)
    assert set(silent_classes(answered)) == {other.pk, _grade(answered, 5).pk}


def test_responses_that_say_nothing_or_are_set_aside_hide_nobody(answered: Survey) -> None:
    five = _grade(answered, 5)
    _draw(answered, five, "paper", 4)
    ResponseFactory.create(class_group=five, seat=900, entry="paper")
    assert silent_classes(answered) == [five.pk]
    [fifth] = _draw(answered, five, "paper", 1)
    assert silent_classes(answered) == []
    fifth.set_aside_at = fifth.joined_at
    fifth.save()
    assert silent_classes(answered) == [five.pk]


def test_where_all_are_from_sheets_telling_so_singles_out_nobody(answered: Survey) -> None:
    two = ClassGroupFactory.create(survey=answered, school=answered.schools.get(), grade=2)
    _draw(answered, two, "paper", 2)
    assert silent_classes(answered) == []
    assert _exported(answered).count(("1-4", "paper")) == 2


def test_no_value_of_the_filter_splits_a_schools_grade_band_below_five_children(answered: Survey) -> None:
    """The attack: whoever filters by all there is never finds fewer children than without the new filter, unless they are five."""
    for number, entry in ((3, "paper"), (6, "assisted")):
        _draw(answered, _grade(answered, 5), entry, number)
    _draw(answered, _grade(answered, 8), "paper", 5)
    for band in ("5-7", "8-10"):
        whole = MarkFilter(grade_band=(band,)).marks_of(answered).values("response").distinct().count()
        for entry in ("self", "assisted", "paper"):
            found = MarkFilter(grade_band=(band,), entry=(entry,)).marks_of(answered).values("response").distinct().count()
            assert found in {0, whole} or found >= 5, (band, entry, found)


def test_the_desk_counts_who_drew_and_a_group_as_one(answered: Survey) -> None:
    _draw(answered, _grade(answered, 5), "assisted", 5, children=8)
    _draw(answered, _grade(answered, 8), "paper", 2)
    summary = summarise(answered, MarkFilter())
    assert summary.children == "37", "thirty alone, five groups, two sheets"
    [panel] = [panel for panel in summary.panels if panel.whole.title == "Hvem som tegnet"]
    assert [(bar.row.label, bar.row.cells, bar.row.key) for bar in panel.whole.bars] == [
        ("Barnet selv", ("20", "27"), "entry=self"),
        ("En voksen, for barn", ("5", "5"), "entry=assisted"),
        (NOT_TOLD, ("12", "12"), ""),
    ]
    told = by_adults(answered)
    assert told is not None
    assert (told.sheets, told.groups, told.children) == ("1–4", "5", "40")


def test_how_many_children_a_few_groups_are_is_not_said(answered: Survey) -> None:
    _draw(answered, _grade(answered, 5), "assisted", 4, children=8)
    told = by_adults(answered)
    assert told is not None
    assert (told.groups, told.children) == ("1–4", "")


def test_no_file_holds_how_many_children_a_response_speaks_for(answered: Survey) -> None:
    """The size of a group would link the marks of one response."""
    _draw(answered, _grade(answered, 5), "assisted", 6, children=37)
    body = b"".join(export(answered, MarkFilter(), "csv")[1]).decode()
    assert "37" not in {cell for line in body.splitlines() for cell in line.split(";")}
    assert "children" not in body


def test_a_group_counts_once_for_a_release_whatever_its_size(answered: Survey) -> None:
    _draw(answered, _grade(answered, 5), "assisted", 3, children=40)
    assert build_release(survey=answered).response_count == 33


def test_what_an_adult_drew_is_not_on_the_class_map_the_adult_sees(answered: Survey) -> None:
    group = ClassGroupFactory.create(survey=answered, school=answered.schools.get(), grade=3)
    _draw(answered, group, "paper", 9)
    _draw(answered, group, "self", 1)
    assert build_class_map(group).payload is None
    assert build_class_map(group).missing == 9
    _draw(answered, group, "self", 9)
    payload = build_class_map(group).payload
    assert payload is not None
    assert payload["children"] == 10


def test_the_workbench_offers_the_filter_once_an_adult_has_drawn(answered: Survey, pia: User, client: Client) -> None:
    client.force_login(pia)
    url = reverse("analysis:workbench", args=[answered.pk])
    assert 'name="entry"' not in client.get(url).content.decode()
    _draw(answered, _grade(answered, 5), "paper", 5)
    page = client.get(url, {"entry": "paper"}).content.decode()
    assert 'name="entry" value="paper" checked' in page
    assert "Tegnet av voksne: 5 svar fra papirark" in page
    assert client.get(url, {"entry": "hare"}).status_code == 400
