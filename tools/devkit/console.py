"""What the person at the terminal sees: steps with elapsed seconds, and refusals with a remedy."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator

SIGN_OF_LIFE_S = 10.0

# Handed on to child processes, so that one clock runs from the command's first line to its last.
_CLOCK = "TRAKK_STARTED_AT"
os.environ.setdefault(_CLOCK, repr(time.time()))


class Refusal(Exception):
    """The command cannot go on; the text says what is missing and what to do about it."""


def elapsed_s() -> float:
    """Seconds since the command was given."""
    return time.time() - float(os.environ[_CLOCK])


@contextlib.contextmanager
def alive(what: str) -> Iterator[None]:
    """Tell what is done in this block, and every ten seconds that it goes on."""
    step(what)
    done = threading.Event()

    def tell() -> None:
        while not done.wait(SIGN_OF_LIFE_S):
            step(f"… {what}")

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def step(text: str) -> None:
    """Tell what happens now; on stderr, so that a command's own output can be piped."""
    print(f"[{elapsed_s():6.1f} s] {text}", file=sys.stderr, flush=True)
