"""`class`: a class of 30, then 900 pupils in thirty classes at once, each of whom joins and saves forty times while the teachers look on.

Tablets and teachers' boards ask for what the pages ask for (tools/bench/tablet.py); the lesson of forty minutes is held some times
faster. Afterwards the database is asked for everything that was confirmed.
"""

import asyncio
import os
import random
import re
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any

import orjson
import shapely

from tools.bench.database import Database, own_database, refuse_unsafe, run_quiet, settings_of
from tools.bench.material import make_world
from tools.bench.pupil import HOME
from tools.bench.rows import Row
from tools.bench.server import serving
from tools.bench.tablet import Said, Seen, Tablet
from tools.bench.wire import Wire
from tools.devkit import site
from tools.devkit.console import Refusal, step
from tools.devkit.paths import PYTHON, ROOT

PUPILS_A_CLASS = 30
LEGS = (30, 900)
SAVES = 40
LESSON_S = 40 * 60.0
JOINING_S = 2 * 60.0
"""All classes find their seats in so long, however fast the lesson is held: thirty joins take a class some minutes in any school."""
BOARD_EVERY_S = 3.0
"""As in static/js/pages/board.js; a teacher's clock is not hurried either."""
SHOWN = 5


@dataclass(frozen=True)
class School:
    """What a lesson is held with: the site, a code or token for each class, their boards, and a teacher who may see those."""

    port: int
    entries: Sequence[dict[str, str]]
    boards: Sequence[str]
    teacher: dict[str, str]


@dataclass
class Findings:
    """What the database does not have as it was confirmed, in words."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    things: int = 0

    @property
    def wrong(self) -> list[str]:
        """All of them."""
        return [*self.lost, *self.doubled, *self.altered]


@dataclass(frozen=True)
class Leg:
    """One lesson as measured."""

    pupils: int
    saves_a_s: float
    seen: Seen
    found: Findings
    tablets: Sequence[Tablet]

    @property
    def p95_ms(self) -> float:
        """Of the saves."""
        return percentile_ms(self.seen.saves_s, 95)

    @property
    def lost(self) -> int:
        """What is not there as it was confirmed, and answers that were neither a receipt nor a reason to try again."""
        return len(self.found.wrong) + len(self.seen.wrong)

    def told(self) -> str:
        """For the person who waits."""
        saves, joins = self.seen.saves_s, self.seen.joins_s
        median, p99, worst = percentile_ms(saves, 50), percentile_ms(saves, 99), max(saves) * 1000
        return (
            f"{self.pupils} pupils: {len(saves)} saves at {self.saves_a_s:.1f}/s, median {median:.0f} ms, p95 {self.p95_ms:.0f} ms,"
            f" p99 {p99:.0f} ms, longest {worst:.0f} ms; joining p95 {percentile_ms(joins, 95):.0f} ms; {self.seen.requests} requests,"
            f" {self.seen.server_errors} × 5xx, {self.seen.count(0)} without an answer; of {self.found.things} things"
            f" {len(self.found.lost)} lost, {len(self.found.doubled)} doubled, {len(self.found.altered)} altered"
        )


def measure(server_url: str, *, faster: float, legs: Sequence[int] = LEGS, saves: int = SAVES) -> Iterator[Row]:
    """The three rows of the contract, over all legs (the worst, the sum, the sum), after a row of context for each leg."""
    classes = -(-max(legs) // PUPILS_A_CLASS) * len(legs)
    database, _ = own_database(server_url, "trakk_bench_class", fingerprint=str(uuid.uuid4()))
    refuse_unsafe(database)
    world = make_world(database, classes=classes, has_open_lessons=True)
    static = {"STATIC_ROOT": str(HOME / "static")}
    run_quiet(
        [PYTHON, "manage.py", "collectstatic", "--noinput", "-v0"], env=os.environ | static | {"DATABASE_URL": database.url}, cwd=ROOT
    )
    measured: list[Leg] = []
    with serving(database, LOG_LEVEL="ERROR", **static) as server:
        fresh = iter(range(classes))
        for pupils in legs:
            of_leg = [next(fresh) for _ in range(-(-pupils // PUPILS_A_CLASS))]
            school = School(
                server.port,
                # by the link on the board or by the code typed, turn and turn about
                [{"token": world["tokens"][n]} if n % 2 else {"code": world["codes"][n]} for n in of_leg],
                [f"/skole/okt/{world['lessons'][n]}/plasser/" for n in of_leg],
                world["teacher"],
            )
            measured.append(hold_lesson(school, database, pupils=pupils, saves=saves, faster=faster))
            yield _context(measured[-1])
    step(f"{site.WORKERS} × {site.THREADS} threads, {settings_of(database)}, a lesson of 40 minutes held {faster:g} times faster")
    count = sum(len(leg.seen.saves_s) for leg in measured)
    yield Row("class p95 ms", max(leg.p95_ms for leg in measured), "ms", n=count)
    yield Row("class lost", sum(leg.lost for leg in measured), "things", n=sum(leg.found.things for leg in measured))
    yield Row("class 5xx", sum(leg.seen.server_errors for leg in measured), "answers", n=sum(leg.seen.requests for leg in measured))


def hold_lesson(school: School, database: Database, *, pupils: int, saves: int, faster: float) -> Leg:
    """Hold one lesson, and look in the database for what came of it."""
    seen = Seen()
    cookie = log_in(school)
    # other children in each leg: whoever has sat in one class is not let into another
    tablets = [Tablet(Wire(site.HOST, school.port), school.entries[n // PUPILS_A_CLASS], f"{n} of {pupils}", seen) for n in range(pupils)]
    seconds = asyncio.run(_hold(school, tablets, seen, cookie, saves=saves, faster=faster))
    leg = Leg(pupils, len(seen.saves_s) / seconds, seen, compare(database, tablets), tablets)
    step(leg.told())
    for wrong in [*leg.found.wrong, *seen.wrong][:SHOWN]:
        step(f"wrong: {wrong}")
    return leg


async def _hold(school: School, tablets: Sequence[Tablet], seen: Seen, cookie: str, *, saves: int, faster: float) -> float:
    loop = asyncio.get_running_loop()
    dice = random.Random(1)  # noqa: S311  # who comes first
    boards = [asyncio.create_task(_look_on(school.port, board, cookie, seen)) for board in school.boards]
    began = loop.time()
    lives = [
        one.live(starts_s=dice.uniform(0, min(JOINING_S, LESSON_S / faster)), saves=saves, lesson_s=LESSON_S / faster) for one in tablets
    ]
    await asyncio.gather(*lives)
    seconds = loop.time() - began
    for board in boards:
        board.cancel()
    await asyncio.gather(*boards, return_exceptions=True)
    return seconds


async def _look_on(port: int, address: str, cookie: str, seen: Seen) -> None:
    """A teacher's board: the seats anew every few seconds."""
    wire = Wire(site.HOST, port)
    try:
        while True:
            answer = await wire.ask("GET", address, Accept="text/html", Cookie=cookie)
            seen.statuses["board", answer.status] += 1
            if 300 <= answer.status < 500:
                seen.wrong.append(f"board: {answer.status}")
            await asyncio.sleep(BOARD_EVERY_S)
    finally:
        wire.close()


def log_in(school: School) -> str:
    """The teacher's session, got by the form that teachers use."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
    address = f"http://{site.HOST}:{school.port}/logg-inn/"
    page = opener.open(address, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    words = {"csrfmiddlewaretoken": token[1] if token else "", "username": school.teacher["user"], "password": school.teacher["password"]}
    request = urllib.request.Request(address, urllib.parse.urlencode(words).encode(), {"Referer": address})
    opener.open(request, timeout=60).close()
    cookies = {cookie.name: cookie.value for cookie in jar}
    if "sessionid" not in cookies:
        raise Refusal(f"the teacher {school.teacher['user']} could not log in")
    return f"sessionid={cookies['sessionid']}"


_MARKS = """SELECT id::text, response_id::text, rev, encode(sha256, 'hex'), ST_AsBinary(geom)
            FROM mapping_mark WHERE response_id = ANY(%s::uuid[])"""
_RESPONSES = "SELECT id::text, answers, answers_rev, finished_at IS NOT NULL FROM surveys_response WHERE id = ANY(%s::uuid[])"


def compare(database: Database, tablets: Sequence[Tablet]) -> Findings:
    """Everything that was confirmed against its row, and every row against what was confirmed."""
    found = Findings()
    names = [tablet.response for tablet in tablets]
    marks = {row[0]: row[1:] for row in database.rows(_MARKS, names)}
    responses = {row[0]: row[1:] for row in database.rows(_RESPONSES, names)}
    for tablet in tablets:
        found.things += 2 + len(tablet.confirmed)
        answers, answers_rev, is_finished = responses.get(tablet.response, ({}, 0, False))
        if (answers, answers_rev) != (tablet.answers, tablet.answers_rev):
            found.lost.append(f"answers of {tablet.response}: revision {answers_rev} instead of {tablet.answers_rev}")
        if not (is_finished and tablet.receipt):
            found.lost.append(f"handing in of {tablet.response}")
        for mark, said in tablet.confirmed.items():
            _compare_mark(found, tablet.response, mark, said, marks.get(mark))
    known = {mark for tablet in tablets for mark in tablet.confirmed}
    found.doubled += [f"mark {mark}, which nobody made" for mark in marks.keys() - known]
    return found


def _compare_mark(found: Findings, response: str, mark: str, said: Said, row: tuple[Any, ...] | None) -> None:
    if said.geometry is None:
        if row is not None:
            found.altered.append(f"mark {mark} is there, and was deleted")
    elif row is None:
        found.lost.append(f"mark {mark}")
    elif (row[0], row[1], row[2]) != (response, said.rev, said.sha256) or not _is_same(row[3], said.geometry):
        found.altered.append(f"mark {mark}: revision {row[1]} of {row[0]} instead of {said.rev} of {response}, or another shape")


def _is_same(stored: bytes | None, sent: dict[str, Any]) -> bool:
    shape = shapely.from_geojson(orjson.dumps(sent))
    return stored is not None and bool(shapely.equals_exact(shapely.normalize(shapely.from_wkb(stored)), shapely.normalize(shape), 1e-9))


def percentile_ms(times_s: Sequence[float], percent: int) -> float:
    """By nearest rank."""
    ordered = sorted(times_s)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] * 1000


def _context(leg: Leg) -> Row:
    return Row(f"class of {leg.pupils}", leg.p95_ms, "ms", n=len(leg.seen.saves_s))
