"""Class codes, link tokens, write tokens and receipts: made, normalised, hashed; and the budget for wrong tries.

A class code is 8 of 31 unambiguous characters (39.6 bits), a link token 128 bits. All are derived from the secret key and an id,
and stored as hashes at most: a copy of the database opens no lesson and writes no answer, and yet the teacher's page can show the
code again, and a pupil whose first reply was lost gets the same token.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.encoding import force_bytes

from surveys.errors import TooManyTries
from surveys.models import WrongTry

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 characters: no 0/O, 1/I/L to mistake for one another."""
CODE_LENGTH = 8


def class_code(class_group_id: UUID, serial: int) -> str:
    """The typed code of a class group, "ABCD-EFGH"."""
    letters = _letters(_keyed(f"code:{class_group_id}:{serial}"), CODE_LENGTH)
    return letters[:4] + "-" + letters[4:]


def class_token(class_group_id: UUID, serial: int) -> str:
    """The 128-bit token in a class group's link and QR code, 22 URL-safe characters."""
    return _short(_keyed(f"token:{class_group_id}:{serial}"))


def normalise(code: str) -> str:
    """A code as a child may type it ("abcd efgh") in its one form ("ABCDEFGH"); no look-alike is guessed."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def lookup_hash(secret: str) -> str:
    """The keyed hash under which a code or link token is stored: without the key the 39.6 bits cannot be searched."""
    return _keyed(f"lookup:{secret}").hex()


def write_token(response_id: UUID) -> str:
    """The right to write one response, 128 bits. Derived, so that a repeated join gives the same one and nothing need be stored."""
    return _short(_keyed(f"write:{response_id}"))


def is_write_token(token: str, response_id: UUID) -> bool:
    """Whether the token is the response's, under today's secret key or an earlier one that is still accepted."""
    came = token.encode()
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(came, _short(_keyed(f"write:{response_id}", key)).encode()) for key in keys)


def receipts(response_id: UUID) -> list[str]:
    """The receipt codes of a response by today's secret key, then by earlier ones: 16 characters in fours (79 bits), to keep on paper."""
    codes = [_letters(_keyed(f"receipt:{response_id}", key), 16) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return ["-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in codes]


def receipt_hash(code: str) -> bytes:
    """How a receipt is stored: a plain SHA-256, since 79 random bits cannot be searched and the key may be changed."""
    return hashlib.sha256(normalise(code).encode()).digest()


def count_wrong_try(address: str) -> None:
    """Count one wrong code; TooManyTries when the address or the whole site is over its budget of this minute.

    Called only after a code was found wrong, so that a right code is never refused, whatever the others at the same school do.
    """
    minute = timezone.now().replace(second=0, microsecond=0)
    for address_hash, budget in (
        (_keyed(f"address:{address}").hex(), settings.WRONG_CODES_PER_ADDRESS),
        ("", settings.WRONG_CODES_TOTAL),
    ):
        if _count_one(minute, address_hash) > budget:
            raise TooManyTries("Det er skrevet for mange feil koder. Vent ett minutt og prøv igjen.", retry_after_s=60)


# One statement, so that forty wrong codes at the same moment are forty and not one
_COUNT_SQL = """
INSERT INTO surveys_wrongtry AS t (minute, address_hash, count) VALUES (%s, %s, 1)
ON CONFLICT (minute, address_hash) DO UPDATE SET count = t.count + 1
RETURNING t.count
"""


def _count_one(minute: datetime, address_hash: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_SQL, [minute, address_hash])
        count: int = cursor.fetchone()[0]
    if count == 1:
        WrongTry.objects.filter(minute__lt=minute - timedelta(hours=1)).delete()
    return count


def _keyed(text: str, key: str | bytes = "") -> bytes:
    return hmac.digest(force_bytes(key or settings.SECRET_KEY), text.encode(), "sha256")


def _short(digest: bytes) -> str:
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _letters(digest: bytes, length: int) -> str:
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(letters)
