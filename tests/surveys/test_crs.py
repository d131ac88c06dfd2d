"""Which zone measures where: two real lengths guard it, one in Bergen and one in Tromsø."""

import pytest
from django.contrib.gis.geos import LineString
from pyproj import Geod

from surveys.crs import STORAGE_SRID, metric_srid_for


@pytest.mark.parametrize(
    ("longitude", "srid"),
    [(4.5, 25832), (5.33, 25832), (11.99, 25832), (12.0, 25833), (18.95, 25833), (23.99, 25833), (24.0, 25835), (31.1, 25835)],
)
def test_a_longitude_has_its_zone(longitude: float, srid: int) -> None:
    assert metric_srid_for(longitude) == srid


@pytest.mark.parametrize("longitude", [-180.5, 181.0, float("nan"), float("inf")])
def test_what_is_no_longitude_is_refused(longitude: float) -> None:
    with pytest.raises(ValueError, match="between -180 and 180"):
        metric_srid_for(longitude)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("Bergen", (5.3200, 60.3900), (5.3380, 60.3915)),
        ("Tromsø", (18.9500, 69.6500), (18.9750, 69.6520)),
        ("Vadsø", (29.7, 70.07), (29.73, 70.08)),
    ],
)
def test_a_kilometre_is_a_kilometre(name: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    line = LineString(start, end, srid=STORAGE_SRID)
    measured = line.transform(metric_srid_for(start[0]), clone=True).length
    _, _, true_m = Geod(ellps="GRS80").inv(*start, *end)
    assert 900 < true_m < 2000
    assert measured == pytest.approx(true_m, rel=0.001), name
