"""What a network does to tablets, by the rows of the fault suite."""

import random
from collections.abc import Callable

from tests.faults.proxy import BUSY, PORTAL, Fault, FaultProxy, Plan, is_capture

Weather = Callable[[random.Random], Fault]

WEATHERS: dict[str, tuple[int, Weather]] = {
    "the reply is lost": (5, lambda dice: Fault("drop")),
    "the reply breaks off": (5, lambda dice: Fault("truncate", at=dice.randrange(1, 600))),
    "a guest network answers": (6, lambda dice: Fault("replace", reply=dice.choice(PORTAL))),
    "a guest network answers in place of the site, which has it": (6, lambda dice: Fault("spoil", reply=dice.choice(PORTAL))),
    "the site is busy": (7, lambda dice: Fault("replace", reply=dice.choice(BUSY))),
    "everything comes twice": (9, lambda dice: Fault("duplicate")),
    "the connection is reset at any byte": (28, lambda dice: Fault("reset", at=dice.randrange(1, 900))),
}
"""What each is called, with its row."""


def all_at_once(dice: random.Random) -> Fault:
    """Any of them."""
    _row, weather = dice.choice(list(WEATHERS.values()))
    return weather(dice)


def now_and_then(weather: Weather, seed: int, *, share: float) -> Plan:
    """This weather over a share of what tablets send."""
    dice = random.Random(seed)  # noqa: S311  # weather
    return lambda _method, path: weather(dice) if is_capture(path) and dice.random() < share else None


def seen_broken(network: FaultProxy) -> Callable[[], int]:
    """How many requests of tablets have got no reply, or a 5xx, from now on; half of them are held up in the hands of a worker."""
    dice = random.Random(20)  # noqa: S311  # weather
    network.plan = lambda _method, path: Fault("hold", seconds=0.5) if is_capture(path) and dice.random() < 0.5 else None
    before = network.failed
    return lambda: network.failed - before
