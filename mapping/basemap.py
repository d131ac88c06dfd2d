"""Makes basemaps: one PMTiles file of vector tiles out of OpenStreetMap, N50, our own GeoPackages, or a town made by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geopandas import GeoDataFrame
from shapely.geometry import box

from mapping.basemap_places import write_named_places
from mapping.basemap_sources import Bounds, bounds_of, read_sources
from mapping.basemap_tags import COLUMNS, LAYERS, PLACES_SUFFIX
from mapping.basemap_tiles import write_pmtiles
from surveys.crs import STORAGE_SRID
from surveys.errors import ImportRefused

MIN_ZOOM = 8
MAX_ZOOM = 15
"""A tile of zoom 15 is some 600 m wide in Norway, in 4,096 steps: finer than a hand, so further zooms are enlarged from it."""

OSM_ATTRIBUTION = "© OpenStreetMap-bidragsytere"


@dataclass(frozen=True)
class BasemapInfo:
    """What was made. layers: features in each; bounds: west, south, east, north in degrees."""

    path: Path
    size_bytes: int
    tiles: int
    layers: dict[str, int]
    bounds: Bounds
    min_zoom: int
    max_zoom: int


def make_basemap(
    sources: Path | Sequence[Path] | Mapping[str, GeoDataFrame],
    output: Path,
    *,
    name: str,
    attribution: str = OSM_ATTRIBUTION,
    bounds: Bounds | None = None,
    min_zoom: int = MIN_ZOOM,
    max_zoom: int = MAX_ZOOM,
) -> BasemapInfo:
    """Write one PMTiles file with everything of the sources that a map can show, and beside it a list of what has a name.

    sources: files (.osm.pbf, .gpkg, .geojson), or layers by name as GeoDataFrames in any CRS. bounds: degrees; without them all there is.
    Raises ImportRefused for sources that cannot be read or show nothing, an unknown layer, or impossible bounds or zooms.
    """
    _require_zooms(min_zoom, max_zoom)
    _require_bounds(bounds)
    layers = _layers(sources, bounds)
    there = bounds or bounds_of(layers)
    if "earth" not in layers:
        # Land is the ground everything else is painted on; without it the map's edge could not be told from the sea.
        layers["earth"] = GeoDataFrame({"kind": ["earth"]}, geometry=[box(*there)], crs=STORAGE_SRID)
    output.parent.mkdir(parents=True, exist_ok=True)
    tiles = write_pmtiles(layers, output, metadata=_metadata(name, attribution, layers), bounds=there, zooms=range(min_zoom, max_zoom + 1))
    write_named_places(layers, output.with_suffix(PLACES_SUFFIX))
    counts = {layer: len(layers[layer]) for layer in LAYERS if layer in layers}
    return BasemapInfo(output, output.stat().st_size, tiles, counts, there, min_zoom, max_zoom)


def _layers(sources: Path | Sequence[Path] | Mapping[str, GeoDataFrame], bounds: Bounds | None) -> dict[str, GeoDataFrame]:
    if not isinstance(sources, Mapping):
        return read_sources([sources] if isinstance(sources, Path) else sources, bounds=bounds)
    if unknown := sorted(set(sources) - set(LAYERS)):
        raise ImportRefused(f"Ukjente kartlag: {', '.join(unknown)}. Kjente: {', '.join(LAYERS)}.")
    if not any(len(frame) for frame in sources.values()):
        raise ImportRefused("Kartlagene er tomme.")
    return {name: frame for name, frame in sources.items() if len(frame)}


def _require_zooms(min_zoom: int, max_zoom: int) -> None:
    if not 0 <= min_zoom <= max_zoom <= 16:
        raise ImportRefused(f"Zoom {min_zoom}–{max_zoom} går ikke: det må være 0 ≤ minste ≤ største ≤ 16.")


def _require_bounds(bounds: Bounds | None) -> None:
    if bounds is None:
        return
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise ImportRefused(f"Utsnittet {west},{south},{east},{north} må være vest,sør,øst,nord i grader.")


def _metadata(name: str, attribution: str, layers: Mapping[str, GeoDataFrame]) -> dict[str, Any]:
    """What TileJSON calls vector_layers: GDAL, QGIS and MapLibre read no field that is not named here."""
    described = [
        {"id": layer, "fields": {column: kind for column, kind in COLUMNS.items() if column in layers[layer].columns}}
        for layer in LAYERS
        if layer in layers
    ]
    return {"name": name, "attribution": attribution, "type": "baselayer", "version": "4.0.0", "vector_layers": described}
