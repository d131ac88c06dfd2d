"""The one statement that stores a mark: what it saves, and that it takes no mark which the careful way would have refused."""

import threading
import time
from uuid import uuid4

import orjson
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from mapping.models import Mark, Tombstone
from mapping.services import study_areas
from surveys.models import Category, Response, Survey
from tests import places
from tests.conftest import Tablet, a_place, a_way

PATIENCE_S = 60
"""How long another thread may take on a machine that does many things at once."""


@pytest.mark.django_db
def test_after_the_first_mark_of_a_response_a_right_one_is_a_single_statement(
    ada: Tablet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ada.put(a_place())
    with django_assert_num_queries(0):  # the one statement goes past Django's cursor, which is what is counted here
        assert ada.put(a_place("bade", comment="Kaldt")).status_code == 201
        assert ada.put({**a_way(), "geometry": None}).status_code == 201
    assert set(Mark.objects.values_list("category__code", "comment")) == {("leke", ""), ("bade", "Kaldt"), ("skoleveg", "")}


@pytest.mark.django_db
def test_a_study_area_that_was_made_smaller_counts_from_the_next_mark_on(ada: Tablet) -> None:
    assert ada.put(a_place(position=places.PLAYGROUND)).status_code == 201
    around_the_crossing = MultiPolygon(Polygon.from_bbox((5.32, 60.37, 5.33, 60.38)), srid=4326)
    Survey.objects.update(study_area=around_the_crossing)
    answer = ada.put(a_place("bade", position=places.PLAYGROUND))
    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (422, "outside-study-area")
    assert ada.put(a_place("bade", position=places.CROSSING)).status_code == 201


@pytest.mark.django_db
def test_a_limit_that_was_lowered_counts_from_the_next_mark_on(ada: Tablet) -> None:
    assert ada.put(a_place()).status_code == 201
    Category.objects.filter(code="leke").update(max_per_response=1)
    answer = ada.put(a_place())
    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (422, "too-many-marks")


@pytest.mark.django_db
def test_a_response_takes_as_many_marks_as_the_survey_allows(ada: Tablet) -> None:
    Survey.objects.update(max_marks=2)
    codes = [ada.put(a_place(category)).status_code for category in ("leke", "bade", "aking", "ri")]
    assert codes == [201, 201, 422, 422]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (a_place("skoleveg"), "wrong-type"),
        (a_place("finnes_ikke"), "invalid-answer"),
        (a_place(mode="ga"), "invalid-answer"),
        (a_place(position=places.OUTSIDE), "outside-study-area"),
        (a_place(answers={"hva": "nei"}), "invalid-answer"),
        ({**a_place(), "geometry": None}, "geometry-missing"),
        ({**a_place(), "geometry": {"type": "MultiPoint", "coordinates": [[5.33, 60.38]]}}, "wrong-type"),
        ({**a_place(), "geometry": {"type": ["Point"], "coordinates": [5.33, 60.38]}}, "wrong-type"),
    ],
)
def test_a_known_response_has_its_wrong_marks_refused_like_any_other(ada: Tablet, feature: dict[str, object], code: str) -> None:
    ada.put(a_place())
    answer = ada.put(feature)
    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (422, code)
    assert Mark.objects.count() == 1


@pytest.mark.django_db
def test_a_response_that_was_withdrawn_is_no_longer_known(ada: Tablet) -> None:
    ada.put(a_place())
    assert ada.withdraw().status_code == 204
    assert ada.put(a_place()).status_code == 401
    assert not Mark.objects.exists()


@pytest.mark.django_db
def test_what_a_process_remembers_of_responses_has_a_limit(ada: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_areas, "_RESPONSES_KEPT", 2)
    ada.put(a_place())
    known = study_areas.remembered_survey(ada.response)
    assert known is not None
    for _ in range(5):
        study_areas.remember_survey(uuid4(), known)
        assert len(study_areas._rows) <= 2
    assert ada.put(a_place()).status_code == 201, "forgotten is not lost"


@pytest.fixture
def tablet_of_another_thread(transactional_db: None, ada: Tablet) -> Tablet:
    """Ada's tablet, whose answers come from a thread with a connection of its own."""
    ada.put(a_place())
    return ada


@pytest.mark.django_db(transaction=True)
def test_a_late_copy_of_a_mark_waits_for_its_deletion_and_is_then_refused(tablet_of_another_thread: Tablet) -> None:
    tablet, mark, statuses = tablet_of_another_thread, uuid4(), []

    def put_late_copy() -> None:
        try:
            statuses.append(tablet.put(a_place("bade"), mark).status_code)
        finally:
            connection.close()

    late = threading.Thread(target=put_late_copy)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(mark)])
            late.start()
            _until_somebody_waits_for_the_lock()
            Tombstone.objects.create(id=mark, rev=2, deleted_on="2026-09-07")
    finally:
        late.join(PATIENCE_S)
    assert statuses == [410]
    assert not Mark.objects.filter(pk=mark).exists()
    assert Response.objects.filter(pk=tablet.response).exists()


def _until_somebody_waits_for_the_lock() -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05), count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[1]:
                return
    pytest.fail("the late copy never came to the lock")
