"""The order of an export tells nothing, and two connections write the same marks as one."""

import itertools
from collections.abc import Iterator

import orjson
import psycopg
import pytest
from django.contrib.gis.geos import Point
from django.db import OperationalError, connection, connections

from analysis import second_connection
from analysis.exports import export, geojson
from analysis.exports.source import raw_cursor
from analysis.filters import MarkFilter
from mapping.models import Mark
from surveys.models import Survey
from tests.factories import MarkFactory

CHILDREN, EACH = 20, 10


@pytest.fixture
def busy(answered: Survey) -> Survey:
    """20 children with 10 places each, stored child by child; a place's longitude says whose it is, only for this test."""
    Mark.objects.all().delete()
    category = answered.categories.get(code="leke")
    for number, response in enumerate(answered.responses.order_by("id")[:CHILDREN]):
        for _ in range(EACH):
            MarkFactory.create(response=response, category=category, geom=Point(5.32 + number / 1000, 60.38, srid=4326))
    return answered


def children_in_order(survey: Survey) -> list[float]:
    body = b"".join(export(survey, MarkFilter(), "geojson")[1])
    return [feature["geometry"]["coordinates"][0] for feature in orjson.loads(body)["features"]]


@pytest.mark.django_db
def test_marks_of_one_child_do_not_follow_one_another(busy: Survey) -> None:
    # By chance 199 · 9/199 = 9 neighbours are of one child, with a deviation of 3; in the table's order 180 are.
    for _ in range(3):
        order = children_in_order(busy)
        assert len(order) == CHILDREN * EACH
        assert sum(one == next_one for one, next_one in itertools.pairwise(order)) < 30


@pytest.mark.django_db
def test_a_childs_place_in_the_file_says_nothing_of_when_it_was_stored(busy: Survey) -> None:
    orders = [children_in_order(busy) for _ in range(12)]
    # the mean place of the first child's and the last child's marks in 12 files: 99.5 ± 5 for both when the order is by chance
    for child in (5.32, 5.32 + (CHILDREN - 1) / 1000):
        where = [place for order in orders for place, lon in enumerate(order) if abs(lon - child) < 1e-9]
        assert 75 < sum(where) / len(where) < 125


@pytest.fixture
def in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every export is a large one."""
    monkeypatch.setattr(geojson, "PARALLEL_FROM", 1)
    monkeypatch.setattr(geojson, "MARKS_PER_CHUNK", 3)


@pytest.mark.django_db(transaction=True)
def test_two_connections_write_every_mark_once(
    busy: Survey, in_halves: None, helped: list[second_connection.Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(geojson, "PARALLEL_FROM", 10_000)
        alone = sorted(children_in_order(busy))
    assert sorted(children_in_order(busy)) == alone
    assert len(helped) == 1


@pytest.mark.django_db(transaction=True)
def test_both_connections_see_the_same_moment(busy: Survey, in_halves: None) -> None:
    pieces = export(busy, MarkFilter(), "geojson")[1]
    body = [next(pieces), next(pieces)]
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("DELETE FROM mapping_mark")
    other.close()
    assert len(orjson.loads(b"".join([*body, *pieces]))["features"]) == CHILDREN * EACH


@pytest.mark.django_db(transaction=True)
def test_without_a_second_connection_one_writes_both_halves(busy: Survey, in_halves: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def ensure_connection(self) -> None:
            raise OperationalError("the pool is exhausted")

    monkeypatch.setattr(connections, "create_connection", lambda alias: Full())
    assert len(children_in_order(busy)) == CHILDREN * EACH


@pytest.mark.django_db(transaction=True)
def test_who_stops_reading_leaves_no_transaction_open(busy: Survey, in_halves: None) -> None:
    pieces = export(busy, MarkFilter(), "geojson")[1]
    next(pieces), next(pieces)
    pieces.close()  # type: ignore[attr-defined]  # a generator, as Django closes it
    assert not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'")
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db(transaction=True)
def test_what_goes_wrong_on_the_second_connection_ends_the_export(busy: Survey) -> None:
    def broken(cursor: psycopg.Cursor[object]) -> Iterator[bytes]:
        yield b"one"
        cursor.execute("SELECT 1 / 0")

    with raw_cursor(repeatable=True) as cursor, second_connection.helper_for(cursor, "", broken) as second:
        assert second is not None
        with pytest.raises(psycopg.errors.DivisionByZero):
            list(second.rest())
