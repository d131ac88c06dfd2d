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
import pytest
from psycopg import sql

from tests.browser.fixtures import Site
from tests.faults.proxy import fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.server import again_and_again, free_port, serving
from tests.faults.tally import Tally

pytestmark = pytest.mark.fault(22)

CHILDREN = 10 * MOST_LESSONS


def test_a_lock_that_somebody_keeps_loses_nothing(site: Site, tmp_path: Path, tally: Tally) -> None:
    """For eleven seconds, under the limits that the site sets itself: whoever waits five is told to come back, and none hangs."""
    kept = partial(again_and_again, _kept(site, 11), every_s=0.4, times=1)
    _lesson(site, tmp_path, kept, tally, seed=221, why="LockNotAvailable", timeoutMs=20_000)


def test_statements_that_are_given_up_lose_nothing(site: Site, tmp_path: Path, tally: Tally) -> None:
    """The other limit, which a lock comes to only where none is set for waiting: thirty seconds made short."""
    kept = partial(again_and_again, _kept(site, 2.5), every_s=0.4, times=3)
    _lesson(site, tmp_path, kept, tally, seed=224, why="QueryCanceled", options="-c statement_timeout=600ms -c lock_timeout=0")


def test_a_pool_that_is_used_up_loses_nothing(site: Site, tmp_path: Path, tally: Tally) -> None:
    """One connection for a process' four threads, and that one waits; after five seconds the pool gives the others up."""
    kept = partial(again_and_again, _kept(site, 6.5), every_s=0.3, times=2)
    _lesson(site, tmp_path, kept, tally, seed=222, why="PoolTimeout", pool=1, options="-c lock_timeout=20s")


def test_deadlocks_lose_nothing(site: Site, tmp_path: Path, tally: Tally) -> None:
    embraced = partial(again_and_again, _embrace(site), every_s=0.1, times=15)
    _lesson(site, tmp_path, embraced, tally, seed=223, why="DeadlockDetected", options="-c deadlock_timeout=300ms")


def _lesson(
    site: Site,
    folder: Path,
    harm: Callable[[], AbstractContextManager[None]],
    tally: Tally,
    *,
    seed: int,
    why: str,
    options: str = "",
    pool: int = 0,
    **more: int,
) -> None:
    """Children deliver in spite of the harm, which the database names; nothing is lost, and the server is well when all is over.

    options: the database's for this server; without any it has those of config/wsgi.py.
    """
    settings = {"DATABASE_POOL_MAX": str(pool)} | ({"PGOPTIONS": options} if options else {})
    with serving(site, folder, port=free_port(), **settings) as server, fault_proxy(server.base) as network:
        children = join(site, network.base, CHILDREN)
        told = live_until_hit(network.base, children, network.turned_away.total, harm=harm, seed=seed, steps=20, pauseMs=200, **more)
        with urllib.request.urlopen(f"{server.base}/helse/", timeout=10) as answer:  # noqa: S310  # our own server
            assert json.load(answer) == {"status": "ok"}
    tally.count(compare(site, told), hits=network.turned_away.total())
    assert f": {why}\n" in (folder / "server.log").read_text()


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
