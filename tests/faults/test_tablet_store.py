"""Row 17 of the fault suite, in a real browser: the tablet's store is dead, blocked, made newer, hangs, is full or refused."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fixtures import Site
from tests.browser.pupil import Pupil
from tests.browser.tablet_store import FULL, HELD_BY_ANOTHER, ROOM_AGAIN
from tests.faults.chromium import ON_TABLET, begun, is_hit_again_and_again, knock, note_with_words, returns
from tests.faults.diary import Diary
from tests.faults.proxy import FaultProxy, all_gets_through, nothing_gets_through
from tests.faults.tally import Tally

pytestmark = pytest.mark.fault(17)

WARNING = "Nettbrettet får ikke tatt vare på det du gjør."
ONLY_IN_MEMORY = "Venter på nett"

DIES = """() => {
    const begin = IDBDatabase.prototype.transaction;
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
REFUSED = "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };"
OPENED_BY_ANOTHER = """(version) => new Promise((resolve) => {
    const open = indexedDB.open("trakk", version);
    open.onsuccess = () => { window.holding = open.result; resolve(window.holding.version); };
})"""


def test_a_dead_connection_is_opened_again(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """As Safari leaves it behind for a page that slept."""
    diary = begun(ada, network)
    network.plan = nothing_gets_through
    ada.page.evaluate(DIES)
    note_with_words(ada, diary)
    assert ada.page.evaluate("window.deadOnes") >= 1
    _is_kept_and_delivered(ada, network, diary, tally)


def test_a_store_that_another_page_makes_newer_is_used_as_it_is(ada: Pupil, behind: Site, network: FaultProxy, tally: Tally) -> None:
    """A tab with the version after ours: it gets the store at once, and we go on with what it has made of it."""
    diary = begun(ada, network)
    network.plan = nothing_gets_through
    with _another_page(ada, behind) as other:
        assert other.evaluate(OPENED_BY_ANOTHER, 9) == 9
        note_with_words(ada, diary)
        _is_kept_and_delivered(ada, network, diary, tally)


def test_a_store_that_an_old_tab_blocks_keeps_nobody_waiting(ada: Pupil, behind: Site, network: FaultProxy, tally: Tally) -> None:
    """A tab of long ago holds an older version open and does not hear that it is in the way: the child is told, and draws; when it is
    closed, the tablet keeps again.
    """
    with _another_page(ada, behind) as other:
        assert other.evaluate(OPENED_BY_ANOTHER, 1) == 1
        diary = _begun_in_memory(ada, behind, network)
    _keeps_again(ada, diary)
    expect(ada.page.locator(".banner")).not_to_contain_text(WARNING)
    _is_kept_and_delivered(ada, network, diary, tally)


def test_a_store_that_stops_answering_keeps_nobody_waiting(ada: Pupil, behind: Site, network: FaultProxy, tally: Tally) -> None:
    """In mid-lesson nothing that is written comes to an end any more; then it does."""
    diary = begun(ada, network)
    diary.keeps = False
    network.plan = nothing_gets_through
    with _another_page(ada, behind) as other:
        other.evaluate(HELD_BY_ANOTHER)
        note_with_words(ada, diary)
        expect(ada.page.locator(".banner")).to_contain_text(WARNING)
        is_hit_again_and_again(ada, network)
        expect(ada.save_state()).to_have_text(ONLY_IN_MEMORY)
        other.evaluate("() => { window.letsGo = true; }")
    _keeps_again(ada, diary)
    expect(ada.page.locator(".banner")).not_to_contain_text(WARNING)
    _is_kept_and_delivered(ada, network, diary, tally)


def test_a_store_that_is_full_says_so_and_keeps_again_when_there_is_room(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """Raised by hand: Chromium asks for its own quota only when much is written."""
    diary = begun(ada, network)
    diary.keeps = False
    network.plan = nothing_gets_through
    ada.page.evaluate(FULL)
    note_with_words(ada, diary)
    expect(ada.page.locator(".banner")).to_contain_text(WARNING)
    is_hit_again_and_again(ada, network)
    expect(ada.save_state()).to_have_text(ONLY_IN_MEMORY)
    ada.page.evaluate(ROOM_AGAIN)
    _keeps_again(ada, diary)
    _is_kept_and_delivered(ada, network, diary, tally)


def test_a_store_that_is_refused_is_said_and_all_is_sent_at_once(ada: Pupil, behind: Site, network: FaultProxy, tally: Tally) -> None:
    ada.page.add_init_script(REFUSED)
    diary = _begun_in_memory(ada, behind, network)
    network.plan = all_gets_through
    knock(ada)
    ada.is_safe()
    x, y = ada.school()
    ada.place("Natur", (x + 90, y - 120))
    diary.note("natur")
    ada.is_safe()
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())


def _begun_in_memory(ada: Pupil, behind: Site, network: FaultProxy) -> Diary:
    """Joined with a store that takes nothing; the child is told so, and has drawn what no network takes either."""
    page = ada.page
    with page.expect_response("**/api/v1/join") as joined:
        page.goto(f"{behind.base}/tegn/#{behind.demo['pupil']['token']}")
    diary = Diary(ada, network, joined=joined.value.json())
    ada.button("Start").tap()
    ada.warm_up()
    expect(page.locator(".banner")).to_contain_text(WARNING)
    ada.step("Bra steder")
    network.plan = nothing_gets_through
    note_with_words(ada, diary)
    is_hit_again_and_again(ada, network)
    expect(ada.save_state()).to_have_text(ONLY_IN_MEMORY)
    return diary


def _keeps_again(ada: Pupil, diary: Diary) -> None:
    """What is drawn from now on is on the tablet, and with it what was not."""
    diary.keeps = True
    x, y = ada.school()
    ada.place("Natur", (x + 90, y - 120))
    diary.note("natur")


def _is_kept_and_delivered(ada: Pupil, network: FaultProxy, diary: Diary, tally: Tally) -> None:
    """On the tablet while the network is away, all of it; and then at the site."""
    is_hit_again_and_again(ada, network)
    expect(ada.save_state()).to_have_text(ON_TABLET)
    assert ada.unsent() == len(diary.marks)
    returns(ada, network)
    ada.is_safe()
    diary.keeps = True
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())


@contextmanager
def _another_page(ada: Pupil, behind: Site) -> Iterator[Page]:
    """Another tab of the same browser, in which none of our code runs."""
    other = ada.page.context.new_page()
    other.goto(f"{behind.base}/helse/")
    yield other
    other.close()
