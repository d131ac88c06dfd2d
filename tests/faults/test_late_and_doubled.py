"""Rows 9, 11, 12 and 15 of the fault suite: what comes twice, out of order or late, and what contradicts what is there."""

import hashlib
import itertools
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.browser.fixtures import Site
from tests.faults.recorder import LEAST_HITS, compare, join
from tests.faults.tally import Tally

AT_ONCE = 50


CATEGORIES = ("fint", "natur", "leke", "farlig")


@dataclass
class Child:
    """One child's right to write, requests made with it, and what was meant by them."""

    base: str
    response: str
    token: str
    lon: float
    lat: float
    said: dict[str, list[str]] = field(default_factory=dict)
    meant: dict[str, dict[str, Any]] = field(default_factory=dict)

    def body(self, rev: int, comment: str, category: str = "fint") -> bytes:
        """A place with these words."""
        geometry = {"type": "Point", "coordinates": [round(self.lon, 6), round(self.lat, 6)]}
        return json.dumps(
            {"type": "Feature", "rev": rev, "geometry": geometry, "properties": {"category": category, "comment": comment}}
        ).encode()

    def mean(self, mark: str, body: bytes) -> None:
        """Be this in the end."""
        feature = json.loads(body)
        self.meant[mark] = {"id": mark, "geometry": feature["geometry"], **feature["properties"]}
        self.said.setdefault(f"marks/{mark} {feature['rev']}", []).append(hashlib.sha256(body).hexdigest())

    def tell(self) -> dict[str, Any]:
        """For the recorder."""
        whole = {"answers": {}, "finished": False, "hands_in": False, "unsaid": [], "refused": []}
        return whole | {"response": self.response, "token": self.token, "said": self.said, "marks": list(self.meant.values())}

    def ask(self, method: str, resource: str, body: bytes | None = None) -> tuple[int, Any, str | None]:
        """Status, JSON and receipt header of one request."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        url = f"{self.base}/api/v1/responses/{self.response}/{resource}"
        request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310  # our own server
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                text = answer.read()
                return answer.status, json.loads(text) if text else None, answer.headers["Trakk-Receipt"]
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused), None


@pytest.fixture
def child(site: Site) -> Child:
    """A child who has joined."""
    return Child(site.base, **join(site, site.base, 1)[0])


def _rows(site: Site, mark: str) -> list[tuple[Any, ...]]:
    return site.rows("SELECT rev, comment, response_id::text FROM mapping_mark WHERE id = %s", mark)


@pytest.mark.fault(9)
def test_fifty_of_the_same_at_once_are_one(site: Site, child: Child, tally: Tally) -> None:
    mark, body = str(uuid4()), child.body(1, "Her")
    child.mean(mark, body)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda _: child.ask("PUT", f"marks/{mark}", body), range(AT_ONCE)))
    assert sorted(status for status, _, _ in answers) == [200] * (AT_ONCE - 1) + [201]
    receipt = {"id": mark, "rev": 1, "sha256": hashlib.sha256(body).hexdigest()}
    assert [said for _, said, _ in answers if said != receipt] == []
    tally.count(compare(site, [child.tell()]), hits=AT_ONCE - 1)


@pytest.mark.fault(11)
def test_the_same_revision_with_another_body_is_refused_and_the_first_is_kept(site: Site, child: Child, tally: Tally) -> None:
    for number in range(LEAST_HITS):
        mark, first = str(uuid4()), child.body(1, f"Først {number}", CATEGORIES[number % 4])
        assert child.ask("PUT", f"marks/{mark}", first)[0] == 201
        status, problem, _ = child.ask("PUT", f"marks/{mark}", child.body(1, f"Så {number}", CATEGORIES[number % 4]))
        assert (status, problem["code"], problem["rev"]) == (409, "revision-conflict", 1)
        child.mean(mark, first)
    tally.count(compare(site, [child.tell()]), hits=LEAST_HITS)


class OutOfOrder(RuleBasedStateMachine):
    """Requests of one mark in any order, each any number of times; the highest revision wins, and what is deleted stays so."""

    site: Site
    someone: Child
    late: list[str]
    """Of all runs, the requests that came after a newer one."""
    numbers: Iterator[int]

    @initialize()
    def begin(self) -> None:
        self.mark, self.category = str(uuid4()), CATEGORIES[next(self.numbers) % 4]
        self.rev, self.words, self.buried = 0, "", 0

    @rule(rev=st.integers(1, 6))
    def put(self, rev: int) -> None:
        status, said, _ = self.someone.ask("PUT", f"marks/{self.mark}", self.someone.body(rev, f"rev {rev}", self.category))
        self.late += [self.mark] * (rev <= max(self.rev, self.buried))
        if rev <= self.buried:
            assert status == 410 if self.rev == 0 else status in {200, 410}
        elif rev > self.rev:
            assert status == (201 if self.rev == 0 else 200)
            assert said["rev"] == rev
            self.rev, self.words = rev, f"rev {rev}"
        else:
            assert (status, said["rev"]) == (200, self.rev), "an older one gets the receipt of what is stored"

    @rule(rev=st.integers(1, 6))
    def delete(self, rev: int) -> None:
        status, said, receipt = self.someone.ask("DELETE", f"marks/{self.mark}?rev={rev}")
        self.late += [self.mark] * (rev < max(self.rev, self.buried))
        if self.rev > rev:
            assert (status, said["rev"]) == (409, self.rev)
        else:
            assert (status, receipt) == (204, f"{self.mark} {rev}")
            self.rev, self.words, self.buried = 0, "", max(self.buried, rev)

    @precondition(lambda self: hasattr(self, "mark"))
    @invariant()
    def is_stored(self) -> None:
        expected = [(self.rev, self.words, self.someone.response)] if self.rev else []
        assert _rows(self.site, self.mark) == expected

    def teardown(self) -> None:
        if self.rev:
            self.someone.mean(self.mark, self.someone.body(self.rev, self.words, self.category))


@pytest.mark.fault(12)
def test_the_highest_revision_wins_and_a_tombstone_stays(site: Site, child: Child, tally: Tally) -> None:
    late: list[str] = []
    machine = type("Here", (OutOfOrder,), {"site": site, "someone": child, "late": late, "numbers": itertools.count()})
    quick = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    run_state_machine_as_test(machine, settings=quick)
    tally.count(compare(site, [child.tell()]), hits=len(late))


@pytest.mark.fault(15)
def test_what_is_late_is_taken_in_for_seven_days_and_then_clearly_refused(site: Site, child: Child, tally: Tally) -> None:
    """It is the server's clock that counts. That a tablet keeps what is refused, and makes a file of it: test_too_late."""
    is_over = "SELECT l.closed_at IS NOT NULL FROM surveys_lesson l JOIN surveys_response r ON r.lesson_id = l.id WHERE r.id = %s"
    assert site.rows(is_over, child.response) == [(True,)]
    set_until = "UPDATE surveys_response SET writable_until = now() + %s * interval '1 minute' WHERE id = %s RETURNING 1"
    for number in range(LEAST_HITS):
        mark, category = str(uuid4()), CATEGORIES[number % 4]
        body = child.body(1, f"I siste liten {number}", category)
        site.rows(set_until, 1, child.response)
        assert child.ask("PUT", f"marks/{mark}", body)[0] == 201
        child.mean(mark, body)
        site.rows(set_until, -1, child.response)
        status, problem, _ = child.ask("PUT", f"marks/{mark}", child.body(2, "For sent", category))
        assert (status, problem["code"], problem["type"]) == (403, "survey-closed", "urn:trakk:problem:survey-closed")
    site.rows(set_until, 1, child.response)  # the recorder looks with the child's own right, which reads no longer than it delivers
    tally.count(compare(site, [child.tell()]), hits=LEAST_HITS)
