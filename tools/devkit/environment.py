"""The project's Python environment, `.venv`: made, filled from a hashed lock, and mended when that was interrupted.

A stamp, written last, names the locks that the environment holds; while it is true, nothing is done. A marker stands
while packages are being put in: an installer that is killed can leave a half package that looks whole, so an
environment found with the marker is made anew.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.devkit import debian, index
from tools.devkit.console import Refusal, step
from tools.devkit.files import content_hash, locked, read_or_empty, write_whole
from tools.devkit.paths import PYTHON, ROOT, VAR, VENV
from tools.devkit.process import Failed, run_logged

RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"  # holds all of the other too
STAMP = VENV / ".trakk-locks.json"
FILLING = VENV / ".trakk-filling"


def ready(*, developer: bool) -> None:
    """Have the packages that the site needs, with `developer` those of tests and checks too."""
    lock = DEV_LOCK if developer else RUN_LOCK
    if holds(lock):
        return
    with locked(VAR / ".environment.lock", waiting="another command is preparing .venv"):
        if holds(lock):
            return
        if DEV_LOCK.name in _stamp():
            lock = DEV_LOCK  # so that a changed lock does not leave a developer's tools behind
        _fill(lock)


def exists() -> None:
    """Have an environment with pip in it, empty perhaps."""
    if Path(PYTHON).exists() and STAMP.exists() and not FILLING.exists():
        return
    with locked(VAR / ".environment.lock", waiting="another command is preparing .venv"):
        if not _is_usable():
            _make()


def holds(lock: Path) -> bool:
    """Whether the environment has what this lock says."""
    # the interpreter can vanish under the environment when the system's Python is upgraded
    return Path(PYTHON).exists() and not FILLING.exists() and _stamp().get(lock.name) == content_hash(lock)


def stamp(locks: Sequence[Path]) -> None:
    """Write down that the environment has what these locks say."""
    write_whole(STAMP, json.dumps({lock.name: content_hash(lock) for lock in locks}))


def _stamp() -> dict[str, str]:
    text = read_or_empty(STAMP)
    return dict(json.loads(text)) if text else {}


def _fill(lock: Path) -> None:
    if not _is_usable():
        _make()
    FILLING.touch()
    STAMP.unlink(missing_ok=True)
    packages = len(re.findall(r"^[a-z0-9]\S*==", lock.read_text(), re.M))
    try:
        _uv_install(lock, what=f"installing {packages} packages with uv")
    except Failed as failure:
        step(f"uv could not ({_last_line(failure)}); pip tries")
        _pip(["install", "--require-hashes", "-r", str(lock)], what=f"installing {packages} packages with pip")
    stamp([RUN_LOCK, DEV_LOCK] if lock == DEV_LOCK else [lock])
    FILLING.unlink()


def _last_line(failure: Failed) -> str:
    return (failure.output.strip().splitlines() or ["no word why"])[-1].strip()


def _is_usable() -> bool:
    if not Path(PYTHON).exists() or FILLING.exists():
        return False
    return uv_works() or subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0


def _make() -> None:
    """Make `.venv` with pip in it, where need be from Debian's pip package: Debian's Python comes without ensurepip."""
    step(f"making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    if not has_ensurepip and debian.may_install():
        debian.install(lambda _options: [f"python3.{sys.version_info.minor}-venv"], what="Python's venv")
        has_ensurepip = True
    options = [] if has_ensurepip else ["--without-pip"]
    subprocess.run([sys.executable, "-m", "venv", "--clear", *options, VENV], check=True)
    if not has_ensurepip:
        _pip(["install", "pip"], what="putting pip into .venv", pip=_pip_of_debian())


def _pip_of_debian() -> Path:
    """Debian's pip, a wheel that Python can run as it is."""
    folder = VAR / "pip-program"
    if not folder.exists():
        try:
            debian.unpack(lambda _options: ["python3-pip-whl"], into=folder, what="pip")
        except Refusal as refusal:
            raise Refusal(f"{refusal}\nThis Python has no ensurepip. Debian, Ubuntu: sudo apt-get install python3-venv") from None
    return next(folder.glob("usr/share/python-wheels/pip-*.whl")) / "pip"


def _pip(arguments: list[str], *, what: str, pip: Path | None = None) -> None:
    call = [PYTHON, str(pip)] if pip else [PYTHON, "-m", "pip"]
    run_logged([*call, *arguments, "--disable-pip-version-check", "--no-input"], what=what, log="pip")


def _uv_install(lock: Path, *, what: str) -> None:
    """Install with uv: the same lock, the same hashes and the same indexes as pip would use, in a tenth of the time."""
    if not uv_works():
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
            only_uv.write(pinned("uv"))
            only_uv.flush()
            _pip(["install", "--require-hashes", "-r", only_uv.name], what="getting uv, which installs the rest faster")
    command = [*UV, "pip", "install", "--python", PYTHON, "--require-hashes", "-r", str(lock)]
    run_logged(command, what=what, log="uv", env=uv_environment())


UV = [PYTHON, "-m", "uv"]


def uv_works() -> bool:
    """Whether uv is in the environment."""
    return subprocess.run([*UV, "--version"], capture_output=True).returncode == 0


def uv_environment() -> dict[str, str]:
    """The environment for uv: where pip is told to look, and a cache it may write in."""
    env = os.environ | index.for_uv([PYTHON, sys.executable])
    cache = Path(env.get("XDG_CACHE_HOME") or Path(env.get("HOME") or "/nonexistent") / ".cache")
    if not _may_write(cache):
        env["UV_CACHE_DIR"] = str(VAR / "cache" / "uv")
    return env


def _may_write(folder: Path) -> bool:
    nearest = next(parent for parent in [folder, *folder.parents] if parent.exists())
    return os.access(nearest, os.W_OK)


def pinned(package: str) -> str:
    """The package's own lines of the developers' lock, hashes included."""
    found = re.search(rf"^{package}==.*?(?=^[a-z0-9])", DEV_LOCK.read_text(), re.M | re.S)
    if not found:
        raise Refusal(f"{DEV_LOCK.name} has no {package}; make the locks anew with `./dev lock`")
    return found[0]


def relock() -> None:
    """Make both locks anew from pyproject.toml."""
    ready(developer=True)
    # a machine's own folder of wheels has those of its own kind only: their hashes would shut out everybody else
    env = {name: value for name, value in uv_environment().items() if name not in {"UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"}}
    base = [*UV, "pip", "compile", "--upgrade", "--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
    for lock, groups in ((RUN_LOCK, []), (DEV_LOCK, ["--group", "dev"])):
        before = hashlib.sha256(lock.read_bytes()).hexdigest()
        command = [*base, "--custom-compile-command", "./dev lock", "pyproject.toml", *groups, "-o", str(lock)]
        run_logged(command, what=f"resolving {lock.name}", log="lock", env=env, cwd=ROOT)
        step(f"{lock.name} is {'unchanged' if before == content_hash(lock) else 'new'}")
