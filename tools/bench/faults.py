"""`faults`: what children drew, after the network, the database and the browser have failed them again and again.

The fault suite's long runs; it takes its network, its tablets and its way of counting from tests/faults. All on a database server of
its own, since that is killed too.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

from tests.browser.fixtures import Site
from tests.faults.database import kill_database
from tests.faults.proxy import fault_proxy
from tests.faults.recorder import LEAST_HITS, Verdict, compare, join, live
from tests.faults.tally import Line, table
from tests.faults.weather import all_at_once, now_and_then, seen_broken
from tools.bench.killed_browser import kill_in_mid_stroke
from tools.bench.pupil import HOME, serving_demo
from tools.bench.rows import Row
from tools.devkit import site
from tools.devkit.cluster import Cluster
from tools.devkit.console import Refusal, step

STORMS, CHILDREN = 10, 20
DATABASE_KILLS = 20
EVERY_S = 1.5
OUTAGE_S = 300

Counted = tuple[Line, Verdict]


def measure(*, kills: int) -> Iterator[Row]:
    """Three rows that must be 0: what was lost, doubled or altered of all that was meant in all runs."""
    cluster = Cluster(HOME / "faults", database="app")
    cluster.up()
    try:
        with serving_demo(cluster.url) as (database, server, _token):
            demo = json.loads((HOME / "demo.json").read_bytes())
            here = Site(f"http://{site.HOST}:{server.port}", demo, database.url)
            counted = [_storms(here), _database_kills(here, cluster), _outage(here, cluster), _browser_kills(here, kills)]
    finally:
        cluster.destroy()
    for text in table([line for line, _ in counted], {}):
        step(text)
    verdicts = [verdict for _, verdict in counted]
    for verdict in verdicts:
        for wrong in (*verdict.lost, *verdict.doubled, *verdict.altered, *verdict.anothers):
            step(f"wrong: {wrong}")
    things = sum(verdict.things for verdict in verdicts)
    yield Row("faults lost", sum(len(verdict.lost) for verdict in verdicts), "things", n=things)
    yield Row("faults doubled", sum(len(verdict.doubled) for verdict in verdicts), "things", n=things)
    # what is another pupil's than its maker's is altered in the worst way
    yield Row("faults altered", sum(len(verdict.altered) + len(verdict.anothers) for verdict in verdicts), "things", n=things)


def _storms(here: Site) -> Counted:
    """All weathers at once, over half of what is sent."""
    whole, hits = Verdict(), Counter[str]()
    for number in range(STORMS):
        with fault_proxy(here.base) as network:
            children = join(here, network.base, CHILDREN)
            network.plan = now_and_then(all_at_once, number, share=0.5)
            told = live(network.base, children, seed=number, steps=40)
            _demand(network.hits.total())
            hits += network.hits
        whole = whole + compare(here, told)
        step(f"storm {number + 1} of {STORMS}: {whole}")
    step(f"hits in flight: {dict(hits)}")
    return Line.of([5, 6, 7, 9, 28], f"{STORMS} storms", whole, hits.total()), whole


def _database_kills(here: Site, cluster: Cluster) -> Counted:
    """SIGKILL to our own PostgreSQL while tablets save; what had a receipt must be there when it is up again."""

    def kill() -> None:
        for _ in range(DATABASE_KILLS):
            time.sleep(EVERY_S)
            kill_database(cluster)

    steps = round(DATABASE_KILLS * (EVERY_S + 1.5) / 0.5)
    return _harmed(here, kill, row=21, what=f"{DATABASE_KILLS} kills of the database", seed=21, steps=steps, pauseMs=1000)


def _outage(here: Site, cluster: Cluster) -> Counted:
    """The database is stopped for five minutes; tablets wait between two tries as long as in a school."""

    def stop() -> None:
        time.sleep(5)
        cluster.down()
        time.sleep(OUTAGE_S)
        cluster.up()

    patience_ms = 1000 * (OUTAGE_S + 180)
    what = f"no database for {OUTAGE_S} s"
    return _harmed(here, stop, row=22, what=what, seed=22, steps=40, pauseMs=1000, faster=1, patienceMs=patience_ms)


def _harmed(here: Site, harm: Callable[[], None], *, row: int, what: str, seed: int, **more: int) -> Counted:
    """A lesson, and harm done beside it."""
    with fault_proxy(here.base) as network:
        children = join(here, network.base, CHILDREN)
        broken = seen_broken(network)
        beside = threading.Thread(target=harm)
        beside.start()
        told = live(network.base, children, seed=seed, **more)
        beside.join()
        _demand(broken())
        verdict = compare(here, told)
        step(f"{what}: {broken()} requests were hit; {verdict}")
        return Line.of([row], what, verdict, broken()), verdict


def _browser_kills(here: Site, kills: int) -> Counted:
    """SIGKILL to the browser in mid-stroke; each kill hits a request in flight."""
    run = kill_in_mid_stroke(here, kills, profile=HOME / "killed-profile")
    what = f"{kills} kills of the browser, at most {max(run.missing_s):.2f} s of a stroke missing"
    return Line.of([1], what, run.verdict, run.hits), run.verdict


def _demand(hits: int) -> None:
    if hits < LEAST_HITS:
        raise Refusal(f"only {hits} faults hit a request in flight: this run proves nothing")
