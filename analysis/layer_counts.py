"""Children in the things of a municipality's layers (play areas, districts, accidents): the bridge from tables to analysis/overlay.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
import shapely
from django.contrib.gis.db.models.functions import AsGeoJSON
from numpy.typing import NDArray

from analysis import grid
from analysis.datasets import categorised
from analysis.filters import MarkFilter
from analysis.heard import heard
from analysis.known_layers import layer_named, layers_of
from analysis.overlay import AREA_TYPES, Overlay, overlay
from analysis.privacy.suppress import K, shown
from analysis.summary import theme_label
from surveys.models import Category, Layer, LayerFeature, Survey

Ids = NDArray[np.int64]
Geometries = NDArray[np.object_]

MAX_SHOWN = 2_000
"""More things than this are not sent: those with most children come first, and the page says how many there are."""


@dataclass(frozen=True)
class LayerCounts:
    """The marks that pass a filter, laid over a layer's things; groups: themes, or categories where some were chosen, by name.

    number: what each thing is called within its layer; has_others: whether any has no area, so that reach was of use;
    found.thing counts along number, and by_group is things x groups.
    """

    number: tuple[int, ...]
    names: tuple[str, ...]
    has_others: bool
    found: Overlay
    groups: tuple[str, ...]
    by_group: Ids


def layer_counts(survey: Survey, chosen: MarkFilter, layer: Layer, *, reach_m: float) -> LayerCounts:
    """How many children have marked what in each thing; marks without a geometry are nowhere."""
    number, names, shapes = _things_of(layer.pk, (layer.imported_at, layer.name_field))
    marks = categorised(chosen.marks_of(survey))
    categories = {category.pk: category for category in survey.categories.select_related("theme")}
    seen, category = np.unique(marks.category, return_inverse=True)
    labels = [_group_of(categories[pk], survey, by_category=bool(chosen.category or chosen.theme)) for pk in seen.tolist()]
    # in the order of the survey, not of the row numbers
    order = {pk: place for place, pk in enumerate(categories)}
    groups = tuple(dict.fromkeys(label for _, label in sorted(zip((order[pk] for pk in seen.tolist()), labels, strict=True))))
    found = overlay(shapes, marks.shapes, marks.child, category.reshape(-1).astype(np.int64), reach_m=reach_m)
    group_of = np.array([groups.index(label) for label in labels], dtype=np.int64)
    by_group = found.children_by(group_of, len(groups))
    has_others = not np.isin(shapely.get_type_id(shapes), AREA_TYPES).all()
    return LayerCounts(number, names, bool(has_others), found, groups, by_group)


def _group_of(category: Category, survey: Survey, *, by_category: bool) -> str:
    return category.label_in("nb", survey.default_language) if by_category else theme_label(category.theme, survey)


@lru_cache(maxsize=8)
def _things_of(layer: Any, _as_it_is: Any) -> tuple[tuple[int, ...], tuple[str, ...], Geometries]:
    """A layer's things in EPSG:25833; kept by the time of the import and what names them, since they are the same for every filter."""
    rows = list(LayerFeature.objects.filter(layer=layer).order_by("number").values_list("number", "name", "geom"))
    shapes = shapely.from_wkb(np.array([bytes(geom.wkb) for _, _, geom in rows], dtype=object))
    return tuple(row[0] for row in rows), tuple(row[1] for row in rows), grid.project_shapes(shapes)


def within_geojson(survey: Survey, chosen: MarkFilter, layer_id: str, *, reach_m: int) -> bytes:
    """The things of a layer with the number of different children who have marked something there, few as "1–4".

    A FeatureCollection, the most children first. Each feature has number, name, children (None for few), said, and groups: a name and
    what is said of it for each theme (or category, where some are chosen) that anybody marked. Beside it: `layers` to choose among, the
    chosen `layer` (the first where layer_id is ""; None without any), its `source`, `radius_m` (None where all things are areas),
    numberMatched and `unmarked` (things no child has marked), and `asked`, who could have marked them.
    """
    layers = layers_of(survey.municipality)
    choices = [{"value": str(layer.pk), "label": layer.name} for layer in layers]
    chosen_layer = layer_named(survey.municipality, layer_id) if layer_id else next(iter(layers), None)
    if chosen_layer is None:
        return orjson.dumps({"type": "FeatureCollection", "layers": [], "layer": None, "numberMatched": 0, "features": []})
    counts = layer_counts(survey, chosen, chosen_layer, reach_m=reach_m)
    children = counts.found.children
    features = _features(chosen_layer, counts, children)
    there = heard(survey, chosen)
    about = {
        "layers": choices,
        "layer": str(chosen_layer.pk),
        "source": chosen_layer.source,
        "radius_m": reach_m if counts.has_others else None,
        "numberMatched": len(children),
        "numberReturned": len(features),
        "unmarked": int((children == 0).sum()),
        "asked": {
            "answered": there.answered,
            "pupils": there.pupils,
            "bands": there.bands,
            "silent_bands": () if chosen.grade_band else there.silent_bands,
            "silent": there.silent,
        },
    }
    return orjson.dumps({"type": "FeatureCollection", **about, "features": features})


def _features(layer: Layer, counts: LayerCounts, children: Ids) -> list[dict[str, Any]]:
    # few are few: an order among them would tell who has one and who has four
    ranks = np.where(children >= K, children, np.minimum(children, 1))
    first = sorted(range(len(children)), key=lambda at: (-ranks[at], counts.names[at], counts.number[at]))
    half = MAX_SHOWN // 2
    if len(first) > MAX_SHOWN:
        # so that what nobody has marked is not what is left out
        unmarked = [at for at in first if not children[at]][:half]
        first = [*[at for at in first if children[at]][: MAX_SHOWN - len(unmarked)], *unmarked]
    wanted = LayerFeature.objects.filter(layer=layer, number__in=[counts.number[at] for at in first])
    geometry = dict(wanted.annotate(geojson=AsGeoJSON("geom", precision=6)).values_list("number", "geojson"))
    return [
        {
            "type": "Feature",
            "id": counts.number[at],
            "geometry": orjson.Fragment(geometry[counts.number[at]]),
            "properties": {
                "number": counts.number[at],
                "name": counts.names[at] or f"Nr. {counts.number[at]}",
                "children": None if 0 < children[at] < K else int(children[at]),
                "said": shown(int(children[at])),
                "groups": [
                    [label, shown(int(number))] for label, number in zip(counts.groups, counts.by_group[at].tolist(), strict=True) if number
                ],
            },
        }
        for at in first
    ]
