"""Cross-tables of a survey: the bridge from tables to analysis/crosstab.py.

Which dimensions a survey has, how PostgreSQL reads each from a mark, and how children are counted in cells and margins. A mark that has
no value in one of the two (a place has no transport) is not in the table, nor in its margins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import psycopg
from django.db import connection
from django.db.models import Case, CharField, Expression, F, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Left
from django.utils.formats import date_format

from analysis.crosstab import Crosstab, rounded_of, told_of
from analysis.filters import MarkFilter
from analysis.privacy.release import child_key
from analysis.privacy.suppress import MIN_SLICE, Children
from analysis.summary import theme_label
from mapping.models import Mark
from surveys.errors import InvalidFilter
from surveys.models import GradeBand, Kind, Question, Survey
from surveys.models.survey import words_in

QUESTION = "question:"
ROWS, COLUMNS = "category", "grade_band"
"""The table that is shown before anything is chosen."""


@dataclass(frozen=True)
class Dimension:
    """One way to sort marks: its name in an address, what it is called, its values with their words in order, and how it is read.

    is_apart: a child stands under one of the values only. of_child: a child's answer, which no mark tells by itself.
    is_filter: the name and its values are those of a MarkFilter, too.
    """

    name: str
    label: str
    values: dict[str, str]
    reads: Expression | F
    is_apart: bool = False
    of_child: bool = False
    is_filter: bool = True


@dataclass(frozen=True)
class Heading:
    """A row or column: its words, and the query of the workbench that shows its marks; "" where no filter says the same."""

    label: str
    query: str


@dataclass(frozen=True)
class Found:
    """A counted cross-table with its headings, margins apart. is_rounded: by the rules of a release."""

    rows: Dimension
    columns: Dimension
    row_heads: tuple[Heading, ...]
    column_heads: tuple[Heading, ...]
    table: Crosstab
    is_rounded: bool

    @property
    def is_empty(self) -> bool:
        """Whether no mark is in the table."""
        return not self.row_heads


def dimensions_of(survey: Survey) -> dict[str, Dimension]:
    """The survey's dimensions by name; those of one value are there, too, since a filter may leave one. survey: from with_words()."""
    categories = survey.categories.all()
    schools = sorted({(group.school.name, group.school_id) for group in survey.class_groups.all()})
    months = list(Mark.objects.filter(survey=survey).order_by().dates("week", "month"))
    bands = [When(response__class_group__grade__in=list(band.grades), then=Value(band.value)) for band in GradeBand]
    found = [
        Dimension("theme", "Tema", {one.theme.code: theme_label(one.theme, survey) for one in categories}, F("category__theme__code")),
        Dimension(
            "category", "Kategori", {one.code: one.label_in("nb", survey.default_language) for one in categories}, F("category__code")
        ),
        Dimension("kind", "Tegning", {kind.value: str(kind.label).capitalize() for kind in Kind}, F("kind")),
        Dimension("mode", "Transport", {code: mode["words"].get("nb", code) for code, mode in survey.modes.items()}, F("mode")),
        Dimension(
            "grade_band", "Klassetrinn", {band.value: str(band.label) for band in GradeBand}, Case(*bands, default=Value("")), is_apart=True
        ),
        Dimension("school", "Skole", {str(pk): name for name, pk in schools}, F("response__class_group__school_id"), is_apart=True),
        Dimension(
            "month",
            "Måned",
            {f"{day:%Y-%m}": date_format(day, "F Y").capitalize() for day in months},
            # a day as text begins with its year and month: the session's DateStyle is ISO
            Left(Cast("week", CharField()), 7),
            is_filter=False,
        ),
        *_questions(survey),
    ]
    return {one.name: one for one in found}


def _questions(survey: Survey) -> list[Dimension]:
    """The questions that have one answer of a few: about a mark, or of the child."""
    asked = survey.questions.filter(type__in=[Question.Type.SINGLE, Question.Type.SCALE]).order_by("position")
    found = []
    for question in asked:
        words: dict[str, Any] = words_in(question.words, "nb", survey.default_language) or {}
        options = {option: str(words.get("options", {}).get(option, option)) for option in question.options}
        of_child = question.category_id is None
        answers = "response__answers" if of_child else "answers"
        label = str(words.get("label", question.code))
        reads = KeyTextTransform(question.code, answers)
        found.append(Dimension(QUESTION + question.code, label, options, reads, is_apart=of_child, of_child=of_child, is_filter=False))
    return found


def chosen_dimensions(known: dict[str, Dimension], rows: str, columns: str) -> tuple[Dimension, Dimension]:
    """The two by their names; InvalidFilter for one that the survey does not have, or for the same twice."""
    for name in (rows, columns):
        if name not in known:
            raise InvalidFilter(f"Inndelingen {name[:60]!r} finnes ikke i undersøkelsen. Tillatt: {', '.join(known)}.")
    if rows == columns:
        raise InvalidFilter(f"Rader og kolonner er begge {known[rows].label!r}. Velg to forskjellige.")
    return known[rows], known[columns]


def crosstab_of(survey: Survey, chosen: MarkFilter, rows: Dimension, columns: Dimension) -> Found:
    """Count different children, and marks, in each cell and margin; InvalidFilter where a child's answer may not be told so finely.

    Only values that a mark has are rows and columns. Marks are None where a child's answer is a dimension: their number would help to
    tell whose they are.
    """
    is_rounded = rows.of_child or columns.of_child
    if is_rounded and (chosen.bbox or chosen.area):
        raise InvalidFilter(
            "Svar som ikke er gitt om et merke, kan ikke deles opp etter sted: da kunne svaret til ett barn leses av merket. "
            "Ta bort området på kartet, eller velg en annen inndeling."
        )
    cells = _rounded(survey, chosen, rows, columns) if is_rounded else _counted(survey, chosen, rows, columns)
    return Found(rows, columns, _heads(rows, cells[0], chosen), _heads(columns, cells[1], chosen), cells[2], is_rounded)


Cells = tuple[list[str], list[str], Crosstab]
"""The values that are rows, those that are columns, and the table."""


def _counted(survey: Survey, chosen: MarkFilter, rows: Dimension, columns: Dimension) -> Cells:
    """Numbers as they are, in one reading of the marks."""
    counted = _count(survey, chosen, rows, columns)
    row_values = [value for value in rows.values if (value, None) in counted]
    column_values = [value for value in columns.values if (None, value) in counted]
    both = [[counted.get((row, column), (0, 0)) for column in (*column_values, None)] for row in (*row_values, None)]
    numbers = np.array(both, dtype=np.int64)
    children = numbers[:, :, 0]
    told = told_of(children, rows_apart=rows.is_apart, columns_apart=columns.is_apart)
    return row_values, column_values, Crosstab(children, told, marks=numbers[:, :, 1])


def _count(survey: Survey, chosen: MarkFilter, rows: Dimension, columns: Dimension) -> dict[tuple[str | None, str | None], tuple[int, int]]:
    """Children and marks by row and column; None where it is a total over them."""
    query, params = _marks(survey, chosen, rows, columns, "response_id").query.sql_with_params()
    connection.ensure_connection()
    # the filter's values are bound into the text, since the compiled statement is only a part of this one
    marks = psycopg.ClientCursor(connection.connection).mogrify(query, params)
    statement = f"""
        SELECT CASE grouping(r) WHEN 0 THEN r END, CASE grouping(c) WHEN 0 THEN c END, count(DISTINCT child), count(*)
        FROM ({marks.replace("%", "%%")}) AS mark (r, c, child)
        WHERE r = ANY(%s) AND c = ANY(%s)
        GROUP BY GROUPING SETS ((r, c), (r), (c), ())
    """  # noqa: S608  # compiled by Django, bound by psycopg
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(rows.values), list(columns.values)])
        return {(row, column): (children, number) for row, column, children, number in cursor.fetchall()}


def _marks(survey: Survey, chosen: MarkFilter, rows: Dimension, columns: Dimension, *more: str) -> Any:
    pair = (Cast(rows.reads, CharField()), Cast(columns.reads, CharField()))
    return chosen.marks_of(survey).order_by().values_list(*pair, *more)


def _rounded(survey: Survey, chosen: MarkFilter, rows: Dimension, columns: Dimension) -> Cells:
    """Numbers by the rules of a release; InvalidFilter where fewer than MIN_SLICE children are in the table."""
    found = [
        row
        for row in _marks(survey, chosen, rows, columns, "response_id", "response__class_group_id").distinct()
        if row[0] in rows.values and row[1] in columns.values
    ]
    row_values = _values(rows, {row[0] for row in found})
    column_values = _values(columns, {row[1] for row in found})
    child, children = pd.factorize(np.array([row[2].bytes for row in found], dtype=object))
    if len(children) < MIN_SLICE:
        raise InvalidFilter(
            f"Færre enn {MIN_SLICE} barn har svart på dette og tegnet noe som passer med filtrene. "
            "Da vises ingen tabell. Ta bort et filter."
        )
    of_child = dict(zip(child.tolist(), (row[3] for row in found), strict=True))
    groups, _ = pd.factorize(np.array([of_child[number].bytes for number in range(len(children))], dtype=object))
    who = Children(keys=np.array([child_key(key) for key in children], dtype=np.uint64), classes=groups.astype(np.int64))
    at_row = np.array([row_values.index(row[0]) for row in found], dtype=np.int64)
    at_column = np.array([column_values.index(row[1]) for row in found], dtype=np.int64)
    shape = len(row_values), len(column_values)
    table = rounded_of(at_row, at_column, child.astype(np.int64), who, shape, apart=(rows.is_apart, columns.is_apart))
    return row_values, column_values, table


def _values(dimension: Dimension, seen: set[str]) -> list[str]:
    """The values to show: of a child's answer all, since that nobody gave one would be told else."""
    return [value for value in dimension.values if dimension.of_child or value in seen]


def _heads(dimension: Dimension, values: list[str], chosen: MarkFilter) -> tuple[Heading, ...]:
    return tuple(Heading(dimension.values[value], _narrowed(dimension, value, chosen)) for value in values)


def _narrowed(dimension: Dimension, value: str, chosen: MarkFilter) -> str:
    if not dimension.is_filter:
        return ""
    narrower: dict[str, Any] = {dimension.name: (value,)}
    return replace(chosen, **narrower).query_string()
