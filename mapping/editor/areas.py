"""A survey's area from what a planner has: drawn on the map, in a file, a thing of an imported layer."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.geos import GeometryCollection, GEOSGeometry, MultiPolygon
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Func, IntegerField

from mapping.geojson import parse_json, read_geojson_object
from mapping.services import marks_outside
from surveys import services
from surveys.crs import STORAGE_SRID
from surveys.errors import DomainError, ImportRefused, InvalidSurvey
from surveys.models import LayerFeature, Municipality, Survey
from surveys.services.gis_files import to_geos
from surveys.services.reading import read_file, uploaded

MOST_DRAWN_BYTES = 500_000
MOST_OFFERED = 300
"""Outlines of a layer that are offered; with more, a file is the better way."""


def area_drawn(text: str) -> MultiPolygon:
    """The polygons of a GeoJSON document that the page's map has written. InvalidSurvey when there are none."""
    try:
        features = read_geojson_object(parse_json(text.encode(), max_bytes=MOST_DRAWN_BYTES))
    except DomainError as refusal:
        raise InvalidSurvey(f"Det som er tegnet, kan ikke brukes. {refusal.message}") from refusal
    return _joined([_from_json(feature.geometry) for feature in features if feature.geometry])


def area_in_file(file: UploadedFile) -> MultiPolygon:
    """The union of the polygons in a file that the reader takes, in any coordinate system it names. InvalidSurvey says what is wrong."""
    try:
        with uploaded(file) as given:
            found = read_file(given)
    except ImportRefused as refusal:
        raise InvalidSurvey(refusal.message) from refusal
    return _joined([to_geos(row.geometry) for row in found.rows if row.geometry is not None])


def area_of_feature(municipality: Municipality, number: str) -> MultiPolygon:
    """The outline of a thing of one of the municipality's layers, by its row."""
    found = outlines(municipality).filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if found is None:
        raise InvalidSurvey("Velg en ting i et av kommunens kartlag.")
    return _joined([found.geom])


def outlines(municipality: Municipality) -> Any:
    """The things with an outline in the municipality's layers, by layer and number."""
    dimension = Func(F("geom"), function="ST_Dimension", output_field=IntegerField())
    of_area = LayerFeature.objects.annotate(dimension=dimension).filter(dimension=2)
    return of_area.filter(layer__municipality=municipality).select_related("layer").order_by("layer__name", "number")


def set_area(survey: Survey, area: MultiPolygon) -> Survey:
    """Store the area when all marks lie within it; InvalidSurvey otherwise."""
    with transaction.atomic():
        # locked before the marks are counted: who stores one meanwhile has the survey as it was
        Survey.objects.select_for_update().get(pk=survey.pk)
        outside = marks_outside(survey, area) if area.valid and not area.empty else 0
        return services.change_area(survey=survey, area=area, marks_outside=outside)


def _from_json(geometry: dict[str, Any]) -> GEOSGeometry:
    return GEOSGeometry(json.dumps(geometry), srid=STORAGE_SRID)


def _polygons(shape: GEOSGeometry) -> Iterator[GEOSGeometry]:
    """The polygons of a collection, however deep they lie in it."""
    if isinstance(shape, GeometryCollection):
        for part in shape:
            yield from _polygons(part)
    elif shape.dims == 2:
        yield shape


def _joined(shapes: list[GEOSGeometry]) -> MultiPolygon:
    """One area of all of them; lines and points are none."""
    flat = [shape for shape in shapes if shape.dims == 2]
    if not flat:
        raise InvalidSurvey("Det er ingen flate der. Området må være en polygon: en strek som går rundt noe.")
    if any(not shape.valid for shape in flat):
        raise InvalidSurvey("Omrisset krysser seg selv. Tegn det slik at kantene ikke krysser hverandre.")
    polygons = [part for shape in flat for part in _polygons(shape)]
    whole = MultiPolygon(polygons, srid=STORAGE_SRID).unary_union
    return whole if isinstance(whole, MultiPolygon) else MultiPolygon(whole, srid=STORAGE_SRID)
