"""The bridge from the tables of marks to arrays: projected to EPSG:25833, children as numbers that mean nothing elsewhere.

Row by row a million places take longer to hand over than to count. PostgreSQL therefore packs them into two values of fixed-width
records (the point as it is stored, the response's uuid), which numpy reads where they lie, and does so on two connections when there
are many. Ways are packed the same way, each as long as it is; areas, which are few, come as rows.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

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
WAYS_AT_ONCE = 400_000
"""Rows of the table that are gone through for one value of ways: they are a hundred times as long as places."""
PARALLEL_FROM = 100_000
"""From so many places on a second connection reads half of them."""
STRETCHES = 8
"""So many stretches of the table are read in turn by the two: a survey whose marks lie together is still shared between them."""

_RAW_GEOM = ExpressionWrapper(F("geom"), output_field=BinaryField())
_POINT = np.dtype([("head", "V9"), ("lon", "<f8"), ("lat", "<f8")])
"""PostGIS' extended WKB of a place: byte order, type, SRID, and the position."""
_POINT_HEAD = np.void(bytes.fromhex("0101000020e6100000"))
"""Little-endian, a point with an SRID, 4326."""
_POSITION = np.dtype([("lon", "<f8"), ("lat", "<f8")])
_LINE_HEAD = bytes.fromhex("0102000020e6100000")
"""The same of a line; then the number of its positions, and they themselves."""
_COUNT = struct.Struct("<I")
_LINE_HEAD_SIZE = len(_LINE_HEAD) + _COUNT.size


def drawn(marks: MarkQuerySet) -> Drawn:
    """The marks that have a geometry, in an order that means nothing; empty arrays when there are none."""
    points, of_places = _places(marks.filter(kind=Kind.PLACE).order_by())
    positions, line, of_ways = _ways(marks.filter(kind=Kind.ROUTE).exclude(geom=None).order_by())
    areas, of_areas = _areas(marks.filter(kind=Kind.AREA).order_by())
    # neither needs the interpreter for long
    with ThreadPoolExecutor(max_workers=1) as aside:
        numbered = aside.submit(_numbers, np.concatenate([of_places, of_ways, of_areas]))
        x, y = grid.project(points["lon"], points["lat"])
        ways = shapely.linestrings(np.column_stack(grid.project(positions["lon"], positions["lat"])), indices=line)
        number = numbered.result()
    shapes = np.concatenate([np.asarray(ways, dtype=object), grid.project_shapes(areas)])
    return Drawn(x=x, y=y, child=number[: len(x)], shapes=shapes, shape_child=number[len(x) :])


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
    raw, children = _packed(places, at_once=AT_ONCE)
    points = np.frombuffer(raw, dtype=_POINT)
    if (points["head"] != _POINT_HEAD).any():
        raise ValueError("a place is not a point in EPSG:4326")
    return points, children


def _ways(ways: MarkQuerySet) -> tuple[NDArray[np.void], Ids, NDArray[np.uint64]]:
    """Positions (lon and lat in degrees), the number of the line that each is of, and the halves of the responses' uuids.

    The lines are found by reading how many positions the first has, and so on: each begins where the one before ends. Making a GEOS
    line of each out of WKB and moving its positions afterwards took four times as long as everything else together.
    """
    raw, children = _packed(ways, at_once=WAYS_AT_ONCE)
    if not len(children):
        return np.empty(0, dtype=_POSITION), np.empty(0, dtype=np.int64), children
    starts, counts = _line_starts(raw, len(children))
    octets = np.frombuffer(raw, dtype=np.uint8)
    heads = octets[starts[:, None] + np.arange(len(_LINE_HEAD))]
    if (heads != np.frombuffer(_LINE_HEAD, dtype=np.uint8)).any():
        raise ValueError("a way is not a line in EPSG:4326")
    is_position = np.ones(len(octets), dtype=bool)
    is_position[(starts[:, None] + np.arange(_LINE_HEAD_SIZE)).reshape(-1)] = False
    return octets[is_position].view(_POSITION), np.repeat(np.arange(len(counts)), counts), children


def _line_starts(raw: bytes, lines: int) -> tuple[Ids, Ids]:
    """Where each of so many lines begins, and how many positions it has."""
    starts, counts, at = np.empty(lines, dtype=np.int64), np.empty(lines, dtype=np.int64), 0
    for number in range(lines):
        starts[number] = at
        (counts[number],) = _COUNT.unpack_from(raw, at + len(_LINE_HEAD))
        at += _LINE_HEAD_SIZE + _POSITION.itemsize * int(counts[number])
    if at != len(raw):
        raise ValueError(f"{lines} ways end at byte {at} of {len(raw)}")
    return starts, counts


def _areas(areas: MarkQuerySet) -> tuple[Geometries, NDArray[np.uint64]]:
    """The areas in degrees and the halves of the responses' uuids: they are few, and come as rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        # a filter that leaves only places is seen to contradict this at once, and the table is not gone through in vain
        cursor.execute("SET LOCAL constraint_exclusion = on")
        rows = list(areas.values_list(_RAW_GEOM, "response_id"))
    shapes = shapely.from_wkb(np.array([raw for raw, _ in rows], dtype=object))
    return shapes, _halves(b"".join(child.bytes for _, child in rows))


def _packed(marks: MarkQuerySet, *, at_once: int) -> tuple[bytes, NDArray[np.uint64]]:
    """The geometries of marks, as PostGIS stores them, one after the other; and the halves of the responses' uuids, parallel."""
    page = RawSQL("mapping_mark.ctid", (), output_field=CharField())
    sql, params = marks.values_list(page, _RAW_GEOM, "response_id").query.sql_with_params()
    connection.ensure_connection()
    # the filter's values are bound into the text, since the compiled statement is only a part of the others
    chosen = psycopg.ClientCursor(connection.connection).mogrify(sql, params)
    values = list(_read([_packing(chosen, where) for where in _stretches(chosen, at_once)]))
    return b"".join(values[0::2]), _halves(b"".join(values[1::2]))


def _stretches(marks: str, at_once: int) -> list[str]:
    """Conditions that part the table by its pages, so that nothing is passed over twice; estimates are enough, and cost nothing."""
    with psycopg.Cursor(connection.connection) as cursor:
        ((in_table, pages),) = cursor.execute(
            "SELECT reltuples::bigint, pg_relation_size(oid) / current_setting('block_size')::int"
            " FROM pg_class WHERE oid = 'mapping_mark'::regclass"
        ).fetchall()
        ((explained,),) = cursor.execute(f"EXPLAIN (FORMAT JSON) {marks}".encode()).fetchall()
    many = explained[0]["Plan"]["Plan Rows"] >= PARALLEL_FROM
    number = max(STRETCHES if many else 1, -(-int(in_table) // at_once))
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
