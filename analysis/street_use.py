"""How many children use each stretch of the municipality's streets: the bridge from tables to analysis/streets.py."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely
from django.db.models import Exists, OuterRef, Q
from numpy.typing import NDArray

from analysis import grid
from analysis.dangers import Ranked, near, rank
from analysis.datasets import drawn
from analysis.filters import MarkFilter
from analysis.privacy.suppress import K, shown
from analysis.streets import Passages, Stretches, passages, stretches
from surveys.models import Kind, Layer, LayerFeature, Municipality, Survey

Ids = NDArray[np.int64]
Geometries = NDArray[np.object_]


DANGERS = ("farlig", "mange biler", "høy fart", "mangler fortau", "mangler gangfelt", "uoversiktlig")
"""Official codes of what children say of traffic; being afraid of people or of the dark is mended by other means than crossings."""
MOST_RANKED = 10
NEAR_M = 150.0
"""A path without a name is told by the nearest street that has one, when it is no farther."""


@dataclass(frozen=True)
class StreetUse:
    """The stretches of a layer (EPSG:25833), the names of the streets that stretches.street counts, and which ways follow which.

    child: whose each way is, numbered as `danger_child` is, whose are the dangers.
    """

    stretches: Stretches
    names: tuple[str, ...]
    passages: Passages
    child: Ids
    dangers: Geometries
    danger_child: Ids

    @property
    def children(self) -> Ids:
        """How many different children follow each stretch."""
        return self.passages.children(self.child, len(self.stretches.lines))

    def ranked(self) -> Ranked:
        """The stretches where danger was marked, by how many go there; the same answer for the same marks, whatever their order."""
        pairs = near(self.dangers, self.stretches.lines)
        return rank(self.passages, self.child, pairs, self.danger_child, seed=len(self.child) + len(self.danger_child))


def street_layer(municipality: Municipality) -> Layer | None:
    """The municipality's streets, the newest where several layers have some; None where nobody has imported any."""
    found: Layer | None = Layer.objects.filter(municipality=municipality, kind=Layer.Kind.STREETS).order_by("-imported_at").first()
    return found


HAS_STREETS = "has_streets"


def asking_for_streets() -> Exists:
    """For a queryset of surveys, under the name HAS_STREETS: whether there are streets to count along."""
    return Exists(Layer.objects.filter(municipality=OuterRef("municipality"), kind=Layer.Kind.STREETS))


def street_use(survey: Survey, chosen: MarkFilter, layer: Layer) -> StreetUse:
    """Along which stretches the ways that pass the filter go, and the dangers that those children marked who pass it.

    What was chosen of themes, categories, kinds and modes narrows the ways, where there are ways among it, and never the dangers.
    """
    names, cut = _stretches_of(layer.pk, (layer.imported_at, layer.name_field))
    anything = replace(chosen, theme=(), category=(), kind=(), mode=())
    routes = Q(kind=Kind.ROUTE)
    narrowed = chosen if survey.categories.filter(_meant(chosen), routes).exists() else replace(anything, mode=chosen.mode)
    ways, dangers = narrowed.marks_of(survey).filter(routes), anything.marks_of(survey).filter(category__official_code__in=DANGERS)
    # read together, so that a child has one number in both
    both = drawn(ways | dangers)
    is_way = shapely.get_type_id(both.shapes) == shapely.GeometryType.LINESTRING
    shapes = both.shapes[is_way]
    return StreetUse(
        stretches=cut,
        names=names,
        passages=passages(shapes, cut.lines),
        child=both.shape_child[is_way],
        dangers=np.concatenate([np.asarray(shapely.points(both.x, both.y), dtype=object), both.shapes[~is_way]]),
        danger_child=np.concatenate([both.child, both.shape_child[~is_way]]),
    )


def _meant(chosen: MarkFilter) -> Q:
    """The categories that a filter leaves."""
    where = Q()
    for name, path in (("theme", "theme__code"), ("category", "code"), ("kind", "kind")):
        if values := getattr(chosen, name):
            where &= Q(**{f"{path}__in": values})
    return where


@lru_cache(maxsize=4)
def _stretches_of(layer: Any, _as_it_is: Any) -> tuple[tuple[str, ...], Stretches]:
    """A layer's streets, cut; kept by the time of the import, since they are the same for every filter."""
    rows = list(LayerFeature.objects.filter(layer=layer).order_by("number").values_list("name", "geom"))
    lines = shapely.from_wkb(np.array([bytes(geom.wkb) for _, geom in rows], dtype=object))
    return tuple(name for name, _ in rows), stretches(grid.project_shapes(lines))


def streets_geojson(survey: Survey, chosen: MarkFilter) -> bytes:
    """The stretches that a child's way follows, with the number of different children, and where many go past danger; few as "1–4".

    A FeatureCollection with `source` (whose streets they are) and `ranking`: the first ten stretches where danger was marked, each with
    name, near (a street's name where it has none), line, said (children who go there), low and high (what 90 % of the drawings hold of
    it), afraid, and among_first (a share).
    Empty without streets.
    """
    layer = street_layer(survey.municipality)
    if layer is None:
        return orjson.dumps({"type": "FeatureCollection", "source": "", "numberReturned": 0, "features": [], "ranking": []})
    use = street_use(survey, chosen, layer)
    children = use.children
    used = np.flatnonzero(children)
    # the most used last, so that they lie on top where stretches touch
    used = used[np.argsort(children[used], kind="stable")]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": line},
            "properties": {"name": use.names[use.stretches.street[at]], **_counted(int(children[at]))},
        }
        for at, line in zip(used, _lonlat(use.stretches.lines[used]), strict=True)
    ]
    collection = {"type": "FeatureCollection", "source": layer.source, "numberReturned": len(features), "features": features}
    return orjson.dumps({**collection, "ranking": _ranking(use)})


def _counted(children: int) -> dict[str, Any]:
    return {"children": children if children >= K else None, "said": shown(children)}


def _ranking(use: StreetUse) -> list[dict[str, Any]]:
    found = use.ranked()
    first = found.stretch[:MOST_RANKED]
    near_names = _names_near(use, first)
    return [
        {
            "name": use.names[use.stretches.street[stretch]],
            "near": near_names[at],
            "line": line,
            **_counted(int(found.passing[at])),
            "low": shown(int(found.low[at])),
            "high": shown(int(found.high[at])),
            "afraid": shown(int(found.afraid[at])),
            "among_first": round(float(found.among_first[at]), 2),
        }
        for at, (stretch, line) in enumerate(zip(first, _lonlat(use.stretches.lines[first]), strict=True))
    ]


def _names_near(use: StreetUse, stretches: Ids) -> list[str]:
    """The nearest street with a name, for each stretch that has none itself; "" where it has one, or none is NEAR_M away."""
    own = np.array([use.names[street] for street in use.stretches.street], dtype=object)
    named = np.flatnonzero(own != "")
    if not len(named):
        return [""] * len(stretches)
    tree = shapely.STRtree(use.stretches.lines[named])
    found = [tree.query_nearest(use.stretches.lines[stretch], max_distance=NEAR_M, all_matches=False) for stretch in stretches]
    return ["" if own[stretch] or not len(at) else str(own[named[at[0]]]) for stretch, at in zip(stretches, found, strict=True)]


def _lonlat(lines: NDArray[np.object_]) -> list[list[list[float]]]:
    """Positions in EPSG:4326, six decimals."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    lon, lat = grid.transformer(grid.GRID_SRID, 4326).transform(xy[:, 0], xy[:, 1])
    positions = np.round(np.column_stack([lon, lat]), 6).tolist()
    bounds = np.searchsorted(line, np.arange(len(lines) + 1)).tolist()
    return [positions[first:last] for first, last in pairwise(bounds)]
