"""A planner reads children's words at the desk: by keyboard alone, without a network, beside a colleague, and without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, TABLET, UPRIGHT, Site

PLAIN = tuple(f"Prøvetekst nummer {number}: fint her" for number in range(7))
FLAGGED = ("Prøvetekst: telefonen er 412 34 567", "Prøvetekst: her går jeg med ingrid", "Prøvetekst: han slo meg her")
OURS = "Prøvetekst%"


@pytest.fixture
def texts(site: Site) -> Iterator[list[str]]:
    """The only held texts of the demo: ten of ours, put on marks that said nothing; afterwards all is as it was."""
    survey = site.demo["survey"]
    held = [
        row[0] for row in site.rows("SELECT id FROM mapping_mark WHERE survey_id = %s AND comment_state = 'held' AND comment <> ''", survey)
    ]
    site.rows("UPDATE mapping_mark SET comment_state = 'dropped' WHERE id = ANY (%s) RETURNING 1", held)
    silent = "SELECT id FROM mapping_mark WHERE survey_id = %s AND comment = '' ORDER BY id LIMIT 10"
    marks = [row[0] for row in site.rows(silent, survey)]
    for mark, text in zip(marks, FLAGGED + PLAIN, strict=True):
        site.rows("UPDATE mapping_mark SET comment = %s, comment_state = 'held' WHERE id = %s RETURNING 1", text, mark)
    yield list(FLAGGED + PLAIN)
    site.rows("DELETE FROM mapping_judgement WHERE mark_id = ANY (%s) RETURNING 1", marks)
    cleared = "comment = '', comment_state = 'held', published_comment = '', moderated_on = NULL"
    site.rows(f"UPDATE mapping_mark SET {cleared} WHERE id = ANY (%s) RETURNING 1", marks)  # noqa: S608  # our own words
    site.rows("UPDATE mapping_mark SET comment_state = 'held' WHERE id = ANY (%s) RETURNING 1", held)


def _states(site: Site) -> dict[str, tuple[str, str]]:
    rows = site.rows("SELECT comment, comment_state, published_comment FROM mapping_mark WHERE comment LIKE %s", OURS)
    return {text: (state, published) for text, state, published in rows}


def _log(site: Site) -> list[str]:
    query = "SELECT decision FROM mapping_judgement j JOIN mapping_mark m ON m.id = j.mark_id WHERE m.comment LIKE %s ORDER BY j.id"
    return [row[0] for row in site.rows(query, OURS)]


def _open(page: Page, site: Site) -> None:
    log_in(page, site, "planner", then=f"/surveys/{site.demo['survey']}/ord/")
    expect(page.get_by_role("article")).to_have_count(10)


def _field(page: Page) -> Locator:
    """The field of the text that has the focus, itself or one of its controls."""
    return page.locator("article:focus textarea, article:focus-within textarea")


def _judge(page: Page, key: str, said: str) -> None:
    """Press a key, and wait until it is done."""
    before = page.get_by_role("article").count()
    page.keyboard.press(key)
    expect(page.get_by_role("article")).to_have_count(before - 1)
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()


def test_ten_texts_are_judged_by_keyboard_alone_and_two_taken_back(page: Page, site: Site, texts: list[str]) -> None:
    _open(page, site)
    keys = page.keyboard
    keys.press("f")  # nothing has the focus yet: the first text gets it
    expect(page.get_by_role("article").first).to_be_focused()
    for _ in range(3):  # those with findings stand first
        text = _field(page).input_value()
        if "slo" in text:
            _judge(page, "h", "Holdt tilbake.")
            continue
        keys.press("f")
        expect(page.locator("article:focus .field__error")).to_contain_text("fortsatt funn")
        if "412" in text:
            keys.press("r")
            expect(_field(page)).to_have_value("Prøvetekst: telefonen er [fjernet]")
            _judge(page, "f", "Frigitt med endringer.")
        else:
            keys.press("l")
            _judge(page, "f", "Frigitt.")
    for number in range(6):
        keys.press("ArrowDown" if number % 2 else "j")
        keys.press("ArrowUp" if number % 2 else "k")
        _judge(page, "h" if number == 5 else "f", "Holdt tilbake." if number == 5 else "Frigitt.")
    keys.press("r")
    expect(_field(page)).to_be_focused()
    keys.press("End")
    keys.type(" ffhz?")
    expect(page.get_by_role("article")).to_have_count(1)
    keys.press("Escape")
    expect(page.get_by_role("article")).to_be_focused()
    _judge(page, "f", "Frigitt med endringer.")
    expect(page.get_by_text("Alt er lest")).to_be_visible()
    assert "held" not in {state for state, _ in _states(site).values()}
    for count in (1, 2):
        keys.press("z")
        expect(page.get_by_role("status").filter(has_text="Angret.")).to_be_visible()
        expect(page.get_by_role("article")).to_have_count(count)
        expect(page.locator("article:focus")).to_have_count(1)
    states = _states(site)
    assert sorted(state for state, _ in states.values()) == ["dropped"] + ["held"] * 2 + ["released"] * 7
    assert states[FLAGGED[0]] == ("released", "Prøvetekst: telefonen er [fjernet]")
    assert states[FLAGGED[1]] == ("released", FLAGGED[1])
    assert states[FLAGGED[2]] == ("dropped", "")
    assert all(published == "" for state, published in states.values() if state == "held")
    assert len(_log(site)) == 12
    assert _log(site)[-3:] == ["edited", "undone", "undone"]


def test_no_state_of_the_desk_has_a_barrier_or_a_flaw(page: Page, site: Site, texts: list[str]) -> None:
    sizes = (TABLET, UPRIGHT, DESK, PHONE)
    _open(page, site)
    page.keyboard.press("?")
    expect(page.get_by_text("neste tekst")).to_be_visible()
    assert wrong_at(page, *sizes) == []
    page.keyboard.press("?")
    expect(page.get_by_text("neste tekst")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("f")
    expect(page.locator("article:focus .field__error")).to_contain_text("fortsatt funn")
    _judge(page, "h", "Holdt tilbake.")
    expect(page.get_by_role("button", name="Angre siste")).to_be_visible()
    assert wrong_at(page, *sizes) == []
    page.get_by_role("link", name="Logg over alle avgjørelser").click()
    expect(page.get_by_role("heading", name="Logg over elevenes ord")).to_be_visible()
    assert wrong_at(page, *sizes) == []


def test_without_a_network_the_text_stays_with_what_was_written(page: Page, site: Site, texts: list[str]) -> None:
    _open(page, site)
    first = page.get_by_role("article").first
    first.get_by_role("textbox").fill("Prøvetekst: endret")
    page.route("**/ord/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    first.get_by_role("button", name="Frigi").click()
    expect(first.get_by_role("alert")).to_have_text("Det kom ikke fram. Teksten står her ennå; prøv igjen.")
    expect(first.get_by_role("textbox")).to_have_value("Prøvetekst: endret")
    expect(page.get_by_role("article")).to_have_count(10)
    assert _log(site) == []
    page.unroute("**/ord/**")
    first.get_by_role("button", name="Frigi").click()
    expect(page.get_by_role("article")).to_have_count(9)
    assert _log(site) == ["edited"]


def test_a_text_that_a_colleague_has_judged_is_taken_away_with_the_reason(page: Page, site: Site, texts: list[str]) -> None:
    _open(page, site)
    colleague = page.context.new_page()
    colleague.goto(page.url)
    colleague.keyboard.press("j")
    page.keyboard.press("j")
    _judge(colleague, "h", "Holdt tilbake.")
    _judge(page, "h", "Denne teksten er alt holdt tilbake av")
    expect(page.locator("article:focus")).to_have_count(1)
    assert _log(site) == ["dropped"]
    colleague.close()


def test_the_keys_can_be_switched_off_and_stay_off(page: Page, site: Site, texts: list[str]) -> None:
    _open(page, site)
    letters = page.locator(".desk kbd")
    expect(letters.first).to_be_visible()
    page.get_by_label("Hurtigtaster").uncheck()
    page.reload()
    expect(page.get_by_label("Hurtigtaster")).not_to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("h")
    expect(page.locator("article:focus")).to_have_count(0)
    expect(letters.filter(visible=True)).to_have_count(0)
    page.get_by_label("Hurtigtaster").check()
    page.keyboard.press("j")
    expect(page.locator("article:focus")).to_have_count(1)
    assert _log(site) == []


def test_without_a_script_everything_is_done_by_forms(chromium: Browser, site: Site, texts: list[str]) -> None:
    context = chromium.new_context(viewport=DESK, locale="nb-NO", timezone_id="Europe/Oslo", java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = context.new_page()
    _open(page, site)
    expect(page.get_by_label("Hurtigtaster")).to_be_hidden()
    text = page.get_by_role("article").filter(has_text=FLAGGED[0])
    text.get_by_role("button", name="Fjern funn").click()
    expect(text.get_by_role("textbox")).to_have_value("Prøvetekst: telefonen er [fjernet]")
    text.get_by_role("button", name="Frigi").click()
    expect(page.get_by_role("status").filter(has_text="Frigitt med endringer.")).to_be_visible()
    named = page.get_by_role("article").filter(has_text=FLAGGED[1])
    named.get_by_role("button", name="Frigi").click()
    expect(named.get_by_role("alert")).to_contain_text("fortsatt funn: navn")
    named.get_by_label("Jeg har lest det").check()
    named.get_by_role("button", name="Frigi").click()
    expect(page.get_by_role("article")).to_have_count(8)
    last = page.get_by_role("region", name="Sist avgjort")
    last.get_by_role("listitem").filter(has_text="[fjernet]").get_by_role("button", name="Angre").click()
    expect(page.get_by_role("article").first).to_contain_text(FLAGGED[0])
    assert _log(site) == ["edited", "released", "undone"]
    context.close()
