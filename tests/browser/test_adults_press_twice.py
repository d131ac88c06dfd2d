"""A hand that presses twice, as at icons of a desktop, gets one thing."""

from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.fixtures import Site
from tests.patience import until

LABEL = "Trykket to ganger"


def test_a_key_is_made_once_however_often_the_button_is_pressed(page: Page, site: Site) -> None:
    query = "SELECT count(*) FROM surveys_accesstoken WHERE label = %s"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    log_in(page, site, "planner", then="/konto/nokler/")
    for made in (1, 2):
        page.get_by_label("Hva skal den brukes til?").fill(LABEL)
        before = asked.count("POST")
        # pressed by the page itself: however slow the machine is, both come before the answer
        page.get_by_role("button", name="Lag ny nøkkel").evaluate("(button) => { button.click(); setTimeout(() => button.click()); }")
        expect(page.get_by_role("status")).to_contain_text("Her er nøkkelen.")
        until(lambda: page.locator(".card", has_text=LABEL).count() == made, "the key in the list")  # noqa: B023  # at once
        assert asked.count("POST") == before + 1
        assert site.rows(query, LABEL) == [(made,)]
    site.rows("DELETE FROM surveys_accesstoken WHERE label = %s RETURNING 1", LABEL)
