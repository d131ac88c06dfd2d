"""A database server of our own with a copy of the demo in it: to be killed, and to be put on small disks."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.browser.fixtures import Site
from tools.devkit.cluster import Cluster
from tools.devkit.paths import VAR
from tools.devkit.postmaster import Postmaster


@contextmanager
def copied_server(site: Site) -> Iterator[Cluster]:
    """Another server than the tests', with the database of this site as it is now."""
    cluster = Cluster(VAR / f"faults-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}", fast=True)
    cluster.destroy()  # what a run that was cut off has left
    cluster.up()
    try:
        _copy(site, cluster)
        yield cluster
    finally:
        cluster.destroy()
        shutil.rmtree(cluster.home, ignore_errors=True)


def _copy(site: Site, cluster: Cluster) -> None:
    url = site.database_url.replace("postgis://", "postgresql://", 1)
    dump, as_whom = cluster.command("pg_dump", "--no-owner", "-d", url)
    load, also = cluster.command("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", cluster.database)
    with subprocess.Popen(dump, stdout=subprocess.PIPE, **as_whom) as reading:
        subprocess.run(load, stdin=reading.stdout, stdout=subprocess.DEVNULL, check=True, **also)
    assert reading.returncode == 0


def kill_database(cluster: Cluster) -> None:
    """SIGKILL to the server with all its children; and start it again."""
    postmaster = Postmaster(cluster.home)
    pid = postmaster.pid()
    with suppress(ProcessLookupError):
        if pid and postmaster.may_live():
            os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    cluster.up()
