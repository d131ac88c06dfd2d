"""Rows 1, 2, 4, 17 and 19 of the fault suite on the engine of iPads: each ends in the recorder's count."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.browser.known import Pixel, metres
from tests.faults.proxy import Fault, FaultProxy
from tests.webkit.diary import Diary
from tests.webkit.pupil import ON_TABLET, Pupil
from tests.webkit.tablet import until

LAST_SECOND_S = 1
"""What a crash may cost of a stroke."""


def _nothing_gets_through(_method: str, _path: str) -> Fault:
    return Fault("reset")


def _returns(ada: Pupil, network: FaultProxy) -> None:
    """The network is there again, and the tablet is told."""
    network.plan = lambda _method, _path: None
    ada.tablet.run("() => { dispatchEvent(new Event('online')); }")


def _finish(ada: Pupil, diary: Diary) -> None:
    ada.step("Kartet mitt")
    ada.hand_in()
    ada.receipt()
    diary.compare().demand_nothing_wrong()


def _draw_slowly(ada: Pupil, corners: list[Pixel]) -> list[float]:
    """A stroke whose finger stays down; when it passed each corner, or a moment later."""
    ada.draw(corners[0], corners[0], lift=False)
    drawn_at = [time.monotonic()]
    for a, b in pairwise(corners):
        ada.draw_on(a, b)
        drawn_at.append(time.monotonic())
        time.sleep(0.2)
    return drawn_at


def test_a_killed_browser_costs_at_most_the_last_second_of_a_stroke(ada: Pupil, network: FaultProxy) -> None:
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
    ada.choose("Går")
    ada.press("Lukk")
    diary.note("skoleveg")
    _returns(ada, network)
    ada.is_safe()
    _finish(ada, diary)
