"""What is kept how long: the table of docs/privacy.md, "Retention", carried out.

Each rule is a selection and what is done to it; run twice, the second run finds nothing. Releases hold no answers and stay.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDay, TruncWeek
from django.utils import timezone

from mapping.models import Mark, Tombstone
from surveys.models import Entry, Lesson, Presence, Response, WithdrawnResponse, WrongTry

UNSENT_FOR = timedelta(days=7)
"""Seats taken at which nothing was ever said: after that no tablet can deliver any more."""
RAW_TEXT_FOR = timedelta(days=90)
ANSWERS_FOR = timedelta(days=730)
LINKED_FOR = timedelta(days=7)
WRONG_TRIES_FOR = timedelta(days=30)
GRAVES_FOR = timedelta(days=90)
"""Backups live for 30 days, and a tablet may deliver late for as long as a receipt lets it, some ten weeks at most."""


@dataclass(frozen=True)
class Rule:
    """One line of the table: its name in the report, whom it is about, and what is done to them."""

    name: str
    found: QuerySet[Any]
    carry_out: Callable[[QuerySet[Any]], Any]


def delete_expired(*, dry_run: bool = False, now: datetime | None = None) -> dict[str, int]:
    """Carry out every rule, all in one transaction, and count what each found; dry_run only counts.

    The rules follow one another: what one deletes the next does not find, so a dry run may count the same answers twice.
    """
    moment = now or timezone.now()
    counts: dict[str, int] = {}
    with transaction.atomic():
        for rule in _rules(moment):
            counts[rule.name] = rule.found.count()
            if not dry_run:
                rule.carry_out(rule.found)
    return counts


def _rules(now: datetime) -> Iterable[Rule]:
    today = timezone.localdate(now)
    yield Rule("answers of surveys whose date has come", _of_expired_surveys(today), _delete)
    yield Rule("answers older than 24 months", Response.objects.filter(joined_at__lt=now - ANSWERS_FOR), _delete)
    yield Rule("answers set aside in lessons that are over", _set_aside(now), _delete)
    yield Rule("seats at which nothing was said", _empty(now), _delete)
    yield Rule("children's own words, 90 days after they were read", _read_words(today), lambda found: found.update(comment=""))
    yield Rule("answers tied to a lesson, 7 days after it", _linked(now), _unlink)
    yield Rule("hours at which nothing could be delivered any more", _hours_of_delivery(now), _forget_hour)
    yield Rule("tablets' signs of life in lessons that are over", _signs_of_life(now), _delete)
    yield Rule(
        "what is left of withdrawn answers, after 90 days", WithdrawnResponse.objects.filter(withdrawn_on__lt=today - GRAVES_FOR), _delete
    )
    yield Rule("what is left of deleted marks, after 90 days", Tombstone.objects.filter(deleted_on__lt=today - GRAVES_FOR), _delete)
    yield Rule("wrong codes older than 30 days", WrongTry.objects.filter(minute__lt=now - WRONG_TRIES_FOR), _delete)


def _delete(found: QuerySet[Any]) -> None:
    found.delete()


def _unlink(found: QuerySet[Any]) -> None:
    """Nothing tells any more which lesson it was, or which of two came first: the week, and the day the receipt runs from, are left.

    So is map_step, or the class's map would become that of other children.
    """
    found.update(lesson=None, joined_at=TruncWeek("joined_at", tzinfo=UTC), finished_at=TruncDay("finished_at", tzinfo=UTC))


def _forget_hour(found: QuerySet[Any]) -> None:
    """It would tell the lesson: it is the lesson's end and seven days. The receipt of what was never handed in runs from the day."""
    found.update(writable_until=TruncDay("writable_until", tzinfo=UTC))


def _of_expired_surveys(today: date) -> QuerySet[Any]:
    return Response.objects.filter(survey__retention_until__lt=today)


def _set_aside(now: datetime) -> QuerySet[Any]:
    over = Q(lesson=None) | Q(lesson__closed_at__lte=now) | Q(lesson__closes_at__lte=now)
    return Response.objects.set_aside().filter(over)


def _empty(now: datetime) -> QuerySet[Any]:
    said = Exists(Mark.objects.filter(response=OuterRef("pk")))
    return Response.objects.filter(~said, answers={}, finished_at=None, joined_at__lt=now - UNSENT_FOR, writable_until__lt=now)


def _read_words(today: date) -> QuerySet[Any]:
    read = Mark.objects.filter(moderated_on__lt=today - RAW_TEXT_FOR).exclude(comment_state=Mark.CommentState.HELD)
    return read.exclude(comment="")


def _over_since(moment: datetime) -> QuerySet[Any]:
    return Lesson.objects.filter(Q(closed_at__lt=moment) | Q(closed_at=None, closes_at__lt=moment))


def _linked(now: datetime) -> QuerySet[Any]:
    # who was given the right to change later keeps no lesson either: the write token names the response alone
    of_lessons = Q(lesson__in=_over_since(now - LINKED_FOR).values("pk"))
    # what an adult drew has no lesson, and no hour but that of finishing
    by_adults = ~Q(entry=Entry.SELF) & Q(finished_at__lt=now - LINKED_FOR) & ~Q(finished_at=TruncDay("finished_at", tzinfo=UTC))
    return Response.objects.filter(of_lessons | by_adults)


def _hours_of_delivery(now: datetime) -> QuerySet[Any]:
    forgotten = Q(lesson=None) | Q(lesson__in=_over_since(now - LINKED_FOR).values("pk"))
    return Response.objects.filter(forgotten, writable_until__lt=now).exclude(writable_until=TruncDay("writable_until", tzinfo=UTC))


def _signs_of_life(now: datetime) -> QuerySet[Any]:
    over = _over_since(now - LINKED_FOR).values("pk")
    return Presence.objects.filter(Q(response__lesson=None) | Q(response__lesson__in=over) | Q(seen_at__lt=now - LINKED_FOR))
