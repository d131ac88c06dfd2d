"""Rows 1, 2, 4, 17 and 19 of the fault suite on the engine of iPads: each ends in the recorder's count."""

import json
import signal
import time
from functools import partial
from itertools import pairwise

import pytest

from tests.browser.known import Pixel, metres
from tests.faults.diary import Diary
from tests.faults.proxy import Fault, FaultProxy
from tests.faults.recorder import knock_until_hit
from tests.faults.tally import Tally
from tests.webkit.pupil import ON_TABLET, Pupil
from tests.webkit.tablet import until

pytestmark = pytest.mark.fault(30)

LAST_SECOND_S = 1
"""What a crash may cost of a stroke."""


REFUSED = "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };"
WRITE_LATER = """(words) => {
    setTimeout(() => {
        const field = document.querySelector(".sheet textarea, .sheet input[type=text]");
        field.value = words;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }, 1500);
}"""


def _nothing_gets_through(_method: str, _path: str) -> Fault:
    return Fault("reset")


def _returns(ada: Pupil, network: FaultProxy) -> None:
    """The network is there again, and the tablet is told until it has nothing left to send: its own next try may be a minute off."""
    network.plan = lambda _method, _path: None
    until(lambda: _has_delivered(ada), "the tablet to deliver what it has")


def _has_delivered(ada: Pupil) -> bool:
    _knock(ada)
    return not ada.kept()["jobs"]


def _knock(ada: Pupil) -> None:
    ada.tablet.run("() => { dispatchEvent(new Event('online')); }")


def _is_hit(ada: Pupil, network: FaultProxy) -> None:
    """Let the tablet try as often as a run must be hit to prove something; nothing is called safe meanwhile."""

    def knock() -> None:
        _knock(ada)
        ada.says(ON_TABLET)

    knock_until_hit(network.hits.total, knock)


def _tell_of_the_way_and_finish(ada: Pupil, network: FaultProxy, diary: Diary, tally: Tally) -> None:
    ada.choose("Går")
    ada.press("Lukk")
    diary.note("skoleveg")
    _returns(ada, network)
    ada.is_safe()
    _finish(ada, diary)
    tally.count(diary.compare(), hits=network.hits.total())


def _finish(ada: Pupil, diary: Diary) -> None:
    ada.step("Kartet mitt")
    ada.hand_in()
    ada.receipt()


def _draw_slowly(ada: Pupil, corners: list[Pixel]) -> list[float]:
    """A stroke whose finger stays down; when it passed each corner, or a moment later."""
    ada.draw(corners[0], corners[0], lift=False)
    drawn_at = [time.monotonic()]
    for a, b in pairwise(corners):
        ada.draw_on(a, b)
        drawn_at.append(time.monotonic())
        time.sleep(0.2)
    return drawn_at


def test_a_killed_browser_costs_at_most_the_last_second_of_a_stroke(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """Row 1: with a place that nobody could send, and a finger on the glass."""
    ada.begin()
    diary = Diary(ada, network)
    ada.step("Bra steder")
    x, y = ada.school()
    ada.is_kept_for_offline()
    network.plan = _nothing_gets_through
    ada.place("Fint", (x - 120, y - 90))
    ada.says(ON_TABLET)
    diary.note("fint")
    _is_hit(ada, network)
    ada.step("Veger")
    ada.press_in(".tile", "Skoleveg")
    corners = [(x - 300 + 20 * n, y - 60 - 10 * (n % 2)) for n in range(12)]
    positions = [ada.position(corner) for corner in corners]
    drawn_at = _draw_slowly(ada, corners)
    killed_at = time.monotonic()
    ada.tablet.kill()

    ada.tablet.driver.get(f"{network.base}/tegn/")
    [draft] = until(lambda: ada.kept()["draft"], "the stroke")
    # but for the first one: how a stroke begins is Terra Draw's business
    due = [position for when, position in zip(drawn_at, positions, strict=True) if when < killed_at - LAST_SECOND_S][1:]
    assert len(due) >= 2
    assert max(min(metres(position, kept) for kept in draft["stroke"]) for position in due) < 4
    ada.back()
    ada.sees("", ".way-line")
    ada.draw(corners[-1], (x, y))
    _tell_of_the_way_and_finish(ada, network, diary, tally)


def test_a_page_left_in_any_way_goes_on_where_it_was(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """Row 2, without a network: loaded again, gone away from and back to, closed and opened; each time in the middle of a stroke."""
    ada.begin()
    diary = Diary(ada, network)
    ada.is_kept_for_offline()
    x, y = ada.school()
    network.plan = _nothing_gets_through
    ada.press_in(".tile", "Skoleveg")
    at = (x - 300, y - 60)
    for leave in (_reload, _away_and_back, _close_and_open):
        ada.draw(at, (at[0] + 80, at[1] - 10), lift=False)
        at = (at[0] + 80, at[1] - 10)
        tip = ada.position(at)
        until(partial(ada.is_stroke_kept, tip), "the stroke to be kept to its tip")
        leave(ada)
        ada.sees("Er du ", "h1")
        ada.lift()
        ada.back()
        until(lambda: ada.find(".way-line"), f"the stroke after {leave.__name__}")
    ada.press("Ferdig")
    _is_hit(ada, network)
    _tell_of_the_way_and_finish(ada, network, diary, tally)


def _reload(ada: Pupil) -> None:
    ada.tablet.driver.refresh()


def _away_and_back(ada: Pupil) -> None:
    ada.tablet.driver.get("about:blank")
    ada.tablet.driver.back()


def _close_and_open(ada: Pupil) -> None:
    ada.tablet.kill(signal.SIGTERM)  # asked to end the session, the driver would lift the finger first
    ada.tablet.driver.get(f"{ada.site.base}/tegn/")


def test_a_whole_task_without_a_network_is_delivered_when_there_is_one(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """Row 4: gone before the page is opened, in the middle of drawing and at handing in; and nothing is called safe before it is."""
    ada.begin()
    diary = Diary(ada, network)
    ada.is_kept_for_offline()
    ada.tablet.switch_off()
    network.plan = _nothing_gets_through
    ada.tablet.driver.get(f"{network.base}/tegn/")
    ada.back()
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    diary.note("fint")
    ada.step("Veger")
    ada.press_in(".tile", "Skoleveg")
    ada.draw((x - 320, y + 110), (x - 150, y - 70), (x, y))
    ada.choose("Sykler")
    ada.press("Lukk")
    diary.note("skoleveg")
    ada.step("Kartet mitt")
    ada.hand_in()
    ada.sees("Alt du har gjort, ligger trygt på nettbrettet", ".finish")

    _is_hit(ada, network)
    assert ada.stored() == []
    _returns(ada, network)
    ada.receipt()
    tally.count(diary.compare(), hits=network.hits.total())


def test_words_reach_the_site_when_the_store_has_gone_under_the_page(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """Row 17: WebKit keeps what pages store in a process of its own, which a tablet short of memory may end while the page lives on.

    WebKit opens no store again for such a page before it is loaded anew, and the driver can talk to it no more; so the page is told
    beforehand what to do a moment later, and what it comes to is seen at the site.
    """
    ada.begin()
    diary = Diary(ada, network)
    ada.step("Bra steder")
    x, y = ada.school()
    ada.press_in(".tile", "Fint")
    ada.tap((x - 120, y - 90))
    diary.note("fint", "Bak gjerdet")
    ada.is_safe()
    ada.tablet.run(WRITE_LATER, "Bak gjerdet")
    assert ada.tablet.kill_helper("WebKitNetworkProcess") == 1
    query = "SELECT comment FROM mapping_mark WHERE response_id = %s"
    until(lambda: ada.site.rows(query, diary.response) == [("Bak gjerdet",)], "the words to arrive")
    ada.tablet.kill()
    ada.tablet.driver.get(f"{network.base}/tegn/")
    ada.back()
    _finish(ada, diary)
    tally.count(diary.compare(), hits=1, least=1)  # the store itself, which this page has but one of


@pytest.mark.parametrize("tablet", [REFUSED], ids=["refused"], indirect=True)
def test_a_store_that_is_refused_is_said_and_all_is_sent_at_once(ada: Pupil, network: FaultProxy) -> None:
    """Row 17."""
    ada.join()
    ada.press("Start")
    ada.warm_up()
    ada.sees("Nettbrettet får ikke tatt vare på det du gjør.", ".banner")
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    ada.is_safe()
    [(path, sent)] = [(path, json.loads(body)) for method, path, body in network.sent if method == "PUT"]
    stored = ada.site.rows("SELECT rev, ST_AsGeoJSON(geom, 6)::jsonb FROM mapping_mark WHERE id = %s", path.rpartition("/")[2])
    assert stored == [(sent["rev"], sent["geometry"])]


def test_the_next_child_sees_nothing_of_what_is_still_unsent(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    """Row 19."""
    ada.begin()
    diary = Diary(ada, network)
    ada.step("Bra steder")
    x, y = ada.school()
    ada.is_kept_for_offline()
    network.plan = lambda _method, path: Fault("reset") if "/responses/" in path else None
    ada.press_in(".tile", "Fint")
    ada.tap((x - 120, y - 90))
    ada.write("Bak gjerdet")
    ada.press("Lukk")
    diary.note("fint", "Bak gjerdet")
    _is_hit(ada, network)
    ada.step("Kartet mitt")
    ada.hand_in()
    ada.sees("Du er ferdig!", ".finish")
    ada.press("Neste elev")
    ada.press("Start")
    ada.warm_up()
    assert ada.response() != diary.response
    assert ada.tablet.run("() => document.querySelectorAll('.pin').length") == 0
    _returns(ada, network)
    page = ada.tablet.run("() => document.documentElement.outerHTML")
    diary.shown_to_another(page, json.dumps(ada.kept(), ensure_ascii=False))
    assert ada.stored() == []
    tally.count(diary.compare(), hits=network.hits.total())
