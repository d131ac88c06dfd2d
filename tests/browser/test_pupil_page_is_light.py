"""What a tablet has to load before a child can draw, and whether it keeps up with the finger."""

from statistics import median

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil

BUDGET_BYTES = 350_000
"""As sent, headers counted; the basemap and pictures aside."""


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
    assert len(counted) > 20, "the page's files were not counted"
    assert sum(counted.values()) <= BUDGET_BYTES, f"{sum(counted.values())} bytes in {len(counted)} requests; heaviest: {heaviest}"


def test_a_long_stroke_does_not_stutter_on_a_slow_tablet(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.tile("Fritidsveg").tap()
    ada.hand.cdp.send("Emulation.setCPUThrottlingRate", {"rate": 2})
    page.evaluate(
        """() => {
            window.longTasks = [];
            const keep = (list) => window.longTasks.push(...list.getEntries().map((task) => task.duration));
            new PerformanceObserver(keep).observe({ entryTypes: ["longtask"] });
        }"""
    )
    zigzag = [(150 + 35 * n, 250 + (n % 2) * 160) for n in range(24)]
    ada.hand.draw(*zigzag, lift=False)
    tasks = page.evaluate("window.longTasks")
    ada.hand.lift()
    ada.hand.cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    expect(page.locator(".way-line")).to_have_count(1)
    # The median: a busy test machine stops any page now and then, a page that is too slow is so at every move.
    assert median(tasks or [0]) < 150, f"the finger waited {median(tasks):.0f} ms at a time"
