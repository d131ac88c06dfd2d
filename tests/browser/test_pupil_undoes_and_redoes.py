"""Back and forth over everything: marks, moves, deletions, words, answers; by buttons and by keys."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil


def _state(ada: Pupil, site: Site) -> tuple[Any, Any]:
    """What the server has: marks without their revisions, and answers."""
    ada.is_safe()
    marks = [{name: value for name, value in mark.items() if name != "rev"} for mark in ada.stored()]
    return marks, site.rows("SELECT answers FROM surveys_response WHERE id = %s", ada.response())[0][0]


def test_every_step_is_walked_back_and_forth(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    states = [_state(ada, site)]
    ada.step("Dårlige steder")
    ada.place("Farlig", (x - 150, y - 60))
    states.append(_state(ada, site))
    ada.mark("Farlig").tap()
    ada.button("Flytt").tap()
    ada.hand.tap((x + 120, y - 100))
    states.append(_state(ada, site))
    ada.button("Bilene kjører fort.").tap()
    states.append(_state(ada, site))
    ada.button("Slett").tap()
    states.append(_state(ada, site))
    page.locator(".step-button").last.tap()
    page.get_by_role("radio", name="Noen ganger").tap()
    states.append(_state(ada, site))
    assert states[-1][1] == {"lov_a_ga": "noen_ganger"}
    for wanted in states[-2::-1]:
        ada.button("Angre").tap()
        assert _state(ada, site) == wanted
    expect(ada.button("Angre")).to_be_hidden()
    for wanted in states[1:]:
        ada.button("Gjør igjen").tap()
        assert _state(ada, site) == wanted
    expect(ada.button("Gjør igjen")).to_be_hidden()
    expect(page.locator(".toast")).to_have_text("Gjort igjen: svaret er tilbake.")


def test_keys_undo_and_redo_but_in_a_text_they_are_the_texts(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    ada.step("Bra steder")
    ada.place("Fint", (x - 150, y - 60))
    expect(ada.mark("Fint")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(ada.mark("Fint")).to_have_count(0)
    expect(page.locator(".toast")).to_have_text("Angret: «Fint» er borte.")
    page.keyboard.press("Control+Shift+Z")
    expect(ada.mark("Fint")).to_have_count(1)
    expect(page.locator(".toast")).to_have_text("Gjort igjen: «Fint» er tilbake.")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    ada.mark("Fint").tap()
    page.get_by_role("textbox", name="Skriv selv").press_sequentially("Ro")
    page.keyboard.press("Control+z")
    expect(ada.mark("Fint")).to_have_count(1)


def test_something_new_ends_what_could_be_redone(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    ada.step("Bra steder")
    ada.place("Fint", (x - 150, y - 60))
    ada.button("Angre").tap()
    expect(ada.button("Gjør igjen")).to_be_visible()
    ada.place("Trygt", (x - 100, y - 90))
    expect(ada.button("Gjør igjen")).to_be_hidden()


def test_a_way_drawn_again_comes_back_as_it_was_and_goes_again(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    asked = page.get_by_role("heading", name="Hvordan kommer du deg fram?")
    ada.tile("Skoleveg").tap()
    ada.hand.draw((x - 330, y + 120), (x, y))
    expect(asked).to_be_visible()
    first = _state(ada, site)
    ada.button("Tegn på nytt").tap()
    ada.hand.draw((x + 330, y - 100), (x, y))
    expect(asked).to_be_visible()
    second = _state(ada, site)
    assert first != second
    ada.button("Angre").tap()
    assert _state(ada, site) == first
    ada.button("Gjør igjen").tap()
    assert _state(ada, site) == second
