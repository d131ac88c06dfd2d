"""The environment variables with which the project's programs run here, and the databases they use."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from tools.devkit.cluster import Cluster
from tools.devkit.console import step
from tools.devkit.files import read_or_empty, write_whole
from tools.devkit.paths import VAR

HOME = Path(os.environ.get("DEVDB_HOME") or VAR / "postgis")
TEST_HOME = VAR / "postgis-test"
BENCH_HOME = VAR / "postgis-bench"
SECRET_KEY_FILE = VAR / "secret_key"


def given_database() -> str:
    """The operator's own database, "" when the embedded one is to be used."""
    return os.environ.get("DATABASE_URL", "")


def cluster(home: Path, *, fast: bool = False) -> Cluster:
    """The embedded database with this state folder."""
    return Cluster(home, fast=fast)


def fetch_database(home: Path) -> None:
    """Have the embedded database's programs, unless another database is given."""
    if not given_database():
        cluster(home).fetch()


@contextlib.contextmanager
def database(home: Path, *, fast: bool = False) -> Iterator[str]:
    """A database for the length of the block: the given one untouched, otherwise an embedded one."""
    if url := given_database():
        yield url
        return
    step("bringing up PostGIS")
    with cluster(home, fast=fast).in_use() as url:
        yield url


def for_commands(url: str) -> dict[str, str]:
    """For the site and manage.py: what the person has set wins."""
    own = {"SECRET_KEY": secret_key(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return own | os.environ | {"DATABASE_URL": url}


def for_tests(url: str) -> dict[str, str]:
    """For the suite: the same everywhere, whatever the person has set for the site."""
    return os.environ | {"DATABASE_URL": url, "SECRET_KEY": "only-for-tests-" + "x" * 32, "DJANGO_SETTINGS_MODULE": "config.settings"}


def secret_key() -> str:
    """This checkout's own key, made once; sessions and class codes outlive a restart by it."""
    if not read_or_empty(SECRET_KEY_FILE):
        write_whole(SECRET_KEY_FILE, secrets.token_urlsafe(50), mode=0o600)
    return read_or_empty(SECRET_KEY_FILE)
