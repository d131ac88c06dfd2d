"""A planner logs in, filters, looks at hexagons and heat, and takes out exactly what the screen shows."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import barriers
from tests.browser.conftest import DESK, PHONE, Site

pytestmark = pytest.mark.parametrize("context", [DESK], indirect=True, ids=["desk"])


def open_workbench(page: Page, site: Site) -> None:
    """Log in as the demo's planner and open the first survey's workbench."""
    log_in(page, site, "planner", then=f"/surveys/{site.demo['survey']}/")
    expect(page.get_by_role("region", name="Kart")).to_be_visible()


def choose(page: Page, pill: str, choice: str) -> None:
    """Open a pill, choose one thing and close it."""
    head = page.locator("summary.pill__head", has_text=pill)
    head.click()
    page.get_by_role("checkbox", name=choice, exact=True).check()
    page.keyboard.press("Escape")


def shown_marks(page: Page) -> int:
    """The number of marks the page says it shows."""
    text = page.locator(".figures__item", has_text="Merker").locator("dd").inner_text()
    return int(text)


def test_filters_change_map_numbers_and_address_and_the_file_holds_the_same(page: Page, site: Site, tmp_path: Path) -> None:
    open_workbench(page, site)
    everything = shown_marks(page)
    choose(page, "Kategori", "Farlig")
    expect(page).to_have_url(re.compile(r"\?category=farlig$"))
    expect(page.locator("#summary")).not_to_have_attribute("aria-busy", "true")
    some = shown_marks(page)
    assert 0 < some < everything
    with page.expect_response(lambda response: "marks.geojson" in response.url and "grade_band" in response.url) as answered:
        choose(page, "Klassetrinn", "5.–7. trinn")
    on_the_map = answered.value.json()
    expect(page.locator("#summary")).not_to_have_attribute("aria-busy", "true")
    page.get_by_text("Last ned", exact=False).first.click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="GeoJSON").click()
    path = tmp_path / "marks.geojson"
    downloading.value.save_as(path)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert len(features) == shown_marks(page) == on_the_map["numberMatched"]
    assert {feature["properties"]["category"] for feature in features} == {"farlig"}
    assert {feature["properties"]["grade_band"] for feature in features} == {"5-7"}


def test_the_address_of_a_view_opens_the_same_view(page: Page, site: Site) -> None:
    open_workbench(page, site)
    page.goto(f"{site.base}/surveys/{site.demo['survey']}/?theme=positive&grade_band=8-10")
    expect(page.locator("summary.pill__head", has_text="Tema")).to_contain_text("(1)")
    expect(page.locator('input[name="grade_band"][value="8-10"]')).to_be_checked()


def test_hexagons_and_heat_lie_on_the_map_with_a_legend_that_explains_them(page: Page, site: Site) -> None:
    open_workbench(page, site)
    page.get_by_role("radio", name="Sekskanter").check(force=True)
    expect(page.locator("#legend")).to_contain_text("1–4 barn")
    page.get_by_label("Størrelse").select_option("250")
    expect(page).to_have_url(re.compile("show=hexagons&size=250$"))
    page.reload()
    expect(page.get_by_label("Størrelse")).to_have_value("250")
    expect(page.locator("#legend")).to_contain_text("barn")
    page.get_by_role("radio", name="Varmekart").check(force=True)
    expect(page.locator("#legend")).to_contain_text("per km²")
    overlay = page.locator(".leaflet-overlay-pane img.leaflet-image-layer")
    expect(overlay).to_be_visible()


def test_marks_too_many_for_a_browser_are_hexagons_and_zoomed_in_tiles(page: Page, site: Site) -> None:
    """The demo town has too few marks: that they are too many is put into the answer; hexagons and tiles are the site's own."""

    def too_many(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "features": [], "isTooMany": True, "numberMatched": 400_000})

    page.route("**/marks.geojson*", too_many)
    with page.expect_response(lambda response: "hexagons.geojson" in response.url) as counted:
        open_workbench(page, site)
    assert counted.value.json()["features"]
    expect(page.locator("#legend")).to_contain_text("400 000 merker til sammen. Zoom inn", use_inner_text=True)
    legend = page.locator("#legend")
    with page.expect_response(lambda response: ".mvt" in response.url and response.status == 200) as tiled:
        for _ in range(12):
            if "Velg ett for å lese det" in legend.inner_text():
                break
            # Leaflet leaves out a step that is asked for in the midst of another
            expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
            page.get_by_role("button", name="Zoom inn").click()
    assert len(tiled.value.body()) > 100
    expect(legend).to_contain_text("Velg ett for å lese det")
    expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()


def test_a_bar_is_a_filter(page: Page, site: Site) -> None:
    open_workbench(page, site)
    page.locator('[data-filter="category=leke"]').click()
    expect(page).to_have_url(re.compile("category=leke"))
    expect(page.locator('input[name="category"][value="leke"]')).to_be_checked()


def test_a_chosen_filter_is_a_chip_that_takes_it_away_again(page: Page, site: Site) -> None:
    open_workbench(page, site)
    everything = shown_marks(page)
    choose(page, "Transport", "Sykler")
    chip = page.get_by_role("button", name="Ta bort Transport: Sykler")
    expect(chip).to_be_visible()
    chip.press("Enter")
    expect(chip).to_have_count(0)
    expect(page.locator('input[name="mode"][value="sykle"]')).not_to_be_checked()
    expect(page.locator(".figures__item", has_text="Merker").locator("dd")).to_have_text(str(everything))


def test_only_what_the_map_shows_follows_the_map(page: Page, site: Site) -> None:
    open_workbench(page, site)
    everything = shown_marks(page)
    with page.expect_response(lambda response: "summary" in response.url and "bbox" in response.url):
        page.get_by_label("Bare det kartet viser").check()
    for _ in range(3):
        page.get_by_role("button", name="Zoom inn").click()
        page.wait_for_timeout(400)
    expect(page.locator("#summary")).not_to_have_attribute("aria-busy", "true")
    expect(page).to_have_url(re.compile("bbox="))
    assert shown_marks(page) < everything
    with page.expect_response(lambda response: "summary" in response.url and "bbox" not in response.url):
        page.get_by_label("Bare det kartet viser").uncheck()
    expect(page.locator(".figures__item", has_text="Merker").locator("dd")).to_have_text(str(everything))


def test_a_childs_words_open_their_mark_on_the_map(page: Page, site: Site) -> None:
    open_workbench(page, site)
    first = page.locator(".words__item").first
    said = first.locator(".words__said").inner_text()
    first.press("Enter")
    expect(page.locator(".mark-card__words")).to_have_text(said)


def test_the_export_says_which_columns_the_files_have(page: Page, site: Site) -> None:
    open_workbench(page, site)
    page.get_by_text(re.compile(r"^Last ned \d+ merker")).click()
    page.get_by_text("kolonner i hver fil").click()
    expect(page.get_by_text("Elevens ord, der de er lest og frigitt")).to_be_visible()


def test_what_is_unfolded_while_new_numbers_are_on_their_way_stays_so(page: Page, site: Site) -> None:
    open_workbench(page, site)
    expect(page.locator("#summary")).not_to_have_attribute("aria-busy", "true")
    page.evaluate(
        """() => {
            const text = Response.prototype.text;
            Response.prototype.text = async function () {
                const said = await text.call(this);
                await new Promise((arrive) => { window.arrive = arrive; });
                return said;
            };
        }"""
    )
    choose(page, "Transport", "Sykler")
    page.evaluate("() => new Promise((on) => { const wait = () => (window.arrive ? on() : setTimeout(wait, 20)); wait(); })")
    page.get_by_text(re.compile(r"^Last ned \d+ merker")).click()
    page.evaluate("window.arrive()")
    expect(page.locator("#summary")).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_text("kolonner i hver fil")).to_be_visible()


def test_clearing_brings_everything_back(page: Page, site: Site) -> None:
    open_workbench(page, site)
    everything = shown_marks(page)
    choose(page, "Transport", "Sykler")
    expect(page).to_have_url(re.compile("mode=sykle"))
    page.get_by_role("link", name="Nullstill").click()
    expect(page.locator(".figures__item", has_text="Merker").locator("dd")).to_have_text(str(everything))


def test_nothing_found_says_what_to_do(page: Page, site: Site) -> None:
    open_workbench(page, site)
    page.goto(f"{site.base}/surveys/{site.demo['survey']}/?category=leke&mode=bat")
    expect(page.get_by_text("Ingen merker passer med filtrene")).to_be_visible()


def test_the_workbench_has_no_accessibility_faults(page: Page, site: Site) -> None:
    open_workbench(page, site)
    expect(page.locator("#legend .legend__item").first).to_be_visible()
    for show in ("Merker", "Sekskanter", "Varmekart"):
        page.get_by_role("radio", name=show).check(force=True)
        expect(page.locator("#summary")).not_to_have_attribute("aria-busy", "true")
        assert barriers(page) == []


def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page, site: Site, context: BrowserContext) -> None:
    page.set_viewport_size(PHONE)
    open_workbench(page, site)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
