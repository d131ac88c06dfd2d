"""One measured row, what the contract demands of it, and how both are printed."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Bound:
    """What the contract demands of one figure of a row."""

    figure: Literal["ratio", "value"]
    most: float | None = None
    least: float | None = None

    def is_met(self, row: "Row") -> bool:
        """Whether the row keeps it; a figure that could not be measured does not."""
        figure = row.ratio if self.figure == "ratio" else row.value
        return figure is not None and (self.most is None or figure <= self.most) and (self.least is None or figure >= self.least)

    def __str__(self) -> str:
        limits = [f"≥ {self.least:g}" if self.least is not None else "", f"≤ {self.most:g}" if self.most is not None else ""]
        return f"{self.figure} {' '.join(filter(None, limits))}"


CONTRACT = {
    "export vs ogr2ogr": Bound("ratio", least=5),
    "export vs copy": Bound("ratio", most=1.3),
    "export memory": Bound("value", most=64),
    "gpkg vs ogr2ogr": Bound("ratio", least=1),
    "capture vs pgbench": Bound("ratio", least=0.1),
    "capture errors": Bound("value", most=0),
    "hexagons vs ST_HexagonGrid": Bound("ratio", least=8),
    "hexagons unequal": Bound("value", most=0),
    "streets vs geopandas": Bound("ratio", least=10),
    "streets unequal": Bound("value", most=0),
    "heatmap vs datashader": Bound("ratio", most=1.5),
    "heatmap apart": Bound("value", most=1),
    "tiles vs tipg": Bound("ratio", least=1.5),
    "tiles p95 ms": Bound("value", most=100),
    "scale export": Bound("value", most=11),
    "scale hexagons": Bound("value", most=11),
    "scale streets": Bound("value", most=11),
    "scale map s": Bound("value", most=2),
    "class p95 ms": Bound("value", most=300),
    "class lost": Bound("value", most=0),
    "class 5xx": Bound("value", most=0),
    "faults lost": Bound("value", most=0),
    "faults doubled": Bound("value", most=0),
    "faults altered": Bound("value", most=0),
    "uploads near home": Bound("value", most=0),
    "pupil page": Bound("value", most=350),
    "pupil drawable": Bound("value", most=3),
    "pupil longest frame": Bound("value", most=50),
}


@dataclass(frozen=True)
class Row:
    """One line of the contract as measured: medians of n runs, in pairs with the peer's where there is a peer."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None
    n: int = 1

    def as_json(self) -> str:
        """One line: name, value, unit, peer, peer_value, ratio, n; numbers with four digits, which is more than they are worth."""
        return json.dumps({key: _short(value) if isinstance(value, float) else value for key, value in asdict(self).items()})

    @property
    def bound(self) -> Bound | None:
        """What the contract demands, None for a row that is context only."""
        return CONTRACT.get(self.name)


def faster_than(name: str, *, unit: str, peer: str, ours_s: Sequence[float], theirs_s: Sequence[float]) -> Row:
    """A row of times whose ratio says how many times our speed is the peer's."""
    ours, theirs = statistics.median(ours_s), statistics.median(theirs_s)
    return Row(name, ours, unit, peer, theirs, theirs / ours, len(ours_s))


def time_over(name: str, *, unit: str, peer: str, ours_s: Sequence[float], theirs_s: Sequence[float]) -> Row:
    """A row of times whose ratio is our time over the peer's."""
    ours, theirs = statistics.median(ours_s), statistics.median(theirs_s)
    return Row(name, ours, unit, peer, theirs, ours / theirs, len(ours_s))


def rate_of(name: str, *, unit: str, peer: str, ours: Sequence[float], theirs: Sequence[float]) -> Row:
    """A row of rates (so many a second) whose ratio says how many times our speed is the peer's."""
    our_rate, their_rate = statistics.median(ours), statistics.median(theirs)
    return Row(name, our_rate, unit, peer, their_rate, our_rate / their_rate, len(ours))


def table(rows: Iterable[Row]) -> str:
    """The rows for a person: what was measured, beside what, and whether the contract is kept."""
    lines = [("row", "value", "peer", "ratio", "n", "contract", "")]
    for row in rows:
        value = f"{_short(row.value)} {row.unit}"
        peer = f"{row.peer} {_short(row.peer_value)}" if row.peer_value is not None else "–"
        ratio = "–" if row.ratio is None else f"{_short(row.ratio)}"
        verdict = "" if row.bound is None else "met" if row.bound.is_met(row) else "MISSED"
        lines.append((row.name, value, peer, ratio, str(row.n), str(row.bound or "–"), verdict))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def _short(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.4g}")
