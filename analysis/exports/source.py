"""Marks in shuffled order straight from PostgreSQL: one statement, hence one snapshot, and memory that does not grow.

Sorting whole rows by a random number would spill to disk. Only the rows' places in the table (ctid, six bytes) are shuffled, and
each row is then fetched by its place; within one statement a place stays the row's. The order is new each time and says nothing of
who drew what or when.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from analysis.exports.columns import COLUMNS
from analysis.filters import MarkFilter
from surveys.models import Question, Survey

_JOINS = """
FROM (SELECT q.tid FROM ({chosen}) q ORDER BY random()) k
JOIN mapping_mark m ON m.ctid = k.tid
JOIN surveys_category c ON c.id = m.category_id
JOIN surveys_theme t ON t.id = c.theme_id
JOIN surveys_response r ON r.id = m.response_id
JOIN surveys_classgroup g ON g.id = r.class_group_id
JOIN surveys_school s ON s.id = g.school_id
"""


@contextmanager
def raw_cursor() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of psycopg's own in a transaction of its own, with the planner told how to fetch by place."""
    with transaction.atomic():
        connection.ensure_connection()
        with connection.connection.cursor() as cursor:
            # A join on ctid has no statistics: left to itself the planner would sort the table's rows instead.
            cursor.execute("SET LOCAL enable_mergejoin = off; SET LOCAL enable_hashjoin = off; SET LOCAL work_mem = '96MB'")
            yield cursor


def statement(survey: Survey, chosen: MarkFilter, select: str) -> bytes:
    """`SELECT <select>` over the shuffled marks that pass, with every value bound; select names the columns of _JOINS."""
    marks = chosen.marks_of(survey).order_by().annotate(tid=RawSQL('"mapping_mark"."ctid"', ())).values("tid")  # fixed text
    inner_sql, inner_params = marks.query.sql_with_params()
    texts = list(Question.objects.filter(survey=survey, type=Question.Type.TEXT).values_list("code", flat=True))
    connection.ensure_connection()
    binder = psycopg.ClientCursor(connection.connection)
    inner = binder.mogrify(inner_sql, inner_params)
    bound_select = binder.mogrify(select, {"texts": texts}) if "%(texts)s" in select else select
    return f"SELECT {bound_select} {_JOINS.replace('{chosen}', inner)}".encode()


def rows(
    survey: Survey, chosen: MarkFilter, *, geometry: str = "ST_AsBinary(m.geom)", at_once: int = 2000
) -> Iterator[list[tuple[Any, ...]]]:
    """Blocks of rows (COLUMNS in order, then the geometry); a cursor on the server keeps memory flat on both sides."""
    select = ", ".join(column.sql for column in COLUMNS) + f", {geometry}"
    with raw_cursor() as cursor:
        query = statement(survey, chosen, select)
        with cursor.connection.cursor(name="trakk_export") as server_side:
            server_side.execute(query)
            while block := server_side.fetchmany(at_once):
                yield block
