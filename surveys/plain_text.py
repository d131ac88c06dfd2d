"""What somebody wrote, as text that can be stored, shown and printed without surprises."""

import re
import unicodedata
from typing import Any

from surveys.errors import InvalidAnswer
from surveys.quote import quoted

# Controls except tab and newline, and the characters that turn the direction of everything after them around; the
# marks and joiners that Arabic and other scripts are written with stay.
_NOT_TEXT = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_NEVER_TEXT = re.compile("[\x00\ud800-\udfff]")


def clean_text(value: Any, *, max_length: int, at: str) -> str | None:
    """What somebody wrote, as plain text; None when that is nothing.

    Normalised (NFC, newlines) and trimmed; stray controls and overrides of writing direction are taken out, since a
    child who pasted one has done nothing wrong. NUL and half surrogates, which no keyboard makes and no database keeps,
    are refused, as is text that is longer than max_length characters. HTML stays as it is: here it is only text.
    """
    if value is None:
        return None
    if type(value) is not str:
        raise InvalidAnswer(f"Her skal det stå tekst; det kom {quoted(value)}.", code="not-text", pointer=at)
    if found := _NEVER_TEXT.search(value):
        message = f"Teksten har et tegn som ikke er tillatt, {quoted(found[0])}, på plass {found.start() + 1}."
        raise InvalidAnswer(message, code="character-not-allowed", pointer=at)
    text = _NOT_TEXT.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > max_length:
        message = f"Teksten har {len(text)} tegn; høyst {max_length} er tillatt. Den begynner {quoted(text)}."
        raise InvalidAnswer(message, code="text-too-long", pointer=at)
    return text or None
