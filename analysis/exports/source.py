"""Marks in shuffled order straight from PostgreSQL: one snapshot, and memory that does not grow with their number.

The order is that of a hash of the mark's id with a salt drawn anew for each export: it says nothing of who drew what or when, and no two
exports share it. PostgreSQL sorts before anything wide is made of a row, so that a million marks sort 180 MB of geometry and numbers
(in 64 MB of memory and a temporary file) rather than 450 MB of JSON. Nothing is joined above the sort: a join may put rows back
in the order of the children, and did so when it was tried. Fetching rows by shuffled place (ctid) instead took twice as long as sorting,
since each row then costs a page.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.models import BinaryField, ExpressionWrapper, F

from analysis.exports.columns import COLUMNS, Vocabulary, literal
from analysis.filters import MarkFilter
from surveys.models import Survey

SETTINGS = """
    SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'; SET LOCAL enable_hashagg = off;
    SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL datestyle = 'ISO'
"""
"""As long as it takes; room for the sort; groups as they come instead of all in memory; no parallel workers, for geojson.py brings its own;
ISO dates."""

_RAW_GEOM = ExpressionWrapper(F("geom"), output_field=BinaryField())  # as it is stored: no conversion per row
_FIELDS = ("id", "category_id", "response_id", "mode", "week", "published_comment", "answers")


class Source:
    """The marks of a survey that pass a filter, to be selected from in shuffled order.

    What is selected may name geom, category (the row number), who (a number of Vocabulary.whos), mode, week, published_comment, answers
    and chunk (a random number below 2 ** chunk_bits, in order).
    """

    def __init__(self, survey: Survey, chosen: MarkFilter) -> None:
        self.vocabulary = Vocabulary(survey)
        self.survey = survey
        self.marks = chosen.marks_of(survey).order_by()
        self.salt = secrets.randbits(62)

    def statement(self, select: str, *, group: str = "", chunk_bits: int = 0, part: int = 0, parts: int = 1) -> bytes:
        """`SELECT <select>` over the shuffled marks; with parts = 2, half of them for each part, parted by another hash."""
        hashed = "uuid_hash_extended(id, {salt})".format
        half = f"WHERE {hashed(salt=self.salt + 2)} & {parts - 1} = {part}" if parts > 1 else ""
        statement = f"""
            SELECT {select} FROM (
                SELECT {hashed(salt=self.salt)} & {(1 << chunk_bits) - 1} AS chunk,
                       geom, category, who, mode, week, published_comment, answers
                FROM {self.joined()}
                {half} ORDER BY 1, {hashed(salt=self.salt + 1)}
            ) AS shuffled {group}
        """  # noqa: S608  # compiled by Django, bound by psycopg
        return statement.encode()

    def joined(self) -> str:
        """The marks with who drew them, for a FROM: what may be selected, and id, in no order."""
        return f"{self.chosen()} JOIN {self.responses()} USING (response_id)"

    def chosen(self) -> str:
        """The marks alone, for a FROM: id, category, response_id, mode, week, published_comment, answers, geom."""
        return f"({self._compiled()}) AS mark (id, category, response_id, mode, week, published_comment, answers, geom)"

    def blocks(self, values: Sequence[str], *, at_once: int) -> Iterator[list[tuple[Any, ...]]]:
        """Rows of these values, so many at once; a cursor on the server keeps memory flat on both sides."""
        with raw_cursor() as cursor, psycopg.ServerCursor(cursor.connection, name="trakk_export") as server_side:
            server_side.execute(self.statement(", ".join(values)))
            while block := server_side.fetchmany(at_once):
                yield block

    def _compiled(self) -> str:
        query, params = self.marks.values_list(*_FIELDS, _RAW_GEOM).query.sql_with_params()
        connection.ensure_connection()
        return str(psycopg.ClientCursor(connection.connection).mogrify(query, params))

    def responses(self) -> str:
        """Who drew, for a FROM: response_id, and who, a number of Vocabulary.whos.

        The numbers are joined and not chosen by CASE, which would try the classes one after the other for every response; and nothing
        keeps PostgreSQL from asking for the few responses of a tile alone.
        """
        rows = [(group, *told) for group, numbers in self.vocabulary.who_of_group for told in _told(numbers)]
        groups, entries, numbers = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
        told = f"unnest({literal(groups)}::uuid[], {literal(entries)}::text[], {literal(numbers)}::int[])"
        return f"""(
            SELECT id, number FROM surveys_response
            LEFT JOIN {told} AS told (class_group, whose, number) ON class_group = class_group_id AND (whose IS NULL OR whose = entry)
            WHERE survey_id = {literal(self.survey.pk)}
        ) AS response (response_id, who)"""  # noqa: S608  # bound above


def _told(numbers: dict[str, int]) -> list[tuple[str | None, int]]:
    """The numbers of who answered in a class, by whose hand drew; None where that makes no difference."""
    if len(numbers) == 1:
        return [(None, next(iter(numbers.values())))]
    return list(numbers.items())


@contextmanager
def raw_cursor(*, repeatable: bool = False) -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of psycopg's own in a transaction with the export's settings; repeatable when its snapshot is to be shared."""
    with transaction.atomic():
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            if repeatable:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(SETTINGS)
            yield cursor


def rows(
    survey: Survey, chosen: MarkFilter, *, geometry: str = "ST_AsBinary(geom)", at_once: int = 2000
) -> Iterator[list[tuple[Any, ...]]]:
    """Blocks of rows (COLUMNS in order, then the geometry); not more than one block is held."""
    source = Source(survey, chosen)
    return source.blocks([*(source.vocabulary.value_sql(column) for column in COLUMNS), geometry], at_once=at_once)
