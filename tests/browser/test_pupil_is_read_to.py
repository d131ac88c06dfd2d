"""A child who does not read yet: every question of every step plays its recording, or is said by the tablet's voice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.walk import Walk, asked_in
from tests.patience import until

# Chromium has no voices of its own here; the page only asks which there are, and what is to be said
NORA = """
window.said = [];
speechSynthesis.getVoices = () => [{ lang: "nb-NO", localService: true, name: "Nora" }];
speechSynthesis.speak = (utterance) => window.said.push(utterance.text);
Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { set() {}, get() { return null; } });
"""
SILENCE = (b"\xff\xfb\x90\x64" + bytes(413)) * 40
"""A second of nothing as MP3: frames of MPEG-1 layer III, 128 kbit/s at 44.1 kHz, whose side information says that no sound follows."""


class Listener(Walk):
    """A child who has everything read aloud; `recordings` are those asked for, in which every one is followed by the voice."""

    def __init__(self, page: Page, site: Site, language: str = "nb") -> None:
        super().__init__(page, site, language)
        self.recordings: set[str] = set()
        self.is_deaf = False
        page.route("**/lyd/**", self._deliver)

    def parts(self) -> set[str]:
        """All that can be recorded for the demo's survey."""
        bundle = self.bundle
        parts = {f"themes.{theme['code']}" for theme in bundle["themes"]} | {f"why.{theme['code']}" for theme in bundle["themes"]}
        parts |= {f"questions.{question['code']}" for question in bundle["questions"]}
        parts |= {f"modes.{category['code']}" for category in bundle["categories"] if category["modes"]}
        return parts | {f"list.{kind}" for kind in ("place", "route", "area")}

    def hear(self, place: str, text: str) -> None:
        """Without a network the voice says it, with one the recording is played."""
        button = self.aloud(place)
        self.is_deaf = True
        before = len(self.said())
        button.tap()
        until(lambda: len(self.said()) > before, f"the voice to say {text!r}")
        assert self.said()[-1].startswith(text), "and it says what is asked"
        self.is_deaf = False
        with self.page.expect_response("**/lyd/**") as played:
            button.tap()
        assert played.value.status in {200, 206}
        self.recordings.add(played.value.url.rpartition("/")[2].partition(".mp3")[0])
        self.page.wait_for_timeout(150)
        assert len(self.said()) == before + 1, "a recording that plays is not spoken over"

    def aloud(self, place: str) -> Locator:
        """The button there."""
        return self.page.locator(place).get_by_role("button", name=self.texts["read.aloud"], exact=True)

    def said(self) -> list[str]:
        """What the voice has said so far."""
        texts: list[str] = self.page.evaluate("window.said")
        return texts

    def label(self, code: str) -> str:
        """A question's words."""
        [words] = [one["words"] for one in self.bundle["questions"] if one["code"] == code]
        return str(words[self.language]["label"])

    def _deliver(self, route: Route) -> None:
        route.abort() if self.is_deaf else route.continue_()


def _record(site: Site, language: str, *parts: str) -> Path:
    folder = site.data / "recordings" / str(site.demo["survey"])
    (folder / language).mkdir(parents=True, exist_ok=True)
    for part in parts:
        (folder / language / f"{part}.mp3").write_bytes(SILENCE)
    return folder


@pytest.fixture
def recorded(site: Site) -> Iterator[Site]:
    """The demo, whose recordings are taken away again."""
    yield site
    shutil.rmtree(site.data / "recordings" / str(site.demo["survey"]), ignore_errors=True)


def test_every_question_of_every_step_is_played_or_said(page: Page, recorded: Site) -> None:
    page.add_init_script(NORA)
    ada = Listener(page, recorded)
    _record(recorded, "nb", *ada.parts())
    ada.come_in()
    _ways(ada)
    for number, (theme, code) in enumerate([("activity", "leke"), ("positive", "fint"), ("negative", "farlig"), ("change", "")], start=1):
        _places(ada, number, theme, code)
    for question in ("lov_a_ga", "dager_ute", "hvor_ofte", "si_til_ordforer"):
        ada.hear(".sheet", ada.label(question))
        ada.answer_on()
    assert ada.recordings == ada.parts()


def _ways(ada: Listener) -> None:
    """Both kinds of way: how one travels, what the category asks, and why; and the list of places."""
    ada.hear(".bubble", ada.prompt("way"))
    for code, questions in (("skoleveg", ["skoleveg_trygghet"]), ("fritidsveg", [])):
        x, y = ada.school()
        ada.category(code).tap()
        ada.hand.draw((x - 150, y + 70), (x - 90, y - 60), (x, y))
        if code == "fritidsveg":
            # a way to school is whole when it is there, and opens by itself
            ada.says("route.done").tap()
        ada.hear(".sheet", ada.texts["mode.ask"])
        for question in questions:
            ada.answer_on()
            ada.hear(".sheet", ada.label(question))
        ada.answer_on()
        ada.hear(".sheet", ada.texts["why.ask.way"])
        ada.close_sheet()
    _list(ada, "fritidsveg", "route")


def _places(ada: Listener, number: int, theme: str, code: str) -> None:
    """A step of places with the last question of a mark's sheet, and what the step asks when it is left."""
    step = ada.page.locator(".step-button").nth(number)
    step.tap()
    ada.hear(".bubble", ada.prompt(theme))
    code = code or next(one["code"] for one in ada.bundle["categories"] if one["theme"] == theme and one["kind"] == "place")
    ada.category(code).tap()
    x, y = ada.school()
    ada.hand.tap((x + 40 * number - 120, y - 70))
    ada.hear(".sheet", ada.texts[f"why.ask.{theme}"])
    ada.close_sheet()
    if theme == "activity":
        ada.says("palette.more").tap()
        _list(ada, "lekeomrade", "area")
        step.tap()
    if theme == "positive":
        _list(ada, "natur", "place")
    ada.says("next").tap()
    for question in ada.bundle["questions"]:
        if question["theme"] == theme:
            ada.hear(".sheet", ada.label(question["code"]))
            ada.answer_on()


def _list(ada: Listener, code: str, kind: str) -> None:
    ada.category(code).tap()
    ada.says("list.open").tap()
    ada.hear(".sheet", ada.texts[f"list.ask.{kind}"])
    ada.page.locator(".sheet").get_by_role("button", name=ada.texts["cancel"]).tap()
    ada.says("cancel").tap()


def test_in_a_language_without_a_voice_only_what_is_recorded_has_a_button(page: Page, recorded: Site) -> None:
    """No browser speaks Northern Sámi: a button that says nothing is worse than none."""
    page.add_init_script(NORA)
    _record(recorded, "se", "questions.dager_ute")
    with asked_in(recorded, "se"):
        ada = Listener(page, recorded, "se")
        ada.come_in()
        expect(page.locator(".read-aloud")).to_have_count(1)
        expect(page.locator(".read-aloud")).to_be_hidden()
        page.locator(".step-button").last.tap()
        expect(page.locator(".sheet-ask")).to_contain_text(ada.label("lov_a_ga"))
        expect(page.locator(".sheet .read-aloud")).to_be_hidden()
        ada.answer_on()
        expect(page.locator(".sheet-ask")).to_contain_text(ada.label("dager_ute"))
        with page.expect_response("**/lyd/**") as played:
            ada.aloud(".sheet").tap()
        assert "/se/questions.dager_ute.mp3" in played.value.url
        assert ada.said() == [], "and a Norwegian voice does not read Sámi"
