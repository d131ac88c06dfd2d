"""Row 23 of the fault suite: the disk of the marks is full again and again while tablets deliver, and nobody repairs anything by hand.

The marks are put on a small file system of their own for as long as the test runs, which only root may mount, and only beside the database.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.browser.fixtures import Site
from tests.faults.proxy import fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.server import again_and_again

CHILDREN = 10 * MOST_LESSONS
MEGABYTES = 48


def test_a_full_disk_loses_nothing(site: Site) -> None:
    with _small_disk(site) as disk, _marks_on(site, disk), fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        full = partial(again_and_again, lambda: _fill(disk, 3), every_s=0.3, times=5)
        told = live_until_hit(network.base, children, lambda: network.turned_away, harm=full, seed=23, steps=40, pauseMs=250)
        compare(site, told).demand_nothing_wrong()


@contextmanager
def _small_disk(site: Site) -> Iterator[Path]:
    """An empty file system that the database server may write on."""
    data = Path(str(site.rows("SHOW data_directory")[0][0]))
    if os.geteuid() != 0 or not data.exists():
        pytest.skip("a small disk can only be mounted by root, on the machine that the database is on")
    owner = data.stat()
    disk = Path(tempfile.mkdtemp(prefix="trakk-disk-"))
    options = f"size={MEGABYTES}m,mode=700,uid={owner.st_uid},gid={owner.st_gid}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], capture_output=True, text=True, check=False)
    if mounted.returncode:
        disk.rmdir()
        pytest.skip(f"this machine mounts no small disk: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
        disk.rmdir()


@contextmanager
def _marks_on(site: Site, disk: Path) -> Iterator[None]:
    """The table of marks lies there."""
    name = f"small_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(site.database_url.replace("postgis://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{disk}'".encode())
        connection.execute(f"ALTER TABLE mapping_mark SET TABLESPACE {name}".encode())
        # no page has room for one more
        connection.execute("VACUUM FULL mapping_mark")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE mapping_mark SET TABLESPACE pg_default")
            connection.execute(f"DROP TABLESPACE {name}".encode())


def _fill(disk: Path, seconds: float) -> None:
    """Leave no byte free for so long."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65_536))
    time.sleep(seconds)
    filler.unlink()
