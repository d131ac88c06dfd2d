"""Weeks later, at home: the receipt shows one's own map, opens it for changes, and takes everything back."""

import re

from playwright.sync_api import Page, expect

from surveys.catalog import own_answers_texts
from tests.browser.barriers import barriers, wrong_at
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.pupil import Pupil
from tests.browser.walk import Walk, asked_in


def _finish(ada: Pupil) -> str:
    ada.step("Kartet mitt")
    ada.answer_on_until(ada.button("Jeg er ferdig"))
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


def test_in_arabic_it_is_read_from_the_right_and_goes_on_in_arabic(page: Page, site: Site) -> None:
    words = own_answers_texts()["ar"]
    with asked_in(site, "ar"):
        ada = Walk(page, site, "ar")
        code = _finish_in(ada)
        page.goto(f"{site.base}/mine-svar/")
        page.get_by_role("link", name="العربية").click()
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert wrong_at(page, DESK, PHONE) == []
        page.get_by_label(words["code"]).fill(code)
        page.get_by_role("button", name=words["show"]).click()
        expect(page.locator("#own-map path.leaflet-interactive")).to_have_count(1)
        expect(page.get_by_role("heading", name=words["drawn"])).to_be_visible()
        assert wrong_at(page, DESK, PHONE) == []
        page.get_by_role("button", name="Nynorsk").click()
        expect(page.get_by_role("heading", name=own_answers_texts()["nn"]["drawn"])).to_be_visible()
        assert code not in page.url, "the code stands in no address"
        page.get_by_role("button", name="العربية").click()
        page.get_by_role("button", name=words["change"]).click()
        expect(ada.says("back.yes")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "ar")
        ada.says("back.yes").tap()
        expect(page.locator(".pin-box:not(.school-pin)").first).to_be_visible()
        page.goto(f"{site.base}/mine-svar/?sprak=ar")
        page.get_by_label(words["code"]).fill(code)
        page.get_by_role("button", name=words["show"]).click()
        page.get_by_label(words["sure"]).check()
        page.get_by_role("button", name=words["delete"]).click()
        expect(page.get_by_role("heading", name=words["gone_title"])).to_be_visible()
        assert wrong_at(page, DESK, PHONE) == []


def _finish_in(ada: Walk) -> str:
    """One good place, handed in."""
    ada.come_in()
    ada.page.locator(".step-button").nth(2).tap()
    ada.category("fint").tap()
    x, y = ada.school()
    ada.hand.tap((x - 120, y - 90))
    ada.close_sheet()
    ada.page.locator(".step-button").last.tap()
    ada.answer_on_until(ada.says("finish.send"))
    ada.says("finish.send").tap()
    code: str = ada.page.locator(".receipt-code").inner_text()
    return code
