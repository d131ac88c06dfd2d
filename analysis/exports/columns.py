"""The columns of every export, with what they mean: the one place to change them.

A column says something of the mark's category, of the class that drew it (as school and grade band only), or of the mark itself. The
first two have few values, so Python writes them out once and PostgreSQL chooses among them by number: joins and JSON for every one of
a million marks cost twice as much as their geometry does.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from psycopg import sql

from analysis.entries import has_adults, silent_classes
from surveys.models import Category, Entry, GradeBand, Question, Survey

Who = tuple[str, str, str]
"""School, grade band and whose hand drew: all that an export says of who answered; the last is "" where it would tell too much."""


@dataclass(frozen=True)
class Column:
    """One column: its name in every file, what it means in Norwegian, and where it comes from: one of the last three."""

    name: str
    meaning: str
    of_category: Callable[[Category], str] | None = None
    of_who: Callable[[Who], str] | None = None
    of_mark: str = ""
    """SQL over the columns that source.py hands on: mode, week, published_comment, answers."""

    @property
    def key(self) -> str:
        """The SQL column whose number the value is chosen by, or "" for one of the mark's own."""
        return "category" if self.of_category else "who" if self.of_who else ""


COLUMNS = (
    Column("theme", "Tema: koden til steget i undersøkelsen", of_category=lambda category: category.theme.code),
    Column("category", "Kategori: koden", of_category=lambda category: category.code),
    Column("category_label", "Kategori: navnet på bokmål", of_category=lambda category: category.label_in("nb")),
    Column("kind", "Tegning: place (sted), route (veg) eller area (område)", of_category=lambda category: category.kind),
    Column(
        "object_type",
        "Objekttype i den nasjonale produktspesifikasjonen Barnetråkk",
        of_category=lambda category: category.object_type,
    ),
    Column("official_code", "Kode i produktspesifikasjonens kodeliste", of_category=lambda category: category.official_code),
    Column("school", "Skole", of_who=lambda who: who[0]),
    Column("grade_band", "Klassetrinngruppe", of_who=lambda who: who[1]),
    Column(
        "entry",
        "Tegnet av: self (barnet), assisted (en voksen for barn), paper (en voksen fra papirark); tomt der det er for få av et slag",
        of_who=lambda who: who[2],
    ),
    Column("mode", "Transportmiddel, for veger", of_mark="mode"),
    # the session's DateStyle is ISO; to_char would take twice the time
    Column("month", "Måneden merket ble tegnet; finere tid finnes ikke", of_mark="left(week::text, 7)"),
    Column("comment", "Elevens ord, der de er lest og frigitt", of_mark="published_comment"),
    Column(
        "answers",
        "Svar på spørsmål om merket, som JSON; fritekst er ikke med",
        of_mark="CASE answers WHEN '{}' THEN '{}' ELSE (answers - {texts})::text END",
    ),
)


class Vocabulary:
    """A survey's categories, classes and free-text questions, as what the columns choose from."""

    def __init__(self, survey: Survey) -> None:
        self.categories: list[Category] = list(survey.categories.select_related("theme"))
        groups = survey.class_groups.order_by().values_list("pk", "school__name", "grade")
        named = {group: (school, str(GradeBand.of(grade).value)) for group, school, grade in groups}
        told = Entry.values if has_adults(survey) else [Entry.SELF.value]
        silent = set(silent_classes(survey))
        entries_of = {group: [""] if group in silent else told for group in named}
        self.whos: list[Who] = sorted({(*named[group], entry) for group, entries in entries_of.items() for entry in entries})
        number = {who: at for at, who in enumerate(self.whos)}
        # of each class either the one number, or a number for each way of drawing
        self.who_of_group = [(group, {entry: number[(*named[group], entry)] for entry in entries}) for group, entries in entries_of.items()]
        texts = survey.questions.filter(type=Question.Type.TEXT).values_list("code", flat=True)
        self.texts = f"{literal(list(texts))}::text[]"

    def value_sql(self, column: Column) -> str:
        """SQL for the column's value as text; "" where there is none."""
        if not column.key:
            return column.of_mark.replace("{texts}", self.texts)
        return _choose(column.key, self.lookup(column).items())

    def lookup(self, column: Column) -> dict[int, str]:
        """What a column that has a key says, by the number of that key."""
        return {number: values[0] for number, values in self._choices([column])}

    def properties_sql(self) -> str:
        """SQL for all columns as the members of a JSON object, in their order; null where there is no value."""
        members = []
        for key, columns in groupby(COLUMNS, key=lambda column: column.key):
            group = list(columns)
            if key:
                written = [(number, _members(group, values)) for number, values in self._choices(group)]
                members.append(_choose(key, written))
            else:
                members += [f"""'"{column.name}":' || {self._json(column)}""" for column in group]
        return " || ',' || ".join(members)

    def _choices(self, columns: Sequence[Column]) -> Iterable[tuple[int, list[str]]]:
        """Each number that the columns' key can have, with the columns' values."""
        if columns[0].of_category:
            return [
                (category.pk, [column.of_category(category) for column in columns if column.of_category]) for category in self.categories
            ]
        return [(number, [column.of_who(who) for column in columns if column.of_who]) for number, who in enumerate(self.whos)]

    def _json(self, column: Column) -> str:
        value = self.value_sql(column)
        if column.name == "answers":  # it is JSON already
            return value
        return f"CASE {value} WHEN '' THEN 'null' ELSE to_json({value})::text END"


def literal(value: Any) -> str:
    """A value as SQL text."""
    return sql.Literal(value).as_string(None)


def _members(columns: Sequence[Column], values: Sequence[str]) -> str:
    return ",".join(
        f'"{column.name}":{json.dumps(value or None, ensure_ascii=False)}' for column, value in zip(columns, values, strict=True)
    )


def _choose(key: str, texts: Iterable[tuple[int, str]]) -> str:
    """`CASE key WHEN 1 THEN 'a' …`; a survey without classes or categories has no marks either, but must still be valid SQL."""
    whens = " ".join(f"WHEN {number} THEN {literal(text)}" for number, text in texts)
    return f"CASE {key} {whens} ELSE '' END" if whens else "''"
