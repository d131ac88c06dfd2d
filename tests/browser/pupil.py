"""A pupil's hands: real touches on the page, and what they do there, in the words of the page."""

import itertools
import json
import math
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.known import KnownPupil, Pixel, Position, metres
from tests.browser.tablet_store import database_of

__all__ = ["Hand", "Pixel", "Position", "Pupil", "between", "metres"]

FINGER_PAUSE_S = 0.004

LISTENING = """
window.heard = [];
addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
    for (const { target } of changes) {
        const region = (target.nodeType === 1 ? target : target.parentElement)?.closest("[role=status]");
        const text = region?.textContent.trim();
        if (text && window.heard.at(-1) !== text) window.heard.push(text);
    }
}).observe(document.body, { subtree: true, childList: true, characterData: true }));
"""
"""Regions that screen readers read by themselves when their text changes."""

# A loaded machine is no reason to fail: what is waited for comes at once or not at all.
expect.set_options(timeout=20_000)


class Hand:
    """Fingers on the screen, by the same events that a touch screen makes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp = page.context.new_cdp_session(page)

    def _send(self, kind: str, points: Sequence[Pixel], *, at_s: float | None = None) -> None:
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        when = {} if at_s is None else {"timestamp": at_s}
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches, **when})

    def tap(self, at: Pixel) -> None:
        """One finger, down and up."""
        self.page.touchscreen.tap(*at)

    def tap_twice(self, at: Pixel) -> None:
        """A double tap, the touch screen's own times a sixth of a second apart, however long the machine takes to tell of them."""
        began_s = time.time()
        for tapped_s in (began_s, began_s + 0.16):
            self._send("touchStart", [at], at_s=tapped_s)
            self._send("touchEnd", [], at_s=tapped_s + 0.04)

    def tremble(self, at: Pixel, *, px: float) -> None:
        """A tap of a finger that does not keep still."""
        x, y = at
        self._send("touchStart", [at])
        for dx, dy in ((px, 0), (-px, px / 2), (0, -px), (px / 2, 0)):
            self._send("touchMove", [(x + dx, y + dy)])
            time.sleep(FINGER_PAUSE_S)
        self.lift()

    def draw(self, *corners: Pixel, lift: bool = True) -> None:
        """One finger from corner to corner."""
        self._send("touchStart", [corners[0]])
        self.draw_on(*corners)
        if lift:
            self.lift()

    def draw_on(self, *corners: Pixel) -> None:
        """Go on with a finger that is down."""
        for a, b in itertools.pairwise(corners):
            for x, y in between(a, b):
                self._send("touchMove", [(x, y)])
                time.sleep(FINGER_PAUSE_S)

    def lift(self) -> None:
        """All fingers up."""
        self._send("touchEnd", [])

    def cancel(self) -> None:
        """The system takes the touch away, as when a palm comes down."""
        self._send("touchCancel", [])

    def pinch(self, centre: Pixel, *, start_px: float, end_px: float) -> None:
        """Two fingers, one a moment after the other, apart or together, and up."""
        x, y = centre
        self._send("touchStart", [(x - start_px, y)])
        self._send("touchStart", [(x - start_px, y), (x + start_px, y)])
        for step in range(1, 13):
            half = start_px + (end_px - start_px) * step / 12
            self._send("touchMove", [(x - half, y), (x + half, y)])
            time.sleep(FINGER_PAUSE_S)
        self.lift()


class Pupil(KnownPupil):
    """One child at one tablet."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.hand = Hand(page)
        self.bodies: list[tuple[str, str, str]] = []
        """Every body that left the tablet: method, path, text."""
        page.on("request", lambda sent: self.bodies.append((sent.method, sent.url.removeprefix(site.base), sent.post_data or "")))

    def join(self) -> None:
        """By the link on the board, as far as the map."""
        self.page.goto(f"{self.site.base}/tegn/#{self.site.demo['pupil']['token']}")
        self.button("Start").tap()
        expect(self.page.locator(".school-pin")).to_be_visible()

    def warm_up(self) -> None:
        """Tap the school."""
        self.hand.tap(self.school())
        expect(self.bubble()).to_contain_text("Bra!")
        self.button("Neste").tap()

    def begin(self) -> None:
        """To the first step."""
        self.join()
        self.warm_up()

    def begin_with_a_place(self) -> None:
        """To the good places, with one that is on the server already."""
        self.begin()
        self.step("Bra steder")
        x, y = self.school()
        self.place("Fint", (x - 120, y - 90))
        self.is_safe()

    def button(self, name: str, *, exact: bool = True) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, exact=exact)

    def tile(self, label: str) -> Locator:
        """A picture of the palette, whatever number of marks it has."""
        return self.page.locator(".tile", has_text=label).first

    def area_tool(self) -> None:
        """Take the tool for an area."""
        self.step("Det jeg gjør")
        self.button("Flere").tap()
        self.tile("Lekeområde").tap()

    def tap_corners(self) -> None:
        """Take the tool for an area, on a screen of any size, and set three corners."""
        self.page.locator(".step-button").nth(1).tap()
        self.button("Flere").tap()
        self.tile("Lekeområde").tap()
        x, y = self.school()
        for corner in ((x - 90, y - 90), (x + 60, y - 90), (x + 60, y + 20)):
            self.hand.tap(corner)

    def named_places(self) -> list[dict[str, Any]]:
        """The list of named places, as every tablet gets it."""
        with urllib.request.urlopen(f"{self.site.base}/api/v1/surveys/{self.site.demo['survey']}/bundle") as answer:  # noqa: S310  # our own
            places: list[dict[str, Any]] = json.load(answer)["places"]
        return places

    def listen(self) -> None:
        """Write down what screen readers are told; call it before the page is opened."""
        self.page.add_init_script(LISTENING)

    def heard(self) -> list[str]:
        """What screen readers were told so far."""
        texts: list[str] = self.page.evaluate("window.heard")
        return texts

    def step(self, label: str) -> None:
        """Jump to a step."""
        self.page.locator(".step-button", has_text=label).tap()
        expect(self.page.locator(".step.is-current")).to_contain_text(label)

    def answer_on(self) -> None:
        """Past the question that is asked, and no further."""
        ask = self.page.locator(".sheet-ask")
        asked = ask.inner_text()
        self.page.locator(".sheet-foot .button").last.tap()
        # a tap is a click only when the page comes to it
        expect(ask.filter(has_text=asked)).to_have_count(0)

    def answer_on_until(self, goal: Locator) -> None:
        """Past as many questions as there are, until this is to be seen."""
        ask = self.page.locator(".sheet-ask")
        while True:
            expect(goal.or_(ask).filter(visible=True).first).to_be_visible()
            if goal.is_visible():
                return
            self.answer_on()

    def bubble(self) -> Locator:
        """What the animal says."""
        return self.page.locator(".bubble-text")

    def save_state(self) -> Locator:
        """The honest sentence about saving."""
        return self.page.locator(".save")

    def is_safe(self) -> None:
        """Wait until everything is on the server."""
        expect(self.save_state()).to_have_text("Trygt lagret")

    def school(self) -> Pixel:
        """Where the school's point is on the screen."""
        box = self.page.locator(".school-pin").bounding_box()
        assert box is not None
        return box["x"] + 32, box["y"] + 46

    def place(self, label: str, at: Pixel) -> None:
        """Put a place on the map and leave its sheet."""
        self.tile(label).tap()
        self.hand.tap(at)
        self.button("Lukk").tap()

    def mark(self, label: str) -> Locator:
        """A mark on the map."""
        return self.page.locator(f'.pin-box[aria-label="{label}"]')

    def kept(self) -> dict[str, list[Any]]:
        """Everything in IndexedDB, store by store."""
        return database_of(self.page)

    def network_returns(self, pattern: str) -> None:
        """What was routed away gets through again, and the tablet is told: it need not wait for its next try, which may be a minute off."""
        self.page.unroute(pattern)
        self.page.evaluate("window.dispatchEvent(new Event('online'))")

    @contextmanager
    def offline(self) -> Iterator[None]:
        """The school's network goes away, and comes back."""
        self.page.context.set_offline(True)
        yield
        self.page.context.set_offline(False)


def between(a: Pixel, b: Pixel, step_px: float = 7) -> Iterator[Pixel]:
    """Points a finger passes on a straight way, the last of them b."""
    steps = max(2, round(math.dist(a, b) / step_px))
    for step in range(1, steps + 1):
        yield a[0] + (b[0] - a[0]) * step / steps, a[1] + (b[1] - a[1]) * step / steps
