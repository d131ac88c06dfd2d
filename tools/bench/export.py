"""`export` and `gpkg`: a survey's marks through the web server, beside ogr2ogr and psql's COPY of the same query on the same database.

The three take turns. Each one's output is read to its end and thrown away; that it is whole and holds every mark is looked at
in a first turn that is not timed.
"""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyogrio

from tools.bench.database import program
from tools.bench.load import request
from tools.bench.material import filled
from tools.bench.ogr import ogr2ogr, version
from tools.bench.rows import Row, faster_than, time_over
from tools.bench.server import Server, serving
from tools.devkit import site
from tools.devkit.console import Refusal, step

GPKG_MARKS = 100_000
PIECE = 1 << 20
_FEATURE = b'"type":"Feature"'
_SPACED_FEATURE = b'"type": "Feature"'

Sink = Callable[[bytes], Any]
Run = Callable[[Sink], None]

QUERY = """
SELECT t.code AS theme, c.code AS category, c.words->'nb'->>'label' AS category_label, m.kind, c.object_type, c.official_code,
       s.name AS school, CASE WHEN g.grade <= 4 THEN '1-4' WHEN g.grade <= 7 THEN '5-7' ELSE '8-10' END AS grade_band,
       m.mode, to_char(m.week, 'YYYY-MM') AS month, m.published_comment AS comment, m.answers, m.geom
FROM mapping_mark m
JOIN surveys_category c ON c.id = m.category_id JOIN surveys_theme t ON t.id = c.theme_id
JOIN surveys_response r ON r.id = m.response_id
JOIN surveys_classgroup g ON g.id = r.class_group_id JOIN surveys_school s ON s.id = g.school_id
WHERE m.survey_id = '{survey}'
"""
"""What an export says of each mark, as a planner with a database login would ask for it."""


def measure(server_url: str, *, pairs: int, size: int) -> Iterator[Row]:
    """GeoJSON: our time against ogr2ogr's and against COPY's, and the memory a worker needed."""
    database, world = filled(server_url, marks=size)
    query = QUERY.format(survey=world["survey"])
    peers: dict[str, Run] = {
        "ogr2ogr": lambda sink: _drain([ogr2ogr(), *_OGR_GEOJSON, "-sql", query], database.environment(), sink),
        "copy": lambda sink: _drain([program("psql"), "-Xqc", _copy(query)], database.program_environment(), sink),
    }
    with serving(database) as server:
        runs: dict[str, Run] = {"ours": lambda sink: download(server, world, "geojson", sink), **peers}
        for name, run in runs.items():
            _refuse_fewer(name, run, size)
        before_mb = server.resident_mb()
        times = _in_turn(runs, pairs)
        used_mb = server.peak_mb() - before_mb
    print(f"export: {size} marks, {version()}", file=sys.stderr)
    yield faster_than("export vs ogr2ogr", unit="s", peer="ogr2ogr", ours_s=times["ours"], theirs_s=times["ogr2ogr"])
    yield time_over("export vs copy", unit="s", peer="psql COPY", ours_s=times["ours"], theirs_s=times["copy"])
    yield Row("export memory", used_mb, "MB", n=pairs)


def measure_gpkg(server_url: str, *, pairs: int, size: int) -> Iterator[Row]:
    """GeoPackage: our time, download included, against ogr2ogr writing one from the same query."""
    marks = min(size, GPKG_MARKS)
    database, world = filled(server_url, marks=marks)
    query = QUERY.format(survey=world["survey"])
    with tempfile.TemporaryDirectory() as folder, serving(database) as server:
        theirs, ours = Path(folder) / "theirs.gpkg", Path(folder) / "ours.gpkg"
        command = [ogr2ogr(), "-q", "-overwrite", "-f", "GPKG", str(theirs), "PG:", "-nln", "marks", "-sql", query]

        def take_ours(_sink: object) -> None:
            with ours.open("wb") as file:
                download(server, world, "gpkg", file.write)

        def take_theirs(_sink: object) -> None:
            theirs.unlink(missing_ok=True)
            _drain(command, database.environment(), _ignore)

        take_ours(None)
        take_theirs(None)
        for path in (ours, theirs):
            if (found := _marks_in(path)) != marks:
                raise Refusal(f"{path.name} holds {found} marks and not {marks}")
        times = _in_turn({"ours": take_ours, "ogr2ogr": take_theirs}, pairs)
    print(f"gpkg: {marks} marks, {version()}", file=sys.stderr)
    yield faster_than("gpkg vs ogr2ogr", unit="s", peer="ogr2ogr", ours_s=times["ours"], theirs_s=times["ogr2ogr"])


def download(server: Server, world: dict[str, Any], extension: str, sink: Sink) -> None:
    """The export as a planner's script fetches it; the sink gets the bytes. Refusal when it is not whole."""
    path = f"/surveys/{world['survey']}/export.{extension}"
    with socket.create_connection((site.HOST, server.port)) as connection:
        connection.sendall(request("GET", path, Authorization=f"Bearer {world['planner_token']}", Connection="close"))
        head, _, rest = _head(connection)
        if not head.startswith(b"HTTP/1.1 200"):
            raise Refusal(f"{path} was answered {head.splitlines()[0].decode()}: {rest[:500]!r}")
        body = Body(b"chunked" in head.lower(), sink)
        body.take(rest)
        while piece := connection.recv(PIECE):
            body.take(piece)
    if not body.is_whole:
        raise Refusal(f"{path} broke off")


class Body:
    """A reply's body as it comes; the chunked coding's frames are taken off, so that the sink gets the file's own bytes."""

    def __init__(self, is_chunked: bool, sink: Sink) -> None:
        self.is_chunked, self.sink = is_chunked, sink
        self.is_whole = not is_chunked
        self._left = 0
        self._waiting = b""

    def take(self, piece: bytes) -> None:
        """Pass on what is payload of this piece."""
        if not self.is_chunked:
            self.sink(piece)
            return
        view = memoryview(self._waiting + piece if self._waiting else piece)
        self._waiting, at = b"", 0
        while at < len(view) and not self.is_whole:
            if self._left > 2:  # payload, which is followed by CRLF
                taken = min(self._left - 2, len(view) - at)
                self.sink(view[at : at + taken])  # type: ignore[arg-type]  # a file and a counter take any buffer
                at, self._left = at + taken, self._left - taken
                continue
            if self._left:
                skipped = min(self._left, len(view) - at)
                at, self._left = at + skipped, self._left - skipped
                continue
            end = bytes(view[at : at + 20]).find(b"\r\n")
            if end < 0:
                self._waiting = bytes(view[at:])
                return
            size = int(bytes(view[at : at + end]), 16)
            at += end + 2
            self.is_whole = size == 0
            self._left = size + 2


_OGR_GEOJSON = ["-q", "-f", "GeoJSON", "/vsistdout/", "PG:", "-lco", "COORDINATE_PRECISION=6"]


def _copy(query: str) -> str:
    """The floor: PostgreSQL writes whole features, in whatever order is easiest, and psql passes them on."""
    return f"COPY (SELECT ST_AsGeoJSON(q, 'geom', 6) FROM ({query}) AS q) TO STDOUT"  # noqa: S608  # our own query


def _in_turn(runs: dict[str, Run], turns: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(turns):
        for name, run in runs.items():
            started = time.perf_counter()
            run(_ignore)
            times[name].append(time.perf_counter() - started)
        step(f"turn {turn + 1}: " + ", ".join(f"{name} {seconds[-1]:.2f} s" for name, seconds in times.items()))
    return times


def _refuse_fewer(name: str, run: Run, size: int) -> None:
    counter = Counter(_FEATURE, _SPACED_FEATURE)
    run(counter)
    if counter.found != size:
        raise Refusal(f"{name} wrote {counter.found} features and not {size}")


class Counter:
    """Counts words in a stream of bytes, across the borders of its pieces."""

    def __init__(self, *words: bytes) -> None:
        self.words, self.found, self._tail = words, 0, b""

    def __call__(self, piece: bytes) -> None:
        """Look at the next piece."""
        text = self._tail + bytes(piece)
        keep = max(map(len, self.words)) - 1
        self.found += sum(text.count(word) - self._tail.count(word) for word in self.words)
        self._tail = text[-keep:]


def _drain(command: list[str], env: dict[str, str], sink: Sink) -> None:
    wants = sink is not _ignore
    with tempfile.TemporaryFile() as complaints:
        out = subprocess.PIPE if wants else subprocess.DEVNULL
        with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=complaints) as child:
            while child.stdout and (piece := child.stdout.read(PIECE)):
                sink(piece)
        if child.returncode:
            complaints.seek(0)
            raise Refusal(f"{Path(command[0]).name} ended with status {child.returncode}: {complaints.read()[-2000:].decode()}")


def _ignore(_piece: bytes) -> None:
    pass


def _head(connection: socket.socket) -> tuple[bytes, bytes, bytes]:
    came = b""
    while b"\r\n\r\n" not in came and (piece := connection.recv(PIECE)):
        came += piece
    return came.partition(b"\r\n\r\n")


def _marks_in(path: Path) -> int:
    """Rows in all layers that hold marks."""
    layers = [name for name, _geometry in pyogrio.list_layers(path) if "dictionary" not in name]
    return sum(int(pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]) for layer in layers)
