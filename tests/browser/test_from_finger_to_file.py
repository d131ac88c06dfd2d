"""The whole way: what a finger drew comes out of every file, filter and hexagon where it was drawn, less the home end."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyogrio
import pytest
from playwright.sync_api import APIRequestContext, Page, expect
from shapely import LineString, Point
from shapely.geometry import shape

from tests.browser.conftest import Site
from tests.browser.pupil import Position, Pupil, metres

NEAR_M = 4
"""Two pixels at the zoom a survey starts with; files have six decimals, a tenth of a metre."""


class Desk:
    """The planner's machine, with a key for scripts and no browser."""

    def __init__(self, request: APIRequestContext, site: Site) -> None:
        self.request = request
        self.survey = f"{site.base}/surveys/{site.demo['survey']}"
        self.headers = {"Authorization": f"Bearer {site.demo['planner']['token']}"}

    def body(self, what: str, **filters: str) -> bytes:
        """A file or layer of the survey."""
        answer = self.request.get(f"{self.survey}/{what}?{urlencode(filters)}", headers=self.headers)
        assert answer.ok, answer.text()
        return answer.body()

    def features(self, what: str, **filters: str) -> list[dict[str, Any]]:
        """The features of a GeoJSON file or layer."""
        answer = self.request.get(f"{self.survey}/{what}?{urlencode(filters)}", headers=self.headers)
        assert answer.ok, answer.text()
        features: list[dict[str, Any]] = answer.json()["features"]
        return features

    def children(self, at: Position, **filters: str) -> int:
        """How many children the 50 m hexagon at a position counts; the planner reads fewer than five as "1–4"."""
        cells = self.features("hexagons.geojson", size="50", **filters)
        return sum(cell["properties"]["children"] or 1 for cell in cells if shape(cell["geometry"]).covers(Point(at)))


@pytest.fixture
def desk(page: Page, site: Site) -> Desk:
    return Desk(page.request, site)


def box(at: Position, reach: float = 0.0002) -> str:
    """A bbox filter of some ten metres around a position."""
    return f"{at[0] - reach},{at[1] - reach},{at[0] + reach},{at[1] + reach}"


def test_what_a_finger_drew_comes_out_everywhere_it_should(page: Page, site: Site, desk: Desk, tmp_path: Path) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    home, corner, playground = (x - 320, y + 110), (x - 150, y - 70), (x - 210, y - 130)
    home_at, corner_at, place_at = ada.position(home), ada.position(corner), ada.position(playground)
    before = desk.features("export.geojson", category="leke", bbox=box(place_at))
    children_before = desk.children(place_at, category="leke")

    ada.tile("Skoleveg").tap()
    ada.hand.draw(home, corner, ada.school())
    page.get_by_role("radio", name="Går", exact=True).tap()
    ada.button("Lukk").tap()
    ada.step("Det jeg gjør")
    ada.place("Leker", playground)
    ada.is_safe()
    way = LineString(next(mark for mark in ada.stored() if mark["category"] == "skoleveg")["geometry"]["coordinates"])

    # the place, in GeoJSON, by category, box and week, and in no other
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    after = desk.features("export.geojson", category="leke", bbox=box(place_at), datetime=f"{today}/{today}")
    [new] = [place for place in after if metres(place["geometry"]["coordinates"], place_at) < NEAR_M]
    assert len(after) == len(before) + 1
    assert new["properties"]["kind"] == "place"
    assert desk.features("export.geojson", category="bade", bbox=box(place_at)) == []
    assert desk.features("export.geojson", category="leke", bbox=box(place_at), datetime="2020-01-01/2020-12-31") == []
    assert desk.children(place_at, category="leke") == children_before + 1 or children_before == 1

    # the way: passes the corner, and its beginning is at least the survey's least cut from home
    least = site.rows("SELECT trim_min_m FROM surveys_survey WHERE id = %s", site.demo["survey"])[0][0]
    ways = [LineString(one["geometry"]["coordinates"]) for one in desk.features("export.geojson", category="skoleveg", bbox=box(corner_at))]
    [written] = [one for one in ways if one.equals_exact(way, 1e-6)]
    assert min(metres((lon, lat), home_at) for lon, lat in written.coords) >= least - 1
    nearest = written.interpolate(written.project(Point(corner_at)))
    assert metres((nearest.x, nearest.y), corner_at) < 8

    # the same two in the GeoPackage, as GDAL reads it
    path = tmp_path / "marks.gpkg"
    path.write_bytes(desk.body("export.gpkg", category="leke", bbox=box(place_at)))
    places = pyogrio.read_dataframe(path, layer="places")
    assert places.crs.to_epsg() == 4326
    assert len(places) == len(after)
    assert min(metres((point.x, point.y), place_at) for point in places.geometry) < NEAR_M
    path.write_bytes(desk.body("export.gpkg", category="skoleveg", mode="ga", bbox=box(corner_at)))
    assert any(one.equals_exact(way, 1e-6) for one in pyogrio.read_dataframe(path, layer="routes").geometry)

    # and nothing of the home end anywhere
    around_home = desk.features("export.geojson", bbox=box(home_at))
    assert not any(shape(one["geometry"]).equals_exact(way, 1e-6) for one in around_home if one["geometry"])
    expect(ada.save_state()).to_have_text("Trygt lagret")
