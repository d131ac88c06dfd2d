"""A plan case: all that children have said inside a boundary, over all rounds, how old it is, and who has not been heard.

Children are counted round by round and never added up over rounds: a child may have answered in two, and nothing tells. One to four
children are said as "1–4", as everywhere on the planner's desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import orjson
import shapely
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count

from analysis import grid
from analysis.areas import Area
from analysis.counting import Counts, count
from analysis.datasets import categorised
from analysis.filters import MarkFilter
from analysis.heard import Heard, heard
from analysis.layers import MAX_MARKS
from analysis.privacy.suppress import shown
from analysis.street_use import street_layer, street_use
from analysis.summary import theme_label
from mapping.models import Mark
from surveys.models import Category, GradeBand, Municipality, School, Survey

MAX_WORDS = 60
MOST_STREETS = 6
OLD_YEARS = 3
"""After so many years the children of a round go to another school, or to none."""
WAY_TO_SCHOOL = "skoleveg"
"""The official code of Geonorge's code list BarnevegType."""


@dataclass(frozen=True)
class Row:
    """A category, with what is said of the children of each round, in the order of the rounds."""

    theme: str
    label: str
    colour: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Ways:
    """Ways to school: how many children's go through, by school and by transport; where none does, metres to the nearest, or None."""

    children: str
    by_school: tuple[tuple[str, str], ...]
    by_mode: tuple[tuple[str, str], ...]
    nearest_m: int | None


@dataclass(frozen=True)
class Round:
    """What one survey has of the area. asked_share: how much of the area it asked about, in whole per cent; held: words not yet read."""

    survey: Survey
    query: str
    children: str
    marks: int
    ways: Ways
    heard: Heard
    asked_share: int
    held: int
    age: str
    is_old: bool
    counts: Counts


@dataclass(frozen=True)
class Words:
    """A child's released words, and what and when they were said of."""

    words: str
    label: str
    year: int


@dataclass(frozen=True)
class PlanCase:
    """Everything the page shows of an area."""

    area: Area
    rounds: tuple[Round, ...]
    rows: tuple[Row, ...]
    words: tuple[Words, ...]
    words_in_all: int
    streets: tuple[tuple[str, str], ...]
    streets_of: Survey | None
    silent_schools: tuple[str, ...]
    silent_bands: tuple[str, ...]

    @property
    def held(self) -> int:
        """Words that nobody has read yet."""
        return sum(one.held for one in self.rounds)

    @property
    def marks(self) -> int:
        """Marks in all rounds."""
        return sum(one.marks for one in self.rounds)


def plan_case(municipality: Municipality, surveys: Sequence[Survey], area: Area, *, today: date) -> PlanCase:
    """Read all of it. surveys: the rounds the planner may read, the newest first."""
    chosen = MarkFilter(area=area)
    rounds = tuple(_round(survey, chosen, area, today) for survey in surveys)
    words, words_in_all = _words(surveys, chosen)
    with_ways = next((one.survey for one in rounds if one.ways.children != "0"), None)
    with_answers = {row.school for one in rounds for row in one.heard.rows if row.answered}
    schools = School.objects.filter(municipality=municipality).order_by("name").values_list("name", flat=True)
    silent = [set(one.heard.silent_bands) for one in rounds]
    bands = [str(band.label) for band in GradeBand]
    return PlanCase(
        area=area,
        rounds=rounds,
        rows=tuple(_rows(rounds)),
        words=words,
        words_in_all=words_in_all,
        streets=_streets(with_ways, area) if with_ways else (),
        streets_of=with_ways,
        silent_schools=tuple(name for name in schools if name not in with_answers),
        silent_bands=tuple(band for band in bands if all(band in found for found in silent)),
    )


def inside_geojson(surveys: Iterable[Survey], area: Area) -> bytes:
    """The marks inside, over all rounds, one by one as the workbench shows them, with the year of their round; none when too many."""
    chosen, features, matched = MarkFilter(area=area), [], 0
    for survey in surveys:
        marks = chosen.marks_of(survey)
        matched += marks.count()
        if matched > MAX_MARKS:
            return orjson.dumps({"type": "FeatureCollection", "numberMatched": matched, "numberReturned": 0, "features": []})
        columns = ("geojson", "category__code", "mode", "published_comment", "response__class_group__grade")
        rows = marks.annotate(geojson=AsGeoJSON("geom", precision=6)).order_by("?").values_list(*columns)
        features += [_feature(row, survey.opens_on.year) for row in rows]
    return orjson.dumps({"type": "FeatureCollection", "numberMatched": matched, "numberReturned": len(features), "features": features})


def _feature(row: tuple[Any, ...], year: int) -> dict[str, Any]:
    geojson, category, mode, comment, grade = row
    about = {"category": category, "mode": mode, "comment": comment, "grade_band": GradeBand.of(grade).value, "year": year}
    return {"type": "Feature", "geometry": orjson.Fragment(geojson), "properties": about}


def _round(survey: Survey, chosen: MarkFilter, area: Area, today: date) -> Round:
    marks = chosen.marks_of(survey)
    counts = count(marks, survey.categories.all())
    age, is_old = _age(survey, today)
    return Round(
        survey=survey,
        query=chosen.query_string(),
        children=shown(counts.total.children),
        marks=counts.total.marks,
        ways=_ways(survey, chosen, area),
        heard=heard(survey, MarkFilter()),
        asked_share=_asked_share(survey, area),
        held=marks.filter(comment_state=Mark.CommentState.HELD).exclude(comment="").count(),
        age=age,
        is_old=is_old,
        counts=counts,
    )


def _rows(rounds: Sequence[Round]) -> Iterable[Row]:
    """A row for each category that anybody marked inside, in the order of the newest round that has it; one code is one row."""
    found: dict[str, tuple[Category, Survey]] = {}
    children: dict[tuple[str, int], int] = {}
    for place, one in enumerate(rounds):
        for category in one.survey.categories.select_related("theme"):
            if category.pk in one.counts.by_category:
                found.setdefault(category.code, (category, one.survey))
                children[category.code, place] = one.counts.by_category[category.pk].children
    for code, (category, survey) in found.items():
        said = tuple(shown(children.get((code, place), 0)) for place in range(len(rounds)))
        yield Row(theme_label(category.theme, survey), category.label_in("nb", survey.default_language), category.colour, said)


def _ways(survey: Survey, chosen: MarkFilter, area: Area) -> Ways:
    ways = chosen.marks_of(survey).filter(category__official_code=WAY_TO_SCHOOL)
    children = ways.aggregate(children=Count("response", distinct=True))["children"]
    of_school = ways.order_by().values_list("response__class_group__school__name").annotate(children=Count("response", distinct=True))
    of_mode = ways.exclude(mode="").order_by().values_list("mode").annotate(children=Count("response", distinct=True))
    modes = {code: mode["words"].get("nb", code) for code, mode in survey.modes.items()}
    order = {code: place for place, code in enumerate(modes)}
    return Ways(
        children=shown(children),
        by_school=tuple((name, shown(number)) for name, number in sorted(of_school)),
        by_mode=tuple(
            (modes.get(code, code), shown(number)) for code, number in sorted(of_mode, key=lambda row: order.get(row[0], len(order)))
        ),
        nearest_m=None if children else _nearest_m(survey, area),
    )


def _nearest_m(survey: Survey, area: Area) -> int | None:
    """Metres to the nearest way to school, in tens; None where there is no way."""
    ways = categorised(MarkFilter().marks_of(survey).filter(category__official_code=WAY_TO_SCHOOL)).shapes
    return int(round(float(shapely.distance(ways, _metric(area)).min()), -1)) if len(ways) else None


def _streets(survey: Survey, area: Area) -> tuple[tuple[str, str], ...]:
    """The streets inside that most children's ways to school follow: name, and children on the stretch where most go."""
    layer = street_layer(survey.municipality)
    code = survey.categories.filter(official_code=WAY_TO_SCHOOL).values_list("code", flat=True).first()
    if layer is None or code is None:
        return ()
    use = street_use(survey, replace(MarkFilter(), category=(code,)), layer)
    inside = np.flatnonzero(shapely.intersects(use.stretches.lines, _metric(area)) & (use.children > 0))
    most: dict[str, int] = {}
    for at in inside.tolist():
        name = use.names[use.stretches.street[at]]
        if name:
            most[name] = max(most.get(name, 0), int(use.children[at]))
    # streets of few stand in the order of their names, lest the order tell how few
    first = sorted(most.items(), key=lambda row: (-int(shown(row[1])) if shown(row[1]).isdecimal() else 0, row[0]))
    return tuple((name, shown(number)) for name, number in first[:MOST_STREETS])


def _words(surveys: Sequence[Survey], chosen: MarkFilter) -> tuple[tuple[Words, ...], int]:
    """Released words by chance, so many at most, the newest round first; and how many there are."""
    found: list[Words] = []
    number = 0
    for survey in surveys:
        said = chosen.marks_of(survey).exclude(published_comment="").select_related("category").order_by("?")
        number += said.count()
        found += [
            Words(mark.published_comment, mark.category.label_in("nb", survey.default_language), survey.opens_on.year)
            for mark in said[: MAX_WORDS - len(found)]
        ]
    return tuple(found), number


def _asked_share(survey: Survey, area: Area) -> int:
    """How much of the area lies in the survey's, in whole per cent; only what is whole is 100."""
    asked, whole = shapely.from_wkb(bytes(survey.study_area.wkb)), shapely.from_wkb(bytes(area.geom.wkb))
    if asked.covers(whole):
        return 100
    # both in degrees, side by side: their ratio is that of the ground within a part in a thousand
    return min(99, round(100 * asked.intersection(whole).area / whole.area))


def _age(survey: Survey, today: date) -> tuple[str, bool]:
    """How long ago the survey ended, in words, and whether that is long."""
    if survey.closes_on >= today:
        return "pågår" if survey.opens_on <= today else "har ikke begynt", False
    months = (today.year - survey.closes_on.year) * 12 + today.month - survey.closes_on.month
    years = months // 12
    if years < 1:
        return "mindre enn ett år gammelt", False
    return ("ett år gammelt" if years == 1 else f"{years} år gammelt"), years >= OLD_YEARS


def _metric(area: Area) -> Any:
    return grid.project_shapes(np.array([shapely.from_wkb(bytes(area.geom.wkb))], dtype=object))[0]
