"""Children and marks by theme, category, transport, grade and who drew, in one reading of the marks."""

from dataclasses import dataclass
from typing import NamedTuple

import psycopg
from django.db import connection
from django.db.models import BooleanField, CharField, Expression, ExpressionWrapper, Q, Value

from mapping.querysets import MarkQuerySet


class Counted(NamedTuple):
    """How many different children, and how many marks."""

    children: int = 0
    marks: int = 0


@dataclass(frozen=True)
class Counts:
    """The numbers of one choice of marks; theme and category by row number, mode by code ("" for none), grade from 1 to 10.

    by_entry: "" where it is not told who drew; nothing at all where nobody asked.
    """

    total: Counted
    without_geometry: int
    by_theme: dict[int, Counted]
    by_category: dict[int, Counted]
    by_mode: dict[str, Counted]
    by_grade: dict[int, Counted]
    by_entry: dict[str, Counted]


_COLUMNS = ("category__theme_id", "category_id", "mode", "response__class_group__grade", "response_id")
_KEYS = ("theme", "category", "mode", "grade", "entry")


def count(marks: MarkQuerySet, *, entry: Expression | None = None) -> Counts:
    """Count marks and the different children behind them; by who drew, too, when entry says how that is told (analysis/entries.py)."""
    without = ExpressionWrapper(Q(geom__isnull=True), output_field=BooleanField())
    told = Value("", CharField()) if entry is None else entry
    query, params = marks.order_by().values_list(*_COLUMNS, told, without).query.sql_with_params()
    connection.ensure_connection()
    # the filter's values are bound into the text, since the compiled statement is only a part of this one
    chosen = psycopg.ClientCursor(connection.connection).mogrify(query, params)
    keys = _KEYS if entry is not None else _KEYS[:-1]
    listed = ", ".join(keys)
    statement = f"""
        SELECT grouping({listed}), coalesce({", ".join(f"{key}::text" for key in keys)}),
               count(DISTINCT child), count(*), count(*) FILTER (WHERE without_geometry)
        FROM ({chosen}) AS mark (theme, category, mode, grade, child, entry, without_geometry)
        GROUP BY GROUPING SETS ((), {", ".join(f"({key})" for key in keys)})
    """  # noqa: S608  # compiled by Django, bound by psycopg
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("%", "%%"), [])
        rows = cursor.fetchall()
    # GROUPING() is a bit per key, the last the lowest, 1 where the row is a total over it
    all_ones = (1 << len(keys)) - 1
    key_of = {all_ones ^ 1 << bit: key for bit, key in enumerate(reversed(keys))}
    of: dict[str, dict[str, Counted]] = {key: {} for key in _KEYS}
    total, without_geometry = Counted(), 0
    for grouping, value, children, number, missing in rows:
        if grouping == all_ones:
            total, without_geometry = Counted(children, number), missing
        else:
            of[key_of[grouping]][value] = Counted(children, number)
    by_number = {f"by_{key}": {int(value): number for value, number in of[key].items()} for key in ("theme", "category", "grade")}
    return Counts(total, without_geometry, by_mode=of["mode"], by_entry=of["entry"], **by_number)
