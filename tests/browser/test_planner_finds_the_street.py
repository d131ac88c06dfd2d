"""What a planner comes for: which street should get a crossing first, how sure is that, and does it differ from class to class."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, TABLET, Site

pytestmark = pytest.mark.parametrize("context", [DESK], indirect=True, ids=["desk"])


def _workbench(page: Page, site: Site, query: str = "") -> None:
    log_in(page, site, "planner", then=f"/surveys/{site.demo['survey']}/{query}")
    expect(page.locator("#legend")).not_to_be_empty()


def test_from_the_log_in_to_the_street_that_needs_a_crossing_in_five_clicks(page: Page, site: Site) -> None:
    log_in(page, site, "planner")
    page.locator("main a[href='/surveys/']").first.click()
    page.get_by_role("link", name="Barnetråkk i Solvik").first.click()
    page.get_by_role("radio", name="Gater").check(force=True)
    first = page.locator("#dangers .words__item").first
    expect(first).to_contain_text(re.compile(r"\d+ barn går her, .+ sier det er farlig"))
    expect(first).to_contain_text(re.compile(r"(Sikkert|Trolig|Usikkert) blant de tre første \(\d+ %\)"))
    before = page.locator("#map").screenshot()
    first.click()
    page.wait_for_timeout(800)
    assert page.locator("#map").screenshot() != before, "the map goes there"
    assert wrong_at(page, DESK, TABLET, PHONE) == []


def test_places_that_gather_are_shown_with_what_they_mean(page: Page, site: Site) -> None:
    _workbench(page, site, "?show=spots&size=50")
    expect(page.locator("#legend")).to_contain_text("flere enn tilfeldig")
    expect(page.get_by_role("heading", name="Der mange samler seg")).to_be_visible()
    assert wrong_at(page, DESK, TABLET, PHONE) == []


def test_two_groups_are_compared_and_the_address_says_which(page: Page, site: Site) -> None:
    _workbench(page, site, "?show=difference")
    hint = page.locator("#difference-hint")
    expect(hint).to_contain_text("Velg to grupper")
    first, second = page.locator("select[name=first]"), page.locator("select[name=second]")
    first.select_option("1.–4. trinn")
    # of the same kind, and another
    expect(second.locator("option")).to_have_text(["Velg gruppe", "5.–7. trinn", "8.–10. trinn"])
    second.select_option("8.–10. trinn")
    expect(hint).to_contain_text(re.compile(r"1\.–4\. trinn \(\d+ barn\) og 8\.–10\. trinn \(\d+ barn\): (\d+|ingen) av \d+ sekskanter"))
    expect(page).to_have_url(re.compile("first=grade_band%3A1-4&second=grade_band%3A8-10$"))
    assert wrong_at(page, DESK, TABLET, PHONE) == []
    said = hint.inner_text()
    page.reload()
    expect(hint).to_have_text(said)
    expect(second).to_have_value("grade_band:8-10")
    schools = first.locator("optgroup[label=Skoler] option").first.get_attribute("value") or ""
    first.select_option(schools)
    expect(hint).to_contain_text("Velg to grupper")
    expect(second).to_have_value("")
