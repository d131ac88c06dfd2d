"""Dates as each language writes them."""

from datetime import date

import pytest
from django.utils import translation

from surveys.dates import date_in
from surveys.languages import known_languages

WRITTEN = {
    "nb": "1. desember 2026",
    "nn": "1. desember 2026",
    "en": "1 December 2026",
    "se": "01.12.2026",
    "uk": "1 грудня 2026",
    "ar": "1 ديسمبر 2026",
}


@pytest.mark.parametrize("language", known_languages())
def test_a_day_is_written_as_its_language_writes_it_whatever_the_page_speaks(language: str) -> None:
    with translation.override("en"):
        assert date_in(language, date(2026, 12, 1)) == WRITTEN[language]
        assert translation.get_language() == "en"
