"""What each row of the fault suite came to: gathered from all tests, printed when all is over, and demanded.

A test names its rows by `@pytest.mark.fault(5)` and ends in `tally.count(verdict, hits=…)`. The lines travel with pytest's reports, so
that they reach the one that prints from every worker.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.faults.recorder import LEAST_HITS, Verdict

FOLDER = Path(__file__).parent
DEMANDED = {
    FOLDER: {*range(1, 13), 14, 15, 16, 17, 19, 20, 21, 22, 23},
    FOLDER.parent / "webkit": {30},
}
"""The rows that a run of the whole folder must have counted, or have given a reason for skipping."""

_LINE, _ROWS = "fault line", "fault rows"
_FEWER = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "collectonly", "stepwise")
_HEAD = ("row", "what", "things", "hit in flight", "lost", "doubled", "altered", "seen by another")


@dataclass(frozen=True)
class Line:
    """One test's count."""

    rows: list[int]
    what: str
    things: int
    hits: int
    lost: int
    doubled: int
    altered: int
    anothers: int

    @classmethod
    def of(cls, rows: list[int], what: str, verdict: Verdict, hits: int) -> "Line":
        """What the recorder found, after so many requests were hit."""
        wrong = (verdict.lost, verdict.doubled, verdict.altered, verdict.anothers)
        return cls(rows, what, verdict.things, hits, *map(len, wrong))

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        numbers = (self.things, self.hits, self.lost, self.doubled, self.altered, self.anothers)
        return (", ".join(map(str, self.rows)), self.what, *map(str, numbers))


class Tally:
    """Of one test."""

    def __init__(self, item: pytest.Item) -> None:
        self.item = item

    def count(self, verdict: Verdict, *, hits: int, least: int = LEAST_HITS) -> None:
        """Write the count down, and demand that nothing is wrong although enough requests were hit."""
        line = Line.of(rows_of(self.item), _in_words(self.item), verdict, hits)
        self.item.user_properties.append((_LINE, asdict(line)))
        verdict.demand_nothing_wrong()
        assert hits >= least, f"only {hits} faults hit a request in flight: this run proves nothing"


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Where a test of the fault suite writes its count."""
    assert rows_of(request.node), "@pytest.mark.fault says which rows of the fault suite this is"
    return Tally(request.node)


def rows_of(item: pytest.Item) -> list[int]:
    """The rows that a test's marks name."""
    return sorted({*chain.from_iterable(mark.args for mark in item.iter_markers("fault"))})


def name_rows(item: pytest.Item) -> None:
    """Let the reports of a test say its rows, those of one that is skipped, too."""
    if rows := rows_of(item):
        item.user_properties.append((_ROWS, rows))


def _in_words(item: pytest.Item) -> str:
    function, _, case = item.name.removeprefix("test_").partition("[")
    return function.replace("_", " ") + (f" ({case.removesuffix(']')})" if case else "")


class Tallies:
    """The plugin that gathers, prints and demands; for the process that reports, not for its workers."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.lines: list[Line] = []
        self.skipped: dict[int, str] = {}
        self.missing: list[int] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take up what a test has written down."""
        said = list(report.user_properties)
        if report.when == "call":
            self.lines += [Line(**value) for name, value in said if name == _LINE and isinstance(value, dict)]
        if report.skipped and isinstance(report.longrepr, tuple):
            why = str(report.longrepr[2]).removeprefix("Skipped: ")
            rows = chain.from_iterable(value for name, value in said if name == _ROWS and isinstance(value, list))
            self.skipped |= dict.fromkeys(rows, why)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """A whole run without one of its rows proves less than it says."""
        counted = {*chain.from_iterable(line.rows for line in self.lines), *self.skipped}
        self.missing = sorted(_demanded(self.config) - counted)
        if self.missing and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The table."""
        if self.lines or self.missing:
            terminalreporter.section("the fault suite")
            for text in table(self.lines, self.skipped):
                terminalreporter.write_line(text)
        if self.missing:
            terminalreporter.write_line(f"rows that nothing counted: {', '.join(map(str, self.missing))}", red=True)


def _demanded(config: pytest.Config) -> set[int]:
    """The rows of the folders that were asked for whole."""
    if any(config.getoption(name, None) for name in _FEWER):
        return set()
    asked = {(config.invocation_params.dir / word).resolve() for word in config.args}
    return {*chain.from_iterable(rows for folder, rows in DEMANDED.items() if asked & {folder, *folder.parents})}


def table(lines: list[Line], skipped: dict[int, str]) -> Iterator[str]:
    """All counts, by row, and their sum."""
    ordered = sorted(lines, key=lambda line: (line.rows, line.what))
    whole = Line(
        [], "all", *(sum(getattr(line, name) for line in lines) for name in ("things", "hits", "lost", "doubled", "altered", "anothers"))
    )
    cells = [_HEAD, *(line.cells() for line in ordered), whole.cells()]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        words = [cell.ljust(width) if at < 2 else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths, strict=True))]
        yield "  ".join(words).rstrip()
    counted = {*chain.from_iterable(line.rows for line in lines)}
    for number, why in sorted(skipped.items()):
        yield f"{number}{' (in part)' if number in counted else ''}: skipped, {why}"
