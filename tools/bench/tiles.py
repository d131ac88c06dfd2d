"""`tiles vs tipg`: a vector tile with some ten thousand places, through the web server, beside tipg's tile of the same table.

Both are asked over four kept connections, in turns, and both read the database for every answer: a tile that was kept would say nothing
of how it is made. Ours asks who reads, joins what the exports tell and shuffles; tipg hands out the table's own columns.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.tile_scheme import Place, tile_at, tile_bounds
from tools.bench import peers
from tools.bench.database import Database
from tools.bench.load import Load, drive, request
from tools.bench.material import filled
from tools.bench.rows import Row, rate_of
from tools.bench.server import serving
from tools.bench.world import CENTRE
from tools.devkit import site
from tools.devkit.console import Refusal, step
from tools.devkit.paths import LOGS
from tools.devkit.process import ended

WANTED, ZOOMS = 10_000, range(11, 16)
CONNECTIONS, REQUESTS_EACH = 4, 25
PACKAGES = ("tipg==1.6.1", "uvicorn==0.38.0")
START_TIMEOUT_S = 60
_POINTS = "SELECT count(*) FROM mapping_mark WHERE kind = 'place' AND geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"


@dataclass(frozen=True)
class Peer:
    """A running tipg."""

    port: int

    def tile(self, place: Place) -> bytes:
        """The request of a tile."""
        path = f"/collections/public.mapping_mark/tiles/WebMercatorQuad/{place.zoom}/{place.column}/{place.row}?limit=20000"
        return request("GET", path)


def measure(server_url: str, *, pairs: int, size: int) -> Iterator[Row]:
    """The row, and the slowest twentieth of our answers."""
    database, world = filled(server_url, marks=size, only_places=True)
    place, points = _fullest(database)
    ours_s: list[float] = []
    ours: list[float] = []
    theirs: list[float] = []
    with serving(database) as server, _tipg(database) as peer:
        path = f"/ogc/collections/{world['survey']}-places/tiles/WebMercatorQuad/{place.zoom}/{place.row}/{place.column}"
        asked = request("GET", path, Authorization=f"Bearer {world['planner_token']}")
        for port, one in ((server.port, asked), (peer.port, peer.tile(place))):
            _drive(port, one, each=3)  # warm
        for pair in range(pairs):
            load = _drive(server.port, asked, each=REQUESTS_EACH)
            ours_s += load.latencies_s
            ours.append(CONNECTIONS * REQUESTS_EACH / load.seconds)
            theirs.append(CONNECTIONS * REQUESTS_EACH / _drive(peer.port, peer.tile(place), each=REQUESTS_EACH).seconds)
            step(f"pair {pair + 1}: {ours[-1]:.1f} tiles/s, tipg {theirs[-1]:.1f}")
    print(f"tiles: {place.zoom}/{place.row}/{place.column} with {points} places", file=sys.stderr)
    yield rate_of("tiles vs tipg", unit="tiles/s", peer="tipg", ours=ours, theirs=theirs)
    yield Row("tiles p95 ms", sorted(ours_s)[int(len(ours_s) * 0.95)] * 1000, "ms", n=len(ours_s))


def _fullest(database: Database) -> tuple[Place, int]:
    """The tile in the middle of the town whose number of places is nearest to what is wanted."""
    found: list[tuple[Place, int]] = []
    for zoom in ZOOMS:
        column, row = tile_at(*CENTRE, zoom)
        places = [Place(zoom, row + down, column + right) for down in range(-2, 3) for right in range(-2, 3)]
        found += [(place, int(database.rows(_POINTS, *tile_bounds(place))[0][0])) for place in places]
    return min(found, key=lambda one: abs(one[1] - WANTED))


def _drive(port: int, asked: bytes, *, each: int) -> Load:
    load = drive(site.HOST, port, [[asked] * each] * CONNECTIONS)
    replies = [reply for client in load.replies for reply in client]
    if wrong := [reply for reply in replies if reply.status != 200 or len(reply.body) < 1000]:
        raise Refusal(f"a tile was answered {wrong[0].status}: {wrong[0].body[:300]!r}")
    return load


@contextlib.contextmanager
def _tipg(database: Database) -> Iterator[Peer]:
    """tipg with two worker processes, as the site has, on a free port."""
    with socket.socket() as probe:
        probe.bind((site.HOST, 0))
        port = int(probe.getsockname()[1])
    python = peers.python_with("tipg", *PACKAGES)
    command: Sequence[str] = [str(python), "-m", "uvicorn", "tipg.main:app", "--host", site.HOST, "--port", str(port)]
    options = ["--workers", str(site.WORKERS), "--log-level", "warning"]
    env = os.environ | {"DATABASE_URL": database.url.replace("postgis://", "postgresql://"), "TIPG_MAX_FEATURES_PER_TILE": "20000"}
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "bench-tipg.log"
    with log.open("w") as file:
        child: subprocess.Popen[Any] = subprocess.Popen([*command, *options], env=env, stdout=file, stderr=file, start_new_session=True)
        with ended(child):
            _wait(child, port, log)
            yield Peer(port)


def _wait(child: "subprocess.Popen[Any]", port: int, log: Path) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and child.poll() is None:
        with contextlib.suppress(OSError):
            load = drive(site.HOST, port, [[request("GET", "/healthz")]])
            if load.replies[0][0].status == 200:
                return
        time.sleep(0.2)
    raise Refusal(f"tipg did not start; see {log}\n{log.read_text(errors='replace')[-1500:]}")
