"""A plan lies on the table: what have the children said there? From a layer, drawn on the map, and with a boundary that crosses itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, TABLET, UPRIGHT, Site

pytestmark = pytest.mark.parametrize("context", [DESK], indirect=True, ids=["desk"])


def test_a_plan_of_a_layer_shows_what_children_said_and_goes_on_to_the_workbench(page: Page, site: Site) -> None:
    log_in(page, site, "planner", then="/surveys/")
    page.get_by_role("link", name="Plansak: hva har barna sagt her?").click()
    page.get_by_label("Fra et kartlag").select_option("Detaljregulering Strandgata")
    page.locator("form", has=page.get_by_label("Fra et kartlag")).get_by_role("button", name="Vis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Detaljregulering Strandgata (Planer under arbeid)")
    expect(page.locator("#legend")).to_contain_text("merker")
    rounds = page.get_by_role("region", name="Tabell over rundene")
    expect(rounds).to_contain_text(re.compile(r"Barnetråkk i Solvik, \d{4}\s*\d+\s*\d+\s*\d+ av 301\s*Pågår"))
    expect(page.get_by_text(re.compile(r"\d+ barn går eller kjører gjennom området til skolen\."))).to_be_visible()
    expect(page.get_by_role("heading", name="Hvem er ikke hørt?")).to_be_visible()
    assert wrong_at(page, DESK, TABLET, UPRIGHT, PHONE) == []
    marks = rounds.locator("tbody td").nth(1).inner_text()
    rounds.get_by_role("link", name="Barnetråkk i Solvik").click()
    expect(page.get_by_role("button", name="Ta bort I Detaljregulering Strandgata (Planer under arbeid)")).to_be_visible()
    expect(page.locator("#summary")).to_contain_text(f"Last ned {marks} merker")
    page.get_by_role("button", name="Ta bort I Detaljregulering").click()
    expect(page.locator("#summary")).not_to_contain_text(f"Last ned {marks} merker")
    expect(page).not_to_have_url(re.compile("area="))


def test_a_boundary_is_drawn_corner_by_corner_and_its_address_holds_it(page: Page, site: Site) -> None:
    log_in(page, site, "planner", then="/plansak/")
    page.get_by_role("button", name="Tegn grensen").click()
    done = page.get_by_role("button", name="Ferdig")
    expect(done).to_be_disabled()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for x, y in ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6)):
        page.locator("#map").click(position={"x": box["width"] * x, "y": box["height"] * y})
    expect(page.locator("#drawing-says")).to_have_text("3 hjørner. Fortsett, eller trykk «Ferdig».")
    # the same without pointing: the map's middle
    page.get_by_role("button", name="Hjørne midt i kartet").click()
    expect(page.locator("#drawing-says")).to_contain_text("4 hjørner")
    page.get_by_role("button", name="Angre hjørne").click()
    assert wrong_at(page, DESK, PHONE) == []
    done.click()
    expect(page).to_have_url(re.compile(r"/plansak/\d+/\?area=(\d+\.\d+%2C\d+\.\d+\+?){3}$"))
    expect(page.get_by_role("heading", name="Runder")).to_be_visible()
    expect(page.locator("#legend")).not_to_be_empty()


def test_a_boundary_that_crosses_itself_is_told_of_and_what_was_drawn_stays(page: Page, site: Site) -> None:
    log_in(page, site, "planner", then="/plansak/")
    expect(page.get_by_role("button", name="Tegn grensen")).to_be_visible()
    west, south, east, north = site.rows(
        "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(geom) AS e FROM mapping_mark) AS extent"
    )[0]
    crossed = "+".join(f"{x:.6f},{y:.6f}" for x, y in ((west, south), (east, north), (east, south), (west, north)))
    page.goto(f"{page.url}?area={crossed}")
    expect(page.get_by_role("alert")).to_contain_text("Omrisset krysser seg selv")
    expect(page.locator("#drawing-says")).to_contain_text("4 hjørner")
    assert wrong_at(page, DESK, PHONE) == []
    for _ in range(2):
        page.get_by_role("button", name="Angre hjørne").click()
    expect(page.locator("#drawing-says")).to_have_text("2 hjørner. Sett minst tre.")
