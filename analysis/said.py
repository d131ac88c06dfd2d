"""What children have said and a person has released: read, searched and laid on places. The bridge from tables to analysis/words.py.

PostgreSQL's Norwegian configuration makes stems of words and leaves out those that say nothing (og, det, jeg); bokmål and nynorsk share
it, and words of other languages are taken as they are written. Nothing here reads anything but `published_comment` of released marks.
No index is kept for it: a survey's words are some thousand short texts, read and stemmed in less than a second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import shapely
from django.contrib.gis.geos import MultiPolygon
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db import connection
from django.db.models import Func, IntegerField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from analysis import grid
from analysis.areas import Area
from analysis.filters import MarkFilter
from analysis.known_layers import layers_of
from analysis.privacy.suppress import K, shown
from analysis.summary import theme_label
from analysis.words import Ids, best_of, children_per_stem, topics
from mapping.models import Mark
from mapping.querysets import MarkQuerySet
from surveys.errors import InvalidFilter
from surveys.models import GradeBand, Layer, LayerFeature, Municipality, Survey

CONFIG = "norwegian"
MOST_WORDS = 60
MOST_FOUND = 100
MOST_PLACES = 40
WORDS_PER_PLACE = 6
EXAMPLES = 3
LOOKED_AT = 20
MAX_TEXTS = 50_000
CELL_M = 250
HEXAGONS = "hexagons"
_HERE, _GONE = "\x02", "\x03"
"""Where a hit begins and ends: controls, which surveys/plain_text.py lets into no text."""


@dataclass(frozen=True)
class Spoken:
    """Words as rows: of which text, by which child, which stem. Texts and children are numbers from 0 that mean nothing elsewhere.

    marks: the mark of each text. stems: the form that most children write each stem in.
    """

    marks: tuple[Any, ...]
    text: Ids
    child: Ids
    stem: Ids
    stems: tuple[str, ...]

    @property
    def everywhere(self) -> Ids:
        """How many children say each stem."""
        return children_per_stem(self.stem, self.child, len(self.stems))


@dataclass(frozen=True)
class Hit:
    """A text that matches, as HTML that is safe, with what it was said of and a query of the workbench that shows where; "" for nowhere."""

    html: SafeString
    theme: str
    category: str
    band: str
    query: str


@dataclass(frozen=True)
class Found:
    """What a search found: so many texts of so many children, and the first of them in no order."""

    texts: int
    children: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Place:
    """A thing of a layer, or a hexagon: how many children have words there, and the words that are its own, with how many say each."""

    name: str
    children: int
    words: tuple[tuple[str, int], ...]
    query: str


@dataclass(frozen=True)
class Group:
    """A topic as a page shows it: its words, how many children are mostly about it, and texts that are the most so."""

    words: tuple[str, ...]
    children: str
    texts: int
    examples: tuple[str, ...]


def released(survey: Survey, chosen: MarkFilter) -> MarkQuerySet:
    """The marks that pass and have words that a person has released."""
    return chosen.marks_of(survey).filter(comment_state=Mark.CommentState.RELEASED).exclude(published_comment="")


def spoken(survey: Survey, chosen: MarkFilter) -> Spoken:
    """All words of the marks that pass, in one reading; InvalidFilter for more texts than are read at once."""
    marks = released(survey, chosen)
    if (many := marks.count()) > MAX_TEXTS:
        raise InvalidFilter(f"{many} tekster passer med filtrene; høyst {MAX_TEXTS} leses på én gang. Velg flere filtre.")
    query, params = marks.order_by().values_list("pk", "response_id", "published_comment").query.sql_with_params()
    connection.ensure_connection()
    chosen_sql = psycopg.ClientCursor(connection.connection).mogrify(query, params)
    # 'simple' keeps the words as they are written, at the same positions
    statement = f"""
        SELECT DISTINCT id, child, n.lexeme, written.lexeme
        FROM ({chosen_sql}) AS mark (id, child, text)
        CROSS JOIN LATERAL unnest(to_tsvector('{CONFIG}', text)) AS n
        CROSS JOIN LATERAL unnest(n.positions) AS at
        CROSS JOIN LATERAL (SELECT w.lexeme FROM unnest(to_tsvector('simple', text)) AS w WHERE at = ANY(w.positions) LIMIT 1) AS written
        WHERE n.lexeme ~ '[[:alpha:]]{{2}}'
    """  # noqa: S608  # compiled by Django, bound by psycopg
    with psycopg.Cursor(connection.connection) as cursor:
        rows = cursor.execute(statement.encode()).fetchall()
    return _numbered(rows)


def _numbered(rows: list[tuple[Any, ...]]) -> Spoken:
    rows = sorted(rows, key=lambda row: (str(row[0]), row[2], row[3]))
    text, marks = pd.factorize(pd.Series([row[0] for row in rows], dtype=object))
    child, _ = pd.factorize(pd.Series([row[1] for row in rows], dtype=object))
    stem, stems = pd.factorize(pd.Series([row[2] for row in rows], dtype=object), sort=True)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for _, lexeme, form in {(row[1], row[2], row[3]) for row in rows}:
        forms[lexeme][form] += 1
    best = [min(forms[one].items(), key=lambda item: (-item[1], item[0]))[0] for one in stems]
    return Spoken(tuple(marks), text.astype(np.int64), child.astype(np.int64), stem.astype(np.int64), tuple(best))


def common_words(words: Spoken) -> list[tuple[str, int]]:
    """The words that most children say, those of K children or more, with how many; equal ones by the alphabet."""
    numbers = words.everywhere
    found = sorted((-int(numbers[at]), words.stems[at]) for at in np.flatnonzero(numbers >= K).tolist())
    return [(form, -number) for number, form in found[:MOST_WORDS]]


def search(survey: Survey, chosen: MarkFilter, asked: str) -> Found:
    """Released texts that match, as a web search is written: words, "a phrase", or, -without. InvalidFilter where nothing is asked for."""
    query = SearchQuery(asked, config=CONFIG, search_type="websearch")
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(websearch_to_tsquery(%s::regconfig, %s))", [CONFIG, asked])
        if not cursor.fetchone()[0]:
            raise InvalidFilter(f"I «{asked[:60]}» er det bare småord som finnes i nesten alle setninger. Skriv et ord som sier mer.")
    marks = released(survey, chosen).annotate(vector=SearchVector("published_comment", config=CONFIG)).filter(vector=query)
    children = marks.order_by().values("response_id").distinct().count()
    headline = SearchHeadline("published_comment", query, config=CONFIG, start_sel=_HERE, stop_sel=_GONE, highlight_all=True)
    listed = marks.annotate(headline=headline).select_related("category__theme", "response__class_group").order_by("?")[:MOST_FOUND]
    return Found(marks.count(), shown(children), tuple(_hit(mark, survey, chosen) for mark in listed))


def _hit(mark: Any, survey: Survey, chosen: MarkFilter) -> Hit:
    return Hit(
        html=_highlighted(mark.headline),
        theme=theme_label(mark.category.theme, survey),
        category=mark.category.label_in("nb", survey.default_language),
        band=str(GradeBand.of(mark.response.class_group.grade).label),
        query=_where(mark, chosen),
    )


def _highlighted(text: str) -> SafeString:
    """The text with its hits marked; escaped first, so that nothing a child writes is HTML."""
    return mark_safe(escape(text).replace(_HERE, "<mark>").replace(_GONE, "</mark>"))  # noqa: S308  # escaped just now


def _where(mark: Any, chosen: MarkFilter) -> str:
    """The workbench round the mark: its category, some 100 m to each side."""
    if mark.geom is None:
        return ""
    west, south, east, north = mark.geom.extent
    box = (west - 0.002, south - 0.001, east + 0.002, north + 0.001)
    return replace(chosen, category=(mark.category.code,), theme=(), bbox=box, area=None).query_string()


def layers_with_areas(municipality: Municipality) -> list[Layer]:
    """The municipality's layers whose things are areas, in the order in which they are offered."""
    dimension = Func("geom", function="ST_Dimension", output_field=IntegerField())
    areas = LayerFeature.objects.filter(layer__municipality=municipality).annotate(dimension=dimension).filter(dimension=2)
    with_areas = set(areas.order_by().values_list("layer_id", flat=True).distinct())
    return [layer for layer in layers_of(municipality) if layer.pk in with_areas]


def words_by_place(words: Spoken, chosen: MarkFilter, layer: Layer | None) -> list[Place]:
    """The places that have words of their own, those with most children first; hexagons where there is no layer.

    A word is a place's own where K children say it there and more than chance would have it (analysis/words.py).
    """
    text, place, names, queries = _on_hexagons(words, chosen) if layer is None else _on_things(words, chosen, layer)
    at_text: dict[int, list[int]] = defaultdict(list)
    for one, there in zip(text.tolist(), place.tolist(), strict=True):
        at_text[there].append(one)
    everywhere, found = words.everywhere, []
    for there, texts in at_text.items():
        inside = np.isin(words.text, texts)
        here = children_per_stem(words.stem[inside], words.child[inside], len(words.stems))
        if own := best_of(here, everywhere, most=WORDS_PER_PLACE):
            children = len(np.unique(words.child[inside]))
            found.append(Place(names[there], children, tuple((words.stems[at], int(here[at])) for at in own), queries[there]))
    return sorted(found, key=lambda one: (-one.children, one.name))[:MOST_PLACES]


def _shapes(words: Spoken) -> tuple[Ids, Any]:
    """The texts that lie somewhere and, parallel, where, in EPSG:25833."""
    number = {pk: at for at, pk in enumerate(words.marks)}
    rows = list(Mark.objects.filter(pk__in=words.marks).exclude(geom=None).order_by("pk").values_list("pk", "geom"))
    shapes = shapely.from_wkb(np.array([bytes(geom.wkb) for _, geom in rows], dtype=object))
    return np.array([number[pk] for pk, _ in rows], dtype=np.int64), grid.project_shapes(shapes)


def _on_things(words: Spoken, chosen: MarkFilter, layer: Layer) -> tuple[Ids, Ids, list[str], list[str]]:
    rows = list(LayerFeature.objects.filter(layer=layer).order_by("number").values_list("number", "name", "geom"))
    things = grid.project_shapes(shapely.from_wkb(np.array([bytes(geom.wkb) for _, _, geom in rows], dtype=object)))
    text, shapes = _shapes(words)
    mark, thing = shapely.STRtree(things).query(shapes, predicate="intersects")
    names = [name or f"Nr. {number}" for number, name, _ in rows]
    return text[mark], np.asarray(thing, dtype=np.int64), names, [_inside(chosen, f"{layer.pk}.{number}") for number, _, _ in rows]


def _on_hexagons(words: Spoken, chosen: MarkFilter) -> tuple[Ids, Ids, list[str], list[str]]:
    text, shapes = _shapes(words)
    cells, index = grid.cells_of_geometries(shapes, CELL_M)
    different, place = np.unique(cells, return_inverse=True)
    rings = grid.cell_polygon_lonlat(different)
    corners = [" ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in ring[:-1]) for ring in rings.tolist()]
    return text[index], place.astype(np.int64), grid.cell_name(different), [_inside(chosen, area) for area in corners]


def _inside(chosen: MarkFilter, area: str) -> str:
    """The workbench's query for the marks of the filter inside an area, written as in an address."""
    return replace(chosen, bbox=None, area=Area(area, MultiPolygon(), "", 0)).query_string()


def topics_of(words: Spoken, number: int) -> list[Group]:
    """Groups of words that go together, the largest first; TooFewTexts where there is too little to find any in."""
    found = topics(words.text, words.stem, words.child, number=number)
    child_of = dict(zip(words.text.tolist(), words.child.tolist(), strict=True))
    wanted = [words.marks[at] for one in found for at in one.texts[:LOOKED_AT].tolist()]
    said = dict(Mark.objects.filter(pk__in=wanted, comment_state=Mark.CommentState.RELEASED).values_list("pk", "published_comment"))
    return [
        Group(
            words=tuple(words.stems[at] for at in one.stems),
            children=shown(len({child_of[at] for at in one.texts.tolist()})),
            texts=len(one.texts),
            examples=_different([said[words.marks[at]] for at in one.texts[:LOOKED_AT].tolist() if words.marks[at] in said]),
        )
        for one in found
    ]


def _different(texts: list[str]) -> tuple[str, ...]:
    """The first EXAMPLES that are not the same but for case and signs."""
    found = {"".join(letter for letter in text.casefold() if letter.isalnum()): text for text in reversed(texts)}
    return tuple(reversed(found.values()))[:EXAMPLES]
