"""Locks between processes, files that are whole or absent, and fingerprints of files."""

import contextlib
import fcntl
import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from tools.devkit.console import step


class _Held(threading.local):
    """The locks each thread holds."""

    def __init__(self) -> None:
        self.descriptors: list[int] = []


_held = _Held()


@contextlib.contextmanager
def locked(path: Path, *, waiting: str) -> Iterator[None]:
    """Hold an exclusive lock; says `waiting` when another process has it. The kernel frees it when the holder dies."""
    with open_lock(path) as file:
        if not try_lock(file):
            step(f"waiting: {waiting}")
            fcntl.flock(file, fcntl.LOCK_EX)
        _held.descriptors.append(file.fileno())
        try:
            yield
        finally:
            _held.descriptors.remove(file.fileno())


def held_locks() -> tuple[int, ...]:
    """The locks that this thread holds, for a child that does the work: when we are killed, the child still has them.

    Without this the next command would begin to mend what an orphaned installer is still writing.
    """
    return tuple(_held.descriptors)


def open_lock(path: Path) -> IO[str]:
    """A file to lock on; never deleted, since two processes would then lock two different files of one name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a")


def try_lock(file: IO[str]) -> bool:
    """Take the exclusive lock if nobody has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share_lock(file: IO[str]) -> None:
    """Be one of several that use what the lock stands for; waits while somebody has it alone."""
    fcntl.flock(file, fcntl.LOCK_SH)


def write_whole(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a file so that a reader, or a machine that stops half-way, sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    half.replace(path)


def read_or_empty(path: Path) -> str:
    """The file's text, or "" where there is none."""
    return path.read_text() if path.is_file() else ""


def content_hash(*paths: Path) -> str:
    """One hash of the files' contents, in the order given."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def listing_hash(paths: Iterable[Path]) -> str:
    """One hash of names, sizes and times: quick, and it changes whenever a file does."""
    lines = (f"{path} {stat.st_size} {stat.st_mtime_ns}" for path in sorted(paths) for stat in [path.stat()])
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
