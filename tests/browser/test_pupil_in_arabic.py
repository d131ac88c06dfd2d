"""A child who reads Arabic: from the door to the receipt, panels from right to left, the map as it is."""

import re
from collections.abc import Iterator

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from surveys.catalog import TEXTS_DIR
from surveys.seats import seat
from tests.browser.barriers import barriers
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.pupil import Pupil

ARABIC_FONT = "baloo-bhaijaan-2-arabic"
TEXTS: dict[str, str] = yaml.safe_load((TEXTS_DIR / "pupil.ar.yaml").read_text(encoding="utf-8"))
TURN_ON = (
    "UPDATE surveys_municipality SET draft_languages = %s::varchar[]"
    " WHERE id = (SELECT municipality_id FROM surveys_survey WHERE id = %s) RETURNING 1"
)
CHOOSE = "UPDATE surveys_survey SET languages = %s::varchar[], title = %s::jsonb WHERE id = %s RETURNING 1"


@pytest.fixture(scope="module")
def arabic_site(site: Site) -> Iterator[Site]:
    """The demo whose operator has turned Arabic on, and whose survey is asked in it; afterwards as it was."""
    survey = site.demo["survey"]
    languages, title = site.rows("SELECT languages, title::text FROM surveys_survey WHERE id = %s", survey)[0]
    site.rows(TURN_ON, ["ar"], survey)
    with_title = title.rstrip("}") + ', "ar": "دروب الأطفال"}'
    site.rows(CHOOSE, [*languages, "ar"], with_title, survey)
    yield site
    site.rows(CHOOSE, languages, title, survey)
    site.rows(TURN_ON, [], survey)


class ArabicPupil(Pupil):
    """A child who has chosen Arabic."""

    def __init__(self, page: Page, site: Site) -> None:
        super().__init__(page, site)
        self.fonts: list[str] = []
        page.on("request", lambda sent: self.fonts.append(sent.url) if sent.url.endswith(".woff2") else None)

    def join(self) -> None:
        """By the link on the board, in Arabic as far as the map."""
        self.page.goto(f"{self.site.base}/tegn/#{self.site.demo['pupil']['token']}")
        expect(self.button("Start")).to_be_visible()
        assert not [url for url in self.fonts if ARABIC_FONT in url], "letters for nobody"
        self.button("العربية").tap()
        expect(self.page.locator("html")).to_have_attribute("dir", "rtl")
        expect(self.page.locator("html")).to_have_attribute("lang", "ar")
        expect(self.page).to_have_title("Tråkk – الرسم على الخريطة")
        assert barriers(self.page) == []
        self.says("welcome.start").tap()
        expect(self.page.locator(".school-pin")).to_be_visible()

    def warm_up(self) -> None:
        """Tap the school."""
        self.hand.tap(self.school())
        expect(self.bubble()).to_contain_text(TEXTS["warmup.well_done"])
        self.says("next").tap()

    def says(self, key: str) -> Locator:
        """A button by the key of its words."""
        return self.button(TEXTS[key])


def _middle(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_a_child_draws_places_and_finishes_in_arabic_without_a_barrier(page: Page, arabic_site: Site) -> None:
    ada = ArabicPupil(page, arabic_site)
    ada.join()
    # the school's Norwegian name stands within the Arabic sentence
    expect(ada.bubble()).to_contain_text("skole")
    assert barriers(page) == []
    ada.warm_up()
    assert barriers(page) == []
    x, y = ada.school()
    ada.tile("طريق المدرسة").tap()
    ada.hand.draw((x - 330, y + 120), (x - 140, y - 60), ada.school())
    expect(page.get_by_role("heading", name=TEXTS["mode.ask"])).to_be_visible()
    expect(page.get_by_text(TEXTS["route.hidden"])).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("radio", name="مشيًا", exact=True).tap()
    page.get_by_role("radio", name="أمان جيد").tap()
    ada.button(TEXTS["why.chips.way"].split("|")[2]).tap()
    assert barriers(page) == []
    ada.says("mark.done").tap()
    expect(ada.save_state()).to_have_text(TEXTS["save.safe"])
    ada.step("أماكن جيدة")
    ada.tile("جميل").tap()
    ada.hand.tap((x - 120, y - 90))
    page.locator(".sheet-head .icon-button").tap()
    expect(page.locator(".tile-count")).to_have_text(page.evaluate("new Intl.NumberFormat('ar').format(1)"))
    page.locator(".step-button").last.tap()
    assert barriers(page) == []
    page.get_by_role("radio", name="أحيانًا").tap()
    for _ in range(4):
        ada.answer_on()
    expect(ada.bubble()).to_contain_text(TEXTS["finish.look"])
    assert barriers(page) == []
    ada.says("finish.send").tap()
    expect(page.locator(".receipt-code")).to_have_text(re.compile(r"^[2-9A-Z]{4}(-[2-9A-Z]{4}){3}$"))
    assert barriers(page) == []
    way, place = sorted(ada.stored(), key=lambda mark: mark["geometry"]["type"])
    assert (way["category"], way["mode"], way["comment"]) == ("skoleveg", "ga", TEXTS["why.chips.way"].split("|")[2])
    school_lon, _ = ada.school_position()
    assert way["geometry"]["coordinates"][0][0] < school_lon, "left on the screen is still west: the map is not mirrored"
    assert place["category"] == "fint"
    assert place["geometry"]["coordinates"][0] < school_lon
    answers = arabic_site.rows("SELECT answers FROM surveys_response WHERE id = %s", ada.response())[0][0]
    assert answers == {"lov_a_ga": "noen_ganger"}


def test_panels_are_mirrored_and_the_map_and_its_buttons_are_not(page: Page, arabic_site: Site) -> None:
    ada = ArabicPupil(page, arabic_site)
    ada.begin()
    width = page.evaluate("innerWidth")
    assert _middle(page.locator(".me")) > width / 2, "the menu is where one begins to read"
    assert _middle(page.locator(".dock-next")) < width / 2, "on is to the left"
    assert _middle(page.locator(".seat--talks")) > width / 2
    assert _middle(ada.says("map.closer")) > width / 2, "the map's buttons stay"
    first, second = page.locator(".step-button").nth(0), page.locator(".step-button").nth(1)
    assert _middle(first) > _middle(second)
    turned = "node => getComputedStyle(node).transform"
    assert page.locator(".button--next .icon").evaluate(turned) == "matrix(-1, 0, 0, 1, 0, 0)"
    assert page.locator(".tools .icon").first.evaluate(turned) == "none"
    assert page.locator("#map").evaluate("node => getComputedStyle(node).direction") == "ltr"
    x, y = ada.school()
    ada.tile("طريق المدرسة").tap()
    ada.says("aim.start").tap()
    assert _middle(ada.says("aim.left")) < _middle(ada.says("aim.right"))
    assert page.locator(".aim-left .icon").evaluate(turned) == "none"
    ada.says("aim.left").tap()
    assert ada.school()[0] > x, "to the left is to the left"
    assert ada.school()[1] == pytest.approx(y, abs=400)


def test_letters_for_arabic_are_fetched_by_a_page_in_arabic_alone(page: Page, arabic_site: Site) -> None:
    ada = ArabicPupil(page, arabic_site)
    ada.join()
    page.wait_for_load_state("networkidle")
    assert [url for url in ada.fonts if ARABIC_FONT in url]
    rendered = page.evaluate("document.fonts.check('800 20px \"Baloo Bhaijaan 2 Variable\"', 'مرحبًا')")
    assert rendered


def test_a_reload_asks_in_arabic_and_goes_on_in_it(page: Page, arabic_site: Site) -> None:
    ada = ArabicPupil(page, arabic_site)
    ada.begin()
    number = arabic_site.rows("SELECT seat FROM surveys_response WHERE id = %s", ada.response())[0][0]
    page.reload()
    expect(page.get_by_role("heading")).to_contain_text(seat(number).words["ar"])
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert barriers(page) == []
    ada.says("back.yes").tap()
    expect(ada.tile("طريق المدرسة")).to_be_visible()


@pytest.mark.parametrize("context", [PHONE, DESK], indirect=True, ids=["phone", "chromebook"])
def test_nothing_is_cut_off_on_other_screens_in_arabic(page: Page, arabic_site: Site) -> None:
    ada = ArabicPupil(page, arabic_site)
    ada.begin()
    for step in ("ما أفعله", "أماكن سيئة"):
        page.locator(".step-button", has=page.locator(f".step-label:text-is('{step}')")).tap()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        wide = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.textContent)"
        assert page.locator(".tile-label").evaluate_all(wide) == []
    assert barriers(page) == []


def test_a_draft_that_is_off_is_offered_to_nobody(page: Page, site: Site, arabic_site: Site) -> None:
    survey = site.demo["survey"]
    site.rows(TURN_ON, [], survey)
    try:
        page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
        expect(page.locator(".language")).to_have_text(["Bokmål", "Nynorsk", "English"])
    finally:
        site.rows(TURN_ON, ["ar"], survey)


def test_a_question_has_its_read_aloud_button_where_the_tablet_has_a_voice(page: Page, site: Site) -> None:
    # Chromium has no voices of its own here; the page only asks which there are, and what is to be said
    page.add_init_script(
        """
        const voices = [{ lang: "nb-NO", localService: true, name: "Nora" }, { lang: "en-GB", localService: false, name: "Far away" }];
        window.said = [];
        speechSynthesis.getVoices = () => voices;
        speechSynthesis.speak = (utterance) => window.said.push([utterance.lang, utterance.text]);
        Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { set() {}, get() { return null; } });
        """
    )
    ada = Pupil(page, site)
    ada.begin()
    page.locator(".bubble").get_by_role("button", name="Les høyt").tap()
    page.locator(".step-button").last.tap()
    page.locator(".sheet").get_by_role("button", name="Les høyt").tap()
    said = page.evaluate("window.said")
    assert said[0][1].startswith("Hvordan kommer du deg til skolen?")
    assert said[1] == ["nb-NO", "Får du gå ute uten voksne? Ja. Noen ganger. Nei."]
    ada.answer_on()
    expect(page.locator(".sheet").get_by_role("button", name="Les høyt")).to_be_visible()
    ada.step("Veger")
    ada.button("Åpne menyen").tap()
    ada.button("English").tap()
    ada.button("Close").tap()
    # a voice that lives on a server is none
    expect(ada.button("Read aloud")).to_be_hidden()
