"""MarkFilter: what it takes, what it refuses and how it says so; every choice counted by hand on the answered survey."""

import pytest
from django.http import QueryDict

from analysis.filters import MarkFilter
from surveys.errors import InvalidFilter
from surveys.models import Survey
from tests import places

pytestmark = pytest.mark.django_db

AROUND_CROSSING = ",".join(f"{value:.4f}" for value in (places.CROSSING[0] - 0.001, places.CROSSING[1] - 0.001, 5.3260, 60.3795))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 37),
        ("theme=activity", 30),
        ("theme=activity&theme=negative", 33),
        ("category=leke,farlig", 33),
        ("category=bade", 0),
        ("kind=route", 4),
        ("mode=ga", 4),
        ("mode=sykle", 0),
        ("grade_band=8-10", 10),
        ("grade_band=1-4", 0),
        ("grade_band=5-7&category=leke", 20),
        ("from=2026-09-14", 3),
        ("to=2026-09-13", 34),
        ("from=2026-09-13&to=2026-09-13", 34),
        ("datetime=2026-09-14/..", 3),
        ("datetime=2026-09-16", 3),
        ("datetime=2026-09-14T00:00:00Z/2026-09-20T23:59:59.5%2B02:00", 3),
        ("from=2000-01-01&to=2100-12-31", 37),
        ("datetime=../2026-09-06", 0),
        (f"bbox={AROUND_CROSSING}", 6),
        (f"bbox={AROUND_CROSSING}&kind=place", 3),
        ("bbox=10,59,11,60", 0),
    ],
)
def test_a_filter_lets_through_what_can_be_counted_by_hand(answered: Survey, query: str, count: int) -> None:
    chosen = MarkFilter.parse(QueryDict(query), answered)
    assert chosen.marks_of(answered).count() == count
    assert MarkFilter.parse(QueryDict(chosen.query_string()), answered) == chosen, "its canonical form means the same"


def test_school_is_a_filter_of_this_surveys_schools_only(answered: Survey) -> None:
    school = answered.schools.get()
    assert MarkFilter.parse(QueryDict(f"school={school.pk}"), answered).marks_of(answered).count() == 37
    with pytest.raises(InvalidFilter, match="finnes ikke her"):
        MarkFilter.parse(QueryDict(f"school={school.pk + 1}"), answered)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("farge=blå", "Filteret 'farge' finnes ikke"),
        ("category=romskip", "category='romskip' finnes ikke her. Tillatt: skoleveg"),
        ("grade_band=5", "Tillatt: 1-4, 5-7, 8-10"),
        ("from=i går", "ingen dato"),
        ("from=2026-10-01garbage", "ingen dato"),
        ("from=20261001", "ingen dato"),
        ("to=2026-02-30", "ingen dato"),
        ("datetime=2026-09-14T25:00:00Z", "ingen dato"),
        ("datetime=2026-09-14/2026-09-15/2026-09-16", "ingen dato"),
        ("from=0001-01-01", "2000-01-01 til 2100-12-31"),
        ("to=9999-12-31", "2000-01-01 til 2100-12-31"),
        ("from=2026-10-01&to=2026-09-01", "slutter 2026-09-01 før den begynner"),
        ("bbox=1,2,3", "ikke fire tall"),
        ("bbox=nan,0,1,1", "ingen boks"),
        ("bbox=11,59,10,60", "ingen boks"),
        ("bbox=1,2,3,inf", "ingen boks"),
        ("category='; DROP TABLE mapping_mark; --", "finnes ikke her"),
    ],
)
def test_what_is_no_filter_is_quoted_with_what_is_allowed(answered: Survey, query: str, said: str) -> None:
    with pytest.raises(InvalidFilter, match=said):
        MarkFilter.parse(QueryDict(query), answered)


def test_nothing_chosen_is_an_empty_filter(answered: Survey) -> None:
    assert MarkFilter.parse(QueryDict(""), answered).is_empty
    assert not MarkFilter.parse(QueryDict("kind=place"), answered).is_empty
