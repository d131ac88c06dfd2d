"""A disk so small that it can be filled."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(data: Path, *, megabytes: int) -> Iterator[Path]:
    """An empty file system that the database server whose folder this is may write on."""
    if os.geteuid() != 0 or not data.exists():
        pytest.skip("a small disk can only be mounted by root, on the machine that the database is on")
    owner = data.stat()
    disk = Path(tempfile.mkdtemp(prefix="trakk-disk-"))
    options = f"size={megabytes}m,mode=700,uid={owner.st_uid},gid={owner.st_gid}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], capture_output=True, text=True, check=False)
    if mounted.returncode:
        disk.rmdir()
        pytest.skip(f"this machine mounts no small disk: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
        disk.rmdir()


def fill(disk: Path, seconds: float, *, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Leave no byte free for so long."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(65_536))
        meanwhile()
        time.sleep(seconds)
    finally:
        filler.unlink()
