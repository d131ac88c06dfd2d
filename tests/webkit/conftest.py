"""A tablet with WebKit for every test of this folder, or the reason why there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.fixtures import Site
from tests.faults.proxy import FaultProxy, fault_proxy
from tests.webkit.pupil import Pupil
from tests.webkit.tablet import Tablet, display
from tools.devkit import webkit


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """A display that nobody sees."""
    if why := webkit.missing():
        pytest.skip(why)
    with display() as name:
        yield name


@pytest.fixture
def tablet(screen: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tablet]:
    """A tablet, nothing stored. Parametrise indirectly with a script that runs before the page's own."""
    made = Tablet(tmp_path, screen, getattr(request, "param", ""))
    yield made
    made.switch_off()
    assert made.complaints() == []


@pytest.fixture
def network(site: Site) -> Iterator[FaultProxy]:
    """What lies between the tablet and the site."""
    with fault_proxy(site.base) as made:
        yield made


@pytest.fixture
def ada(tablet: Tablet, network: FaultProxy, site: Site) -> Pupil:
    """A child at the tablet, behind that network."""
    return Pupil(tablet, Site(network.base, site.demo, site.database_url))
