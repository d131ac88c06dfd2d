"""Rows 20 and 22 of the fault suite: the site is killed, deployed anew, or cannot reach its database, while tablets deliver."""

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.browser.fixtures import Site
from tests.faults.proxy import Fault, FaultProxy, fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.server import again_and_again, free_port, serving

CHILDREN = 10 * MOST_LESSONS


def test_workers_killed_in_mid_request_lose_nothing(site: Site, tmp_path: Path) -> None:
    """Row 20: SIGKILL to one worker after the other, each with requests in its hands."""
    with serving(site, tmp_path) as server, fault_proxy(server.base) as network:
        children = join(site, network.base, CHILDREN)
        killed = _seen_broken(network)
        kills = partial(again_and_again, server.kill_worker, every_s=1, times=12)
        told = live_until_hit(network.base, children, killed, harm=kills, seed=20, steps=30, pauseMs=500)
    compare(site, told).demand_nothing_wrong()


def test_a_deployment_in_mid_lesson_loses_nothing(site: Site, tmp_path: Path) -> None:
    """Row 20: the site ends as a service manager ends it, is away for a moment, and comes up again."""
    port = free_port()
    with fault_proxy(f"http://127.0.0.1:{port}") as network, ExitStack() as versions:
        running = [versions.enter_context(serving(site, tmp_path, port=port))]
        children = join(site, network.base, CHILDREN)
        broken = _seen_broken(network)

        def deploy() -> None:
            running.pop().end()
            time.sleep(1)
            running.append(versions.enter_context(serving(site, tmp_path, port=port)))

        deployed = partial(again_and_again, deploy, every_s=3, times=1)
        told = live_until_hit(network.base, children, broken, harm=deployed, seed=21, steps=20, pauseMs=400)
    compare(site, told).demand_nothing_wrong()


def test_a_database_that_drops_everybody_loses_nothing(site: Site) -> None:
    """Row 22: its connections are cut, and for half a second it takes no new ones."""
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
                time.sleep(0.5)
            finally:
                connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))

    with fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        broken = _seen_broken(network)
        shut = partial(again_and_again, shut_out, every_s=0.5, times=5)
        told = live_until_hit(network.base, children, broken, harm=shut, seed=22, steps=30, pauseMs=150)
    compare(site, told).demand_nothing_wrong()


def _seen_broken(network: FaultProxy) -> Callable[[], int]:
    """How many requests of tablets have got no reply, or a 5xx, from now on; half of them are held up in the hands of a worker."""
    dice = random.Random(20)  # noqa: S311  # weather
    network.plan = lambda _method, path: Fault("hold", seconds=0.5) if "/responses/" in path and dice.random() < 0.5 else None
    before = network.failed
    return lambda: network.failed - before
