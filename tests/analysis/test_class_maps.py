"""Whose answers the class's map is made of: who was on it once stays on it, so that no two maps differ by a single child."""

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from analysis.class_maps import build_class_map
from mapping.services import delete_expired
from surveys import services
from surveys.models import ClassGroup, Lesson, Response, Survey
from tests import places
from tests.factories import MarkFactory, ResponseFactory

pytestmark = pytest.mark.django_db

BY_THE_SCHOOL = places.point(places.SCHOOL_GATE)


def _hands_in(lesson: Lesson, survey: Survey, seat: int, *, minute: int | None, late: bool = False) -> Response:
    """A child at a seat who draws one place, finished in that minute, or not at all; those who come late draw by the school."""
    finished = None if minute is None else lesson.opened_at + timedelta(minutes=minute)
    response = ResponseFactory.create(class_group=lesson.class_group, lesson=lesson, seat=seat, finished_at=finished)
    MarkFactory.create(response=response, category=survey.categories.get(code="leke"), **({"geom": BY_THE_SCHOOL} if late else {}))
    return response


def _map(group: ClassGroup) -> bytes:
    return orjson.dumps(build_class_map(group).payload, option=orjson.OPT_SORT_KEYS)


def _members(group: ClassGroup) -> set[int]:
    return set(Response.objects.filter(class_group=group, map_step__isnull=False).values_list("seat", flat=True))


def test_the_map_is_the_same_to_the_byte_when_the_hours_are_forgotten(lesson: Lesson, survey: Survey) -> None:
    """The last four sit at the first seats: in the order of seats they would push four of the ten out."""
    for place, seat in enumerate(range(13, -1, -1)):
        _hands_in(lesson, survey, seat, minute=place, late=place >= 10)
    services.close_lesson(lesson=lesson)
    before = _map(lesson.class_group)
    delete_expired(now=timezone.now() + timedelta(days=8))
    assert Response.objects.values("finished_at").distinct().count() == 1
    assert _map(lesson.class_group) == before
    assert orjson.loads(before)["cells"], "there is something to compare"


def test_a_step_of_five_is_added_to_those_before(lesson: Lesson, survey: Survey) -> None:
    for seat in range(12):
        _hands_in(lesson, survey, 40 - seat, minute=seat)
    before = _map(lesson.class_group)
    first = _members(lesson.class_group)
    assert first == set(range(31, 41))
    for seat in range(2):
        _hands_in(lesson, survey, seat, minute=20 + seat, late=True)
    assert _map(lesson.class_group) == before, "fourteen are still ten"
    _hands_in(lesson, survey, 2, minute=22, late=True)
    assert build_class_map(lesson.class_group).payload != orjson.loads(before)
    assert _members(lesson.class_group) == first | {29, 30, 0, 1, 2}
    assert [Response.objects.filter(map_step=step).count() for step in (1, 2)] == [10, 5]


def test_who_hands_in_after_having_been_on_the_map_pushes_nobody_out(lesson: Lesson, survey: Survey) -> None:
    """When the lesson is over what was never handed in counts, too; the tablet may deliver the handing in later."""
    for seat in range(8):
        _hands_in(lesson, survey, seat, minute=seat)
    unfinished = [_hands_in(lesson, survey, seat, minute=None, late=seat > 9) for seat in range(8, 13)]
    services.close_lesson(lesson=lesson)
    before = _map(lesson.class_group)
    services.finish(response=unfinished[-1])
    assert _map(lesson.class_group) == before
    services.open_lesson(class_group=lesson.class_group, opened_by=None)
    assert _map(lesson.class_group) == before, "nor does a later lesson"


def test_a_withdrawn_answer_is_on_no_map_and_the_next_one_takes_its_place(lesson: Lesson, survey: Survey) -> None:
    responses = [_hands_in(lesson, survey, seat, minute=seat) for seat in range(11)]
    _map(lesson.class_group)
    services.withdraw(response=responses[3])
    payload = build_class_map(lesson.class_group).payload
    assert payload is not None
    assert payload["children"] == 10
    services.withdraw(response=responses[4])
    assert build_class_map(lesson.class_group).missing == 1
