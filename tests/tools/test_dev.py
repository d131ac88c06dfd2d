"""The command itself: what a person sees who asks for something it does not have."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tools.devkit import environment
from tools.devkit.paths import ROOT
from tools.devkit.site import entrances


def dev(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([ROOT / "dev", *arguments], env=os.environ | env, capture_output=True, text=True, check=False)


def test_without_a_verb_it_names_them_all() -> None:
    shown = dev("--help").stdout
    for verb in ("run", "test", "check", "bench", "manage", "db", "lock"):
        assert f"    {verb} " in shown


def test_an_unknown_verb_is_refused() -> None:
    done = dev("rum")
    assert done.returncode == 2
    assert "rum" in done.stderr


def test_without_python_it_says_how_to_get_one(tmp_path: Path) -> None:
    for program in ("sh", "dirname", "cat"):
        found = subprocess.run(["sh", "-c", f"command -v {program}"], capture_output=True, text=True, check=True).stdout.strip()
        (tmp_path / program).symlink_to(found)
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)

    done = dev("run", PATH=str(tmp_path))

    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_a_taken_port_is_told_with_another_to_choose() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = dev("run", "--port", str(port))
    assert done.returncode == 1
    assert f"port {port} cannot be used" in done.stderr or "is running already" in done.stderr


def test_the_embedded_database_is_not_touched_when_one_is_given() -> None:
    done = dev("db", "destroy", DATABASE_URL="postgis://kari@db.example/trakk")
    assert done.returncode == 1
    assert "DATABASE_URL is set" in done.stderr


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment of two locks in which nothing is installed."""
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    for name in ("RUN_LOCK", "DEV_LOCK"):
        (tmp_path / name).write_text(name)
        monkeypatch.setattr(environment, name, tmp_path / name)
    monkeypatch.setattr(environment, "PYTHON", str(folder / "bin" / "python"))
    monkeypatch.setattr(environment, "STAMP", folder / "stamp")
    monkeypatch.setattr(environment, "FILLING", folder / "filling")
    return folder


def test_an_environment_holds_a_lock_only_while_stamp_interpreter_and_lock_agree(venv: Path) -> None:
    lock = environment.RUN_LOCK
    assert not environment.holds(lock)
    environment.stamp([lock])
    assert environment.holds(lock)
    assert not environment.holds(environment.DEV_LOCK)

    environment.FILLING.touch()
    assert not environment.holds(lock), "an installer was killed"
    environment.FILLING.unlink()

    lock.write_text("changed")
    assert not environment.holds(lock)
    environment.stamp([lock])
    (venv / "bin" / "python").unlink()
    assert not environment.holds(lock), "the system's Python was upgraded away"


def test_one_package_is_taken_out_of_the_lock_with_its_hashes(venv: Path) -> None:
    environment.DEV_LOCK.write_text("uuu==1 \\\n    --hash=sha256:aa\n    # via x\nuv==2 \\\n    --hash=sha256:bb\nvvv==3\n")
    assert environment.pinned("uv") == "uv==2 \\\n    --hash=sha256:bb\n"


def test_entrances_are_four_lines_with_what_each_needs() -> None:
    base = "http://127.0.0.1:8000"
    shown = entrances(
        {
            "pupil": {"url": f"{base}/tegn/#x", "code": "ABCD-EFGH", "token": "x"},
            "teacher": {"url": f"{base}/skole/", "user": "tor", "password": "one"},
            "planner": {"url": f"{base}/surveys/", "user": "pia", "password": "two", "token": "t"},
            "politician": {"url": f"{base}/releases/1/"},
        }
    ).splitlines()
    assert [line.split()[0] for line in shown] == ["Pupil", "Teacher", "Planner", "Politician"]
    assert "ABCD-EFGH" in shown[0]
    assert "tor / one" in shown[1]
    assert "pia / two" in shown[2]
