"""Two groups of a survey's children beside each other: the bridge from tables to analysis/comparison.py.

A group is written kind:value – `school:12`, `grade_band:1-4`, or `survey:<uuid>` for the children of another round in the same
municipality. Two of one kind have no child in common, which Fisher's test asks for; two of different kinds might.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Q

from analysis import grid
from analysis.cell_features import cell_features
from analysis.comparison import compare
from analysis.datasets import drawn
from analysis.filters import MarkFilter
from analysis.privacy.suppress import K, shown
from analysis.services import answered
from mapping.querysets import MarkQuerySet
from surveys.errors import InvalidFilter
from surveys.models import GradeBand, Survey
from surveys.querysets import ResponseQuerySet

KINDS = {"grade_band": "Klassetrinn", "school": "Skoler", "survey": "Runder"}


@dataclass(frozen=True)
class Group:
    """Some of the children who have answered: what they are called, their marks that pass the filter, and all of them."""

    name: str
    label: str
    marks: MarkQuerySet
    children: ResponseQuerySet

    @property
    def kind(self) -> str:
        """What its children have in common."""
        return self.name.partition(":")[0]


def groups_of(survey: Survey) -> list[dict[str, Any]]:
    """The groups that can be chosen, a heading and choices for each kind of which there are two at least."""
    classes = list(survey.class_groups.select_related("school"))
    bands = sorted({GradeBand.of(one.grade) for one in classes}, key=list(GradeBand).index)
    schools = sorted({(one.school_id, one.school.name) for one in classes}, key=lambda one: one[1])
    choices: dict[str, list[tuple[str, str]]] = {
        "grade_band": [(band.value, str(band.label)) for band in bands],
        "school": [(str(number), name) for number, name in schools],
        "survey": [(str(one.pk), _round(one)) for one in _rounds(survey)],
    }
    return [
        {"heading": KINDS[kind], "choices": [{"value": f"{kind}:{value}", "label": label} for value, label in found]}
        for kind, found in choices.items()
        if len(found) > 1
    ]


def difference_geojson(survey: Survey, chosen: MarkFilter, first: str, second: str, *, size_m: int) -> bytes:
    """Where the first group has marked more, or less, than the second; hexagons of EPSG:25833's fixed grid.

    A FeatureCollection with `choices` and `groups` (label and number of children of both). Each hexagon has first and second (children,
    few as "1–4"), share (percentage points), low and high (95 %), p, and more: 1, −1, or 0 where it may be chance. Empty until both
    are chosen. InvalidFilter for groups that do not exist here, are the same, of two kinds, or of fewer than five children.
    """
    choices = groups_of(survey)
    if not first or not second:
        return orjson.dumps({"type": "FeatureCollection", "choices": choices, "groups": [], "features": []})
    labels = {choice["value"]: choice["label"] for part in choices for choice in part["choices"]}
    one, other = _group(survey, chosen, first, labels), _group(survey, chosen, second, labels)
    if one.kind != other.kind or one.name == other.name:
        raise InvalidFilter(f"{one.label} og {other.label} kan ikke sammenlignes. Velg to forskjellige av samme slag.")
    sizes = [one.children.count(), other.children.count()]
    for group, size in zip((one, other), sizes, strict=True):
        if size < K:
            raise InvalidFilter(f"I {group.label} har færre enn {K} barn svart. Det er for få å sammenligne med.")
    counts = [grid.count_cells(*drawn(group.marks).cells(size_m)) for group in (one, other)]
    found = compare(counts[0], counts[1], of_first=sizes[0], of_second=sizes[1])
    rows = zip(found.first.tolist(), found.second.tolist(), *_points(found.share, found.low, found.high), found.p, found.more, strict=True)
    about = (
        {"first": shown(a), "second": shown(b), "share": share, "low": low, "high": high, "p": float(f"{p:.2g}"), "more": int(more)}
        for a, b, share, low, high, p, more in rows
    )
    features = cell_features(found.cells, about)
    groups = [{"label": group.label, "children": size} for group, size in zip((one, other), sizes, strict=True)]
    return orjson.dumps({"type": "FeatureCollection", "choices": choices, "groups": groups, "features": features})


def _points(*shares: Any) -> list[list[float]]:
    """Shares as percentage points, one decimal."""
    return [[round(100 * value, 1) for value in share.tolist()] for share in shares]


def _group(survey: Survey, chosen: MarkFilter, name: str, labels: dict[str, str]) -> Group:
    if name not in labels:
        raise InvalidFilter(f"Gruppen {name[:60]!r} finnes ikke her. Velg to fra listene.")
    kind, _, value = name.partition(":")
    where, there = Q(), survey
    if kind == "survey":
        there = Survey.objects.get(pk=value)
    elif kind == "school":
        where = Q(class_group__school=value)
    else:
        where = Q(class_group__grade__in=GradeBand(value).grades)
    children = chosen.children_of(there, answered(there)).filter(where)
    return Group(name, labels[name], chosen.marks_of(there).filter(response__in=children.values("pk")), children)


def _rounds(survey: Survey) -> list[Survey]:
    """The municipality's surveys that have been open, this one among them, the newest first."""
    found = Survey.objects.filter(municipality=survey.municipality_id, status__in=(Survey.Status.OPEN, Survey.Status.CLOSED))
    return list(found.order_by("-opens_on", "pk"))


def _round(survey: Survey) -> str:
    return f"{survey} ({survey.opens_on:%d.%m.%Y})"
