"""Rows 1–4, 6, 7, 16, 18 and 19 of the fault suite: what happens to the page, in a real browser, between two looks of the child."""

import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.fixtures import Site
from tests.browser.pupil import Pupil
from tests.browser.tablet_store import caches_of, database_of, wait_until_kept
from tests.faults.chromium import ON_TABLET, begun, is_hit_again_and_again, note_with_words, returns
from tests.faults.diary import Diary
from tests.faults.proxy import PORTAL, Fault, FaultProxy, nothing_gets_through
from tests.faults.tally import Tally
from tests.patience import until
from tools.bench.killed_browser import kill_in_mid_stroke

Leave = Callable[[Page, str], Page]
KILLS = 3


@pytest.mark.fault(1)
def test_a_killed_browser_costs_at_most_the_last_second_of_a_stroke(site: Site, tmp_path: Path, tally: Tally, chromium: object) -> None:
    """Short: `./dev bench faults` kills it two hundred times. Each time a finger is down, and a place is on its way to the site."""
    with ThreadPoolExecutor(1) as thread:  # the fixtures' browser has its loop in this one
        run = thread.submit(kill_in_mid_stroke, site, KILLS, profile=tmp_path).result()
    tally.count(run.verdict, hits=run.hits)


def _reload(page: Page, _address: str) -> Page:
    page.reload()
    return page


def _away_and_back(page: Page, _address: str) -> Page:
    page.goto("about:blank")
    page.go_back()
    return page


def _close_and_open(page: Page, address: str) -> Page:
    after = page.context.new_page()
    page.close(run_before_unload=False)
    after.goto(address)
    return after


def _crash(page: Page, address: str) -> Page:
    """The tab dies as when its memory is full; what is opened after it is another process."""
    after = page.context.new_page()
    with suppress(Error):
        page.goto("chrome://crash", timeout=5_000)
    page.close()
    after.goto(address)
    return after


LEAVES: dict[str, tuple[int, Leave]] = {
    "reloaded": (2, _reload),
    "away and back": (2, _away_and_back),
    "closed and opened": (2, _close_and_open),
    "crashed": (3, _crash),
}


@pytest.mark.parametrize("leave", [pytest.param(leave, id=name, marks=pytest.mark.fault(row)) for name, (row, leave) in LEAVES.items()])
def test_a_stroke_and_words_are_there_when_the_page_is_back(
    ada: Pupil, behind: Site, network: FaultProxy, tally: Tally, leave: Leave
) -> None:
    """In the middle of a stroke, with a place and words that nobody could send."""
    diary = begun(ada, network)
    x, y = ada.school()
    network.plan = nothing_gets_through
    note_with_words(ada, diary)
    is_hit_again_and_again(ada, network)
    ada.step("Veger")
    ada.tile("Skoleveg").tap()
    ada.hand.draw((x - 250, y - 60), (x - 120, y - 80), lift=False)
    until(partial(ada.is_stroke_kept, ada.position((x - 120, y - 80))), "the stroke to be kept to its tip")
    page = leave(ada.page, f"{behind.base}/tegn/")
    ada = diary.ada = Pupil(page, behind)
    ada.button("Ja, fortsett").tap()
    expect(page.locator(".way-line")).to_have_count(1)
    expect(ada.mark("Fint")).to_have_count(1)
    ada.hand.draw((x - 120, y - 80), (x, y))
    diary.note("skoleveg", least_rev=2)  # the first is the stroke that was cut off
    returns(ada, network)
    ada.is_safe()
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())


@pytest.mark.fault(4)
def test_a_task_without_a_network_is_delivered_the_next_day(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """Gone before the page is opened, in mid-draw and at handing in; a moment, ten minutes and a day later nothing is called safe."""
    diary = begun(ada, network)
    page = ada.page
    wait_until_kept(page)
    network.plan = lambda _method, _path: Fault("reset", at=1)
    page.reload()
    ada.button("Ja, fortsett").tap()
    ada.step("Bra steder")
    note_with_words(ada, diary)
    ada.step("Kartet mitt")
    page.get_by_role("radio", name="Noen ganger").tap()
    diary.answers["lov_a_ga"] = "noen_ganger"
    ada.answer_on_until(ada.button("Jeg er ferdig"))
    ada.button("Jeg er ferdig").tap()
    for later in (timedelta(seconds=1), timedelta(minutes=10), timedelta(days=1)):
        page.clock.set_system_time(datetime.now() + later)  # noqa: DTZ005  # as a tablet has it
        page.reload()
        ada.button("Ja, fortsett").tap()
        expect(page.locator(".finish")).to_contain_text("Alt du har gjort, ligger trygt på nettbrettet")
    is_hit_again_and_again(ada, network)
    assert ada.stored() == []
    returns(ada, network)
    expect(page.locator(".receipt-code")).to_be_visible()
    tally.count(diary.compare(), hits=network.hits.total())


@pytest.mark.fault(6)
def test_a_guest_network_is_never_called_safe_whatever_it_answers(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """The network is a guest network's, then the site's; deleting is sent like anything else."""
    dice = random.Random(6)  # noqa: S311  # weather
    diary = begun(ada, network)
    x, y = ada.school()
    ada.place("Natur", (x + 90, y - 120))
    ada.is_safe()
    network.plan = lambda _method, path: Fault("replace", reply=dice.choice(PORTAL)) if "/responses/" in path else None
    note_with_words(ada, diary)
    ada.mark("Natur").tap()
    ada.button("Slett").tap()
    is_hit_again_and_again(ada, network)
    expect(ada.save_state()).to_have_text(ON_TABLET)
    assert ada.unsent() == 2
    assert [mark["category"] for mark in ada.stored()] == ["natur"]
    _is_there_and_delivered(ada, network, diary, tally)


def _is_there_and_delivered(ada: Pupil, network: FaultProxy, diary: Diary, tally: Tally) -> None:
    """After a reload while the network is still away; and then at the site."""
    ada.page.reload()
    ada.button("Ja, fortsett").tap()
    expect(ada.mark("Fint")).to_be_visible()
    returns(ada, network)
    ada.is_safe()
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())


CLOCKS = {
    "1970": (datetime(1970, 1, 2), datetime(1970, 1, 2)),  # noqa: DTZ001  # a wrong clock
    "in ten years": (datetime(2036, 11, 22), datetime(2036, 11, 22)),  # noqa: DTZ001  # a wrong clock
    "jumps back an hour": (datetime(2026, 11, 22, 9), datetime(2026, 11, 22, 8)),  # noqa: DTZ001  # as in the night to Sunday
}


@pytest.mark.fault(16)
@pytest.mark.parametrize(("before", "after"), CLOCKS.values(), ids=CLOCKS)
def test_a_wrong_clock_expires_nothing(ada: Pupil, network: FaultProxy, tally: Tally, before: datetime, after: datetime) -> None:
    ada.page.clock.set_system_time(before)
    diary = begun(ada, network)
    network.plan = nothing_gets_through
    note_with_words(ada, diary)
    ada.page.clock.set_system_time(after)
    is_hit_again_and_again(ada, network)
    expect(ada.save_state()).to_have_text(ON_TABLET)
    ada.page.clock.set_system_time(datetime(2026, 11, 22, 10))  # noqa: DTZ001  # a tablet that has found the time
    _is_there_and_delivered(ada, network, diary, tally)


@pytest.mark.fault(18, 19)
def test_what_an_older_version_of_the_page_has_kept_is_delivered_unseen(
    ada: Pupil, behind: Site, network: FaultProxy, tally: Tally
) -> None:
    """A job as the version before this one wrote it; delivered while the next child has the tablet, who sees none of it."""
    diary = begun(ada, network)
    network.plan = nothing_gets_through
    note_with_words(ada, diary)
    is_hit_again_and_again(ada, network)
    [job] = database_of(ada.page)["jobs"]
    old = {key: job[key] for key in ("response", "resource", "method", "rev", "sha256", "token", "tries", "attempted", "refused", "body")}
    ada.page.goto(f"{behind.base}/helse/")  # where none of our code runs
    ada.page.evaluate(
        """(job) => new Promise((resolve) => {
            const open = indexedDB.open("trakk");
            open.onsuccess = () => {
                const change = open.result.transaction("jobs", "readwrite");
                change.objectStore("jobs").put(job);
                change.oncomplete = () => { open.result.close(); resolve(); };
            };
        })""",
        old,
    )
    ada.page.goto(f"{behind.base}/tegn/#{behind.demo['pupil']['token']}")
    ada.button("Nei, jeg er ny").tap()
    _the_next_child_sees_nothing(ada, network, diary)
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())


@pytest.mark.fault(19)
def test_the_next_child_sees_nothing_of_what_the_last_one_left_unsent(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """By the button of the menu; with a way, a place and words."""
    diary = begun(ada, network)
    x, y = ada.school()
    network.plan = nothing_gets_through
    note_with_words(ada, diary)
    ada.step("Veger")
    ada.tile("Skoleveg").tap()
    ada.hand.draw((x - 330, y + 120), (x - 140, y - 60), (x, y))
    ada.button("Lukk").tap()
    diary.note("skoleveg")
    is_hit_again_and_again(ada, network)
    ada.button("Åpne menyen").tap()
    ada.button("Neste elev").tap()
    _the_next_child_sees_nothing(ada, network, diary)
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())


def _the_next_child_sees_nothing(ada: Pupil, network: FaultProxy, diary: Diary) -> None:
    """Not on the page, whose network is still away; nor in anything that the tablet keeps once it is delivered."""
    ada.button("Start").tap()
    expect(ada.page.locator(".school-pin")).to_be_visible()
    expect(ada.page.locator(".pin")).to_have_count(0)
    diary.shown_to_another(ada.page.content())
    assert ada.response() != diary.response
    returns(ada, network)
    left = [*_all_that_is_kept(ada.page), ada.page.content()]
    diary.shown_to_another(*left)


def _all_that_is_kept(page: Page) -> Iterator[str]:
    yield json.dumps(database_of(page), ensure_ascii=False)
    yield json.dumps(caches_of(page), ensure_ascii=False)
    yield page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state, name])")
