"""Hostile bodies through the whole reader: each refused clearly, quickly and in little memory."""

import time
import tracemalloc
from typing import Any

import pytest

from mapping.geojson import StudyArea, parse_json, read_feature, read_geometry
from surveys.errors import DomainError, InvalidGeometry
from tests.mapping.geojson_cases import SQUARE, mark, polygon, study_area
from tests.mapping.hostile_bodies import COMMENTS_WITH_MARKUP, Hostile, hostile_bodies

MAX_BYTES = 512_000
LONGEST_S = 0.5
"""Seconds of this process on the CPU, so that a busy machine does not fail the test."""
MOST_MEMORY = 64 * 2**20
AREA = StudyArea(study_area(SQUARE))
HOSTILE = hostile_bodies(category="barneveg", lon=5.5, lat=60.5)


def capture(body: bytes) -> Any:
    """What the capture API does with a body before it writes."""
    feature = read_feature(parse_json(body, max_bytes=MAX_BYTES))
    return read_geometry(feature.geometry, kind="route", within=AREA)


@pytest.mark.parametrize("hostile", HOSTILE, ids=[hostile.name for hostile in HOSTILE])
def test_hostile_body_is_refused_clearly(hostile: Hostile) -> None:
    with pytest.raises(DomainError) as raised:
        capture(hostile.body)
    assert (raised.value.code, raised.value.pointer) == (hostile.code, hostile.pointer), raised.value.message
    assert 20 <= len(raised.value.message) < 400
    raised.value.message.encode()


@pytest.mark.parametrize("hostile", HOSTILE, ids=[hostile.name for hostile in HOSTILE])
def test_hostile_body_is_refused_quickly(hostile: Hostile) -> None:
    begin = time.process_time()
    with pytest.raises(DomainError):
        capture(hostile.body)
    assert time.process_time() - begin < LONGEST_S


@pytest.mark.parametrize("hostile", HOSTILE, ids=[hostile.name for hostile in HOSTILE])
def test_hostile_body_takes_little_memory(hostile: Hostile) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(DomainError):
            capture(hostile.body)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY


@pytest.mark.parametrize("text", COMMENTS_WITH_MARKUP)
def test_markup_in_a_comment_is_only_text(text: str) -> None:
    assert read_feature(mark(None, comment=text)).comment == text


def test_slowest_area_we_know_is_judged_in_time() -> None:
    """A comb of long, nearly parallel teeth: the boxes of all its sides overlap, so that each is compared with each."""
    teeth = [(5 + index * 3e-6, 60 - index * 3e-6) if index % 2 else (5.5 + index * 3e-6, 60.5 - index * 3e-6) for index in range(1_996)]
    comb = [*map(list, teeth), [5.6, 60.4], [5.6, 59.9], [4.9, 59.9], list(teeth[0])]
    begin = time.process_time()
    assert read_geometry(polygon(comb), kind="area").num_coords == 2_000
    assert time.process_time() - begin < LONGEST_S


def test_crossing_in_the_longest_outline_is_found_in_time() -> None:
    ring = [[5 + index * 1e-5, 60 + (index % 2) * 1e-3] for index in range(1_998)]
    begin = time.process_time()
    with pytest.raises(InvalidGeometry) as raised:
        read_geometry(polygon([*ring, [4.99, 60.0005], ring[0]]), kind="area")
    assert raised.value.code == "self-crossing"
    assert time.process_time() - begin < LONGEST_S
