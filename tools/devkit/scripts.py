"""`python -m tools.devkit.scripts [--check]`: joins the scripts of pages for slow tablets (mapping/scripts.py) with esbuild."""

import subprocess
import sys
from pathlib import Path

from mapping.scripts import JOINED, headline, joined_path
from tools.devkit import node
from tools.devkit.files import read_or_empty, write_whole
from tools.devkit.paths import ROOT

STATIC = ROOT / "static"
JOIN = ROOT / "tools/devkit/join.mjs"


def joined(entry: str) -> str:
    """A script and all it imports as one file's text."""
    command = [node.node(), str(JOIN), str(STATIC / entry)]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return f"{headline(entry, _read)}\n{done.stdout}"


def main(arguments: list[str]) -> int:
    """Write what is out of date, or with --check only say so."""
    stale = [path for path, text in ((STATIC / joined_path(entry), joined(entry)) for entry in JOINED) if _is_new(path, text, arguments)]
    for path in stale:
        print(f"{path.relative_to(ROOT)} {'is not what its modules make: ./dev check --fix' if '--check' in arguments else 'is new'}")
    return 1 if stale and "--check" in arguments else 0


def _is_new(path: Path, text: str, arguments: list[str]) -> bool:
    if read_or_empty(path) == text:
        return False
    if "--check" not in arguments:
        write_whole(path, text)
    return True


def _read(path: str) -> str:
    return (STATIC / path).read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
