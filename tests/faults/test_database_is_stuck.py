"""Row 22 of the fault suite: the database is up and cannot now. Somebody keeps a lock, every connection is in use, two wait for each other.

Each time the tablets must be told when to come back, no thread of the site may hang, and nothing may be lost.
"""

import json
import time
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

from tests.browser.fixtures import Site
from tests.faults.proxy import fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.server import again_and_again, serving

CHILDREN = 10 * MOST_LESSONS


def test_a_lock_that_somebody_keeps_loses_nothing(site: Site, tmp_path: Path) -> None:
    kept = partial(again_and_again, _kept(site, 0.8), every_s=0.4, times=8)
    _lesson(site, tmp_path, kept, seed=221, options="-c lock_timeout=200ms")


def test_a_pool_that_is_used_up_loses_nothing(site: Site, tmp_path: Path) -> None:
    """One connection for a process' four threads, and that one waits; after five seconds the pool gives the others up."""
    kept = partial(again_and_again, _kept(site, 6.5), every_s=0.3, times=2)
    _lesson(site, tmp_path, kept, seed=222, pool=1, options="-c lock_timeout=20s")


def test_deadlocks_lose_nothing(site: Site, tmp_path: Path) -> None:
    embraced = partial(again_and_again, _embrace(site), every_s=0.1, times=15)
    _lesson(site, tmp_path, embraced, seed=223, options="-c deadlock_timeout=300ms")


def _lesson(site: Site, folder: Path, harm: Callable[[], AbstractContextManager[None]], *, seed: int, options: str, pool: int = 0) -> None:
    """Children deliver to a server with these settings in spite of the harm; nothing is lost, and the server is well when all is over."""
    with serving(site, folder, PGOPTIONS=options, DATABASE_POOL_MAX=str(pool)) as server, fault_proxy(server.base) as network:
        children = join(site, network.base, CHILDREN)
        told = live_until_hit(network.base, children, lambda: network.turned_away, harm=harm, seed=seed, steps=20, pauseMs=200)
        with urllib.request.urlopen(f"{server.base}/helse/", timeout=10) as answer:  # noqa: S310  # our own server
            assert json.load(answer) == {"status": "ok"}
    compare(site, told).demand_nothing_wrong()


def _kept(site: Site, seconds: float) -> Callable[[], None]:
    """Nobody may write a mark for so long."""

    def keep() -> None:
        with _connected(site) as connection:
            connection.execute("LOCK TABLE mapping_mark IN ACCESS EXCLUSIVE MODE")
            time.sleep(seconds)

    return keep


def _embrace(site: Site) -> Callable[[], None]:
    """Keep the tombstones, which every mark looks at, until somebody waits for them; then want what those who wait have looked at before.

    PostgreSQL looks for a deadlock when somebody has waited for deadlock_timeout: those who came first find it, and are its victims.
    """
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'mapping_tombstone'::regclass"

    def embrace() -> None:
        with _connected(site) as connection, suppress(psycopg.errors.DeadlockDetected):
            connection.execute("LOCK TABLE mapping_tombstone IN ACCESS EXCLUSIVE MODE")
            until = time.monotonic() + 1
            while time.monotonic() < until and connection.execute(sql.SQL(waiting)).fetchone() == (0,):
                time.sleep(0.02)
            connection.execute("SET LOCAL deadlock_timeout = '10s'")
            connection.execute("LOCK TABLE surveys_response IN ACCESS EXCLUSIVE MODE")

    return embrace


def _connected(site: Site) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(site.database_url.replace("postgis://", "postgresql://", 1))
