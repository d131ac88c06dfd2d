"""`streets vs geopandas`: how many children follow each of 5,000 stretches of street, of 100,000 ways.

The peer is what one writes with geopandas: buffers with flat ends round the streets, an overlay with the ways, and of each part how much of
its street it runs beside. The town is a chessboard with bent ways, and nobody turns back, so that what parts cover may be added up there;
the counts of every stretch must be equal.
"""

import sys
import time
from collections.abc import Iterator

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.streets import CORRIDOR_M, LEAST_SHARE, passages
from tools.bench.rows import Row, faster_than
from tools.devkit.console import step

WAYS, CROSSINGS, BLOCK_M = 100_000, 50, 100.0
BLOCKS_A_WAY, POINTS_A_BLOCK, TREMBLE_M = 9, 6, 7.0
WAYS_A_CHILD = 2
Geometries = NDArray[np.object_]
Ids = NDArray[np.int64]


def measure(*, pairs: int) -> Iterator[Row]:
    """The row, and along how many stretches the counts differ."""
    streets, ways = chessboard(), wobbly_ways(WAYS)
    child = np.arange(len(ways)) // WAYS_A_CHILD
    ours_s: list[float] = []
    theirs_s: list[float] = []
    unequal = 0
    for pair in range(pairs):
        started = time.perf_counter()
        ours = passages(ways, streets).children(child, len(streets))
        ours_s.append(time.perf_counter() - started)
        started = time.perf_counter()
        theirs = _by_overlay(ways, streets, child)
        theirs_s.append(time.perf_counter() - started)
        unequal = int((ours != theirs).sum())
        step(f"pair {pair + 1}: {ours_s[-1]:.2f} s, geopandas {theirs_s[-1]:.2f} s")
    print(f"streets: {len(ways)} ways, {len(streets)} stretches, {int(ours.sum())} times a child along one", file=sys.stderr)
    yield faster_than("streets vs geopandas", unit="s", peer="geopandas overlay", ours_s=ours_s, theirs_s=theirs_s)
    yield Row("streets unequal", unequal, "stretches")


def chessboard() -> Geometries:
    """The edges of a chessboard, some 5,000 of 100 m."""
    at = np.arange(CROSSINGS) * BLOCK_M
    x, y = (part.reshape(-1) for part in np.meshgrid(at, at))
    corner = np.column_stack([x, y])
    edges = [np.stack([corner, corner + step], axis=1)[(corner + step).max(axis=1) <= at[-1]] for step in ([BLOCK_M, 0], [0, BLOCK_M])]
    return np.asarray(shapely.linestrings(np.concatenate(edges)), dtype=object)


def wobbly_ways(number: int) -> Geometries:
    """Ways from crossing to crossing, eastwards and northwards only, drawn by a finger that trembles; always the same ones."""
    rng = np.random.default_rng(4)
    start = rng.integers(0, CROSSINGS - BLOCKS_A_WAY, (number, 1, 2))
    east = rng.integers(0, 2, (number, BLOCKS_A_WAY))
    moves = np.repeat(np.stack([east, 1 - east], axis=-1), POINTS_A_BLOCK, axis=1) / POINTS_A_BLOCK
    along = np.concatenate([np.zeros((number, 1, 2)), np.cumsum(moves, axis=1)], axis=1)
    # across the way only, so that nobody steps back
    aside = rng.normal(0, TREMBLE_M, along.shape[:2])[..., None] * np.concatenate([moves[:, :1], moves], axis=1)[..., ::-1] * POINTS_A_BLOCK
    return np.asarray(shapely.linestrings((start + along) * BLOCK_M + aside), dtype=object)


def _by_overlay(ways: Geometries, streets: Geometries, child: Ids) -> Ids:
    lines = geopandas.GeoSeries(streets)
    corridors = geopandas.GeoDataFrame({"stretch": range(len(streets))}, geometry=lines.buffer(CORRIDOR_M, cap_style="flat"))
    drawn = geopandas.GeoDataFrame({"way": range(len(ways))}, geometry=ways)
    inside = geopandas.overlay(drawn, corridors, how="intersection", keep_geom_type=True).explode(index_parts=False)
    xy, part = shapely.get_coordinates(inside.geometry.to_numpy(), return_index=True)
    stretch = inside["stretch"].to_numpy()
    along = shapely.line_locate_point(streets[stretch[part]], shapely.points(xy))
    shadow = pd.Series(along).groupby(part).agg(["min", "max"])
    table = pd.DataFrame({"way": inside["way"].to_numpy(), "stretch": stretch, "m": shadow["max"] - shadow["min"]})
    covered = table.groupby(["way", "stretch"])["m"].sum().reset_index()
    follows = covered[covered["m"] >= LEAST_SHARE * shapely.length(streets)[covered["stretch"]]]
    children = follows.assign(child=child[follows["way"]]).groupby("stretch")["child"].nunique()
    return np.asarray(children.reindex(range(len(streets)), fill_value=0), dtype=np.int64)
