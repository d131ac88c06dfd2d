"""What a tablet has to load before a child can draw, and what it has to do while a finger draws."""

from itertools import pairwise

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil, between

BUDGET_BYTES = 350_000
"""As sent, headers counted; the basemap and pictures aside."""

MOST_REQUESTS = 40


def test_the_page_weighs_less_than_its_budget(context: BrowserContext, page: Page, site: Site) -> None:
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    urls: dict[str, str] = {}
    weights: dict[str, int] = {}
    network.on("Network.requestWillBeSent", lambda event: urls.update({event["requestId"]: event["request"]["url"]}))
    network.on("Network.loadingFinished", lambda event: weights.update({urls[event["requestId"]]: event["encodedDataLength"]}))
    Pupil(page, site).join()
    page.wait_for_load_state("networkidle")
    counted = {url: size for url, size in weights.items() if url.startswith(site.base) and ".pmtiles" not in url and "/img/" not in url}
    heaviest = sorted(((size, url.removeprefix(site.base)) for url, size in counted.items()), reverse=True)[:8]
    assert sum(".js" in url for url in counted) == 3, "Leaflet, the basemap's and the page's own, which is joined"
    assert len(counted) <= MOST_REQUESTS, sorted(counted)
    assert sum(counted.values()) <= BUDGET_BYTES, f"{sum(counted.values())} bytes in {len(counted)} requests; heaviest: {heaviest}"


MARKS_ON_MAP = 12
TOUCHED = """() => {
    window.touched = {};
    const name = (node) => node.className?.baseVal ?? node.className ?? node.nodeName;
    window.watch = new MutationObserver((changes) => {
        for (const { target } of changes) window.touched[name(target)] = (window.touched[name(target)] ?? 0) + 1;
    });
    window.watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def test_a_stroke_moves_its_own_two_lines_and_nothing_else(page: Page, site: Site) -> None:
    """What keeps a slow tablet's frames short, whatever lies on the map already; `./dev bench pupil` measures the frames themselves."""
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Det jeg gjør")
    x, y = ada.school()
    for number in range(MARKS_ON_MAP):
        ada.place(("Leker", "Ballspill", "Bader")[number % 3], (x - 200 + number * 34, y - 150 + number % 3 * 20))
    ada.step("Veger")
    ada.tile("Fritidsveg").tap()
    corners = [(150 + 35 * n, 250 + (n % 2) * 160) for n in range(24)]
    ada.hand.draw(*corners[:4], lift=False)
    page.evaluate(TOUCHED)
    ada.hand.draw_on(*corners[4:])
    touched = page.evaluate("window.watch.disconnect(), window.touched")
    ada.hand.lift()
    expect(page.locator(".way-line")).to_have_count(1)
    moves = sum(len(list(between(a, b))) for a, b in pairwise(corners[4:]))
    assert set(touched) == {"stroke-casing", "stroke-ink"}, touched
    assert 0 < touched["stroke-ink"] <= moves
    assert touched["stroke-casing"] == touched["stroke-ink"]
