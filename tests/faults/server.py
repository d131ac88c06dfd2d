"""Servers beside the shared one, with its database: to be killed, or to have other settings."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.browser.fixtures import ROOT, Site, own_environment
from tests.patience import until


@dataclass
class Server:
    """A gunicorn of our own."""

    base: str
    master: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """The workers' process ids."""
        found = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children")
        return [int(word) for word in found.read_text().split()] if found.exists() else []

    def end(self) -> None:
        """SIGTERM, as a service manager ends it; once more is nothing."""
        self.master.terminate()
        try:
            self.master.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.master.kill()
            self.master.wait()

    def kill_master(self) -> None:
        """SIGKILL to the one who holds the workers together; they go when they notice, or who restarts it would find its port taken."""
        workers = self.workers()
        assert workers
        self.master.kill()
        self.master.wait()
        until(lambda: not any(_lives(pid) for pid in workers), "the workers of a killed master to end")

    def kill_worker(self) -> None:
        """SIGKILL to one of them, whatever it is doing."""
        with suppress(ProcessLookupError):
            for pid in self.workers()[:1]:
                os.kill(pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    """Whether it runs: who has ended and was asked by nobody how is still in the list."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


@contextmanager
def serving(site: Site, folder: Path, *, port: int = 0, **settings: str) -> Iterator[Server]:
    """The API alone, two workers, for as long as the block runs."""
    port = port or free_port()
    base = f"http://127.0.0.1:{port}"
    static = folder / "static"
    static.mkdir(exist_ok=True)
    paths = {"DATABASE_URL": site.database_url, "DATA_DIR": str(folder), "STATIC_ROOT": str(static), "BASE_URL": base}
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    with (folder / "server.log").open("w") as log:
        master = subprocess.Popen(
            [*command, "--graceful-timeout", "5"],
            cwd=ROOT,
            env={**own_environment(), **paths, "LOG_LEVEL": "ERROR", **settings},
            stdout=log,
            stderr=log,
        )
        server = Server(base, master)
        try:
            _wait_until_up(base, master, folder / "server.log")
            yield server
        finally:
            server.end()


@contextmanager
def again_and_again(harm: Callable[[], None], *, every_s: float, times: int) -> Iterator[None]:
    """Do harm in another thread while the block runs, and no more than so many times, that the rest may be delivered."""
    over = threading.Event()

    def run() -> None:
        for _ in range(times):
            if over.wait(every_s):
                return
            harm()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(base: str, master: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and master.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(f"{base}/helse/", timeout=5).close()  # noqa: S310  # our own server
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not come up:\n{log.read_text()[-3000:]}")
