"""Children and marks by theme, category, transport and grade, in one reading of the marks."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

from mapping.querysets import MarkQuerySet


class Counted(NamedTuple):
    """How many different children, and how many marks."""

    children: int = 0
    marks: int = 0


@dataclass(frozen=True)
class Counts:
    """The numbers of one choice of marks; theme and category by row number, mode by code ("" for none), grade from 1 to 10."""

    total: Counted
    without_geometry: int
    by_theme: dict[int, Counted]
    by_category: dict[int, Counted]
    by_mode: dict[str, Counted]
    by_grade: dict[int, Counted]


_COLUMNS = ("category__theme_id", "category_id", "mode", "response__class_group__grade", "response_id")
# GROUPING() is a bit per column, 1 where the row is a total over it: theme 8, category 4, mode 2, grade 1
_TOTAL, _THEME, _CATEGORY, _MODE, _GRADE = 0b1111, 0b0111, 0b1011, 0b1101, 0b1110


def count(marks: MarkQuerySet) -> Counts:
    """Count marks and the different children behind them."""
    without = ExpressionWrapper(Q(geom__isnull=True), output_field=BooleanField())
    query, params = marks.order_by().values_list(*_COLUMNS, without).query.sql_with_params()
    connection.ensure_connection()
    # the filter's values are bound into the text, since the compiled statement is only a part of this one
    chosen = psycopg.ClientCursor(connection.connection).mogrify(query, params)
    statement = f"""
        SELECT grouping(theme, category, mode, grade), theme, category, mode, grade,
               count(DISTINCT child), count(*), count(*) FILTER (WHERE without_geometry)
        FROM ({chosen}) AS mark (theme, category, mode, grade, child, without_geometry)
        GROUP BY GROUPING SETS ((), (theme), (category), (mode), (grade))
    """  # noqa: S608  # compiled by Django, bound by psycopg
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("%", "%%"), [])
        rows = cursor.fetchall()
    of: dict[int, dict[Any, Counted]] = {_THEME: {}, _CATEGORY: {}, _MODE: {}, _GRADE: {}}
    total, without_geometry = Counted(), 0
    for grouping, *keys, children, number, missing in rows:
        if grouping == _TOTAL:
            total, without_geometry = Counted(children, number), missing
        else:
            of[grouping][keys[(_THEME, _CATEGORY, _MODE, _GRADE).index(grouping)]] = Counted(children, number)
    return Counts(total, without_geometry, by_theme=of[_THEME], by_category=of[_CATEGORY], by_mode=of[_MODE], by_grade=of[_GRADE])
