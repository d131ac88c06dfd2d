"""The site under load: the very command of `./dev run`, on a free port, with the bench's database."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tools.bench.database import Database
from tools.devkit import site
from tools.devkit.console import Refusal
from tools.devkit.paths import LOGS, ROOT, VAR
from tools.devkit.process import ended

START_TIMEOUT_S = 60


@contextlib.contextmanager
def serving(database: Database, **settings: str) -> Iterator["Server"]:
    """The site for the length of the block."""
    port = _free_port()
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "bench-site.log"
    env = os.environ | {"DATABASE_URL": database.url, "BASE_URL": f"http://{site.HOST}:{port}", "DEBUG": "0", "DEMO": "0"} | settings
    with log.open("w") as file:
        command = site.gunicorn_command(port, VAR / f"bench-site-{port}.pid")
        child = subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True)
        with ended(child):
            server = Server(port, child.pid)
            server.wait(child, log)
            yield server


class Server:
    """A running site: where it listens and how much memory its workers hold."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid

    def wait(self, child: "subprocess.Popen[bytes]", log: Path) -> None:
        """Return once every worker answers."""
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until and child.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection((site.HOST, self.port), timeout=20) as probe:
                probe.sendall(b"GET /helse/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if len(self.workers()) == site.WORKERS and probe.recv(64).startswith(b"HTTP/1.1 200"):
                    return
            time.sleep(0.1)
        raise Refusal(f"the site did not start; see {log}\n{log.read_text(errors='replace')[-2000:]}")

    def workers(self) -> list[int]:
        """The worker processes' ids."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(word) for word in found.read_text().split()] if found.exists() else []

    def resident_mb(self) -> float:
        """Memory of the fattest worker, MB; what the kernel calls VmRSS."""
        return max(_status_mb(pid, "VmRSS") for pid in self.workers())

    def peak_mb(self) -> float:
        """The most any worker ever held, MB: VmHWM, which no sampling can miss."""
        return max(_status_mb(pid, "VmHWM") for pid in self.workers())


def _status_mb(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((site.HOST, 0))
        return int(probe.getsockname()[1])
