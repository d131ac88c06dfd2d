"""Row 23 of the fault suite: the disk is full again and again while tablets deliver, and nobody repairs anything by hand.

What is to be full is put on a small file system of its own for as long as the test runs, which only root may mount, and only beside the
database: as another user these tests are skipped and say so. There are no media, and nothing that a tablet sends needs temporary files.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.browser.fixtures import Site
from tests.faults.database import copied_server
from tests.faults.disk import fill, small_disk
from tests.faults.proxy import fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.server import again_and_again, serving
from tests.faults.tally import Tally
from tests.faults.weather import seen_broken
from tools.devkit.cluster import Cluster

pytestmark = pytest.mark.fault(23)

CHILDREN = 10 * MOST_LESSONS
TABLES = ("mapping_mark", "surveys_response")


def test_a_full_disk_under_marks_and_answers_loses_nothing(site: Site, tally: Tally) -> None:
    data = Path(str(site.rows("SHOW data_directory")[0][0]))
    with small_disk(data, megabytes=48) as disk, _tables_on(site, disk), fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        full = partial(again_and_again, lambda: fill(disk, 3), every_s=0.3, times=5)
        more = {"steps": 40, "pauseMs": 250, "answering": 0.5}
        away = network.turned_away

        def hits_of_both() -> int:
            return away.total() if {"marks", "answers"} <= away.keys() else 0

        told = live_until_hit(network.base, children, hits_of_both, harm=full, seed=23, **more)
        tally.count(compare(site, told), hits=away.total())


@contextmanager
def _tables_on(site: Site, disk: Path) -> Iterator[None]:
    """The tables that a tablet writes lie there."""
    name = f"small_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    url = site.database_url.replace("postgis://", "postgresql://", 1)
    with psycopg.connect(url, autocommit=True) as connection, psycopg.connect(url) as looking:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{disk}'".encode())
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} SET TABLESPACE {name}".encode())
            # no page has room for one more
            connection.execute(f"VACUUM FULL {table}".encode())
        # Somebody still looks at what was there before, so that no row's place is used again: what is changed needs a new one.
        looking.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        looking.execute("SELECT 1")
        try:
            yield
        finally:
            looking.rollback()
            for table in TABLES:
                connection.execute(f"ALTER TABLE {table} SET TABLESPACE pg_default".encode())
            connection.execute(f"DROP TABLESPACE {name}".encode())


def test_a_full_disk_under_the_log_loses_nothing(site: Site, tmp_path: Path, tally: Tally) -> None:
    """Without room for its log PostgreSQL stops at once. When there is room again, whoever looks after it starts it, and that is all."""
    with ExitStack() as stack:
        cluster = stack.enter_context(copied_server(site))
        disk = stack.enter_context(small_disk(cluster.data, megabytes=400))
        stack.enter_context(_log_on(cluster, disk))
        server = stack.enter_context(serving(site.with_database(cluster.url), tmp_path))
        network = stack.enter_context(fault_proxy(server.base))
        here = site.with_database(cluster.url, base=server.base)
        children = join(here, network.base, CHILDREN)
        broken = seen_broken(network)
        full = partial(again_and_again, partial(_fill_under_the_log, cluster, disk), every_s=1, times=2)
        told = live_until_hit(network.base, children, broken, harm=full, seed=231, steps=30, pauseMs=250)
        tally.count(compare(here, told), hits=broken())


@contextmanager
def _log_on(cluster: Cluster, disk: Path) -> Iterator[None]:
    """The log lies there."""
    cluster.down()
    log = cluster.data / "pg_wal"
    subprocess.run(["mv", log, disk], check=True)  # keeps whose it is
    log.symlink_to(disk / "pg_wal")
    cluster.up()
    try:
        yield
    finally:
        cluster.down()


def _fill_under_the_log(cluster: Cluster, disk: Path) -> None:
    """Leave no byte free, and use up what the log has in hand; then room again."""
    url = cluster.url.replace("postgis://", "postgresql://", 1)

    def use_up() -> None:
        with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
            for _ in range(100):
                connection.execute("SELECT pg_logical_emit_message(false, 'full', 'disk')")
                connection.execute("SELECT pg_switch_wal()")
            raise AssertionError("the log found room on a full disk")

    fill(disk, 2, meanwhile=use_up)
    cluster.up()
