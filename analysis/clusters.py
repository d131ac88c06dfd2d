"""Areas where children's places gather: clusters of any shape, without a number of clusters or a size to choose beforehand.

HDBSCAN (Campello, Moulavi and Sander 2013, as scikit-learn has it) finds what stays together while the distance that counts as near is
lowered; what belongs to nothing is left out. Children are counted, not strokes: of one child's places within a square of 25 m one is
kept, so that nobody makes an area alone, and an area of fewer children than the least is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sklearn.cluster import HDBSCAN

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]

ONE_PLACE_M = 25.0
"""A child's places in a square of this side are one place."""
REACH_M = 25.0
"""So far round its places an area goes; it closes gaps of twice as much."""
SMOOTH_M = 15.0
MAX_PLACES = 20_000
"""What a planner waits for: some seconds."""


@dataclass(frozen=True)
class Area:
    """One area: its outline, a polygon; how many different children have a place in it; and how many places that are."""

    outline: BaseGeometry
    children: int
    places: int


def find_areas(xy: Floats, child: Ids, *, least: int) -> list[Area]:
    """The areas, the most children first; the order of the places does not matter.

    xy: n × 2, metres in one projected CRS. child: whose each place is, n numbers. least: of children in an area, 2 or more.
    ValueError for other shapes, a least below 2, or more places than MAX_PLACES.
    """
    if xy.ndim != 2 or xy.shape[1] != 2 or len(xy) != len(child):
        raise ValueError(f"places of shape {xy.shape} and {len(child)} children")
    if least < 2:
        raise ValueError(f"areas of at least {least} children")
    if len(xy) > MAX_PLACES:
        raise ValueError(f"{len(xy)} places; at most {MAX_PLACES}")
    where = _one_of_each(xy, child)
    if len(where) < least:
        return []
    # a core has `least` places around it, and no cluster is smaller
    label = HDBSCAN(min_cluster_size=least, min_samples=least, allow_single_cluster=True, copy=True).fit_predict(where)
    outlines = [_outline(where[label == number]) for number in range(int(label.max()) + 1)]
    # those that touch are one: a playground would be three
    found = [_area(outline, xy, child) for outline in shapely.get_parts(shapely.union_all(outlines)).tolist()]
    return sorted((area for area in found if area.children >= least), key=lambda area: (-area.children, *area.outline.bounds))


def _one_of_each(xy: Floats, child: Ids) -> Floats:
    """The middle of each child's places in each square, in an order that only the places decide."""
    square = np.floor(xy / ONE_PLACE_M).astype(np.int64)
    keys, at = np.unique(np.column_stack([square, child]), axis=0, return_inverse=True)
    at = at.reshape(-1)
    number = np.bincount(at, minlength=len(keys)).astype(np.float64)
    middle = np.column_stack([np.bincount(at, weights=xy[:, axis], minlength=len(keys)) / number for axis in (0, 1)])
    return middle[np.lexsort((middle[:, 1], middle[:, 0]))]


def _outline(where: Floats) -> BaseGeometry:
    """Round a cluster's places, without the dents between them."""
    grown = shapely.union_all(shapely.buffer(shapely.points(where), REACH_M + SMOOTH_M, quad_segs=6))
    return shapely.simplify(shapely.buffer(grown, -SMOOTH_M, quad_segs=6), 1.0)


def _area(outline: BaseGeometry, xy: Floats, child: Ids) -> Area:
    """With all the places in it, those that HDBSCAN gave to no cluster as well."""
    inside = shapely.contains_xy(outline, xy[:, 0], xy[:, 1])
    return Area(outline, len(np.unique(child[inside])), int(inside.sum()))


def is_known(area: BaseGeometry, known: list[BaseGeometry], *, share: float = 0.2) -> bool:
    """Whether one of the known areas is this one: they have so much of their common ground in common (intersection over union)."""
    return any(
        shapely.intersection(area, other).area >= share * shapely.union(area, other).area for other in known if area.intersects(other)
    )
