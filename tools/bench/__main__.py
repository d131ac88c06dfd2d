"""`./dev bench [NAME …] [--json]`: run benches one after the other and print their rows, the contract's verdict beside each."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator

from tools.bench import capture, classroom, export, faults, heatmap, hexagons, pupil, scale, streets, tiles, uploads
from tools.bench.rows import Row, table
from tools.devkit.console import Refusal
from tools.devkit.process import end_by_exception_on_sigterm

Bench = Callable[[str, argparse.Namespace], Iterator[Row]]

BENCHES: dict[str, Bench] = {
    "export": lambda url, asked: export.measure(url, pairs=asked.pairs, size=asked.size),
    "gpkg": lambda url, asked: export.measure_gpkg(url, pairs=asked.pairs, size=asked.size),
    "capture": lambda url, asked: capture.measure(url, pairs=asked.pairs, marks=asked.puts),
    "class": lambda url, asked: classroom.measure(url, faster=asked.faster),
    "faults": lambda _url, asked: faults.measure(kills=asked.kills),
    "hexagons": lambda url, asked: hexagons.measure(url, pairs=asked.pairs, size=asked.size),
    "heatmap": lambda _url, asked: heatmap.measure(pairs=asked.pairs),
    "streets": lambda _url, asked: streets.measure(pairs=asked.pairs),
    "scale": lambda url, asked: scale.measure(url, size=asked.size),
    "tiles": lambda url, asked: tiles.measure(url, pairs=asked.pairs, size=asked.size),
    "uploads": lambda _url, _asked: uploads.measure(),
    "pupil": lambda url, asked: pupil.measure(url, runs=asked.pairs),
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="./dev bench", description="The performance contract, each row beside its peer: docs/performance.md."
    )
    made.add_argument("names", nargs="*", metavar="NAME", help=f"which benches, in this order (all of them): {', '.join(BENCHES)}")
    made.add_argument("--json", action="store_true", help="one JSON object a line, as soon as it is known")
    made.add_argument("--pairs", type=_at_least_one, default=5, help="how often we and the peer run in turn (5)")
    made.add_argument("--size", type=_at_least_one, default=1_000_000, help="marks in the database of export and hexagons (1,000,000)")
    made.add_argument("--puts", type=_at_least_one, default=8_000, help="marks saved in each leg of capture (8,000)")
    made.add_argument("--faster", type=float, default=6, help="how many times faster than in 40 minutes the class's lesson is held (6)")
    made.add_argument("--kills", type=_at_least_one, default=200, help="how often faults kills the browser in mid-stroke (200)")
    return made


def main(arguments: list[str]) -> int:
    """Entry point; 1 when the contract is not met."""
    asked = parser().parse_args(arguments)
    if unknown := [name for name in asked.names if name not in BENCHES]:
        raise Refusal(f"there is no bench called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    rows = []
    for name in asked.names or BENCHES:
        for row in BENCHES[name](os.environ["DATABASE_URL"], asked):
            rows.append(row)
            if asked.json:
                print(row.as_json(), flush=True)
    if not asked.json:
        print(table(rows))
    return 0 if all(row.bound is None or row.bound.is_met(row) for row in rows) else 1


def _at_least_one(text: str) -> int:
    number = int(text.replace("_", ""))
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return number


if __name__ == "__main__":
    end_by_exception_on_sigterm()
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(f"bench: {refusal}")
