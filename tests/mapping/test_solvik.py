"""Solvik is a town: everything is where a town has it, connected, and the same every time."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry import Point

from mapping.demo.layers import basemap_layers
from mapping.demo.network import WIDTHS_M, Edge
from mapping.demo.solvik import SOLVIK
from mapping.demo.town import Town, build_town
from mapping.demo.towns import TOWNS

MUNICIPALITIES = Path(__file__).parents[3] / "shared" / "data" / "municipalities-norway-2024.geojson"


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(SOLVIK)


@pytest.fixture(scope="module", params=sorted(TOWNS))
def any_town(request: pytest.FixtureRequest) -> Town:
    return build_town(TOWNS[request.param])


def _parts(town: Town, edges: list[Edge]) -> int:
    """How many separate pieces the edges make of the nodes they touch."""
    size = len(town.network.nodes)
    starts, ends = [edge.start for edge in edges], [edge.end for edge in edges]
    _, labels = connected_components(coo_array((np.ones(len(edges)), (starts, ends)), shape=(size, size)), directed=False)
    return len({labels[node] for node in starts + ends})


def test_it_has_some_sixteen_hundred_houses_in_all_its_districts(town: Town) -> None:
    counts = Counter(house.district for house in town.houses)
    assert 1400 <= len(town.houses) <= 1900
    assert all(counts[number] > 40 for number in range(len(SOLVIK.districts)))
    assert counts[-1] >= 20, "farms outside the districts"


def test_every_road_can_be_reached_from_every_other(town: Town) -> None:
    assert _parts(town, list(town.network.edges)) == 1


def test_every_street_can_be_reached_by_car(town: Town) -> None:
    assert _parts(town, [edge for edge in town.network.edges if edge.drivable]) == 1


def test_edges_begin_and_end_in_their_nodes(town: Town) -> None:
    for edge in town.network.edges:
        assert edge.line.coords[0] == tuple(town.network.nodes[edge.start])
        assert edge.line.coords[-1] == tuple(town.network.nodes[edge.end])


def test_streets_meet_only_in_nodes(town: Town) -> None:
    lines = [edge.line for edge in town.network.edges]
    nodes = shapely.union_all(shapely.points(town.network.nodes)).buffer(16)
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    apart = [
        (town.network.edges[a].name, town.network.edges[b].name)
        for a, b in zip(one.tolist(), other.tolist(), strict=True)
        if a < b and not nodes.covers(lines[a].intersection(lines[b]))
    ]
    assert apart == []


def test_no_house_stands_on_a_street_in_water_or_on_another(town: Town) -> None:
    walls = np.array([house.footprint for house in town.houses])
    roads = [edge.line.buffer(WIDTHS_M[edge.kind] / 2) for edge in town.network.edges]
    assert len(shapely.STRtree(roads).query(walls, predicate="intersects")[0]) == 0
    assert not shapely.intersects(walls, town.terrain.water).any()
    one, other = shapely.STRtree(walls).query(walls, predicate="intersects")
    assert (one == other).all()


def test_houses_stand_along_their_street(town: Town) -> None:
    away = [town.network.edges[house.edge].line.distance(house.address) for house in town.houses if house.district >= 0]
    assert max(away) < 25
    assert np.median(away) < 12


def test_addresses_are_unique_odd_left_and_even_right(town: Town) -> None:
    addresses = [(house.street, house.number) for house in town.houses]
    assert len(set(addresses)) == len(addresses)
    for house in town.houses[::37]:
        line = town.network.edges[house.edge].line
        place = line.project(house.address)
        (x, y), (a, b) = line.interpolate(place).coords[0], line.interpolate(min(place + 1, line.length)).coords[0]
        if (a, b) != (x, y):
            left = (a - x) * (house.address.y - y) - (b - y) * (house.address.x - x) > 0
            assert left == (house.number % 2 == 1), f"{house.street} {house.number}"


def test_schools_have_room_and_ways_in_from_several_sides(town: Town) -> None:
    assert [(school.code, school.grades) for school in town.schools] == [("barneskole", (1, 7)), ("ungdomsskole", (8, 10))]
    for school in town.schools:
        assert 10_000 < school.grounds.area < 25_000
        assert all(school.grounds.contains(building) for building in school.buildings)
        assert not any(building.contains(school.door) for building in school.buildings)
        assert sum(edge.line.crosses(school.grounds.boundary) for edge in town.network.edges) >= 3


def test_roads_bridge_the_river_and_none_runs_into_the_fjord(town: Town) -> None:
    over = [edge for edge in town.network.edges if edge.drivable and edge.line.crosses(town.terrain.river)]
    assert {"Fjordvegen", "Bruvegen", "Elvevegen"} <= {edge.name for edge in over}
    wet = sum(edge.line.intersection(town.terrain.sea).length for edge in town.network.edges if edge.drivable)
    assert wet == 0


def test_some_crossings_have_a_zebra_and_some_streets_a_pavement(town: Town) -> None:
    assert 0.25 < sum(crossing.marked for crossing in town.crossings) / len(town.crossings) < 0.75
    assert {edge.pavement for edge in town.network.edges if edge.drivable} == {0, 1, 2}
    assert any(not edge.lit for edge in town.network.edges if edge.kind == "path")


def test_woods_fields_and_gardens_leave_each_other_alone(town: Town) -> None:
    grounds = [town.woods, shapely.union_all(town.fields), town.gardens, town.terrain.sea]
    for one, other in combinations(grounds, 2):
        assert one.intersection(other).area < 0.002 * min(one.area, other.area)


def test_it_lies_in_the_sea_outside_every_municipality(town: Town) -> None:
    if not MUNICIPALITIES.is_file():
        pytest.skip("the municipalities of ../shared/data are not here")
    norway = geopandas.read_file(MUNICIPALITIES)
    # 12 nautical miles: the sea that municipalities reach out to. Degrees at 61° N: 0.42 east and west.
    near = norway[norway.intersects(town.to_lonlat(shapely.box(*SOLVIK.region)).buffer(0.3))]
    assert near.empty


def test_longitude_and_latitude_keep_lengths(town: Town) -> None:
    line = town.to_lonlat(shapely.LineString([(500, 500), (1500, 500)]))
    (lon, lat), (lon2, lat2) = line.coords
    _, _, metres = Geod(ellps="GRS80").inv(lon, lat, lon2, lat2)
    # UTM's scale so far from its central meridian (E 212 km, zone 32) is 1.00063.
    assert metres == pytest.approx(1000 / 1.00063, abs=0.2)


def test_the_same_plan_gives_the_same_town() -> None:
    plan = TOWNS["village"]
    first, second = build_town.__wrapped__(plan), build_town.__wrapped__(plan)
    assert [house.address.wkb for house in first.houses] == [house.address.wkb for house in second.houses]
    assert first.woods.wkb == second.woods.wkb


def test_the_four_towns_differ_as_their_names_say() -> None:
    # Houses within 150 m of a house: how many doors a cut-off way could have come from.
    near = {}
    for name, plan in TOWNS.items():
        doors = np.array([house.address for house in build_town(plan).houses])
        pairs = shapely.STRtree(doors).query(doors, predicate="dwithin", distance=150.0)[0]
        near[name] = len(pairs) / len(doors)
    assert near["dense"] > 1.5 * near["suburb"] > 2 * near["village"] > 3 * near["farm"]


def test_every_town_has_a_school_one_can_walk_to(any_town: Town) -> None:
    assert _parts(any_town, list(any_town.network.edges)) == 1
    door = any_town.schools[0].door
    assert any(edge.line.distance(door) < 1 for edge in any_town.network.edges)


def test_the_basemap_has_every_layer_and_only_valid_shapes(town: Town) -> None:
    layers = basemap_layers(town)
    assert set(layers) == {"earth", "landuse", "water", "roads", "buildings", "pois", "places"}
    for name, frame in layers.items():
        assert frame.crs.to_epsg() == 25832
        assert frame.geometry.is_valid.all(), name
        assert frame["kind"].notna().all(), name
    assert {"school", "playground", "swimming_area", "library", "bus_stop"} <= set(layers["pois"]["kind"])
    assert Point(SOLVIK.origin).distance(layers["earth"].geometry.iloc[0]) == 0
