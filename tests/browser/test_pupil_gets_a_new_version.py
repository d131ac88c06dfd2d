"""A new version of the site strands nobody: open pages go on with the old one, and the next pupil gets the new one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pupil
from tests.browser.relay import NEWER, Relay, relay
from tests.browser.tablet_store import wait_until_kept
from tests.patience import until

PAGE, WORKER = "/tegn/", "/tegn/sw.js"
UPDATE = "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true, () => false)"
IS_WAITING = "navigator.serviceWorker.getRegistration().then((one) => one.waiting !== null)"


@pytest.fixture
def network(site: Site) -> Iterator[Relay]:
    """The school's network, before the site."""
    with relay(site.base) as made:
        yield made


def _join(context: BrowserContext, site: Site, network: Relay) -> Pupil:
    ada = Pupil(context.new_page(), replace(site, base=network.base))
    ada.begin()
    wait_until_kept(ada.page)
    return ada


def _versions(page: Page) -> set[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return {name.removeprefix("trakk-page-") for name in names if name.startswith("trakk-page-")}


def test_a_drawing_child_keeps_its_version_and_the_next_pupil_gets_the_new_one(context: BrowserContext, site: Site, network: Relay) -> None:
    ada = _join(context, site, network)
    page = ada.page
    [older] = _versions(page)
    network.deploy(older, PAGE, WORKER)
    page.evaluate(UPDATE)
    until(lambda: page.evaluate(IS_WAITING), "the new version to wait")
    assert _versions(page) == {older, NEWER}, "the new one lies beside the old one"
    # the child draws on, and even loads the page again, with the version it began with
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    ada.is_safe()
    page.reload()
    assert page.locator("body").get_attribute("data-version") is None
    ada.button("Ja, fortsett").tap()
    expect(ada.mark("Fint")).to_be_visible()
    ada.button("Åpne menyen").tap()
    ada.button("Neste elev").tap()
    expect(page.locator("body")).to_have_attribute("data-version", "newer")
    ada.button("Start").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    wait_until_kept(page)
    assert _versions(page) == {NEWER}, "and the old one is gone"


def test_a_half_deployed_site_is_not_kept(context: BrowserContext, site: Site, network: Relay) -> None:
    """The worker of one version and the page of another: the tablet stays with what it has."""
    page = _join(context, site, network).page
    [older] = _versions(page)
    network.deploy(older, WORKER)
    page.evaluate(UPDATE)
    page.wait_for_timeout(1500)
    assert page.evaluate(IS_WAITING) is False
    assert _versions(page) == {older}
    network.deploy(older, PAGE, WORKER)
    page.evaluate(UPDATE)
    until(lambda: _versions(page) == {older, NEWER}, "the tablet to take the new one when it is whole")


def test_all_of_a_task_works_where_nothing_answers(context: BrowserContext, site: Site, network: Relay) -> None:
    """Not a browser that believes itself offline: a network that is there and leads nowhere, as a school's can be."""
    ada = _join(context, site, network)
    page, response = ada.page, ada.response()
    network.is_down = True
    page.reload()
    ada.button("Ja, fortsett").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    expect(ada.save_state()).to_have_text("Trygt på nettbrettet")
    ada.step("Kartet mitt")
    ada.answer_on_until(ada.button("Jeg er ferdig"))
    ada.button("Jeg er ferdig").tap()
    expect(page.get_by_role("heading", name="Du er ferdig!")).to_be_visible()
    page.reload()
    ada.button("Ja, fortsett").tap()
    expect(page.get_by_role("heading", name="Du er ferdig!")).to_be_visible()
    assert ada.stored() == []
    network.is_down = False
    expect(page.get_by_role("heading", name="Takk!")).to_be_visible(timeout=70_000)
    assert [mark["category"] for mark in ada.stored()] == ["fint"]
    assert site.rows("SELECT finished_at IS NOT NULL FROM surveys_response WHERE id = %s", response) == [(True,)]
