"""Rows 1–4, 6, 16, 17, 18 and 19 of the fault suite: what happens to the page, in a real browser, between two looks of the child."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.browser.fixtures import Site
from tests.browser.pupil import Pupil
from tests.browser.tablet_store import database_of, wait_until_kept
from tests.faults.proxy import PORTAL, Fault, fault_proxy
from tests.faults.recorder import knock_until_hit
from tests.patience import until

Leave = Callable[[Page, str], Page]


def _reload(page: Page, _address: str) -> Page:
    page.reload()
    return page


def _away_and_back(page: Page, _address: str) -> Page:
    page.goto("about:blank")
    page.go_back()
    return page


def _crash(page: Page, address: str) -> Page:
    """The tab dies as when its memory is full; what is opened after it is another process."""
    page.context.set_offline(False)  # a context with a dead page in it cannot be told
    after = page.context.new_page()
    with suppress(Error):
        page.goto("chrome://crash", timeout=5_000)
    page.close()
    after.goto(address)
    return after


LEAVES: dict[str, Leave] = {"row 2: reloaded": _reload, "row 2: away and back": _away_and_back, "row 3: crashed": _crash}


@pytest.mark.parametrize("leave", LEAVES.values(), ids=LEAVES)
def test_a_stroke_and_words_are_there_when_the_page_is_back(page: Page, site: Site, leave: Leave) -> None:
    """In the middle of a stroke, with a place and words that nobody could send."""
    ada = Pupil(page, site)
    ada.begin()
    wait_until_kept(page)
    ada.step("Bra steder")
    x, y = ada.school()
    with ada.offline():
        ada.tile("Fint").tap()
        ada.hand.tap((x - 120, y - 90))
        page.get_by_placeholder("Eller skriv med egne ord").press_sequentially("Bak gjerdet")
        ada.button("Lukk").tap()
        ada.step("Veger")
        ada.tile("Skoleveg").tap()
        ada.hand.draw((x - 250, y - 60), (x - 120, y - 80), lift=False)
        until(partial(ada.is_stroke_kept, ada.position((x - 120, y - 80))), "the stroke to be kept to its tip")
        page = leave(page, f"{site.base}/tegn/")
        ada = Pupil(page, site)
        ada.button("Ja, fortsett").tap()
        expect(page.locator(".way-line")).to_have_count(1)
        expect(ada.mark("Fint")).to_have_count(1)
    ada.hand.draw((x - 120, y - 80), (x, y))
    page.evaluate("dispatchEvent(new Event('online'))")
    ada.is_safe()
    assert [(mark["category"], mark["comment"]) for mark in ada.stored()] == [("fint", "Bak gjerdet"), ("skoleveg", "")]


def test_a_guest_network_is_never_called_safe_whatever_it_answers(context: BrowserContext, site: Site) -> None:
    """Row 6, and 4: the network is not there, then it is a guest network's, then the site's; deleting is sent like anything else."""
    dice = random.Random(6)  # noqa: S311  # weather
    with fault_proxy(site.base) as network:
        page = context.new_page()
        here = Site(network.base, site.demo, site.database_url)
        ada = Pupil(page, here)
        ada.begin()
        ada.step("Bra steder")
        x, y = ada.school()
        ada.place("Natur", (x + 90, y - 120))
        ada.is_safe()
        network.plan = lambda _method, path: Fault("replace", reply=dice.choice(PORTAL)) if "/responses/" in path else None
        ada.place("Fint", (x - 120, y - 90))
        ada.mark("Natur").tap()
        ada.button("Slett").tap()

        def knock() -> None:
            page.evaluate("dispatchEvent(new Event('online'))")
            page.wait_for_timeout(150)
            expect(ada.save_state()).to_have_text("Trygt på nettbrettet")

        knock_until_hit(network.hits.total, knock)
        assert ada.unsent() == 2
        assert [mark["category"] for mark in ada.stored()] == ["natur"]
        page.reload()
        ada.button("Ja, fortsett").tap()
        expect(ada.mark("Fint")).to_be_visible()
        network.plan = lambda _method, _path: None
        page.evaluate("dispatchEvent(new Event('online'))")
        ada.is_safe()
        assert [mark["category"] for mark in ada.stored()] == ["fint"]
        page.close()


@pytest.mark.parametrize("clock", [datetime(1970, 1, 2), datetime(2036, 11, 22)], ids=["1970", "in ten years"])  # noqa: DTZ001  # a wrong clock
def test_a_wrong_clock_expires_nothing(page: Page, site: Site, clock: datetime) -> None:
    """Row 16."""
    page.clock.set_system_time(clock)
    ada = Pupil(page, site)
    ada.begin()
    wait_until_kept(page)
    ada.step("Bra steder")
    x, y = ada.school()
    with ada.offline():
        ada.place("Fint", (x - 120, y - 90))
        expect(ada.save_state()).to_have_text("Trygt på nettbrettet")
    page.clock.set_system_time(datetime(2026, 11, 22))  # noqa: DTZ001  # a tablet that has found the time
    page.reload()
    ada.button("Ja, fortsett").tap()
    expect(ada.mark("Fint")).to_be_visible()
    ada.is_safe()
    assert [mark["category"] for mark in ada.stored()] == ["fint"]


def test_a_dead_connection_to_the_store_is_opened_again(page: Page, site: Site) -> None:
    """Row 17: as Safari leaves it behind for a page that slept; and a store that another tab wants to make newer."""
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    page.evaluate(
        """() => {
            const begin = IDBDatabase.prototype.transaction;
            const dead = new WeakSet();
            window.deadOnes = 0;
            IDBDatabase.prototype.transaction = function (...all) {
                if (!window.first || window.first === this) {
                    window.first = this;
                    window.deadOnes += 1;
                    throw new DOMException("The connection was closed.", "InvalidStateError");
                }
                return begin.apply(this, all);
            };
        }"""
    )
    with ada.offline():
        ada.place("Fint", (x - 120, y - 90))
        expect(ada.save_state()).to_have_text("Trygt på nettbrettet")
        assert page.evaluate("window.deadOnes") >= 1
        assert ada.unsent() == 1
    ada.is_safe()


def test_what_an_older_version_of_the_page_has_kept_is_delivered(page: Page, site: Site) -> None:
    """Row 18: a job as the version before this one wrote it. Row 19: delivered while the next child has the tablet, who sees none of it."""
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    ada.place("Fint", (x - 120, y - 90))
    expect(ada.save_state()).to_have_text("Trygt på nettbrettet")
    response = ada.response()
    [job] = database_of(page)["jobs"]
    body = json.loads(job["body"])
    body["properties"]["comment"] = "Bak gjerdet"
    old = {key: job[key] for key in ("response", "resource", "method", "rev", "sha256", "token", "tries", "attempted", "refused")}
    page.goto(f"{site.base}/helse/")  # where none of our code runs
    page.evaluate(
        """(job) => new Promise((resolve) => {
            const open = indexedDB.open("trakk");
            open.onsuccess = () => {
                const change = open.result.transaction("jobs", "readwrite");
                change.objectStore("jobs").put(job);
                change.oncomplete = () => { open.result.close(); resolve(); };
            };
        })""",
        old | {"body": json.dumps(body)},
    )
    page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    ada.button("Nei, jeg er ny").tap()
    ada.button("Start").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    ada.is_safe()
    assert ada.response() != response
    expect(ada.mark("Fint")).to_have_count(0)
    query = "SELECT comment FROM mapping_mark WHERE response_id = %s"
    until(lambda: site.rows(query, response) == [("Bak gjerdet",)], "the words to arrive")
    left = page.content() + json.dumps(database_of(page))
    assert [secret for secret in ("Bak gjerdet", response, old["token"]) if secret in left] == []
