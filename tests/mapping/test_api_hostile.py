"""The capture API under hostile and broken bodies: a clear 4xx that names the place, and no row left behind."""

import json
import logging
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from config.api import MAX_BODY_BYTES
from mapping.models import Mark, Tombstone
from surveys import codes, services
from surveys.models import Response, School, Survey
from tests import places
from tests.conftest import Tablet, a_place, a_way
from tests.contract.test_geojson_conformance import FILES, INVALID, KIND_OF_TYPE, VALID_OF_A_MARK
from tests.factories import ClassGroupFactory, make_survey
from tests.mapping.hostile_bodies import COMMENTS_WITH_MARKUP, hostile_bodies

LON, LAT = places.SCHOOL_GATE
HOSTILE = hostile_bodies(category="skoleveg", lon=LON, lat=LAT)
CATEGORY_OF_KIND = {"place": "leke", "route": "skoleveg", "area": "lekeomrade"}
LONGEST_CPU_S = 0.5

needs_files = pytest.mark.skipif(not FILES.is_dir(), reason="the GeoJSON conformance files (../shared/conformance/geojson) are not here")


def problem(answer: Any) -> dict[str, Any]:
    """The problem document of a refusal, after a look at what every one of them has in common."""
    assert 400 <= answer.status_code < 500, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    document: dict[str, Any] = json.loads(answer.content)
    assert document["status"] == answer.status_code
    assert document["detail"]
    return document


def assert_nothing_is_stored() -> None:
    """No mark, no tombstone, and no answers on any response."""
    assert not Mark.objects.exists()
    assert not Tombstone.objects.exists()
    assert not Response.objects.exclude(answers={}).exists()


def test_answer_that_is_no_json_is_refused_in_our_own_words(ada: Tablet) -> None:
    answer = ada.client.put(
        f"/api/v1/responses/{ada.response}/answers",
        HOSTILE_ANSWERS["NaN"],
        content_type="application/json",
        headers={"Authorization": f"Bearer {ada.token}"},
    )
    assert (problem(answer)["status"], problem(answer)["code"]) == (400, "not-json")
    assert "kom 'NaN}}'" in problem(answer)["detail"]


def read(name: str) -> dict[str, Any]:
    """A conformance file, as the standard library reads it."""
    document: dict[str, Any] = json.loads(Path(FILES / name).read_text())
    return document


@pytest.fixture
def world_wide(school: School) -> Tablet:
    """A pupil of a survey whose study area is the whole world, for files that were made for nobody's town."""
    everywhere = MultiPolygon(Polygon.from_bbox((-180, -90, 180, 90)), srid=4326)
    survey = make_survey(municipality=school.municipality, schools=[school], study_area=everywhere)
    group = ClassGroupFactory.create(survey=survey, school=school)
    services.open_lesson(class_group=group, opened_by=None)
    group.refresh_from_db()
    joined = services.join(code=codes.class_code(group.pk, group.code_serial))
    return Tablet(Client(), joined.response.pk, joined.write_token)


def test_hostile_body_is_refused_with_a_problem_and_leaves_no_row(ada: Tablet, subtests: pytest.Subtests) -> None:
    ada.put(b"the first request loads what the next ones need")
    for hostile in HOSTILE:
        with subtests.test(hostile.name):
            begin = time.process_time()
            answer = ada.put(hostile.body)
            cpu_s = time.process_time() - begin
            document = problem(answer)
            assert (document["code"], document.get("pointer", "")) == (hostile.code, hostile.pointer)
            assert (answer.status_code == 413) == (hostile.code == "body-too-large")
            assert cpu_s < LONGEST_CPU_S
            assert_nothing_is_stored()


def test_hostile_body_as_a_new_revision_leaves_the_stored_mark_as_it_was(ada: Tablet, subtests: pytest.Subtests) -> None:
    mark = uuid4()
    assert ada.put(a_way(comment="som før"), mark).status_code == 201
    stored = Mark.objects.values().get(pk=mark)
    for hostile in HOSTILE:
        with subtests.test(hostile.name):
            problem(ada.put(hostile.body.replace(b'"rev": 1', b'"rev": 2', 1), mark))
            assert Mark.objects.values().get() == stored


def test_no_position_of_a_refused_mark_reaches_the_log(ada: Tablet, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ring = [[5.33, 60.38], [5.34, 60.39], [5.34, 60.38], [5.33, 60.39], [5.33, 60.38]]
    crossing = {**a_place("lekeomrade"), "geometry": {"type": "Polygon", "coordinates": [ring]}}
    assert problem(ada.put(crossing))["code"] == "self-crossing"
    assert problem(ada.put(a_place(position=places.OUTSIDE)))["code"] == "outside-study-area"
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [message for message in ours if "5.3" in message or "60.3" in message or "5.4" in message]


def test_markup_in_a_comment_is_stored_as_the_text_it_is_and_held(ada: Tablet) -> None:
    for text in COMMENTS_WITH_MARKUP:
        mark = uuid4()
        assert ada.put(a_place(comment=text), mark).status_code == 201
        stored = Mark.objects.get(pk=mark)
        assert (stored.comment, stored.comment_state, stored.published_comment) == (text, Mark.CommentState.HELD, "")
        stored.delete()


def test_markup_in_a_comment_comes_back_as_json_and_never_as_a_page(ada: Tablet) -> None:
    assert ada.put(a_place(comment=COMMENTS_WITH_MARKUP[0])).status_code == 201
    answer = ada.read()
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert COMMENTS_WITH_MARKUP[0] in str(json.loads(answer.content))


def test_controls_and_direction_overrides_are_taken_out_of_a_comment(ada: Tablet) -> None:
    assert ada.put(a_place(comment="\u202efin\x07 plass\u2066")).status_code == 201
    assert Mark.objects.get().comment == "fin plass"


def test_place_or_area_without_geometry_is_refused(ada: Tablet) -> None:
    for category in ("leke", "lekeomrade"):
        for geometry in (None, {"type": "Polygon", "coordinates": []}):
            document = problem(ada.put({**a_place(category), "geometry": geometry}))
            assert (document["status"], document["code"], document["pointer"]) == (422, "geometry-missing", "/geometry")
    assert_nothing_is_stored()


def test_way_too_short_to_trim_is_stored_without_geometry(ada: Tablet) -> None:
    for geometry in (None, {"type": "LineString", "coordinates": []}):
        assert ada.put({**a_way(), "geometry": geometry}).status_code == 201
    assert [mark.geom for mark in Mark.objects.all()] == [None, None]


def test_self_crossing_area_is_refused_where_it_crosses(ada: Tablet) -> None:
    ring = [[5.33, 60.38], [5.34, 60.39], [5.34, 60.38], [5.33, 60.39], [5.33, 60.38]]
    document = problem(ada.put({**a_place("lekeomrade"), "geometry": {"type": "Polygon", "coordinates": [ring]}}))
    assert (document["status"], document["code"], document["pointer"]) == (422, "self-crossing", "/geometry/coordinates/0/0")
    assert "[5.335, 60.385]" in document["detail"]
    assert_nothing_is_stored()


def test_way_that_leaves_the_study_area_is_refused_where_it_leaves(ada: Tablet) -> None:
    leaving = [*places.WAY_TO_SCHOOL, list(places.OUTSIDE), list(places.SCHOOL_GATE)]
    document = problem(ada.put({**a_way(), "geometry": {"type": "LineString", "coordinates": leaving}}))
    assert (document["status"], document["code"]) == (422, "outside-study-area")
    assert document["pointer"] == f"/geometry/coordinates/{len(places.WAY_TO_SCHOOL)}"
    assert_nothing_is_stored()


@needs_files
def test_valid_file_of_a_marks_type_is_stored_unless_it_has_altitudes(world_wide: Tablet, subtests: pytest.Subtests) -> None:
    for name in VALID_OF_A_MARK:
        with subtests.test(name):
            geometry = read(name)
            kind = KIND_OF_TYPE[geometry["type"]]
            answer = world_wide.put({**a_place(CATEGORY_OF_KIND[kind]), "geometry": geometry})
            if name.endswith("3d.json"):
                document = problem(answer)
                assert (document["status"], document["code"]) == (422, "altitude-not-allowed")
                assert document["pointer"].endswith("/2")
                assert_nothing_is_stored()
                continue
            assert answer.status_code == 201, answer.content
            stored = Mark.objects.get()
            assert (stored.kind, stored.geom is not None and json.loads(stored.geom.json)["coordinates"]) == (kind, geometry["coordinates"])
            stored.delete()


@needs_files
@pytest.mark.parametrize("kind", KIND_OF_TYPE.values())
def test_invalid_file_is_refused_at_its_place(world_wide: Tablet, kind: str, subtests: pytest.Subtests) -> None:
    for name in sorted(INVALID):
        with subtests.test(name):
            mark, pointer = as_mark(name, kind)
            document = problem(world_wide.put(mark))
            assert document["pointer"] == pointer, document
            assert_nothing_is_stored()


def as_mark(name: str, kind: str) -> tuple[dict[str, Any], str]:
    """An invalid file as a mark of this kind, and the place where it must be refused.

    A geometry is wrapped into a mark; a Feature gets the revision and the category that it would need as a mark.
    """
    content = read(name)
    category = CATEGORY_OF_KIND[kind]
    if not name.startswith("invalid/feature/"):
        # Another kind's geometry, or nobody's, has the wrong type before it has anything else.
        is_of_this_kind = KIND_OF_TYPE.get(content.get("type", "")) == kind
        return {**a_place(category), "geometry": content}, f"/geometry{INVALID[name]}" if is_of_this_kind else "/geometry/type"
    mark = {**content, "rev": 1}
    if "properties" in content:
        mark["properties"] = {**content["properties"], "category": category}
    is_wrong_kind = name.endswith("1d-point.json") and kind != "place"
    return mark, "/geometry/type" if is_wrong_kind else INVALID[name]


@needs_files
def test_invalid_file_sent_as_it_is_is_refused(world_wide: Tablet, subtests: pytest.Subtests) -> None:
    for name in sorted(INVALID):
        with subtests.test(name):
            assert problem(world_wide.put((FILES / name).read_bytes()))["pointer"]
            assert_nothing_is_stored()


HOSTILE_ANSWERS = {
    "a name twice": b'{"rev": 1, "answers": {}, "answers": {}}',
    "100 kB": b'{"rev": 1, "answers": {"trygg": "' + b"x" * 100_000 + b'"}}',
    "NaN": b'{"rev": 1, "answers": {"trygg": NaN}}',
    "Infinity": b'{"rev": 1, "answers": {"trygg": Infinity}}',
    "1e400": b'{"rev": 1, "answers": {"trygg": 1e400}}',
    "NUL": b'{"rev": 1, "answers": {"trygg": "\\u0000"}}',
    "NUL in a name": b'{"rev": 1, "answers": {"\\u0000": 1}}',
    "half a surrogate pair": b'{"rev": 1, "answers": {"trygg": "\\ud800"}}',
    "half a surrogate pair in a name": b'{"rev": 1, "answers": {"\\ud800": 1}}',
    "nested": b'{"rev": 1, "answers": {"trygg": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    "very nested": b'{"rev": 1, "answers": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    "not UTF-8": b'{"rev": 1, "answers": {"trygg": "\xff"}}',
    "rev true": b'{"rev": true, "answers": {}}',
    "rev 0": b'{"rev": 0, "answers": {}}',
    "rev of 5,000 digits": b'{"rev": ' + b"9" * 5_000 + b', "answers": {}}',
    "answers that are a list": b'{"rev": 1, "answers": []}',
    "a list": b"[]",
    "nothing": b"",
    "10 MB": b'{"rev": 1, "answers": {"trygg": "' + b"x" * 10_000_000 + b'"}}',
}


def test_hostile_answers_are_refused_with_a_problem_and_leave_nothing(ada: Tablet, subtests: pytest.Subtests) -> None:
    url = f"/api/v1/responses/{ada.response}/answers"
    for name, body in HOSTILE_ANSWERS.items():
        with subtests.test(name):
            document = problem(ada.client.put(url, body, content_type="application/json", headers={"Authorization": f"Bearer {ada.token}"}))
            assert (document["status"] == 413) == (len(body) > MAX_BODY_BYTES)
            assert_nothing_is_stored()


def test_hostile_join_is_refused_with_a_problem(ada: Tablet, subtests: pytest.Subtests) -> None:
    before = Response.objects.count()
    for name, body in HOSTILE_ANSWERS.items():
        with subtests.test(name):
            problem(ada.client.post("/api/v1/join", body.replace(b'"answers"', b'"code"'), content_type="application/json"))
            assert Response.objects.count() == before


def test_hostile_rev_of_a_deletion_is_refused(ada: Tablet, subtests: pytest.Subtests) -> None:
    for rev in ["0", "-1", "1.5", "NaN", "abc", "", "9" * 30, "true", "1%00"]:
        with subtests.test(rev):
            url = f"/api/v1/responses/{ada.response}/marks/{uuid4()}?rev={rev}"
            problem(ada.client.delete(url, headers={"Authorization": f"Bearer {ada.token}"}))
            assert_nothing_is_stored()


def test_survey_of_the_whole_world_is_what_the_files_are_tried_against(world_wide: Tablet) -> None:
    survey = Survey.objects.get(responses__pk=world_wide.response)
    assert survey.study_area.extent == (-180, -90, 180, 90)
