"""Hexagons as GeoJSON features; what is told of each is the caller's."""

from collections.abc import Iterable
from typing import Any

from analysis import grid


def cell_features(cells: grid.Ids, properties: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A feature for each hexagon, with its name as id and its ring in EPSG:4326; properties parallel to cells."""
    told = zip(grid.cell_name(cells), grid.cell_polygon_lonlat(cells), properties, strict=True)
    return [
        {"type": "Feature", "id": name, "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]}, "properties": about}
        for name, ring, about in told
    ]
