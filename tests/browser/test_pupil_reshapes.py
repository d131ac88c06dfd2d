"""A finished way or area gets another shape: dragged, tapped, by arrows; and its home end stays on the tablet all the same."""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.pupil import Pixel, Position, Pupil, metres
from tests.browser.tablet_store import database_of
from tests.patience import until


def _middle(locator: Locator) -> Pixel:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _handles(page: Page) -> Locator:
    return page.locator(".shape-box")


def _tapped_area(ada: Pupil) -> list[Pixel]:
    """An area of four corners, its sheet open."""
    x, y = ada.school()
    corners = [(x - 240, y - 150), (x - 80, y - 150), (x - 80, y - 40), (x - 240, y - 40)]
    ada.area_tool()
    for corner in corners:
        ada.hand.tap(corner)
    ada.button("Ferdig").tap()
    expect(ada.button("Endre form")).to_be_visible()
    return corners


def _ring(ada: Pupil) -> list[Position]:
    ada.is_safe()
    [mark] = ada.stored()
    ring: list[Position] = mark["geometry"]["coordinates"][0]
    return ring


def test_a_corner_of_an_area_is_dragged_and_the_drag_undone_and_redone(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    _tapped_area(ada)
    before = _ring(ada)
    ada.button("Endre form").tap()
    expect(_handles(page)).to_have_count(4)
    start = _middle(_handles(page).nth(0))
    goal = (start[0] - 60, start[1] - 30)
    wanted = ada.position(goal)
    ada.hand.draw(start, goal)
    expect(ada.save_state()).to_have_text("Trygt lagret")
    page.wait_for_timeout(1200)
    after = _ring(ada)
    assert min(metres(position, wanted) for position in after) < 3
    assert len(set(map(tuple, after)) - set(map(tuple, before))) == 1, "another corner moved, too"
    ada.button("Angre").tap()
    expect(page.locator(".toast")).to_contain_text("har formen den hadde")
    assert _ring(ada) == before
    ada.button("Gjør igjen").tap()
    assert _ring(ada) == after
    ada.button("Ferdig").tap()
    expect(page.get_by_role("dialog", name="Lekeområde")).to_be_visible()


def test_a_point_is_moved_by_two_taps(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    corners = _tapped_area(ada)
    before = _ring(ada)
    ada.button("Endre form").tap()
    expect(_handles(page)).to_have_count(4)
    # a tap on the map alone moves nothing: no point was asked for
    ada.hand.tap((corners[0][0] + 70, corners[0][1] + 50))
    page.wait_for_timeout(1200)
    assert _ring(ada) == before
    goal = (corners[2][0] + 60, corners[2][1] + 20)
    wanted = ada.position(goal)
    nearest = min(
        range(4),
        key=lambda i: abs(_middle(_handles(page).nth(i))[0] - corners[2][0]) + abs(_middle(_handles(page).nth(i))[1] - corners[2][1]),
    )
    _handles(page).nth(nearest).tap()
    ada.hand.tap(goal)
    page.wait_for_timeout(1200)
    assert min(metres(position, wanted) for position in _ring(ada)) < 3


def test_points_are_added_and_taken_away_by_buttons_until_three_are_left(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    _tapped_area(ada)
    ada.button("Endre form").tap()
    ada.button("Nytt punkt").tap()
    expect(_handles(page)).to_have_count(5)
    for left in (4, 3):
        ada.button("Slett punkt").tap()
        expect(_handles(page)).to_have_count(left)
    ada.button("Slett punkt").tap()
    expect(page.locator(".toast")).to_have_text("Det må være noen punkter igjen.")
    expect(_handles(page)).to_have_count(3)
    assert len(_ring(ada)) == 4


def test_a_point_is_moved_by_arrow_keys_and_buttons_and_screen_readers_are_told(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.listen()
    ada.begin()
    _tapped_area(ada)
    before = _ring(ada)
    ada.button("Endre form").tap()
    page.keyboard.press("Tab")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label == "Punkt 2 av 4"
    at = _middle(_handles(page).nth(1))
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    assert abs(_middle(_handles(page).nth(1))[1] - (at[1] - 48)) < 2
    page.get_by_role("group", name="Flytt punktet").get_by_role("button", name="Til venstre").tap()
    assert abs(_middle(_handles(page).nth(1))[0] - (at[0] - 12)) < 2
    page.wait_for_timeout(1200)
    after = _ring(ada)
    assert len(set(map(tuple, after)) - set(map(tuple, before))) == 1
    heard = ada.heard()
    assert any(text.startswith("Punkt 2 av 4: ") and "for skolen" in text for text in heard), heard
    assert "Punktet er flyttet." in heard
    # all of it was one point's way: one step back
    page.keyboard.press("Control+z")
    assert _ring(ada) == before


COVERED = """(handle) => {
    const { x, y, width, height } = handle.getBoundingClientRect();
    return !document.elementFromPoint(x + width / 2, y + height / 2)?.closest(".shape-box");
}"""


@pytest.mark.parametrize("context", [PHONE], indirect=True, ids=["phone"])
def test_on_a_phone_no_chosen_point_lies_under_a_button(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.tap_corners()
    ada.button("Ferdig").tap()
    ada.button("Endre form").tap()
    expect(_handles(page)).to_have_count(3)
    for n in (2, 3, 1):
        ada.button("Neste punkt").tap()
        chosen = page.locator(".shape-box.is-chosen")
        expect(chosen).to_have_attribute("aria-label", f"Punkt {n} av 3")
        until(lambda: chosen.evaluate(COVERED) is False, f"point {n} to come out")  # noqa: B023  # at once


def test_a_reshaped_way_keeps_its_home_end_and_its_cut(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    home, corner = (x - 330, y + 120), (x - 140, y - 60)
    home_position = ada.position(home)
    ada.tile("Skoleveg").tap()
    ada.hand.draw(home, corner, (x, y))
    expect(page.get_by_role("heading", name="Hvordan kommer du deg fram?")).to_be_visible()
    ada.button("Endre form").tap()
    handles = _handles(page)
    expect(handles.first).to_be_visible()
    assert 3 <= handles.count() <= 24
    nearest = min(
        range(handles.count()), key=lambda i: abs(_middle(handles.nth(i))[0] - corner[0]) + abs(_middle(handles.nth(i))[1] - corner[1])
    )
    goal = (corner[0] - 20, corner[1] - 50)
    wanted = ada.position(goal)
    ada.hand.draw(_middle(handles.nth(nearest)), goal)
    page.wait_for_timeout(1200)
    ada.button("Ferdig").tap()
    ada.is_safe()
    [way] = ada.stored()
    line = way["geometry"]["coordinates"]
    assert min(metres(position, wanted) for position in line) < 4
    sent = [json.loads(body) for method, path, body in ada.bodies if method == "PUT" and "/marks/" in path]
    assert len(sent) >= 2
    starts = {round(min(metres(position, home_position) for position in feature["geometry"]["coordinates"])) for feature in sent}
    assert min(starts) >= 99
    [session] = database_of(page)["session"]
    zones = [zone for entry in session["ledger"].values() for zone in entry["zones"] if not zone.get("isPast")]
    assert len(zones) == 1
    for feature in sent:
        nearest_m = min(metres(position, zones[0]["centre"]) for position in feature["geometry"]["coordinates"])
        assert abs(nearest_m - zones[0]["radiusM"]) < 3, "reshaping moved the cut: a way ends on the circle that was there first"


def test_a_way_that_came_back_from_the_server_is_drawn_again_instead(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    ada.tile("Skoleveg").tap()
    ada.hand.draw((x - 330, y + 120), (x - 140, y - 60), (x, y))
    ada.button("Lukk").tap()
    ada.is_safe()
    page.reload()
    ada.button("Ja, fortsett").tap()
    ada.mark("Skoleveg").tap()
    expect(ada.button("Tegn på nytt")).to_be_visible()
    expect(ada.button("Endre form")).to_have_count(0)
