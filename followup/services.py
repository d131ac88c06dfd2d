"""Writing what planners conclude and what was decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from followup.models import Decision, Finding
from surveys.models import Survey


@transaction.atomic
def add_finding(
    *, survey: Survey, title: str, text: str, theme: str = "", cell_ids: Sequence[str] = (), position: int | None = None
) -> Finding:
    """A conclusion, last in the survey's list or at the position given, where it moves the others one down.

    Its words are public: ValidationError for a class's name, coordinates, a theme the survey does not have, a cell below 250 m.
    """
    # Two planners adding at the same moment take their numbers one after the other.
    Survey.objects.select_for_update().get(pk=survey.pk)
    last = Finding.objects.filter(survey=survey).aggregate(last=Max("position"))["last"] or 0
    place = last + 1 if position is None else max(1, min(position, last + 1))
    for later in Finding.objects.filter(survey=survey, position__gte=place):
        later.position += 1
        later.save(update_fields=["position"])
    finding = Finding(survey=survey, title=title.strip(), text=text.strip(), theme=theme, cell_ids=list(cell_ids), position=place)
    finding.full_clean()
    finding.save()
    return finding


@transaction.atomic
def decide(*, finding: Finding, text: str, status: Decision.Status, decided_on: date | None = None, body: str = "") -> Decision:
    """The next step for a finding; steps before it stay, so that the page tells what happened since.

    ValidationError for a step without its date (a proposal may lack one), and for words as in add_finding.
    """
    step = Decision(finding=finding, text=text.strip(), status=status, decided_on=decided_on, body=body.strip())
    step.full_clean()
    step.save()
    return step
