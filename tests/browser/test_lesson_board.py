"""A lesson at two screens: the teacher's board and a pupil's tablet, each in a browser of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from surveys.seats import seat
from tests.browser.accounts import log_in
from tests.browser.barriers import barriers, wrong_at
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.pupil import Pupil


@pytest.fixture
def board(chromium: Browser, site: Site) -> Iterator[Page]:
    """The board of the demo's open lesson, with nobody paused before or after."""
    context = chromium.new_context(viewport=DESK, locale="nb-NO", timezone_id="Europe/Oslo", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    log_in(page, site, "teacher")
    group, lesson = site.rows(
        "SELECT l.class_group_id, l.id FROM surveys_lesson l WHERE l.closed_at IS NULL AND l.closes_at > now() ORDER BY l.closes_at DESC"
    )[0]
    page.goto(f"{site.base}/skole/klasse/{group}/")
    page.get_by_role("link", name="Vis koden på tavla").click()
    expect(page).to_have_url(f"{site.base}/skole/okt/{lesson}/")
    yield page
    site.rows("UPDATE surveys_lesson SET is_paused = false WHERE id = %s RETURNING 1", lesson)
    context.close()


def _seat_of(pupil: Pupil, site: Site) -> str:
    return seat(site.rows("SELECT seat FROM surveys_response WHERE id = %s", pupil.response())[0][0]).words["nb"]


def _tile(board: Page, name: str) -> Locator:
    return board.locator(".seats__seat", has=board.get_by_text(name, exact=True))


def test_the_board_follows_a_pupil_from_joining_to_drawing(page: Page, board: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.join()
    tile = _tile(board, _seat_of(ada, site))
    expect(tile).to_contain_text("er med")
    ada.warm_up()
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    ada.is_safe()
    expect(tile).to_contain_text("tegner")
    expect(tile).not_to_contain_text("usendt")
    site.rows("UPDATE surveys_presence SET active_at = now() - interval '4 minutes' WHERE response_id = %s RETURNING 1", ada.response())
    expect(tile).to_contain_text("står fast?")
    assert barriers(board) == []


def test_eyes_up_covers_the_tablet_and_saving_goes_on_below(page: Page, board: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    page.route("**/marks/**", lambda route: route.abort())
    ada.place("Fint", (x - 120, y - 90))
    expect(_tile(board, _seat_of(ada, site))).to_contain_text("1 usendt")
    board.get_by_role("button", name="Pause – se opp").click()
    expect(board.get_by_text("Pause. Nettbrettene viser «Se opp!»")).to_be_visible()
    assert wrong_at(board, DESK, PHONE) == []
    panel = page.get_by_role("dialog", name="Se opp!")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_visible()
    assert barriers(page) == []
    ada.network_returns("**/marks/**")
    expect(_tile(board, _seat_of(ada, site))).not_to_contain_text("usendt")
    assert [mark["category"] for mark in ada.stored()] == ["fint"], "saved while paused"
    board.get_by_role("button", name="Fortsett").click()
    expect(panel).to_be_hidden()
    expect(ada.mark("Fint")).to_be_visible()


def test_ending_warns_while_work_lies_on_a_tablet_or_a_tablet_is_silent(page: Page, board: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    page.route("**/marks/**", lambda route: route.abort())
    ada.place("Natur", (x - 120, y - 90))
    name = _seat_of(ada, site)
    expect(_tile(board, name)).to_contain_text("1 usendt")
    board.get_by_role("button", name="Avslutt økta").click()
    expect(board.get_by_role("heading", name="Vil du avslutte økta")).to_be_visible()
    expect(board.locator(".alert")).to_contain_text(f"{name} (1 usendt)")
    assert wrong_at(board, DESK, PHONE) == []
    board.get_by_role("link", name="Tilbake til økta").click()
    with ada.offline():
        site.rows("UPDATE surveys_presence SET seen_at = now() - interval '2 minutes' WHERE response_id = %s RETURNING 1", ada.response())
        expect(_tile(board, name)).to_contain_text("ingen kontakt")
        expect(_tile(board, name)).to_contain_text("1 usendt")
        assert wrong_at(board, DESK, PHONE) == []
    ada.network_returns("**/marks/**")
    ada.is_safe()
    expect(_tile(board, name)).not_to_contain_text("usendt")


def test_a_seat_that_is_reset_starts_anew_on_its_tablet_and_can_be_restored(page: Page, board: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    name, before = _seat_of(ada, site), ada.response()
    tile = _tile(board, name)
    tile.get_by_role("link", name="Nullstill").click()
    expect(board.get_by_role("heading", name=f"Nullstille {name}?")).to_be_visible()
    assert wrong_at(board, DESK, PHONE) == []
    board.get_by_role("button", name="Nullstill plassen").click()
    expect(board.locator(".seats__aside")).to_contain_text(name)
    assert wrong_at(board, DESK, PHONE) == []
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert ada.response() != before
    board.get_by_role("button", name=f"Angre nullstillingen av {name}").click()
    expect(tile).to_be_visible()
    expect(board.locator(".seats__aside")).to_be_hidden()


def test_a_board_that_hears_nothing_new_says_so(board: Page) -> None:
    """An old number of unsent answers must not be taken for a new one."""
    note = board.locator("#board-old")
    expect(note).to_be_hidden()
    board.route("**/plasser/**", lambda route: route.abort())
    expect(note).to_contain_text("Ingen kontakt med Tråkk siden kl. ")
    assert wrong_at(board, DESK, PHONE) == []
    board.unroute("**/plasser/**")
    expect(note).to_be_hidden()
    board.context.clear_cookies()
    expect(note).to_have_text("Du er logget ut. Last siden på nytt, og logg inn igjen.")
    expect(board.locator(".seats__count")).to_be_visible()


def test_the_code_fills_the_screen(board: Page) -> None:
    letters = board.locator(".board__letters")
    before = letters.bounding_box()
    board.get_by_role("button", name="Vis på hele skjermen").click()
    expect(board.get_by_role("button", name="Ut av fullskjerm")).to_be_visible()
    after = letters.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > 1.4 * before["height"]
    assert after["x"] + after["width"] <= DESK["width"]
