"""A stroke that a crash cuts off is on the tablet but for its last second, and goes on after a reload; its home end is never sent."""

import json

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil, metres
from tests.browser.tablet_store import database_of


def test_a_stroke_cut_off_by_a_crash_goes_on_after_it(context: BrowserContext, page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    home = (x - 330, y + 120)
    ada.tile("Skoleveg").tap()
    ada.hand.draw(home, (x - 250, y - 60), (x - 120, y - 80), lift=False)
    page.wait_for_timeout(700)
    [draft] = database_of(page)["draft"]
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
    expect(page.locator(".way-cut")).to_have_count(1)
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


def test_words_typed_just_before_the_page_goes_arrive(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    ada.tile("Fint").tap()
    ada.hand.tap((x - 120, y - 90))
    ada.is_safe()
    page.get_by_placeholder("Eller skriv med egne ord").press_sequentially("Her er det fint")
    response = ada.response()
    page.get_by_placeholder("Eller skriv med egne ord").press_sequentially(", og gøy")
    page.goto("about:blank")
    expect(page).to_have_url("about:blank")
    for _ in range(30):
        page.wait_for_timeout(100)
        if site.rows("SELECT comment FROM mapping_mark WHERE response_id = %s", response) == [("Her er det fint, og gøy",)]:
            return
    raise AssertionError("the words were lost")


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
