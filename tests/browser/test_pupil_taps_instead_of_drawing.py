"""Tap-tap: ways and areas point by point, for those who do not drag; and the whole task that way."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pixel, Position, Pupil, metres
from tests.patience import until

WAY = "Skoleveg"

DRAGS = """() => {
    window.drags = 0;
    window.taps = 0;
    addEventListener("pointerdown", () => { window.taps += 1; }, true);
    addEventListener("pointermove", (event) => { if (event.buttons) window.drags += 1; }, true);
}"""


def _way(ada: Pupil) -> list[Pixel]:
    x, y = ada.school()
    return [(x - 330, y + 120), (x - 240, y + 30), (x - 140, y - 60), (x, y)]


def test_a_way_is_tapped_point_by_point(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.listen()
    ada.begin()
    points = _way(ada)
    wanted = [ada.position(point) for point in points]
    ada.tile(WAY).tap()
    ada.hand.tap(points[0])
    expect(ada.bubble()).to_contain_text("Trykk på neste sted langs vegen.")
    expect(ada.button("Ferdig")).to_have_count(0)
    for point in points[1:]:
        ada.hand.tap(point)
    expect(page.locator(".way-line")).to_have_count(1)
    ada.button("Ferdig").tap()
    expect(page.get_by_role("heading", name="Hvordan kommer du deg fram?")).to_be_visible()
    ada.is_safe()
    [way] = ada.stored()
    line = way["geometry"]["coordinates"]
    assert metres(line[-1], wanted[-1]) < 10
    assert min(metres(position, wanted[2]) for position in line) < 3, "the corner is not where it was tapped"
    low, high = site.rows("SELECT trim_min_m, trim_max_m FROM surveys_survey WHERE id = %s", site.demo["survey"])[0]
    assert low - 1 <= metres(line[0], wanted[0]) <= high + 5
    told = [text for text in ada.heard() if text.startswith("Punkt ")]
    assert [text.split(" er ")[0] for text in told] == ["Punkt 1", "Punkt 2", "Punkt 3", "Punkt 4"]
    assert re.fullmatch(r"Punkt 1 er satt: \d+ m sørvest for skolen\.", told[0]) or re.fullmatch(
        r"Punkt 1 er satt: \d+ m vest for skolen\.", told[0]
    )
    assert told[-1] == "Punkt 4 er satt: ved skolen."


def test_a_double_tap_is_one_point_and_ends_nothing(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    ada.area_tool()
    for point in ((x - 200, y - 120), (x - 60, y - 120), (x - 60, y - 10)):
        ada.hand.tap_twice(point)
    expect(page.locator(".corner-dot")).to_have_count(3)
    expect(ada.bubble()).to_contain_text("Trykk på flere hjørner, eller på Ferdig.")


def test_a_trembling_finger_taps_and_draws_no_scribble(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.tile(WAY).tap()
    for point in _way(ada)[:2]:
        ada.hand.tremble(point, px=5)
    expect(page.locator(".way-line")).to_have_count(1)
    expect(page.locator(".toast")).to_be_hidden()


def test_tapped_points_and_strokes_make_one_line(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    points = _way(ada)
    corner = ada.position(points[2])
    ada.tile(WAY).tap()
    ada.hand.tap(points[0])
    ada.hand.tap(points[1])
    ada.hand.draw(points[1], points[2])
    ada.hand.tap(points[3])
    ada.button("Ferdig").tap()
    ada.is_safe()
    [way] = ada.stored()
    assert min(metres(position, corner) for position in way["geometry"]["coordinates"]) < 8


def _corners(ada: Pupil) -> tuple[list[Pixel], list[Position]]:
    """The tool for areas in her hand, and four corners: on the screen, and in the world."""
    ada.begin()
    x, y = ada.school()
    ada.area_tool()
    corners: list[Pixel] = [(x - 200, y - 120), (x - 60, y - 120), (x - 60, y - 10), (x - 200, y - 10)]
    return corners, [ada.position(corner) for corner in corners]


def test_corners_are_undone_and_redone_before_there_is_an_area(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    corners, wanted = _corners(ada)
    for corner in corners:
        ada.hand.tap(corner)
    expect(page.locator(".corner-dot")).to_have_count(4)
    for left in (3, 2):
        ada.button("Angre").tap()
        expect(page.locator(".corner-dot")).to_have_count(left)
    expect(ada.button("Ferdig")).to_have_count(0)
    expect(page.locator(".toast")).to_have_text("Angret: punktet er borte.")
    for there in (3, 4):
        ada.button("Gjør igjen").tap()
        expect(page.locator(".corner-dot")).to_have_count(there)
    ada.button("Ferdig").tap()
    ada.button("Lukk").tap()
    ada.is_safe()
    [mark] = ada.stored()
    ring = mark["geometry"]["coordinates"][0]
    assert len(ring) == 5
    assert all(min(metres(position, corner) for position in ring) < 2 for corner in wanted)


def test_points_that_are_no_mark_yet_outlive_a_reload(page: Page, site: Site) -> None:
    """Who draws tap by tap, with keys or a switch, has worked longest for them."""
    ada = Pupil(page, site)
    corners, wanted = _corners(ada)
    for corner in corners[:3]:
        ada.hand.tap(corner)
    expect(page.locator(".corner-dot")).to_have_count(3)
    until(lambda: [len(draft["points"]) for draft in ada.kept()["draft"]] == [3], "the corners to be kept")
    page.reload()
    ada.button("Ja, fortsett").tap()
    expect(page.locator(".corner-dot")).to_have_count(3)
    ada.button("Angre").tap()
    expect(page.locator(".corner-dot")).to_have_count(2)
    ada.button("Gjør igjen").tap()
    x, y = ada.school()
    ada.hand.tap((x - 200, y - 10))
    ada.button("Ferdig").tap()
    ada.button("Lukk").tap()
    ada.is_safe()
    [mark] = ada.stored()
    assert all(min(metres(position, corner) for position in mark["geometry"]["coordinates"][0]) < 4 for corner in wanted)
    until(lambda: ada.kept()["draft"] == [], "the draft to go")
    ada.step("Veger")
    ada.tile(WAY).tap()
    ada.hand.tap(corners[0])
    until(lambda: [len(draft["points"]) for draft in ada.kept()["draft"]] == [1], "the first point to be kept")
    page.reload()
    ada.button("Ja, fortsett").tap()
    expect(page.locator(".end-handle")).to_have_count(1)
    ada.button("Avbryt").tap()
    until(lambda: ada.kept()["draft"] == [], "what was given up to go")


def test_the_first_point_of_a_way_is_undone_and_redone_like_the_others(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.tile("Fritidsveg").tap()
    for point in _way(ada)[:3]:
        ada.hand.tap(point)
    whole = page.locator(".way-line").get_attribute("d") or ""
    for _ in range(3):
        ada.button("Angre").tap()
    expect(page.locator(".end-handle")).to_have_count(0)
    expect(ada.button("Angre")).to_be_hidden()
    for _ in range(3):
        ada.button("Gjør igjen").tap()
    expect(page.locator(".way-line")).to_have_attribute("d", whole)
    expect(ada.button("Gjør igjen")).to_be_hidden()


def test_the_whole_task_is_done_by_taps_alone(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    page.evaluate(DRAGS)
    ada.tile(WAY).tap()
    for point in _way(ada):
        ada.hand.tap(point)
    ada.button("Ferdig").tap()
    page.get_by_role("radio", name="Går", exact=True).tap()
    page.get_by_role("radio", name="Ganske trygg").tap()
    page.locator(".sheet").get_by_role("button", name="Ferdig").tap()
    x, y = ada.school()
    ada.step("Bra steder")
    ada.place("Fint", (x - 150, y - 90))
    ada.area_tool()
    for corner in ((x - 200, y - 120), (x - 60, y - 120), (x - 60, y - 10)):
        ada.hand.tap(corner)
    ada.button("Ferdig").tap()
    ada.button("Lukk").tap()
    page.locator(".step-button").last.tap()
    page.get_by_role("radio", name="Noen ganger").tap()
    page.locator(".sheet").get_by_role("button", name="Neste").tap()
    page.get_by_role("radio", name="5", exact=True).tap()
    for _ in range(3):
        ada.answer_on()
    ada.button("Jeg er ferdig").tap()
    expect(page.locator(".receipt-code")).to_be_visible()
    kinds = sorted(mark["geometry"]["type"] for mark in ada.stored())
    assert kinds == ["LineString", "Point", "Polygon"]
    taps, drags = page.evaluate("[window.taps, window.drags]")
    assert taps > 15
    assert drags == 0
