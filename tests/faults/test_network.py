"""Rows 5–9 and 28 of the fault suite: the network fails under tablets that run the page's own ledger and outbox."""

import random

import pytest

from tests.browser.fixtures import Site
from tests.faults.proxy import Fault, fault_proxy, is_capture
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.tally import Tally
from tests.faults.weather import WEATHERS, Weather, now_and_then

CHILDREN = 4 * MOST_LESSONS
SAFE_WITHIN_S = 30
"""Of being drawn, over a slow network; it is some five seconds, so that a loaded machine is no reason to fail."""


@pytest.mark.parametrize(
    "weather", [pytest.param(weather, id=name, marks=pytest.mark.fault(row)) for name, (row, weather) in WEATHERS.items()]
)
def test_nothing_is_lost_doubled_or_altered_in_this_weather(site: Site, tally: Tally, weather: Weather) -> None:
    with fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        network.plan = now_and_then(weather, 5, share=0.4)
        told = live_until_hit(network.base, children, network.hits.total, seed=7)
    tally.count(compare(site, told), hits=network.hits.total())


@pytest.mark.fault(8)
def test_all_is_safe_in_half_a_minute_over_a_slow_network(site: Site, tally: Tally) -> None:
    """400 ms there and back, 50 kB/s, one connection in twenty cut: before the site, or after it. Tablets wait as long as in a school."""
    dice = random.Random(8)  # noqa: S311  # weather

    def slow(_method: str, path: str) -> Fault | None:
        cut = dice.choice([Fault("drop"), Fault("reset", at=dice.randrange(1, 900))])
        return (cut if dice.random() < 0.05 else Fault("slow")) if is_capture(path) else None

    def cuts() -> int:
        return network.hits["drop"] + network.hits["reset"]

    with fault_proxy(site.base) as network:
        children = join(site, network.base, 30 * MOST_LESSONS)
        network.plan = slow
        told = live_until_hit(network.base, children, cuts, seed=9, steps=9, pauseMs=600, faster=1)
    tally.count(compare(site, told), hits=cuts())
    assert cuts() > 0.02 * network.hits.total()
    assert max(child["slowest"] for child in told) / 1000 < SAFE_WITHIN_S
