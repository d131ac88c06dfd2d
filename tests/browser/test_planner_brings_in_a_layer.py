"""A planner has a file from the municipality's map office: it comes in, is looked at, named anew, replaced and deleted."""

import io
import json
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, TABLET, UPRIGHT, Site

pytestmark = pytest.mark.parametrize("context", [DESK], indirect=True, ids=["desk"])


def _file(site: Site, *names: str) -> bytes:
    """Squares round the school that the demo's children go to, as GeoJSON."""
    ((lon, lat),) = site.rows("SELECT ST_X(location), ST_Y(location) FROM surveys_school ORDER BY name LIMIT 1")

    def square(at: int) -> list[list[float]]:
        west, south = lon + at * 0.002, lat
        return [[west, south], [west + 0.001, south], [west + 0.001, south + 0.0005], [west, south + 0.0005], [west, south]]

    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"objtype": "Ballbinge", "stedsnavn": name},
            "geometry": {"type": "Polygon", "coordinates": [square(at)]},
        }
        for at, name in enumerate(names)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _upload(name: str, body: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": body}


def test_a_layer_is_brought_in_named_anew_replaced_and_deleted(page: Page, site: Site) -> None:
    log_in(page, site, "planner", then="/surveys/")
    page.get_by_role("link", name="Kartlag", exact=True).click()
    expect(page.get_by_role("table")).to_contain_text("Lekeplasser og parker")
    page.get_by_label("Fil", exact=True).set_input_files(_upload("binger.geojson", _file(site, "Bingen", "Nybingen")))
    page.get_by_label("Navn på kartlaget").fill("Ballbinger")
    page.get_by_label("Slag").select_option("Lekeplasser")
    page.get_by_label("Kilde").fill("Solvik kommune, NLOD")
    page.get_by_role("button", name="Hent inn").click()
    expect(page.get_by_text("Ballbinger er hentet inn: 2 ting.")).to_be_visible()
    expect(page.locator("#map[data-drawn='2']")).to_be_visible()
    expect(page.get_by_role("row", name="Bingen", exact=False).first).to_be_visible()
    assert wrong_at(page, DESK, TABLET, UPRIGHT, PHONE) == []
    page.get_by_label("Kolonne med navnet på hver ting").select_option(label="objtype (for eksempel «Ballbinge»)")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_role("rowheader", name="Ballbinge").first).to_be_visible()
    page.get_by_label("Fil", exact=True).set_input_files(_upload("binger.geojson", _file(site, "A", "B", "C")))
    page.get_by_role("button", name="Bytt ut tingene").click()
    expect(page.get_by_text("Ballbinger er byttet ut: 3 ting.")).to_be_visible()
    expect(page.locator("#map[data-drawn='3']")).to_be_visible()
    page.get_by_role("link", name="Slett kartlaget …").click()
    expect(page.get_by_text("Kartlaget har 3 ting.")).to_be_visible()
    assert wrong_at(page, DESK, PHONE) == []
    page.get_by_role("button", name="Slett kartlaget").click()
    expect(page.get_by_text("Ballbinger er slettet.")).to_be_visible()
    expect(page.get_by_role("table")).not_to_contain_text("Ballbinger")


def test_a_file_that_reaches_out_of_its_archive_is_refused_in_words_and_the_page_lives(page: Page, site: Site) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../binger.geojson", _file(site, "Bingen"))
    log_in(page, site, "planner", then="/kartlag/")
    page.get_by_label("Fil", exact=True).set_input_files(_upload("binger.zip", packed.getvalue()))
    page.get_by_label("Navn på kartlaget").fill("Binger ute")
    page.get_by_label("Slag").select_option("Lekeplasser")
    page.get_by_label("Kilde").fill("Solvik kommune, NLOD")
    page.get_by_role("button", name="Hent inn").click()
    expect(page.get_by_role("alert")).to_contain_text("binger.zip har en fil som peker ut av pakken (../../binger.geojson)")
    expect(page.get_by_label("Navn på kartlaget")).to_have_value("Binger ute")
    assert wrong_at(page, DESK, PHONE) == []
