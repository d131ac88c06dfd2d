"""Adults come in as adults do: by the form."""

from playwright.sync_api import Page

from tests.browser.fixtures import Site


def log_in(page: Page, site: Site, role: str, *, then: str = "") -> None:
    """Log in as the demo's teacher, planner, politician or operator, and go on to a path where one is named."""
    page.goto(f"{site.base}/logg-inn/" + (f"?next={then}" if then else ""))
    fill_in(page, site, role)


def fill_in(page: Page, site: Site, role: str) -> None:
    """The form itself, wherever it has come up."""
    page.get_by_label("Brukernavn").fill(site.demo[role]["user"])
    page.get_by_label("Passord").fill(site.demo[role]["password"])
    page.get_by_role("button", name="Logg inn", exact=True).click()
