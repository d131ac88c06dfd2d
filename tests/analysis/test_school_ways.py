"""Ways to school out of the database: against pyproj's geodesic lengths and pandas, and what may be told of few."""

import geopandas
import numpy as np
import pandas as pd
import pytest
from django.contrib.gis.geos import LineString
from django.test import Client
from django.urls import reverse
from pyproj import Geod
from shapely import from_wkb

from analysis.crosstab import Told
from analysis.filters import MarkFilter
from analysis.school_ways import LIMITS_M, SchoolWays, school_ways
from mapping.models import Mark
from surveys.models import ClassGroup, GradeBand, School, Survey, User
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory

pytestmark = pytest.mark.django_db
GEOD = Geod(ellps="GRS80")
LON, LAT = places.SCHOOL_GATE


def _way(length_m: float, bend_m: float = 0.0) -> LineString:
    """A way from so far west of the school to its gate, with a corner so far north of its middle; laid out on the ellipsoid."""
    west = GEOD.fwd(LON, LAT, 270, length_m)[:2]
    middle = GEOD.fwd(*GEOD.fwd(LON, LAT, 270, length_m / 2)[:2], 0, bend_m)[:2]
    return LineString(west, middle, (LON, LAT), srid=4326)


@pytest.fixture
def walked(survey: Survey, school: School) -> Survey:
    """Grade 3: 12 children from 190 m on, 190 m apart, every third on a bicycle; grade 9: 6 with a bend; one too short to be sent."""
    code = survey.categories.get(code="skoleveg")

    def draw(group: ClassGroup, way: LineString | None, mode: str) -> None:
        response = ResponseFactory.create(class_group=group)
        MarkFactory.create(response=response, category=code, geom=way, mode=mode)

    low: ClassGroup = ClassGroupFactory.create(survey=survey, school=school, grade=3)
    for number in range(12):
        draw(low, _way(190.0 * (number + 1)), "ga" if number % 3 else "sykle")
    high: ClassGroup = ClassGroupFactory.create(survey=survey, school=school, grade=9)
    for number in range(6):
        draw(high, _way(800.0 + 600 * number, bend_m=310), "ga")
    draw(high, None, "ga")
    # the way to a friend is no way to school
    MarkFactory.create(
        response=ResponseFactory.create(class_group=high), category=survey.categories.get(code="fritidsveg"), geom=_way(9000), mode="ga"
    )
    return survey


def _frame(survey: Survey) -> pd.DataFrame:
    """Measured without our code: length and distance on the ellipsoid, detour from them."""
    rows = []
    for mark in Mark.objects.filter(survey=survey, category__code="skoleveg").select_related("response__class_group__school"):
        if mark.geom is None:
            continue
        line, gate = from_wkb(bytes(mark.geom.wkb)), mark.response.class_group.school.location
        (west, south), (east, north) = line.coords[0], line.coords[-1]
        away = max(GEOD.inv(lon, lat, gate.x, gate.y)[2] for lon, lat in ((west, south), (east, north)))
        length = GEOD.geometry_length(line)
        band = str(GradeBand.of(mark.response.class_group.grade).label)
        rows.append((mark.response_id, mark.mode, band, length, away, length / GEOD.inv(west, south, east, north)[2]))
    return pd.DataFrame(rows, columns=["child", "mode", "band", "length", "away", "detour"])


def _found(survey: Survey, chosen: MarkFilter | None = None) -> SchoolWays:
    found = school_ways(survey, chosen or MarkFilter())
    assert found is not None
    return found


def test_quartiles_are_those_of_the_ellipsoid_within_a_thousandth(walked: Survey) -> None:
    frame, found = _frame(walked), _found(walked)
    groups = {one.label: one for _, parts in found.groups for one in parts} | {"Alle": found.whole}
    expected = {"Alle": frame, "Går": frame[frame["mode"] == "ga"], **{str(band): part for band, part in frame.groupby("band")}}
    for label, part in expected.items():
        for name in ("length", "away", "detour"):
            got = getattr(groups[label], name)
            want = part.groupby("child")[name].mean().quantile([0.25, 0.5, 0.75])
            assert (got.low, got.median, got.high) == pytest.approx(tuple(want), rel=1e-3), (label, name)


def test_geopandas_measures_the_same_in_the_municipalitys_zone(walked: Survey) -> None:
    lines = [from_wkb(bytes(mark.geom.wkb)) for mark in Mark.objects.filter(survey=walked, category__code="skoleveg").exclude(geom=None)]
    lengths = geopandas.GeoSeries(lines, crs=4326).to_crs(walked.municipality.metric_srid).length
    length = _found(walked).whole.length
    assert length is not None
    assert length.median == pytest.approx(float(np.quantile(lengths, 0.5)), abs=1e-6)


def test_of_fewer_than_five_children_no_quartile_is_told(walked: Survey) -> None:
    [bicycle] = [one for _, parts in _found(walked).groups for one in parts if one.label == "Sykler"]
    assert (bicycle.said, bicycle.length, bicycle.away, bicycle.detour) == ("1–4", None, None, None)


def test_the_limits_of_transport_count_children_and_give_no_few_away(walked: Survey) -> None:
    """Grade 3: 5 up to 1 km, 5 up to 2, 2 over. Grade 9 has bends, and one too short to be sent."""
    limits = _found(walked).limits
    frame = _frame(walked)
    steps = pd.cut(frame["length"], [0, *LIMITS_M, 1e9], labels=False)
    low = frame["band"] == str(GradeBand.LOW.label)
    assert limits.children[0, :4].tolist() == [int((steps[low] == step).sum()) for step in range(4)]
    assert limits.children[1, :4].tolist() == [int((steps[~low] == step).sum()) + (step == 0) for step in range(4)]
    assert limits.children[:, -1].tolist() == [12, 7, 19]
    assert all(limits.told[row, column] != Told.EXACTLY for row, column in np.argwhere((limits.children > 0) & (limits.children < 5)))


def test_a_way_too_short_to_be_sent_counts_and_is_not_measured(walked: Survey) -> None:
    found = _found(walked)
    assert (found.whole.children, found.short) == (19, "1–4")


def test_a_survey_without_ways_has_no_numbers(survey: Survey, school: School) -> None:
    assert school_ways(survey, MarkFilter()) is None


def test_a_child_with_two_ways_counts_once(walked: Survey) -> None:
    before = _found(walked).whole
    mark = Mark.objects.filter(survey=walked, category__code="skoleveg").exclude(geom=None).first()
    assert mark is not None
    MarkFactory.create(response=mark.response, category=mark.category, geom=mark.geom, mode=mark.mode)
    assert _found(walked).whole == before


def test_the_page_says_what_was_cut_and_names_no_longest_way(client: Client, pia: User, walked: Survey) -> None:
    client.force_login(pia)
    page = client.get(reverse("analysis:school-ways", args=[walked.pk])).content.decode()
    assert "De siste 100–400 meterne ved hjemmet er kuttet" in page
    assert "19 barn har tegnet en skoleveg." in page
    assert "EPSG:25832" in page
    assert "opplæringslova §&nbsp;4-1" in page
    longest = max(_frame(walked)["length"])
    assert f"{longest / 1000:.1f}".replace(".", ",") + " km" not in page
    filtered = client.get(reverse("analysis:school-ways", args=[walked.pk]), {"grade_band": "1-4"}).content.decode()
    assert "12 barn har tegnet en skoleveg." in filtered
    assert client.get(reverse("analysis:school-ways", args=[walked.pk]), {"grade_band": "11-13"}).status_code == 422


def test_an_empty_survey_is_told_kindly(client: Client, pia: User, survey: Survey) -> None:
    client.force_login(pia)
    assert "Ingen har tegnet vegen til skolen" in client.get(reverse("analysis:school-ways", args=[survey.pk])).content.decode()
