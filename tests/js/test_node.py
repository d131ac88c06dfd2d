"""Runs the JavaScript tests with Node's own runner, so that one command and one summary cover them too."""

import subprocess
from pathlib import Path

import pytest

from tools.devkit import node

HERE = Path(__file__).parent
FILES = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.test.js"))


@pytest.mark.parametrize("name", FILES)
def test_javascript_tests_pass(name: str) -> None:
    command = [str(node.folder() / "bin/node"), "--test", str(HERE / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_javascript_test_file_is_run() -> None:
    strays = [path.name for path in HERE.rglob("*.js") if "test" in path.name and not path.name.endswith(".test.js")]
    assert strays == [], "name test files something.test.js"
