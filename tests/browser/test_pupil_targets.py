"""What a finger can hit: everything on the pupils' page measured, in states that a walk in every language does not come to."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TABLET, Site
from tests.browser.pupil import Pupil
from tests.browser.targets import count_and_misfits


class Measured:
    """Counts what was measured, and keeps what was too small or too near to another."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: dict[str, list[str]] = {}
        self.count = 0

    def look(self, state: str) -> None:
        """Measure everything that can be seen now."""
        count, found = count_and_misfits(self.page)
        self.count += count
        if found:
            self.wrong[state] = found


@pytest.mark.parametrize("context", [TABLET, PHONE], indirect=True, ids=["tablet", "phone"])
def test_everything_is_as_large_as_a_childs_finger_and_controls_are_apart(page: Page, site: Site) -> None:
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
        ada.answer_on()
        measured.look(state)
    assert measured.wrong == {}
    assert measured.count > 120
