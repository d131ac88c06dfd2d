"""The whole task by keyboard alone and without a drag."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil, metres
from tests.patience import until

NAME = """() => {
    const active = document.activeElement;
    const label = active.closest("label");
    return active.getAttribute("aria-label") || (label ?? active).textContent.trim();
}"""
WATCH = "window.pointers = 0; addEventListener('pointerdown', () => { window.pointers += 1; }, true);"


def _tab_to(page: Page, name: str) -> None:
    """Reach something by Tab alone; a name may be the beginning of one."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate(NAME).startswith(name):
            return
    raise AssertionError(f"Tab never came to {name!r}")


def _press(page: Page, name: str) -> None:
    """Reach a button by Tab and press it with Enter."""
    _tab_to(page, name)
    page.keyboard.press("Enter")


def _choose(page: Page, group: str, nth: int) -> None:
    """Reach a group of radio buttons by Tab, and choose one by its arrows."""
    _tab_to(page, group)
    page.keyboard.press("Space")
    for _ in range(nth):
        page.keyboard.press("ArrowRight")


def _pan(page: Page, key: str, times: int) -> None:
    for _ in range(times):
        page.keyboard.press(key)
        page.wait_for_timeout(300)


def test_a_way_and_a_place_are_drawn_with_keys_only(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    expect(page.get_by_role("heading", name="Du er ")).to_be_visible()
    _press(page, "Start")
    expect(page.locator(".school-pin")).to_be_visible()
    # the warm-up, too: the school is under the pin when the map is opened
    _press(page, "Sikte")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(ada.bubble()).to_contain_text("Bra!")
    _press(page, "Neste")
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


def test_the_whole_task_by_keyboard_alone_from_code_to_receipt(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.listen()
    page.add_init_script(WATCH)
    page.goto(f"{site.base}/tegn/")
    expect(page.get_by_label("Skriv koden fra tavla")).to_be_focused()
    page.keyboard.type(site.demo["pupil"]["code"].replace("-", ""))
    expect(page.get_by_role("heading", name="Du er ")).to_be_visible()
    _press(page, "Start")
    expect(page.locator(".school-pin")).to_be_visible()
    _press(page, "Hopp over")
    _a_way_from_the_list(page, ada)
    _an_area_with_the_crosshair(page)
    _a_place_that_is_moved_undone_and_redone(page, ada)
    _press(page, "Kartet mitt")
    for group in ("Ja", "0"):
        _choose(page, group, 1)
        _press(page, "Neste")
    for _ in range(2):
        _press(page, "Hopp over")
    _press(page, "Jeg er ferdig")
    expect(page.locator(".receipt-code")).to_be_visible()
    marks = {mark["category"]: mark["geometry"]["type"] for mark in ada.stored()}
    assert marks == {"skoleveg": "LineString", "lekeomrade": "Polygon", "trygt": "Point"}
    answers = site.rows("SELECT answers FROM surveys_response WHERE id = %s", ada.response())[0][0]
    assert len(answers) == 2
    assert page.evaluate("window.pointers") == 0


def _a_way_from_the_list(page: Page, ada: Pupil) -> None:
    _press(page, "Skoleveg")
    _press(page, "Velg fra liste")
    expect(page.get_by_role("heading", name="Hvilke steder går du forbi?")).to_be_focused()
    grounds = [place for place in ada.named_places() if place["kind"] == "playground"]
    far = next(place for place in grounds if metres(place["position"], ada.school_position()) > 700)
    for name in (far["name"], ada.school_name()):
        _tab_to(page, "Søk etter et navn")
        page.keyboard.press("Control+a")
        page.keyboard.type(name)
        _press(page, name)
    _press(page, "Ferdig")
    expect(page.get_by_role("heading", name="Hvordan kommer du deg fram?")).to_be_visible()
    _press(page, "Lukk")
    heard = ada.heard()
    assert any(text.startswith("Valgt som nummer 2: ") for text in heard), heard


def _an_area_with_the_crosshair(page: Page) -> None:
    _press(page, "Det jeg gjør")
    _press(page, "Flere")
    _press(page, "Lekeområde")
    _press(page, "Sikte")
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowUp"):
        _pan(page, key, 2)
        page.keyboard.press("Enter")
    expect(page.locator(".corner-dot")).to_have_count(3)
    page.keyboard.press("Control+z")
    expect(page.locator(".corner-dot")).to_have_count(2)
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator(".corner-dot")).to_have_count(3)
    _press(page, "Ferdig")
    _press(page, "Endre form")
    expect(page.locator(".shape-box").first).to_be_focused()
    before = page.locator(".area-edge").get_attribute("d") or ""
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Insert")
    expect(page.locator(".shape-box")).to_have_count(4)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    expect(page.locator(".shape-box")).to_have_count(3)
    expect(page.locator(".area-edge")).not_to_have_attribute("d", before)
    _press(page, "Ferdig")
    _press(page, "Lukk")


def _a_place_that_is_moved_undone_and_redone(page: Page, ada: Pupil) -> None:
    _press(page, "Bra steder")
    _press(page, "Trygt")
    _press(page, "Sikte")
    before = len(ada.heard())
    _pan(page, "ArrowUp", 1)
    # where the pin is now is told when the map has come to rest
    until(lambda: any(re.fullmatch(r"ved skolen|\d.* for skolen", text) for text in ada.heard()[before:]), "the place to be told")
    _press(page, "Sett den her")
    expect(page.get_by_role("dialog", name="Trygt")).to_be_visible()
    _press(page, "Slett")
    _press(page, "Angre")
    expect(ada.mark("Trygt")).to_have_count(1)
    # the button that went away hands the focus to the other
    _press(page, "Gjør igjen")
    expect(ada.mark("Trygt")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(ada.mark("Trygt")).to_have_count(1)
    heard = ada.heard()
    for wanted in ("«Trygt» er satt: ", "Angret: «Trygt» er tilbake.", "Gjort igjen: «Trygt» er borte."):
        assert any(text.startswith(wanted) for text in heard), (wanted, heard)


def test_putting_points_by_a_switch_keeps_the_focus_on_the_button(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    _press(page, "Skoleveg")
    _press(page, "Sikte")
    _press(page, "Sett punkt")
    _press(page, "Til venstre")
    for _ in range(3):
        page.keyboard.press("Enter")
    _press(page, "Sett punkt")
    assert page.evaluate(NAME) == "Sett punkt"
    expect(page.locator(".way-line")).to_have_count(1)
