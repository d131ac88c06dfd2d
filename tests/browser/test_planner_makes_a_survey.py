"""The planner makes a survey from a template, changes what it asks and where, and tries it as a pupil, which leaves nothing behind."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, TABLET, UPRIGHT, Site
from tests.browser.pupil import Pupil

pytestmark = pytest.mark.parametrize("context", [DESK], indirect=True, ids=["desk"])

SIZES = (DESK, TABLET, UPRIGHT, PHONE)
COUNTS = "SELECT (SELECT count(*) FROM surveys_response), (SELECT count(*) FROM mapping_mark), (SELECT count(*) FROM surveys_lesson)"


def _a_draft(page: Page, site: Site, name: str) -> str:
    """A new survey of the demo's town; its address."""
    log_in(page, site, "planner", then="/surveys/ny/")
    page.get_by_label("Navn").fill(name)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Lag kladd").click()
    expect(page.get_by_role("heading", name="Hva mangler?")).to_be_visible()
    return page.url.removesuffix("oppsett/")


def _put_away(site: Site, survey: str) -> None:
    """Other tests count the surveys that a planner sees."""
    site.rows("UPDATE surveys_survey SET status = 'deleted' WHERE id = %s RETURNING 1", survey.rstrip("/").rpartition("/")[2])


def test_from_a_template_to_a_pupils_eyes_and_nothing_is_kept(page: Page, site: Site) -> None:
    survey = _a_draft(page, site, "Vinter i Solvik")
    assert wrong_at(page, *SIZES) == []
    page.get_by_role("link", name="Innhold", exact=True).click()
    expect(page.get_by_role("heading", name="Steg 1 Veger")).to_be_visible()
    assert wrong_at(page, *SIZES) == []

    # a question that only some are asked
    page.get_by_role("link", name="Nytt spørsmål til slutt").click()
    expect(page.get_by_role("group", name="Rader", exact=True)).to_be_hidden()
    page.get_by_label("Spørsmål, bokmål").fill("Hva hindrer deg?")
    page.get_by_role("group", name="Ny linje 1").get_by_label("Tekst, bokmål").fill("Trafikken")
    page.get_by_role("group", name="Ny linje 2").get_by_label("Tekst, bokmål").fill("Mørket")
    page.get_by_text("Still bare etter visse svar").click()
    page.get_by_role("group", name="Får du gå ute uten voksne?").get_by_label("Nei").check()
    assert wrong_at(page, *SIZES) == []
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("bare etter «Nei» på «Får du gå ute uten voksne?»")).to_be_visible()

    # other questions are put away, and one category gets another picture and name
    for name in ("Hvor mange dager i uka", "Hvor ofte er du her", "Hva vil du si til dem", "Når på året"):
        page.get_by_role("button", name=re.compile(f"Skjul {name}")).click()
        expect(page.get_by_role("button", name=re.compile(f"Ta tilbake {name}"))).to_be_visible()
    page.get_by_role("link", name="Leker", exact=True).click()
    page.get_by_label("Navn, bokmål").fill("Snøborg")
    page.get_by_role("group", name="Bilde").get_by_label("Aker").check()
    assert wrong_at(page, *SIZES) == []
    page.get_by_role("button", name="Lagre").click()

    _try_it(page, site)
    _put_away(site, survey)


def _try_it(page: Page, site: Site) -> None:
    """Look as a pupil: a place and its word, the question that hangs on an answer, handing in."""
    before = site.rows(COUNTS)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
    page.get_by_role("link", name="Prøv som elev").click()
    banner = page.get_by_text("Prøve: ingenting sendes eller lagres.")
    expect(banner).to_be_visible()
    ada = Pupil(page, site)
    ada.hand.tap(ada.school())
    ada.button("Neste").click()
    ada.step("Det jeg gjør")
    ada.tile("Snøborg").click()
    x, y = ada.school()
    ada.hand.tap((x - 160, y - 90))
    expect(page.get_by_role("heading", name="Snøborg")).to_be_visible()
    ada.button("Ferdig").click()
    for _ in range(4):
        ada.button("Neste").click()
    # who says no is asked why, who says yes is not
    page.get_by_role("radio", name="Nei", exact=True).tap()
    ada.button("Neste").click()
    expect(page.get_by_role("heading", name="Hva hindrer deg?")).to_be_visible()
    ada.button("Tilbake").click()
    page.get_by_role("radio", name="Ja", exact=True).tap()
    ada.button("Neste").click()
    ada.button("Jeg er ferdig").click()
    expect(page.get_by_text("PRØVE", exact=True)).to_be_visible()
    expect(banner).to_be_visible()
    assert sent == []
    assert page.evaluate("async () => (await indexedDB.databases()).map((one) => one.name)") == []
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert site.rows(COUNTS) == before


def test_the_area_is_drawn_anew_and_its_corners_dragged_by_mouse_and_keys(page: Page, site: Site) -> None:
    survey = _a_draft(page, site, "Område i Solvik")
    page.get_by_role("link", name="Område", exact=True).click()
    expect(page.locator("#draw-help")).not_to_be_empty()
    assert wrong_at(page, *SIZES) == []
    page.get_by_role("button", name="Tegn nytt").click()
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map").bounding_box()
    assert box is not None
    left, top = box["x"] + box["width"] / 2 - 150, box["y"] + box["height"] / 2 - 120
    for dx, dy in ((0, 0), (300, 0), (300, 240), (0, 240)):
        page.mouse.click(left + dx, top + dy)
    page.get_by_role("button", name="Ferdig").click()
    corners = page.locator(".area-corner")
    expect(corners).to_have_count(4)
    drawn = page.locator("#id_drawn")
    square = drawn.input_value()
    corners.first.focus()
    page.keyboard.press("ArrowLeft")
    expect(drawn).not_to_have_value(square)
    page.get_by_role("button", name="Angre").click()
    expect(drawn).to_have_value(square)
    page.get_by_role("button", name="Lagre området").click()
    expect(page.get_by_text("Området er lagret.")).to_be_visible()
    assert "drawn" not in page.url
    identity = survey.rstrip("/").rpartition("/")[2]
    [(points,)] = site.rows("SELECT ST_NPoints(study_area) FROM surveys_survey WHERE id = %s", identity)
    assert points == 5
    _put_away(site, survey)
