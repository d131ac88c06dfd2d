"""Weeks later, at home: the receipt shows one's own map, opens it for changes, and takes everything back."""

import re

from playwright.sync_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import Site
from tests.browser.pupil import Pupil


def _finish(ada: Pupil) -> str:
    ada.step("Kartet mitt")
    while ada.button("Hopp over").count():
        ada.button("Hopp over").tap()
    ada.button("Jeg er ferdig").tap()
    code: str = ada.page.locator(".receipt-code").inner_text()
    return code


def _open(page: Page, site: Site, code: str) -> None:
    page.goto(f"{site.base}/mine-svar/")
    page.get_by_label("Kvitteringskoden").fill(code)
    page.get_by_role("button", name="Vis svarene mine").click()


def test_the_receipt_reads_changes_and_withdraws(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin_with_a_place()
    x, y = ada.school()
    response = ada.response()
    code = _finish(ada)
    page.evaluate("indexedDB.deleteDatabase('trakk')")
    _open(page, site, code)
    expect(page.get_by_text("1. Fint")).to_be_visible()
    expect(page.locator("#own-map path.leaflet-interactive")).to_have_count(1)
    assert barriers(page) == []
    page.get_by_role("button", name="Endre svarene").click()
    ada.button("Ja, fortsett").tap()
    expect(ada.mark("Fint")).to_be_visible()
    assert ada.response() == response
    ada.step("Bra steder")
    ada.place("Natur", (x + 90, y - 120))
    ada.is_safe()
    assert [mark["category"] for mark in ada.stored()] == ["fint", "natur"]
    _open(page, site, code)
    expect(page.get_by_text(re.compile("Natur"))).to_be_visible()
    page.get_by_label("Ja, slett alt").check()
    page.get_by_role("button", name="Slett svarene mine").click()
    expect(page.get_by_role("heading", name="Svarene dine er slettet")).to_be_visible()
    assert site.rows("SELECT count(*) FROM surveys_response WHERE id = %s", response) == [(0,)]
    assert site.rows("SELECT count(*) FROM mapping_mark WHERE response_id = %s", response) == [(0,)]
