"""`hexagons vs ST_HexagonGrid`: counting a million places per hexagon, reading from the database included.

PostGIS does it the way its manual shows, on the same 250 m grid in EPSG:25833 and with the spatial index of the marks; the counts
of every single hexagon must be equal. We do it as the workbench does, in a process of our own that has Django loaded.
"""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import IO, Any

from tools.bench.database import Database
from tools.bench.material import filled
from tools.bench.rows import Row, faster_than
from tools.devkit.console import Refusal, step
from tools.devkit.paths import PYTHON, ROOT
from tools.devkit.process import ended

SIZE_M = 250
"""Between two opposite sides; ST_HexagonGrid wants the length of an edge."""
Counts = dict[tuple[int, int], int]

# ST_HexagonGrid numbers columns i and rows j; odd columns are half a cell higher. The box in degrees is a little larger than the
# hexagon, so that the index finds all that may lie in it, and ST_Intersects in metres decides.
PEER = """
SELECT h.i, h.j, count(*)
FROM (SELECT ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry, 4326), 25833) AS box FROM mapping_mark WHERE survey_id = '{survey}') AS e
CROSS JOIN LATERAL ST_HexagonGrid({edge!r}, e.box) AS h
JOIN mapping_mark m ON m.geom && ST_Expand(ST_Transform(h.geom, 4326), 0.00001)
    AND ST_Intersects(ST_Transform(m.geom, 25833), h.geom)
WHERE m.survey_id = '{survey}' AND m.kind = 'place'
GROUP BY h.i, h.j
"""


def measure(server_url: str, *, pairs: int, size: int) -> Iterator[Row]:
    """The row, and in how many hexagons the counts differ."""
    database, world = filled(server_url, marks=size, only_places=True)
    query = PEER.format(survey=world["survey"], edge=SIZE_M / math.sqrt(3))
    ours_s: list[float] = []
    theirs_s: list[float] = []
    command = [PYTHON, "-m", "tools.bench.hexagons", world["survey"]]
    child = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"DATABASE_URL": database.url}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with ended(child):
        ours, _ = _ask(child.stdin, child.stdout)
        theirs, _ = _counted(database, query)
        unequal = sum(ours.get(cell, 0) != theirs.get(cell, 0) for cell in ours.keys() | theirs.keys())
        for pair in range(pairs):
            ours_s.append(_ask(child.stdin, child.stdout)[1])
            theirs_s.append(_counted(database, query)[1])
            step(f"pair {pair + 1}: {ours_s[-1]:.2f} s, PostGIS {theirs_s[-1]:.2f} s")
    print(f"hexagons: {sum(ours.values())} places in {len(ours)} hexagons of {SIZE_M} m", file=sys.stderr)
    yield faster_than("hexagons vs ST_HexagonGrid", unit="s", peer="ST_HexagonGrid", ours_s=ours_s, theirs_s=theirs_s)
    yield Row("hexagons unequal", unequal, "hexagons")


def _counted(database: Database, query: str) -> tuple[Counts, float]:
    with database.connect() as connection:
        started = time.perf_counter()
        rows = connection.execute(query).fetchall()
        seconds = time.perf_counter() - started
    return {(int(i), int(j)): int(count) for i, j, count in rows}, seconds


def _ask(question: IO[str] | None, answer: IO[str] | None) -> tuple[Counts, float]:
    assert question is not None
    assert answer is not None
    question.write("count\n")
    question.flush()
    line = answer.readline()
    if not line:
        raise Refusal("our own count of hexagons ended; what went wrong is told above")
    told: dict[str, Any] = json.loads(line)
    return {(q, j): count for q, j, count in told["counts"]}, float(told["seconds"])


def _answer(survey_id: str) -> None:
    """Count once for every line that comes in, and print the time and the counts."""
    import django

    django.setup()
    from analysis import grid
    from analysis.datasets import drawn
    from analysis.filters import MarkFilter
    from surveys.models import Kind, Survey

    survey = Survey.objects.get(pk=survey_id)
    places = MarkFilter(kind=(Kind.PLACE.value,))
    for _line in sys.stdin:
        started = time.perf_counter()
        found = drawn(places.marks_of(survey))
        counted = grid.count_cells(*found.cells(SIZE_M))
        seconds = time.perf_counter() - started
        _, columns, rows = grid.unpack(counted.cells)
        # our r runs along a slanting axis (grid.py); PostGIS counts rows straight up
        straight = rows + (columns - (columns & 1)) // 2
        counts = list(zip(columns.tolist(), straight.tolist(), counted.marks.tolist(), strict=True))
        print(json.dumps({"seconds": seconds, "counts": counts}), flush=True)


if __name__ == "__main__":
    _answer(sys.argv[1])
