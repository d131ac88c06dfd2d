"""Row 21 of the fault suite, short: PostgreSQL is killed while tablets deliver. `./dev bench faults` does it twenty times."""

from functools import partial
from pathlib import Path

import pytest

from tests.browser.fixtures import Site
from tests.faults.database import copied_server, kill_database
from tests.faults.proxy import fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.server import again_and_again, serving
from tests.faults.tally import Tally
from tests.faults.weather import seen_broken

CHILDREN = 10 * MOST_LESSONS


@pytest.mark.fault(21)
def test_a_killed_database_has_all_that_was_receipted(site: Site, tmp_path: Path, tally: Tally) -> None:
    with copied_server(site) as cluster, serving(site.with_database(cluster.url), tmp_path) as server, fault_proxy(server.base) as network:
        here = site.with_database(cluster.url, base=server.base)
        children = join(here, network.base, CHILDREN)
        broken = seen_broken(network)
        killed = partial(again_and_again, partial(kill_database, cluster), every_s=1, times=3)
        told = live_until_hit(network.base, children, broken, harm=killed, seed=210, steps=30, pauseMs=300)
        tally.count(compare(here, told), hits=broken())
