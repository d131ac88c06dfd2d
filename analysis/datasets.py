"""The bridge from the tables of marks to arrays: projected to EPSG:25833, children as numbers that mean nothing elsewhere.

Row by row a million places take longer to hand over than to count. PostgreSQL therefore packs them into two values of fixed-width
records (the point as it is stored, the response's uuid), which numpy reads where they lie, and does so on two connections when there
are many; ways and areas come as rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import geopandas
import numpy as np
import pandas as pd
import psycopg
import shapely
from django.db import connection, transaction
from django.db.models import BinaryField, CharField, ExpressionWrapper, F
from django.db.models.expressions import RawSQL
from numpy.typing import NDArray

from analysis import grid
from analysis.drawn import Drawn
from analysis.filters import MarkFilter
from analysis.second_connection import helper_for
from mapping.querysets import MarkQuerySet
from surveys.models import GradeBand, Kind, Survey

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

AT_ONCE = 4_000_000
"""Places in one packed value, 100 MB; more are read in parts, since PostgreSQL builds a value in memory (and ends at 1 GB)."""
PARALLEL_FROM = 100_000
"""From so many places on a second connection reads half of them."""
STRETCHES = 8
"""So many stretches of the table are read in turn by the two: a survey whose marks lie together is still shared between them."""

_RAW_GEOM = ExpressionWrapper(F("geom"), output_field=BinaryField())
_POINT = np.dtype([("head", "V9"), ("lon", "<f8"), ("lat", "<f8")])
"""PostGIS' extended WKB of a place: byte order, type, SRID, and the position."""
_POINT_HEAD = np.void(bytes.fromhex("0101000020e6100000"))
"""Little-endian, a point with an SRID, 4326."""


def drawn(marks: MarkQuerySet) -> Drawn:
    """The marks that have a geometry, in an order that means nothing; empty arrays when there are none."""
    points, owners = _places(marks.filter(kind=Kind.PLACE).order_by())
    others = _others(marks)
    shapes = shapely.from_wkb(np.array([raw for raw, _ in others], dtype=object))
    owners = np.concatenate([owners, _halves(b"".join(child.bytes for _, child in others))])
    # neither needs the interpreter for long
    with ThreadPoolExecutor(max_workers=1) as aside:
        numbered = aside.submit(_numbers, owners)
        x, y = grid.project(points["lon"], points["lat"])
        number = numbered.result()
    return Drawn(x=x, y=y, child=number[: len(x)], shapes=grid.project_shapes(shapes), shape_child=number[len(x) :])


@dataclass(frozen=True)
class Categorised:
    """Marks in EPSG:25833 with whose each is (a number per child from 0) and its category's row number. All parallel."""

    shapes: Geometries
    child: Ids
    category: Ids


def categorised(marks: MarkQuerySet) -> Categorised:
    """The marks that have a geometry, row by row: for questions that need to know what each of them means."""
    rows = list(marks.exclude(geom=None).order_by().values_list(_RAW_GEOM, "response_id", "category_id"))
    return Categorised(
        shapes=grid.project_shapes(shapely.from_wkb(np.array([raw for raw, _, _ in rows], dtype=object))),
        child=_numbers(_halves(b"".join(child.bytes for _, child, _ in rows))),
        category=np.array([category for _, _, category in rows], dtype=np.int64),
    )


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
    return geopandas.GeoDataFrame(data, geometry=grid.project_shapes(shapely.from_wkb(wkb)), crs=grid.GRID_SRID)


def _places(places: MarkQuerySet) -> tuple[NDArray[np.void], NDArray[np.uint64]]:
    """Positions (lon and lat in degrees) and the halves of the responses' uuids of marks that all are places."""
    page = RawSQL("mapping_mark.ctid", (), output_field=CharField())
    sql, params = places.values_list(page, _RAW_GEOM, "response_id").query.sql_with_params()
    connection.ensure_connection()
    # the filter's values are bound into the text, since the compiled statement is only a part of the others
    marks = psycopg.ClientCursor(connection.connection).mogrify(sql, params)
    values = list(_read([_packing(marks, where) for where in _stretches(marks)]))
    points = np.frombuffer(b"".join(values[0::2]), dtype=_POINT)
    if (points["head"] != _POINT_HEAD).any():
        raise ValueError("a place is not a point in EPSG:4326")
    return points, _halves(b"".join(values[1::2]))


def _others(marks: MarkQuerySet) -> list[tuple[memoryview, UUID]]:
    """The ways and areas, as PostGIS stores them, and whose they are."""
    others = marks.exclude(kind=Kind.PLACE).exclude(geom=None).order_by().values_list(_RAW_GEOM, "response_id")
    with transaction.atomic(), connection.cursor() as cursor:
        # a filter that leaves only places is seen to contradict this at once, and the table is not gone through in vain
        cursor.execute("SET LOCAL constraint_exclusion = on")
        return list(others)


def _stretches(marks: str) -> list[str]:
    """Conditions that part the table by its pages, so that nothing is passed over twice; estimates are enough, and cost nothing."""
    with psycopg.Cursor(connection.connection) as cursor:
        ((in_table, pages),) = cursor.execute(
            "SELECT reltuples::bigint, pg_relation_size(oid) / current_setting('block_size')::int"
            " FROM pg_class WHERE oid = 'mapping_mark'::regclass"
        ).fetchall()
        ((explained,),) = cursor.execute(f"EXPLAIN (FORMAT JSON) {marks}".encode()).fetchall()
    many = explained[0]["Plan"]["Plan Rows"] >= PARALLEL_FROM
    number = max(STRETCHES if many else 1, -(-int(in_table) // AT_ONCE))
    bounds = sorted({pages * at // number for at in range(1, number)} - {0})
    lower = [f"page >= '({bound},0)'" for bound in bounds]
    upper = [f"page < '({bound},0)'" for bound in bounds]
    # the last one has no upper bound: pages may be added before it is read
    return [" AND ".join(filter(None, pair)) or "true" for pair in zip(["", *lower], [*upper, ""], strict=True)]


def _packing(marks: str, where: str) -> bytes:
    """The statement that packs one stretch of the marks into two values."""
    return f"""
        SELECT string_agg(geom::bytea, ''::bytea), string_agg(uuid_send(child), ''::bytea) FROM ({marks}) AS q (page, geom, child)
        WHERE {where}
    """.encode()  # noqa: S608  # compiled by Django and bound by psycopg


def _read(statements: Sequence[bytes]) -> Iterator[bytes]:
    """The two values of each statement, in no order of theirs; a second connection takes its share, as many as it has time for."""
    left = deque(statements)
    # inside a transaction of somebody else's a second connection would not see what that one has written
    if len(statements) == 1 or connection.in_atomic_block:
        with psycopg.Cursor(connection.connection) as cursor:
            yield from _values(cursor, left)
        return
    with transaction.atomic(), psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with helper_for(cursor, "", lambda own: _values(own, left)) as helper:
            yield from _values(cursor, left)
            yield from helper.rest() if helper else ()


def _values(cursor: psycopg.Cursor[Any], left: deque[bytes]) -> Iterator[bytes]:
    """Run what is left, one statement after the other, until none is; both values of each."""
    while left:
        try:
            statement = left.popleft()
        except IndexError:
            return  # both saw the last one, and the other got it
        for value in cursor.execute(statement, binary=True).fetchone() or (None, None):
            yield value or b""


def _halves(uuids: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(uuids, dtype=np.uint64).reshape(-1, 2)


def _numbers(halves: NDArray[np.uint64]) -> Ids:
    """A number from 0 for each different pair of 64-bit halves."""
    if not len(halves):
        return np.empty(0, dtype=np.int64)
    low, high = np.ascontiguousarray(halves[:, 0]), np.ascontiguousarray(halves[:, 1])
    number, _ = pd.factorize((low ^ (high * np.uint64(0x9E3779B97F4A7C15))).view(np.int64))
    first = np.empty(number.max() + 1, dtype=np.int64)
    first[number[::-1]] = np.arange(len(number) - 1, -1, -1)
    # two children fold alike: once in a hundred million surveys, or on purpose
    if (low[first][number] != low).any() or (high[first][number] != high).any():
        return np.unique(halves, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return np.asarray(number, dtype=np.int64)
