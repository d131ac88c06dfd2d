"""Every state of the pupil's page in every language: nothing that axe objects to, no word missing or cut off, nothing too small to hit."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, TABLET, UPRIGHT, Site
from tests.browser.targets import wrong_with
from tests.browser.walk import LANGUAGES, Walk, asked_in

LEAST_STATES = 38
SCREENS = [(TABLET, language) for language in LANGUAGES] + [(PHONE, "nb"), (PHONE, "ar"), (UPRIGHT, "nb"), (UPRIGHT, "ar")]


@pytest.fixture(scope="module")
def asked(site: Site) -> Iterator[Site]:
    """The demo, asked in all languages there are."""
    with asked_in(site, *LANGUAGES):
        yield site


@pytest.mark.parametrize(
    ("context", "language"), SCREENS, indirect=["context"], ids=[f"{language}-{screen['width']}" for screen, language in SCREENS]
)
def test_no_state_has_a_barrier_or_a_flaw(page: Page, asked: Site, language: str) -> None:
    wrong: dict[str, list[str]] = {}
    seen = []
    for state in Walk(page, asked, language).states():
        page.wait_for_timeout(150)
        seen.append(state)
        if found := wrong_with(page):
            wrong[state] = found
    assert wrong == {}
    assert len(seen) == len(set(seen)) >= LEAST_STATES
