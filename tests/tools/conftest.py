"""Folders in which a real database server can live for the length of a test."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.devkit import postgis
from tools.devkit.cluster import Cluster

UNPACKED = Path(__file__).resolve().parents[2] / "var" / "postgis-programs"


@pytest.fixture(scope="session")
def parent() -> Iterator[Path]:
    """A folder that the server's account may enter; pytest's own folders are closed to others."""
    if postgis.find(UNPACKED) is None:
        pytest.skip("this machine has no PostgreSQL with PostGIS of its own: it uses the one in DATABASE_URL")
    made = Path(tempfile.mkdtemp(prefix="trakk-", dir="/var/tmp"))
    made.chmod(0o755)
    if UNPACKED.exists():
        (made / UNPACKED.name).symlink_to(UNPACKED)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def home(parent: Path) -> Iterator[Path]:
    """A state folder that does not exist yet; whatever is started in it is stopped."""
    path = Path(tempfile.mkdtemp(prefix="pg-", dir=parent))
    path.rmdir()
    yield path
    if path.exists():
        Cluster(path).down()


@pytest.fixture(scope="session")
def made_once(parent: Path) -> Path:
    """A state folder with a database in it, stopped: making one takes longer than a test."""
    cluster = Cluster(parent / "made-once", fast=True, may_fetch=False)
    cluster.up()
    cluster.down()
    return cluster.asked_home


@pytest.fixture
def cluster(home: Path, made_once: Path) -> Cluster:
    """A database that is up."""
    subprocess.run(["cp", "-a", str(made_once), str(home)], check=True)
    made = Cluster(home, fast=True, may_fetch=False)
    made.up()
    return made
