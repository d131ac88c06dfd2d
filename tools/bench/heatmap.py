"""`heatmap vs datashader`: the kernel density of a million places on 1024 cells to a side.

The peer is what one writes with datashader: its canvas counts the points, and scipy's Gaussian smooths them. It gets the places in metres
of Web Mercator; ours are degrees, as they are stored. It draws a box without a rim, so that its edges are colder; inside the two must be
equal.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.density import Bounds, Canvas, Heat, heat_map
from tools.bench import peers
from tools.bench.rows import Row, time_over
from tools.devkit.console import Refusal, step
from tools.devkit.process import ended

PLACES, SIDE_PX, BANDWIDTH_M = 1_000_000, 1024, 60
BOX = Bounds(west=5.17, south=60.30, east=5.49, north=60.46)
RADIUS_M = 6_378_137.0
PACKAGES = ("datashader==0.19.1", "scipy==1.17.1")
Floats = NDArray[np.float64]


def measure(*, pairs: int) -> Iterator[Row]:
    """The row, and how far the two maps are apart where the edge is far enough away."""
    lon, lat = _places()
    canvas = Canvas.over(BOX, side_px=SIDE_PX, bandwidth_m=BANDWIDTH_M)
    ours_s: list[float] = []
    theirs_s: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        given, drawn = Path(folder) / "given.npz", Path(folder) / "drawn.npy"
        (west, east), (south, north) = _mercator(np.array([BOX.west, BOX.east]), np.array([BOX.south, BOX.north]))
        x, y = _mercator(lon, lat)
        np.savez(given, x=x, y=y, box=[west, south, east, north], shape=[canvas.columns, canvas.rows], sigma=canvas.sigma)
        script = Path(__file__).with_name("heatmap_peer.py")
        command = [str(peers.python_with("datashader", *PACKAGES)), str(script), str(given), str(drawn)]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with ended(child):
            _ask(child)  # numba compiles
            for pair in range(pairs):
                started = time.perf_counter()
                ours = heat_map(lon, lat, bounds=BOX, side_px=SIDE_PX, bandwidth_m=BANDWIDTH_M)
                ours_s.append(time.perf_counter() - started)
                theirs_s.append(_ask(child))
                step(f"pair {pair + 1}: {ours_s[-1]:.3f} s, datashader {theirs_s[-1]:.3f} s")
        apart = _apart(ours, canvas, np.load(drawn))
    yield time_over("heatmap vs datashader", unit="s", peer="datashader", ours_s=ours_s, theirs_s=theirs_s)
    yield Row("heatmap apart", apart, "% of the peak")


def _places() -> tuple[Floats, Floats]:
    """Half in crowds, half everywhere, some outside."""
    rng = np.random.default_rng(12)
    crowds = rng.uniform([BOX.west, BOX.south], [BOX.east, BOX.north], (200, 2))
    crowded = crowds[rng.integers(0, 200, PLACES // 2)] + rng.normal(0, [0.004, 0.002], (PLACES // 2, 2))
    everywhere = rng.uniform([BOX.west - 0.01, BOX.south - 0.005], [BOX.east + 0.01, BOX.north + 0.005], (PLACES - PLACES // 2, 2))
    lon, lat = np.concatenate([crowded, everywhere]).T
    return np.ascontiguousarray(lon), np.ascontiguousarray(lat)


def _mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return RADIUS_M * np.radians(lon), RADIUS_M * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))


def _apart(ours: Heat, canvas: Canvas, counts: Floats) -> float:
    """The largest difference in per cent of the peak; the peer's counts per cell are brought to a square kilometre."""
    theirs = counts / (canvas.cell_m[0] * canvas.cell_m[1] / canvas.stretch**2 / 1e6)
    rim_x, rim_y = canvas.rim
    inside = (slice(rim_y, -rim_y), slice(rim_x, -rim_x))
    return float(np.abs(ours.values - theirs)[inside].max() / ours.peak * 100)


def _ask(child: "subprocess.Popen[str]") -> float:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("draw\n")
    child.stdin.flush()
    if not (line := child.stdout.readline()):
        raise Refusal("datashader ended; what went wrong is told above")
    return float(line)
