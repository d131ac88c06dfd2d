"""A politician prints the page before the meeting: two sheets of A4, whatever is on them, with the map."""

import io
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Site

A4 = (595, 842)
"""In points."""
SHEET_PX = 688
"""The paper between its margins, 182 mm, in CSS pixels."""

TITLE = "Kryssingspunktene mangler gangfelt og belysning " * 3
TEXT = "Barna sier at bilene kjører for fort forbi skolen om morgenen. " * 9
STEP = "Arbeidet er lyst ut og begynner til våren. " * 8
ADD_FINDING = """
INSERT INTO followup_finding (survey_id, position, title, text, theme, cell_ids) VALUES (%s, %s, %s, %s, '', '{}') RETURNING id
"""
ADD_STEP = "INSERT INTO followup_decision (finding_id, status, text, decided_on, body) VALUES (%s, 'started', %s, %s, %s)"


@pytest.fixture
def release(page: Page, site: Site) -> Page:
    """The release's page with its map drawn."""
    page.goto(site.demo["politician"]["url"])
    expect(page.locator("path.hex.leaflet-interactive").first).to_be_visible()
    return page


@pytest.fixture
def many_findings(site: Site) -> Iterator[int]:
    """Twenty findings of the longest words allowed besides those that are there; one of them comes first and is higher than a column."""
    survey = site.rows("SELECT survey_id FROM analysis_release WHERE status = 'public'")[0][0]
    url = site.database_url.replace("postgis://", "postgresql://", 1)
    with psycopg.connect(url) as connection:
        for number in range(20):
            position = 100 + number if number else 0
            row = connection.execute(ADD_FINDING, (survey, position, TITLE[:100], TEXT[:500])).fetchone()
            assert row is not None
            for month in (10, 11):
                connection.execute(ADD_STEP, (row[0], STEP[:300], f"2026-{month}-01", "Utvalg for plan, miljø og teknikk"))
    yield 20
    with psycopg.connect(url) as connection:
        connection.execute(
            "DELETE FROM followup_decision WHERE finding_id IN (SELECT id FROM followup_finding WHERE title = %s)", [TITLE[:100]]
        )
        connection.execute("DELETE FROM followup_finding WHERE title = %s", [TITLE[:100]])


def printed(page: Page) -> list[str]:
    """The text of each sheet; hard spaces as plain ones."""
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    for sheet in reader.pages:
        assert (round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) == A4
    return [" ".join(sheet.extract_text().split()) for sheet in reader.pages]


def overflow_px(page: Page) -> dict[str, int]:
    """By how much each part of the page is larger than its room on paper."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET_PX, "height": 1000})
    found: dict[str, int] = page.evaluate(
        """() => Object.fromEntries(
             [...document.querySelectorAll(".release-sheet, .release-sheet > *, .release-map__stage")]
               .map((part) => [part.className, Math.max(part.scrollHeight - part.clientHeight, part.scrollWidth - part.clientWidth)]))"""
    )
    page.emulate_media(media="screen")
    return found


def test_it_prints_on_two_sheets_with_the_three_numbers_on_the_first(release: Page) -> None:
    numbers = [" ".join(text.split()) for text in release.locator(".release-number__value").all_inner_texts()]
    sheets = printed(release)
    assert len(sheets) == 2
    assert len(numbers) == 3
    for number in numbers:
        assert number in sheets[0]
    assert "Slik vet vi dette" in sheets[1]
    assert "Hva kommunen har funnet" in sheets[1]
    assert release.url in sheets[1]


def test_nothing_on_a_sheet_is_cut(release: Page) -> None:
    assert {part: px for part, px in overflow_px(release).items() if px > 1} == {}


def test_the_printed_map_shows_the_theme_that_was_chosen_with_scale_and_schools(release: Page) -> None:
    release.get_by_role("radio", name="Dårlige steder").check(force=True)
    first = printed(release)[0]
    assert "Kartet viser: Dårlige steder" in first
    assert "Kartet viser: Alt samlet" not in first
    assert "Solvik barneskole" in first
    assert "80 barn eller flere" in first


def test_hexagons_on_paper_are_those_of_the_theme(release: Page) -> None:
    release.emulate_media(media="print")
    shown = release.locator(".release-map__paper .hex:visible")
    expect(shown.first).to_be_visible()
    box, stage = shown.first.bounding_box(), release.locator(".release-map__stage").bounding_box()
    assert box is not None
    assert stage is not None
    assert stage["x"] <= box["x"] < stage["x"] + stage["width"]
    assert stage["y"] <= box["y"] < stage["y"] + stage["height"]


def test_more_findings_than_there_is_room_for_still_print_on_two_sheets(many_findings: int, page: Page, site: Site) -> None:
    page.goto(site.demo["politician"]["url"])
    there = page.locator(".finding").count()
    assert there > many_findings
    sheets = printed(page)
    assert len(sheets) == 2
    left_out = page.locator(".finding--screen").count()
    assert 0 < left_out < there
    assert " ".join(TITLE[:100].split()) in sheets[1]
    assert f"{left_out} funn til står på {page.url}" in sheets[1]
    assert "Slik vet vi dette" in sheets[1]
    assert {part: px for part, px in overflow_px(page).items() if px > 1} == {}
