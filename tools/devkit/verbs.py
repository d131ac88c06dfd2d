"""The verbs of `./dev`, each a few lines that say what it needs and what it runs."""

import subprocess
from typing import Any

from tools.devkit import browser, checks, environment, node, settings, site, webkit
from tools.devkit.console import Refusal
from tools.devkit.paths import PYTHON, ROOT
from tools.devkit.process import run_attached, side_by_side

STOPPED = 3


def run(*, port: int, demo: bool) -> int:
    """From a bare clone to a running site; returns when it is told to stop."""
    return site.serve(port=port, demo=demo)


def test(arguments: list[str]) -> int:
    """The whole suite, or what pytest's arguments choose."""
    environment.exists()
    side_by_side(lambda: environment.ready(developer=True), _fetch_for_tests)
    with settings.database(settings.TEST_HOME, fast=True) as url:
        env = settings.for_tests(url) | node.for_playwright() | {"CHROMIUM_PATH": browser.ready()}
        # the groups that tests/conftest.py names, in the order of their folders: the browser's, which takes longest, begins early
        command = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", *arguments]
        return run_attached(command, env=env, cwd=ROOT)


def _fetch_for_tests() -> None:
    # one after the other, since Debian's package manager does one thing at a time
    settings.fetch_database(settings.TEST_HOME)
    browser.ready()
    webkit.ready()


def check(arguments: list[str]) -> int:
    """All that reads the code without running it."""
    if arguments not in ([], ["--fix"]):
        raise Refusal("`./dev check` takes nothing but --fix, which first mends what the tools can mend by themselves")
    environment.ready(developer=True)
    return checks.run_all(fix=bool(arguments))


def bench(arguments: list[str]) -> int:
    """The performance contract, on a database of its own that is as safe as a real one."""
    environment.ready(developer=True)
    with settings.database(settings.BENCH_HOME) as url:
        env = settings.for_commands(url) | node.for_playwright()
        return run_attached([PYTHON, "-m", "tools.bench", *arguments], env=env, cwd=ROOT)


def manage(arguments: list[str]) -> int:
    """manage.py with the database up."""
    environment.ready(developer=False)
    with settings.database(settings.HOME) as url:
        return run_attached([PYTHON, str(ROOT / "manage.py"), *arguments], env=settings.for_commands(url))


def lock(arguments: list[str]) -> int:
    """Make both lock files anew."""
    if arguments:
        raise Refusal("`./dev lock` takes no arguments")
    environment.relock()
    return 0


def database(what: str, rest: list[str]) -> int:
    """Look at, stop or remove the embedded database."""
    if settings.given_database():
        raise Refusal("DATABASE_URL is set, so there is no embedded database in use; use psql with that address")
    cluster = settings.cluster(settings.HOME)
    if what == "psql":
        with cluster.in_use():
            command, how = cluster.psql_command()
            return _interactive([*command, *rest], how)
    if what == "status":
        running = cluster.is_running()
        print(f"{'running' if running else 'stopped'} {cluster.url}")
        return 0 if running else STOPPED
    for each in [settings.HOME, settings.TEST_HOME, settings.BENCH_HOME]:
        if each.exists():
            one = settings.cluster(each)
            one.down() if what == "down" else one.destroy()
    return 0


def _interactive(command: list[str], how: dict[str, Any]) -> int:
    return subprocess.run(command, **how).returncode
