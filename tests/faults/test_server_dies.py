"""Rows 20 and 22 of the fault suite: the site is killed, deployed anew, or cannot reach its database, while tablets deliver."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests.browser.fixtures import Site
from tests.faults.proxy import fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.server import Server, again_and_again, free_port, serving
from tests.faults.tally import Tally
from tests.faults.weather import seen_broken

CHILDREN = 10 * MOST_LESSONS
OUTAGE_S = 3


@pytest.mark.fault(20)
def test_workers_killed_in_mid_request_lose_nothing(site: Site, tmp_path: Path, tally: Tally) -> None:
    """SIGKILL to one worker after the other, each with requests in its hands."""
    with serving(site, tmp_path) as server, fault_proxy(server.base) as network:
        children = join(site, network.base, CHILDREN)
        killed = seen_broken(network)
        kills = partial(again_and_again, server.kill_worker, every_s=1, times=12)
        told = live_until_hit(network.base, children, killed, harm=kills, seed=20, steps=30, pauseMs=500)
    tally.count(compare(site, told), hits=killed())


def _end_and_wait(server: Server) -> None:
    """As a service manager ends it; away for a moment."""
    server.end()
    time.sleep(1)


ENDS: dict[str, Callable[[Server], None]] = {"a deployment": _end_and_wait, "its master killed": Server.kill_master}


@pytest.mark.fault(20)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_site_that_ends_in_mid_lesson_and_comes_up_again_loses_nothing(
    site: Site, tmp_path: Path, tally: Tally, end: Callable[[Server], None]
) -> None:
    """By SIGTERM, or by SIGKILL to gunicorn's master, whose workers must not live on and keep its port."""
    port = free_port()
    with fault_proxy(f"http://127.0.0.1:{port}") as network, ExitStack() as versions:
        running = [versions.enter_context(serving(site, tmp_path, port=port))]
        children = join(site, network.base, CHILDREN)
        broken = seen_broken(network)

        def end_and_begin() -> None:
            end(running.pop())
            running.append(versions.enter_context(serving(site, tmp_path, port=port)))

        ended = partial(again_and_again, end_and_begin, every_s=3, times=1)
        told = live_until_hit(network.base, children, broken, harm=ended, seed=21, steps=20, pauseMs=400)
    tally.count(compare(site, told), hits=broken())


@pytest.mark.fault(22)
def test_a_database_that_drops_everybody_loses_nothing(site: Site, tally: Tally) -> None:
    """Its connections are cut, and for some seconds, longer than most tablets wait between two tries here, it takes no new ones."""
    parts = urlsplit(site.database_url)
    name = sql.Identifier(parts.path[1:])
    maintenance = urlunsplit(parts._replace(scheme="postgresql", path="/postgres"))

    def shut_out() -> None:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            try:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                    [parts.path[1:]],
                )
                time.sleep(OUTAGE_S)
            finally:
                connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))

    with fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        broken = seen_broken(network)
        shut = partial(again_and_again, shut_out, every_s=0.5, times=2)
        told = live_until_hit(network.base, children, broken, harm=shut, seed=22, steps=30, pauseMs=150)
    tally.count(compare(site, told), hits=broken())
