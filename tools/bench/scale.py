"""`scale`: what ten times the marks cost, from a tenth of --size to ten times it, and how long the planner's map takes.

A row's value is the worse of the two steps, each the time of ten times the marks over the time of the marks: 10 is linear, and a tenth
more is the machine's noise. The map is what the workbench asks for when it is opened on the largest survey: the marks (which are too
many), the hexagons it then shows, and a tile where it is zoomed in; the value is the slowest of the three.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from analysis.streets import passages
from analysis.tile_scheme import tile_at
from tools.bench.database import Database
from tools.bench.export import download
from tools.bench.load import drive, request
from tools.bench.material import filled
from tools.bench.rows import Row
from tools.bench.server import Server, serving
from tools.bench.streets import WAYS_A_CHILD, chessboard, wobbly_ways
from tools.bench.world import CENTRE
from tools.devkit import site
from tools.devkit.console import Refusal, step
from tools.devkit.paths import PYTHON, ROOT

WAYS_A_MARK = 10
"""One mark in so many is counted as a way along streets, so that a million marks are the streets bench's 100,000 ways."""
TILE_ZOOM, HEXAGON_M = 15, 500


def measure(server_url: str, *, size: int) -> Iterator[Row]:
    """Four rows; the largest database is made the first time, which takes as long as everything else together."""
    sizes = (size // 10, size, size * 10)
    seconds: dict[str, list[float]] = {"export": [], "hexagons": [], "streets": []}
    for marks in sizes:
        database, world = filled(server_url, marks=marks)
        runs = 1 if marks == sizes[-1] else 3
        with serving(database) as server:
            seconds["export"].append(_median(runs, lambda: download(server, world, "geojson", len)))  # noqa: B023  # called at once
            seconds["hexagons"].append(min(_hexagons(database, world, runs)))
            if marks == sizes[-1]:
                map_s = _map(server, world)
        seconds["streets"].append(_streets(marks // WAYS_A_MARK, runs))
        step(f"{marks} marks: " + ", ".join(f"{name} {found[-1]:.2f} s" for name, found in seconds.items()))
    for name, found in seconds.items():
        yield Row(f"scale {name}", max(more / less for less, more in pairwise(found)), "times for ten times the marks", n=len(sizes))
    yield Row("scale map s", max(map_s.values()), "s")
    print("map: " + ", ".join(f"{what} {taken:.2f} s" for what, taken in map_s.items()), file=sys.stderr)


def _median(runs: int, run: Callable[[], object]) -> float:
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _hexagons(database: Database, world: dict[str, Any], runs: int) -> list[float]:
    """In a process of its own, since Django holds one database for the life of a process."""
    command = [PYTHON, "-m", "tools.bench.scale", world["survey"], str(runs)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": database.url}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refusal(f"counting hexagons failed:\n{done.stderr[-1500:]}")
    found: list[float] = json.loads(done.stdout)
    return found


def _streets(ways: int, runs: int) -> float:
    streets, drawn = chessboard(), wobbly_ways(ways)
    child = np.arange(len(drawn)) // WAYS_A_CHILD
    return _median(runs, lambda: passages(drawn, streets).children(child, len(streets)))


def _map(server: Server, world: dict[str, Any]) -> dict[str, float]:
    """How long each thing that the map asks for takes, at the second time of asking."""
    column, row = tile_at(*CENTRE, TILE_ZOOM)
    asked = {"marks": "marks.geojson", "hexagons": f"hexagons.geojson?size={HEXAGON_M}", "tile": f"fliser/{TILE_ZOOM}/{column}/{row}.mvt"}
    found = {}
    for what, path in asked.items():
        one = request("GET", f"/surveys/{world['survey']}/{path}", Authorization=f"Bearer {world['planner_token']}")
        [replies] = drive(site.HOST, server.port, [[one, one]]).replies
        if wrong := [reply for reply in replies if reply.status != 200]:
            raise Refusal(f"{path} was answered {wrong[0].status}: {wrong[0].body[:300]!r}")
        found[what] = replies[-1].seconds
    return found


def _answer(survey_id: str, runs: int) -> None:
    """Count all marks per hexagon as the workbench does, and print how long each time took."""
    import django

    django.setup()
    from analysis import grid
    from analysis.datasets import drawn
    from analysis.filters import MarkFilter
    from surveys.models import Survey

    survey = Survey.objects.get(pk=survey_id)
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        grid.count_cells(*drawn(MarkFilter().marks_of(survey)).cells(HEXAGON_M))
        taken.append(time.perf_counter() - started)
    print(json.dumps(taken))


if __name__ == "__main__":
    _answer(sys.argv[1], int(sys.argv[2]))
