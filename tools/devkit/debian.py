"""Debian and Ubuntu packages: installed when we are root, otherwise unpacked below a folder of our own.

An ordinary user may download and unpack any package, so `unpack` gives programs without asking an administrator.
It keeps apt's lists in its own folder: a container's own lists are often absent or too old, and only root renews them.
"""

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tools.devkit.console import Refusal, step
from tools.devkit.files import held_locks, write_whole
from tools.devkit.process import Failed, run_logged

# Another package manager may be at work, for instance a machine's own nightly upgrade.
LOCK_WAIT = ["-o", "DPkg::Lock::Timeout=600"]
BUSY = re.compile(r"Could not get lock|Unable to acquire the dpkg frontend lock|Unable to lock directory")
HALF_DONE = re.compile(r"dpkg was interrupted|Unmet dependencies|unmet dependencies|is not configured yet")
# postgresql-common would otherwise create and start a server of its own, which nobody asked for
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/trakk.conf")

# folders of libraries that installed programs find by a path of their own
LIBRARY_PARTS = (".", "blas", "lapack", "pulseaudio")


def is_here() -> bool:
    """Whether this machine has Debian's package tools."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def may_install() -> bool:
    """Whether packages can be installed into the system."""
    return is_here() and os.geteuid() == 0


def install(choose: Callable[[list[str]], Sequence[str]], *, what: str) -> None:
    """Install packages into the system; root only.

    choose: gets apt's options and returns the names, or none when apt's lists do not have them yet.
    """
    wanted = choose([])
    if wanted:
        try:
            _install(wanted, what)
        except Failed:
            wanted = []  # most often lists so old that the mirror no longer has the files
    if not wanted:
        with _partly():
            _patiently(["apt-get", "update"], what="renewing apt's package lists", log="apt-update")
        _install(_refuse_none(choose([]), what), what)


def _install(packages: Sequence[str], what: str) -> None:
    command = ["apt-get", "install", "-y", "--no-install-recommends", *LOCK_WAIT, *packages]
    try:
        _patiently(command, what=f"installing {what} with apt-get", log="apt-install")
    except Failed as failure:
        if not HALF_DONE.search(failure.output):
            raise
        _patiently(["dpkg", "--configure", "-a"], what="finishing an interrupted installation", log="dpkg")
        _patiently(["apt-get", "install", "-y", "-f", *LOCK_WAIT], what="completing it", log="apt-fix")
        _patiently(command, what=f"installing {what} with apt-get", log="apt-install")


@contextlib.contextmanager
def _partly() -> Iterator[None]:
    """Go on when lists could not all be renewed: the source that failed may be one that we need nothing from."""
    try:
        yield
    except Failed as failure:
        step(f"apt could not renew all of its lists ({failure.output.strip().splitlines()[-1:]}); going on with those it has")


def _patiently(command: list[str], *, what: str, log: str) -> None:
    """Run apt or dpkg as root, waiting for another package manager to finish."""
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    write_whole(NO_CLUSTER, "create_main_cluster = false\n")
    try:
        while True:
            try:
                return run_logged(command, what=what, log=log, env=env, progress=_apt_progress)
            except Failed as failure:
                if not BUSY.search(failure.output):
                    raise
                step("waiting: another package manager is at work")
                time.sleep(5)
    finally:
        NO_CLUSTER.unlink(missing_ok=True)


def _apt_progress(log: str) -> str:
    downloaded, unpacked = len(re.findall(r"^Get:", log, re.M)), len(re.findall(r"^Unpacking", log, re.M))
    total = re.search(r"(\d+) newly installed", log)
    if not total:
        return ""
    return f"({downloaded} downloaded, {unpacked} unpacked of {total[1]})"


def unpack(choose: Callable[[list[str]], Sequence[str]], *, into: Path, what: str) -> Path:
    """Download packages with all that the system lacks of their dependencies, and unpack them; no root needed.

    The folder is made whole or not at all. Returns it.
    """
    if not is_here():
        raise Refusal(f"no {what} found, and this system has no apt-get to get it with")
    half = into.with_name(into.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    options = _private_apt(half / "apt")
    with _partly():
        run_logged(["apt-get", *options, "update"], what="fetching package lists into our own folder", log="apt-update")
    wanted = _refuse_none(choose(options), what)
    names = list(dict.fromkeys([*wanted, *_missing_dependencies(wanted, options)]))
    debs = half / "debs"
    debs.mkdir()
    run_logged(
        ["apt-get", *options, "download", *names],
        what=f"downloading {what}, {len(names)} packages, to unpack below {into} (not root, so not into the system)",
        log="apt-download",
        cwd=debs,
        progress=lambda _log: f"({len(list(debs.glob('*.deb')))} of {len(names)})",
    )
    root = half / "root"
    root.mkdir()
    for deb in sorted(debs.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", deb, root], check=True, pass_fds=held_locks())
    shutil.rmtree(into, ignore_errors=True)
    root.rename(into)
    shutil.rmtree(half)
    return into


def _private_apt(folder: Path) -> list[str]:
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    values = {
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Debug::NoLocking": 1,  # the system's lock belongs to root
    }
    return [word for name, value in values.items() for word in ("-o", f"{name}={value}")]


def _missing_dependencies(packages: Sequence[str], options: Sequence[str]) -> list[str]:
    command = ["apt-get", *options, "-s", "--no-install-recommends", "install", *packages]
    plan = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"})
    if plan.returncode:
        raise Refusal("apt-get cannot find out what is needed:\n" + plan.stderr)
    return re.findall(r"^Inst (\S+)", plan.stdout, re.M)


def _refuse_none(packages: Sequence[str], what: str) -> Sequence[str]:
    if not packages:
        raise Refusal(f"apt's package lists have no {what}; is the machine online, and is `main` among apt's sources?")
    return packages


def listed(pattern: str, options: Sequence[str]) -> list[str]:
    """Names in apt's lists that match a regular expression; empty when the lists are."""
    command = ["apt-cache", *options, "search", "--names-only", pattern]
    found = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"})
    return [line.split(" ", 1)[0] for line in found.stdout.splitlines()]


def library_path(root: Path) -> str:
    """What LD_LIBRARY_PATH must be for programs in an unpacked tree."""
    folders = [*root.glob("usr/lib/*-linux-gnu*"), *root.glob("lib/*-linux-gnu*")]
    names = [str(folder / part) for folder in folders for part in LIBRARY_PARTS if (folder / part).is_dir()]
    return os.pathsep.join(names or [str(root / "usr/lib")])
