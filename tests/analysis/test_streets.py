"""Children per street: cases that can be reckoned by hand, then geopandas' overlay with buffers, on real streets, too."""

from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from numpy.typing import NDArray

from analysis.streets import Passages, passages, stretches

Geometries = NDArray[np.object_]
HELSINKI = Path(__file__).parents[3] / "shared" / "data" / "helsinki-centre.osm.pbf"
STREET = shapely.LineString([(0, 0), (100, 0)])


def lines(*corners: list[tuple[float, float]]) -> Geometries:
    return np.array([shapely.LineString(one) for one in corners], dtype=object)


def pairs(found: Passages) -> list[tuple[int, int]]:
    return list(zip(found.way.tolist(), found.stretch.tolist(), strict=True))


@pytest.mark.parametrize(
    ("way", "follows"),
    [
        ([(10, 15), (60, 15)], True),  # half of it, beside it
        ([(10, 15), (59, 15)], False),
        ([(60, 15), (10, 15)], True),  # the other way round
        ([(10, 21), (90, 21)], False),  # beyond the corridor
        ([(10, 20), (90, 20)], True),  # on its border
        ([(50, -80), (50, 80)], False),  # across
        ([(0, -20), (100, 20)], True),  # askew, in the corridor all along
        ([(0, -40), (100, 40)], True),  # askew: in the corridor from 25 to 75 m
        ([(0, -41), (100, 41)], False),
        ([(0, 0), (30, 0), (0, 0), (30, 0)], False),  # there and back is what it is once
        ([(0, 5), (30, 5), (30, -60), (70, -60), (70, 5), (100, 5)], True),  # left and joined again
        ([(-50, 0), (150, 0)], True),
        ([(10, 0), (10, 0), (60, 0)], True),  # a finger that rests
    ],
)
def test_a_way_follows_a_street_along_half_of_it_or_more(way: list[tuple[float, float]], follows: bool) -> None:
    assert pairs(passages(lines(way), np.array([STREET], dtype=object))) == ([(0, 0)] if follows else [])


def test_a_street_with_a_bend_is_followed_as_a_whole() -> None:
    street = lines([(0, 0), (100, 0), (100, 100)])
    round_the_corner = lines([(40, 5), (105, 5), (105, 60)])
    assert pairs(passages(round_the_corner, street)) == [(0, 0)]
    assert pairs(passages(lines([(0, 5), (95, 5)]), street)) == []


def test_share_and_corridor_are_as_asked_for() -> None:
    way, street = lines([(10, 15), (40, 15)]), np.array([STREET], dtype=object)
    assert pairs(passages(way, street, least_share=0.3)) == [(0, 0)]
    assert pairs(passages(way, street, least_share=0.3, corridor_m=14)) == []


def test_children_are_counted_and_not_strokes() -> None:
    streets = lines([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(0, 500), (100, 500)])
    ways = lines([(0, 5), (200, 5)], [(0, -5), (100, -5)], [(0, 8), (100, 8)])
    found = passages(ways, streets)
    child = np.array([7, 7, 9])
    assert found.children(child, 3).tolist() == [2, 1, 0]
    assert found.of_ways(np.array([False, True, True])).children(child, 3).tolist() == [2, 0, 0]


def test_nothing_follows_nothing() -> None:
    nobody = np.array([None, shapely.LineString()], dtype=object)
    some = np.array([STREET], dtype=object)
    for ways, streets in ((nobody, some), (some, nobody), (np.empty(0, dtype=object), some), (nobody, nobody)):
        found = passages(ways, streets)
        assert pairs(found) == []
        assert found.children(np.zeros(len(ways), np.int64), len(streets)).tolist() == [0] * len(streets)
    with_a_hole = passages(np.array([None, STREET], dtype=object), np.array([None, STREET, None], dtype=object))
    assert pairs(with_a_hole) == [(1, 1)]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"corridor_m": 4.9}, "corridor of 4.9 m"),
        ({"corridor_m": float("nan")}, "corridor of nan m"),
        ({"least_share": 0}, "share of 0"),
        ({"least_share": 1.01}, "share of 1.01"),
    ],
)
def test_a_number_out_of_range_is_refused(wrong: dict[str, float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        passages(lines([(0, 0), (1, 1)]), lines([(0, 0), (1, 1)]), **wrong)


def test_what_is_no_line_is_refused() -> None:
    with pytest.raises(ValueError, match="only LineStrings"):
        passages(np.array([shapely.Point(0, 0)], dtype=object), lines([(0, 0), (1, 1)]))


def by_overlay(ways: Geometries, streets: Geometries, corridor_m: float, least_share: float) -> set[tuple[int, int]]:
    """The same by geopandas: buffers with flat ends round the straight pieces, overlay, and the shadow of each part on its piece."""
    parts = [
        (number, shapely.LineString([a, b]))
        for number, street in enumerate(streets)
        for a, b in zip(street.coords[:-1], street.coords[1:], strict=True)
        if a != b
    ]
    pieces = geopandas.GeoSeries([line for _, line in parts])
    corridors = geopandas.GeoDataFrame({"piece": range(len(parts))}, geometry=pieces.buffer(corridor_m, cap_style="flat"))
    drawn = geopandas.GeoDataFrame({"way": range(len(ways))}, geometry=list(ways))
    inside = geopandas.overlay(drawn, corridors, how="intersection", keep_geom_type=True).explode(index_parts=False)
    covered: dict[tuple[int, int], list[shapely.LineString]] = {}
    for way, piece, geometry in zip(inside["way"], inside["piece"], inside.geometry, strict=True):
        at = [parts[piece][1].project(shapely.Point(corner)) for corner in geometry.coords]
        covered.setdefault((way, piece), []).append(shapely.LineString([(min(at), 0), (max(at), 0)]))
    along: dict[tuple[int, int], float] = {}
    for (way, piece), shadows in covered.items():
        pair = way, parts[piece][0]
        along[pair] = along.get(pair, 0) + shapely.union_all(shadows).length
    return {pair for pair, metres in along.items() if metres >= least_share * shapely.length(streets[pair[1]])}


def wandering(rng: np.random.Generator, number: int, *, middle: tuple[float, float], reach_m: float) -> Geometries:
    """Ways as fingers draw them: a direction that changes little, a step now and then."""
    made = []
    for _ in range(number):
        heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.5, 40))
        step = rng.uniform(8, 40, 40)
        start = np.array(middle) + rng.uniform(-reach_m, reach_m, 2)
        made.append(start + np.cumsum(np.column_stack([np.cos(heading), np.sin(heading)]) * step[:, None], axis=0))
    return np.array([shapely.LineString(one) for one in made], dtype=object)


def random_streets(rng: np.random.Generator, number: int) -> Geometries:
    """Short ones with one bend."""
    corners = rng.uniform(-400, 400, (number, 1, 2)) + np.cumsum(rng.uniform(-60, 60, (number, 3, 2)), axis=1)
    return np.array([shapely.LineString(one) for one in corners], dtype=object)


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_geopandas_overlay_finds_among_random_streets(seed: int) -> None:
    rng = np.random.default_rng(seed)
    streets = random_streets(rng, 200)
    ways = wandering(rng, 50, middle=(0, 0), reach_m=400)
    corridor_m, share = float(rng.uniform(5, 50)), float(rng.uniform(0.1, 0.6))
    found = passages(ways, streets, corridor_m=corridor_m, least_share=share)
    expected = by_overlay(ways, streets, corridor_m, share)
    assert len(expected) >= 20
    assert set(pairs(found)) == expected
    assert len(pairs(found)) == len(expected)


@pytest.mark.skipif(not HELSINKI.is_file(), reason="the OpenStreetMap extract of ../shared/data is not here")
def test_it_is_what_geopandas_overlay_finds_in_helsinki() -> None:
    """On real streets, where bends are many and pieces short; from OpenStreetMap."""
    file = HELSINKI
    streets = pyogrio.read_dataframe(file, layer="lines", where="highway IS NOT NULL").to_crs(25835).geometry.to_numpy()
    streets = streets[shapely.length(streets) > 5][:1500]
    west, south, east, north = shapely.total_bounds(streets)
    middle = ((west + east) / 2, (south + north) / 2)
    ways = wandering(np.random.default_rng(1), 120, middle=middle, reach_m=min(east - west, north - south) / 2)
    expected = by_overlay(ways, streets, 20, 0.5)
    assert len(expected) >= 200
    assert set(pairs(passages(ways, streets))) == expected


def test_many_ways_in_parts_are_what_they_are_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    streets, ways = random_streets(rng, 200), wandering(rng, 30, middle=(0, 0), reach_m=400)
    whole = pairs(passages(ways, streets))
    assert len(whole) >= 20
    for at_once in (1, 39, 100):
        monkeypatch.setattr("analysis.streets._AT_ONCE", at_once)
        assert pairs(passages(ways, streets)) == whole


def wkt(found: Geometries) -> list[str]:
    return [shapely.to_wkt(line, rounding_precision=3) for line in found]


def test_streets_are_cut_where_they_meet_and_evenly_between() -> None:
    streets = lines([(0, 0), (60, 0), (60, 40), (60, 70)], [(60, 40), (60, -100)], [(60, 0), (200, 0)])
    found = stretches(streets, longest_m=50)
    assert wkt(found.lines) == [
        "LINESTRING (0 0, 30 0)",
        "LINESTRING (30 0, 60 0)",
        "LINESTRING (60 0, 60 40)",
        "LINESTRING (60 40, 60 70)",
        "LINESTRING (60 40, 60 -6.667)",
        "LINESTRING (60 -6.667, 60 -53.333)",
        "LINESTRING (60 -53.333, 60 -100)",
        "LINESTRING (60 0, 106.667 0)",
        "LINESTRING (106.667 0, 153.333 0)",
        "LINESTRING (153.333 0, 200 0)",
    ]
    assert found.street.tolist() == [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_bridge_has_no_vertex_in_common_with_what_is_below_it_and_is_not_cut() -> None:
    streets = lines([(0, 0), (100, 0)], [(50, -40), (50, 40)])
    assert len(stretches(streets, longest_m=100).lines) == 2


def test_a_loop_is_cut_where_it_meets_itself() -> None:
    loop = lines([(0, 0), (100, 0), (100, 60), (50, 60), (50, 0), (0, -50)])
    assert len(stretches(loop, longest_m=1000).lines) == 1
    knot = lines([(0, 0), (50, 0), (100, 0), (100, 60), (50, 60), (50, 0), (0, -50)])
    assert wkt(stretches(knot, longest_m=1000).lines) == [
        "LINESTRING (0 0, 50 0)",
        "LINESTRING (50 0, 100 0, 100 60, 50 60, 50 0)",
        "LINESTRING (50 0, 0 -50)",
    ]


def test_bends_stay_and_nothing_is_lost_or_longer_than_it_may_be() -> None:
    streets = random_streets(np.random.default_rng(8), 300)
    found = stretches(streets, longest_m=25)
    assert shapely.length(found.lines).max() <= 25 + 1e-9
    assert np.bincount(found.street, weights=shapely.length(found.lines)) == pytest.approx(shapely.length(streets))
    for number, street in enumerate(streets[:50]):
        joined = shapely.line_merge(shapely.multilinestrings(found.lines[found.street == number]))
        assert shapely.hausdorff_distance(joined, street) < 1e-6


def test_no_streets_have_no_stretches_and_stretches_have_a_least_length() -> None:
    assert len(stretches(np.array([None, shapely.LineString()], dtype=object)).lines) == 0
    with pytest.raises(ValueError, match="at most 19 m"):
        stretches(lines([(0, 0), (1, 1)]), longest_m=19)
    with pytest.raises(ValueError, match="at most nan m"):
        stretches(lines([(0, 0), (1, 1)]), longest_m=float("nan"))
