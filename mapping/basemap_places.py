"""Finds what has a name among a basemap's layers: places to choose from a list, for those who do not point at a map.

Homes are left out: no farms, no house numbers. Where two named streets meet is a place too, since a way is told by its corners.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from surveys.crs import STORAGE_SRID

PLACE_KINDS = ("locality", "neighbourhood", "island")
STREET_KINDS = ("major_road", "minor_road", "path")
MEETING_M = 2.0
"""Streets are drawn with gaps of up to this much where they meet: simplifying moves a line, not the corner on it."""
APART_M = 60.0
"""Two streets that meet twice within this distance meet once: both sides of a square, a bend."""

Place = dict[str, Any]


def write_named_places(layers: Mapping[str, GeoDataFrame], path: Path) -> int:
    """Write the named places of a basemap as JSON, and return how many there are. An older file is replaced only by a whole one."""
    places = list(named_places(layers))
    part = path.with_suffix(".part")
    part.write_text(json.dumps(places, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    part.replace(path)
    return len(places)


def named_places(layers: Mapping[str, GeoDataFrame]) -> Iterator[Place]:
    """Each place as `name`, `kind`, `position` [lon, lat] in degrees (EPSG:4326, 6 decimals), and for a corner the `other` street.

    layers: by their names in basemap_tags.LAYERS, any CRS. What has no name is left out; no layers, no places.
    """
    for layer, kinds in (("pois", None), ("places", PLACE_KINDS)):
        if layer in layers:
            yield from _points(layers[layer], kinds)
    if "roads" in layers:
        yield from _corners(layers["roads"])


def _points(frame: GeoDataFrame, kinds: tuple[str, ...] | None) -> Iterator[Place]:
    there = _named(frame, kinds)
    spots = there.geometry.representative_point().to_crs(STORAGE_SRID)
    for name, kind, spot in zip(there["name"], there["kind"], spots, strict=True):
        yield {"name": name, "kind": kind, "position": _position(spot)}


def _corners(roads: GeoDataFrame) -> Iterator[Place]:
    """Where two streets of different names meet, and the middle of a street that meets none."""
    streets = _named(roads, STREET_KINDS)
    if "is_tunnel" in streets.columns:
        streets = streets[~streets["is_tunnel"].fillna(value=False).astype(bool)]
    if streets.empty:
        return
    metric = streets.to_crs(streets.to_crs(STORAGE_SRID).estimate_utm_crs()).explode(index_parts=False, ignore_index=True)
    lines, names = metric.geometry.to_numpy(), metric["name"].to_numpy()
    left, right = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=MEETING_M)
    pairs = names[left] < names[right]
    left, right = left[pairs], right[pairs]
    spots = shapely.line_interpolate_point(shapely.shortest_line(lines[left], lines[right]), 0.5, normalized=True)
    found: dict[tuple[str, str], list[Any]] = {}
    for name, other, spot in zip(names[left], names[right], spots, strict=True):
        before = found.setdefault((name, other), [])
        if all(spot.distance(one) > APART_M for one in before):
            before.append(spot)
    rows = [{"name": name, "other": other, "kind": "corner", "geometry": spot} for (name, other), some in found.items() for spot in some]
    met = {name for pair in found for name in pair}
    longest = metric.assign(length=metric.length).sort_values("length").drop_duplicates("name", keep="last")
    alone = longest[~longest["name"].isin(met)]
    rows += [
        {"name": name, "other": None, "kind": "street", "geometry": line.interpolate(0.5, normalized=True)}
        for name, line in zip(alone["name"], alone.geometry, strict=True)
    ]
    there = GeoDataFrame(rows, geometry="geometry", crs=metric.crs).to_crs(STORAGE_SRID)
    for name, other, kind, spot in zip(there["name"], there["other"], there["kind"], there.geometry, strict=True):
        yield {"name": name, **({"other": other} if other else {}), "kind": kind, "position": _position(spot)}


def _named(frame: GeoDataFrame, kinds: tuple[str, ...] | None) -> GeoDataFrame:
    if "name" not in frame.columns:
        return frame.iloc[:0].assign(name=pd.Series(dtype=str))
    there = frame[frame["name"].map(lambda name: isinstance(name, str) and bool(name.strip()))]
    return there if kinds is None else there[there["kind"].isin(kinds)]


def _position(spot: Any) -> list[float]:
    return [round(spot.x, 6), round(spot.y, 6)]
