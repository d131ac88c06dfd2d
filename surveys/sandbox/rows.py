"""The rows of a GIS file, in any coordinate system it names, as valid flat geometry in EPSG:4326; with pyogrio, without pandas."""

import math
import warnings
from collections.abc import Iterator
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from shapely.errors import ShapelyError

from surveys.sandbox.contents import Refused
from surveys.sandbox.limits import Limits

Row = tuple[int, str, list[Any], bytes]
"""Number from 1, why it cannot be used ("" when it can), values as JSON has them, and WKB."""
NO_GEOMETRY = "har ingen geometri"
_WGS84 = 4326


def read(path: Path, layer: str, limits: Limits, shown: str) -> tuple[dict[str, Any], Iterator[Row]]:
    """The head of the answer (see frames.py) and the rows. Refused when the file as a whole cannot be used."""
    try:
        with warnings.catch_warnings(action="ignore"):
            layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None] or [""]
            if layer and layer not in layers:
                raise Refused(f"{shown} kan ikke leses: den har ikke noe lag som heter {layer[:60]!r}. Den har: {', '.join(layers)[:200]}.")
            found = pyogrio.raw.read(path, layer=layer or layers[0] or None, force_2d=True, max_features=limits.things + 1)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.GeometryError) as error:
        raise Refused(f"{shown} kan ikke leses. Er det en hel fil, og er teksten i UTF-8?") from error
    except (pyogrio.errors.FeatureError, pyogrio.errors.FieldError, RuntimeError, ValueError, IndexError) as error:
        # the last two are pyogrio's for letters that are not UTF-8 and for a broken index
        raise Refused(f"{shown} kan ikke leses. Er det en hel fil, og er teksten i UTF-8?") from error
    about, _, wkb, values = found
    columns = [str(name) for name in about["fields"]]
    _require_fit(about, wkb, columns, limits, shown)
    head = {"columns": columns, "layers": layers, "layer": layer or layers[0]}
    return head, _rows(_shapes(wkb, about["crs"], limits, shown), values, limits)


def _require_fit(about: dict[str, Any], wkb: Any, columns: list[str], limits: Limits, shown: str) -> None:
    if wkb is None:
        raise Refused(f"{shown} har ingen geometri.")
    if len(wkb) == 0:
        raise Refused(f"{shown} har ingen rader.")
    if len(wkb) > limits.things:
        raise Refused(f"{shown} har over {limits.things} ting; høyst {limits.things} er tillatt. Klipp den til kommunen først.")
    if len(columns) > limits.columns:
        raise Refused(f"{shown} har {len(columns)} kolonner; høyst {limits.columns} er tillatt. Ta bort dem som ikke trengs.")
    if not about["crs"]:
        raise Refused(f"{shown} sier ikke hvilket koordinatsystem den har. Lagre den med EPSG-kode og prøv igjen.")


def _shapes(wkb: NDArray[np.object_], crs: str, limits: Limits, shown: str) -> NDArray[np.object_]:
    """The geometries in degrees, not yet looked at one by one; those with too many corners stay as they are."""
    try:
        shapes: NDArray[np.object_] = shapely.from_wkb(wkb)
    except ShapelyError as error:
        if "bad_alloc" in str(error):  # as GEOS says that there is no memory left
            raise MemoryError from error
        raise Refused(f"{shown} kan ikke leses. Er det en hel fil?") from error
    corners = shapely.get_num_coordinates(shapes)
    if corners.sum() > limits.corners:
        raise Refused(f"{shown} har {corners.sum()} hjørner i alt; høyst {limits.corners} er tillatt. Forenkle den først.")
    small = corners <= limits.thing_corners
    try:
        to_degrees = Transformer.from_crs(CRS.from_user_input(crs), _WGS84, always_xy=True).transform
        shapes[small] = shapely.transform(shapes[small], lambda xy: np.column_stack(to_degrees(xy[:, 0], xy[:, 1])))
    except ProjError as error:
        raise Refused(f"{shown} kan ikke regnes om til grader fra koordinatsystemet den har. Lagre den med en EPSG-kode.") from error
    return shapes


def _rows(shapes: NDArray[np.object_], columns: list[Any], limits: Limits) -> Iterator[Row]:
    # all at once: one by one, two hundred thousand points would take a minute
    whys = _why_unusable(shapes, limits)
    mended = np.flatnonzero((whys == "") & ~shapely.is_valid(shapes))
    shapes[mended] = shapely.make_valid(shapes[mended], method="structure", keep_collapsed=False)
    whys[mended[shapely.is_empty(shapes[mended])]] = NO_GEOMETRY
    shapes[whys != ""] = None
    values = zip(*([_plain(value, limits) for value in column.tolist()] for column in columns), strict=True) if columns else repeat(())
    for number, (why, said, wkb) in enumerate(zip(whys, values, shapely.to_wkb(shapes), strict=False), start=1):
        yield number, why, list(said), wkb or b""


def _why_unusable(shapes: NDArray[np.object_], limits: Limits) -> NDArray[np.object_]:
    """A reason for each, "" where there is none."""
    corners = shapely.get_num_coordinates(shapes)
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    # not-a-number hides from bounds
    odd = np.zeros(len(shapes), dtype=bool)
    odd[of[~np.isfinite(xy).all(axis=1)]] = True
    bounds = shapely.bounds(shapes)
    # a file that says degrees and holds metres, or whose projection broke down (infinity)
    off = odd | ~((bounds >= [-180, -90, -180, -90]) & (bounds <= [180, 90, 180, 90])).all(axis=1)
    whys = np.full(len(shapes), "", dtype=object)
    for at in np.flatnonzero(off):
        west, south = bounds[at, :2]
        whys[at] = f"ligger ikke på jorda ({west:.0f}, {south:.0f}); sjekk koordinatsystemet"
    for at in np.flatnonzero(corners > limits.thing_corners):
        whys[at] = f"har {corners[at]} hjørner; høyst {limits.thing_corners} er tillatt for én ting"
    whys[(corners == 0) | shapely.is_missing(shapes)] = NO_GEOMETRY
    return whys


def _plain(value: Any, limits: Limits) -> str | int | float | bool | None:
    """A field as JSON can have it; None when it is empty, or nothing to show."""
    if isinstance(value, str):
        return value[: limits.text]
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, date) else None
