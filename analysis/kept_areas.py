"""The areas where children's places gather, kept with a number that reports can cite: a layer of the municipality's own.

What has a number keeps its number and its outline, whatever children say later, so that "område 7" is the same ground in every report and
every round; what is found beside the known ones gets the next. How many children there are in an area is counted anew each time
(analysis/layer_counts.py).
"""

from dataclasses import dataclass

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from analysis import grid
from analysis.clusters import MAX_PLACES, find_areas, is_known
from analysis.datasets import drawn
from analysis.filters import MarkFilter
from analysis.privacy.suppress import K
from surveys.crs import STORAGE_SRID
from surveys.errors import InvalidFilter
from surveys.models import Kind, Layer, LayerFeature, Municipality, Survey

NAME = "Områder barna peker på"
SOURCE = "Regnet ut av Tråkk av barnas egne steder"


@dataclass(frozen=True)
class Kept:
    """The layer; how many areas were found now, and how many of them are new in it. layer is None where there is none yet."""

    layer: Layer | None
    found: int
    new: int


@transaction.atomic
def keep_areas(*, survey: Survey, chosen: MarkFilter) -> Kept:
    """Find the areas of the places that pass, and give a number to each that has none yet.

    InvalidFilter where there are more places than can be looked at in one go.
    """
    # two planners who press at once are one after the other, or both would give out the same number
    Municipality.objects.select_for_update(no_key=True).get(pk=survey.municipality_id)
    places = drawn(chosen.marks_of(survey).filter(kind=Kind.PLACE))
    if len(places.x) > MAX_PLACES:
        raise InvalidFilter(f"{len(places.x)} steder er for mange å finne områder i; {MAX_PLACES} går. Velg et tema eller en skole.")
    areas = find_areas(np.column_stack([places.x, places.y]), places.child, least=K)
    layer = Layer.objects.filter(municipality=survey.municipality_id, name=NAME).first()
    if not areas:
        return Kept(layer, 0, 0)
    layer = layer or Layer.objects.create(
        municipality=survey.municipality, name=NAME, kind=Layer.Kind.OTHER, source=SOURCE, imported_at=timezone.now()
    )
    there = list(layer.features.order_by("number").values_list("number", "geom"))
    known = grid.project_shapes(shapely.from_wkb(np.array([bytes(geom.wkb) for _, geom in there], dtype=object))).tolist()
    new = [area for area in areas if not is_known(area.outline, known)]
    first = max((number for number, _ in there), default=0) + 1
    today = timezone.localdate().isoformat()
    outlines = shapely.transform(np.array([area.outline for area in new], dtype=object), _to_degrees)
    LayerFeature.objects.bulk_create(
        LayerFeature(
            layer=layer,
            number=number,
            name=f"Område {number}",
            geom=GEOSGeometry(memoryview(shapely.to_wkb(outline)), srid=STORAGE_SRID),
            properties={"id": f"{survey.municipality.number}-{number}", "funnet": today, "undersøkelse": str(survey)},
        )
        for number, outline in enumerate(outlines, start=first)
    )
    if new:
        layer.imported_at = timezone.now()
        layer.save(update_fields=["imported_at"])
    return Kept(layer, len(areas), len(new))


def _to_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(grid.transformer(grid.GRID_SRID, STORAGE_SRID).transform(xy[:, 0], xy[:, 1]))
