"""What lies on the workbench's map: marks one by one, hexagons of children, and the heat map; as GeoJSON and a picture.

Marks carry no id and come in an order drawn anew each time, so that nothing links two marks of one child.
"""

from base64 import b64encode
from typing import Any

import numpy as np
import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON

from analysis import grid
from analysis.datasets import drawn
from analysis.density import MAX_BANDWIDTH_M, MIN_BANDWIDTH_M, Bounds, heat_map, heat_png, positions_of
from analysis.filters import MarkFilter
from analysis.privacy.suppress import K, shown
from surveys.errors import InvalidFilter
from surveys.models import GradeBand, Survey

MAX_MARKS = 20_000
"""More than this are not sent one by one: the page then shows hexagons."""
HEAT_SIDE_PX = 768


def marks_geojson(survey: Survey, chosen: MarkFilter) -> bytes:
    """The marks that pass, as a FeatureCollection with numberMatched and numberReturned; none when they are too many."""
    marks = chosen.marks_of(survey)
    matched = marks.count()
    drawn = marks.exclude(geom__isnull=True) if matched <= MAX_MARKS else marks.none()
    rows = drawn.annotate(geojson=AsGeoJSON("geom", precision=6)).order_by("?").values_list(*_COLUMNS)
    features = [_feature(row) for row in rows]
    return orjson.dumps({"type": "FeatureCollection", "numberMatched": matched, "numberReturned": len(features), "features": features})


_COLUMNS = ("geojson", "category__code", "mode", "published_comment", "response__class_group__grade")


def _feature(row: tuple[Any, ...]) -> dict[str, Any]:
    geojson, category, mode, comment, grade = row
    properties = {"category": category, "mode": mode, "comment": comment, "grade_band": GradeBand.of(grade).value}
    return {"type": "Feature", "geometry": orjson.Fragment(geojson), "properties": properties}


def hexagons_geojson(survey: Survey, chosen: MarkFilter, *, size_m: int) -> bytes:
    """The hexagons the marks touch, EPSG:25833's fixed grid, with the number of different children; under five as "1–4"."""
    check_hexagon_size(size_m)
    counted = grid.count_cells(*drawn(chosen.marks_of(survey)).cells(size_m))
    rings = grid.cell_polygon_lonlat(counted.cells)
    names = grid.cell_name(counted.cells)
    features = [
        {
            "type": "Feature",
            "id": name,
            "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]},
            "properties": {"children": int(n) if n >= K else None, "said": shown(int(n)), "size_m": size_m},
        }
        for name, ring, n in zip(names, rings, counted.children, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "numberReturned": len(features), "features": features})


def check_hexagon_size(size_m: int) -> None:
    """InvalidFilter for a hexagon that is too small or too large, before anything is counted."""
    if not grid.MIN_SIZE_M <= size_m <= grid.MAX_SIZE_M:
        raise InvalidFilter(f"size={size_m}: en sekskant kan være fra {grid.MIN_SIZE_M} til {grid.MAX_SIZE_M} m.")


def check_bandwidth(bandwidth_m: int) -> None:
    """InvalidFilter for a heat map that is smoothed too little or too much, before anything is drawn."""
    if not MIN_BANDWIDTH_M <= bandwidth_m <= MAX_BANDWIDTH_M:
        raise InvalidFilter(f"bandwidth={bandwidth_m}: et varmekart kan jevnes ut over {MIN_BANDWIDTH_M} til {MAX_BANDWIDTH_M} m.")


def heat_json(survey: Survey, chosen: MarkFilter, *, bandwidth_m: int) -> bytes:
    """The heat map of the whole study area as a PNG in a data URL, with the corners to lay it between."""
    check_bandwidth(bandwidth_m)
    found = drawn(chosen.marks_of(survey))
    x, y, weights = positions_of(found.shapes, bandwidth_m=bandwidth_m)
    x, y, weights = np.concatenate([found.x, x]), np.concatenate([found.y, y]), np.concatenate([np.ones(len(found.x)), weights])
    lon, lat = grid.transformer(grid.GRID_SRID, 4326).transform(x, y)
    west, south, east, north = survey.study_area.extent
    bounds = Bounds(west=west, south=south, east=east, north=north)
    heat = heat_map(np.asarray(lon), np.asarray(lat), bounds=bounds, side_px=HEAT_SIDE_PX, bandwidth_m=bandwidth_m, weights=weights)
    picture = b64encode(heat_png(heat)).decode()
    corners = [[south, west], [north, east]]  # Leaflet's order
    return orjson.dumps({"bounds": corners, "image": f"data:image/png;base64,{picture}", "peak_per_km2": round(heat.peak, 1)})
