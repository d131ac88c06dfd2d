"""Running other programs: long quiet ones with a sign of life, and ones that the person talks to."""

import contextlib
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from types import FrameType
from typing import Any

from tools.devkit.console import SIGN_OF_LIFE_S, Refusal, step
from tools.devkit.files import held_locks
from tools.devkit.paths import LOGS

TAIL_LINES = 25

Command = Sequence[str]


class Failed(Refusal):
    """A program ended with an error; the text has its last lines, `output` all of them."""

    def __init__(self, what: str, status: int, log: Path) -> None:
        self.output = log.read_text(errors="replace")
        tail = "\n".join("    " + line for line in self.output.strip().splitlines()[-TAIL_LINES:])
        super().__init__(f"{what}: ended with status {status}\n{tail}\n  the whole of it: {log}")


def run_logged(
    command: Command,
    *,
    what: str,
    log: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    progress: Callable[[str], str] = lambda _log: "",
) -> None:
    """Run a program that may take minutes; its output goes to var/log, and every ten seconds a line says it lives.

    progress: reads the log so far and returns what to add to that line. Raises Failed.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    step(what)
    with path.open("w") as file:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=env, cwd=cwd, pass_fds=held_locks())
        with ended(child):
            while child.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(SIGN_OF_LIFE_S)
                    break
                step(f"… {what} {progress(path.read_text(errors='replace'))}".rstrip())
    if child.returncode:
        raise Failed(what, child.returncode, path)


def run_attached(command: Command, *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> int:
    """Run a program on this terminal and return its exit status; Ctrl-C is the program's to answer."""
    # A handler, not SIG_IGN: a program inherits what is ignored, but gets the default in place of a handler.
    before = signal.signal(signal.SIGINT, lambda _signal, _frame: None)
    try:
        child = subprocess.Popen(command, env=env, cwd=cwd)
        with ended(child):
            status = child.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return status if status >= 0 else 128 - status


@contextlib.contextmanager
def ended(child: "subprocess.Popen[Any]", *, patience_s: float = 20) -> Iterator[None]:
    """Let no child outlive the block: asked to end first, killed when it does not listen."""
    _children.add(child)
    try:
        yield
    finally:
        _children.discard(child)
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(patience_s)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


_children: "set[subprocess.Popen[Any]]" = set()


def side_by_side(*tasks: Callable[[], object]) -> None:
    """Do tasks that mostly wait for others' servers at once; when one fails, the others' programs are ended."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        try:
            for done in as_completed([pool.submit(task) for task in tasks]):
                done.result()
        except BaseException:
            for child in list(_children):
                child.terminate()
            raise


def end_by_exception_on_sigterm() -> None:
    """Make SIGTERM unwind the stack, so that every `finally` that stops something runs."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, leave)
