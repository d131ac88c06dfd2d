"""Everything Django does before the site starts, in one process, since importing it takes longer than the work.

Run by `./dev run` with the environment's Python; unlike the rest of devkit it imports Django.
"""

import argparse
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tools.devkit.console import step
from tools.devkit.files import listing_hash, locked, read_or_empty, write_whole
from tools.devkit.paths import VAR

STATIC_STAMP = VAR / "static.stamp"


def migrate() -> None:
    """Bring the database's tables up to date."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("check", databases=["default"], verbosity=0)
        step(f"migrating the database, {len(plan)} steps")
        call_command("migrate", verbosity=0, interactive=False)


def collect_static() -> None:
    """Hash and gather static files when one of them changed; the stamp comes last, so an interrupted run is done again."""
    root = Path(settings.STATIC_ROOT)
    paths = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    wanted = f"{root} {listing_hash(paths)}"
    if root.is_dir() and read_or_empty(STATIC_STAMP) == wanted:
        return
    step(f"collecting {len(paths)} static files")
    STATIC_STAMP.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    write_whole(STATIC_STAMP, wanted)


def seed_demo(base: str) -> None:
    """Have the demo town and its pupils."""
    step("seeing to the demo town, Solvik")
    call_command("seed_demo", base=base)


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--demo", action="store_true")
    asked = parser.parse_args()
    django.setup()
    try:
        # the preparation of a run that was killed may still be at work
        with locked(VAR / ".prepare.lock", waiting="an earlier command is still preparing the site"):
            migrate()
            collect_static()
            if asked.demo:
                seed_demo(asked.base)
    except DatabaseError as error:
        print(f"dev: the database refused: {error}", file=sys.stderr)
        return 1
    except CommandError as error:
        print(f"dev: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
