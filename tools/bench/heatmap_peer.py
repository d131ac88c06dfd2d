"""datashader's heat map, run by the Python of an environment of its own: points from a file, a line with the seconds for every line in."""

import sys
import time

import datashader  # type: ignore[import-not-found]  # in an environment of its own: peers.py
import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter


def main() -> None:
    """argv: the points (.npz: x, y, box, shape, sigma), and where to write the last map."""
    given = np.load(sys.argv[1])
    frame = pd.DataFrame({"x": given["x"], "y": given["y"]})
    west, south, east, north = given["box"]
    columns, rows = (int(side) for side in given["shape"])
    canvas = datashader.Canvas(plot_width=columns, plot_height=rows, x_range=(west, east), y_range=(south, north))
    for _line in sys.stdin:
        started = time.perf_counter()
        counts = canvas.points(frame, "x", "y", datashader.count()).to_numpy()
        heat = gaussian_filter(counts.astype(np.float64), sigma=given["sigma"][::-1], mode="constant", truncate=4.0)
        seconds = time.perf_counter() - started
        # datashader's first row is the south
        np.save(sys.argv[2], heat[::-1])
        print(seconds, flush=True)


if __name__ == "__main__":
    main()
