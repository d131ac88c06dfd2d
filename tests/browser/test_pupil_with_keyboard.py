"""The whole task by keyboard alone and without a drag; and nothing axe would object to, in any state."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import PHONE, TABLET, Site
from tests.browser.pupil import Pupil, metres


def _press(page: Page, name: str) -> None:
    """Reach a button by Tab and press it with Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        active = page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()")
        if active == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never came to {name!r}")


def test_a_way_and_a_place_are_drawn_with_keys_only(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    expect(page.get_by_role("heading", name="Du er ")).to_be_visible()
    _press(page, "Start")
    expect(page.locator(".school-pin")).to_be_visible()
    _press(page, "Hopp over")
    _press(page, "Skoleveg")
    _press(page, "Sikte")
    # the map has the focus now: arrows move it under the pin, Enter puts a point
    page.keyboard.press("Enter")
    for _ in range(3):
        for _ in range(2):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(300)
        page.keyboard.press("Enter")
    expect(page.locator(".way-line")).to_have_count(1)
    _press(page, "Ferdig")
    expect(page.get_by_role("heading", name="Hvordan kommer du deg fram?")).to_be_visible()
    _press(page, "Lukk")
    ada.is_safe()
    _press(page, "Bra steder")
    _press(page, "Trygt")
    _press(page, "Sikte")
    x, y = page.evaluate("(({e, f}) => [e, f])(new DOMMatrix(getComputedStyle(document.querySelector('.aim-pin')).transform))")
    expected = ada.position((x, y))
    _press(page, "Sett den her")
    _press(page, "Lukk")
    ada.is_safe()
    way, place = sorted(ada.stored(), key=lambda mark: mark["category"])
    assert (way["category"], place["category"]) == ("skoleveg", "trygt")
    assert metres(place["geometry"]["coordinates"], expected) < 3


def test_a_mark_is_opened_from_the_list(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    _press(page, "Åpne menyen")
    _press(page, "Fint")
    expect(page.get_by_role("dialog", name="Fint")).to_be_visible()


@pytest.mark.parametrize("context", [TABLET, PHONE], indirect=True, ids=["tablet", "phone"])
def test_axe_finds_nothing_in_any_state(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    page.goto(f"{site.base}/tegn/")
    expect(page.get_by_label("Skriv koden fra tavla")).to_be_visible()
    _axe(page, "code")
    page.goto("about:blank")
    ada.join()
    _axe(page, "warm-up")
    ada.button("Hopp over").tap()
    _axe(page, "palette")
    ada.tile("Skoleveg").tap()
    _axe(page, "drawing")
    ada.button("Sikte").tap()
    _axe(page, "crosshair")
    ada.button("Avbryt").tap()
    page.locator(".step-button").nth(2).tap()
    x, y = ada.school()
    ada.tile("Fint").tap()
    ada.hand.tap((x - 60, y - 40))
    expect(page.get_by_role("dialog", name="Fint")).to_be_visible()
    _axe(page, "sheet")
    ada.button("Lukk").tap()
    ada.button("Åpne menyen").tap()
    _axe(page, "menu")
    ada.button("Lukk").tap()
    page.locator(".step-button").last.tap()
    _axe(page, "question")
    page.locator(".sheet-foot .button").last.tap()
    page.locator(".sheet-foot .button").last.tap()
    _axe(page, "matrix")
    page.locator(".sheet-foot .button").last.tap()
    page.locator(".sheet-foot .button").last.tap()
    ada.button("Jeg er ferdig").tap()
    expect(page.locator(".receipt-code")).to_be_visible()
    _axe(page, "receipt")


def _axe(page: Page, state: str) -> None:
    page.wait_for_timeout(100)
    assert barriers(page) == [], state
