"""What `./dev` hands over to, once there is a Python: reads the verb, and has the part of devkit that knows it do it."""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.devkit import verbs
from tools.devkit.console import Refusal
from tools.devkit.process import end_by_exception_on_sigterm

PLAIN = {
    "test": (verbs.test, "the whole suite: Python, browser, JavaScript; takes pytest's arguments"),
    "check": (verbs.check, "formatting, types, layers, migrations; --fix mends first what mends itself"),
    "bench": (verbs.bench, "the performance contract: bench [NAME] [--json]"),
    "manage": (verbs.manage, "Django's manage.py inside the environment"),
    "lock": (verbs.lock, "make both lock files anew from pyproject.toml"),
}


def parser() -> argparse.ArgumentParser:
    """The command line; the verbs of PLAIN are here for `--help` only, since they hand on all that follows."""
    made = argparse.ArgumentParser(prog="./dev", description="Tråkk's one command.")
    parts = made.add_subparsers(title="verbs", dest="verb", required=True, metavar="")
    run = parts.add_parser("run", help="from a bare clone to a running site with the Solvik demo")
    run.add_argument("--port", type=int, default=8000, help="default: 8000")
    run.add_argument("--no-demo", action="store_true", help="an empty site")
    for name, (_, text) in PLAIN.items():
        parts.add_parser(name, help=text, add_help=False)
    database = parts.add_parser("db", help="the embedded PostGIS in var/")
    database.add_argument("what", choices=["psql", "down", "status", "destroy"])
    database.add_argument("rest", nargs=argparse.REMAINDER, help="arguments for psql")
    return made


def main(arguments: list[str]) -> int:
    """Entry point."""
    end_by_exception_on_sigterm()
    # A site that may not keep byte code compiles all of Django at every start, which takes longer than the rest.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        if arguments and arguments[0] in PLAIN:
            return PLAIN[arguments[0]][0](arguments[1:])
        asked = parser().parse_args(arguments)
        if asked.verb == "db":
            return verbs.database(asked.what, asked.rest)
        return verbs.run(port=asked.port, demo=not asked.no_demo)
    except Refusal as refusal:
        print(f"dev: {refusal}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"dev: {error.filename} may not be written by this account; use a checkout of your own", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
