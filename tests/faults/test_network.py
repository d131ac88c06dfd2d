"""Rows 5–9, 11, 12 and 28 of the fault suite: the network fails under tablets that run the page's own ledger and outbox."""

import random
from collections.abc import Callable

import pytest

from tests.browser.fixtures import Site
from tests.faults.proxy import BUSY, PORTAL, Fault, Plan, fault_proxy
from tests.faults.recorder import LEAST_HITS, compare, join, live

CHILDREN = 4

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


@pytest.mark.parametrize("weather", WEATHERS.values(), ids=WEATHERS)
def test_nothing_is_lost_doubled_or_altered_in_this_weather(site: Site, weather: Weather) -> None:
    with fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        network.plan = now_and_then(weather, random.Random(5), share=0.4)  # noqa: S311  # weather
        told = live(network.base, children, seed=7)
        assert network.hits.total() >= LEAST_HITS, network.hits
    compare(site, told).demand_nothing_wrong()


def test_nothing_is_lost_doubled_or_altered_over_a_slow_network(site: Site) -> None:
    """Row 8: 400 ms there and back, 50 kB/s, one connection in twenty cut."""
    dice = random.Random(8)  # noqa: S311  # weather

    def slow(method: str, path: str) -> Fault | None:
        return (Fault("drop") if dice.random() < 0.05 else Fault("slow")) if _is_capture(path) else None

    with fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        network.plan = slow
        told = live(network.base, children, seed=9, steps=5, pauseMs=200)
        assert network.hits.total() >= LEAST_HITS, network.hits
    compare(site, told).demand_nothing_wrong()


def now_and_then(weather: Weather, dice: random.Random, *, share: float) -> Plan:
    """This weather over a share of what is sent."""
    return lambda _method, path: weather(dice) if _is_capture(path) and dice.random() < share else None


def _is_capture(path: str) -> bool:
    return "/responses/" in path
