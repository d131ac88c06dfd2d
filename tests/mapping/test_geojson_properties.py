"""What must hold for every geometry and every body there is, looked for with Hypothesis, judged by Shapely and json."""

import json
import math
from functools import partial
from typing import Any

import orjson
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from mapping.geojson import StudyArea, parse_json, read_feature, read_geojson_object, read_geometry, write_feature, write_geometry
from tests.mapping.geojson_cases import BOW_TIE, HOLE, SQUARE, attempt, line, mark, polygon, study_area

# Whole millionths of a degree, so that what is written with six decimals is what was read.
lons = st.integers(-180_000_000, 180_000_000).map(lambda value: value / 1e6)
lats = st.integers(-90_000_000, 90_000_000).map(lambda value: value / 1e6)
positions = st.tuples(lons, lats).map(list)
lines = st.lists(positions, min_size=2, max_size=60).filter(lambda line: any(position != line[0] for position in line))

# Corners on a coarse grid, so that rings often touch, cross and collapse.
corners = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda corner: [5 + corner[0] / 10, 60 + corner[1] / 10])
rings = st.lists(corners, min_size=3, max_size=8).map(lambda ring: [*ring, ring[0]])
polygons = st.lists(rings, min_size=1, max_size=3).map(lambda rings: polygon(*rings))


def _star(draw: st.DrawFn, *, nearest: float, farthest: float) -> list[list[float]]:
    """A ring around (5, 60), either way about, begun anywhere: it never crosses itself, since its corners' directions are in order."""
    distances = draw(st.lists(st.floats(nearest, farthest), min_size=3, max_size=8))
    turn = 2 * math.pi / len(distances)
    ring = [[round(5 + far * math.cos(turn * at), 6), round(60 + far * math.sin(turn * at), 6)] for at, far in enumerate(distances)]
    first = draw(st.integers(0, len(ring) - 1))
    ring = [*ring[first:], *ring[:first], ring[first]]
    return ring[::-1] if draw(st.booleans()) else ring


@st.composite
def valid_polygons(draw: st.DrawFn) -> dict[str, Any]:
    """Areas, with a hole or none; with three corners or more, the ring around is nowhere nearer than half of its nearest corner."""
    outer = _star(draw, nearest=0.3, farthest=1)
    return polygon(outer, _star(draw, nearest=0.02, farthest=0.14)) if draw(st.booleans()) else polygon(outer)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Point", "LineString", "Feature", "crs"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates", "geometry", "bbox", "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(positions, min_size=1, max_size=1))
def test_every_place_comes_out_as_it_went_in(place: list[list[float]]) -> None:
    geometry = {"type": "Point", "coordinates": place[0]}
    assert write_geometry(read_geometry(geometry, kind="place")) == geometry


@given(lines)
def test_every_route_comes_out_as_it_went_in_and_again(way: list[list[float]]) -> None:
    geometry = line(*way)
    body = write_feature(read_geometry(geometry, kind="route"), {"category": "barneveg"}, rev=1)
    again = read_feature(parse_json(body, max_bytes=100_000))
    assert again.geometry == geometry
    found: Any = read_geometry(again.geometry, kind="route")
    assert found.coords == tuple(map(tuple, way))


@settings(max_examples=400)
@given(polygons)
def test_area_is_taken_if_and_only_if_shapely_finds_it_valid(area: dict[str, Any]) -> None:
    judged = shape(area)
    found, refusal = attempt(lambda: read_geometry(area, kind="area"))
    assert judged.is_valid == (refusal is None)
    if refusal:
        assert refusal.pointer.startswith("/geometry/coordinates/")
        assert place_in(area, refusal.pointer.removeprefix("/geometry/")) is not None
    else:
        assert shapely.from_wkb(bytes(found.wkb)).equals(judged)


@settings(max_examples=60)
@given(valid_polygons())
def test_valid_area_comes_out_the_same_surface_with_the_right_hand_rule(area: dict[str, Any]) -> None:
    written = write_geometry(read_geometry(area, kind="area"))
    assert written is not None
    assert shape(written).equals(shape(area))
    outer, *holes = written["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)


BAY = [[5, 60], [5.6, 60], [5.6, 60.6], [5.5, 60.6], [5.5, 60.1], [5.1, 60.1], [5.1, 60.6], [5, 60.6], [5, 60]]


@settings(max_examples=300)
@given(st.lists(corners, min_size=2, max_size=10).filter(lambda way: any(position != way[0] for position in way)))
@example(way=[[5.0, 60.2], [5.2, 60.0]])
def test_way_is_outside_exactly_where_shapely_says_that_it_leaves(way: list[list[float]]) -> None:
    area = StudyArea(study_area(BAY))
    oracle = shape(polygon(BAY))
    reach = [shapely.LineString(way[: end + 1]) if end else shapely.Point(way[0]) for end in range(len(way))]
    relate = [oracle.covers(part) for part in reach]
    shapely.prepare(oracle)
    # GEOS answers in two ways, which may differ where a way passes a corner to the last bit of a float
    judged = {answers.index(False) if False in answers else None for answers in (relate, [oracle.covers(part) for part in reach])}
    _found, refusal = attempt(lambda: read_geometry(line(*way), kind="route", within=area))
    assert (refusal and refusal.pointer) in {first if first is None else f"/geometry/coordinates/{first}" for first in judged}


@given(st.floats(allow_nan=True, allow_infinity=True) | st.integers() | json_values, st.integers(0, 1))
def test_any_value_for_a_coordinate_is_a_coordinate_or_refused_at_its_place(value: Any, index: int) -> None:
    way = line([5.0, 60.0], [6.0, 60.0])
    way["coordinates"][1][index] = value
    largest = (180, 90)[index]
    is_coordinate = isinstance(value, int | float) and not isinstance(value, bool) and -largest <= value <= largest
    found, refusal = attempt(lambda: read_geometry(way, kind="route"))
    if not is_coordinate:
        assert refusal is not None
        assert refusal.pointer == f"/geometry/coordinates/1/{index}"
    elif refusal:
        assert refusal.code == "zero-length"
    else:
        assert abs(found.coords[1][index] - value) <= 5.1e-8


@settings(max_examples=400)
@given(json_values, st.sampled_from(["place", "route", "area"]))
def test_anything_at_all_is_a_geometry_or_refused_with_words(value: Any, kind: str) -> None:
    for geometry in (value, {"type": "Polygon", "coordinates": value}, {"type": "LineString", "coordinates": value}):
        found, refusal = attempt(partial(read_geometry, geometry, kind=kind))
        assert refusal.pointer.startswith("/geometry") if refusal else found.valid
        features, refusal = attempt(partial(read_geojson_object, geometry))
        assert refusal.message if refusal else isinstance(features, list)


@given(json_values)
def test_anything_at_all_is_a_mark_or_refused_with_words(value: Any) -> None:
    for body in (
        value,
        mark(value),
        mark(None, answers=value),
        mark(None, comment=value),
        mark(None, rev=value),
        mark(None, properties=value),
    ):
        feature, refusal = attempt(partial(read_feature, body))
        assert refusal.message if refusal else feature.rev >= 1


@settings(max_examples=400)
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    parsed, refusal = attempt(lambda: parse_json(body, max_bytes=1_000))
    assert refusal.message if refusal else parsed == orjson.loads(body)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "ab", '"', ":", "\\"]), st.integers(0, 9)), max_size=5))
def test_name_that_comes_twice_is_always_found(pairs: list[tuple[str, int]]) -> None:
    body = "{" + ", ".join(f"{json.dumps(name)} : {value}" for name, value in pairs) + "}"
    names = [name for name, _value in pairs]
    parsed, refusal = attempt(lambda: parse_json(f'{{"outer": [{body}]}}'.encode(), max_bytes=1_000))
    assert (refusal and refusal.code) == (None if len(set(names)) == len(names) else "name-twice")
    assert refusal or parsed == {"outer": [dict(pairs)]}


def place_in(document: Any, pointer: str) -> Any:
    """The value a JSON pointer without escapes leads to."""
    for part in pointer.split("/"):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def test_oracle_and_cases_agree_on_what_is_valid() -> None:
    assert shape(polygon(SQUARE, HOLE)).is_valid
    assert not shape(polygon(BOW_TIE)).is_valid
