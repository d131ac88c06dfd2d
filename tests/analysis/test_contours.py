"""Contours of a heat map: circles and rings whose size is known by formula, and every cell counted anew."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from analysis.contours import isopleths
from analysis.density import Bounds, Heat, heat_map

BERGEN = Bounds(west=5.2, south=60.35, east=5.45, north=60.43)
MIDDLE = (5.325, 60.39)


def km2_of(land: shapely.MultiPolygon) -> float:
    area, _ = Geod(ellps="GRS80").geometry_area_perimeter(shapely.orient_polygons(land))
    return area / 1e6


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
@pytest.mark.parametrize("bandwidth_m", [150, 400])
def test_one_place_has_circles_as_large_as_the_normal_distribution_says(share: float, bandwidth_m: float) -> None:
    heat = heat_map(*(np.array([at]) for at in MIDDLE), bounds=BERGEN, side_px=1000, bandwidth_m=bandwidth_m)
    [found] = isopleths(heat, [share])
    # of a two-dimensional normal distribution the share 1 - exp(-r² / 2σ²) lies within r
    radius_km = bandwidth_m / 1000 * np.sqrt(-2 * np.log(1 - share))
    assert km2_of(found.land) == pytest.approx(np.pi * radius_km**2, rel=0.04)
    assert len(found.land.geoms) == 1
    assert shapely.distance(shapely.centroid(found.land), shapely.Point(MIDDLE)) < 0.0005


def test_the_cells_inside_hold_the_share_and_the_smaller_land_lies_in_the_larger() -> None:
    rng = np.random.default_rng(8)
    lon, lat = rng.normal(5.32, 0.02, 300), rng.normal(60.39, 0.008, 300)
    heat = heat_map(lon, lat, bounds=BERGEN, side_px=400, bandwidth_m=120)
    half, most = isopleths(heat, [0.5, 0.8])
    across, up = np.meshgrid(*heat.centres())
    for found in (half, most):
        inside = shapely.contains_xy(found.land, across.ravel(), up.ravel())
        assert heat.values.ravel()[inside].sum() / heat.values.sum() == pytest.approx(found.share, abs=0.005)
        assert found.land.is_valid
    assert half.level_per_km2 > most.level_per_km2
    assert shapely.area(shapely.difference(half.land, most.land)) == pytest.approx(0, abs=1e-12)


def test_a_ring_of_places_round_a_cold_middle_has_a_hole() -> None:
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    heat = heat_map(5.325 + 0.05 * np.cos(angle), 60.39 + 0.025 * np.sin(angle), bounds=BERGEN, side_px=500, bandwidth_m=200)
    [found] = isopleths(heat, [0.8])
    assert len(found.land.geoms) == 1
    assert len(found.land.geoms[0].interiors) == 1
    assert not shapely.contains_xy(found.land, *MIDDLE)


def test_heat_at_the_edge_of_the_map_is_closed_there() -> None:
    heat = heat_map(np.array([BERGEN.west]), np.array([60.39]), bounds=BERGEN, side_px=300, bandwidth_m=300)
    [found] = isopleths(heat, [0.8])
    west, south, east, north = found.land.bounds
    cell = (BERGEN.east - BERGEN.west) / heat.values.shape[1]
    assert west == pytest.approx(BERGEN.west, abs=cell)
    assert BERGEN.south < south < 60.39 < north < BERGEN.north
    assert east < BERGEN.west + 0.03


def test_a_cold_map_has_no_contours_and_a_share_out_of_range_is_refused() -> None:
    cold = Heat(values=np.zeros((4, 5)), bounds=BERGEN)
    assert isopleths(cold, [0.5]) == []
    with pytest.raises(ValueError, match="a share of 50"):
        isopleths(cold, [50])
