"""The ids and the order of features: lent to one reader for a day, so that pages fit together and nothing links two days or two readers.

A feature's id is its mark's id behind a keyed permutation (a Feistel network of four rounds, each an HMAC-SHA256): whoever has no key
learns nothing from it, and the server finds the mark again without a list. Mark ids are random, so their hashes order the pages
without telling who drew what or when. Reasons: docs/decisions/051.
"""

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.encoding import force_bytes

from surveys.errors import InvalidFilter

ROUNDS = 4
"""Luby and Rackoff: from four rounds on nobody tells it from a random permutation, forwards or backwards."""
_HALF = (1 << 64) - 1


@dataclass(frozen=True)
class Lent:
    """The ids and the order of one survey's marks, for one reader on one day."""

    survey_id: UUID
    reader_id: int
    day: date

    def id_of(self, mark_id: UUID) -> str:
        """The feature id of a mark: 32 hexadecimal digits."""
        key = self._key("id")
        left, right = mark_id.int >> 64, mark_id.int & _HALF
        for number in range(ROUNDS):
            left, right = right, left ^ _mix(key, number, right)
        return f"{left << 64 | right:032x}"

    def mark_of(self, feature_id: str) -> UUID:
        """The mark id that a feature id stands for, whether there is such a mark or not; ValueError for what is no feature id."""
        if len(feature_id) != 32 or not set(feature_id) <= set("0123456789abcdef"):
            raise ValueError(feature_id)
        key, number = self._key("id"), int(feature_id, 16)
        left, right = number >> 64, number & _HALF
        for turn in reversed(range(ROUNDS)):
            left, right = right ^ _mix(key, turn, left), left
        return UUID(int=left << 64 | right)

    @property
    def seed(self) -> int:
        """What PostgreSQL's hash of the mark ids is seeded with to order them: 63 bits."""
        return int.from_bytes(self._key("order")[:8], "big") >> 1

    def _key(self, use: str) -> bytes:
        text = f"ogc:{use}:{self.survey_id}:{self.reader_id}:{self.day.isoformat()}"
        return hmac.digest(force_bytes(settings.SECRET_KEY), text.encode(), "sha256")


def _mix(key: bytes, number: int, half: int) -> int:
    return int.from_bytes(hmac.digest(key, bytes([number]) + half.to_bytes(8, "big"), "sha256")[:8], "big")


def days() -> tuple[date, date]:
    """The days whose ids and order are still good: today's, and yesterday's for who was reading at midnight."""
    today = timezone.localdate()
    return today, today - timedelta(days=1)


def day_of(text: str) -> date:
    """The day of an order that a page's link names; InvalidFilter when it is over or was never lent."""
    for day in days():
        if text == day.isoformat():
            return day
    raise InvalidFilter(f"order={text[:40]!r} gjelder ikke lenger. Begynn på nytt fra første side, uten order.")
