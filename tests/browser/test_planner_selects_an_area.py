"""A planner points at a part of town, with mouse, finger or list, and map, numbers, files and address are of it; and keeps it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, TABLET, UPRIGHT, Site
from tests.browser.pupil import Hand

HAS_AREA = re.compile(r"[?&]area=")
with_mouse = pytest.mark.parametrize("context", [DESK], indirect=True, ids=["desk"])
with_fingers = pytest.mark.parametrize("context", [{**TABLET, "has_touch": True}], indirect=True, ids=["tablet"])


def open_workbench(page: Page, site: Site, query: str = "") -> None:
    """Log in as the demo's planner, and wait until all that can be chosen is there."""
    log_in(page, site, "planner", then=f"/surveys/{site.demo['survey']}/")
    expect(page.get_by_role("region", name="Kart")).to_be_visible()
    if query:
        page.goto(f"{site.base}/surveys/{site.demo['survey']}/?{query}")
    expect(page.locator("#area-thing[data-filled]")).to_be_visible()
    expect(page.locator("#legend")).not_to_be_empty()


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """A point of the map in pixels of the page; x and y are shares of it."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def drag(page: Page, *corners: tuple[float, float]) -> None:
    """The mouse, pressed from the first point to the last."""
    page.mouse.move(*at(page, *corners[0]))
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*at(page, *corner), steps=12)
    page.mouse.up()


def selected(page: Page) -> shapely.Polygon:
    """The area of the address, when the numbers are of it."""
    expect(page).to_have_url(HAS_AREA)
    expect(page.locator("#summary")).not_to_have_attribute("aria-busy", "true")
    (text,) = parse_qs(urlsplit(page.url).query)["area"]
    return shapely.Polygon([tuple(map(float, pair.split(","))) for pair in text.split()])


def marks_inside(site: Site, area: shapely.Polygon) -> int:
    """As PostGIS counts them."""
    query = """SELECT count(*) FROM mapping_mark mark JOIN surveys_response response ON response.id = mark.response_id
        WHERE mark.survey_id = %s AND response.set_aside_at IS NULL AND ST_Intersects(mark.geom, ST_GeomFromText(%s, 4326))"""
    ((count,),) = site.rows(query, site.demo["survey"], area.wkt)
    return int(count)


def shown_marks(page: Page) -> int:
    return int(page.locator(".figures__item", has_text="Merker").locator("dd").inner_text())


@with_mouse
def test_a_box_drawn_with_the_mouse_filters_everything(page: Page, site: Site) -> None:
    open_workbench(page, site)
    everything = shown_marks(page)
    page.get_by_role("button", name="Tegn boks").click()
    expect(page.get_by_role("button", name="Tegn boks")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#area-says")).to_contain_text("Dra fra hjørne til hjørne")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert wrong_at(page, DESK, PHONE) == []
    (left, top), (right, bottom) = at(page, 0.35, 0.3), at(page, 0.7, 0.7)
    with page.expect_response(lambda answer: "marks.geojson" in answer.url and "area=" in answer.url) as answered:
        drag(page, (0.7, 0.7), (0.35, 0.3))
    area = selected(page)
    assert area.equals(area.envelope)
    outline = page.locator(".area-pane path").bounding_box()
    assert outline is not None
    # its line is three pixels wide
    assert (outline["width"], outline["height"]) == pytest.approx((right - left, bottom - top), abs=5)
    assert (page.locator(".area-pane svg").bounding_box() or outline)["width"] > outline["width"], "or nothing of it is painted"
    count = marks_inside(site, area)
    assert 0 < count < everything
    expect(page.locator(".figures__item", has_text="Merker").locator("dd")).to_have_text(str(count))
    assert answered.value.json()["numberMatched"] == count
    assert "area=" in (page.get_by_role("link", name="GeoJSON", include_hidden=True).get_attribute("href") or "")
    expect(page.get_by_role("button", name="Tegn boks")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert wrong_at(page, DESK, TABLET, UPRIGHT, PHONE) == []
    page.get_by_role("button", name=re.compile("Ta bort I det som er tegnet, .* km²")).click()
    expect(page).not_to_have_url(HAS_AREA)
    expect(page.locator(".figures__item", has_text="Merker").locator("dd")).to_have_text(str(everything))
    expect(page.locator("#area-thing")).to_have_value("")


@with_mouse
def test_a_loop_by_hand_may_cross_itself_and_its_address_opens_it_again(page: Page, site: Site) -> None:
    open_workbench(page, site)
    page.get_by_role("button", name="Tegn fritt").click()
    drag(page, (0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.4, 0.7), (0.4, 0.27))
    area = selected(page)
    assert area.is_valid
    count = str(marks_inside(site, area))
    number = page.locator(".figures__item", has_text="Merker").locator("dd")
    expect(number).to_have_text(count)
    page.reload()
    expect(number).to_have_text(count)
    expect(page.locator("#area-thing")).to_have_value(re.compile(r"^\d"))
    expect(page.get_by_role("button", name="Ta bort I det som er tegnet")).to_be_visible()


@with_fingers
def test_a_loop_drawn_with_a_finger_and_two_fingers_that_only_move_the_map(page: Page, site: Site) -> None:
    open_workbench(page, site)
    hand = Hand(page)
    page.get_by_role("button", name="Tegn fritt").tap()
    page.locator("#map").scroll_into_view_if_needed()
    hand.pinch(at(page, 0.5, 0.5), start_px=40, end_px=80)
    expect(page.get_by_role("button", name="Tegn fritt")).to_have_attribute("aria-pressed", "true")
    assert "area=" not in page.url
    hand.draw(*(at(page, x, y) for x, y in ((0.3, 0.3), (0.7, 0.35), (0.65, 0.7), (0.35, 0.65), (0.3, 0.32))))
    area = selected(page)
    expect(page.locator(".figures__item", has_text="Merker").locator("dd")).to_have_text(str(marks_inside(site, area)))


@with_mouse
def test_a_tap_is_no_area_and_escape_ends_it(page: Page, site: Site) -> None:
    open_workbench(page, site)
    page.get_by_role("button", name="Tegn boks").click()
    page.mouse.click(*at(page, 0.5, 0.5))
    expect(page.locator("#area-says")).to_contain_text("Det ble for lite")
    page.keyboard.press("Escape")
    expect(page.locator("#area-says")).to_have_text("Avbrutt.")
    expect(page.get_by_role("button", name="Tegn boks")).to_have_attribute("aria-pressed", "false")
    drag(page, (0.5, 0.5), (0.6, 0.6))
    assert "area=" not in page.url, "the mouse moves the map again"


@with_mouse
def test_a_thing_is_chosen_from_the_list_by_keyboard_alone_and_kept_as_a_view(page: Page, site: Site) -> None:
    open_workbench(page, site)
    page.get_by_role("combobox", name="Område").focus()
    page.keyboard.type("Detaljregulering")
    page.keyboard.press("Tab")
    expect(page).to_have_url(HAS_AREA)
    expect(page.get_by_role("button", name="Ta bort I Detaljregulering Strandgata (Planer under arbeid)")).to_be_visible()
    page.locator("summary", has_text="Visninger").press("Enter")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert wrong_at(page, DESK, TABLET, UPRIGHT, PHONE) == []
    page.get_by_label("Lagre det du ser nå, som").fill("Strandgata")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Visningen «Strandgata» er lagret.")).to_be_visible()
    page.locator("[data-clear]").click()
    expect(page).not_to_have_url(HAS_AREA)
    page.locator("summary", has_text="Visninger").click()
    page.get_by_role("link", name="Strandgata").click()
    expect(page.get_by_role("button", name="Ta bort I Detaljregulering Strandgata (Planer under arbeid)")).to_be_visible()
    page.locator("summary", has_text="Visninger").click()
    page.get_by_role("link", name="Endre navn eller slett").click()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert wrong_at(page, DESK, TABLET, UPRIGHT, PHONE) == []
    page.get_by_label("Nytt navn på Strandgata").fill("Nord")
    page.get_by_role("button", name="Endre navn på Strandgata").click()
    expect(page.get_by_text("Visningen heter nå «Nord».")).to_be_visible()
    page.get_by_role("button", name="Slett Nord").click()
    expect(page.get_by_text("Visningen «Nord» er slettet.")).to_be_visible()


@with_mouse
def test_a_thing_of_the_layer_on_the_map_becomes_the_area(page: Page, site: Site) -> None:
    open_workbench(page, site, "show=within")
    thing = page.locator("#within [data-thing]").first
    name = thing.locator(".words__said").inner_text()
    thing.click()
    page.get_by_role("button", name="Vis bare det som er her").click()
    expect(page).to_have_url(HAS_AREA)
    expect(page.get_by_role("button", name=f"Ta bort I {name} (")).to_be_visible()


@with_mouse
def test_what_is_no_area_is_told_and_the_filter_stays(page: Page, site: Site) -> None:
    # far out: the map shows more than an area may be
    open_workbench(page, site, "kind=place&bbox=2,60,5,62")
    page.get_by_role("button", name="Tegn boks").click()
    drag(page, (0.2, 0.1), (0.98, 0.95))
    expect(page.locator("#area-says")).to_contain_text("km²")
    expect(page).to_have_url(re.compile(r"\?kind=place&bbox="))
    expect(page).not_to_have_url(HAS_AREA)
