"""Dates in the languages of the pupils' page, which are more than those that Django's pages are in."""

from datetime import date

from django.utils import translation
from django.utils.formats import date_format

_FORMATS = {"nb": "j. F Y", "nn": "j. F Y", "en": "j F Y", "uk": "j E Y", "ar": "j F Y"}
_IN_NUMBERS = "d.m.Y"
"""As Norwegian Sámi writes them, too; for a language whose months Django does not know."""


def date_in(language: str, day: date) -> str:
    """A day in words of the language: "1. desember 2026", "1 December 2026", "1 грудня 2026"; "01.12.2026" in Northern Sámi."""
    with translation.override(language if language in _FORMATS else "nb"):
        return date_format(day, _FORMATS.get(language, _IN_NUMBERS))
