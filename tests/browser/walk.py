"""A pupil's whole way through the page in any language, stopping at every state it can be in: to be looked at, or asked about.

Everything is found by what it is, or by the key of its words, so that the same walk is walked in each language.
"""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import yaml
from playwright.sync_api import Locator, Page, expect

from surveys.catalog import TEXTS_DIR
from tests.browser.fixtures import Site
from tests.browser.pupil import Pupil

_TURN_ON = """UPDATE surveys_municipality SET draft_languages = %s::varchar[]
             WHERE id = (SELECT municipality_id FROM surveys_survey WHERE id = %s) RETURNING 1"""
_CHOOSE = "UPDATE surveys_survey SET languages = %s::varchar[], title = %s::jsonb WHERE id = %s RETURNING 1"
DRAFTS = ("se", "uk", "ar")
LANGUAGES = ("nb", "nn", "en", *DRAFTS)
_LESSON_OF = "UPDATE surveys_lesson SET is_paused = %s WHERE id = (SELECT lesson_id FROM surveys_response WHERE id = %s) RETURNING 1"
REFUSAL = {"type": "urn:trakk:problem:outside-study-area", "title": "Utenfor", "status": 422, "code": "outside-study-area", "detail": ""}


@contextmanager
def asked_in(site: Site, *languages: str) -> Iterator[Site]:
    """The demo whose survey is asked in these languages, too, drafts among them; afterwards as it was."""
    survey = site.demo["survey"]
    before, title = site.rows("SELECT languages, title FROM surveys_survey WHERE id = %s", survey)[0]
    titles = {**dict.fromkeys(languages, "Barnetråkk"), **title}
    site.rows(_TURN_ON, [code for code in languages if code in DRAFTS], survey)
    site.rows(_CHOOSE, sorted({*before, *languages}, key=LANGUAGES.index), json.dumps(titles), survey)
    yield site
    site.rows(_CHOOSE, before, json.dumps(title), survey)
    site.rows(_TURN_ON, [], survey)


class Walk(Pupil):
    """One child who reads `language`; `states` yields the name of each state while the page is in it."""

    def __init__(self, page: Page, site: Site, language: str) -> None:
        super().__init__(page, site)
        self.language = language
        self.texts: dict[str, str] = yaml.safe_load((TEXTS_DIR / f"pupil.{language}.yaml").read_text(encoding="utf-8"))

    def states(self) -> Iterator[str]:
        """From the door to the next child."""
        yield from self._door()
        yield from self._warming_up()
        yield from self._way()
        yield from self._list()
        yield from self._area()
        yield from self._places()
        yield from self._weather()
        yield from self._coming_back()
        yield from self._end()

    def come_in(self) -> None:
        """By the link on the board, past the warm-up, to the first step."""
        self.page.goto(f"{self.site.base}/tegn/#{self.site.demo['pupil']['token']}")
        expect(self.page.locator(".seat--huge")).to_be_visible()
        self.choose_language()
        self.says("welcome.start").tap()
        self.says("skip").tap()
        expect(self.page.locator(".step.is-current")).to_be_visible()

    def says(self, key: str) -> Locator:
        """A button by the key of its words."""
        return self.button(self.texts[key])

    def category(self, code: str) -> Locator:
        """A picture of the palette by its category."""
        [words] = [one["words"] for one in self.bundle["categories"] if one["code"] == code]
        label = words[self.language]["label"]
        # what it is called, however many there are of it; what is written on it may have soft hyphens
        return self.page.locator(f'.tile[aria-label="{label}"], .tile[aria-label^="{label},"]').first

    def prompt(self, theme: str) -> str:
        """What a step asks."""
        [words] = [one["words"] for one in self.bundle["themes"] if one["code"] == theme]
        return str(words[self.language]["prompt"])

    @cached_property
    def bundle(self) -> dict[str, Any]:
        """The survey as every tablet gets it."""
        with urllib.request.urlopen(f"{self.site.base}/api/v1/surveys/{self.site.demo['survey']}/bundle") as answer:  # noqa: S310  # our own
            bundle: dict[str, Any] = json.load(answer)
        return bundle

    def _door(self) -> Iterator[str]:
        self.page.goto(f"{self.site.base}/tegn/")
        self.choose_language()
        expect(self.page.get_by_label(self.texts["join.ask"])).to_be_visible()
        yield "code"
        self.page.get_by_label(self.texts["join.ask"]).fill("ABCD-EFG")
        self.says("join.go").tap()
        expect(self.page.get_by_role("alert")).to_have_text(self.texts["join.short"])
        yield "code-too-short"
        self.page.goto(f"{self.site.base}/tegn/#{'x' * 22}")
        self.page.reload()
        self.choose_language()
        expect(self.page.get_by_text(self.texts["join.closed"])).to_be_visible()
        yield "door-closed"
        self.page.goto(f"{self.site.base}/tegn/#{self.site.demo['pupil']['token']}")
        self.page.reload()
        expect(self.page.locator(".seat--huge")).to_be_visible()
        self.choose_language()
        yield "welcome"

    def choose_language(self) -> None:
        """On a card before the map."""
        self.page.locator(f'.language[lang="{self.language}"]').tap()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def _warming_up(self) -> Iterator[str]:
        self.says("welcome.start").tap()
        expect(self.page.locator(".school-pin")).to_be_visible()
        yield "warm-up"
        x, y = self.school()
        self.hand.tap((x - 200, y - 60))
        yield "warm-up-nearly"
        self.hand.tap((x, y))
        expect(self.bubble()).to_contain_text(self.texts["warmup.well_done"])
        yield "warm-up-done"
        self.says("next").tap()

    def _way(self) -> Iterator[str]:
        x, y = self.school()
        yield "ways"
        self.category("skoleveg").tap()
        yield "drawing"
        self.says("aim.start").tap()
        yield "crosshair"
        self.says("cancel").tap()
        self.category("skoleveg").tap()
        self.hand.draw((x - 150, y + 70), (x - 90, y - 60), (x, y))
        expect(self.page.get_by_role("heading", name=self.texts["mode.ask"])).to_be_visible()
        yield "way-sheet"
        self.page.locator(".sheet [role=radio], .sheet input[type=radio]").first.check(force=True)
        expect(self.page.get_by_role("heading", name=self.texts["mode.ask"])).to_be_hidden()
        yield "way-question"
        self.close_sheet()

    def _list(self) -> Iterator[str]:
        self.category("fritidsveg").tap()
        self.says("list.open").tap()
        self.page.locator(".place-item").nth(1).tap()
        yield "list"
        self.page.locator(".sheet input[type=search]").fill("qqqq")
        expect(self.page.get_by_text(self.texts["list.none"])).to_be_visible()
        yield "list-nothing-found"
        self.page.locator(".sheet").get_by_role("button", name=self.texts["cancel"]).tap()
        self.says("cancel").tap()

    def _area(self) -> Iterator[str]:
        self.says("map.school").tap()
        self.page.locator(".step-button").nth(1).tap()
        yield "activities"
        self.says("palette.more").tap()
        yield "more-activities"
        self.category("lekeomrade").tap()
        x, y = self.school()
        for corner in ((x - 90, y - 90), (x + 60, y - 90), (x + 60, y + 20)):
            self.hand.tap(corner)
        self.says("undo").tap()
        yield "corners"
        self.says("redo").tap()
        self.says("route.done").tap()
        self.says("mark.shape").tap()
        expect(self.page.locator(".shape-box")).to_have_count(3)
        yield "shape"
        self.says("shape.next").tap()
        yield "shape-point"
        self.says("route.done").tap()
        self.close_sheet()

    def _places(self) -> Iterator[str]:
        self.says("map.school").tap()
        x, y = self.school()
        self.page.locator(".step-button").nth(2).tap()
        yield "good-places"
        self.category("fint").tap()
        yield "place"
        self.hand.tap((x - 60, y - 40))
        expect(self.page.locator(".sheet-head")).to_be_visible()
        yield "place-sheet"
        self.says("mark.move").tap()
        yield "moving"
        self.hand.tap((x - 80, y - 70))
        self.close_sheet()
        self.page.locator(".pin-box").last.tap()
        self.says("mark.delete").tap()
        yield "deleted"
        self.says("undo").tap()
        for number in (3, 4):
            self.page.locator(".step-button").nth(number).tap()
            yield "bad-places" if number == 3 else "wishes"
        self.says("menu.open").tap()
        yield "menu"
        self.page.get_by_role("dialog").get_by_role("button", name=self.texts["close"], exact=True).tap()

    def _weather(self) -> Iterator[str]:
        """No network, a mark that the site refuses, and a teacher who wants eyes up."""
        self.says("map.school").tap()
        x, y = self.school()
        expect(self.save_state()).to_have_text(self.texts["save.safe"])
        self.page.locator(".step-button").nth(2).tap()
        with self.offline():
            self.category("natur").tap()
            self.hand.tap((x + 80, y - 60))
            self.close_sheet()
            expect(self.page.get_by_text(self.texts["offline"])).to_be_visible()
            yield "no-network"
        expect(self.save_state()).to_have_text(self.texts["save.safe"])
        answer = json.dumps(REFUSAL)
        self.page.route("**/marks/**", lambda route: route.fulfill(status=422, body=answer, content_type="application/problem+json"))
        self.category("fint").tap()
        self.hand.tap((x + 110, y - 30))
        self.close_sheet()
        expect(self.page.locator(".is-troubled").first).to_be_visible()
        yield "refused"
        self.page.unroute("**/marks/**")
        self.says("undo").tap()
        self.site.rows(_LESSON_OF, True, self.response())
        expect(self.page.get_by_role("dialog", name=self.texts["pause.title"])).to_be_visible()
        yield "eyes-up"
        self.site.rows(_LESSON_OF, False, self.response())
        expect(self.page.get_by_role("dialog", name=self.texts["pause.title"])).to_be_hidden()

    def _coming_back(self) -> Iterator[str]:
        self.page.reload()
        expect(self.says("back.yes")).to_be_visible()
        yield "is-it-you"
        self.says("back.yes").tap()
        expect(self.page.locator(".school-pin")).to_be_visible()

    def _end(self) -> Iterator[str]:
        self.page.locator(".step-button").last.tap()
        questions = [one for one in self.bundle["questions"] if not one["theme"] and not one["category"]]
        for question in questions:
            expect(self.page.locator(".sheet-ask")).to_contain_text(question["words"][self.language]["label"])
            yield f"question-{question['code']}"
            self.page.locator(".sheet-foot .button").last.tap()
        expect(self.bubble()).to_contain_text(self.texts["finish.look"])
        yield "own-map"
        self.says("finish.send").tap()
        expect(self.page.locator(".receipt-code")).to_be_visible()
        yield "receipt"
        self.says("finish.next_pupil").tap()
        expect(self.page.locator(".seat--huge")).to_be_visible()
        yield "next-pupil"

    def close_sheet(self) -> None:
        """By the cross at its head."""
        self.page.locator(".sheet-head").get_by_role("button", name=self.texts["close"], exact=True).tap()
        expect(self.page.locator(".sheet-head")).to_be_hidden()
