"""Ways to school in numbers: the bridge from tables to analysis/distances.py, with what of it may be told.

A way to school is a route of a category whose official code says so (Geonorge's BarnevegType). Children are counted, not ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis import grid
from analysis.charts import BarChart, Row, bar_chart
from analysis.crosstab import Crosstab, Told, told_of
from analysis.distances import Ids, Measured, Quartiles, in_steps, measure, per_child, quartiles, rounded_m
from analysis.filters import MarkFilter
from analysis.plan_case import WAY_TO_SCHOOL
from analysis.privacy.suppress import K, shown
from surveys.models import GradeBand, Kind, Survey

EDGES_M = np.array([250.0, 500.0, 750.0, 1000.0, 1500.0, 2000.0, 3000.0, 4000.0])
EDGE_NAMES = ("til 250 m", "250–500 m", "500–750 m", "750–1000 m", "1–1,5 km", "1,5–2 km", "2–3 km", "3–4 km", "over 4 km")
LIMITS_M = np.array([1000.0, 2000.0, 4000.0])
LIMIT_NAMES = ("til 1 km", "1–2 km", "2–4 km", "over 4 km")
"""2 and 4 km: over so much pupils of grade 1, and of grades 2 to 10, have a right to transport. Opplæringslova (2023), § 4-1."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """Children with something in common: their length, distance and detour in quartiles; None for fewer than five of them."""

    label: str
    children: int
    length: Quartiles | None
    away: Quartiles | None
    detour: Quartiles | None

    @property
    def said(self) -> str:
        """How many children; few as a range."""
        return shown(self.children)


@dataclass(frozen=True)
class SchoolWays:
    """All that the page shows. short: children of whose ways nothing was sent, for they were too short to be cut safely."""

    whole: Group
    short: str
    groups: tuple[tuple[str, tuple[Group, ...]], ...]
    lengths: BarChart
    medians: tuple[BarChart, ...]
    band_labels: tuple[str, ...]
    limits: Crosstab


@dataclass(frozen=True)
class _Read:
    """The ways row by row: whose, how they travel, in which band; drawn says which have a geometry, and measured is of those alone."""

    child: Ids
    mode: NDArray[np.object_]
    band: NDArray[np.object_]
    drawn: Flags
    measured: Measured


def school_ways(survey: Survey, chosen: MarkFilter) -> SchoolWays | None:
    """Measure the ways to school that pass the filter; None where there is none."""
    read = _read(survey, chosen)
    if not len(read.child):
        return None
    everyone = np.ones(len(read.child), dtype=bool)
    modes = [(mode["words"].get("nb", code), read.mode == code) for code, mode in survey.modes.items()]
    bands = [(str(band.label), read.band == band.value) for band in GradeBand]
    groups = tuple(
        (heading, tuple(_group(label, read, which) for label, which in parts if which.any()))
        for heading, parts in (("Transport", modes), ("Klassetrinn", bands))
    )
    drawn = np.unique(read.child[read.drawn])
    seen = [(label, which) for label, which in bands if which.any()]
    return SchoolWays(
        whole=_group("Alle", read, everyone),
        short=shown(len(np.setdiff1d(read.child, drawn))),
        groups=groups,
        lengths=_lengths(read),
        medians=tuple(
            _medians(number, heading, found) for number, (heading, found) in enumerate(groups) if any(one.length for one in found)
        ),
        band_labels=tuple(label for label, _ in seen),
        limits=_limits(read, [which for _, which in seen]),
    )


def _read(survey: Survey, chosen: MarkFilter) -> _Read:
    marks = chosen.marks_of(survey).filter(category__official_code=WAY_TO_SCHOOL, kind=Kind.ROUTE).order_by("pk")
    columns = ("geom", "response_id", "mode", "response__class_group__grade", "response__class_group__school__location")
    rows = list(marks.values_list(*columns))
    drawn = np.array([row[0] is not None for row in rows], dtype=bool)
    # lengths are measured in the municipality's own zone, not on the public grid: surveys/crs.py
    srid = survey.municipality.metric_srid
    lines = _projected([bytes(row[0].wkb) for row in rows if row[0] is not None], srid)
    schools = _projected([bytes(row[4].wkb) for row in rows if row[0] is not None], srid)
    child, _ = pd.factorize(pd.Series([row[1] for row in rows], dtype=object))
    return _Read(
        child=child.astype(np.int64),
        mode=np.array([row[2] for row in rows], dtype=object),
        band=np.array([GradeBand.of(row[3]).value for row in rows], dtype=object),
        drawn=drawn,
        measured=measure(lines, schools),
    )


def _projected(wkb: list[bytes], srid: int) -> NDArray[np.object_]:
    return grid.project_shapes(shapely.from_wkb(np.array(wkb, dtype=object)), srid)


def _group(label: str, read: _Read, which: Flags) -> Group:
    """The children of some of the ways."""
    inside = which[read.drawn]
    child = read.child[read.drawn][inside]
    found = [
        quartiles(per_child(values[inside], child)[1]) for values in (read.measured.length_m, read.measured.away_m, read.measured.detour)
    ]
    return Group(label, len(np.unique(read.child[which])), *found)


def _lengths(read: _Read) -> BarChart:
    """How many children have drawn a way of which length."""
    _, length = per_child(read.measured.length_m, read.child[read.drawn])
    numbers = np.bincount(in_steps(length, EDGES_M), minlength=len(EDGE_NAMES))
    children = np.append(numbers, len(length)).astype(np.int64)[np.newaxis]
    table = Crosstab(children, told_of(children, rows_apart=False, columns_apart=True))
    last = int(np.flatnonzero(numbers).max(initial=0)) + 1
    rows = [_bar(table, column, name) for column, name in enumerate(EDGE_NAMES[:last])]
    return bar_chart(rows, chart_id="lengths", title="Lengden på det som er tegnet", columns=("Lengde", "Barn", "Andel"))


def _bar(table: Crosstab, column: int, name: str) -> Row:
    is_range = table.told[0, column] != Told.EXACTLY
    # a range is drawn as its middle, or its beginning, so that the bar's length gives nothing away
    value = {Told.FEW: K / 2, Told.UNDER: K / 2, Told.MORE: float(K)}.get(Told(table.told[0, column]), float(table.children[0, column]))
    said = table.said(0, column)
    return Row(label=name, value=value, text=said, cells=(said, table.share(0, column) or "–"), is_few=bool(is_range))


def _medians(number: int, heading: str, groups: tuple[Group, ...]) -> BarChart:
    rows = [
        Row(
            label=one.label,
            value=float(rounded_m(one.length.median)),
            text=metres(one.length.median),
            cells=(one.said, metres(one.length.low), metres(one.length.median), metres(one.length.high)),
        )
        for one in groups
        if one.length
    ]
    columns = (heading, "Barn", "En firedel har kortere enn", "Median", "En firedel har lengre enn")
    return bar_chart(rows, chart_id=f"medians-{number}", title=f"Median lengde: {heading.lower()}", columns=columns)


def _limits(read: _Read, bands: list[Flags]) -> Crosstab:
    """Children by grade band and how long a way they drew, those of whom nothing was sent among the shortest."""
    child, length = per_child(read.measured.length_m, read.child[read.drawn])
    step = np.zeros(int(read.child.max()) + 1, dtype=np.int64)
    step[child] = in_steps(length, LIMITS_M)
    rows = [np.append(found := np.bincount(step[np.unique(read.child[which])], minlength=len(LIMIT_NAMES)), found.sum()) for which in bands]
    children = np.array([*rows, np.sum(rows, axis=0)], dtype=np.int64)
    # told_of wants somebody in each column; one that is empty stays 0
    filled = np.flatnonzero(children[-1])
    told = np.zeros(children.shape, dtype=np.int8)
    told[:, filled] = told_of(children[:, filled], rows_apart=True, columns_apart=True)
    return Crosstab(children, told)


def metres(value: float) -> str:
    """Metres as a page has them: to fifty, kilometres from two on."""
    told = rounded_m(value)
    return f"{told / 1000:.1f} km".replace(".", ",") if told >= 2000 else f"{told} m"


def cells_of(group: Group) -> Iterator[str]:
    """The group's row in the table: quartiles of distance and detour as text; a dash where there are too few."""
    for found in (group.away, group.detour):
        for value in (found.low, found.median, found.high) if found else (None, None, None):
            yield "–" if value is None else metres(value) if found is group.away else f"{value:.2f}".replace(".", ",")
