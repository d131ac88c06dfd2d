"""A politician, or anybody, reads what the children said: without logging in, by finger, by keyboard, without a script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import DESK, PHONE, TABLET, Site

UPRIGHT = {"width": 820, "height": 1180}
ENLARGED = {"width": 320, "height": 640}
"""A screen of 1,280 pixels at 400 %."""
SIZES = [TABLET, UPRIGHT, DESK, PHONE, ENLARGED]
HEXAGONS = "path.hex.leaflet-interactive"


@pytest.fixture
def release(page: Page, site: Site) -> Page:
    """The release's page, opened as the link in the council's papers opens it, with its map drawn."""
    page.goto(site.demo["politician"]["url"])
    expect(page.locator(HEXAGONS).first).to_be_visible()
    return page


@pytest.fixture
def no_script(chromium: Browser, site: Site) -> Iterator[Page]:
    """The same page in a browser that runs no script."""
    context = chromium.new_context(viewport=TABLET, locale="nb-NO", java_script_enabled=False)
    page = context.new_page()
    page.goto(site.demo["politician"]["url"])
    yield page
    context.close()


def cells_with(page: Page, column: str) -> int:
    """How many cells of the public data have a number in a column."""
    address = page.url.split("#")[0] + "cells.geojson"
    features: list[dict[str, Any]] = page.request.get(address).json()["features"]
    return sum(feature["properties"][column] is not None for feature in features)


def sideways(page: Page) -> int:
    """By how many pixels the page can be pushed sideways."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return pixels


def test_the_page_tells_numbers_findings_and_how_it_is_known(release: Page, site: Site) -> None:
    (payload,) = site.rows("SELECT payload FROM analysis_release WHERE status = 'public'")[0]
    expect(release.get_by_role("heading", level=1)).to_have_text(payload["survey"]["title"]["nb"])
    numbers = release.get_by_role("list", name="Tre tall").get_by_role("listitem")
    expect(numbers).to_have_count(3)
    expect(numbers.nth(0)).to_contain_text(str(payload["numbers"]["responses"]))
    expect(release.get_by_role("heading", level=2, name="Slik vet vi dette")).to_be_visible()
    expect(release.locator(".finding")).to_have_count(site.rows("SELECT count(*) FROM followup_finding")[0][0])
    for chart in ("Dette har flest barn merket på kartet", "Slik kommer barna fram på vegene sine"):
        expect(release.get_by_role("img", name=chart)).to_be_visible()


def test_choosing_a_theme_shows_its_hexagons_and_no_others(release: Page) -> None:
    expect(release.locator(HEXAGONS)).to_have_count(cells_with(release, "children"))
    release.get_by_role("radio", name="Dårlige steder").tap()
    expect(release.get_by_role("radio", name="Dårlige steder")).to_be_checked()
    expect(release.locator(HEXAGONS)).to_have_count(cells_with(release, "theme_negative"))


def test_a_theme_can_be_chosen_with_the_arrow_keys(release: Page) -> None:
    release.get_by_role("radio", name="Alt samlet").focus()
    release.keyboard.press("ArrowDown")
    expect(release.get_by_role("radio", name="Veger")).to_be_checked()
    expect(release.locator(HEXAGONS)).to_have_count(cells_with(release, "theme_way"))


def test_touching_a_hexagon_tells_how_many_children(release: Page) -> None:
    # the picture of names lies over it, and lets the finger through
    release.locator(HEXAGONS).first.tap(force=True)
    expect(release.locator(".hex-tip")).to_contain_text("barn")


def test_a_findings_number_on_the_map_leads_to_the_finding(release: Page) -> None:
    release.get_by_role("button", name="Funn 1").focus()
    release.keyboard.press("Enter")
    expect(release).to_have_url(release.url.split("#")[0] + "#funn-1")
    expect(release.locator("#funn-1")).to_be_in_viewport()


def test_the_table_says_what_the_map_says(release: Page) -> None:
    release.get_by_text("Vis stedene som tabell").click()
    rows = release.get_by_role("region", name="Rutene med flest barn").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("skole")
    expect(rows).to_have_count(13)


def test_without_a_script_the_map_is_a_picture_and_themes_can_still_be_chosen(no_script: Page) -> None:
    picture = no_script.locator(".release-map__paper svg").first
    expect(picture).to_be_visible()
    expect(no_script.locator(".release-layer--0 .hex").first).to_be_visible()
    no_script.get_by_role("radio", name="Dårlige steder").check(force=True)
    expect(no_script.locator(".release-layer--4 .hex").first).to_be_visible()
    expect(no_script.locator(".release-layer--0 .hex").first).to_be_hidden()
    expect(no_script.get_by_role("button", name="Skriv ut")).to_be_hidden()


def test_when_the_data_does_not_arrive_the_picture_stays(page: Page, site: Site) -> None:
    page.route("**/cells.geojson", lambda route: route.abort())
    page.goto(site.demo["politician"]["url"], wait_until="networkidle")
    expect(page.locator(".release-map__paper")).to_be_visible()
    expect(page.locator("#release-map")).to_be_hidden()


@pytest.mark.parametrize("context", SIZES, indirect=True, ids=lambda size: f"{size['width']}x{size['height']}")
def test_it_fits_every_screen_and_has_no_barrier(release: Page) -> None:
    expect(release.locator(HEXAGONS).first).to_be_visible()
    assert sideways(release) <= 0
    release.get_by_text("Vis stedene som tabell").click()
    for table in release.get_by_text("Vis som tabell").all():
        table.click()
    assert sideways(release) <= 0
    assert barriers(release) == []


def test_the_list_of_releases_leads_to_it_and_has_no_barrier(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/releases/")
    assert barriers(page) == []
    page.get_by_role("link", name="Barnetråkk i Solvik").click()
    expect(page).to_have_url(site.demo["politician"]["url"])
