"""Rows out of GIS files: anything that the reader (surveys/sandbox) takes, as valid geometry in EPSG:4326."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely.geometry.base import BaseGeometry

from surveys.crs import STORAGE_SRID
from surveys.errors import ImportRefused
from surveys.services.found import Found, GisFile
from surveys.services.reading import for_operators, read_file


@dataclass
class ImportReport:
    """What an import did: how many rows were made or changed, and every refused one with its reason."""

    made: int = 0
    changed: int = 0
    refused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.made} nye, {self.changed} oppdatert, {len(self.refused)} avvist"


def read_rows(path: Path, layer: str, report: ImportReport, *needed: str) -> Iterator[tuple[int, dict[str, Any], BaseGeometry]]:
    """(number, fields, geometry) of each row of an operator's file that can be used; the others are refused in the report, with the reason.

    layer: of a file that has several; the first unless told. needed: fields that no row may lack. ImportRefused when the file itself
    cannot be used.
    """
    yield from usable_rows(read_file(GisFile(path, path.name, layer, for_operators())), path.name, report, *needed)


def usable_rows(found: Found, name: str, report: ImportReport, *needed: str) -> Iterator[tuple[int, dict[str, Any], BaseGeometry]]:
    """The same for a file that has been read; name: what it is called."""
    if missing := [column for column in needed if column not in found.columns]:
        raise ImportRefused(f"{name} mangler kolonnen {', '.join(missing)}. Filen har: {', '.join(found.columns)}.")
    for row in found.rows:
        empty = [column for column in needed if row.fields[column] is None or not str(row.fields[column]).strip()]
        if row.geometry is None:
            report.refused.append(f"rad {row.number}: {row.why}")
        elif empty:
            report.refused.append(f"rad {row.number}: {', '.join(empty)} er tom")
        else:
            yield row.number, row.fields, row.geometry


def to_geos(geometry: BaseGeometry) -> GEOSGeometry:
    """As Django stores it, flat."""
    made = GEOSGeometry(memoryview(shapely.to_wkb(shapely.force_2d(geometry))))
    made.srid = STORAGE_SRID
    return made


def to_multi_polygon(geometry: BaseGeometry) -> MultiPolygon:
    """A polygon or several."""
    made = to_geos(geometry)
    return made if isinstance(made, MultiPolygon) else MultiPolygon(made, srid=STORAGE_SRID)
