"""States of the pupils' page that a lesson seldom comes to, in bokmål and Arabic: no barrier, nothing cut off, nothing too small to hit."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TABLET, Site
from tests.browser.pupil import Hand
from tests.browser.tablet_store import FULL, ROOM_AGAIN, wait_until_kept
from tests.browser.targets import wrong_with
from tests.browser.walk import LANGUAGES, REFUSAL, Walk, asked_in
from tests.patience import until

# The network lies between page and worker: a route of the test's own would not be asked for what the worker fetches.
NO_BUNDLE = """
const real = window.fetch;
window.fetch = (what, how) => String(what).endsWith("/bundle") ? Promise.resolve(new Response("", { status: 503 })) : real(what, how);
"""
SCREENS = [(TABLET, "ar"), *((PHONE, language) for language in LANGUAGES if language != "ar")]


class RareWalk(Walk):
    """One child to whom everything happens that rarely does; `states` yields the name of each state while `page` is in it."""

    def states(self) -> Iterator[str]:
        """From a crash to a second window, a full tablet, a refusal, and a receipt that does not come."""
        yield from self._crash()
        yield from self._second_window()
        yield from self._not_opened()
        yield from self._full_tablet()
        yield from self._refused()
        yield from self._handing_in()

    def _crash(self) -> Iterator[str]:
        x, y = self.school()
        self.category("skoleveg").tap()
        self.hand.draw((x - 150, y + 70), (x - 90, y - 60), (x - 40, y - 60), lift=False)
        until(lambda: self.is_stroke_kept(self.position((x - 40, y - 60))), "the stroke to be kept to its tip")
        self._take(self.page.context.new_page())
        self.page.goto(f"{self.site.base}/tegn/")
        self.says("back.yes").tap()
        expect(self.page.locator(".toast")).to_have_text(self.texts["draft.kept"])
        yield "stroke-kept"
        self.says("cancel").tap()

    def _second_window(self) -> Iterator[str]:
        first, second = self.page, self.page.context.new_page()
        second.goto(f"{self.site.base}/tegn/")
        self.page = second
        self.choose_language()
        expect(second.get_by_role("heading", name=self.texts["two.title"])).to_be_visible()
        yield "second-window"
        self.says("two.here").tap()
        expect(self.says("back.yes")).to_be_visible()
        self.page = first
        expect(first.get_by_role("heading", name=self.texts["two.moved"])).to_be_visible()
        yield "moved-to-the-second"
        self._take(second)

    def _not_opened(self) -> Iterator[str]:
        self.page.evaluate(NO_BUNDLE)
        self.says("back.yes").tap()
        expect(self.page.get_by_role("heading", name=self.texts["open.failed"])).to_be_visible()
        yield "not-opened"
        self.page.reload()
        self.says("back.yes").tap()
        expect(self.page.locator(".school-pin")).to_be_visible()

    def _full_tablet(self) -> Iterator[str]:
        with self.offline():
            self.page.evaluate(FULL)
            self._place("fint", -60)
            expect(self.page.locator(".banner--warning")).to_have_text(self.texts["memory.warning"])
            yield "keeps-nothing"
            self.says("menu.open").tap()
            expect(self.says("rescue.save")).to_be_visible()
            yield "file-for-the-teacher"
            self.page.get_by_role("dialog").get_by_role("button", name=self.texts["close"], exact=True).tap()
            self.page.evaluate(ROOM_AGAIN)
            self._place("natur", 60)
        self._is_safe()

    def _refused(self) -> Iterator[str]:
        with self._refusing("**/marks/**"):
            self._place("utsikt", 100)
            expect(self.page.locator(".pin.is-troubled")).to_be_visible()
            self.page.locator(".pin-box:has(.is-troubled)").tap()
            expect(self.page.locator(".sheet-note--trouble")).to_have_text(self.texts["trouble.outside-study-area"])
            yield "trouble"
        self.says("mark.delete").tap()
        self._is_safe()

    def _handing_in(self) -> Iterator[str]:
        self.page.locator(".step-button").last.tap()
        send = self.says("finish.send")
        self.answer_on_until(send)
        with self._refusing("**/finish"):
            send.tap()
            expect(self.bubble()).to_have_text(self.texts["finish.failed"])
            yield "no-receipt"
        with self.offline():
            self.says("try.again").tap()
            expect(self.page.get_by_role("heading", name=self.texts["later.title"])).to_be_visible()
            yield "receipt-comes-later"
        expect(self.page.get_by_role("heading", name=self.texts["finish.thanks"])).to_be_visible()
        wait_until_kept(self.page)
        with self.offline():
            self.page.reload()
            self.says("back.yes").tap()
            expect(self.page.get_by_text(self.texts["join.offline"])).to_be_visible()
            yield "what-was-said-is-not-here"

    def _place(self, code: str, east_px: float) -> None:
        self.page.locator(".step-button").nth(2).tap()
        self.says("map.school").tap()
        self.category(code).tap()
        x, y = self.school()
        self.hand.tap((x + east_px, y - 60))
        self.close_sheet()

    def _is_safe(self) -> None:
        expect(self.save_state()).to_have_text(self.texts["save.safe"])

    @contextmanager
    def _refusing(self, pattern: str) -> Iterator[None]:
        answer = json.dumps(REFUSAL)
        self.page.route(pattern, lambda route: route.fulfill(status=422, body=answer, content_type="application/problem+json"))
        yield
        self.page.unroute(pattern)

    def _take(self, page: Page) -> None:
        """Go on with this page; the one before is gone without a goodbye."""
        before, self.page = self.page, page
        if before is not page:
            before.close(run_before_unload=False)
        self.hand = Hand(page)


@pytest.fixture(scope="module")
def asked(site: Site) -> Iterator[Site]:
    """The demo, asked in every language."""
    with asked_in(site, *LANGUAGES):
        yield site


@pytest.mark.parametrize(
    ("context", "language"), SCREENS, indirect=["context"], ids=[f"{language}-{screen['width']}" for screen, language in SCREENS]
)
def test_no_rare_state_has_a_barrier_or_a_flaw(page: Page, asked: Site, language: str) -> None:
    wrong: dict[str, list[str]] = {}
    seen = []
    walk = RareWalk(page, asked, language)
    walk.come_in()
    for state in walk.states():
        seen.append(state)
        if found := wrong_with(walk.page):
            wrong[state] = found
    assert wrong == {}
    assert len(seen) == 10
