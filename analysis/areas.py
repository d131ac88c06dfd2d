"""Areas in an address: a boundary that somebody drew or had in a file, or a thing of one of the municipality's layers.

A drawn one is written as rings, `lon,lat lon,lat lon,lat;…`, degrees in EPSG:4326 with six decimals, without the first position again at
the end; a ring inside another is a hole, one beside it another part. A thing is written `<layer's id>.<its number>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db.models import Func, IntegerField
from shapely.geometry.base import BaseGeometry

from analysis import grid
from analysis.known_layers import layer_named, layers_of
from mapping.geojson import parse_json, read_geometry
from surveys.crs import STORAGE_SRID
from surveys.errors import InvalidFilter, InvalidGeometry
from surveys.models import LayerFeature, Municipality

MAX_POSITIONS = 150
"""So many have room in an address, which servers take up to about 4,000 characters of."""
MIN_AREA_M2 = 100
MAX_AREA_KM2 = 100
MAX_FILE_BYTES = 1_000_000
MAX_CHOICES = 500
COARSER_M = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""How far a boundary from a file may be moved to have room."""


@dataclass(frozen=True)
class Area:
    """A boundary: as an address has it, in EPSG:4326, what it is called ("" where it was drawn), and what it measures."""

    text: str
    geom: MultiPolygon
    name: str
    area_m2: float

    @property
    def size(self) -> str:
        """Its area in words."""
        if self.area_m2 < 100_000:
            return f"{round(self.area_m2 / 1000, 1)} daa".replace(".", ",")
        return f"{round(self.area_m2 / 1e6, 2)} km²".replace(".", ",")


def read_area(text: str, municipality: Municipality) -> Area:
    """The area of an address; InvalidFilter or InvalidGeometry with a sentence that says what is wrong and what is allowed."""
    if "," not in text:
        return _thing(text, municipality)
    rings = [_ring(part) for part in text.split(";") if part.strip()]
    if (positions := sum(map(len, rings))) > MAX_POSITIONS:
        raise InvalidFilter(f"Grensen har {positions} hjørner; høyst {MAX_POSITIONS} har plass i en adresse. Forenkle den.")
    polygons = [_polygon([[*ring, ring[0]]]) for ring in rings]
    return _checked(reduce(shapely.symmetric_difference, polygons), municipality)


def area_of_file(body: bytes, municipality: Municipality) -> tuple[Area, float]:
    """The boundary in a GeoJSON file (RFC 7946: all its polygons, in degrees), and by how many metres it was moved to have room.

    InvalidFilter, InvalidGeometry or what parse_json raises, with a sentence that says what is wrong.
    """
    polygons = [_polygon(rings) for rings in _polygons_of(parse_json(body, max_bytes=MAX_FILE_BYTES))]
    if not polygons:
        raise InvalidFilter("Filen har ingen flate. En plangrense er en Polygon eller MultiPolygon.")
    whole = _checked(shapely.union_all(polygons), municipality)
    metric = grid.project_shapes(np.array([shapely.from_wkb(bytes(whole.geom.wkb))], dtype=object))[0]
    for moved_m in COARSER_M:
        coarser = shapely.simplify(metric, moved_m) if moved_m else metric
        # without the last position of each ring, which is the first
        if coarser.is_valid and shapely.get_num_coordinates(coarser) - len(shapely.get_rings(coarser)) <= MAX_POSITIONS:
            return _checked(_to_degrees(coarser), municipality), moved_m
    many = shapely.get_num_coordinates(metric)
    raise InvalidFilter(
        f"Grensen har {many} hjørner; høyst {MAX_POSITIONS} har plass i en adresse. Forenkle den, eller få den inn som kartlag."
    )


def choices(municipality: Municipality) -> list[dict[str, Any]]:
    """The things of the municipality's layers that have an area, a heading and choices for each layer."""
    left = MAX_CHOICES
    found = []
    # plans are what is asked for most
    for layer in sorted(layers_of(municipality), key=lambda layer: layer.kind != "plans"):
        dimension = Func("geom", function="ST_Dimension", output_field=IntegerField())
        things = LayerFeature.objects.filter(layer=layer).annotate(dimension=dimension).filter(dimension=2)
        rows = list(things.order_by("name", "number").values_list("number", "name")[:left])
        left -= len(rows)
        if rows:
            options = [{"value": f"{layer.pk}.{number}", "label": name or f"Nr. {number}"} for number, name in rows]
            found.append({"heading": layer.name, "choices": options})
    return found


def _thing(text: str, municipality: Municipality) -> Area:
    layer_id, _, number = text.partition(".")
    layer = layer_named(municipality, layer_id)
    thing = LayerFeature.objects.filter(layer=layer, number=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if thing is None:
        raise InvalidFilter(f"{layer.name} har ingen ting nummer {number[:20]!r}. Kartlaget kan være hentet inn på nytt; velg fra lista.")
    if thing.geom.dims != 2:
        raise InvalidFilter(f"{thing} i {layer.name} er ingen flate. Velg en ting med en grense.")
    name = f"{thing} ({layer.name})"
    return _checked(shapely.from_wkb(bytes(thing.geom.wkb)), municipality, text=f"{layer.pk}.{thing.number}", name=name)


def _ring(part: str) -> list[list[float]]:
    try:
        ring = [[float(number) for number in pair.split(",")] for pair in part.split()]
    except ValueError:
        raise InvalidFilter(f"Grensen kan ikke leses: {part.strip()[:40]!r}. Den skrives som lengde,bredde lengde,bredde …") from None
    if len(ring) < 3:
        raise InvalidFilter(f"Grensen har {len(ring)} hjørner. Sett minst tre.")
    return ring


def _polygons_of(document: dict[str, Any]) -> Iterable[Any]:
    """The rings of every polygon in a GeoJSON object; other geometries are no part of a boundary."""
    kind = document.get("type")
    if "crs" in document:
        raise InvalidFilter("Filen har et eget koordinatsystem («crs»). Lagre den som GeoJSON i EPSG:4326 (RFC 7946) og prøv igjen.")
    if kind == "FeatureCollection":
        features = document.get("features")
        for feature in features if isinstance(features, list) else ():
            yield from _polygons_of(feature) if isinstance(feature, dict) and feature.get("type") == "Feature" else ()
    elif kind == "Feature":
        geometry = document.get("geometry")
        yield from _polygons_of(geometry) if isinstance(geometry, dict) and "Polygon" in str(geometry.get("type")) else ()
    elif kind == "Polygon":
        yield document.get("coordinates")
    elif kind == "MultiPolygon":
        parts = document.get("coordinates")
        yield from parts if isinstance(parts, list) else [parts]


def _polygon(rings: Any) -> BaseGeometry:
    """One polygon, looked at number by number; InvalidGeometry where sides cross, and where."""
    found = read_geometry({"type": "Polygon", "coordinates": rings}, kind="area", altitude="drop", at="")
    return shapely.from_wkb(bytes(found.wkb))


def _checked(shape: BaseGeometry, municipality: Municipality, *, text: str = "", name: str = "") -> Area:
    """An area of the right size that has to do with the municipality."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    if not parts:
        raise InvalidFilter("Grensen omslutter ingenting.")
    # in one order, so that an address that is read and written stays the same
    shape = shapely.normalize(shapely.MultiPolygon(parts))
    boundary = shapely.from_wkb(bytes(municipality.boundary.wkb))
    if not boundary.intersects(shape):
        west, south, _, _ = shape.bounds
        raise InvalidGeometry(
            f"Grensen ligger utenfor {municipality.name} (den begynner ved {west:.4f}, {south:.4f}). "
            "Tegn i kommunen, eller sjekk at filen er i lengde- og breddegrader.",
            code="outside-municipality",
        )
    metric = grid.project_shapes(np.array([shape], dtype=object), municipality.metric_srid)[0]
    if metric.area > MAX_AREA_KM2 * 1e6:
        raise InvalidGeometry(f"Området er {metric.area / 1e6:.0f} km². Det kan være inntil {MAX_AREA_KM2} km².", code="area-too-large")
    if metric.area < MIN_AREA_M2:
        raise InvalidGeometry(f"Området er {metric.area:.0f} m². Det må være minst {MIN_AREA_M2} m².", code="area-too-small")
    geom = GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=STORAGE_SRID)
    return Area(text or _written(shape), geom if isinstance(geom, MultiPolygon) else MultiPolygon(geom), name, metric.area)


def _written(shape: BaseGeometry) -> str:
    """Rings as an address has them."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return ";".join(" ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in shapely.get_coordinates(ring)[:-1]) for ring in rings)


def _to_degrees(shape: BaseGeometry) -> BaseGeometry:
    transform = grid.transformer(grid.GRID_SRID, STORAGE_SRID).transform
    return shapely.transform(shape, lambda xy: np.column_stack(transform(xy[:, 0], xy[:, 1])))
