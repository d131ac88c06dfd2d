"""Programs that `./dev` runs end when it ends, and tell why they failed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.devkit import process
from tools.devkit.paths import ROOT
from tools.devkit.process import Failed, ended, run_attached, run_logged


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(process, "LOGS", tmp_path / "log")
    return tmp_path / "log"


def test_a_failure_tells_the_last_lines_and_where_all_of_them_are(logs: Path) -> None:
    with pytest.raises(Failed) as caught:
        run_logged(["sh", "-c", "seq 100; echo broken >&2; exit 3"], what="counting", log="count")
    text = str(caught.value)
    assert "counting: ended with status 3" in text
    assert "    broken" in text
    assert "    50\n" not in text
    assert str(logs / "count.log") in text
    assert "50\n" in caught.value.output


def test_a_long_program_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(process, "SIGN_OF_LIFE_S", 0.2)
    run_logged(["sh", "-c", "echo 7; sleep 0.5"], what="waiting", log="wait", progress=lambda log: f"({log.strip()} so far)")
    assert "… waiting (7 so far)" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 128 + signal.SIGTERM)])
def test_the_exit_status_is_the_programs_own(command: str, status: int) -> None:
    assert run_attached(["sh", "-c", command]) == status


def test_a_child_that_does_not_listen_is_killed() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert child.stdout is not None
    with child.stdout, ended(child, patience_s=0.3):
        child.stdout.readline()
    assert child.returncode == -signal.SIGKILL


def test_sigterm_ends_what_was_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    parent_code = (
        "import sys; from tools.devkit.process import *; end_by_exception_on_sigterm(); "
        "sys.exit(run_attached(['sh', '-c', 'echo $$ > \"$0\"; exec sleep 60', sys.argv[1]]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", parent_code, str(pid_file)], cwd=ROOT)
    while not (pid_file.exists() and pid_file.read_text().strip()):
        time.sleep(0.05)

    parent.terminate()

    assert parent.wait(10) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)
