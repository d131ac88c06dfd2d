"""The letter to guardians in their own language: chosen by the teacher, printed alone, from right to left in Arabic."""

from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.walk import LANGUAGES, asked_in

IN_ORDER = ["nb", "nn", "se", "en", "uk", "ar"]
TITLES = {"nb": "Brev til foresatte", "nn": "Brev til føresette", "en": "Letter to parents and guardians", "ar": "رسالة إلى أولياء الأمور"}


def test_a_teacher_prints_the_letter_in_a_language_that_the_home_reads(page: Page, site: Site) -> None:
    with asked_in(site, *LANGUAGES):
        log_in(page, site, "teacher", then="/skole/")
        page.locator(".card__title a").first.click()
        page.get_by_role("link", name=TITLES["nb"]).click()
        languages = page.get_by_role("navigation", name="Språk").get_by_role("link")
        expect(languages).to_have_text(
            ["Bokmål", "Nynorsk", "Davvisámegiella (utkast)", "English", "Українська (utkast)", "العربية (utkast)"]
        )
        for language, title in TITLES.items():
            languages.nth(IN_ORDER.index(language)).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            expect(page.locator("article")).to_have_attribute("lang", language)
            assert wrong_at(page, DESK, PHONE) == []
        expect(page.locator("article")).to_have_css("direction", "rtl")
        expect(page.get_by_text("Utkast: ikke lest av en som har språket som morsmål")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("navigation", name="Språk")).to_be_hidden()
        expect(page.get_by_text("Utkast: ikke lest")).to_be_hidden()
