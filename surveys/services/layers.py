"""A municipality's layers out of GIS files."""

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from surveys.errors import ImportRefused
from surveys.models import Layer, LayerFeature, Municipality
from surveys.services.gis_files import ImportReport, read_rows, to_geos

MAX_FEATURES = 200_000
MAX_TEXT = 500
NEARBY_DEG = 0.01
"""About a kilometre: a street or a plan may end in the next municipality."""
_AT_ONCE = 2_000

_FITS = {
    Layer.Kind.STREETS: ({"LineString", "MultiLineString"}, "linjer"),
    Layer.Kind.PLANS: ({"Polygon", "MultiPolygon"}, "flater"),
    Layer.Kind.DISTRICTS: ({"Polygon", "MultiPolygon"}, "flater"),
}
"""What a kind of layer is made of; the others take anything."""


@transaction.atomic
def import_layer(
    *, path: Path, municipality: Municipality, name: str, kind: Layer.Kind, source: str, name_field: str = "", layer: str = ""
) -> ImportReport:
    """Make a layer, or put what the file has in the place of what the layer held; all or, when it raises, nothing.

    Only what lies in the municipality or within a kilometre of it is taken. ImportRefused when the file cannot be used or leaves nothing.
    """
    if not source.strip():
        raise ImportRefused("Kartlaget må ha en kilde: hvem som har laget dataene, og lisensen.")
    report = ImportReport()
    made, is_new = Layer.objects.update_or_create(
        municipality=municipality, name=name, defaults={"kind": kind, "source": source.strip(), "imported_at": timezone.now()}
    )
    before = made.features.count()
    made.features.all().delete()
    found = _features(report, path=path, municipality=municipality, kind=kind, name_field=name_field, layer=layer)
    features = [
        LayerFeature(layer=made, number=number, name=label, geom=to_geos(geometry), properties=properties)
        for number, (label, geometry, properties) in enumerate(found, start=1)
    ]
    if not features:
        why = report.refused[0] if report.refused else f"Ingenting i {path.name} ligger i {municipality.name}."
        raise ImportRefused(f"{path.name} har ingenting til kartlaget. {why}")
    if len(features) > MAX_FEATURES:
        raise ImportRefused(f"{path.name} har {len(features)} ting i {municipality.name}; et kartlag kan ha {MAX_FEATURES}.")
    LayerFeature.objects.bulk_create(features, batch_size=_AT_ONCE)
    report.made, report.changed = (len(features), 0) if is_new else (max(0, len(features) - before), min(len(features), before))
    return report


def _features(
    report: ImportReport, *, path: Path, municipality: Municipality, kind: Layer.Kind, name_field: str, layer: str
) -> Iterator[tuple[str, BaseGeometry, dict[str, Any]]]:
    near = shapely.from_wkb(bytes(municipality.boundary.wkb)).buffer(NEARBY_DEG)
    shapely.prepare(near)
    fits, plural = _FITS.get(kind, (set(), ""))
    away = 0
    for number, row, geometry in read_rows(path, layer, report):
        if name_field and name_field not in row:
            raise ImportRefused(f"{path.name} mangler kolonnen {name_field}. Filen har: {', '.join(row)}.")
        if not near.intersects(geometry):
            away += 1
        elif fits and geometry.geom_type not in fits:
            report.refused.append(f"rad {number}: {geometry.geom_type} passer ikke; {Layer.Kind(kind).label} er {plural}")
        else:
            label = _plain(row.get(name_field)) if name_field else None
            properties = {key: plain for key, value in row.items() if key != name_field and (plain := _plain(value)) is not None}
            # a line in several parts is as many streets
            for part in shapely.get_parts(geometry) if kind == Layer.Kind.STREETS else [geometry]:
                yield "" if label is None else str(label)[:200], part, properties
    if away:
        report.refused.append(f"{away} rader ligger utenfor {municipality.name}")


def _plain(value: Any) -> str | int | float | bool | None:
    """A field as JSON can have it; None when it is empty, or nothing to show."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return None if value != value else value.isoformat()  # noqa: PLR0124  # not-a-time is unequal to itself
    return value[:MAX_TEXT] or None if isinstance(value, str) else None
