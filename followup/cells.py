"""A release's hexagons as GeoJSON, for the map on the screen and for whoever wants to count on with them.

Corners have four decimals, some ten metres: they are the corners of a fixed public grid and tell nothing about anybody, but so it can be
said of every public file that it holds no position with five decimals or more. Exact corners follow from the id (analysis/grid.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely

from analysis import grid
from mapping.geojson import write_feature, write_feature_collection

DECIMALS = 4


def cell_collection(payload: Mapping[str, Any], **members: Any) -> Iterator[bytes]:
    """A FeatureCollection in chunks: one hexagon a cell, its name as id, and children in all (`children`) and by theme (`theme_<code>`).

    A number is null where too few children stand behind it. members: further members of the collection.
    """
    codes = [theme["code"] for theme in payload["themes"]]
    cells: dict[str, dict[str, int]] = {}
    for cell in payload["cells"]:
        cells.setdefault(cell["id"], {})[cell["theme"] or ""] = cell["children_rounded"]
    rings = grid.cell_polygon_lonlat(np.array([grid.cell_from_name(name) for name in cells], dtype=np.int64), decimals=DECIMALS)
    shapes: list[bytes] = np.asarray(shapely.to_wkb(shapely.polygons(rings)), dtype=object).tolist() if cells else []
    features = (
        write_feature(shape, _properties(counts, codes, payload), feature_id=name)
        for (name, counts), shape in zip(cells.items(), shapes, strict=True)
    )
    return write_feature_collection(features, **members)


def _properties(counts: Mapping[str, int], codes: list[str], payload: Mapping[str, Any]) -> dict[str, Any]:
    by_theme = {f"theme_{code}": counts.get(code) for code in codes}
    return {"size_m": payload["rules"]["cell_size_m"], "children": counts.get("")} | by_theme
