"""Writing findings and decisions, and what the tables refuse by themselves."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from followup.models import Decision, Finding
from followup.services import add_finding, decide
from surveys.models import ClassGroup, Survey

Status = Decision.Status
CELL = "h250_312_29144"


def test_findings_are_numbered_in_the_order_they_are_written(survey: Survey) -> None:
    titles = ["Krysset", "Parken", "Bussen"]
    assert [add_finding(survey=survey, title=title, text="…").position for title in titles] == [1, 2, 3]


def test_a_finding_put_first_moves_the_others_down(survey: Survey) -> None:
    for title in ("Parken", "Bussen"):
        add_finding(survey=survey, title=title, text="…")
    add_finding(survey=survey, title="Krysset", text="…", position=1)
    assert list(survey.findings.values_list("title", "position")) == [("Krysset", 1), ("Parken", 2), ("Bussen", 3)]


def test_a_finding_keeps_its_theme_and_cells(survey: Survey) -> None:
    finding = add_finding(survey=survey, title=" Krysset ", text="Farlig.", theme="negative", cell_ids=[CELL])
    finding.refresh_from_db()
    assert (finding.title, finding.theme, finding.cell_ids) == ("Krysset", "negative", [CELL])


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("text", "Elevene i 5a er redde her.", "5A"),
        ("title", "60.38251, 5.33502", "koordinater"),
        ("theme", "farlig", "temaet «farlig»"),
        ("cell_ids", ["h100_312_29144"], "250 m"),
        ("cell_ids", ["312"], "h250"),
        ("title", "", "blankt"),
        ("text", "a" * 501, "500"),
    ],
)
def test_a_finding_that_could_lead_to_a_child_or_says_nothing_is_refused(
    class_group: ClassGroup, field: str, value: object, says: str
) -> None:
    fields = {"title": "Krysset", "text": "Farlig å krysse.", field: value}
    with pytest.raises(ValidationError) as refusal:
        add_finding(survey=class_group.survey, **fields)  # type: ignore[arg-type]
    assert field in refusal.value.message_dict
    assert says in str(refusal.value.message_dict[field])
    assert not Finding.objects.exists()


def test_steps_stand_in_the_order_they_happened_with_the_undated_proposal_first(survey: Survey) -> None:
    finding = add_finding(survey=survey, title="Krysset", text="Farlig.")
    decide(finding=finding, text="Bygd", status=Status.DONE, decided_on=date(2027, 6, 1))
    decide(finding=finding, text="Gangfelt", status=Status.DECIDED, decided_on=date(2026, 11, 12), body="Formannskapet")
    decide(finding=finding, text="Gangfelt?", status=Status.PROPOSED)
    found = Finding.objects.filter(survey=survey).with_steps().get()
    assert [step.text for step in found.decisions.all()] == ["Gangfelt?", "Gangfelt", "Bygd"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"status": Status.DECIDED}, "decided_on"),
        ({"status": Status.DONE, "decided_on": date(206, 11, 12)}, "decided_on"),
        ({"status": "maybe"}, "status"),
        ({"text": " "}, "text"),
        ({"text": "5A får gangfelt"}, "text"),
        ({"body": "Klasse 5A"}, "body"),
    ],
)
def test_a_step_without_date_or_words_or_with_a_class_in_it_is_refused(
    class_group: ClassGroup, fields: dict[str, object], field: str
) -> None:
    finding = add_finding(survey=class_group.survey, title="Krysset", text="Farlig.")
    with pytest.raises(ValidationError) as refusal:
        decide(finding=finding, **{"text": "Gangfelt", "status": Status.PROPOSED, **fields})  # type: ignore[arg-type]
    assert field in refusal.value.message_dict
    assert not Decision.objects.exists()


def test_the_database_itself_refuses_a_decision_without_a_date(survey: Survey) -> None:
    finding = add_finding(survey=survey, title="Krysset", text="Farlig.")
    with pytest.raises(IntegrityError, match="decision_has_a_date"), transaction.atomic():
        Decision.objects.create(finding=finding, text="Gangfelt", status=Status.DECIDED)


def test_the_database_itself_refuses_two_findings_in_one_place(survey: Survey) -> None:
    add_finding(survey=survey, title="Krysset", text="Farlig.")
    Finding.objects.create(survey=survey, title="Parken", text="Fin.", position=1)
    # looked at when the transaction ends, so that findings can change places within it
    with pytest.raises(IntegrityError, match="finding_position_unique"), transaction.atomic():
        transaction.get_connection().check_constraints()
    Finding.objects.filter(title="Parken").delete()
