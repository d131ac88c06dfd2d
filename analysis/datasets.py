"""The bridge from the tables of marks to arrays: projected to EPSG:25833, children as numbers that mean nothing elsewhere.

Row by row a million places take longer to hand over than to count. PostgreSQL therefore packs them into two values of fixed-width
records (x and y as eight-byte floats, the response's uuid), which numpy reads where they lie; ways and areas come as rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import psycopg
import shapely
from django.db import connection
from django.db.models import BinaryField, ExpressionWrapper, F
from numpy.typing import NDArray

from analysis import grid
from analysis.filters import MarkFilter
from mapping.querysets import MarkQuerySet
from surveys.models import GradeBand, Kind, Survey

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

AT_ONCE = 4_000_000
"""Places in one packed value, 64 MB; more are read in parts, since PostgreSQL builds a value in memory (and ends at 1 GB)."""

_RAW_GEOM = ExpressionWrapper(F("geom"), output_field=BinaryField())


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


def drawn(marks: MarkQuerySet) -> Drawn:
    """The marks that have a geometry, in an order that means nothing; empty arrays when there are none."""
    lon_lat, owners = _places(marks.filter(kind=Kind.PLACE).order_by())
    x, y = grid.project(lon_lat[:, 0], lon_lat[:, 1])
    others = list(marks.exclude(kind=Kind.PLACE).exclude(geom=None).order_by().values_list(_RAW_GEOM, "response_id"))
    shapes = shapely.from_wkb(np.array([raw for raw, _ in others], dtype=object))
    shape_owners = _halves(b"".join(child.bytes for _, child in others))
    number = _numbers(np.concatenate([owners, shape_owners]))
    return Drawn(x=x, y=y, child=number[: len(x)], shapes=_to_grid(shapes), shape_child=number[len(x) :])


def marks_frame(survey: Survey, chosen: MarkFilter) -> geopandas.GeoDataFrame:
    """The marks that pass as a frame in EPSG:25833: theme, category, kind, mode, grade_band, month, child, geometry.

    child numbers the children from 0 anew in each call and is for counting, never for showing. Marks without geometry
    have None. One row per mark; an empty frame with the same columns when none passes.
    """
    columns = ("category__theme__code", "category__code", "kind", "mode", "response__class_group__grade", "week", "response_id", "geom")
    rows = list(chosen.marks_of(survey).order_by().values_list(*columns))
    theme, category, kind, mode, grade, week, child, geom = zip(*rows, strict=True) if rows else ((),) * len(columns)
    wkb = np.array([None if shape is None else bytes(shape.wkb) for shape in geom], dtype=object)
    data: dict[str, Any] = {
        "theme": theme,
        "category": category,
        "kind": kind,
        "mode": mode,
        "grade_band": [GradeBand.of(number).value for number in grade],
        "month": [f"{day:%Y-%m}" for day in week],
        "child": _numbers(_halves(b"".join(one.bytes for one in child))),
    }
    return geopandas.GeoDataFrame(data, geometry=_to_grid(shapely.from_wkb(wkb)), crs=grid.GRID_SRID)


def _places(places: MarkQuerySet) -> tuple[Floats, NDArray[np.uint64]]:
    """Longitudes and latitudes, and the halves of the responses' uuids, of marks that all are places."""
    with connection.cursor() as cursor:
        # an estimate is enough to know whether the values could grow too large, and costs nothing
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'mapping_mark'::regclass")
        (rows,) = cursor.fetchone()
    parts = 1 << max(0, -(-rows // AT_ONCE) - 1).bit_length()
    packed = [_packed(places, f"WHERE uuid_hash_extended(id, 0) & {parts - 1} = {part}" if parts > 1 else "") for part in range(parts)]
    positions, owners = (b"".join(column) for column in zip(*packed, strict=True))
    return np.frombuffer(positions, dtype=">f8").astype(np.float64).reshape(-1, 2), _halves(owners)


def _packed(places: MarkQuerySet, where: str) -> tuple[bytes, bytes]:
    sql, params = places.values_list("id", _RAW_GEOM, "response_id").query.sql_with_params()
    connection.ensure_connection()
    # the filter's values are bound into the text, since the compiled statement is only a part of this one
    inner = psycopg.ClientCursor(connection.connection).mogrify(sql, params)
    query = f"""
        SELECT string_agg(float8send(ST_X(geom)) || float8send(ST_Y(geom)), ''::bytea), string_agg(uuid_send(child), ''::bytea)
        FROM ({inner}) AS q (id, geom, child) {where}
    """  # noqa: S608  # compiled by Django and bound by psycopg
    with psycopg.Cursor(connection.connection) as cursor:
        positions, owners = cursor.execute(query.encode(), binary=True).fetchone() or (None, None)
    return positions or b"", owners or b""


def _halves(uuids: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(uuids, dtype=np.uint64).reshape(-1, 2)


def _numbers(halves: NDArray[np.uint64]) -> Ids:
    """A number from 0 for each different pair of 64-bit halves."""
    if not len(halves):
        return np.empty(0, dtype=np.int64)
    folded = halves[:, 0] ^ (halves[:, 1] * np.uint64(0x9E3779B97F4A7C15))
    _, first, number = np.unique(folded, return_index=True, return_inverse=True)
    if (halves[first[number]] != halves).any():  # two children fold alike: once in a hundred million surveys, or on purpose
        return np.unique(halves, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return number.astype(np.int64)


def _to_grid(shapes: Geometries) -> Geometries:
    """Degrees to EPSG:25833; None stays None."""
    if not len(shapes):
        return np.empty(0, dtype=object)
    return np.asarray(shapely.transform(shapes, lambda xy: np.column_stack(grid.project(xy[:, 0], xy[:, 1]))), dtype=object)
