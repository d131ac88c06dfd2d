"""What a thing on a map is: the tags of OpenStreetMap and the object types of Kartverket's N50, as layers and kinds of the basemap.

Layers, `kind`, `kind_detail` and `min_zoom` follow the Protomaps basemap schema, version 4, so that any style made for it understands
our files: https://docs.protomaps.com/basemaps/layers
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LAYERS = ("earth", "landuse", "water", "roads", "buildings", "pois", "places", "boundaries")
"""Our layers, in the order in which they are painted."""

PLACES_SUFFIX = ".places.json"
"""Beside a PMTiles file: the list of what has a name in it (mapping/basemap_places.py)."""

COLUMNS = {
    "kind": "String",
    "kind_detail": "String",
    "name": "String",
    "min_zoom": "Number",
    "is_bridge": "Boolean",
    "is_tunnel": "Boolean",
    "addr_housenumber": "String",
    "height": "Number",
    "population_rank": "Number",
}
"""What a feature may carry, and its type as TileJSON names it; everything else in a source is left behind."""


@dataclass(frozen=True)
class Rule:
    """Features whose `key` has one of the values of `kinds` belong to `layer`.

    shapes: letters of the geometries meant, P point, L line, A area. zooms: from which zoom a kind shows, `zoom` for the rest.
    """

    layer: str
    shapes: str
    key: str
    kinds: Mapping[str, str]
    zoom: int = 0
    zooms: Mapping[str, int] = field(default_factory=dict)


def _same(*kinds: str) -> dict[str, str]:
    return {kind: kind for kind in kinds}


HIGHWAYS = {
    **dict.fromkeys(("motorway", "motorway_link"), "highway"),
    **dict.fromkeys(
        ("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"), "major_road"
    ),
    **dict.fromkeys(("residential", "unclassified", "living_street", "road", "service"), "minor_road"),
    **dict.fromkeys(("footway", "path", "cycleway", "pedestrian", "steps", "track", "bridleway"), "path"),
}
HIGHWAY_ZOOMS = {
    "trunk": 7,
    "primary": 8,
    "secondary": 9,
    "tertiary": 11,
    "unclassified": 12,
    "residential": 12,
    "living_street": 12,
    "track": 12,
    "service": 13,
    "cycleway": 13,
    "pedestrian": 13,
    "footway": 13,
    "path": 13,
    "steps": 13,
    "bridleway": 13,
    "road": 12,
}

OSM_RULES = (
    Rule("roads", "L", "highway", HIGHWAYS, zoom=6, zooms=HIGHWAY_ZOOMS),
    Rule("roads", "L", "railway", dict.fromkeys(("rail", "light_rail", "tram", "narrow_gauge", "subway"), "rail"), zoom=11),
    Rule("roads", "L", "route", {"ferry": "ferry"}, zoom=10),
    Rule("roads", "L", "man_made", {"pier": "other"}, zoom=13),
    Rule("water", "A", "natural", _same("water", "bay", "strait")),
    Rule("water", "A", "waterway", {"riverbank": "river", "dock": "water"}),
    Rule("water", "A", "landuse", {"reservoir": "lake", "basin": "water"}),
    Rule("water", "A", "leisure", {"swimming_pool": "swimming_pool"}, zoom=15),
    Rule("water", "L", "waterway", _same("river", "stream", "canal"), zoom=9, zooms={"stream": 13}),
    Rule("water", "P", "natural", _same("bay", "strait"), zoom=11),
    Rule("water", "P", "place", _same("sea", "ocean"), zoom=6),
    Rule(
        "landuse",
        "A",
        "landuse",
        {
            **_same(
                "forest",
                "residential",
                "industrial",
                "commercial",
                "retail",
                "farmland",
                "cemetery",
                "allotments",
                "military",
                "quarry",
                "meadow",
                "grass",
                "railway",
            ),
            "farmyard": "farmland",
            "orchard": "farmland",
            "recreation_ground": "park",
            "village_green": "village_green",
            "religious": "residential",
        },
    ),
    Rule(
        "landuse",
        "A",
        "natural",
        {**_same("wood", "scrub", "grassland", "beach", "glacier", "wetland", "bare_rock", "sand", "heath"), "scree": "bare_rock"},
    ),
    Rule(
        "landuse",
        "A",
        "leisure",
        {
            **_same("park", "playground", "pitch", "garden", "golf_course", "nature_reserve", "track", "marina"),
            "sports_centre": "park",
            "stadium": "pitch",
        },
    ),
    Rule(
        "landuse",
        "A",
        "amenity",
        {**_same("school", "kindergarten", "university", "college", "hospital", "parking", "grave_yard"), "grave_yard": "cemetery"},
    ),
    Rule("landuse", "A", "highway", {"pedestrian": "pedestrian", "platform": "pedestrian"}),
    Rule("landuse", "A", "man_made", {"pier": "pier"}),
    Rule("landuse", "A", "place", {"square": "pedestrian"}),
    Rule("boundaries", "L", "boundary", {"administrative": "county"}, zoom=8),
    Rule(
        "places",
        "P",
        "place",
        {
            "city": "locality",
            "town": "locality",
            "village": "locality",
            "hamlet": "locality",
            "suburb": "neighbourhood",
            "neighbourhood": "neighbourhood",
            "quarter": "neighbourhood",
            "farm": "farm",
            "isolated_dwelling": "farm",
            "island": "island",
            "islet": "island",
        },
        zoom=8,
        zooms={
            "city": 4,
            "town": 7,
            "village": 10,
            "hamlet": 12,
            "suburb": 11,
            "quarter": 13,
            "neighbourhood": 13,
            "farm": 14,
            "isolated_dwelling": 14,
            "island": 11,
            "islet": 14,
        },
    ),
    Rule(
        "pois",
        "PA",
        "amenity",
        _same("school", "kindergarten", "library", "townhall", "place_of_worship", "university", "hospital"),
        zoom=14,
        zooms={"school": 12, "kindergarten": 15},
    ),
    Rule(
        "pois",
        "PA",
        "leisure",
        {
            **_same("playground", "pitch", "swimming_area", "marina"),
            "sports_centre": "sports_hall",
            "sports_hall": "sports_hall",
            "swimming_pool": "swimming_area",
        },
        zoom=14,
        zooms={"pitch": 15},
    ),
    Rule(
        "pois",
        "PA",
        "shop",
        {"supermarket": "supermarket", "convenience": "supermarket", "kiosk": "supermarket", "mall": "supermarket"},
        zoom=14,
    ),
    Rule("pois", "PA", "tourism", _same("viewpoint", "museum"), zoom=14),
    Rule("pois", "P", "highway", {"bus_stop": "bus_stop"}, zoom=15),
    Rule("pois", "P", "railway", {"station": "station", "halt": "station", "tram_stop": "bus_stop"}, zoom=13, zooms={"tram_stop": 15}),
    Rule("pois", "P", "natural", {"peak": "peak", "beach": "swimming_area"}, zoom=12),
)
"""OpenStreetMap. A feature may answer several rules: a school's grounds are land use and a point of interest."""

N50_RULES = (
    Rule(
        "water",
        "A",
        "objtype",
        {
            "Havflate": "ocean",
            "Innsjø": "lake",
            "InnsjøRegulert": "lake",
            "Elv": "river",
            "ElvBekk": "river",
            "FerskvannTørrfall": "water",
            "Kanal": "canal",
        },
    ),
    Rule("water", "L", "objtype", {"Elv": "river", "ElvBekk": "stream", "Bekk": "stream", "Kanal": "canal"}, zoom=12),
    Rule(
        "landuse",
        "A",
        "objtype",
        {
            "Skog": "forest",
            "DyrketMark": "farmland",
            "Myr": "wetland",
            "Bymessigbebyggelse": "residential",
            "BymessigBebyggelse": "residential",
            "Tettbebyggelse": "residential",
            "ÅpentOmråde": "grassland",
            "SnøIsbre": "glacier",
            "SportIdrettPlass": "pitch",
            "Park": "park",
            "Gravplass": "cemetery",
            "Industriområde": "industrial",
            "Steinbrudd": "quarry",
            "Golfbane": "golf_course",
            "Lekeplass": "playground",
            "Skole": "school",
            "Alpinbakke": "grass",
            "Campingplass": "park",
        },
    ),
    Rule(
        "roads",
        "L",
        "objtype",
        {"Motorveg": "highway", "Bane": "rail", "Sti": "path", "Traktorveg": "path", "GangSykkelveg": "path", "Barmarksløype": "path"},
        zoom=12,
        zooms={"Motorveg": 6, "Bane": 11},
    ),
    Rule(
        "roads",
        "L",
        "vegkategori",
        {"E": "highway", "R": "major_road", "F": "major_road", "K": "minor_road", "P": "minor_road", "S": "minor_road"},
        zoom=12,
        zooms={"E": 6, "R": 8, "F": 9, "P": 13, "S": 13},
    ),
    Rule("buildings", "A", "objtype", {"Bygning": "building", "AnnenBygning": "building", "Takkant": "building"}, zoom=13),
    Rule("boundaries", "L", "objtype", {"Kommunegrense": "county", "Fylkesgrense": "region", "Riksgrense": "country"}, zoom=8),
)
"""Kartverket's N50 and FKB object types, as GeoJSON or GeoPackage."""

N50_DETAILS = {
    "E": "motorway",
    "R": "primary",
    "F": "secondary",
    "K": "residential",
    "P": "service",
    "S": "track",
    "Sti": "path",
    "Traktorveg": "track",
    "GangSykkelveg": "cycleway",
}
"""`kind_detail` of roads where the source has letters for them."""

POPULATION_RANKS = {"city": 11, "town": 8, "village": 5, "hamlet": 3}
