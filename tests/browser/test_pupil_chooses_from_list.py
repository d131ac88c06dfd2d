"""The way without a map: named places give the same kinds of data, trimmed like everything else, or words alone."""

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil, metres


def _item(page: Page, name: str) -> Locator:
    return page.locator(".place-item", has=page.locator(".place-name", has_text=name)).first


def _name(place: dict[str, Any]) -> str:
    return f"{place['name']} ved {place['other']}" if "other" in place else place["name"]


def _corners(ada: Pupil, *far_m: float) -> list[dict[str, Any]]:
    """Street corners so far from school."""
    school = ada.school_position()
    corners = [place for place in ada.named_places() if place["kind"] == "corner"]
    return [min(corners, key=lambda place: abs(metres(place["position"], school) - far)) for far in far_m]


def _choose(page: Page, name: str) -> None:
    page.get_by_role("searchbox", name="Søk etter et navn").fill(name)
    _item(page, name).tap()


def test_a_place_is_chosen_by_its_name(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    wanted = next(place for place in ada.named_places() if place["kind"] == "playground")
    ada.step("Bra steder")
    ada.tile("Fint").tap()
    ada.button("Velg fra liste").tap()
    _choose(page, wanted["name"])
    expect(page.get_by_role("dialog", name="Fint")).to_be_visible()
    ada.button("Lukk").tap()
    ada.is_safe()
    [mark] = ada.stored()
    assert mark["geometry"] == {"type": "Point", "coordinates": wanted["position"]}


def test_the_nearest_comes_first_and_each_says_where_it_is(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    ada.tile("Fint").tap()
    ada.button("Velg fra liste").tap()
    items = page.locator(".place-item")
    expect(items).to_have_count(12)
    expect(items.first.locator(".place-where")).to_have_text("ved skolen")
    expect(items.nth(11).locator(".place-where")).to_contain_text("for skolen")
    ada.button("Vis flere").tap()
    expect(items).to_have_count(36)
    page.get_by_role("searchbox").fill("finnes ikke i verden")
    expect(page.get_by_text("Fant ingen steder med det navnet.")).to_be_visible()


def test_a_way_by_its_places_is_a_line_without_its_home_end(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    first, second = _corners(ada, 900, 250)
    ada.tile("Skoleveg").tap()
    ada.button("Velg fra liste").tap()
    expect(page.get_by_role("heading", name="Hvilke steder går du forbi?")).to_be_visible()
    for place in (first, second):
        _choose(page, _name(place))
        page.get_by_role("searchbox").fill("")
    expect(page.locator(".place-picked li")).to_have_count(2)
    _choose(page, ada.school_name())
    page.locator(".sheet").get_by_role("button", name="Ferdig").tap()
    expect(page.get_by_role("heading", name="Hvordan kommer du deg fram?")).to_be_visible()
    ada.is_safe()
    [way] = ada.stored()
    line = way["geometry"]["coordinates"]
    assert way["geometry"]["type"] == "LineString"
    assert metres(line[-1], ada.school_position()) < 10
    assert min(metres(position, second["position"]) for position in line) < 3
    sent = [json.loads(body) for method, path, body in ada.bodies if method == "PUT" and "/marks/" in path]
    assert min(metres(p, first["position"]) for feature in sent for p in feature["geometry"]["coordinates"]) >= 99


def test_an_area_round_two_places_holds_both(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    first, second = _corners(ada, 400, 250)
    ada.area_tool()
    ada.button("Velg fra liste").tap()
    for place in (first, second):
        _choose(page, _name(place))
    page.get_by_role("button", name=f"Ta bort {_name(second)}").tap()
    _choose(page, _name(second))
    page.locator(".sheet").get_by_role("button", name="Ferdig").tap()
    ada.button("Lukk").tap()
    ada.is_safe()
    [mark] = ada.stored()
    shape = json.dumps(mark["geometry"])
    for place in (first, second):
        inside = site.rows(
            "SELECT ST_Contains(ST_SetSRID(ST_GeomFromGeoJSON(%s), 4326), ST_SetSRID(ST_MakePoint(%s, %s), 4326))",
            shape,
            *place["position"],
        )
        assert inside == [(True,)]


def test_a_way_can_be_told_in_words_alone_and_a_place_cannot(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.tile("Skoleveg").tap()
    ada.button("Velg fra liste").tap()
    ada.button("Si det med ord").tap()
    page.get_by_role("radio", name="Går", exact=True).tap()
    page.get_by_role("radio", name="Ganske trygg").tap()
    page.get_by_role("textbox", name="Skriv selv").fill("Jeg går forbi butikken og over brua.")
    page.locator(".sheet").get_by_role("button", name="Ferdig").tap()
    ada.is_safe()
    [way] = ada.stored()
    assert (way["geometry"], way["mode"], way["comment"]) == (None, "ga", "Jeg går forbi butikken og over brua.")
    ada.step("Bra steder")
    ada.tile("Fint").tap()
    ada.button("Velg fra liste").tap()
    expect(ada.button("Si det med ord")).to_have_count(0)


def test_leaving_the_list_leaves_the_tool_in_hand(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    ada.tile("Fint").tap()
    ada.button("Velg fra liste").tap()
    page.locator(".sheet").get_by_role("button", name="Avbryt").tap()
    x, y = ada.school()
    ada.hand.tap((x - 100, y - 80))
    expect(page.get_by_role("dialog", name="Fint")).to_be_visible()
