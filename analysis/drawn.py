"""What children drew, as arrays: the form in which marks are handed to the analyses, in one piece or parted among several machines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis import grid

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Drawn:
    """What was drawn, in EPSG:25833: places as positions, ways and areas as shapely geometries; a number per child from 0.

    x, y and child are parallel; so are shapes and shape_child. A child has the same number in both.
    """

    x: Floats
    y: Floats
    child: Ids
    shapes: Geometries
    shape_child: Ids

    def cells(self, size_m: int) -> tuple[Ids, Ids]:
        """The hexagons touched and, parallel, the children who touched them; one row per mark and hexagon."""
        touched, index = grid.cells_of_geometries(self.shapes, size_m)
        places = grid.cell_of(self.x, self.y, size_m)
        return np.concatenate([places, touched]), np.concatenate([self.child, self.shape_child[index]])

    def parted(self, parts: int) -> list[Drawn]:
        """The same in so many parts, of which each has all that some of the children drew: their counts of children add up.

        Some may be empty. ValueError for less than one part.
        """
        if parts < 1:
            raise ValueError(f"{parts} parts; at least one is needed")
        place_part, shape_part = self.child % parts, self.shape_child % parts
        return [
            Drawn(
                x=self.x[place_part == part],
                y=self.y[place_part == part],
                child=self.child[place_part == part],
                shapes=self.shapes[shape_part == part],
                shape_child=self.shape_child[shape_part == part],
            )
            for part in range(parts)
        ]
