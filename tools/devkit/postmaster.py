"""The running server as the file system shows it: its pid file, its socket and its log."""

import contextlib
import hashlib
import os
import subprocess
from pathlib import Path

from tools.devkit.console import Refusal

SOCKET_PATH_MAX = 85  # a Unix socket's whole path may have 107 bytes, and ours ends in /.s.PGSQL.5432.lock


def socket_folder(home: Path) -> Path:
    """Where the socket is: in the state folder, or, where that path is too long for a socket, below /tmp."""
    inside = home / "run"
    if len(os.fsencode(inside)) <= SOCKET_PATH_MAX:
        return inside
    tag = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    outside = Path(f"/tmp/trakk-{os.getuid()}-{tag}")  # noqa: S108  (not $TMPDIR: two terminals may differ in it)
    if outside.is_symlink() or (outside.exists() and outside.stat().st_uid not in {os.getuid(), home.stat().st_uid}):
        raise Refusal(f"{outside} belongs to somebody else; move the checkout to a shorter path")
    return outside


class Postmaster:
    """What the state folder says of its server process."""

    def __init__(self, home: Path) -> None:
        self.data, self.log = home / "data", home / "server.log"
        self._pid_file = self.data / "postmaster.pid"
        self._socket_lock = socket_folder(home) / ".s.PGSQL.5432.lock"

    def pid(self) -> int | None:
        """The process id in the pid file, whether or not such a process lives."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int(self._pid_file.read_text().splitlines()[0])
        return None

    def may_live(self) -> bool:
        """Whether that process lives and is this folder's server: after a crash the number may be another program's."""
        pid = self.pid()
        return pid is not None and str(self.data) in _command_line(pid)

    def clear_leftovers(self) -> None:
        """Remove what a killed server left; PostgreSQL would refuse to start if another program had got its number."""
        for path in (self._pid_file, self._socket_lock, self._socket_lock.with_suffix("")):
            path.unlink(missing_ok=True)

    def log_size(self) -> int:
        """How much is in the log now."""
        return self.log.stat().st_size if self.log.exists() else 0

    def log_since(self, size: int) -> str:
        """The end of what the log got since it had this size."""
        with contextlib.suppress(OSError), self.log.open(errors="replace") as file:
            file.seek(size)
            return file.read()[-2000:]
        return ""


def _command_line(pid: int) -> str:
    """The process' command, "" when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    found = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return found.stdout.strip()
