"""Locks and files that survive the death of whoever held or wrote them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tools.devkit.files import content_hash, listing_hash, locked, open_lock, read_or_empty, try_lock, write_whole
from tools.devkit.paths import ROOT

# A parent that holds a lock and has a child at work, as ./dev has an installer.
CHILD = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(1.5)"
PARENT = f"""
import sys
from pathlib import Path
from tools.devkit import process
from tools.devkit.files import locked
process.LOGS = Path(sys.argv[1])
with locked(Path(sys.argv[1]) / "lock", waiting=""):
    process.run_logged([sys.executable, "-c", {CHILD!r}, sys.argv[2]], what="work", log="work")
"""


def is_free(path: Path) -> bool:
    with open_lock(path) as file:
        return try_lock(file)


def wait_for(path: Path) -> None:
    for _ in range(200):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} never came")


def test_a_lock_is_held_for_the_length_of_the_block(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", waiting=""):
        assert not is_free(tmp_path / "lock")
    assert is_free(tmp_path / "lock")


def test_a_killed_parent_leaves_its_lock_to_the_child_that_still_works(tmp_path: Path) -> None:
    working = tmp_path / "working"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path), str(working)], cwd=ROOT, stderr=subprocess.DEVNULL)
    wait_for(working)

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()

    assert not is_free(tmp_path / "lock"), "the child is not done"
    with locked(tmp_path / "lock", waiting="the child"):
        pass  # comes when the child has ended


def test_a_file_is_written_whole_with_its_mode_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "key"
    write_whole(path, "first")
    write_whole(path, "second", mode=0o600)
    assert path.read_text() == "second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_missing_file_reads_as_empty(tmp_path: Path) -> None:
    assert read_or_empty(tmp_path / "none") == ""


def test_hashes_change_with_the_files(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("1")
    content, listing = content_hash(path), listing_hash([path])
    assert (content_hash(path), listing_hash([path])) == (content, listing)
    path.write_text("22")
    assert content_hash(path) != content
    assert listing_hash([path]) != listing
