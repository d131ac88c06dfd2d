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


def test_the_things_of_a_layer_are_chosen_in_the_list_and_on_the_map(page: Page, site: Site) -> None:
    _workbench(page, site)
    page.get_by_role("radio", name="I kartlag").check(force=True)
    panel = page.locator("#within-panel")
    expect(panel.locator("#within-hint")).to_have_text(re.compile(r"\d+ av \d+ i kartlaget er merket av barn"))
    expect(page.locator("#legend")).to_contain_text("Lekeplasser og parker")
    expect(page.locator("#radius")).to_be_hidden()
    page.locator("#layer").select_option("Bydeler")
    expect(page.locator("#legend")).to_contain_text("Barn i Bydeler")
    expect(page).to_have_url(re.compile("show=within&layer=[0-9a-f-]+"))
    sentrum = panel.get_by_role("button", name=re.compile(r"Sentrum\s*\d+ barn"))
    sentrum.click()
    expect(sentrum).to_have_attribute("aria-pressed", "true")
    # the map has gone there: what lies in its middle is what was chosen, and another is chosen by pressing elsewhere
    neset = panel.get_by_role("button", name=re.compile("Neset"))
    neset.click()
    expect(neset).to_have_attribute("aria-pressed", "true")
    expect(sentrum).to_have_attribute("aria-pressed", "false")
    sentrum.click()
    expect(neset).to_have_attribute("aria-pressed", "false")
    panel.get_by_role("button", name=re.compile("Dalen")).click()
    page.locator("#map").click()
    expect(panel.get_by_role("button", name=re.compile("Dalen"))).to_have_attribute("aria-pressed", "true")
    assert wrong_at(page, DESK, TABLET, PHONE) == []
    page.reload()
    expect(page.locator("#legend")).to_contain_text("Barn i Bydeler")


def test_places_nobody_marked_are_listed_with_what_that_does_not_mean(page: Page, site: Site) -> None:
    log_in(page, site, "planner")
    page.goto(f"{site.base}/surveys/{site.demo['survey']}/?show=within&category=bade&grade_band=1-4")
    expect(page.locator("#legend")).to_contain_text("ingen barn")
    unmarked = page.locator("#unmarked")
    expect(unmarked).to_contain_text("Det betyr ikke at ingen bruker dem.")
    expect(unmarked).to_contain_text(re.compile(r"\d+ av \d+ elever \(1\.–4\. trinn\) har svart"))
    first = unmarked.locator(".words__item").first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    assert wrong_at(page, DESK, TABLET, PHONE) == []
