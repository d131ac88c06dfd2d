"""A municipality's layers out of GIS files."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Coalesce, Left
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from surveys.errors import ImportRefused
from surveys.models import Layer, LayerFeature, Municipality, User
from surveys.services.found import Found, GisFile
from surveys.services.gis_files import ImportReport, to_geos, usable_rows
from surveys.services.reading import for_operators, read_file

MAX_FEATURES = 200_000
MAX_TEXT = 500
MAX_NAME = 200
NEARBY_DEG = 0.01
"""About a kilometre: a street or a plan may end in the next municipality."""
_AT_ONCE = 2_000

_FITS = {
    Layer.Kind.STREETS: ({"LineString", "MultiLineString"}, "linjer"),
    Layer.Kind.PLANS: ({"Polygon", "MultiPolygon"}, "flater"),
    Layer.Kind.DISTRICTS: ({"Polygon", "MultiPolygon"}, "flater"),
}
"""What a kind of layer is made of; the others take anything."""

NAMES = ("navn", "name", "plannavn", "gatenavn", "vegnavn", "adressenavn", "grunnkretsnavn", "gkretsnavn", "bydelsnavn", "tittel", "title")
"""What the column with a thing's name is usually called."""


@dataclass(frozen=True)
class LayerAbout:
    """What a layer is called, what kind it is, and who has made the data."""

    name: str
    kind: Layer.Kind
    source: str


@dataclass(frozen=True)
class _Thing:
    name: str
    geometry: BaseGeometry
    properties: dict[str, Any]


def import_layer(
    *, path: Path, municipality: Municipality, name: str, kind: Layer.Kind, source: str, name_field: str = "", layer: str = ""
) -> ImportReport:
    """An operator's file: make a layer, or put what the file has in the place of what it held; all or, when it raises, nothing.

    Only what lies in the municipality or within a kilometre of it is taken. ImportRefused when the file cannot be used or leaves nothing.
    """
    about = LayerAbout(name, kind, source)
    found, report = read_file(GisFile(path, path.name, layer, for_operators())), ImportReport()
    if name_field and name_field not in found.columns:
        raise ImportRefused(f"{path.name} mangler kolonnen {name_field}. Filen har: {', '.join(found.columns)}.")
    things = _things(report, found, path.name, municipality, kind=about.kind, name_field=name_field)
    with transaction.atomic():
        there = Layer.objects.filter(municipality=municipality, name=name).first()
        made = there or Layer(municipality=municipality)
        _fill(made, about, things, report, file_name=path.name, columns=found.columns, name_field=name_field)
    return report


def upload_layer(*, file: GisFile, municipality: Municipality, about: LayerAbout, by: User | None) -> tuple[Layer, Found, ImportReport]:
    """A planner's file as a new layer, its things named by the column that looks most like it. ImportRefused, and then nothing is made."""
    _require_free(municipality, about.name)
    found, report = read_file(file), ImportReport()
    column = guessed_name(found.columns)
    things = _things(report, found, file.name, municipality, kind=about.kind, name_field=column)
    with transaction.atomic():
        # two who upload under one name are one after the other
        Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
        _require_free(municipality, about.name)
        layer = Layer(municipality=municipality, imported_by=by)
        _fill(layer, about, things, report, file_name=file.name, columns=found.columns, name_field=column)
    return layer, found, report


def replace_layer(*, layer: Layer, file: GisFile, by: User | None) -> tuple[Found, ImportReport]:
    """Put what another file has in the place of what a layer holds; name, kind and source stay. ImportRefused, and all stays as it is."""
    found, report = read_file(file), ImportReport()
    column = layer.name_field if layer.name_field in found.columns else guessed_name(found.columns)
    about = LayerAbout(layer.name, Layer.Kind(layer.kind), layer.source)
    things = _things(report, found, file.name, layer.municipality, kind=about.kind, name_field=column)
    with transaction.atomic():
        locked = Layer.objects.select_for_update().get(pk=layer.pk)
        locked.imported_by = by
        _fill(locked, about, things, report, file_name=file.name, columns=found.columns, name_field=column)
    return found, report


@transaction.atomic
def change_layer(*, layer: Layer, name: str, source: str, name_field: str) -> Layer:
    """Call a layer, and its things, something else. name_field: one of its columns, or "" for no names; ImportRefused for another."""
    layer = Layer.objects.select_for_update().get(pk=layer.pk)
    if name != layer.name:
        _require_free(layer.municipality, name)
    if name_field != layer.name_field:
        if name_field and name_field not in layer.columns:
            raise ImportRefused(f"Kartlaget har ingen kolonne som heter {name_field[:60]!r}. Det har: {', '.join(layer.columns)[:300]}.")
        # by a function and not by ->>, with which Django would take the name "1" for a place in a list
        said = Func(F("properties"), Value(name_field), function="jsonb_extract_path_text", output_field=TextField())
        layer.features.update(name=Left(Coalesce(said, Value("")), MAX_NAME) if name_field else Value(""))
    layer.name, layer.source, layer.name_field = name, _source(source), name_field
    layer.full_clean()
    layer.save(update_fields=["name", "source", "name_field"])
    return layer


def delete_layer(*, layer: Layer) -> None:
    """Delete a layer with its things."""
    layer.delete()


def guessed_name(columns: Sequence[str]) -> str:
    """The column that most likely has the things' names; "" where none looks like it."""
    plain = {column.casefold(): column for column in reversed(columns)}
    likely = [plain[name] for name in NAMES if name in plain]
    alike = [column for column in columns if "navn" in column.casefold() or "name" in column.casefold()]
    return next(iter([*likely, *alike]), "")


def _require_free(municipality: Municipality, name: str) -> None:
    if Layer.objects.filter(municipality=municipality, name=name).exists():
        raise ImportRefused(f"Kommunen har alt et kartlag som heter «{name}». Velg et annet navn, eller åpne det og bytt fil.")


def _source(source: str) -> str:
    if not source.strip():
        raise ImportRefused("Kartlaget må ha en kilde: hvem som har laget dataene, og lisensen.")
    return source.strip()


def _fill(layer: Layer, about: LayerAbout, things: list[_Thing], report: ImportReport, **file: Any) -> None:
    """Save the layer with these things and no others."""
    layer.name, layer.kind, layer.source = about.name, about.kind, _source(about.source)
    layer.file_name, layer.columns, layer.name_field = file["file_name"][-120:], file["columns"], file["name_field"]
    layer.imported_at = timezone.now()
    is_new = layer._state.adding
    layer.save()
    before = 0 if is_new else layer.features.count()
    layer.features.all().delete()
    LayerFeature.objects.bulk_create(
        (
            LayerFeature(layer=layer, number=number, name=thing.name, geom=to_geos(thing.geometry), properties=thing.properties)
            for number, thing in enumerate(things, start=1)
        ),
        batch_size=_AT_ONCE,
    )
    report.made, report.changed = (len(things), 0) if is_new else (max(0, len(things) - before), min(len(things), before))


def _things(
    report: ImportReport, found: Found, name: str, municipality: Municipality, *, kind: Layer.Kind, name_field: str
) -> list[_Thing]:
    """What of a file lies in the municipality and fits the kind. ImportRefused when that is nothing, or too much."""
    near = shapely.from_wkb(bytes(municipality.boundary.wkb)).buffer(NEARBY_DEG)
    shapely.prepare(near)
    fits, plural = _FITS.get(kind, (set(), ""))
    things: list[_Thing] = []
    away = 0
    for number, row, geometry in usable_rows(found, name, report):
        if not near.intersects(geometry):
            away += 1
        elif fits and geometry.geom_type not in fits:
            report.refused.append(f"rad {number}: {geometry.geom_type} passer ikke; {Layer.Kind(kind).label} er {plural}")
        else:
            label = _plain(row.get(name_field)) if name_field else None
            properties = {key: plain for key, value in row.items() if (plain := _plain(value)) is not None}
            # a line in several parts is as many streets
            parts = shapely.get_parts(geometry) if kind == Layer.Kind.STREETS else [geometry]
            things += [_Thing("" if label is None else str(label)[:MAX_NAME], part, properties) for part in parts]
    if away:
        report.refused.append(f"{away} rader ligger utenfor {municipality.name}")
    if not things:
        why = report.refused[0] if report.refused else f"Ingenting i {name} ligger i {municipality.name}."
        raise ImportRefused(f"{name} har ingenting til kartlaget. {why}")
    if len(things) > MAX_FEATURES:
        raise ImportRefused(f"{name} har {len(things)} ting i {municipality.name}; et kartlag kan ha {MAX_FEATURES}.")
    return things


def _plain(value: Any) -> str | int | float | bool | None:
    """A field as it is kept; None when it is empty."""
    if isinstance(value, str):
        return value[:MAX_TEXT] or None
    return value if not isinstance(value, float) or math.isfinite(value) else None
