"""What lies on the workbench's map: marks one by one, hexagons of children, hot and cold spots, and the heat map.

Marks carry no id and come in an order drawn anew each time, so that nothing links two marks of one child.
"""

from base64 import b64encode
from typing import Any

import numpy as np
import orjson
import shapely
from django.contrib.gis.db.models.functions import AsGeoJSON
from numpy.typing import NDArray

from analysis import grid
from analysis.cell_features import cell_features
from analysis.contours import Isopleth, isopleths
from analysis.datasets import drawn
from analysis.density import Bounds, heat_png
from analysis.engine import Here, children_heat
from analysis.filters import MarkFilter
from analysis.hotspots import LEAST_CELLS, hot_spots
from analysis.looks import check_bandwidth, check_hexagon_size
from analysis.privacy.suppress import K, shown
from surveys.models import GradeBand, Kind, Survey

MAX_MARKS = 20_000
"""More than this are not sent at once: the page then shows hexagons, and vector tiles where it is zoomed in (desk_tiles.py)."""
HEAT_SIDE_PX = 768
SHARES = (0.5, 0.8)
"""Of all that was marked, so much lies within the contours of the heat map."""


def marks_geojson(survey: Survey, chosen: MarkFilter) -> bytes:
    """The marks that pass, as a FeatureCollection with numberMatched and numberReturned; none when they are too many (isTooMany)."""
    marks = chosen.marks_of(survey)
    matched = marks.count()
    is_too_many = matched > MAX_MARKS
    drawn = marks.none() if is_too_many else marks.exclude(geom__isnull=True)
    rows = drawn.annotate(geojson=AsGeoJSON("geom", precision=6)).order_by("?").values_list(*_COLUMNS)
    features = [_feature(row) for row in rows]
    numbers = {"numberMatched": matched, "numberReturned": len(features), "isTooMany": is_too_many}
    return orjson.dumps({"type": "FeatureCollection", **numbers, "features": features})


_COLUMNS = ("geojson", "category__code", "mode", "published_comment", "response__class_group__grade")


def _feature(row: tuple[Any, ...]) -> dict[str, Any]:
    geojson, category, mode, comment, grade = row
    properties = {"category": category, "mode": mode, "comment": comment, "grade_band": GradeBand.of(grade).value}
    return {"type": "Feature", "geometry": orjson.Fragment(geojson), "properties": properties}


def hexagons_geojson(survey: Survey, chosen: MarkFilter, *, size_m: int) -> bytes:
    """The hexagons the marks touch, EPSG:25833's fixed grid, with the number of different children; under five as "1–4"."""
    check_hexagon_size(size_m)
    counted = grid.count_cells(*drawn(chosen.marks_of(survey)).cells(size_m))
    about = ({"children": n if n >= K else None, "said": shown(n), "size_m": size_m} for n in counted.children.tolist())
    features = cell_features(counted.cells, about)
    return orjson.dumps({"type": "FeatureCollection", "numberReturned": len(features), "features": features})


def spots_geojson(survey: Survey, chosen: MarkFilter, *, size_m: int) -> bytes:
    """The hexagons around which places of more children, or of fewer, gather than chance would put there (analysis/hotspots.py).

    A FeatureCollection of those that stand out alone, `kind` 1 for hot and −1 for cold, `around` (children in it and its neighbours, each
    counted once a hexagon), z and p; with `tested`, how many hexagons the study area has, and `is_enough`, whether that is any use.
    """
    check_hexagon_size(size_m)
    area, _ = grid.cells_of_geometries(study_area_of(survey), size_m)
    area = np.unique(area)
    counted = grid.count_cells(*drawn(chosen.marks_of(survey).filter(kind=Kind.PLACE)).cells(size_m))
    spots = hot_spots(counted.cells, counted.children, area)
    there = np.flatnonzero(spots.kind)
    about = (
        {
            "kind": int(spots.kind[at]),
            "around": shown(int(spots.around[at])),
            "z": round(float(spots.z[at]), 2),
            "p": float(f"{spots.p[at]:.2g}"),
        }
        for at in there
    )
    features = cell_features(spots.cells[there], about)
    tested = {"tested": len(area), "is_enough": len(area) >= LEAST_CELLS}
    return orjson.dumps({"type": "FeatureCollection", **tested, "numberReturned": len(features), "features": features})


def study_area_of(survey: Survey) -> NDArray[np.object_]:
    """The polygons of the study area in EPSG:25833."""
    return grid.project_shapes(shapely.get_parts(shapely.from_wkb(bytes(survey.study_area.wkb))))


def heat_json(survey: Survey, chosen: MarkFilter, *, bandwidth_m: int) -> bytes:
    """The heat map of the whole study area as a PNG in a data URL, with the corners to lay it between, in children per km².

    `contours`: the land that holds half and four fifths of what children marked (analysis/contours.py), each a Feature with share and km2;
    none where fewer children than K marked anything, since it would be a line around one child's day.
    """
    check_bandwidth(bandwidth_m)
    found = drawn(chosen.marks_of(survey))
    west, south, east, north = survey.study_area.extent
    bounds = Bounds(west=west, south=south, east=east, north=north)
    heat = children_heat([found], bounds=bounds, side_px=HEAT_SIDE_PX, bandwidth_m=bandwidth_m, engine=Here())
    children = len(np.unique(np.concatenate([found.child, found.shape_child])))
    lines = isopleths(heat, SHARES) if children >= K else []
    picture = b64encode(heat_png(heat)).decode()
    corners = [[south, west], [north, east]]  # Leaflet's order
    contours = {"type": "FeatureCollection", "features": [_contour(line) for line in lines]}
    image = f"data:image/png;base64,{picture}"
    return orjson.dumps({"bounds": corners, "image": image, "peak_per_km2": round(heat.peak, 1), "contours": contours})


def _contour(line: Isopleth) -> dict[str, Any]:
    km2 = float(shapely.area(grid.project_shapes(np.array([line.land], dtype=object))).sum()) / 1e6
    geometry = orjson.Fragment(shapely.to_geojson(shapely.set_precision(line.land, 1e-6)))
    return {"type": "Feature", "geometry": geometry, "properties": {"share": line.share, "km2": float(f"{km2:.2g}")}}
