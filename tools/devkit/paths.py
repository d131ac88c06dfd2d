"""Where things lie in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")  # a word of a command line
LOGS = VAR / "log"
