"""A teacher draws from sheets of paper, and a planner for a group: from the class's page through the pupils' page and back to it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.conftest import PHONE, TABLET, Site
from tests.browser.pupil import Pupil
from tests.browser.targets import wrong_with


class Helper(Pupil):
    """An adult with a child's map."""

    def open_class(self) -> None:
        """The class whose lesson is open, and its page for drawing for others."""
        [(group,)] = self.site.rows(
            "SELECT g.id FROM surveys_classgroup g JOIN surveys_lesson l ON l.class_group_id = g.id"
            " WHERE g.survey_id = %s AND l.closed_at IS NULL LIMIT 1",
            self.site.demo["survey"],
        )
        self.page.goto(f"{self.site.base}/skole/klasse/{group}/")
        self.page.get_by_role("link", name="Tegn for en gruppe / fra papirark").click()

    def begin_drawing(self, way: str, card: str) -> None:
        """As a teacher, to the card before the first sheet or group."""
        log_in(self.page, self.site, "teacher")
        self.open_class()
        self.button(way).click()
        expect(self.page.get_by_role("heading", name=card)).to_be_visible()

    def draw_a_place(self) -> None:
        """One good place, safe on the server."""
        self.step("Bra steder")
        x, y = self.school()
        self.place("Fint", (x - 120, y - 90))
        self.is_safe()

    def hand_in(self) -> None:
        """To the last step, past its questions, and the receipt."""
        self.page.locator(".step-button").last.tap()
        send = self.button("Jeg er ferdig")
        self.answer_on_until(send)
        send.tap()
        expect(self.page.locator(".receipt-code")).to_be_visible()

    def marking(self) -> tuple[str, int, bool]:
        """How the response in hand is marked in the database: entry, children, whether it has a lesson."""
        [(entry, children, has_lesson)] = self.site.rows(
            "SELECT entry, children, lesson_id IS NOT NULL FROM surveys_response WHERE id = %s", self.response()
        )
        return str(entry), int(children), bool(has_lesson)


@pytest.mark.parametrize("context", [TABLET, PHONE], indirect=True, ids=["tablet", "phone"])
def test_a_teacher_enters_one_sheet_after_the_other(page: Page, site: Site) -> None:
    tor = Helper(page, site)
    tor.begin_drawing("Tegn fra papirark", "Nytt papirark")
    assert wrong_with(page) == []
    tor.button("Start").tap()
    expect(page.locator(".whom")).to_have_text("Papirark")
    expect(page.locator(".step.is-current")).to_be_visible()  # no warm-up: whoever draws has found the school before
    assert wrong_with(page) == []
    first = tor.response()
    assert tor.marking() == ("paper", 1, False)
    tor.draw_a_place()
    tor.hand_in()
    expect(page.locator(".receipt-help")).to_contain_text("Skriv koden på arket")
    assert wrong_with(page) == []
    tor.button("Neste ark").tap()
    expect(page.get_by_role("heading", name="Nytt papirark")).to_be_visible()
    tor.button("Start").tap()
    expect(page.locator(".whom")).to_have_text("Papirark")
    assert tor.response() != first
    assert tor.stored() == []
    tor.button("Åpne menyen").tap()
    expect(tor.button("Neste ark")).to_be_visible()


def test_a_group_says_how_many_it_is_and_a_reload_goes_on_where_it_was(page: Page, site: Site) -> None:
    tor = Helper(page, site)
    tor.begin_drawing("Tegn for en gruppe", "Ny gruppe")
    tor.button("Flere").tap()
    tor.button("Flere").tap()
    tor.button("Færre").tap()
    expect(page.locator(".count")).to_have_text("6")
    tor.button("Start").tap()
    expect(page.locator(".whom")).to_have_text("Barn: 6")
    assert tor.marking() == ("assisted", 6, False)
    tor.draw_a_place()
    page.reload()
    expect(page.get_by_role("heading", name="Vil du fortsette der du slapp?")).to_be_visible()
    assert wrong_with(page) == []
    tor.button("Ja, fortsett").tap()
    expect(tor.mark("Fint")).to_be_visible()
    expect(page.locator(".whom")).to_have_text("Barn: 6")
    tor.hand_in()
    tor.button("Neste gruppe").tap()
    expect(page.locator(".count")).to_have_text("6")


def test_a_planner_comes_in_from_the_setup_and_finds_the_sheet_among_the_numbers(page: Page, site: Site) -> None:
    pia = Helper(page, site)
    log_in(page, site, "planner")
    page.goto(f"{site.base}/surveys/{site.demo['survey']}/oppsett/")
    page.get_by_role("link", name="Tegn for").first.click()
    pia.button("Tegn fra papirark").click()
    pia.button("Start").tap()
    pia.draw_a_place()
    page.goto(f"{site.base}/surveys/{site.demo['survey']}/")
    page.get_by_text("Tegnet av", exact=True).first.click()
    expect(page.get_by_label("En voksen, fra papirark")).to_be_visible()
    expect(page.locator("#summary")).to_contain_text("En gruppe teller som ett svar")


@pytest.mark.parametrize("context", [TABLET, PHONE], indirect=True, ids=["tablet", "phone"])
def test_a_link_that_ran_out_says_where_a_new_one_is(page: Page, site: Site) -> None:
    tor = Helper(page, site)
    page.goto(f"{site.base}/tegn/#gruppe.not-a-grant")
    expect(tor.button("Flere")).to_be_visible()
    assert wrong_with(page) == []
    tor.button("Start").tap()
    expect(page.locator(".stage-card")).to_contain_text("Åpne den på nytt fra klassesida")
    expect(page.locator(".stage-card .button")).to_have_count(0)
    assert wrong_with(page) == []
