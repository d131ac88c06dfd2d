"""Attack 1 of docs/privacy.md over a hundred routes; `./dev bench uploads` does the same over a thousand."""

import json
from collections import Counter

import numpy as np
import pytest

from tests.mapping.overheard import (
    LEAST_M,
    Run,
    circles_off_m,
    digits_of_homes,
    gather,
    lines_near_homes,
    positions_near_homes,
    routes,
    shown_beyond_the_first,
    visible_ends_m,
)

CHILDREN = 36
LEAST_ROUTES = 100


@pytest.fixture(scope="module")
def run() -> Run:
    """A hundred routes and more, and whatever was heard of them."""
    return gather(CHILDREN)


def test_a_hundred_routes_were_drawn_and_heard(run: Run) -> None:
    assert routes(run) >= LEAST_ROUTES
    methods = Counter(raw.partition(b" ")[0] for every in run.heard.raw.values() for raw in every)
    assert methods[b"PUT"] > 2 * LEAST_ROUTES
    assert methods[b"POST"] > CHILDREN, "handing in and signs of life"
    assert methods[b"DELETE"] > 10
    assert set(run.heard.raw) == set(run.addresses), "whoever says something is known"
    assert sum(1 for child in run.told for drawn in child["drawn"] if drawn["sent"]) > LEAST_ROUTES, "most have something to show"
    assert any(json.loads(text)["jobs"] for child in run.told for text in child["rescued"]), "files for the teacher are looked at too"


def test_no_position_near_a_home_is_in_any_byte(run: Run) -> None:
    near, found = positions_near_homes(run)
    assert near == 0
    assert found > 10_000


def test_no_line_that_was_sent_comes_near_a_home(run: Run) -> None:
    assert lines_near_homes(run) == []


def test_the_digits_of_a_home_are_nowhere(run: Run) -> None:
    assert digits_of_homes(run) == []


def test_the_same_way_twice_shows_no_more_of_it(run: Run) -> None:
    wrong, nearer = shown_beyond_the_first(run)
    assert wrong == []
    assert len(nearer) > 15
    # A finger draws a street some metres aside the next time, and so it meets the same circle some metres on.
    assert np.percentile(nearer, 95) < 60


def test_the_visible_end_is_at_no_distance_that_is_known(run: Run) -> None:
    away = visible_ends_m(run)
    assert len(away) > 50
    assert away.min() >= LEAST_M
    assert away.std() > 30
    shares = np.histogram(away, bins=np.arange(100, 900, 20))[0] / len(away)
    assert shares.max() < 0.3, "no ring of 20 m holds a third of the homes"


def test_a_circle_through_all_visible_ends_does_not_have_the_home_in_its_middle(run: Run) -> None:
    off = circles_off_m(run)
    assert len(off) > 8
    assert np.median(off) > 40
    assert np.mean(off < 25) < 0.3
