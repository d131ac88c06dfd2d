"""ogr2ogr, a peer: found, or on Debian and Ubuntu installed when we are root."""

import shutil
from functools import cache

from tools.bench.database import run_quiet
from tools.devkit import debian
from tools.devkit.console import Refusal


@cache
def ogr2ogr() -> str:
    """The program's path; Refusal says how to get it."""
    found = shutil.which("ogr2ogr")
    if found is None and debian.may_install():
        debian.install(lambda _options: ["gdal-bin"], what="ogr2ogr, to measure against")
        found = shutil.which("ogr2ogr")
    if found is None:
        raise Refusal(
            "ogr2ogr is needed as a peer and was not found; Debian and Ubuntu: sudo apt-get install gdal-bin; macOS: brew install gdal"
        )
    return found


def version() -> str:
    """`GDAL 3.6.2`, as it says itself."""
    return run_quiet([ogr2ogr(), "--version"]).split(",")[0]
