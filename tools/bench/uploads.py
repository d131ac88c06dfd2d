"""`uploads`: attack 1 of docs/privacy.md over a thousand routes. What is near a home among all bytes that left the tablets: nothing."""

from collections.abc import Iterator

import numpy as np

from tests.mapping.overheard import (
    circles_off_m,
    digits_of_homes,
    gather,
    lines_near_homes,
    positions_near_homes,
    routes,
    shown_beyond_the_first,
    visible_ends_m,
)
from tools.bench.rows import Row
from tools.devkit.console import step

CHILDREN = 340
"""Three ways each."""


def measure() -> Iterator[Row]:
    """The row that must be 0, and two of context: how near ways come, and how well a circle through their ends finds the home."""
    run = gather(CHILDREN)
    near, pairs = positions_near_homes(run)
    beyond, nearer = shown_beyond_the_first(run)
    wrong = [*lines_near_homes(run), *digits_of_homes(run), *beyond]
    for words in wrong[:5]:
        step(f"wrong: {words}")
    away, off = visible_ends_m(run), circles_off_m(run)
    step(f"{len(away)} visible ends {away.min():.0f} to {away.max():.0f} m from home, spread {away.std():.0f} m")
    step(f"{len(nearer)} ways drawn again came at most {np.percentile(nearer, 99):.0f} m nearer in 99 of 100")
    count = routes(run)
    yield Row("uploads near home", near + len(wrong), "findings", n=count)
    yield Row("uploads pairs", pairs, "numbers", n=run.heard.requests)
    yield Row("uploads circle", float(np.median(off)), "m off", n=len(off))
