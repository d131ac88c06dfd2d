"""Waiting for what comes at once or not at all: a loaded machine is no reason to fail."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 30

T = TypeVar("T")


def until(ask: Callable[[], T | None], what: str, *, forgiven: tuple[type[Exception], ...] = ()) -> T:
    """The answer, as soon as there is one that is true. forgiven: what asking too early may raise."""
    end, why = time.monotonic() + PATIENCE_S, ""
    while time.monotonic() < end:
        try:
            if answer := ask():
                return answer
        except forgiven as error:
            why = f": {error}"
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}{why}")
