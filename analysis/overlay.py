"""Overlay: how many different children have marked something in, or near, each thing of a layer.

What has an area is marked by whatever touches it: a place inside, a way through, an area that overlaps. A point or a line has no inside;
there it is what comes within a distance that the reader is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Geometries = NDArray[np.object_]

AREA_TYPES = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True)
class Overlay:
    """Who has marked what: parallel, each (thing, child, category) once, in ascending order; things is how many there are in all."""

    things: int
    thing: Ids
    child: Ids
    category: Ids

    @property
    def children(self) -> Ids:
        """How many different children there are in each thing; a child counts once, however much it drew."""
        return _children(self.thing, self.child, self.things)

    def children_by(self, group_of: Ids, groups: int) -> Ids:
        """The same for each group of categories: things x groups. group_of: the group, from 0, of each category."""
        cell = self.thing * groups + group_of[self.category]
        return _children(cell, self.child, self.things * groups).reshape(self.things, groups)


def overlay(things: Geometries, marks: Geometries, child: Ids, category: Ids, *, reach_m: float) -> Overlay:
    """Lay the marks over the things.

    things, marks: shapely geometries in one projected CRS in metres; None and empty ones touch nothing. child, category: whose each
    mark is and what it means, numbers from 0, parallel to marks. reach_m: how near a mark must come to a point or a line, 0 to touch;
    areas are touched or not. ValueError for a negative reach.
    """
    if reach_m < 0:
        raise ValueError(f"a reach of {reach_m} m")
    is_area = np.isin(shapely.get_type_id(things), AREA_TYPES)
    pairs = [_touching(things, marks, np.flatnonzero(is_area), 0.0), _touching(things, marks, np.flatnonzero(~is_area), reach_m)]
    thing, mark = (np.concatenate(column) for column in zip(*pairs, strict=True))
    rows = np.unique(np.stack([thing, child[mark], category[mark]], axis=1), axis=0)
    return Overlay(len(things), rows[:, 0], rows[:, 1], rows[:, 2])


def _touching(things: Geometries, marks: Geometries, which: Ids, reach_m: float) -> tuple[Ids, Ids]:
    """(thing, mark) for all that touch; the tree is of the things, since marks are many and asked once."""
    tree = shapely.STRtree(things[which])
    if reach_m:
        mark, thing = tree.query(marks, predicate="dwithin", distance=reach_m)
    else:
        mark, thing = tree.query(marks, predicate="intersects")
    return which[thing], np.asarray(mark, dtype=np.int64)


def _children(cell: Ids, child: Ids, cells: int) -> Ids:
    """How many different children there are in each of so many cells."""
    if not len(cell):
        return np.zeros(cells, dtype=np.int64)
    pairs = np.unique(cell * (child.max() + 1) + child)
    return np.bincount(pairs // (child.max() + 1), minlength=cells).astype(np.int64)
