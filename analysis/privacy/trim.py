"""The second cut of a way, before it counts in anything public: the tablet has cut 100–400 m, this makes it 200–500 m."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

Geometries = NDArray[np.object_]

PUBLIC_CUT_M = 100.0
"""Cut off again at every end that may be a home's."""
NEAR_PUBLIC_M = 50.0
"""An end this near a school or a listed public place is that place's, no home's."""


def cut_home_ends(routes: Geometries, public: Geometries, *, cut_m: float = PUBLIC_CUT_M) -> Geometries:
    """Cut cut_m metres off both ends of every line, save ends at a public place.

    routes: LineStrings or None; public: points or polygons of schools and public places; both in one projected CRS in
    metres. Returns an array of the same length; None where nothing but what is to be cut was there. Source: docs/privacy.md.
    """
    known = shapely.union_all(public[~shapely.is_missing(public)]) if len(public) else None
    cut = np.full(len(routes), None, dtype=object)
    for i, route in enumerate(routes):
        if route is None or shapely.is_empty(route):
            continue
        begins_public, ends_public = (_is_public(shapely.get_point(route, end), known) for end in (0, -1))
        begin, end = (0.0 if begins_public else cut_m), route.length - (0.0 if ends_public else cut_m)
        if end > begin:
            cut[i] = substring(route, begin, end)
    return cut


def _is_public(end: shapely.Point, known: shapely.Geometry | None) -> bool:
    return known is not None and bool(shapely.dwithin(end, known, NEAR_PUBLIC_M))
