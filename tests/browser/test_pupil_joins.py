"""Coming in: by code or link, in one's own language, and with a closed door."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil


def test_the_code_may_be_typed_small_and_without_its_dash(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/tegn/")
    page.get_by_label("Skriv koden fra tavla").press_sequentially(site.demo["pupil"]["code"].lower())
    expect(page.get_by_role("heading", name="Du er ")).to_be_visible()


def test_a_wrong_code_gets_a_kind_word_and_another_try(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/tegn/")
    page.get_by_label("Skriv koden fra tavla").press_sequentially("ZZZZ9999")
    expect(page.get_by_role("alert")).to_have_text("Den koden virker ikke. Se på tavla en gang til, eller spør læreren.")
    page.get_by_label("Skriv koden fra tavla").fill(site.demo["pupil"]["code"])
    expect(page.get_by_role("heading", name="Du er ")).to_be_visible()


def test_a_link_to_no_lesson_says_that_the_door_is_closed(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/tegn/#{'A' * 22}")
    expect(page.get_by_role("heading", name="Døra er lukket")).to_be_visible()
    page.get_by_role("button", name="Skriv en kode").tap()
    expect(page.get_by_label("Skriv koden fra tavla")).to_be_visible()


def test_without_network_the_link_can_be_tried_again(page: Page, site: Site) -> None:
    page.route("**/api/v1/join", lambda route: route.abort())
    page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    expect(page.get_by_text("Nettet svarer ikke akkurat nå.")).to_be_visible()
    page.unroute("**/api/v1/join")
    page.get_by_role("button", name="Prøv igjen").tap()
    expect(page.get_by_role("heading", name="Du er ")).to_be_visible()


def test_a_join_whose_answer_was_lost_is_not_two_pupils(page: Page, site: Site) -> None:
    before = site.rows("SELECT count(*) FROM surveys_response")[0][0]
    page.route("**/api/v1/join", lambda route: (route.fetch(), route.abort()), times=1)
    page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    page.get_by_role("button", name="Prøv igjen").tap()
    expect(page.get_by_role("heading", name="Du er ")).to_be_visible()
    assert site.rows("SELECT count(*) FROM surveys_response")[0][0] == before + 1


def test_the_language_is_switched_in_place(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Dårlige steder")
    ada.button("Åpne menyen").tap()
    ada.button("Nynorsk").tap()
    expect(ada.bubble()).to_have_text("Kvar er det ikkje bra? Vel kvifor og trykk på staden.")
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    ada.button("English").tap()
    ada.button("Close").tap()
    expect(ada.tile("Many cars")).to_be_visible()
    expect(ada.save_state()).to_have_text("Safely saved")
    page.reload()
    expect(page.get_by_role("heading", name="Are you ")).to_be_visible()


def test_the_warm_up_can_be_missed_and_skipped(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.join()
    x, y = ada.school()
    ada.hand.tap((x - 300, y - 120))
    expect(ada.bubble()).to_contain_text("Nesten!")
    ada.button("Hopp over").tap()
    expect(ada.tile("Skoleveg")).to_be_visible()
    assert ada.bodies[-1][1].count("/marks/") == 0
