"""Children and marks by theme, category, transport, grade and who drew, in one reading of the marks."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import psycopg
from django.db import connection
from django.db.models import BooleanField, CharField, Expression, ExpressionWrapper, Q, Value

from mapping.querysets import MarkQuerySet
from surveys.models import Category


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


_WORD = 62
"""Categories to a number: PostgreSQL's bigint has 63 bits beside its sign."""


def count(marks: MarkQuerySet, categories: Iterable[Category], *, entry: Expression | None = None) -> Counts:
    """Count marks of these categories and the different children behind them, by who drew, too, when entry says how that is told.

    The marks are gone through twice in one statement: once for their number by category and mode, once child by child. What a child
    marked is then a bit for each category and mode, so that PostgreSQL sorts nothing and hands over at most a row per child: a million
    marks take some 1.5 s, and seven where it counts DISTINCT children by each. ValueError for a mark of another category.
    """
    known = list(categories)
    place = {category.pk: at for at, category in enumerate(known)}
    with connection.cursor() as cursor:
        cursor.execute(_statement(marks, list(place), entry).replace("%", "%%"), [])
        rows = cursor.fetchall()
    kinds = [row for row in rows if row[0] is not None]
    children = [row for row in rows if row[0] is None]
    if unknown := {row[0] for row in kinds} - place.keys():
        raise ValueError(f"marks of the categories {sorted(unknown)}, which were not named")
    people = _People(children, words=-(-len(known) // _WORD))
    by_category = {pk: Counted(people.with_any([place[pk]]), number) for pk, number in _sums(kinds, lambda row: row[0]).items()}
    theme_of = {category.pk: category.theme_id for category in known}
    of_theme = {theme: [at for at, one in enumerate(known) if one.theme_id == theme] for theme in theme_of.values()}
    by_theme = {
        theme: Counted(people.with_any(of_theme[theme]), number) for theme, number in _sums(kinds, lambda row: theme_of[row[0]]).items()
    }
    bits = {mode: bit for _, mode, bit, *_ in kinds}
    by_mode = {mode: Counted(people.with_mode(bits[mode]), number) for mode, number in _sums(kinds, lambda row: row[1]).items()}
    return Counts(
        total=Counted(people.number(), sum(row[-2] for row in kinds)),
        without_geometry=sum(row[-1] for row in kinds),
        by_theme=by_theme,
        by_category=by_category,
        by_mode=by_mode,
        by_grade=people.by("grade"),
        by_entry=people.by("entry") if entry is not None else {},
    )


def _statement(marks: MarkQuerySet, categories: Sequence[int], entry: Expression | None) -> str:
    """Two kinds of rows: (category, mode, its bit, null …, marks, marks without geometry), and, child by child but alike ones together,
    (null, null, modes, grade, entry, categories …, children, marks)."""
    without = ExpressionWrapper(Q(geom__isnull=True), output_field=BooleanField())
    told = Value("", CharField()) if entry is None else entry
    query, params = marks.order_by().values_list("category_id", "mode", "response_id", told, without).query.sql_with_params()
    connection.ensure_connection()
    # the filter's values are bound into the text, since the compiled statement is only a part of this one
    chosen = psycopg.ClientCursor(connection.connection).mogrify(query, params)
    places = ", ".join(f"({pk}, {at // _WORD}, {1 << at % _WORD}::bigint)" for at, pk in enumerate(categories)) or "(0, 0, 0::bigint)"
    words = range(-(-len(categories) // _WORD))
    masks = "".join(f", bit_or(CASE word WHEN {word} THEN bit ELSE 0 END) AS word{word}" for word in words)
    listed = "".join(f", word{word}" for word in words)
    return f"""
        WITH chosen (category, mode, child, entry, without_geometry) AS NOT MATERIALIZED ({chosen}),
        kinds AS MATERIALIZED (
            SELECT category, mode, count(*) AS marks, count(*) FILTER (WHERE without_geometry) AS missing FROM chosen GROUP BY 1, 2
        ),
        modes AS (SELECT mode, 1::bigint << (row_number() OVER ())::int - 1 AS mode_bit FROM (SELECT DISTINCT mode FROM kinds) AS one),
        children AS (
            SELECT child, count(*) AS marks, bit_or(mode_bit) AS modes, max(entry) AS entry{masks}
            FROM chosen LEFT JOIN (VALUES {places}) AS known (category, word, bit) USING (category) JOIN modes USING (mode)
            GROUP BY child
        )
        SELECT category, mode, mode_bit, NULL::int, NULL::text{", NULL::bigint" * len(words)}, marks, missing
        FROM kinds JOIN modes USING (mode)
        UNION ALL
        SELECT NULL, NULL, modes, grade, children.entry{listed}, count(*), sum(marks)::bigint
        FROM children JOIN surveys_response ON surveys_response.id = child
        LEFT JOIN surveys_classgroup ON surveys_classgroup.id = class_group_id
        GROUP BY modes, grade, children.entry{listed}
    """  # noqa: S608  # compiled by Django, bound by psycopg, and numbers


class _People:
    """Children by what they marked: rows of alike ones, with a mask of modes, masks of categories, and how many they are."""

    def __init__(self, rows: Sequence[tuple[Any, ...]], *, words: int) -> None:
        self.modes = np.array([row[2] for row in rows], dtype=np.int64)
        self.words = [np.array([row[5 + word] for row in rows], dtype=np.int64) for word in range(words)]
        self.children = np.array([row[-2] for row in rows], dtype=np.int64)
        self._told = [{"grade": row[3], "entry": row[4], "children": row[-2], "marks": row[-1]} for row in rows]

    def number(self) -> int:
        """All of them."""
        return int(self.children.sum())

    def with_any(self, places: Iterable[int]) -> int:
        """Those who marked anything of some categories, by their places."""
        masks = [0] * len(self.words)
        for place in places:
            masks[place // _WORD] |= 1 << place % _WORD
        hit = np.zeros(len(self.children), dtype=bool)
        for word, mask in zip(self.words, masks, strict=True):
            hit |= (word & mask) != 0
        return int(self.children[hit].sum())

    def with_mode(self, bit: int) -> int:
        """Those who drew anything of a mode."""
        return int(self.children[(self.modes & bit) != 0].sum())

    def by(self, what: str) -> dict[Any, Counted]:
        """Children and marks by grade or by entry; who has none of it is left out."""
        found: dict[Any, Counted] = {}
        for row in self._told:
            if (key := row[what]) is not None:
                so_far = found.get(key, Counted())
                found[key] = Counted(so_far.children + row["children"], so_far.marks + row["marks"])
        return found


def _sums(kinds: Iterable[tuple[Any, ...]], key: Callable[[tuple[Any, ...]], Any]) -> Counter[Any]:
    """Marks by a key of the rows of categories and modes."""
    found: Counter[Any] = Counter()
    for row in kinds:
        found[key(row)] += row[-2]
    return found
