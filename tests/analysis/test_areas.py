"""Boundaries in addresses and files: what they hold, what they measure, and what is said of those that cannot be."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import numpy as np
import orjson
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Point, Polygon
from django.urls import reverse
from django.utils import timezone

from analysis.areas import MAX_POSITIONS, Area, area_of_file, choices, read_area
from surveys.errors import DomainError, InvalidFilter, InvalidGeometry, NotJson
from surveys.models import Layer, Municipality
from tests import places
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db

SQUARE = "5.320000,60.378000 5.330000,60.378000 5.330000,60.383000 5.320000,60.383000"
HOLE = "5.324000,60.380000 5.326000,60.380000 5.326000,60.381000 5.324000,60.381000"
BESIDE = "5.340000,60.378000 5.345000,60.378000 5.345000,60.380000"
RING = [[5.32, 60.378], [5.33, 60.378], [5.33, 60.383], [5.32, 60.383], [5.32, 60.378]]


@pytest.fixture
def bergen(db: None) -> Municipality:
    """5.20 to 5.50 degrees east, 60.30 to 60.50 north."""
    return MunicipalityFactory.create(number="4601", name="Bergen")


def shape_of(area: Area) -> Any:
    """Its geometry as shapely knows it."""
    return shapely.from_wkb(bytes(area.geom.wkb))


def test_a_ring_is_what_it_says_and_is_measured_on_the_ground(bergen: Municipality) -> None:
    """0.01 degree of longitude is 551 m at 60.38° N, 0.005 of latitude 557 m."""
    area = read_area(SQUARE, bergen)
    assert shape_of(area).equals(shapely.box(5.32, 60.378, 5.33, 60.383))
    assert area.area_m2 == pytest.approx(551 * 557, rel=0.005)
    assert (area.name, area.size) == ("", "0,31 km²")


def test_a_ring_inside_is_a_hole_and_one_beside_another_part(bergen: Municipality) -> None:
    whole, hole, beside = (shape_of(read_area(text, bergen)) for text in (SQUARE, HOLE, BESIDE))
    assert shape_of(read_area(f"{SQUARE};{HOLE}", bergen)).equals(whole.difference(hole))
    assert shape_of(read_area(f"{SQUARE};{BESIDE}", bergen)).equals(whole.union(beside))


@pytest.mark.parametrize("text", [SQUARE, f"{SQUARE};{HOLE}", f"{SQUARE};{BESIDE}"])
def test_an_address_written_and_read_again_is_the_same(bergen: Municipality, text: str) -> None:
    area = read_area(text, bergen)
    again = read_area(area.text, bergen)
    assert (again.text, shape_of(again).equals(shape_of(area))) == (area.text, True)


def ring_of(corners: int, radius: float = 0.01) -> str:
    """A many-sided boundary round the school."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return " ".join(f"{5.33 + radius * np.cos(a):.6f},{60.38 + radius / 2 * np.sin(a):.6f}" for a in angles)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5.32,60.378 5.33,60.383 5.33,60.378 5.32,60.383", r"Omrisset krysser seg selv ved \[5\.325, 60\.3805\]"),
        ("10,59 10.1,59 10.1,59.1", r"Grensen ligger utenfor Bergen \(den begynner ved 10\.0000, 59\.0000\)"),
        ("5.2,60.3 5.5,60.3 5.5,60.5 5.2,60.5", r"Området er 36\d km²\. Det kan være inntil 100 km²\."),
        ("5.32,60.378 5.32005,60.378 5.32005,60.37805", r"Området er \d+ m²\. Det må være minst 100 m²\."),
        ("5.32,60.378 5.33,60.378", "Grensen har 2 hjørner. Sett minst tre."),
        ("5.32,60.378 5.33,nord 5.33,60.38", "Grensen kan ikke leses"),
        ("5.32,60.378 5.33,60.378,4,5 5.33,60.38", r"En posisjon er \[lengde, bredde\]"),
        ("5.32,60.378 5.33,nan 5.33,60.38", "En koordinat skal være et tall"),
        ("500,60 500,61 501,61", "Lengdegraden skal ligge fra -180 til 180"),
        (",", "Grensen kan ikke leses"),
        (f"{SQUARE};{SQUARE}", "Grensen omslutter ingenting"),
        (";,;", "Grensen kan ikke leses"),
        (ring_of(MAX_POSITIONS + 1), "Grensen har 151 hjørner; høyst 150"),
        ("tull", "Kartlaget 'tull' finnes ikke i kommunen"),
    ],
)
def test_a_boundary_that_cannot_be_is_told_of_in_a_sentence(bergen: Municipality, text: str, sentence: str) -> None:
    with pytest.raises((InvalidFilter, InvalidGeometry), match=sentence):
        read_area(text, bergen)


def test_the_longest_boundary_has_room_in_the_address_of_a_file(bergen: Municipality) -> None:
    """gunicorn takes a request line of 4,094 bytes."""
    area = read_area(ring_of(MAX_POSITIONS), bergen)
    url = reverse("analysis:export", args=[uuid4(), "geojson"]) + "?" + urlencode({"area": area.text})
    assert len(f"GET {url} HTTP/1.1") < 4094


def layer_of(municipality: Municipality, name: str, kind: str, *things: tuple[str, GEOSGeometry]) -> Layer:
    """A layer with things in it."""
    layer = Layer.objects.create(municipality=municipality, name=name, kind=kind, source="Kommunen", imported_at=timezone.now())
    for number, (label, geom) in enumerate(things, 1):
        layer.features.create(number=number, name=label, geom=geom)
    return layer


def test_a_thing_of_a_layer_is_an_area_by_its_number(bergen: Municipality) -> None:
    box = Polygon.from_bbox((5.32, 60.378, 5.33, 60.383))
    box.srid = places.SRID
    layer = layer_of(bergen, "Planer", "plans", ("Strandgata", box))
    area = read_area(f"{layer.pk}.1", bergen)
    assert (area.text, area.name, shape_of(area).bounds) == (f"{layer.pk}.1", "Strandgata (Planer)", (5.32, 60.378, 5.33, 60.383))
    for number in ("2", "x", "", "99999999999"):
        with pytest.raises(InvalidFilter, match="Planer har ingen ting nummer"):
            read_area(f"{layer.pk}.{number}", bergen)


def test_a_point_is_no_boundary_and_is_not_offered(bergen: Municipality) -> None:
    box = Polygon.from_bbox((5.32, 60.378, 5.33, 60.383))
    box.srid = places.SRID
    layer = layer_of(bergen, "Alt", "other", ("Ulykke", Point(5.33, 60.38, srid=places.SRID)), ("Flaten", box))
    with pytest.raises(InvalidFilter, match="Ulykke i Alt er ingen flate"):
        read_area(f"{layer.pk}.1", bergen)
    plans = layer_of(bergen, "Planer", "plans", ("", box))
    assert choices(bergen) == [
        {"heading": "Planer", "choices": [{"value": f"{plans.pk}.1", "label": "Nr. 1"}]},
        {"heading": "Alt", "choices": [{"value": f"{layer.pk}.2", "label": "Flaten"}]},
    ]


def test_another_municipality_s_layer_is_none_of_ours(bergen: Municipality) -> None:
    box = Polygon.from_bbox((5.32, 60.378, 5.33, 60.383))
    box.srid = places.SRID
    theirs = layer_of(MunicipalityFactory.create(number="5501", name="Tromsø"), "Planer", "plans", ("X", box))
    with pytest.raises(InvalidFilter, match="finnes ikke i kommunen"):
        read_area(f"{theirs.pk}.1", bergen)


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Polygon", "coordinates": [RING]},
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "Feature", "properties": {"plannavn": "A"}, "geometry": {"type": "Polygon", "coordinates": [RING]}},
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [5.33, 60.38]}},
                {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[*xy, 12.5] for xy in RING]]}},
            ],
        },
    ],
    ids=lambda document: document["type"],
)
def test_the_polygons_of_a_file_are_the_boundary(bergen: Municipality, document: dict[str, Any]) -> None:
    area, moved_m = area_of_file(orjson.dumps(document), bergen)
    assert moved_m == 0
    # there and back through metres, to six decimals
    assert shape_of(area).symmetric_difference(shapely.box(5.32, 60.378, 5.33, 60.383)).area < 1e-8


def test_a_detailed_boundary_is_simplified_and_it_is_said_by_how_much(bergen: Municipality) -> None:
    """A circle of 1,200 corners, 550 m across: fewer than 150 corners stay within two metres of it."""
    ring = [[float(number) for number in pair.split(",")] for pair in ring_of(1200).split()]
    area, moved_m = area_of_file(orjson.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}), bergen)
    assert 0 < moved_m <= 2
    assert shapely.get_num_coordinates(shape_of(area)) <= MAX_POSITIONS + 1
    apart = shapely.hausdorff_distance(shape_of(area), shapely.Polygon(ring)) * 111_000
    assert apart <= moved_m + 0.2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"type":"Point","coordinates":[5.3,60.3]}', "Filen har ingen flate"),
        (b'{"type":"FeatureCollection","features":[]}', "Filen har ingen flate"),
        (b'{"type":"FeatureCollection","features":["x", 3]}', "Filen har ingen flate"),
        (b'{"type":"Polygon"}', "skal være en liste"),
        (b'{"type":"Polygon","coordinates":[[[300000,6700000],[300100,6700000],[300100,6700100],[300000,6700000]]]}', "Lengdegraden"),
        (b'{"type":"Polygon","crs":{},"coordinates":[]}', "koordinatsystem"),
        (b'{"type":"MultiPolygon","coordinates":5}', "skal være en liste"),
        (b"x" * 1_000_001, "høyst 1000000"),
        (orjson.dumps({"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3], RING[0]]]}), "krysser seg selv"),
    ],
)
def test_a_file_that_is_no_boundary_is_told_of_in_a_sentence(bergen: Municipality, body: bytes, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        area_of_file(body, bergen)


def test_what_is_no_json_says_where(bergen: Municipality) -> None:
    with pytest.raises(NotJson, match="ikke gyldig JSON"):
        area_of_file(b"PK\x03\x04", bergen)
