"""Rows 5–9, 11, 12 and 28 of the fault suite: the network fails under tablets that run the page's own ledger and outbox."""

import random

import pytest

from tests.browser.fixtures import Site
from tests.faults.proxy import Fault, fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.weather import WEATHERS, Weather, is_capture, now_and_then

CHILDREN = 4 * MOST_LESSONS


@pytest.mark.parametrize("weather", WEATHERS.values(), ids=WEATHERS)
def test_nothing_is_lost_doubled_or_altered_in_this_weather(site: Site, weather: Weather) -> None:
    with fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        network.plan = now_and_then(weather, 5, share=0.4)
        told = live_until_hit(network.base, children, network.hits.total, seed=7)
    compare(site, told).demand_nothing_wrong()


def test_nothing_is_lost_doubled_or_altered_over_a_slow_network(site: Site) -> None:
    """Row 8: 400 ms there and back, 50 kB/s, one connection in twenty cut."""
    dice = random.Random(8)  # noqa: S311  # weather

    def slow(method: str, path: str) -> Fault | None:
        return (Fault("drop") if dice.random() < 0.05 else Fault("slow")) if is_capture(path) else None

    with fault_proxy(site.base) as network:
        children = join(site, network.base, CHILDREN)
        network.plan = slow
        told = live_until_hit(network.base, children, network.hits.total, seed=9, steps=5, pauseMs=200)
    compare(site, told).demand_nothing_wrong()
