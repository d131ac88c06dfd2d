"""Rows out of GIS files: anything that GDAL reads, in any coordinate system the file names, as valid geometry in EPSG:4326."""

import zipfile
import zlib
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
BEGINS = {".geojson": b"{", ".json": b"{", ".gpkg": b"SQLite format 3\0", ".fgb": b"fgb", ".shp": b"\0\0\x27\x0a"}
"""How a file of the format begins. GDAL goes by what a file holds, not by its name, and some formats name other files, or hosts."""
BESIDE = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".xml"}
"""What lies beside a shapefile."""
MOST_UNPACKED_BYTES = 500_000_000
_BOM = b"\xef\xbb\xbf"


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
    _require_what_it_says(path)
    try:
        frame = pyogrio.read_dataframe(path, layer=layer or None)
    except pyogrio.errors.DataLayerError as error:
        raise ImportRefused(f"{path.name} kan ikke leses: den har ikke noe lag som heter {layer!r}.") from error
    except (pyogrio.errors.DataSourceError, shapely.errors.ShapelyError, ValueError, IndexError) as error:
        # the last two are pyogrio's for letters that are not UTF-8 and for a broken index
        raise ImportRefused(f"{path.name} kan ikke leses. Er det en hel fil, og er teksten i UTF-8?") from error
    if not isinstance(frame, GeoDataFrame):
        raise ImportRefused(f"{path.name} har ingen geometri.")
    if frame.crs is None:
        raise ImportRefused(f"{path.name} sier ikke hvilket koordinatsystem den har. Lagre den med EPSG-kode og prøv igjen.")
    try:
        return frame.to_crs(STORAGE_SRID)
    except ProjError as error:
        raise ImportRefused(f"{path.name} kan ikke regnes om til grader: {error}") from error


def _require_what_it_says(path: Path) -> None:
    """ImportRefused for a file that is not what its name says, or an archive of anything but one such file and what belongs to it."""
    if path.suffix.lower() != ".zip":
        with path.open("rb") as file:
            _require_beginning(path.name, path.suffix.lower(), file.read(64))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir() and not member.filename.startswith("__MACOSX/")]
            if sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
                raise ImportRefused(f"{path.name} er over {MOST_UNPACKED_BYTES // 1_000_000} MB når den pakkes ut.")
            for member in members:
                suffix = Path(member.filename).suffix.lower()
                if suffix not in BESIDE:
                    with archive.open(member) as file:
                        _require_beginning(member.filename, suffix, file.read(64))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise ImportRefused(f"{path.name} kan ikke pakkes ut. Pakk den på nytt, uten passord.") from error


def _require_beginning(name: str, suffix: str, beginning: bytes) -> None:
    wanted = BEGINS.get(suffix)
    if wanted is None:
        raise ImportRefused(f"{Path(name).name[:80]} kan ikke være med. Tillatt: {', '.join(sorted(BEGINS))} og det som hører til en .shp.")
    if not beginning.removeprefix(_BOM).lstrip(b" \t\r\n" if wanted == b"{" else b"").startswith(wanted):
        raise ImportRefused(f"{Path(name).name[:80]} er ikke det navnet sier. Lagre den som {suffix} på nytt og prøv igjen.")


def to_geos(geometry: BaseGeometry) -> GEOSGeometry:
    """As Django stores it, flat."""
    made = GEOSGeometry(memoryview(shapely.to_wkb(shapely.force_2d(geometry))))
    made.srid = STORAGE_SRID
    return made


def to_multi_polygon(geometry: BaseGeometry) -> MultiPolygon:
    """A polygon or several."""
    made = to_geos(geometry)
    return made if isinstance(made, MultiPolygon) else MultiPolygon(made, srid=STORAGE_SRID)
