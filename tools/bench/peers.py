"""Peers that are Python packages: each in an environment of its own, so that what it needs never meets what we need."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tools.devkit.console import Refusal, step
from tools.devkit.paths import PYTHON, VAR


def python_with(name: str, *requirements: str) -> Path:
    """The Python of an environment that has these packages (each pinned with ==), made the first time; Refusal when they cannot be had."""
    fingerprint = hashlib.sha256("\n".join(requirements).encode()).hexdigest()[:12]
    home = VAR / "bench-peers" / f"{name}-{fingerprint}"
    python = home / "bin" / "python"
    if (home / "whole").exists():
        return python
    step(f"fetching {', '.join(requirements)} to measure against")
    shutil.rmtree(home, ignore_errors=True)
    uv = str(Path(PYTHON).with_name("uv"))
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(home)],
        [uv, "pip", "install", "--quiet", "--python", str(python), *requirements],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Refusal(f"{name} could not be fetched as a peer:\n{done.stderr.strip()[-1500:]}")
    (home / "whole").touch()
    return python
