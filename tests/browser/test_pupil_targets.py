"""What a finger can hit: every button of the pupils' page measured, in every state and on tablet and phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TABLET, Site
from tests.browser.pupil import Pupil

LEAST_PX = 56
LEAST_HANDLE_PX = 44

SIZES = """(selector) => {
    const seen = [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility({ visibilityProperty: true }));
    return seen.map((one) => {
        const { width, height } = one.getBoundingClientRect();
        const name = one.getAttribute("aria-label") || one.textContent.trim() || one.className;
        return [name, Math.round(width * 10) / 10, Math.round(height * 10) / 10];
    });
}"""
CONTROLS = "button, input, textarea, .choice, summary"
HANDLES = ".leaflet-marker-icon.leaflet-interactive"


class Measured:
    """Counts what was measured, and keeps what was too small."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.small: list[str] = []
        self.count = 0

    def look(self, state: str) -> None:
        """Measure everything that can be seen now."""
        for selector, least in ((CONTROLS, LEAST_PX), (HANDLES, LEAST_HANDLE_PX)):
            sizes = self.page.evaluate(SIZES, selector)
            self.count += len(sizes)
            self.small += [f"{state}: {name} {width} × {height}" for name, width, height in sizes if min(width, height) < least]


@pytest.mark.parametrize("context", [TABLET, PHONE], indirect=True, ids=["tablet", "phone"])
def test_every_button_is_as_large_as_a_childs_finger(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    measured = Measured(page)
    ada.join()
    measured.look("warm-up")
    ada.button("Hopp over").tap()
    measured.look("palette")
    ada.tile("Skoleveg").tap()
    measured.look("drawing")
    ada.button("Sikte").tap()
    measured.look("crosshair")
    ada.button("Velg fra liste").tap()
    page.locator(".place-item").nth(1).tap()
    measured.look("list")
    page.locator(".sheet").get_by_role("button", name="Avbryt").tap()
    ada.button("Avbryt").tap()
    ada.tap_corners()
    measured.look("corners")
    ada.button("Angre").tap()
    measured.look("undone")
    ada.button("Gjør igjen").tap()
    ada.button("Ferdig").tap()
    expect(ada.button("Endre form")).to_be_visible()
    measured.look("sheet")
    ada.button("Endre form").tap()
    expect(page.locator(".shape-box")).to_have_count(3)
    measured.look("shape")
    ada.button("Ferdig").tap()
    ada.button("Lukk").tap()
    ada.button("Åpne menyen").tap()
    measured.look("menu")
    ada.button("Lukk").tap()
    page.locator(".step-button").last.tap()
    measured.look("question")
    for state in ("number", "matrix", "own map"):
        page.locator(".sheet-foot .button").last.tap()
        measured.look(state)
    assert measured.small == []
    assert measured.count > 120
