"""What children meant, compared with what is stored and what each of them is shown: lost, doubled, altered, seen by another."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.browser.fixtures import Site
from tools.devkit import node

TABLETS = Path(__file__).with_name("tablets.mjs")
LEAST_HITS = 10
"""A run in which fewer faults hit a request in flight proves nothing."""
MOST_LESSONS = 4
"""One is enough on a common machine; how many requests are in flight when something breaks is the machine's to say."""

_MARKS = """SELECT m.id::text, m.response_id::text, c.code, m.comment, m.rev, encode(m.sha256, 'hex'), ST_AsGeoJSON(m.geom, 6)::jsonb
            FROM mapping_mark m JOIN surveys_category c ON c.id = m.category_id
            WHERE m.response_id = ANY(%s::uuid[]) OR m.id = ANY(%s::uuid[])"""

INTO_AN_OLD_LESSON = """UPDATE surveys_response r SET lesson_id =
                         (SELECT id FROM surveys_lesson WHERE closed_at IS NOT NULL ORDER BY id LIMIT 1)
                         WHERE id = ANY(%s::uuid[]) RETURNING 1"""


@dataclass
class Verdict:
    """Whatever went wrong, in words; a good run has none."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    anothers: list[str] = field(default_factory=list)
    things: int = 0
    """How many the children meant."""

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.altered + other.altered,
            self.anothers + other.anothers,
            self.things + other.things,
        )

    def __str__(self) -> str:
        return (
            f"of {self.things} things {len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.altered)} altered,"
            f" {len(self.anothers)} seen by another"
        )

    def demand_nothing_wrong(self) -> None:
        """0 lost, 0 doubled, 0 altered, 0 seen by another, of something."""
        assert self.things > 0
        wrong = [*self.lost, *self.doubled, *self.altered, *self.anothers]
        assert wrong == [], f"{self}:\n" + "\n".join(wrong)


def join(site: Site, base: str, count: int) -> list[dict[str, Any]]:
    """So many children of the demo's class, with the right to write and the middle of their school."""
    children = [_join(site, base) for _ in range(count)]
    # Into a lesson that is over, so that the board of the one that is open does not fill with them.
    site.rows(INTO_AN_OLD_LESSON, [child["response"] for child in children])
    return children


def _join(site: Site, base: str) -> dict[str, Any]:
    body = json.dumps({"token": site.demo["pupil"]["token"], "response": str(uuid4())}).encode()
    request = urllib.request.Request(f"{base}/api/v1/join", body, {"Content-Type": "application/json"})  # noqa: S310  # our own server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        joined = json.load(answer)
    lon, lat = joined["school"]["location"]["coordinates"]
    return {"response": joined["response"], "token": joined["write_token"], "lon": lon, "lat": lat}


def live(
    root: str, children: Sequence[dict[str, Any]], *, seed: int, steps: int = 12, faster: int = 40, **more: Any
) -> list[dict[str, Any]]:
    """Let children draw on tablets of their own, all at once; what each of them meant, and what was left unsaid.

    faster: how much shorter the waits between two tries are made. timeoutMs: how long a tablet waits for an answer, which is 20 s in a
    school. answering: the share of answers among what they do.
    """
    asked = {
        "root": f"{root}/api/v1/",
        "children": children,
        "seed": seed,
        "steps": steps,
        "faster": faster,
        "pauseMs": 30,
        "patienceMs": 60_000,
        "timeoutMs": 5_000,
        "answering": 0.1,
        "categories": [{"code": code, "most": 3} for code in ("fint", "natur", "leke", "farlig")],
        "question": "si_til_ordforer",
        **more,
    }
    command = [str(node.folder() / "bin/node"), str(TABLETS)]
    timeout_s = 180 + asked["patienceMs"] / 1000
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=timeout_s, check=False)
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def live_until_hit(
    root: str,
    children: Sequence[dict[str, Any]],
    hits: Callable[[], int],
    *,
    harm: Callable[[], AbstractContextManager[None]] = nullcontext,
    seed: int,
    **more: Any,
) -> list[dict[str, Any]]:
    """Lesson after lesson, each of a share of the children and in such harm, until enough requests are hit; what `live` tells of all."""
    told: list[dict[str, Any]] = []
    for lesson in range(MOST_LESSONS):
        with harm():
            told += live(root, children[lesson::MOST_LESSONS], seed=seed + 1000 * lesson, **more)
        if hits() >= LEAST_HITS:
            return told
    raise AssertionError(f"only {hits()} requests were hit in {MOST_LESSONS} lessons")


def knock_until_hit(hits: Callable[[], int], knock: Callable[[], None], *, patience_s: float = 60) -> None:
    """Let a tablet try again and again until faults have hit enough of its requests, beyond those of before."""
    until, before = time.monotonic() + patience_s, hits()
    while hits() - before < LEAST_HITS:
        assert time.monotonic() < until, f"only {hits() - before} requests were hit in {patience_s} s"
        knock()


def compare(site: Site, told: Sequence[dict[str, Any]]) -> Verdict:
    """Each thing a child meant against its row, each row against what a child meant, and whatever each of them is shown against both.

    A response may be told of twice: two tablets at one seat. Then the answers are the last word of one of them.
    """
    verdict = Verdict()
    owners = {mark["id"]: child for child in told for mark in child["marks"]}
    responses = [child["response"] for child in told]
    stored = {row[0]: row[1:] for row in site.rows(_MARKS, responses, list(owners))}
    for child in told:
        name, shown = child["response"][:8], _shown(site, child)
        verdict.lost += [f"{name}: {resource} never arrived" for resource, *_ in child["unsaid"]]
        verdict.lost += [f"{name}: {resource} was refused: {why}" for resource, why in child["refused"]]
        for mark in child["marks"]:
            verdict.things += 1
            row = stored.get(mark["id"])
            if row is None or (row[0] == child["response"] and mark["id"] not in shown):
                verdict.lost.append(f"{name}: {mark['category']} {mark['comment']}")
            else:
                _compare_mark(verdict, child, mark, row)
        answers, finished = site.rows("SELECT answers, finished_at IS NOT NULL FROM surveys_response WHERE id = %s", child["response"])[0]
        if answers not in [other["answers"] for other in told if other["response"] == child["response"]]:
            verdict.altered.append(f"{name}: answers {answers} instead of {child['answers']}")
        if child.get("hands_in", True) and not (finished and child["finished"]):
            verdict.lost.append(f"{name}: the handing in")
        verdict.anothers += _seen_of_others(shown, child, told)
    verdict.doubled = [f"{row[0][:8]}: {mark} {row[2]}" for mark, row in stored.items() if mark not in owners]
    return verdict


def _compare_mark(verdict: Verdict, child: dict[str, Any], mark: dict[str, Any], row: tuple[Any, ...]) -> None:
    response, category, comment, rev, sha256, geometry = row
    if response != child["response"]:
        verdict.anothers.append(f"{mark['id']} is {response[:8]}'s")
    meant = (mark["category"], mark["comment"], mark["geometry"])
    if (category, comment, geometry) != meant or sha256 not in child["said"].get(f"marks/{mark['id']} {rev}", []):
        verdict.altered.append(f"{mark['id']}: {row[1:]} instead of {meant}")


def _shown(site: Site, child: dict[str, Any]) -> str:
    """All that the site shows to who has this child's right: what a tablet opens with."""
    request = urllib.request.Request(  # noqa: S310  # our own server
        f"{site.base}/api/v1/responses/{child['response']}", headers={"Authorization": f"Bearer {child['token']}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        shown: str = answer.read().decode()
    return json.dumps(json.loads(shown), ensure_ascii=False)


def _seen_of_others(shown: str, child: dict[str, Any], told: Sequence[dict[str, Any]]) -> list[str]:
    others = [other for other in told if other["response"] != child["response"]]
    return [f"{child['response'][:8]} sees {secret}" for other in others for secret in secrets_of(other) if secret in shown]


def secrets_of(child: dict[str, Any]) -> list[str]:
    """What nobody else may come to see of a child: its right, its words, and the ids that lead to them."""
    words = [mark["comment"] for mark in child["marks"]] + [value for value in child["answers"].values() if isinstance(value, str)]
    return [child["response"], child["token"], *(mark["id"] for mark in child["marks"]), *filter(None, words)]
