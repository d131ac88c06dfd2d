"""Rows out of GIS files: anything that GDAL reads, in any coordinate system the file names, as valid geometry in EPSG:4326."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from geopandas import GeoDataFrame
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from surveys.crs import STORAGE_SRID
from surveys.errors import ImportRefused

FORMATS = {".geojson", ".json", ".gpkg", ".shp", ".fgb", ".zip"}


@dataclass
class ImportReport:
    """What an import did: how many rows were made or changed, and every refused one with its reason."""

    made: int = 0
    changed: int = 0
    refused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.made} nye, {self.changed} oppdatert, {len(self.refused)} avvist"


def read_rows(path: Path, layer: str, report: ImportReport, *needed: str) -> Iterator[tuple[int, dict[str, Any], BaseGeometry]]:
    """(number, fields, geometry) of each row that can be used; the others are refused in the report, with the reason.

    layer: of a file that has several; the first unless told. needed: fields that no row may lack. ImportRefused when the file itself
    cannot be used.
    """
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


def to_geos(geometry: BaseGeometry) -> GEOSGeometry:
    """As Django stores it, flat."""
    made = GEOSGeometry(memoryview(shapely.to_wkb(shapely.force_2d(geometry))))
    made.srid = STORAGE_SRID
    return made


def to_multi_polygon(geometry: BaseGeometry) -> MultiPolygon:
    """A polygon or several."""
    made = to_geos(geometry)
    return made if isinstance(made, MultiPolygon) else MultiPolygon(made, srid=STORAGE_SRID)
