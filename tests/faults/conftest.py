"""Tablets in Chromium behind a network that fails; the `page` of this folder talks to the site through it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.fixtures import Site, watched_page
from tests.browser.pupil import Pupil
from tests.faults.proxy import FaultProxy, fault_proxy


@pytest.fixture
def network(site: Site) -> Iterator[FaultProxy]:
    """What lies between the tablet and the site."""
    with fault_proxy(site.base) as made:
        yield made


@pytest.fixture
def behind(site: Site, network: FaultProxy) -> Site:
    """The site as the tablet knows it."""
    return site.with_database(site.database_url, base=network.base)


@pytest.fixture
def page(context: BrowserContext, behind: Site) -> Iterator[Page]:
    """A page on the tablet; a script error, a refused policy or another host fails the test."""
    with watched_page(context, behind) as page:
        yield page
        page.close()


@pytest.fixture
def ada(page: Page, behind: Site) -> Pupil:
    """A child at the tablet."""
    return Pupil(page, behind)
