"""Rows 9, 11, 12, 14, 15 and 16 of the fault suite: what comes twice, late, out of order, or after the keys were changed."""

import hashlib
import json
import os
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.browser.fixtures import Site
from tests.faults.recorder import join
from tests.faults.server import serving

AT_ONCE = 50


@dataclass
class Child:
    """One child's right to write, and requests made with it."""

    base: str
    response: str
    token: str
    lon: float
    lat: float
    log: list[tuple[str, int]] = field(default_factory=list)

    def body(self, rev: int, comment: str) -> bytes:
        """A place with these words."""
        geometry = {"type": "Point", "coordinates": [self.lon, self.lat]}
        return json.dumps(
            {"type": "Feature", "rev": rev, "geometry": geometry, "properties": {"category": "fint", "comment": comment}}
        ).encode()

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


def test_fifty_of_the_same_at_once_are_one(site: Site, child: Child) -> None:
    """Row 9."""
    mark, body = str(uuid4()), child.body(1, "Her")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda _: child.ask("PUT", f"marks/{mark}", body), range(AT_ONCE)))
    assert sorted(status for status, _, _ in answers) == [200] * (AT_ONCE - 1) + [201]
    receipt = {"id": mark, "rev": 1, "sha256": hashlib.sha256(body).hexdigest()}
    assert [said for _, said, _ in answers if said != receipt] == []
    assert _rows(site, mark) == [(1, "Her", child.response)]


def test_the_same_revision_with_another_body_is_refused_and_the_first_is_kept(site: Site, child: Child) -> None:
    """Row 11."""
    mark = str(uuid4())
    assert child.ask("PUT", f"marks/{mark}", child.body(1, "Først"))[0] == 201
    status, problem, _ = child.ask("PUT", f"marks/{mark}", child.body(1, "Så"))
    assert (status, problem["code"], problem["rev"]) == (409, "revision-conflict", 1)
    assert _rows(site, mark) == [(1, "Først", child.response)]


class OutOfOrder(RuleBasedStateMachine):
    """Row 12: requests of one mark in any order, each any number of times; the highest revision wins, and what is deleted stays so."""

    site: Site
    someone: Child

    @initialize()
    def begin(self) -> None:
        self.mark = str(uuid4())
        self.rev, self.words, self.buried = 0, "", 0

    @rule(rev=st.integers(1, 6))
    def put(self, rev: int) -> None:
        status, said, _ = self.someone.ask("PUT", f"marks/{self.mark}", self.someone.body(rev, f"rev {rev}"))
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


def test_the_highest_revision_wins_and_a_tombstone_stays(site: Site, child: Child) -> None:
    machine = type("Here", (OutOfOrder,), {"site": site, "someone": child})
    quick = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    run_state_machine_as_test(machine, settings=quick)


def test_a_tablet_delivers_after_the_secret_key_was_changed(site: Site, child: Child, tmp_path: Path) -> None:
    """Row 14. A tablet has neither session nor CSRF token: its right is one header, which the earlier key still opens."""
    with serving(site, tmp_path, SECRET_KEY="another-key-" * 4, SECRET_KEY_FALLBACKS=os.environ["SECRET_KEY"]) as server:
        late = Child(server.base, child.response, child.token, child.lon, child.lat)
        mark = str(uuid4())
        status, said, _ = late.ask("PUT", f"marks/{mark}", late.body(1, "Etterpå"))
        assert status == 201, said
    assert _rows(site, mark) == [(1, "Etterpå", child.response)]


def test_what_is_late_is_taken_in_for_seven_days_and_then_clearly_refused(site: Site, child: Child) -> None:
    """Row 15; row 16, too: it is the server's clock that counts, whatever the tablet's says."""
    mark = str(uuid4())
    is_over = "SELECT l.closed_at IS NOT NULL FROM surveys_lesson l JOIN surveys_response r ON r.lesson_id = l.id WHERE r.id = %s"
    assert site.rows(is_over, child.response) == [(True,)]
    set_until = "UPDATE surveys_response SET writable_until = now() + %s * interval '1 minute' WHERE id = %s RETURNING 1"
    site.rows(set_until, 1, child.response)
    assert child.ask("PUT", f"marks/{mark}", child.body(1, "I siste liten"))[0] == 201
    site.rows(set_until, -1, child.response)
    status, problem, _ = child.ask("PUT", f"marks/{mark}", child.body(2, "For sent"))
    assert (status, problem["code"], problem["type"]) == (403, "survey-closed", "urn:trakk:problem:survey-closed")
    assert _rows(site, mark) == [(1, "I siste liten", child.response)]
