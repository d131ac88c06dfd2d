"""Signs of life from tablets while a lesson is on, and what the teacher's board makes of them.

Kept for nobody: one row a response, replaced in place, emptied when the lesson is over. It holds counts and when we last heard of the
tablet, by our own clock; nothing of what is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from surveys.errors import TokenRefused
from surveys.models import Lesson, Presence, Response
from surveys.seats import Seat, seat

STUCK_AFTER = timedelta(minutes=3)
"""Without anything new for so long a pupil may need a hand."""
SILENT_AFTER = timedelta(seconds=50)
"""A tablet tells of itself every 15 seconds; three times missed, and it has no network, sleeps or is put away."""
HEARD_WITHIN = timedelta(seconds=20)
"""Longer ago, and what a tablet holds now is unknown: one time missed."""
_TOLD_LATE = timedelta(seconds=30)
"""What was drawn before the handing in may be told so long after it; more than that is drawing on."""


@dataclass(frozen=True)
class Orders:
    """What a tablet is told in return: the teacher's pause, that the lesson is over, that its seat is to be taken anew."""

    paused: bool
    closed: bool
    reset: bool


# One statement. A lesson that is over leaves nothing behind but those that still hold something unsent.
_PULSE_SQL = """
WITH mine AS (
    SELECT r.id, coalesce(l.is_paused, false) AS paused,
           l.id IS NULL OR l.closed_at IS NOT NULL OR l.closes_at <= %(now)s AS closed,
           r.set_aside_at IS NOT NULL AS reset
    FROM surveys_response r LEFT JOIN surveys_lesson l ON l.id = r.lesson_id
    WHERE r.id = %(response)s
), told AS (
    INSERT INTO surveys_presence AS p (response_id, seen_at, active_at, changes, unsent)
    SELECT id, %(now)s, %(now)s, %(changes)s, %(unsent)s FROM mine WHERE NOT closed OR %(unsent)s > 0
    ON CONFLICT (response_id) DO UPDATE SET
        seen_at = excluded.seen_at, changes = excluded.changes, unsent = excluded.unsent,
        active_at = CASE WHEN p.changes = excluded.changes THEN p.active_at ELSE excluded.active_at END
), forgotten AS (
    DELETE FROM surveys_presence p USING mine WHERE p.response_id = mine.id AND mine.closed AND %(unsent)s = 0
)
SELECT paused AND NOT closed, closed, reset FROM mine
"""


def pulse(*, response_id: UUID, unsent: int, changes: int) -> Orders:
    """Note what a tablet says of itself, and answer what it shall do. TokenRefused when there is no such response."""
    values: dict[str, Any] = {"response": response_id, "unsent": unsent, "changes": changes, "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(_PULSE_SQL, values)
        row = cursor.fetchone()
    if row is None:
        raise TokenRefused("Svarsettet finnes ikke lenger.")
    return Orders(*row)


class State(StrEnum):
    """How it goes at a seat."""

    JOINED = "joined"
    DRAWING = "drawing"
    STUCK = "stuck"
    SILENT = "silent"
    DONE = "done"

    @property
    def words(self) -> str:
        """As the board says it."""
        return _WORDS[self]


_WORDS = {
    State.JOINED: "er med",
    State.DRAWING: "tegner",
    State.STUCK: "står fast?",
    State.SILENT: "ingen kontakt",
    State.DONE: "ferdig",
}


@dataclass(frozen=True)
class SeatRow:
    """One seat of the board."""

    number: int
    seat: Seat
    state: State
    unsent: int
    is_heard: bool
    """Whether the tablet told of itself a moment ago."""

    @property
    def picture(self) -> str:
        """The animal's file."""
        return f"img/seats/{self.seat.animal}.svg"


@dataclass(frozen=True)
class Board:
    """The seats of a lesson, and how many are how far."""

    seats: Sequence[SeatRow]
    set_aside: Sequence[SeatRow]

    @property
    def counts(self) -> dict[str, int]:
        """Seats per state, by the state's name."""
        return {state.value: sum(row.state == state for row in self.seats) for state in State}

    @property
    def unsent(self) -> list[SeatRow]:
        """Tablets that say that they hold something unsent."""
        return [row for row in self.seats if row.unsent]

    @property
    def unknown(self) -> list[SeatRow]:
        """Tablets that are not done, and of which nobody knows whether they hold anything: not heard from lately, or never."""
        return [row for row in self.seats if not (row.is_heard or row.unsent or row.state == State.DONE)]

    @property
    def heard_within_s(self) -> int:
        """How many seconds "lately" is."""
        return int(HEARD_WITHIN.total_seconds())


def board(lesson: Lesson) -> Board:
    """The lesson's seats as the teacher sees them now."""
    now = timezone.now()
    responses = list(lesson.responses.select_related("presence").order_by("seat"))
    rows = [(response, _row(response, now, lesson=lesson)) for response in responses]
    return Board(
        seats=[row for response, row in rows if not response.set_aside_at],
        set_aside=[row for response, row in rows if response.set_aside_at],
    )


def _row(response: Response, now: datetime, *, lesson: Lesson) -> SeatRow:
    presence: Presence | None = getattr(response, "presence", None)
    is_heard = presence is not None and now - presence.seen_at <= HEARD_WITHIN
    state = _state(response, presence, now, lesson=lesson)
    return SeatRow(response.seat, seat(response.seat), state, presence.unsent if presence else 0, is_heard)


def _state(response: Response, presence: Presence | None, now: datetime, *, lesson: Lesson) -> State:
    if response.finished_at is not None and not _goes_on(response.finished_at, presence):
        return State.DONE
    if presence is None:  # at the card with the animal: the map, and with it the signs of life, comes after it
        since = max(response.joined_at, lesson.opened_at)
        return State.STUCK if now - since > STUCK_AFTER and not lesson.is_paused else State.JOINED
    if now - presence.seen_at > SILENT_AFTER:
        return State.SILENT
    if now - presence.active_at > STUCK_AFTER and not lesson.is_paused:
        return State.STUCK
    return State.DRAWING if presence.changes else State.JOINED


def _goes_on(finished_at: datetime, presence: Presence | None) -> bool:
    """Whether something came after the handing in: work that is not delivered, or "Tegn mer"."""
    return presence is not None and (presence.unsent > 0 or presence.active_at > finished_at + _TOLD_LATE)
