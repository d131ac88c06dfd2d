"""Municipalities and schools out of GIS files."""

from pathlib import Path
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction

from surveys.crs import metric_srid_for
from surveys.models import Municipality, School
from surveys.services.gis_files import ImportReport, read_rows, to_geos, to_multi_polygon

NUMBER_DIGITS = 4


@transaction.atomic
def import_municipalities(
    *, path: Path, number_field: str = "kommunenummer", name_field: str = "kommunenavn", only: set[str] | None = None, layer: str = ""
) -> ImportReport:
    """Make or update municipalities from polygons; `only` keeps the numbers named. ImportRefused when the file cannot be used."""
    report = ImportReport()
    for row_number, row, geometry in read_rows(path, layer, report, number_field, name_field):
        number = _number(row[number_field])
        if only and number not in only:
            continue
        if geometry.geom_type not in {"Polygon", "MultiPolygon"}:
            report.refused.append(f"rad {row_number} ({number}): {geometry.geom_type} er ikke en flate")
            continue
        boundary = to_multi_polygon(geometry)
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
    for row_number, row, geometry in read_rows(path, layer, report, *filter(None, (name_field, nsr_field))):
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
        values: dict[str, Any] = {"grade_low": low, "grade_high": high, "location": to_geos(geometry.representative_point())}
        if nsr_field:
            values["nsr_id"] = str(row[nsr_field])
        if geometry.geom_type in {"Polygon", "MultiPolygon"}:
            values["grounds"] = to_multi_polygon(geometry)
        before = School.objects.filter(municipality=municipality, name=name).first()
        _save(before or School(municipality=municipality, name=name), values, report, where, is_new=before is None)
    return report


def _number(value: Any) -> str:
    """A municipality's number. Spreadsheets drop a zero that it begins with; GDAL makes decimals of them when a row has none."""
    digits = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    return digits.zfill(NUMBER_DIGITS) if len(digits) == NUMBER_DIGITS - 1 else digits


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


def _grades(school_type: str) -> tuple[int, int]:
    word = school_type.lower()
    if "barne" in word and "ungdom" not in word:
        return 1, 7
    return (8, 10) if "ungdom" in word and "barne" not in word else (1, 10)
