"""What the receipt code gives, without saying who one is: to find one's own answers again, and to go on with them."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from surveys import codes
from surveys.errors import CodeRefused, SurveyClosed
from surveys.models import Response, Survey
from surveys.services.responses import Joined

RECEIPT_WORKS_FOR = timedelta(days=30)
"""From the first finishing on; of what was never handed in, from when the tablet may deliver no more: docs/privacy.md, "Rights"."""

LATE_WORK_COMES_WITHIN = timedelta(hours=1)
"""A file is read in seconds; the tablet that made it may deliver the rest by itself meanwhile."""

REFUSED = "Koden passer ikke til noen svar. Se etter om den er riktig skrevet av. Den virker i 30 dager."


def by_receipt(code: str) -> QuerySet[Response]:
    """The response that a receipt code opens today, if any, handed in or not: the one rule of how long a receipt works."""
    since = _midnight(timezone.now()) - RECEIPT_WORKS_FOR
    runs_from = Coalesce("finished_at", "receipt_from", "writable_until")
    found: QuerySet[Response] = Response.objects.alias(runs_from=runs_from).filter(
        receipt_hash=codes.receipt_hash(code), runs_from__gte=since
    )
    return found


def receipt_ends(response: Response) -> datetime:
    """The moment from which by_receipt finds it no more."""
    return _midnight(response.finished_at or response.receipt_from or response.writable_until) + RECEIPT_WORKS_FOR + timedelta(days=1)


def find_by_receipt(code: str) -> Response:
    """The response of a receipt code. CodeRefused for wrong, unknown and too old alike; the caller counts wrong tries."""
    found = by_receipt(code).select_related("survey", "class_group__school").first()
    if found is None:
        raise CodeRefused(REFUSED)
    return found


@transaction.atomic
def take_up(*, response: Response) -> Joined:
    """The right to write a response again, for as long as its receipt works. SurveyClosed when the survey is deleted."""
    ends = receipt_ends(response)
    if response.finished_at is None and response.receipt_from is None:
        # or using the receipt would make it work for longer, again and again
        response.receipt_from = _midnight(response.writable_until)
        response.save(update_fields=["receipt_from"])
    _let_write(response, ends)
    return Joined(response, codes.write_token(response.pk), is_new=False)


@transaction.atomic
def let_in_late(*, response: Response) -> None:
    """Let an adult bring in what a tablet could not deliver in time: for an hour. SurveyClosed when the survey is deleted."""
    _let_write(response, timezone.now() + LATE_WORK_COMES_WITHIN)


def _let_write(response: Response, until: datetime) -> None:
    if response.survey.status == Survey.Status.DELETED:
        raise SurveyClosed("Undersøkelsen er slettet, og svarene kan ikke endres.")
    if response.writable_until < until:
        response.writable_until = until
        response.save(update_fields=["writable_until"])


def _midnight(moment: datetime) -> datetime:
    """A receipt works for whole days, since the hour is forgotten a week after the lesson: the last one counts to its end."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
