"""Municipalities and schools out of GIS files: anything that GDAL reads, in any coordinate system the file names."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.exceptions import ValidationError
from django.db import transaction
from geopandas import GeoDataFrame
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from surveys.crs import STORAGE_SRID, metric_srid_for
from surveys.errors import ImportRefused
from surveys.models import Municipality, School

NUMBER_DIGITS = 4
FORMATS = {".geojson", ".json", ".gpkg", ".shp", ".fgb", ".zip"}


@dataclass
class ImportReport:
    """What an import did: how many rows were made or changed, and every refused one with its reason."""

    made: int = 0
    changed: int = 0
    refused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.made} nye, {self.changed} oppdatert, {len(self.refused)} avvist"


@transaction.atomic
def import_municipalities(
    *, path: Path, number_field: str = "kommunenummer", name_field: str = "kommunenavn", only: set[str] | None = None, layer: str = ""
) -> ImportReport:
    """Make or update municipalities from polygons; `only` keeps the numbers named. ImportRefused when the file cannot be used."""
    report = ImportReport()
    for row_number, row, geometry in _rows(path, layer, report, number_field, name_field):
        number = _number(row[number_field])
        if only and number not in only:
            continue
        if geometry.geom_type not in {"Polygon", "MultiPolygon"}:
            report.refused.append(f"rad {row_number} ({number}): {geometry.geom_type} er ikke en flate")
            continue
        boundary = _multi_polygon(geometry)
        values = {"name": str(row[name_field]), "boundary": boundary, "metric_srid": metric_srid_for(boundary.centroid.x)}
        before = Municipality.objects.filter(number=number).first()
        _save(before or Municipality(number=number), values, report, f"rad {row_number} ({number})", is_new=before is None)
    return report


@transaction.atomic
def import_schools(
    *, path: Path, municipality: Municipality, name_field: str = "navn", type_field: str = "type", nsr_field: str = "", layer: str = ""
) -> ImportReport:
    """Make or update a municipality's schools from points (the gate) or polygons (the grounds; the gate is a point on them).

    Of several schools with one name the first is taken and the others are refused.
    A school's grades follow its type where the file has one: barneskole 1–7, ungdomsskole 8–10, else 1–10.
    """
    report = ImportReport()
    seen: dict[str, int] = {}
    inside = shapely.from_wkb(bytes(municipality.boundary.wkb)).buffer(0.01)  # about a kilometre: a gate may lie on the border
    for row_number, row, geometry in _rows(path, layer, report, *filter(None, (name_field, nsr_field))):
        name = str(row[name_field]).strip()
        where = f"rad {row_number} ({name})"
        if not geometry.intersects(inside):
            report.refused.append(f"{where}: ligger utenfor {municipality.name}")
            continue
        if name in seen:
            at = geometry.representative_point()
            report.refused.append(f"{where}: heter det samme som rad {seen[name]}, og ligger ved {at.y:.5f}, {at.x:.5f}")
            continue
        seen[name] = row_number
        low, high = _grades(str(row.get(type_field, "")))
        values: dict[str, Any] = {"grade_low": low, "grade_high": high, "location": _geos(geometry.representative_point())}
        if nsr_field:
            values["nsr_id"] = str(row[nsr_field])
        if geometry.geom_type in {"Polygon", "MultiPolygon"}:
            values["grounds"] = _multi_polygon(geometry)
        before = School.objects.filter(municipality=municipality, name=name).first()
        _save(before or School(municipality=municipality, name=name), values, report, where, is_new=before is None)
    return report


def _number(value: Any) -> str:
    """A municipality's number. Spreadsheets drop a zero that it begins with; GDAL makes decimals of them when a row has none."""
    digits = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    return digits.zfill(NUMBER_DIGITS) if len(digits) == NUMBER_DIGITS - 1 else digits


def _rows(path: Path, layer: str, report: ImportReport, *needed: str) -> Iterator[tuple[int, dict[str, Any], BaseGeometry]]:
    frame = _read(path, layer)
    if frame.empty:
        raise ImportRefused(f"{path.name} har ingen rader.")
    if missing := [name for name in needed if name not in frame.columns]:
        has = ", ".join(name for name in frame.columns if name != "geometry")
        raise ImportRefused(f"{path.name} mangler kolonnen {', '.join(missing)}. Filen har: {has}.")
    for number, record in enumerate(frame.to_dict("records"), start=1):
        geometry = record.pop("geometry")
        if why := _why_unusable(geometry, {name: record[name] for name in needed}):
            report.refused.append(f"rad {number}: {why}")
        else:
            yield number, record, shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def _why_unusable(geometry: BaseGeometry | None, values: dict[str, Any]) -> str:
    if geometry is None or geometry.is_empty:
        return "har ingen geometri"
    if empty := [name for name, value in values.items() if pd.isna(value) or not str(value).strip()]:
        return f"{', '.join(empty)} er tom"
    west, south, east, north = geometry.bounds
    # a file that says degrees and holds metres, or whose projection broke down (infinity)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return f"ligger ikke på jorda ({west:.0f}, {south:.0f}); sjekk koordinatsystemet"
    return ""


def _read(path: Path, layer: str) -> GeoDataFrame:
    if not path.is_file():
        raise ImportRefused(f"Filen {path} finnes ikke.")
    if path.suffix.lower() not in FORMATS:
        raise ImportRefused(f"{path.name} er {path.suffix or 'uten endelse'}; tillatt: {', '.join(sorted(FORMATS))}.")
    try:
        frame = pyogrio.read_dataframe(path, layer=layer or None)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ImportRefused(f"{path.name} kan ikke leses: {error}") from error
    if not isinstance(frame, GeoDataFrame):
        raise ImportRefused(f"{path.name} har ingen geometri.")
    if frame.crs is None:
        raise ImportRefused(f"{path.name} sier ikke hvilket koordinatsystem den har. Lagre den med EPSG-kode og prøv igjen.")
    try:
        return frame.to_crs(STORAGE_SRID)
    except ProjError as error:
        raise ImportRefused(f"{path.name} kan ikke regnes om til grader: {error}") from error


def _save(row: Municipality | School, values: dict[str, Any], report: ImportReport, where: str, *, is_new: bool) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    try:
        # the constraints are seen to above, and the database has the last word; asking it for each of them takes ten times as long
        row.full_clean(validate_constraints=False)
    except ValidationError as error:
        report.refused.append(f"{where}: {'; '.join(error.messages)}")
        return
    row.save()
    report.made += is_new
    report.changed += not is_new


def _geos(geometry: BaseGeometry) -> GEOSGeometry:
    made = GEOSGeometry(memoryview(shapely.to_wkb(shapely.force_2d(geometry))))
    made.srid = STORAGE_SRID
    return made


def _multi_polygon(geometry: BaseGeometry) -> MultiPolygon:
    made = _geos(geometry)
    return made if isinstance(made, MultiPolygon) else MultiPolygon(made, srid=STORAGE_SRID)


def _grades(school_type: str) -> tuple[int, int]:
    word = school_type.lower()
    if "barne" in word and "ungdom" not in word:
        return 1, 7
    return (8, 10) if "ungdom" in word and "barne" not in word else (1, 10)
