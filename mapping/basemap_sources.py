"""Reads OpenStreetMap extracts, GeoPackages and GeoJSON files and sorts what is in them into the layers of a basemap."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from mapping.basemap_tags import COLUMNS, LAYERS, N50_DETAILS, N50_RULES, OSM_RULES, POPULATION_RANKS, Rule
from surveys.crs import STORAGE_SRID
from surveys.errors import ImportRefused

Bounds = tuple[float, float, float, float]
Layers = dict[str, GeoDataFrame]

OSM_CONFIG = Path(__file__).with_name("osmconf.ini")
OSM_LAYERS = ("points", "lines", "multipolygons", "multilinestrings")
SUFFIXES = {".pbf": "OpenStreetMap", ".osm": "OpenStreetMap", ".gpkg": "GeoPackage", ".geojson": "GeoJSON", ".json": "GeoJSON"}
SHAPE_LETTERS = {0: "P", 1: "L", 2: "L", 3: "A", 4: "P", 5: "L", 6: "A"}
"""Geometry type numbers of GEOS as the letters of Rule.shapes; a mixed collection (7) is left out."""


def read_sources(paths: Iterable[Path], *, bounds: Bounds | None = None) -> Layers:
    """The layers of all files together, EPSG:4326, cut at bounds (west, south, east, north in degrees).

    Raises ImportRefused for a file that is missing, unreadable, of another format, or has nothing a map could show.
    """
    found: dict[str, list[GeoDataFrame]] = {}
    coast: list[BaseGeometry] = []
    for path in paths:
        shown = 0
        for name, frame in _frames(path):
            known = frame.to_crs(STORAGE_SRID)
            coast += _coastline(known)
            # A file made in our own words says so by its layer's name and a kind: its rows pass unchanged.
            is_own = name in LAYERS and "kind" in known.columns
            for layer, part in ({name: known} if is_own else sort_into_layers(known)).items():
                found.setdefault(layer, []).append(part)
                shown += len(part)
        if not shown:
            raise ImportRefused(
                f"{path.name} har ingenting et kart kan vise: ingen OSM-merker (highway, building, natural …), "
                f"N50-objekttyper eller våre egne lag ({', '.join(LAYERS)})."
            )
    if coast:
        found.setdefault("water", []).append(_sea(coast, bounds or _bounds_of(part for parts in found.values() for part in parts)))
    layers = {layer: GeoDataFrame(pd.concat(parts, ignore_index=True), crs=STORAGE_SRID) for layer, parts in found.items()}
    inside = {layer: cut for layer, frame in layers.items() if len(cut := _cut(frame, bounds))}
    if not inside:
        west, south, east, north = bounds_of(layers)
        raise ImportRefused(f"Utsnittet ligger utenfor kartdataene, som dekker {west:.4f},{south:.4f},{east:.4f},{north:.4f}.")
    return inside


def sort_into_layers(frame: GeoDataFrame) -> Layers:
    """Give every feature its layer and kind, by OSM tags or N50 object types.

    frame: any columns, any CRS (kept). Features that no rule knows are left out. Empty in, empty out.
    """
    # Kartverket writes "objtype" or "OBJTYPE" as the file goes.
    tags = frame.rename(columns={column: column.lower() for column in frame.columns if column != frame.geometry.name})
    tags = tags.loc[:, ~tags.columns.duplicated()]
    letters = _letters(tags.geometry.values)
    parts: dict[str, list[GeoDataFrame]] = {}
    for rule in (*OSM_RULES, *N50_RULES):
        if rule.key in tags.columns:
            mask = tags[rule.key].isin(list(rule.kinds)).to_numpy() & np.isin(letters, list(rule.shapes))
            if mask.any():
                parts.setdefault(rule.layer, []).append(_ruled(tags[mask], rule))
    if "building" in tags.columns:
        mask = tags["building"].notna().to_numpy() & (tags["building"] != "no").to_numpy() & (letters == "A")
        parts.setdefault("buildings", []).append(_buildings(tags[mask]))
    if "addr_housenumber" in tags.columns:
        mask = tags["addr_housenumber"].notna().to_numpy() & (letters == "P")
        parts.setdefault("buildings", []).append(_plain(tags[mask], "address"))
    return {layer: GeoDataFrame(pd.concat(some, ignore_index=True), crs=frame.crs) for layer, some in parts.items() if sum(map(len, some))}


def _frames(path: Path) -> Iterable[tuple[str, GeoDataFrame]]:
    """Each layer of a file that holds geometry, with its name."""
    if not path.is_file():
        raise ImportRefused(f"Fila {path} finnes ikke.")
    if path.suffix.lower() not in SUFFIXES:
        raise ImportRefused(f"{path.name}: kan lese .osm.pbf, .gpkg og .geojson, ikke {path.suffix or 'filer uten endelse'}.")
    is_osm = SUFFIXES[path.suffix.lower()] == "OpenStreetMap"
    try:
        names = OSM_LAYERS if is_osm else [name for name, kind in pyogrio.list_layers(path) if kind is not None]
        for name in names:
            frame = _read(path, name, is_osm=is_osm)
            if len(frame):
                yield name, frame
    except (DataSourceError, DataLayerError, shapely.errors.GEOSException) as error:
        raise ImportRefused(f"{path.name} lar seg ikke lese som {SUFFIXES[path.suffix.lower()]}: {error}") from error


def _read(path: Path, layer: str, *, is_osm: bool) -> GeoDataFrame:
    options = {"CONFIG_FILE": str(OSM_CONFIG)} if is_osm else {}
    with warnings.catch_warnings():
        # An extract cuts ways and areas in two, and GDAL says so for each of them; what is left of them is repaired or dropped below.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"pyogrio")
        frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore", **options)
    if not isinstance(frame, GeoDataFrame):
        raise ImportRefused(f"{path.name}, laget «{layer}»: har ingen geometri.")
    if frame.crs is None:
        raise ImportRefused(f"{path.name}, laget «{layer}»: sier ikke hvilket koordinatsystem det er i.")
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    return frame.set_geometry(shapely.force_2d(frame.geometry.values), crs=frame.crs)


def _ruled(tags: GeoDataFrame, rule: Rule) -> GeoDataFrame:
    values = tags[rule.key]
    result = _plain(tags, "")
    result["kind"] = values.map(dict(rule.kinds)).to_numpy()
    result["min_zoom"] = values.map(lambda value: rule.zooms.get(value.removesuffix("_link"), rule.zoom)).to_numpy()
    if rule.layer == "roads":
        result["kind_detail"] = values.replace(N50_DETAILS).to_numpy()
        if "footway" in tags.columns:
            result.loc[(tags["footway"] == "crossing").to_numpy(), "kind_detail"] = "crossing"
        for column in ("bridge", "tunnel"):
            if column in tags.columns:
                result[f"is_{column}"] = tags[column].notna().to_numpy() & (tags[column] != "no").to_numpy()
    if rule.key == "place":
        result["population_rank"] = values.map(POPULATION_RANKS).to_numpy()
    if rule.layer == "pois":
        result = result[result["name"].notna() | result["kind"].isin(["bus_stop", "playground"])]
        # A point inside the area, whatever its shape: a label in a horseshoe's middle would stand outside it.
        result = result.set_geometry(result.geometry.representative_point())
    return result


def _plain(tags: GeoDataFrame, kind: str) -> GeoDataFrame:
    kept = [column for column in COLUMNS if column in tags.columns and column not in ("kind", "min_zoom")]
    result = GeoDataFrame(tags[kept].reset_index(drop=True), geometry=tags.geometry.values, crs=tags.crs)
    result["kind"] = kind
    if "name" not in result.columns:
        result["name"] = None
    return result


def _buildings(tags: GeoDataFrame) -> GeoDataFrame:
    result = _plain(tags, "building")
    result["kind_detail"] = tags["building"].replace("yes", None).to_numpy()
    if "building_levels" in tags.columns:
        result["height"] = 3 * pd.to_numeric(tags["building_levels"], errors="coerce").to_numpy()
    return result


def _letters(geometries: NDArray[np.object_]) -> NDArray[np.str_]:
    return np.array([SHAPE_LETTERS.get(int(number), "-") for number in shapely.get_type_id(geometries)], dtype="U1")


def _coastline(frame: GeoDataFrame) -> list[BaseGeometry]:
    if "natural" not in frame.columns:
        return []
    return list(frame.geometry[(frame["natural"] == "coastline") & (frame.geometry.geom_type == "LineString")])


def _sea(coast: list[BaseGeometry], bounds: Bounds) -> GeoDataFrame:
    """The sea between coastlines and the edge of the map: water lies on the right of a coastline (OSM wiki, natural=coastline).

    Returns the areas whose own stretch of coast has them on its right; without a stretch of its own an area counts as land.
    """
    frame = box(*bounds)
    joined = shapely.get_parts(shapely.line_merge(shapely.union_all(coast)))
    lines = [_to_the_edge(part, frame) for line in joined for part in shapely.get_parts(line.intersection(frame)) if part.length > 0]
    faces = list(polygonize(shapely.get_parts(shapely.union_all([*lines, frame.boundary]))))
    votes = np.zeros(len(faces))
    tree = shapely.STRtree(faces)
    for line in lines:
        places = np.asarray(line.coords)
        middles, steps = (places[:-1] + places[1:]) / 2, np.diff(places, axis=0)
        lengths = np.hypot(*steps.T)
        for side in (1, -1):
            # 1e-7 degrees, a centimetre: beside the line, and nearer to it than any other line.
            beside = middles + side * 1e-7 * np.column_stack([steps[:, 1], -steps[:, 0]]) / np.maximum(lengths, 1e-12)[:, None]
            which, face = tree.query(shapely.points(beside), predicate="within")
            np.add.at(votes, face, side * lengths[which])
    sea = [face for face, vote in zip(faces, votes, strict=True) if vote > 0]
    return GeoDataFrame({"kind": ["ocean"] * len(sea)}, geometry=sea, crs=STORAGE_SRID)


def _to_the_edge(line: LineString, frame: Polygon) -> LineString:
    """A coastline that ends just inside the map's edge runs on to it: extracts are cut at the last node, not at the edge."""
    west, south, east, north = frame.bounds
    reach = 0.05 * min(east - west, north - south)
    places = list(line.coords)
    for at, end in ((0, places[0]), (len(places), places[-1])):
        gap = shapely.shortest_line(shapely.Point(end), frame.boundary)
        if not line.is_closed and 0 < gap.length < reach:
            places.insert(at if at == 0 else len(places), gap.coords[-1])
    return LineString(places)


def _bounds_of(frames: Iterable[GeoDataFrame]) -> Bounds:
    totals = np.array([frame.total_bounds for frame in frames if len(frame)])
    (west, south), (east, north) = totals[:, :2].min(axis=0).tolist(), totals[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def bounds_of(layers: Mapping[str, GeoDataFrame]) -> Bounds:
    """West, south, east and north of everything in the layers, in degrees."""
    return _bounds_of(frame.to_crs(STORAGE_SRID) for frame in layers.values())


def _cut(frame: GeoDataFrame, bounds: Bounds | None) -> GeoDataFrame:
    if bounds is None:
        return frame
    there = frame[frame.intersects(box(*bounds))]
    return there.set_geometry(shapely.clip_by_rect(there.geometry.values, *bounds), crs=frame.crs)
