"""Places and areas: put, told about, moved, undone, deleted, handed in."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.pupil import Pupil, metres


def test_a_place_is_stored_where_the_finger_tapped(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    wanted = ada.position((x - 150, y - 90))
    ada.tile("Favorittsted").tap()
    ada.hand.tap((x - 150, y - 90))
    expect(page.get_by_role("heading", name="Hvorfor er det bra her?")).to_be_visible()
    ada.button("Det er rolig her.").tap()
    page.locator(".sheet").get_by_role("button", name="Ferdig").tap()
    ada.is_safe()
    [mark] = ada.stored()
    assert (mark["category"], mark["comment"]) == ("favorittsted", "Det er rolig her.")
    assert metres(mark["geometry"]["coordinates"], wanted) < 2


def test_undo_goes_back_over_deleting_moving_and_adding(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Dårlige steder")
    x, y = ada.school()
    ada.place("Farlig", (x - 150, y - 60))
    ada.is_safe()
    first = ada.stored()[0]["geometry"]["coordinates"]
    ada.mark("Farlig").tap()
    ada.button("Flytt").tap()
    ada.hand.tap((x + 120, y - 100))
    ada.is_safe()
    moved = ada.stored()[0]["geometry"]["coordinates"]
    assert metres(first, moved) > 100
    ada.button("Slett").tap()
    ada.is_safe()
    assert ada.stored() == []
    expect(page.locator(".toast")).to_have_text("«Farlig» er slettet. Trykk på Angre for å få den tilbake.")
    ada.button("Angre").tap()
    ada.is_safe()
    assert ada.stored()[0]["geometry"]["coordinates"] == moved
    ada.button("Angre").tap()
    ada.is_safe()
    assert ada.stored()[0]["geometry"]["coordinates"] == first
    ada.button("Angre").tap()
    ada.is_safe()
    assert ada.stored() == []
    expect(ada.button("Angre")).to_be_hidden()


def test_words_are_sent_when_the_child_stops_typing(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Ønsker")
    x, y = ada.school()
    ada.tile("Noe å gjøre").tap()
    ada.hand.tap((x - 100, y - 80))
    page.get_by_role("textbox", name="Skriv selv").press_sequentially("En klatrevegg", delay=20)
    expect(ada.save_state()).to_have_text("Lagrer …")
    ada.is_safe()
    [mark] = ada.stored()
    assert mark["comment"] == "En klatrevegg"
    sent = [body for method, _, body in ada.bodies if method == "PUT" and "En" in body]
    assert 1 <= len(sent) <= 3, "letters were sent one by one"


def test_an_area_is_drawn_round_with_a_finger(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Det jeg gjør")
    ada.button("Flere").tap()
    ada.tile("Lekeområde").tap()
    x, y = ada.school()
    corners = [(x - 200, y - 120), (x - 60, y - 130), (x - 50, y - 20), (x - 190, y - 10)]
    wanted = [ada.position(corner) for corner in corners[1:]]
    # a child's ring: past its start and across itself
    ada.hand.draw((x - 215, y - 60), *corners[:1], *corners[1:], (x - 215, y - 80), (x - 170, y - 135))
    ada.button("Lukk").tap()
    ada.is_safe()
    [mark] = ada.stored()
    assert (mark["category"], mark["geometry"]["type"]) == ("lekeomrade", "Polygon")
    ring = mark["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert all(min(metres(position, corner) for position in ring) < 15 for corner in wanted)


def test_outside_the_study_area_nothing_is_put_and_the_word_is_kind(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    for _ in range(4):
        ada.button("Lenger unna").tap()
        page.wait_for_timeout(350)
    ada.step("Bra steder")
    ada.tile("Fint").tap()
    ada.hand.tap((60, 300))
    expect(page.locator(".toast")).to_have_text("Her spør vi ikke nå. Prøv i den lyse delen av kartet.")
    assert ada.stored() == []


def test_from_far_away_the_map_comes_closer_first(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    minimum = site.rows("SELECT start_zoom - min_zoom FROM surveys_survey WHERE id = %s", site.demo["survey"])[0][0]
    for _ in range(minimum + 1):
        ada.button("Lenger unna").tap()
        page.wait_for_timeout(350)
    ada.step("Bra steder")
    ada.tile("Fint").tap()
    x, y = ada.school()
    ada.hand.tap((x, y - 20))
    expect(page.locator(".toast")).to_contain_text("Vi går litt nærmere.")
    page.wait_for_timeout(600)
    ada.hand.tap(ada.school())
    ada.is_safe()
    assert [mark["category"] for mark in ada.stored()] == ["fint"]


def test_a_full_category_says_so(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    most = site.rows("SELECT max_per_response FROM surveys_category WHERE survey_id = %s AND code = 'fint'", site.demo["survey"])[0][0]
    x, y = ada.school()
    for n in range(most):
        ada.place("Fint", (x - 260 + 50 * n, y - 110))
    ada.tile("Fint").tap()
    expect(page.locator(".toast")).to_contain_text("Nå er det nok av «Fint».")
    ada.is_safe()
    assert len(ada.stored()) == most


@pytest.mark.parametrize("context", [PHONE], indirect=True, ids=["phone"])
def test_on_a_phone_the_thanks_have_room_for_all_that_was_marked(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    page.locator(".step-button").nth(2).tap()
    x, y = ada.school()
    for number, label in enumerate(("Fint", "Morsomt", "Favorittsted", "Trygt", "Utsikt")):
        ada.place(label, (x - 90 + 40 * number, y - 90))
    page.locator(".step-button").last.tap()
    for _ in range(4):
        ada.answer_on()
    ada.button("Jeg er ferdig").tap()
    expect(page.locator(".receipt-code")).to_be_visible()
    expect(page.locator(".finish .sum li")).to_have_count(5)
    cut = page.evaluate("[...document.querySelectorAll('.finish, .sum')].filter((box) => box.scrollHeight > box.clientHeight + 1).length")
    assert cut == 0, "nothing is scrolled out of sight"


def test_pupil_finishes_with_a_receipt_and_the_next_one_starts_empty(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    first = ada.response()
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    page.locator(".step-button").last.tap()
    page.get_by_role("radio", name="Noen ganger").tap()
    page.locator(".sheet").get_by_role("button", name="Neste").tap()
    page.get_by_role("radio", name="5", exact=True).tap()
    for _ in range(3):
        ada.answer_on()
    expect(ada.bubble()).to_contain_text("Dette er kartet ditt!")
    expect(page.locator(".sum")).to_contain_text("1 × Fint")
    ada.button("Jeg er ferdig").tap()
    receipt = page.locator(".receipt-code")
    expect(receipt).to_have_text(re.compile(r"^[2-9A-Z]{4}(-[2-9A-Z]{4}){3}$"))
    answers, finished = site.rows("SELECT answers, finished_at IS NOT NULL FROM surveys_response WHERE id = %s", first)[0]
    assert answers == {"lov_a_ga": "noen_ganger", "dager_ute": 5}
    assert finished
    ada.button("Neste elev").tap()
    ada.button("Start").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    assert ada.response() != first
    expect(page.locator(".pin")).to_have_count(0)
