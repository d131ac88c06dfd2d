"""What Solvik's operator has imported of the town's ground: streets, play areas, districts, plans; as files would hold them."""

from collections.abc import Iterator
from dataclasses import dataclass

from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from mapping.demo.plan import points
from mapping.demo.town import Town
from surveys.models import Layer

PLAY_KINDS = ("playground", "park", "pitch", "sledding", "swimming_area")
"""Facilities that a municipality's list of play areas and parks would have."""

SLAG = {
    "playground": "lekeplass", "park": "park", "pitch": "bane", "sledding": "akebakke", "swimming_area": "badeplass",
    "main": "hovedveg", "collector": "samleveg", "residential": "boliggate", "service": "avkjørsel", "track": "traktorveg", "path": "sti",
    "stairs": "trapp",
}  # fmt: skip
"""The town's words as a municipality's own files would have them."""
SMALL_GREENS = (
    ("Vågen balløkke", (2290.0, -215.0)),
    ("Havsulevegen grøntareal", (2262.0, 430.0)),
    ("Rypestien nærlekeplass", (436.0, 1402.0)),
)
"""What only the municipality's own list has, at the ends of town, where hardly anybody sets a mark: name, and metres from the origin."""
GREEN_RADIUS_M = 13.0
PLANS = (
    ("Detaljregulering Strandgata", points("1290,1290 1560,1250 1760,1330 1790,1470 1600,1500 1330,1450")),
    ("Gang- og sykkelveg Vardevegen", points("2085,1010 2310,975 2540,1030 2745,1180 2720,1205 2520,1065 2305,1015 2095,1050")),
    ("Områdeplan Vågen nord", points("2230,-120 2420,-150 2410,60 2250,60")),
)
"""Plans that are being made: name and boundary, metres from the origin."""


@dataclass(frozen=True)
class LayerFile:
    """One layer: its name and kind, and its things with their fields, in degrees."""

    name: str
    kind: Layer.Kind
    things: list[tuple[dict[str, str], BaseGeometry]]


def layer_files(town: Town) -> Iterator[LayerFile]:
    """All of them; each thing has the fields navn and slag."""
    streets = [({"navn": edge.name, "slag": SLAG[edge.kind]}, town.to_lonlat(edge.line)) for edge in town.network.edges]
    yield LayerFile("Gater i Solvik", Layer.Kind.STREETS, streets)
    play = [
        ({"navn": place.name, "slag": SLAG[place.kind]}, town.to_lonlat(place.area))
        for place in town.facilities
        if place.kind in PLAY_KINDS
    ]
    greens = [({"navn": name, "slag": "park"}, town.to_lonlat(Point(at).buffer(GREEN_RADIUS_M, 4))) for name, at in SMALL_GREENS]
    yield LayerFile("Lekeplasser og parker", Layer.Kind.PLAY_AREAS, [*play, *greens])
    parts = [({"navn": part.name, "slag": "bydel"}, town.to_lonlat(Polygon(part.outline))) for part in town.plan.districts]
    yield LayerFile("Bydeler", Layer.Kind.DISTRICTS, parts)
    plans = [({"navn": name, "slag": "reguleringsplan"}, town.to_lonlat(Polygon(boundary))) for name, boundary in PLANS]
    yield LayerFile("Planer under arbeid", Layer.Kind.PLANS, plans)
