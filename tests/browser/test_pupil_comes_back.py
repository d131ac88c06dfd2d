"""A page that comes back without a network: what was said is not taken for nothing, and nobody meets the one who sat there before."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil
from tests.browser.tablet_store import database_of, wait_until_kept

TYPE_AND_LEAVE = """() => {
    const words = document.querySelector(".sheet textarea");
    words.value += "!";
    words.dispatchEvent(new Event("input", { bubbles: true }));
    [...document.querySelectorAll(".menu button")].find((one) => one.textContent.includes("Neste elev")).click();
}"""
"""A letter, and at once the way to the next pupil: quicker than any finger, slower than the pause after which letters are sent."""


def _answers(site: Site, ada: Pupil) -> dict[str, Any]:
    [(answers,)] = site.rows("SELECT answers FROM surveys_response WHERE id = %s", ada.response())
    return dict(answers)


def _hand_in(ada: Pupil) -> str:
    """With two answers given and two skipped."""
    ada.step("Kartet mitt")
    ada.page.get_by_role("radio", name="Noen ganger").tap()
    ada.answer_on()
    ada.page.get_by_role("radio", name="5", exact=True).tap()
    ada.answer_on_until(ada.button("Jeg er ferdig"))
    ada.button("Jeg er ferdig").tap()
    expect(ada.page.get_by_role("heading", name="Takk")).to_be_visible()
    code: str = ada.page.locator(".receipt-code").inner_text()
    return code


def test_who_has_handed_in_sees_the_receipt_without_a_network_and_loses_no_answer(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin_with_a_place()
    wait_until_kept(page)
    code = _hand_in(ada)
    said = _answers(site, ada)
    assert len(said) == 2
    with ada.offline():
        page.reload()
        ada.button("Ja, fortsett").tap()
        expect(page.get_by_text("Nettet svarer ikke akkurat nå")).to_be_visible()
        expect(page.locator(".receipt-code")).to_have_text(code)
        ada.button("Prøv igjen").tap()
        expect(page.locator(".receipt-code")).to_have_text(code)
        expect(page.locator(".sheet-ask")).to_be_hidden()
    ada.button("Prøv igjen").tap()
    expect(page.locator(".finish .sum")).to_contain_text("1 × Fint")
    assert _answers(site, ada) == said


def test_who_draws_on_after_handing_in_keeps_every_answer_through_a_reload_without_a_network(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin_with_a_place()
    wait_until_kept(page)
    _hand_in(ada)
    said = _answers(site, ada)
    ada.button("Tegn mer").tap()
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Natur", (x + 90, y - 120))
    ada.is_safe()
    with ada.offline():
        page.reload()
        ada.button("Ja, fortsett").tap()
        expect(ada.mark("Fint")).to_be_visible()
        expect(ada.mark("Natur")).to_be_visible()
        ada.step("Kartet mitt")
        expect(page.locator(".sheet-ask")).to_be_visible()
        ada.answer_on()
        page.locator(".sheet textarea").fill("Flere lekeplasser")
        ada.answer_on_until(ada.button("Jeg er ferdig"))
    ada.button("Jeg er ferdig").tap()
    expect(page.get_by_role("heading", name="Takk")).to_be_visible()
    assert _answers(site, ada) == {**said, "si_til_ordforer": "Flere lekeplasser"}


def test_the_next_pupil_never_meets_one_who_was_still_typing(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin_with_a_place()
    first = ada.response()
    ada.mark("Fint").tap()
    page.locator(".sheet textarea").fill("Her er det fint")
    ada.is_safe()
    ada.button("Åpne menyen").tap()
    page.evaluate(TYPE_AND_LEAVE)
    ada.button("Start").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    assert first not in json.dumps(database_of(page)["session"])
    assert ada.response() != first
    words = "SELECT comment FROM mapping_mark WHERE response_id = %s"
    assert site.rows(words, first) == [("Her er det fint!",)], "and the last letter arrives"


def test_an_answer_that_is_refused_is_told_of_and_asked_again(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin_with_a_place()
    problem = {"type": "urn:trakk:problem:invalid-answer", "title": "x", "status": 422, "code": "invalid-answer", "detail": ""}
    ada.step("Kartet mitt")
    asked = page.locator(".sheet-ask").inner_text()
    body = json.dumps({**problem, "pointer": "/answers/lov_a_ga"})
    page.route("**/answers", lambda route: route.fulfill(status=422, body=body, content_type="application/problem+json"))
    page.get_by_role("radio", name="Noen ganger").tap()
    expect(page.locator(".toast")).to_have_text("Ett av svarene dine ble ikke tatt imot. Spørsmålet kommer en gang til.")
    page.unroute("**/answers")
    ada.step("Bra steder")
    ada.step("Kartet mitt")
    assert page.locator(".sheet-ask").inner_text() == asked
    expect(page.locator(".sheet-note--trouble")).to_have_text("Svaret ble ikke tatt imot. Prøv å svare på nytt.")
    page.get_by_role("radio", name="Ja", exact=True).tap()
    ada.is_safe()
    assert _answers(site, ada) == {"lov_a_ga": "ja"}
