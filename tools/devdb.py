#!/usr/bin/env python3
"""A private PostGIS in the project's own var/ folder; the standard library is enough.

    python3 tools/devdb.py up               get what is missing, start, create the database, print DATABASE_URL
    python3 tools/devdb.py run -- CMD...    run CMD with DATABASE_URL set; whoever uses it last stops it
    python3 tools/devdb.py down | status | url | psql [ARGS] | destroy

Where the server comes from is told in tools/devkit/postgis.py, under which account it runs in tools/devkit/account.py.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.devkit.cluster import Cluster
from tools.devkit.console import Refusal, step
from tools.devkit.paths import VAR
from tools.devkit.process import end_by_exception_on_sigterm, run_attached

STOPPED = 3  # what `status` exits with when the server does not run, as pg_ctl does


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="devdb", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    home = Path(os.environ.get("DEVDB_HOME") or VAR / "postgis")
    made.add_argument("--home", type=Path, default=home, help="state folder (default: $DEVDB_HOME or var/postgis)")
    made.add_argument("--db", default="app", help="database to create (default: app)")
    made.add_argument("--fast", action="store_true", help="no fsync: for tests, never for data you want to keep")
    made.add_argument("--no-install", action="store_true", help="only look for a server, never fetch one")
    made.add_argument("--rootless", action="store_true", help="unpack Debian's packages although one is installed")
    made.add_argument("verb", choices=["up", "down", "status", "url", "psql", "run", "destroy"])
    made.add_argument("rest", nargs=argparse.REMAINDER)
    return made


def run(cluster: Cluster, verb: str, rest: list[str]) -> int:
    """Do what the verb says; returns the exit status."""
    if verb == "up":
        cluster.up()
        postgis, server = cluster.sql("SELECT postgis_lib_version()"), cluster.sql("SHOW server_version").split()[0]
        step(f"PostGIS {postgis} on PostgreSQL {server} is up")
        print(cluster.url)
    elif verb == "url":
        print(cluster.url)
    elif verb == "status":
        running = cluster.is_running()
        print("running" if running else "stopped", cluster.url)
        return 0 if running else STOPPED
    elif verb == "down":
        cluster.down()
    elif verb == "destroy":
        cluster.destroy()
    elif verb == "psql":
        with cluster.in_use():
            command, how = cluster.psql_command()
            return subprocess.run([*command, *rest], **how).returncode
    else:
        with cluster.in_use() as url:
            return run_attached(rest[1:] if rest[:1] == ["--"] else rest, env=os.environ | {"DATABASE_URL": url})
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Entry point."""
    asked = parser().parse_args(arguments)
    end_by_exception_on_sigterm()
    try:
        cluster = Cluster(asked.home, database=asked.db, fast=asked.fast, rootless=asked.rootless, may_fetch=not asked.no_install)
        return run(cluster, asked.verb, asked.rest)
    except Refusal as refusal:
        print(f"devdb: {refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
