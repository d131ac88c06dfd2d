"""Under which account the server's programs run, and where its files can therefore lie.

PostgreSQL refuses to run as root. As root its programs run as `postgres` or `nobody`. When that account cannot enter
the folder (a checkout below root's own home), they run in a user namespace, in which the same files belong to an
ordinary uid; and where namespaces are switched off, as in many containers, the files move to /var/lib.
"""

import contextlib
import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from tools.devkit.console import Refusal

NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


class As(TypedDict, total=False):
    """Arguments of subprocess that change the account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """Who runs the server's programs, and the state folder that this account can use."""

    home: Path
    run_as: As
    wrapper: list[str]

    def give(self, folder: Path) -> None:
        """Make a folder that the server may write in."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.run_as:
            os.chown(folder, self.run_as["user"], self.run_as["group"])


def account_for(home: Path) -> Account:
    """Choose the account for a state folder; raises Refusal when its data belongs to someone else."""
    if os.geteuid() != 0:
        if (home / "data").exists() and (home / "data").stat().st_uid != os.geteuid():
            raise Refusal(f"{home} was made by another account (perhaps by root); use that account, or another checkout")
        return Account(home, {}, [])
    run_as = _unprivileged()
    home.mkdir(parents=True, exist_ok=True)
    data = home / "data"
    owned_by_root = data.exists() and data.stat().st_uid == 0
    if _can_enter(home, run_as) and not owned_by_root:
        return Account(home, run_as, [])
    if _works(NAMESPACE):
        return Account(home, {}, NAMESPACE)
    tag = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    elsewhere = Path(f"/var/lib/trakk-{tag}")
    elsewhere.mkdir(exist_ok=True)
    return Account(elsewhere, run_as, [])


def _unprivileged() -> As:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise Refusal("running as root, and there is no `postgres` or `nobody` account to run the database as")


def _can_enter(folder: Path, run_as: As) -> bool:
    return subprocess.run(["test", "-x", str(folder)], **run_as).returncode == 0


def _works(wrapper: list[str]) -> bool:
    with contextlib.suppress(OSError):
        return subprocess.run([*wrapper, "true"], capture_output=True).returncode == 0
    return False
