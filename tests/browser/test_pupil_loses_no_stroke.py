"""A stroke that a crash cuts off is on the tablet but for its last second, and goes on after a reload; its home end is never sent."""

import json
from functools import partial

from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil, metres
from tests.browser.tablet_store import database_of, wait_until_kept
from tests.patience import until


def test_a_stroke_cut_off_by_a_crash_goes_on_after_it(context: BrowserContext, page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    home = (x - 330, y + 120)
    ada.tile("Skoleveg").tap()
    ada.hand.draw(home, (x - 250, y - 60), (x - 120, y - 80), lift=False)
    tip = ada.position((x - 120, y - 80))
    until(lambda: ada.is_stroke_kept(tip), "the stroke to be kept to its tip")
    [draft] = ada.kept()["draft"]
    start = ada.position(home)
    assert metres((draft["stroke"][0][0], draft["stroke"][0][1]), start) < 30, "whole on the tablet, home end and all"
    assert not [body for _, _, body in ada.bodies if "skoleveg" in body], "and nothing of it sent"
    response = ada.response()
    # A killed browser says no goodbye: a new page on the same tablet finds what the database holds.
    after = context.new_page()
    page.close(run_before_unload=False)
    ada = Pupil(after, site)
    after.goto(f"{site.base}/tegn/")
    ada.button("Ja, fortsett").tap()
    expect(ada.bubble()).to_contain_text("Fint! Tegn videre, eller trykk på neste sted")
    expect(after.locator(".way-line")).to_have_count(1)
    assert ada.response() == response
    x, y = ada.school()
    ada.hand.draw((x - 120, y - 80), (x, y))
    expect(after.locator(".sheet")).to_be_visible()
    ada.is_safe()
    [way] = ada.stored()
    positions = way["geometry"]["coordinates"]
    assert metres(positions[-1], ada.position((x, y))) < 60, "it goes on to the school"
    assert min(metres(position, start) for position in positions) > 90, "without its home end"
    assert database_of(after)["draft"] == []


def test_a_lifted_finger_leaves_no_whole_stroke_on_the_tablet(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    home = (x - 330, y + 120)
    ada.tile("Skoleveg").tap()
    ada.hand.draw(home, (x - 250, y - 60), (x, y), lift=False)
    page.wait_for_timeout(600)
    ada.hand.lift()
    expect(page.locator(".way-cut--last")).to_have_count(1)
    ada.is_safe()
    kept = database_of(page)
    assert kept["draft"] == []
    start = ada.position(home)
    copies = [json.loads(copy["body"]) for copy in kept["copies"]]
    near = [
        position for copy in copies if "geometry" in copy for position in copy["geometry"]["coordinates"] if metres(position, start) < 90
    ]
    assert copies
    assert near == []


def test_words_typed_just_before_the_page_goes_are_never_lost(page: Page, site: Site) -> None:
    """Whether the goodbye arrives is up to the browser; what it does not deliver, the next opening of the page does."""
    ada = Pupil(page, site)
    _open_words(ada)
    wait_until_kept(page)
    response = ada.response()
    _words(page).press_sequentially("Her er det fint")
    _words(page).press_sequentially(", og gøy")
    page.goto("about:blank")
    page.goto(f"{site.base}/tegn/")
    _comes_to_be(site, response, "Her er det fint, og gøy")


def test_words_that_were_never_sent_are_delivered_when_the_next_pupil_sits_down(page: Page, site: Site) -> None:
    # offline as Playwright has it does not hold for a goodbye
    page.add_init_script("const ask = fetch; window.fetch = (...all) => (window.isCut ? Promise.reject(new TypeError()) : ask(...all));")
    ada = Pupil(page, site)
    _open_words(ada)
    wait_until_kept(page)
    response = ada.response()
    page.evaluate("window.isCut = true")
    _words(page).press_sequentially("Bak gjerdet, og gøy")
    page.goto("about:blank")
    assert _comments(site, response) == [""]
    page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    ada.button("Nei, jeg er ny").tap()
    ada.button("Start").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    _comes_to_be(site, response, "Bak gjerdet, og gøy")
    assert ada.response() != response
    assert "Bak gjerdet" not in page.content()


def test_each_letter_is_on_the_tablet_before_anything_is_sent(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    _open_words(ada)
    page.evaluate("() => { const later = setTimeout; window.setTimeout = (run, ms) => later(run, ms === 800 ? 60_000 : ms); }")
    sent = len(ada.bodies)
    for letters in ("H", "He", "Her"):
        _words(page).press_sequentially(letters[-1])
        until(partial(_keeps_words, page, letters), f"«{letters}» to be kept")
    assert [body for method, _, body in ada.bodies[sent:] if method == "PUT"] == [], "the pause in typing never came"
    expect(ada.save_state()).to_have_text("Lagrer …")


def test_a_page_that_goes_away_says_goodbye(page: Page, site: Site) -> None:
    """In the very event: what was typed is asked for with keepalive, before any pause."""
    page.add_init_script(
        "window.sent = []; const ask = fetch;"
        "window.fetch = (url, init) => { sent.push([init?.keepalive ?? false, String(init?.body)]); return ask(url, init); };"
    )
    ada = Pupil(page, site)
    _open_words(ada)
    response = ada.response()
    _words(page).fill("Ha det")
    goodbye = page.evaluate("() => { sent.length = 0; dispatchEvent(new PageTransitionEvent('pagehide')); return sent; }")
    assert [keepalive for keepalive, body in goodbye if "Ha det" in body and keepalive] == [True]
    _comes_to_be(site, response, "Ha det")


def _open_words(ada: Pupil) -> None:
    """A nice place with its sheet open, all safe."""
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    ada.tile("Fint").tap()
    ada.hand.tap((x - 120, y - 90))
    ada.is_safe()


def _keeps_words(page: Page, words: str) -> bool:
    """As all there is to deliver."""
    return [json.loads(job["body"])["properties"]["comment"] for job in database_of(page)["jobs"]] == [words]


def _words(page: Page) -> Locator:
    return page.get_by_placeholder("Eller skriv med egne ord")


def _comments(site: Site, response: str) -> list[str]:
    return [comment for (comment,) in site.rows("SELECT comment FROM mapping_mark WHERE response_id = %s", response)]


def _comes_to_be(site: Site, response: str, comment: str) -> None:
    until(lambda: _comments(site, response) == [comment], f"«{comment}» to arrive")


def test_the_tablet_waits_as_long_as_the_server_asks(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    tries: list[float] = []

    def busy(route: Route) -> None:
        tries.append(page.evaluate("performance.now()"))
        route.fulfill(status=503, headers={"Retry-After": "4"}, body="")

    page.route("**/marks/**", lambda route: busy(route) if not tries else route.continue_())
    ada.place("Fint", (x - 120, y - 90))
    expect(ada.save_state()).to_have_text("Trygt på nettbrettet")
    page.wait_for_timeout(3000)
    assert ada.stored() == []
    ada.is_safe()
    assert len(tries) == 1
