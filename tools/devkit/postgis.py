"""Finding, or getting, a PostgreSQL server that has PostGIS.

In this order: $DEVDB_BINDIR; what is installed; what was unpacked earlier; Debian's packages, installed when we are
root, otherwise unpacked below the state folder (Debian's PostgreSQL finds its own files wherever it lies).
"""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tools.devkit import debian
from tools.devkit.console import Refusal

PROGRAMS = ("initdb", "pg_ctl", "postgres", "psql")
REMEDY = (
    "Install PostGIS with your package manager (macOS: brew install postgis), "
    "or set DATABASE_URL to a server that has it: postgis://user:password@host:5432/name"
)


@dataclass(frozen=True)
class Server:
    """One installation of PostgreSQL with PostGIS, and what its programs need in their environment."""

    bindir: Path
    env: dict[str, str] = field(default_factory=dict)


def find(unpacked: Path, *, only_unpacked: bool = False) -> Server | None:
    """The best server there is, without fetching anything."""
    if not only_unpacked:
        for bindir in _installed_bindirs():
            if _has_postgis(bindir):
                return Server(bindir)
    for bindir in _newest_first(unpacked.glob("usr/lib/postgresql/*/bin")):
        if _has_postgis(bindir):
            return Server(bindir, _environment_of(unpacked))
    return None


def get(unpacked: Path, *, into_system: bool) -> None:
    """Fetch a server with PostGIS."""
    if not debian.is_here():
        raise Refusal(f"no PostgreSQL with PostGIS was found. {REMEDY}")
    if into_system:
        debian.install(_packages, what="PostGIS")
        return
    debian.unpack(_packages_and_relocatable, into=unpacked, what="PostGIS")
    # postgis.control is a link that the package's installation script makes
    for control in unpacked.glob("usr/share/postgresql/*/extension/*-3.control"):
        control.with_name(control.name.replace("-3.control", ".control")).symlink_to(control.name)


def _packages(options: list[str]) -> list[str]:
    names = debian.listed("^postgresql-[0-9]+-postgis-3$", options)
    return sorted(names, key=_number)[-1:]


def _packages_and_relocatable(options: list[str]) -> list[str]:
    # Those that the system may have already, but which do not work from where they are with our unpacked server.
    for name in _packages(options):
        server = f"postgresql-{_number(name)}"
        return [name, f"{name}-scripts", server, server.replace("postgresql", "postgresql-client"), "proj-data"]
    return []


def _installed_bindirs() -> list[Path]:
    found = [Path(os.environ["DEVDB_BINDIR"])] if os.environ.get("DEVDB_BINDIR") else []
    found += _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))
    if on_path := shutil.which("pg_config"):
        found.append(Path(_output([on_path, "--bindir"])))
    found += _newest_first(Path("/usr").glob("pgsql-*/bin"))
    found += [Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
    return [*found, Path("/Applications/Postgres.app/Contents/Versions/latest/bin")]


def _has_postgis(bindir: Path) -> bool:
    if not all((bindir / program).exists() for program in PROGRAMS):
        return False
    share = _share_folder(bindir)
    return share is not None and (share / "extension/postgis.control").exists()


def _share_folder(bindir: Path) -> Path | None:
    if found := re.search(r"lib/postgresql/(\d+)/bin$", str(bindir)):  # Debian's places, also when unpacked elsewhere
        return bindir.parents[3] / "share/postgresql" / found[1]
    text = _output([str(bindir / "pg_config"), "--sharedir"])
    return Path(text) if text else None


def _environment_of(unpacked: Path) -> dict[str, str]:
    proj = str(unpacked / "usr/share/proj")
    return {"LD_LIBRARY_PATH": debian.library_path(unpacked), "PROJ_DATA": proj, "PROJ_LIB": proj}


def _output(command: list[str]) -> str:
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return ""


def _number(name: object) -> int:
    found = re.search(r"(\d+)(?:/bin|-postgis-3)?$", str(name))
    return int(found[1]) if found else 0


def _newest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=_number, reverse=True)
