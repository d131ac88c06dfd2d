"""A synthetic town as the layers of a basemap, in the words of mapping/basemap_tags.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

from mapping.demo.network import WIDTHS_M, Edge
from mapping.demo.town import METRIC_SRID, Town

Row = dict[str, Any]

ROAD_KINDS = {
    "main": ("major_road", "secondary", 9),
    "collector": ("minor_road", "tertiary", 11),
    "residential": ("minor_road", "residential", 12),
    "service": ("minor_road", "service", 13),
    "track": ("path", "track", 12),
    "path": ("path", "footway", 13),
    "stairs": ("path", "steps", 13),
}
GROUND_KINDS = {
    "cemetery": "cemetery",
    "industrial": "industrial",
    "park": "park",
    "playground": "playground",
    "pitch": "pitch",
    "swimming_area": "beach",
    "sledding": "grass",
    "pier": "pier",
    "marina": "pier",
    "kindergarten": "kindergarten",
}
"""Facilities whose ground is drawn, and as what."""

POI_ZOOMS = {
    "school": 12,
    "swimming_area": 13,
    "library": 14,
    "townhall": 14,
    "playground": 14,
    "pitch": 14,
    "place_of_worship": 14,
    "supermarket": 14,
    "marina": 14,
    "viewpoint": 14,
    "sports_hall": 15,
    "kindergarten": 15,
    "sledding": 15,
    "pier": 15,
}


def basemap_layers(town: Town) -> dict[str, GeoDataFrame]:
    """Every layer of the town's basemap, EPSG:25832."""
    return {
        "earth": _frame(town, [{"geometry": box(*town.plan.region), "kind": "earth"}]),
        "landuse": _frame(town, _landuse(town)),
        "water": _frame(town, _water(town)),
        "roads": _frame(town, _roads(town)),
        "buildings": _frame(town, _buildings(town)),
        "pois": _frame(town, _pois(town)),
        "places": _frame(town, _places(town)),
    }


def _frame(town: Town, rows: Iterator[Row] | list[Row]) -> GeoDataFrame:
    made = [{**row, "geometry": town.to_metric(row["geometry"])} for row in rows if not row["geometry"].is_empty]
    return GeoDataFrame(made, geometry="geometry", crs=METRIC_SRID)


def _landuse(town: Town) -> Iterator[Row]:
    for part in shapely.get_parts(town.woods):
        yield {"kind": "forest", "geometry": part}
    for field in town.fields:
        yield {"kind": "farmland", "geometry": field}
    for part in shapely.get_parts(town.gardens):
        yield {"kind": "residential", "geometry": part}
    for place in sorted(town.facilities, key=lambda place: -place.area.area):
        if place.kind in GROUND_KINDS:
            yield {"kind": GROUND_KINDS[place.kind], "name": place.name, "geometry": place.area}
    for school in town.schools:
        yield {"kind": "school", "name": school.name, "geometry": school.grounds}


def _water(town: Town) -> Iterator[Row]:
    ground = town.terrain
    for part in shapely.get_parts(ground.sea):
        yield {"kind": "ocean", "geometry": part}
    yield {"kind": "river", "geometry": ground.river}
    if ground.river_line is not None:
        yield {"kind": "river", "name": town.plan.river_name, "geometry": ground.river_line.difference(ground.sea).simplify(4)}
    for lake, name in ground.lakes:
        yield {"kind": "lake", "geometry": lake}
        yield {"kind": "lake", "name": name, "geometry": lake.representative_point()}
    for name, at, kind in town.plan.water_names:
        yield {"kind": kind, "name": name, "geometry": Point(at)}


def _roads(town: Town) -> Iterator[Row]:
    """Streets in one piece from end to end, so that their names have room; bridges by themselves."""
    wet = shapely.union_all([town.terrain.river.buffer(5), *(lake for lake, _ in town.terrain.lakes)])
    groups: dict[tuple[str, str], list[BaseGeometry]] = {}
    for edge in town.network.edges:
        groups.setdefault((edge.name, edge.kind), []).append(edge.line)
    for (name, kind), lines in groups.items():
        road, detail, zoom = ROAD_KINDS[kind]
        whole = shapely.union_all(lines)
        for over_water, part in ((False, whole.difference(wet)), (True, whole.intersection(wet))):
            for piece in _merged(part):
                yield {
                    "kind": road,
                    "kind_detail": detail,
                    "name": name or None,
                    "min_zoom": zoom,
                    "is_bridge": over_water,
                    "geometry": piece.simplify(0.4),
                }
    for crossing in town.crossings:
        if crossing.marked and (stripe := _zebra(town, crossing.at)) is not None:
            yield {"kind": "path", "kind_detail": "crossing", "min_zoom": 15, "is_bridge": False, "geometry": stripe}


def _merged(lines: BaseGeometry) -> list[LineString]:
    parts = [part for part in shapely.get_parts(lines) if part.geom_type == "LineString" and part.length > 0.5]
    return list(shapely.get_parts(linemerge(parts))) if parts else []


def _zebra(town: Town, at: Point) -> LineString | None:
    """The walked line of a zebra: square across the busiest road, some metres beside the junction."""
    edges = [edge for edge in town.network.edges if edge.kind in ("main", "collector") and edge.line.distance(at) < 1]
    if not edges:
        return None
    road: Edge = min(edges, key=lambda edge: (edge.kind != "main", edge.line.length))
    line = road.line if Point(road.line.coords[0]).distance(at) < Point(road.line.coords[-1]).distance(at) else road.line.reverse()
    if line.length < 25:
        return None
    here, further = (np.array(line.interpolate(place).coords[0]) for place in (8.0, 9.0))
    across = np.array([-(further - here)[1], (further - here)[0]]) * WIDTHS_M[road.kind] / 2
    return LineString([here - across, here + across])


def _buildings(town: Town) -> Iterator[Row]:
    for house in town.houses:
        yield {"kind": "building", "kind_detail": house.kind, "height": 3 * house.floors, "geometry": house.footprint}
        yield {"kind": "address", "addr_housenumber": str(house.number), "geometry": house.address}
    for shed in town.sheds:
        yield {"kind": "building", "kind_detail": "shed", "height": 3, "geometry": shed}
    for place in town.facilities:
        for building in place.buildings:
            detail = "boathouse" if place.kind == "boathouses" else "industrial" if place.kind == "industrial" else "public"
            yield {"kind": "building", "kind_detail": detail, "height": 8, "geometry": building}
    for school in town.schools:
        for building in school.buildings:
            yield {"kind": "building", "kind_detail": "school", "height": 9, "geometry": building}


def _pois(town: Town) -> Iterator[Row]:
    for school in town.schools:
        yield {"kind": "school", "name": school.name, "min_zoom": 12, "geometry": school.door}
    for place in town.facilities:
        if place.kind in POI_ZOOMS:
            yield {"kind": place.kind, "name": place.name, "min_zoom": POI_ZOOMS[place.kind], "geometry": place.gate}
    for name, at in town.bus_stops:
        yield {"kind": "bus_stop", "name": name, "min_zoom": 15, "geometry": at}
    for hill in town.plan.hills:
        yield {"kind": "peak", "name": hill.name, "min_zoom": 12, "geometry": Point(hill.at)}


def _places(town: Town) -> Iterator[Row]:
    west, south, east, north = town.plan.area
    centre = next((part for part in town.plan.districts if part.name == "Sentrum"), None)
    middle = Polygon(centre.outline).representative_point() if centre else Point((west + east) / 2, (south + north) / 2)
    yield {"kind": "locality", "name": town.plan.name, "min_zoom": 8, "population_rank": 6, "geometry": middle}
    for part in town.plan.districts:
        yield {"kind": "neighbourhood", "name": part.name, "min_zoom": 13, "geometry": Polygon(part.outline).representative_point()}
    farms = [house for house in town.houses if house.kind == "farm"]
    for name, house in zip(town.plan.farm_names, farms, strict=False):
        yield {"kind": "farm", "name": name, "min_zoom": 14, "geometry": house.footprint.centroid}
