"""`./dev run`: the site on this machine, from whatever state the checkout is in."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tools.devkit import environment, settings
from tools.devkit.console import Refusal, step
from tools.devkit.files import open_lock, read_or_empty, try_lock
from tools.devkit.paths import LOGS, PYTHON, ROOT, VAR
from tools.devkit.process import ended, side_by_side

HOST = "127.0.0.1"
WORKERS, THREADS = 2, 4
PID_FILE = VAR / "site.pid"
LOG = LOGS / "site.log"


def serve(*, port: int, demo: bool) -> int:
    """Run the site until it is told to stop; prints the entrances and then `ready http://…`."""
    with open_lock(VAR / ".site.lock") as lock:
        if not try_lock(lock):
            raise Refusal("the site of this checkout is running already; stop it first (Ctrl-C where it runs)")
        _stop_leftover()
        _refuse_taken(port)
        environment.exists()
        side_by_side(lambda: environment.ready(developer=False), lambda: settings.fetch_database(settings.HOME))
        base = f"http://{HOST}:{port}"
        with settings.database(settings.HOME) as url:
            env = settings.for_commands(url) | {"BASE_URL": base, "DEMO": "1" if demo else "0"}
            with _served(port, env) as server:
                _wait_until_it_answers(server, base)
                if demo:
                    print(entrances(json.loads(_demo_file(env).read_text())), flush=True)
                print(f"ready {base}", flush=True)
                return _until_stopped(server)


def _demo_file(env: dict[str, str]) -> Path:
    return Path(env.get("DATA_DIR") or VAR) / "demo.json"


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise Refusal(
                f"port {port} cannot be used ({error.strerror if isinstance(error, OSError) else error}); "
                f"choose another one: ./dev run --port {port + 1 if port < 65535 else 8001}"
            ) from None


def _stop_leftover() -> None:
    """End the server of a run that was killed; we hold the lock, so no living run owns it."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(PID_FILE.read_text())
        if str(PID_FILE) in Path(f"/proc/{pid}/cmdline").read_text():
            step("stopping the server of an earlier run that was killed")
            os.kill(pid, signal.SIGTERM)
            for _ in range(100):
                os.kill(pid, 0)
                time.sleep(0.1)


def gunicorn_command(port: int, pid_file: Path) -> list[str]:
    """What the site is served with, here and when the bench measures it."""
    options: dict[str, object] = {
        "--bind": f"{HOST}:{port}",
        "--workers": WORKERS,
        "--threads": THREADS,
        "--pid": pid_file,
        "--graceful-timeout": 5,
    }
    memory = Path("/dev/shm")  # noqa: S108  (gunicorn makes files with unguessable names there)
    if memory.is_dir():
        options["--worker-tmp-dir"] = memory
    return [PYTHON, "-m", "gunicorn", "config.wsgi", "--no-control-socket", *(str(word) for pair in options.items() for word in pair)]


@contextlib.contextmanager
def _served(port: int, env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    LOGS.mkdir(parents=True, exist_ok=True)
    LOG.unlink(missing_ok=True)
    # imported once, before the processes fork; what they say goes to the log as soon as they run
    options = ["--preload", "--capture-output", "--log-file", str(LOG)]
    arguments = [*gunicorn_command(port, PID_FILE)[3:], *options]
    command = [PYTHON, "-m", "tools.devkit.serve", *arguments]
    # a session of its own: Ctrl-C reaches us, and we end it in order
    child = subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
    with ended(child):
        yield child


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", base: str) -> None:
    # a proxy that the person has set must not see a request to this very machine
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while server.poll() is None:
        try:
            opener.open(base + "/", timeout=10).close()
            return
        except urllib.error.HTTPError as error:
            raise Refusal(f"the site answers {error.code} at {base}/; see {LOG}\n{_tail()}") from None
        except OSError:
            time.sleep(0.1)
    raise Refusal(f"the site did not start; what went wrong is told above\n{_tail()}")


def _until_stopped(server: "subprocess.Popen[bytes]") -> int:
    try:
        status = server.wait()
    except (KeyboardInterrupt, SystemExit):
        step("stopping")
        return 0
    raise Refusal(f"the site ended by itself with status {status}; see {LOG}\n{_tail()}")


def _tail() -> str:
    return "\n".join("    " + line for line in read_or_empty(LOG).splitlines()[-20:])


def entrances(demo: dict[str, dict[str, str]]) -> str:
    """The four ways into the demo, as the person reads them."""
    pupil, teacher, planner = demo["pupil"], demo["teacher"], demo["planner"]
    rows = [
        ("Pupil", pupil["url"], f"code {pupil['code']}"),
        ("Teacher", teacher["url"], f"{teacher['user']} / {teacher['password']}"),
        ("Planner", planner["url"], f"{planner['user']} / {planner['password']}"),
        ("Politician", demo["politician"]["url"], "no password"),
    ]
    return "\n".join(f"  {who:<11} {url}  ({how})" for who, url, how in rows)
