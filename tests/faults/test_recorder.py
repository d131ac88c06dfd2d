"""The recorder finds what is wrong, and the tally says so; told by changing what children meant, which is the same difference."""

import copy
import json
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from tests.browser.fixtures import Site
from tests.faults.proxy import carries_work
from tests.faults.recorder import LEAST_HITS, Verdict, compare, join, knock_until_hit
from tests.faults.tally import DEMANDED, FOLDER, Line, Tallies, table

Told = dict[str, Any]


@pytest.fixture(scope="module")
def told(site: Site) -> list[Told]:
    """Ada and Bo, each with one mark that is stored as it was meant."""
    return [_draw(site, child, words) for child, words in zip(join(site, site.base, 2), ("Bak gjerdet", "Ved bekken"), strict=True)]


def _draw(site: Site, child: dict[str, Any], words: str) -> Told:
    mark, geometry = str(uuid4()), {"type": "Point", "coordinates": [round(child["lon"], 6), round(child["lat"], 6)]}
    feature = {"type": "Feature", "rev": 1, "geometry": geometry, "properties": {"category": "fint", "comment": words}}
    body = json.dumps(feature).encode()
    headers = {"Authorization": f"Bearer {child['token']}", "Content-Type": "application/json"}
    url = f"{site.base}/api/v1/responses/{child['response']}/marks/{mark}"
    urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT"), timeout=60).close()  # noqa: S310  # our own server
    meant = {"id": mark, "category": "fint", "comment": words, "geometry": geometry}
    whole = {"answers": {}, "finished": False, "hands_in": False, "unsaid": [], "refused": []}
    said = {f"marks/{mark} 1": [sha256(body).hexdigest()]}
    return whole | {"response": child["response"], "token": child["token"], "marks": [meant], "said": said}


def test_what_is_as_it_was_meant_is_nothing_wrong(site: Site, told: list[Told]) -> None:
    verdict = compare(site, told)
    verdict.demand_nothing_wrong()
    assert verdict.things == 2


def _never_stored(told: list[Told]) -> None:
    told[0]["marks"].append({**told[0]["marks"][0], "id": str(uuid4())})


def _never_meant(told: list[Told]) -> None:
    del told[0]["marks"][0]


def _another_body(told: list[Told]) -> None:
    told[0]["said"] = {}


def _other_words(told: list[Told]) -> None:
    told[0]["marks"][0]["comment"] = "Foran gjerdet"


def _elsewhere(told: list[Told]) -> None:
    told[0]["marks"][0]["geometry"] = {"type": "Point", "coordinates": [5.0, 60.0]}


def _not_handed_in(told: list[Told]) -> None:
    told[0]["hands_in"] = True


def _still_on_the_tablet(told: list[Told]) -> None:
    told[0]["unsaid"] = [["answers"]]


def _other_answers(told: list[Told]) -> None:
    told[0]["answers"] = {"si_til_ordforer": "Hei"}


WRONG: dict[str, tuple[Callable[[list[Told]], None], tuple[int, int, int]]] = {
    "a mark that is not stored": (_never_stored, (1, 0, 0)),
    "a mark that nobody meant": (_never_meant, (0, 1, 0)),
    "a body that was never sent": (_another_body, (0, 0, 1)),
    "other words": (_other_words, (0, 0, 1)),
    "another place": (_elsewhere, (0, 0, 1)),
    "a handing in that never came": (_not_handed_in, (1, 0, 0)),
    "what is still on the tablet": (_still_on_the_tablet, (1, 0, 0)),
    "other answers": (_other_answers, (0, 0, 1)),
}


@pytest.mark.parametrize(("change", "counts"), WRONG.values(), ids=WRONG)
def test_what_is_not_so_is_found(site: Site, told: list[Told], change: Callable[[list[Told]], None], counts: tuple[int, int, int]) -> None:
    meant = copy.deepcopy(told)
    change(meant)
    found = compare(site, meant)
    assert (len(found.lost), len(found.doubled), len(found.altered)) == counts
    assert found.anothers == []
    with pytest.raises(AssertionError, match="lost"):
        found.demand_nothing_wrong()


def test_a_mark_at_another_childs_seat_and_words_shown_to_another_are_found(site: Site, told: list[Told]) -> None:
    ada, bo = copy.deepcopy(told)
    # Bo believes to have drawn what is Ada's; and Ada, whom the site shows it, sees what is Bo's.
    bo["marks"], ada["marks"] = ada["marks"] + bo["marks"], []
    bo["said"] |= ada["said"]
    found = compare(site, [ada, bo])
    assert [f"is {ada['response'][:8]}'s" in wrong for wrong in found.anothers].count(True) == 1
    assert f"{ada['response'][:8]} sees Bak gjerdet" in found.anothers


def test_the_table_has_a_line_for_each_test_and_their_sum() -> None:
    lines = [Line.of([6], "a guest network", Verdict(things=3), 12), Line.of([5], "a lost reply", Verdict(lost=["x"], things=4), 11)]
    rows = [row.split() for row in table(lines, {23: "only root mounts", 6: "no browser"})]
    assert [row[0] for row in rows] == ["row", "5", "6", "all", "6", "23:"]
    assert rows[1][-6:] == ["4", "11", "1", "0", "0", "0"]
    assert rows[3] == ["all", "7", "23", "1", "0", "0", "0"]
    assert rows[4][1:3] == ["(in", "part):"]


def _finish(argument: Path, counted: list[int], **options: object) -> tuple[list[int], object]:
    """Which rows are missed by a run of this folder, and how it ends."""
    asked = SimpleNamespace(args=[str(argument)], invocation_params=SimpleNamespace(dir=FOLDER), getoption=options.get)
    tallies = Tallies(asked)  # type: ignore[arg-type]
    tallies.lines = [Line.of(counted, "", Verdict(things=1), 10)]
    tallies.skipped = {23: "only root mounts"}
    session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    tallies.pytest_sessionfinish(session, 0)  # type: ignore[arg-type]
    return tallies.missing, session.exitstatus


def test_a_run_of_the_whole_folder_without_a_row_fails() -> None:
    most = sorted(DEMANDED[FOLDER] - {7, 23})
    assert _finish(FOLDER, most) == ([7], pytest.ExitCode.TESTS_FAILED)
    assert _finish(FOLDER, [*most, 7]) == ([], pytest.ExitCode.OK)
    assert _finish(FOLDER.parent, [*most, 7]) == ([30], pytest.ExitCode.TESTS_FAILED)
    assert _finish(FOLDER / "test_network.py", [5]) == ([], pytest.ExitCode.OK)
    assert _finish(FOLDER, [5], keyword="row") == ([], pytest.ExitCode.OK)


def test_knocking_counts_from_where_it_begins() -> None:
    """Over a network that has been hit before, a second run must be hit as often as the first."""
    hits = [0]

    def knock() -> None:
        hits[0] += 1

    for run in (1, 2):
        knock_until_hit(lambda: hits[0], knock)
        assert hits == [run * LEAST_HITS]


@pytest.mark.parametrize(
    ("method", "resource", "is_work"),
    [
        ("PUT", "/marks/x", True),
        ("DELETE", "/marks/x?rev=2", True),
        ("PUT", "/answers", True),
        ("POST", "/finish", True),
        ("POST", "/pulse", False),
        ("GET", "", False),
    ],
)
def test_a_hit_is_one_of_a_request_that_carries_work(method: str, resource: str, is_work: bool) -> None:
    assert carries_work(method, f"/api/v1/responses/1a2b{resource}") == is_work
    assert not carries_work("POST", "/api/v1/join")
