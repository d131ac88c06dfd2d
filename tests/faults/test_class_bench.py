"""The bench's class, small: six children, five savings each. That it runs, counts and finds what is wrong; nothing here is timed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.browser.fixtures import Site
from tests.faults.recorder import INTO_AN_OLD_LESSON
from tools.bench.classroom import Leg, School, compare, hold_lesson, percentile_ms
from tools.bench.database import Database
from tools.bench.tablet import Said
from tools.devkit.console import Refusal

PUPILS, SAVES = 6, 5


@pytest.fixture(scope="module")
def database(site: Site) -> Database:
    """The running demo's."""
    return Database(site.database_url)


@pytest.fixture(scope="module")
def leg(site: Site, database: Database) -> Iterator[Leg]:
    """A lesson of six, over in some seconds; afterwards nobody of them sits in the lesson that is open."""
    held = _hold(site, database, site.demo["pupil"]["token"], PUPILS)
    yield held
    site.rows(INTO_AN_OLD_LESSON, [tablet.response for tablet in held.tablets])


def _hold(site: Site, database: Database, token: str, pupils: int) -> Leg:
    boards = [f"/skole/okt/{lesson}/plasser/" for (lesson,) in site.rows("SELECT id::text FROM surveys_lesson WHERE closed_at IS NULL")]
    school = School(urlsplit(site.base).port or 0, [{"token": token}], boards, site.demo["teacher"])
    # in a thread of its own: the browser's loop stays open in this one
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(hold_lesson, school, database, pupils=pupils, saves=SAVES, faster=500).result()


def test_everything_that_a_small_class_saves_is_confirmed_and_there(leg: Leg) -> None:
    assert leg.seen.wrong == []
    assert leg.found.wrong == []
    assert leg.lost == 0
    assert leg.seen.server_errors == 0
    assert len(leg.seen.saves_s) == PUPILS * (SAVES + 1), "each of them, and the handing in"
    assert len(leg.seen.joins_s) == PUPILS
    assert leg.found.things >= PUPILS * 3
    assert all(tablet.receipt for tablet in leg.tablets)


def test_tablets_give_signs_of_life_and_the_teacher_looks_on(leg: Leg) -> None:
    assert leg.seen.statuses["board", 200] >= 1
    assert leg.seen.statuses["pulse", 200] >= 1
    assert leg.seen.statuses["bundle", 304] == PUPILS


def test_what_was_confirmed_and_is_not_so_is_found(leg: Leg, database: Database) -> None:
    """Told by changing what the tablets remember, which is the same difference as a change in the database."""
    tablet = max(leg.tablets, key=lambda one: sum(1 for last in one.confirmed.values() if last.geometry))
    said = [(mark, last) for mark, last in tablet.confirmed.items() if last.geometry]
    (first, last), before = said[0], dict(tablet.confirmed)
    elsewhere = {"type": "Point", "coordinates": [5.0, 60.0]}
    cases = {
        "lost": {str(uuid4()): last},
        "another revision": {first: replace(last, rev=last.rev + 1)},
        "another body": {first: replace(last, sha256="00" * 32)},
        "another shape": {first: replace(last, geometry=elsewhere)},
        "deleted": {first: Said(last.rev + 1)},
    }
    for case, remembered in cases.items():
        tablet.confirmed = before | remembered
        found = compare(database, leg.tablets)
        assert (len(found.lost), len(found.altered), len(found.doubled)) == ((1, 0, 0) if case == "lost" else (0, 1, 0)), case
    tablet.confirmed = {mark: one for mark, one in before.items() if mark != first}
    assert [first in words for words in compare(database, leg.tablets).doubled] == [True]
    tablet.confirmed = before


def test_answers_and_the_handing_in_are_looked_for_too(leg: Leg, database: Database) -> None:
    tablet = leg.tablets[0]
    tablet.answers_rev += 1
    tablet.receipt, receipt = "", tablet.receipt
    assert len(compare(database, leg.tablets).lost) == 2
    tablet.answers_rev -= 1
    tablet.receipt = receipt


def test_each_leg_has_children_of_its_own(site: Site, database: Database, leg: Leg) -> None:
    other = _hold(site, database, site.demo["pupil"]["token"], PUPILS - 4)
    responses = {tablet.response for tablet in (*leg.tablets, *other.tablets)}
    site.rows(INTO_AN_OLD_LESSON, list(responses))
    assert len(responses) == PUPILS + PUPILS - 4


def test_a_tablet_that_is_not_let_in_ends_the_leg_and_is_told_of(site: Site, database: Database) -> None:
    with pytest.raises(Refusal, match=r"cannot come in, join: 404 .*code-refused"):
        _hold(site, database, "x" * 22, 1)


def test_the_95th_percentile_is_a_time_that_was_measured() -> None:
    assert percentile_ms([second / 1000 for second in range(100, 0, -1)], 95) == pytest.approx(95)
    assert percentile_ms([0.2], 95) == pytest.approx(200)
