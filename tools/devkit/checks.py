"""`./dev check`: every tool that reads the code without running it, two at a time; tells only what is wrong."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tools.devkit import node
from tools.devkit.paths import PYTHON, ROOT, VENV

AT_ONCE = 2
TEMPLATE_FOLDERS = ("config/templates", "surveys/templates", "mapping/templates", "analysis/templates", "followup/templates")
# A database that cannot be there: the checks must not need one.
SETTINGS = {
    "DATABASE_URL": "postgis://nobody@%2Fnonexistent:5432/none",
    "DATABASE_POOL_MAX": "0",
    "SECRET_KEY": "only-for-checks-" + "x" * 32,
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


@dataclass(frozen=True)
class Check:
    """One tool's look at the code."""

    name: str
    command: list[str]


@dataclass(frozen=True)
class Outcome:
    """What came of it; output is "" when all is well."""

    check: Check
    seconds: float
    status: int
    output: str


def run_all(*, fix: bool = False) -> int:
    """Run every check; 0 when all are content, 1 otherwise. fix: mend first what can be mended without thought."""
    node.ready()
    if fix:
        for mender in menders():
            _run(mender)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = []
        for outcome in pool.map(_run, all_checks()):
            print(f"{'ok    ' if outcome.status == 0 else 'FAILED'} {outcome.seconds:5.1f} s  {outcome.check.name}", flush=True)
            outcomes.append(outcome)
    failed = [outcome for outcome in outcomes if outcome.status]
    for outcome in failed:
        print(f"\n--- {outcome.check.name}: {' '.join(outcome.check.command)}\n{outcome.output.strip()}", flush=True)
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} checks are content", flush=True)
    return 1 if failed else 0


def all_checks() -> list[Check]:
    """The slow ones first, so that the two lanes end together."""
    tools, here = VENV / "bin", str(ROOT)
    python = PYTHON
    templates = [folder for folder in TEMPLATE_FOLDERS if (ROOT / folder).is_dir()]
    return [
        Check("types (mypy)", [python, "-m", "mypy"]),
        Check("types of JavaScript (tsc)", node.program("typescript/bin/tsc", "--project", "jsconfig.json")),
        Check("migrations", [python, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("layers (import-linter)", [str(tools / "lint-imports"), "--no-cache"]),
        Check("templates (djlint)", [python, "-m", "djlint", "--lint", "--quiet", *templates]),
        Check("lint (ruff)", [python, "-m", "ruff", "check", here]),
        Check("format (ruff)", [python, "-m", "ruff", "format", "--check", here]),
        Check("JavaScript and CSS (biome)", node.program("@biomejs/biome/bin/biome", "check", "--error-on-warnings")),
        Check("joined scripts (esbuild)", [python, "-m", "tools.devkit.scripts", "--check"]),
    ]


def menders() -> list[Check]:
    """The same tools, changing files."""
    return [
        Check("lint (ruff)", [PYTHON, "-m", "ruff", "check", "--fix", str(ROOT)]),
        Check("format (ruff)", [PYTHON, "-m", "ruff", "format", str(ROOT)]),
        Check("JavaScript and CSS (biome)", [*node.program("@biomejs/biome/bin/biome", "check", "--write")]),
        Check("joined scripts (esbuild)", [PYTHON, "-m", "tools.devkit.scripts"]),
    ]


def _run(check: Check) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(check.command, cwd=ROOT, env=os.environ | SETTINGS, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return Outcome(check, time.monotonic() - started, done.returncode, done.stdout + done.stderr)
