"""From the workbench, with its filters, to the pages of numbers and words beside it, and back to the marks."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, TABLET, UPRIGHT, Site

pytestmark = pytest.mark.parametrize("context", [DESK], indirect=True, ids=["desk"])


def _at_the_workbench(page: Page, site: Site) -> None:
    """With the marks of grades 5 to 7 only, chosen on the page."""
    log_in(page, site, "planner", then="/surveys/")
    page.get_by_role("link", name="Barnetråkk i Solvik").first.click()
    page.locator("summary", has_text="Klassetrinn").click()
    page.get_by_role("checkbox", name="5.–7. trinn", include_hidden=True).check()
    expect(page).to_have_url(re.compile("grade_band=5-7"))


def test_a_cross_table_has_the_filters_that_were_chosen_and_leads_to_its_marks(page: Page, site: Site) -> None:
    _at_the_workbench(page, site)
    page.get_by_role("link", name="Krysstabell").click()
    expect(page.get_by_text("Klassetrinn: 5.–7. trinn")).to_be_visible()
    page.get_by_label("Rader").select_option("Tema")
    page.get_by_label("Kolonner").select_option("Transport")
    page.get_by_role("button", name="Vis").click()
    table = page.get_by_role("region", name="Krysstabellen")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(page.get_by_text("Klassetrinn: 5.–7. trinn")).to_be_visible()
    assert wrong_at(page, DESK, TABLET, UPRIGHT, PHONE) == []
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Last ned som regneark (CSV)").click()
    assert waiting.value.path().read_text("utf-8-sig").startswith("Tema / Transport;")
    table.get_by_role("link", name="Sykler").click()
    expect(page.get_by_role("checkbox", name="Sykler", exact=True, include_hidden=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="5.–7. trinn", include_hidden=True)).to_be_checked()


def test_a_word_is_searched_for_and_seen_on_the_map(page: Page, site: Site) -> None:
    _at_the_workbench(page, site)
    page.get_by_role("link", name="Ordbruk").click()
    page.get_by_label("Søk i det barna skriver").fill("bil")
    page.get_by_role("button", name="Søk").click()
    expect(page.get_by_role("heading", name="Treff på «bil»")).to_be_visible()
    expect(page.locator(".said mark").first).to_have_text(re.compile("^bil", re.IGNORECASE))
    assert wrong_at(page, DESK, TABLET, UPRIGHT, PHONE) == []
    page.get_by_role("link", name="Se stedet på kartet").first.click()
    expect(page).to_have_url(re.compile(r"grade_band=5-7.*bbox="))
    expect(page.locator("#legend")).to_contain_text("på kartet")


def test_ways_to_school_say_what_was_cut(page: Page, site: Site) -> None:
    _at_the_workbench(page, site)
    page.get_by_role("link", name="Skoleveger").click()
    expect(page.get_by_text("Tallene er det som er tegnet, uten enden ved hjemmet.")).to_be_visible()
    expect(page.get_by_role("img", name="Lengden på det som er tegnet")).to_be_visible()
    expect(page.get_by_role("region", name="Tabell over barn etter lengden på vegen").get_by_role("row")).to_have_count(3)
    assert wrong_at(page, DESK, TABLET, UPRIGHT, PHONE) == []
