"""What a network does to tablets, by the rows of the fault suite."""

import random
from collections.abc import Callable

from tests.faults.proxy import BUSY, PORTAL, Fault, Plan

Weather = Callable[[random.Random], Fault]

WEATHERS: dict[str, Weather] = {
    "row 5: the reply is lost": lambda dice: Fault("drop"),
    "row 5: the reply breaks off": lambda dice: Fault("truncate", at=dice.randrange(1, 600)),
    "row 6: a guest network answers": lambda dice: Fault("replace", reply=dice.choice(PORTAL)),
    "row 6: a guest network answers in place of the site, which has it": lambda dice: Fault("spoil", reply=dice.choice(PORTAL)),
    "row 7: the site is busy": lambda dice: Fault("replace", reply=dice.choice(BUSY)),
    "row 9: everything comes twice": lambda dice: Fault("duplicate"),
    "row 28: the connection is reset at any byte": lambda dice: Fault("reset", at=dice.randrange(1, 900)),
}


def all_at_once(dice: random.Random) -> Fault:
    """Any of them."""
    return dice.choice(list(WEATHERS.values()))(dice)


def now_and_then(weather: Weather, seed: int, *, share: float) -> Plan:
    """This weather over a share of what tablets send."""
    dice = random.Random(seed)  # noqa: S311  # weather
    return lambda _method, path: weather(dice) if is_capture(path) and dice.random() < share else None


def is_capture(path: str) -> bool:
    """Whether a tablet sends or asks something of its own."""
    return "/responses/" in path
