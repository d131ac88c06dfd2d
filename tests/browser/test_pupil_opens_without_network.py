"""The tablet keeps the page, the survey and its map, so that it all can be opened where there is no network."""

import json
import re
import urllib.request

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil
from tests.browser.tablet_store import caches_of, database_of, wait_until_kept

MOST_BYTES = 3_000_000
"""Per tablet, as stored: unpacked."""


def test_a_tablet_keeps_page_survey_and_map_in_three_megabytes(page: Page, site: Site) -> None:
    Pupil(page, site).join()
    wait_until_kept(page)
    kept = caches_of(page)
    assert f"{site.base}/tegn/" in kept
    assert {"pupil", "leaflet", "protomaps-leaflet"} == {url.rsplit("/", 1)[1].split(".")[0] for url in kept if ".js" in url}
    assert any(".woff2" in url for url in kept)
    assert any("/img/pictures." in url for url in kept)
    total = sum(one["bytes"] for one in kept.values())
    by_cache: dict[str, int] = {}
    for one in kept.values():
        by_cache[one["cache"]] = by_cache.get(one["cache"], 0) + one["bytes"]
    assert total <= MOST_BYTES, by_cache


def test_the_page_opens_and_shows_its_map_with_the_network_off(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.join()
    wait_until_kept(page)
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.context.set_offline(True)
    page.reload()
    ada.button("Ja, fortsett").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    expect(page.locator("canvas.leaflet-tile-loaded").nth(3)).to_be_attached()
    colours = page.evaluate(
        """() => {
            const seen = new Set();
            for (const tile of document.querySelectorAll("canvas.leaflet-tile-loaded")) {
                const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
                for (let i = 0; i < data.length; i += 404) seen.add(data.slice(i, i + 3).join());
            }
            return seen.size;
        }"""
    )
    assert colours > 20, "the map is drawn, not an empty ground"
    page.context.set_offline(False)
    assert [url for url in failed if "/api/" not in url] == []


def test_the_app_can_be_put_on_the_home_screen(page: Page, site: Site) -> None:
    Pupil(page, site).join()
    link = page.locator("link[rel=manifest]").get_attribute("href")
    with urllib.request.urlopen(f"{site.base}{link}") as answer:  # noqa: S310  # our own server
        manifest = json.load(answer)
    assert manifest["start_url"] == manifest["scope"] == "/tegn/"
    for icon in manifest["icons"]:
        with urllib.request.urlopen(f"{site.base}{icon['src']}") as answer:  # noqa: S310  # our own server
            assert answer.headers["Content-Type"] == icon["type"]
    client = page.context.new_cdp_session(page)
    assert client.send("Page.getInstallabilityErrors")["installabilityErrors"] in ([], [{"errorId": "in-incognito", "errorArguments": []}])


def test_a_whole_task_is_done_after_a_reload_with_the_network_off(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin_with_a_place()
    x, y = ada.school()
    wait_until_kept(page)
    with ada.offline():
        page.reload()
        ada.button("Ja, fortsett").tap()
        expect(ada.mark("Fint")).to_be_visible()
        ada.step("Bra steder")
        ada.place("Natur", (x + 90, y - 120))
        page.reload()
        ada.button("Ja, fortsett").tap()
        expect(ada.mark("Fint")).to_be_visible()
        expect(ada.mark("Natur")).to_be_visible()
        hand_in(ada)
        expect(page.get_by_role("heading", name="Du er ferdig!")).to_be_visible()
        expect(page.locator(".finish")).to_contain_text("Alt du har gjort, ligger trygt på nettbrettet")
        expect(page.locator(".receipt")).to_contain_text("Kvitteringen din virker når alt er sendt")
        expect(page.locator(".receipt-code")).to_have_text(re.compile(r"^[A-Z0-9-]{8,}$"))
        receipt = page.locator(".receipt-code").inner_text()
        page.reload()
        ada.button("Ja, fortsett").tap()
        expect(page.get_by_role("heading", name="Du er ferdig!")).to_be_visible()
    expect(page.get_by_role("heading", name="Takk")).to_be_visible()
    expect(page.locator(".receipt-code")).to_have_text(receipt)
    assert [mark["category"] for mark in ada.stored()] == ["fint", "natur"]
    assert site.rows("SELECT finished_at IS NOT NULL FROM surveys_response WHERE id = %s", ada.response()) == [(True,)]
    kept = database_of(page)
    assert (kept["jobs"], kept["copies"], kept["draft"]) == ([], [], []), "handed in and safe, so it is wiped from the tablet"


def test_the_receipt_is_still_there_after_a_reload_and_gone_for_the_next_pupil(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    hand_in(ada)
    receipt = page.locator(".receipt-code").inner_text()
    page.reload()
    ada.button("Ja, fortsett").tap()
    expect(page.locator(".receipt-code")).to_have_text(receipt)
    ada.button("Neste elev").tap()
    ada.button("Start").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    assert receipt not in page.content() + json.dumps(database_of(page))


def hand_in(ada: Pupil) -> None:
    """To the last step, past its questions, and "I am done"."""
    ada.step("Kartet mitt")
    send = ada.button("Jeg er ferdig")
    ada.answer_on_until(send)
    send.tap()
