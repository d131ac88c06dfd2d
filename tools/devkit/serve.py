"""Prepares the site and serves it, in one process: importing Django and the geometry libraries takes longer than the rest.

Run by `./dev run` with the environment's Python and gunicorn's arguments; unlike the rest of devkit it imports Django.
$BASE_URL and $DEMO say where the site will be and whether the demo belongs to it.
"""

import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from gunicorn.app.wsgiapp import run

from tools.devkit.console import alive, step
from tools.devkit.files import listing_hash, locked, read_or_empty, write_whole
from tools.devkit.paths import VAR

STATIC_STAMP = VAR / "static.stamp"


def migrate() -> None:
    """Bring the database's tables up to date."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("check", databases=["default"], stdout=io.StringIO())  # raises what it finds
        with alive(f"migrating the database, {len(plan)} steps"):
            call_command("migrate", verbosity=0, interactive=False)


def collect_static() -> None:
    """Hash and gather static files when one of them changed; the stamp comes last, so an interrupted run is done again."""
    root = Path(settings.STATIC_ROOT)
    paths = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    wanted = f"{root} {listing_hash(paths)}"
    if root.is_dir() and read_or_empty(STATIC_STAMP) == wanted:
        return
    STATIC_STAMP.unlink(missing_ok=True)
    with alive(f"collecting {len(paths)} static files"):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    write_whole(STATIC_STAMP, wanted)


def seed_demo() -> None:
    """Have the demo town and its pupils."""
    with alive("seeing to the demo town, Solvik"):
        call_command("seed_demo", base=os.environ["BASE_URL"])


def prepare() -> None:
    """All that must be done before the first request."""
    # the preparation of a run that was killed may still be at work
    with locked(VAR / ".prepare.lock", waiting="an earlier command is still preparing the site"):
        migrate()
        collect_static()
        if os.environ["DEMO"] == "1":
            seed_demo()
    # gunicorn forks now, and a connection must not be shared
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has it; the stubs know the base only


def main() -> None:
    """Entry point; ends with the site."""
    write_whole(VAR / "site.pid", str(os.getpid()))  # gunicorn takes it over; before that, it tells who is preparing
    django.setup()
    try:
        prepare()
    except DatabaseError as error:
        sys.exit(f"dev: the database refused: {error}")
    except CommandError as error:
        sys.exit(f"dev: {error}")
    step("starting the site")
    run()


if __name__ == "__main__":
    main()
