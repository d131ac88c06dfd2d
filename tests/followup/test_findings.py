"""Findings as rows of the page: where they stand, what of them is shown, and what fits on paper."""

from datetime import date
from typing import Any

import pytest

from followup.findings import FindingRow, finding_rows
from followup.models import Decision, Finding
from followup.services import add_finding, decide
from surveys.models import Survey
from tests.followup.test_page import PAYLOAD

pytestmark = pytest.mark.django_db
Status = Decision.Status


def rows(survey: Survey, payload: dict[str, Any] = PAYLOAD) -> list[FindingRow]:
    return finding_rows(Finding.objects.filter(survey=survey).with_steps(), payload)


def test_a_finding_stands_where_its_latest_step_left_it(survey: Survey) -> None:
    finding = add_finding(survey=survey, title="Krysset", text="Farlig.", theme="negative")
    assert (rows(survey)[0].status, rows(survey)[0].status_words) == ("", "Ikke behandlet ennå")
    decide(finding=finding, text="Gangfelt", status=Status.PROPOSED)
    decide(finding=finding, text="1,2 millioner", status=Status.DECIDED, decided_on=date(2026, 11, 12), body="Formannskapet")
    row = rows(survey)[0]
    assert (row.status, row.status_words, row.theme) == ("decided", "Vedtatt", "Dårlige steder")
    assert [step.when for step in row.steps] == ["", "Formannskapet, 12. november 2026"]


def test_only_cells_that_the_release_shows_are_shown(survey: Survey) -> None:
    hidden, shown = "h250_-151_27006", "h250_-150_27006"
    add_finding(survey=survey, title="Krysset", text="Farlig.", cell_ids=[hidden, shown])
    add_finding(survey=survey, title="Parken", text="Fin.", cell_ids=[hidden])
    first, second = rows(survey)
    assert first.cells == (shown,)
    assert first.pin is not None
    assert first.pin.name == "1"
    assert (first.pin.lon, first.pin.lat) == pytest.approx((5.327, 60.38), abs=0.01)
    assert (second.cells, second.pin) == ((), None)


def test_paper_takes_findings_until_one_does_not_fit_and_never_skips_one(survey: Survey) -> None:
    for number in range(8):
        add_finding(survey=survey, title=f"Funn {number}", text="ord " * (120 if number == 3 else 20))
    kept = [row.is_on_paper for row in rows(survey)]
    assert kept[0]
    assert not kept[-1]
    assert kept == sorted(kept, reverse=True)


def test_a_survey_without_findings_has_no_rows(survey: Survey) -> None:
    assert rows(survey) == []


def test_findings_and_their_steps_are_two_queries_however_many(survey: Survey, django_assert_num_queries: Any) -> None:
    for number in range(5):
        decide(finding=add_finding(survey=survey, title=f"Funn {number}", text="…"), text="Gangfelt", status=Status.PROPOSED)
    with django_assert_num_queries(2):
        assert len(rows(survey)) == 5
