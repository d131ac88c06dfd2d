"""A tablet in a lesson, without its screen: joins, draws by dice, saves as the page's outbox does, and gives signs of life.

Whatever a child does is queued at its own moment, whether or not the site keeps up; the time of a save runs from that moment until the
receipt is there, tries that failed and its own queue included.
"""

import asyncio
import gzip
import hashlib
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from tools.bench.wire import NO_ANSWER, Answer, Wire
from tools.devkit.console import Refusal

API = "/api/v1/"
PULSE_EVERY_S = 15.0
PULSE_SETTLES_S = 2.5
"""As in static/js/pupil/pulse.js: clocks of the tablet, which a lesson held faster does not hurry."""
SHARES = {"new": 0.60, "change": 0.20, "reshape": 0.08, "answer": 0.07, "delete": 0.05}
"""Of what a child does; new marks are places, ways and areas as in shapes.py."""
KINDS = {"place": 0.70, "route": 0.28, "area": 0.02}
WORDS = ("", "Her er det gøy å leke", "Bilene kjører altfor fort her, og det er ikke noe gangfelt", "Mørkt om kvelden", "Vi møtes her")
DEGREE_M = (55_000.0, 111_400.0)
"""Metres a degree is long east and north, near enough for shapes that only need to look like a child's."""


@dataclass
class Seen:
    """What all tablets and boards of a lesson saw of the site."""

    saves_s: list[float] = field(default_factory=list)
    joins_s: list[float] = field(default_factory=list)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By what was asked and what came."""
    wrong: list[str] = field(default_factory=list)
    """Answers that no tablet should get, in words."""

    def count(self, *statuses: int) -> int:
        """How often one of these came, whatever was asked."""
        return sum(times for (_, status), times in self.statuses.items() if status in statuses)

    @property
    def requests(self) -> int:
        """All that was asked."""
        return self.statuses.total()

    @property
    def server_errors(self) -> int:
        """Answers of 500 and above."""
        return sum(times for (_, status), times in self.statuses.items() if status >= 500)


@dataclass
class Said:
    """The last thing that was confirmed of a mark: its revision, the hash of the body, the geometry; sha256 "" when it was deleted."""

    rev: int
    sha256: str = ""
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True)
class Job:
    """One save: what, and when the child did it."""

    method: str
    resource: str
    rev: int
    body: bytes
    done_at: float
    geometry: dict[str, Any] | None = None


@dataclass
class Mark:
    """A mark as the child sees it."""

    id: str
    category: dict[str, Any]
    geometry: dict[str, Any]
    rev: int = 0


class Tablet:
    """One pupil's."""

    def __init__(self, wire: Wire, entry: dict[str, str], seed: str, seen: Seen) -> None:
        self.wire, self.entry, self.seen = wire, entry, seen
        self.dice = random.Random(seed)  # noqa: S311  # a child's whims
        self.response = str(UUID(int=self.dice.getrandbits(128), version=4))
        self.token = ""
        self.marks: list[Mark] = []
        self.confirmed: dict[str, Said] = {}
        self.answers: dict[str, Any] = {}
        self.answers_rev = 0
        self.receipt = ""
        self._jobs: asyncio.Queue[Job] = asyncio.Queue()
        self._changes = 0
        self._pulse_at = 0.0

    async def live(self, *, starts_s: float, saves: int, lesson_s: float) -> None:
        """Come in after so long, do so many things in the time of the lesson, hand in."""
        try:
            await asyncio.sleep(starts_s)
            await self._come_in()
            await self._draw_and_hand_in(saves, lesson_s)
        finally:
            self.wire.close()

    async def _draw_and_hand_in(self, saves: int, lesson_s: float) -> None:
        moments = sorted(self.dice.uniform(0, lesson_s) for _ in range(saves))
        began = time.perf_counter()
        async with asyncio.TaskGroup() as busy:
            pulse = busy.create_task(self._give_signs_of_life())
            deliver = busy.create_task(self._deliver())
            for moment in moments:
                await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
                self._act()
            self._put("POST", "finish", 1, b"{}")
            await self._jobs.join()
            pulse.cancel()
            deliver.cancel()

    async def _come_in(self) -> None:
        """What the page asks for until it shows the map; the bundle twice, the second time to hear that it is still the same."""
        began = time.perf_counter()
        await self._until_good("page", "GET", "/tegn/", Accept="text/html", Accept_Encoding="gzip")
        body = orjson.dumps({**self.entry, "response": self.response})
        joined = orjson.loads((await self._until_good("join", "POST", API + "join", body)).body)
        self.token = f"Bearer {joined['write_token']}"
        address = f"{API}surveys/{joined['survey']}/bundle"
        came = await self._until_good("bundle", "GET", address, Accept_Encoding="gzip")
        packed = came.header("content-encoding") == "gzip"
        self.bundle = orjson.loads(gzip.decompress(came.body) if packed else came.body)
        await self._until_good("bundle", "GET", address, Accept_Encoding="gzip", If_None_Match=came.header("etag"))
        await self._until_good("mine", "GET", f"{API}responses/{self.response}", Authorization=self.token)
        self.seen.joins_s.append(time.perf_counter() - began)
        self.school = joined["school"]["location"]["coordinates"]
        self.question = next(one["code"] for one in self.bundle["questions"] if one["type"] == "text" and not one["category"])

    async def _until_good(self, what: str, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        wait_s = 1.0
        while True:
            answer = await self._ask(what, method, path, body, **headers)
            if answer.status < 400 and answer.status != NO_ANSWER:
                return answer
            if 400 <= answer.status < 500 and answer.status != 429:
                raise Refusal(f"a tablet cannot come in, {what}: {answer.status} {answer.body[:200]!r}")
            await asyncio.sleep(self.dice.uniform(0.5, 1) * wait_s)
            wait_s = min(60.0, wait_s * 2)

    async def _ask(self, what: str, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        answer = await self.wire.ask(method, path, body, **headers)
        self.seen.statuses[what, answer.status] += 1
        return answer

    def _act(self) -> None:
        """One thing that a child does."""
        what = self.dice.choices(list(SHARES), list(SHARES.values()))[0]
        self._changes += 1
        if what == "answer":
            self.answers_rev += 1
            self.answers = {self.question: f"Mer lys, nummer {self.answers_rev}"}
            self._put("PUT", "answers", self.answers_rev, orjson.dumps({"rev": self.answers_rev, "answers": self.answers}))
        elif what == "delete" and self.marks:
            gone = self.marks.pop(self.dice.randrange(len(self.marks)))
            self._put("DELETE", f"marks/{gone.id}", gone.rev + 1, b"")
        elif what in {"change", "reshape"} and self.marks:
            mark = self.dice.choice(self.marks)
            if what == "reshape":
                mark.geometry = self._draw(mark.category["kind"])
            self._say(mark)
        else:
            self._say(self._new_mark())

    def _new_mark(self) -> Mark:
        kind = self.dice.choices(list(KINDS), list(KINDS.values()))[0]
        drawn = Counter(mark.category["code"] for mark in self.marks)
        free = [one for one in self.bundle["categories"] if drawn[one["code"]] < one["limits"]["max"]]
        category = self.dice.choice([one for one in free if one["kind"] == kind] or free)
        mark = Mark(str(UUID(int=self.dice.getrandbits(128), version=4)), category, self._draw(category["kind"]))
        self.marks.append(mark)
        return mark

    def _say(self, mark: Mark) -> None:
        mark.rev += 1
        modes = mark.category["modes"]
        properties = {
            "category": mark.category["code"],
            "mode": self.dice.choice(modes) if modes else None,
            "comment": self.dice.choice(WORDS),
            "answers": {},
        }
        body = orjson.dumps({"type": "Feature", "rev": mark.rev, "geometry": mark.geometry, "properties": properties})
        self._put("PUT", f"marks/{mark.id}", mark.rev, body, mark.geometry)

    def _draw(self, kind: str) -> dict[str, Any]:
        """A shape near the school, six decimals as the page writes them."""
        x, y = self.dice.gauss(0, 150), self.dice.gauss(0, 150)
        if kind == "place":
            return {"type": "Point", "coordinates": self._position(x, y)}
        if kind == "area":
            radius = self.dice.uniform(25, 60)
            corners = [(x - radius, y - radius), (x + radius, y - radius), (x + radius, y + radius), (x - radius, y + radius)]
            return {"type": "Polygon", "coordinates": [[self._position(*corner) for corner in (*corners, corners[0])]]}
        line = []
        for _ in range(self.dice.randint(25, 55)):  # 40 on average, as a finger draws after the tablet has thinned the line
            line.append(self._position(x, y))
            x, y = x + self.dice.gauss(6, 6), y + self.dice.gauss(4, 6)
        return {"type": "LineString", "coordinates": line}

    def _position(self, east_m: float, north_m: float) -> list[float]:
        return [round(self.school[0] + east_m / DEGREE_M[0], 6), round(self.school[1] + north_m / DEGREE_M[1], 6)]

    def _put(self, method: str, resource: str, rev: int, body: bytes, geometry: dict[str, Any] | None = None) -> None:
        self._jobs.put_nowait(Job(method, resource, rev, body, time.perf_counter(), geometry))
        self._tell_soon()

    async def _deliver(self) -> None:
        """One request in flight; the next goes when there is a receipt for the last."""
        while True:
            job = await self._jobs.get()
            wait_s = 1.0
            while not await self._send(job):
                await asyncio.sleep(self.dice.uniform(0, wait_s))
                wait_s = min(60.0, wait_s * 2)
            self.seen.saves_s.append(time.perf_counter() - job.done_at)
            self._jobs.task_done()
            self._tell_soon()

    async def _send(self, job: Job) -> bool:
        query = f"?rev={job.rev}" if job.method == "DELETE" else ""
        path = f"{API}responses/{self.response}/{job.resource}{query}"
        answer = await self._ask("save", job.method, path, job.body, Authorization=self.token)
        if answer.status == NO_ANSWER or answer.status >= 500 or answer.status == 429:
            return False
        if answer.status >= 400 or not self._is_receipt(job, answer):
            self.seen.wrong.append(f"{job.method} {job.resource}: {answer.status} {answer.body[:200]!r}")
            return True
        if job.resource.startswith("marks/"):
            sha256 = hashlib.sha256(job.body).hexdigest() if job.body else ""
            self.confirmed[job.resource.removeprefix("marks/")] = Said(job.rev, sha256, job.geometry)
        elif job.resource == "finish":
            self.receipt = orjson.loads(answer.body)["receipt"]
        return True

    def _is_receipt(self, job: Job, answer: Answer) -> bool:
        if job.method == "DELETE":
            return answer.header("Trakk-Receipt") == f"{job.resource.removeprefix('marks/')} {job.rev}"
        said = orjson.loads(answer.body)
        if job.resource == "finish":
            return bool(said["response"] == self.response)
        return bool(said["rev"] == job.rev and said["sha256"] == hashlib.sha256(job.body).hexdigest())

    def _tell_soon(self) -> None:
        self._pulse_at = time.perf_counter() + PULSE_SETTLES_S * self.dice.uniform(0.9, 1.1)

    async def _give_signs_of_life(self) -> None:
        self._tell_soon()
        while True:
            if (left := self._pulse_at - time.perf_counter()) > 0:
                await asyncio.sleep(left)
                continue
            body = orjson.dumps({"unsent": self._jobs.qsize(), "changes": self._changes})
            await self._ask("pulse", "POST", f"{API}responses/{self.response}/pulse", body, Authorization=self.token)
            self._pulse_at = time.perf_counter() + PULSE_EVERY_S * self.dice.uniform(0.9, 1.1)
