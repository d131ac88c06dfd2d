"""What the receipt code gives, without saying who one is: to find one's own answers again, and to go on with them."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from surveys import codes
from surveys.errors import CodeRefused, SurveyClosed
from surveys.models import Response, Survey
from surveys.services.responses import Joined

RECEIPT_WORKS_FOR = timedelta(days=30)
"""From the first finishing on: docs/privacy.md, "Rights"."""

REFUSED = "Koden passer ikke til noen svar. Se etter om den er riktig skrevet av. Den virker i 30 dager."


def find_by_receipt(code: str) -> Response:
    """The response of a receipt code. CodeRefused for wrong, unknown and too old alike; the caller counts wrong tries."""
    since = _midnight(timezone.now()) - RECEIPT_WORKS_FOR
    responses = Response.objects.select_related("survey", "class_group__school")
    found: Response | None = responses.filter(receipt_hash=codes.receipt_hash(code), finished_at__gte=since).first()
    if found is None:
        raise CodeRefused(REFUSED)
    return found


@transaction.atomic
def take_up(*, response: Response) -> Joined:
    """The right to write a finished response again, for as long as its receipt works. SurveyClosed when the survey is deleted."""
    if response.survey.status == Survey.Status.DELETED or response.finished_at is None:
        raise SurveyClosed("Undersøkelsen er slettet, og svarene kan ikke endres.")
    until = _midnight(response.finished_at) + RECEIPT_WORKS_FOR + timedelta(days=1)
    if response.writable_until < until:
        response.writable_until = until
        response.save(update_fields=["writable_until"])
    return Joined(response, codes.write_token(response.pk), is_new=False)


def _midnight(moment: datetime) -> datetime:
    """A receipt works for whole days, since the hour is forgotten a week after the lesson: the last one counts to its end."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
