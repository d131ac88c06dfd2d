"""The bridge to arrays, against what PostGIS itself says of the same rows."""

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import LineString
from django.db import connection
from django.http import QueryDict
from pyproj import Transformer

from analysis import datasets, second_connection
from analysis.filters import MarkFilter
from mapping.models import Mark
from surveys.models import Survey
from tests.factories import MarkFactory

pytestmark = pytest.mark.django_db


def chosen(survey: Survey, query: str = "") -> MarkFilter:
    return MarkFilter.parse(QueryDict(query), survey)


def postgis_positions(survey: Survey) -> list[tuple[float, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM mapping_mark, ST_Transform(geom, 25833) AS p WHERE survey_id = %s AND kind = 'place'",
            [survey.pk],
        )
        return sorted(cursor.fetchall())


def test_places_lie_where_postgis_projects_them(answered: Survey) -> None:
    found = datasets.drawn(Mark.objects.filter(survey=answered))
    theirs = np.array(postgis_positions(answered))
    ours = np.array(sorted(zip(found.x.tolist(), found.y.tolist(), strict=True)))
    assert np.abs(ours - theirs).max() < 0.001, "a millimetre"


def test_a_child_has_one_number_for_its_places_and_its_ways(answered: Survey) -> None:
    found = datasets.drawn(Mark.objects.filter(survey=answered))
    assert len(found.x) == 33
    assert len(found.shapes) == 3, "the way without geometry is not drawn"
    assert len(np.unique(np.concatenate([found.child, found.shape_child]))) == 30
    assert set(found.shape_child.tolist()) < set(found.child.tolist())


def test_ways_are_as_long_as_postgis_says(answered: Survey) -> None:
    found = datasets.drawn(Mark.objects.filter(survey=answered, kind="route"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_Length(ST_Transform(geom, 25833)) FROM mapping_mark WHERE kind = 'route' AND geom IS NOT NULL")
        lengths = [row[0] for row in cursor.fetchall()]
    assert shapely.length(found.shapes).tolist() == pytest.approx(lengths, abs=0.01)


def test_the_filter_chooses_what_is_read(answered: Survey) -> None:
    assert len(datasets.drawn(chosen(answered, "category=farlig").marks_of(answered)).x) == 3
    nothing = datasets.drawn(chosen(answered, "category=bade").marks_of(answered))
    assert not len(nothing.x)
    assert not len(nothing.shapes)
    assert not len(nothing.cells(100)[0])


def test_ways_of_any_length_come_as_they_lie_in_the_table(answered: Survey) -> None:
    """Two positions, many and very many, beside an area and a way without geometry: against GeoDjango's own reading and pyproj."""
    category, child = answered.categories.get(code="skoleveg"), answered.responses.first()
    for number in (2, 3, 40, 700):
        at = np.column_stack([np.linspace(5.31, 5.35, number), 60.37 + 0.01 * np.sin(np.arange(number))]).round(6)
        MarkFactory.create(response=child, category=category, geom=LineString(at.tolist(), srid=4326))
    found = datasets.drawn(Mark.objects.filter(survey=answered))
    to_metres = Transformer.from_crs(4326, 25833, always_xy=True).transform
    ways = [mark for mark in Mark.objects.filter(survey=answered, kind="route") if mark.geom]
    expected = [round(shapely.length(shapely.LineString([to_metres(*at) for at in mark.geom.coords])), 6) for mark in ways]
    assert sorted(np.round(shapely.length(found.shapes), 6)) == sorted(expected)
    assert {700, 2} <= set(shapely.get_num_coordinates(found.shapes))
    longest = found.shape_child[np.argmax(shapely.length(found.shapes))]
    assert (found.shape_child == longest).sum() >= 4, "the four new ones are one child's"


def test_a_large_table_is_read_in_parts_with_the_same_result(answered: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = datasets.drawn(Mark.objects.filter(survey=answered))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mapping_mark")
    monkeypatch.setattr(datasets, "AT_ONCE", 10)
    monkeypatch.setattr(datasets, "WAYS_AT_ONCE", 10)
    parts = datasets.drawn(Mark.objects.filter(survey=answered))
    assert sorted(parts.x.tolist()) == sorted(whole.x.tolist())
    assert sorted(shapely.to_wkt(parts.shapes)) == sorted(shapely.to_wkt(whole.shapes))
    assert len(np.unique(parts.child)) == 30


@pytest.mark.django_db(transaction=True)
def test_two_connections_read_every_place_once(
    answered: Survey, helped: list[second_connection.Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    Mark.objects.update(comment="Her " * 200)  # so that a page of the table has room for few
    alone = datasets.drawn(Mark.objects.filter(survey=answered))
    monkeypatch.setattr(datasets, "PARALLEL_FROM", 1)
    monkeypatch.setattr(datasets, "AT_ONCE", 10)
    monkeypatch.setattr(datasets, "WAYS_AT_ONCE", 10)
    together = datasets.drawn(Mark.objects.filter(survey=answered))
    assert len(helped) == 2, "one for the places, one for the ways"
    assert len(datasets._stretches("SELECT FROM mapping_mark", 10)) > 1, "so that there is something for both to read"
    assert sorted(together.x.tolist()) == sorted(alone.x.tolist())
    assert sorted(shapely.to_wkt(together.shapes)) == sorted(shapely.to_wkt(alone.shapes))
    assert len(np.unique(together.child)) == 30


def test_children_whose_folded_ids_meet_are_still_told_apart() -> None:
    golden = 0x9E3779B97F4A7C15
    halves = np.array([[golden, 0], [0, 1], [golden, 0]], dtype=np.uint64)  # golden ^ 0 = 0 ^ (1 · golden)
    assert datasets._numbers(halves).tolist() in ([0, 1, 0], [1, 0, 1])


def test_a_frame_has_a_row_per_mark_with_or_without_geometry(answered: Survey) -> None:
    frame = datasets.marks_frame(answered, chosen(answered))
    assert frame.crs is not None
    assert frame.crs.to_epsg() == 25833
    assert frame["category"].value_counts().to_dict() == {"leke": 30, "skoleveg": 4, "farlig": 3}
    assert int(frame.geometry.isna().sum()) == 1
    assert frame["child"].nunique() == 30
    assert set(frame["month"]) == {"2026-09"}
    assert list(datasets.marks_frame(answered, chosen(answered, "category=bade")).columns) == list(frame.columns)
