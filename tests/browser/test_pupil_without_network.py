"""No finished answer is lost: the network goes, the page is loaded again, answers lie, the server refuses."""

import json
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil
from tests.browser.tablet_store import caches_of, database_of

SAFE = "Trygt lagret"
ON_TABLET = "Trygt på nettbrettet"


def test_without_network_the_words_say_so_and_with_it_all_arrives(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    with ada.offline():
        ada.place("Fint", (x - 120, y - 90))
        ada.place("Natur", (x + 90, y - 120))
        expect(ada.save_state()).to_have_text(ON_TABLET)
        expect(page.locator(".banner")).to_contain_text("Ingen nett nå.")
        assert ada.unsent() == 2
        assert ada.stored() == []
    ada.is_safe()
    expect(page.locator(".banner")).to_be_hidden()
    assert [mark["category"] for mark in ada.stored()] == ["fint", "natur"]
    assert ada.unsent() == 0, "what is safe is wiped from the tablet"


def test_a_reload_asks_who_it_is_and_goes_on(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin_with_a_place()
    response = ada.response()
    page.reload()
    expect(page.get_by_role("heading", name="Er du ")).to_be_visible()
    ada.button("Ja, fortsett").tap()
    expect(ada.mark("Fint")).to_be_visible()
    assert ada.response() == response
    ada.mark("Fint").tap()
    ada.button("Det er gøy her.").tap()
    ada.is_safe()
    [mark] = ada.stored()
    assert (mark["comment"], mark["rev"]) == ("Det er gøy her.", 2)


def test_what_was_not_sent_survives_a_reload(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    page.route("**/marks/**", lambda route: route.abort())
    ada.place("Utsikt", (x - 120, y - 90))
    expect(ada.save_state()).to_have_text(ON_TABLET)
    page.reload()
    ada.button("Ja, fortsett").tap()
    expect(ada.mark("Utsikt")).to_be_visible()
    ada.network_returns("**/marks/**")
    ada.is_safe()
    assert [mark["category"] for mark in ada.stored()] == ["utsikt"]


def test_a_way_edited_after_a_reload_shows_no_more_of_itself(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    ada.tile("Skoleveg").tap()
    ada.hand.draw((x - 330, y + 120), (x - 140, y - 60), (x, y))
    ada.button("Lukk").tap()
    ada.is_safe()
    before = ada.stored()[0]["geometry"]
    page.reload()
    ada.button("Ja, fortsett").tap()
    ada.mark("Skoleveg").tap()
    page.get_by_role("radio", name="Buss", exact=True).tap()
    ada.button("Lukk").tap()
    ada.is_safe()
    [way] = ada.stored()
    assert (way["mode"], way["geometry"]) == ("buss", before)


def test_a_lost_answer_makes_no_second_mark(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()

    def drop_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/marks/**", drop_the_reply, times=1)
    ada.place("Fint", (x - 120, y - 90))
    expect(ada.save_state()).not_to_have_text(SAFE)
    ada.is_safe()
    [mark] = ada.stored()
    assert mark["rev"] == 1


def _refuse_a_mark(page: Page, *, status: int, code: str) -> None:
    """The next one, as the site itself would."""
    problem = json.dumps({"type": f"urn:trakk:problem:{code}", "status": status, "code": code, "detail": "nei"})
    page.route("**/marks/**", lambda route: route.fulfill(status=status, content_type="application/problem+json", body=problem), times=1)


def test_a_refused_mark_stays_and_says_why(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    _refuse_a_mark(page, status=422, code="outside-study-area")
    ada.place("Fint", (x - 120, y - 90))
    expect(page.locator(".pin.is-troubled")).to_be_visible()
    expect(ada.save_state()).to_have_text(ON_TABLET)
    ada.mark("Fint").tap()
    expect(page.locator(".sheet-note--trouble")).to_contain_text("utenfor området vi spør om")
    ada.button("Flytt").tap()
    ada.hand.tap((x - 60, y - 60))
    ada.is_safe()
    expect(page.locator(".pin.is-troubled")).to_have_count(0)
    assert len(ada.stored()) == 1


def test_what_was_refused_is_asked_again_when_the_page_is_opened_anew(page: Page, site: Site) -> None:
    """A key that was missing may be there again, and nobody is left who would change the mark."""
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    _refuse_a_mark(page, status=401, code="token-refused")
    ada.place("Fint", (x - 120, y - 90))
    expect(page.locator(".pin.is-troubled")).to_be_visible()
    assert ada.stored() == []
    page.reload()
    ada.button("Ja, fortsett").tap()
    ada.is_safe()
    expect(page.locator(".pin.is-troubled")).to_have_count(0)
    assert [mark["category"] for mark in ada.stored()] == ["fint"]


def test_a_second_window_asks_before_it_takes_over(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    second = page.context.new_page()
    second.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    expect(second.get_by_role("heading", name="Tråkk er åpen et annet sted")).to_be_visible()
    second.get_by_role("button", name="Fortsett her").click()
    expect(second.get_by_role("heading", name="Er du ")).to_be_visible()
    expect(page.get_by_role("heading", name="Du fortsatte et annet sted")).to_be_visible()
    second.close()


def test_nothing_of_the_last_pupil_is_left_once_it_is_delivered(page: Page, site: Site) -> None:
    """Not on the page, in the database, the caches or any other storage: neither what was drawn and written, nor the right to it."""
    ada = Pupil(page, site)
    ada.begin()
    first = ada.response()
    x, y = ada.school()
    ada.tile("Skoleveg").tap()
    ada.hand.draw((x - 330, y + 120), (x - 140, y - 60), (x, y))
    page.get_by_role("radio", name="Buss", exact=True).tap()
    ada.button("Lukk").tap()
    ada.step("Bra steder")
    ada.place("Fint", (x - 120, y - 90))
    ada.mark("Fint").tap()
    page.get_by_placeholder("Eller skriv med egne ord").fill("Hytta mi bak gjerdet")
    ada.is_safe()
    [session] = database_of(page)["session"]
    secrets = [first, session["token"], "Hytta mi", *(str(round(mark["geometry"]["coordinates"][0], 4)) for mark in _places(ada))]
    assert all(secret in json.dumps(database_of(page)) for secret in secrets), "the copy holds it while the pupil is here"
    ada.button("Lukk").tap()
    ada.button("Åpne menyen").tap()
    ada.button("Neste elev").tap()
    ada.button("Start").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    ada.is_safe()
    left = page.content() + json.dumps(database_of(page)) + json.dumps(caches_of(page)) + page.evaluate(OTHER_STORAGE)
    assert [secret for secret in secrets if secret in left] == []


OTHER_STORAGE = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state, name])"


def _places(ada: Pupil) -> list[dict[str, Any]]:
    return [mark for mark in ada.stored() if mark["geometry"]["type"] == "Point"]
