"""`faults`: what children drew, after the network, the database and the browser have failed them again and again.

The fault suite's long runs; it takes its network, its tablets and its way of counting from tests/faults. All on a database server of
its own, since that is killed too.
"""

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from tests.browser.fixtures import Site
from tests.faults.proxy import Fault, fault_proxy
from tests.faults.recorder import LEAST_HITS, Verdict, compare, join, live
from tests.faults.weather import all_at_once, now_and_then
from tools.bench.killed_browser import kill_in_mid_stroke
from tools.bench.pupil import HOME, serving_demo
from tools.bench.rows import Row
from tools.devkit import site
from tools.devkit.cluster import Cluster
from tools.devkit.console import Refusal, step
from tools.devkit.postmaster import Postmaster

STORMS, CHILDREN = 10, 20
DATABASE_KILLS = 20
EVERY_S = 1.5


def measure(*, kills: int) -> Iterator[Row]:
    """Three rows that must be 0: what was lost, doubled or altered of all that was meant in all three runs."""
    cluster = Cluster(HOME / "faults", database="app")
    cluster.up()
    try:
        with serving_demo(cluster.url) as (database, server, _token):
            demo = json.loads((HOME / "demo.json").read_bytes())
            here = Site(f"http://{site.HOST}:{server.port}", demo, database.url)
            verdicts = [_storms(here), _database_kills(here, cluster), kill_in_mid_stroke(here, kills)]
    finally:
        cluster.destroy()
    things = sum(verdict.things for verdict in verdicts)
    for verdict in verdicts:
        for wrong in (*verdict.lost, *verdict.doubled, *verdict.altered, *verdict.anothers):
            step(f"wrong: {wrong}")
    yield Row("faults lost", sum(len(verdict.lost) for verdict in verdicts), "things", n=things)
    yield Row("faults doubled", sum(len(verdict.doubled) for verdict in verdicts), "things", n=things)
    # what is another pupil's than its maker's is altered in the worst way
    yield Row("faults altered", sum(len(verdict.altered) + len(verdict.anothers) for verdict in verdicts), "things", n=things)


def _storms(here: Site) -> Verdict:
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
    return whole


def _database_kills(here: Site, cluster: Cluster) -> Verdict:
    """SIGKILL to our own PostgreSQL while tablets save; what had a receipt must be there when it is up again."""
    with fault_proxy(here.base) as network:
        dice = random.Random(21)  # noqa: S311  # weather
        network.plan = lambda _method, path: Fault("hold", seconds=0.3) if "/responses/" in path and dice.random() < 0.3 else None
        children = join(here, network.base, CHILDREN)
        before = network.failed
        killer = threading.Thread(target=_kill_database, args=(cluster,))
        killer.start()
        steps = round(DATABASE_KILLS * (EVERY_S + 1.5) / 0.5)
        told = live(network.base, children, seed=21, steps=steps, pauseMs=1000)
        killer.join()
        _demand(network.failed - before)
        step(f"{DATABASE_KILLS} kills of the database: {network.failed - before} requests were hit")
    return compare(here, told)


def _kill_database(cluster: Cluster) -> None:
    for _ in range(DATABASE_KILLS):
        time.sleep(EVERY_S)
        pid = Postmaster(cluster.home).pid()
        with suppress(ProcessLookupError):
            if pid and Postmaster(cluster.home).may_live():
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        cluster.up()


def _demand(hits: int) -> None:
    if hits < LEAST_HITS:
        raise Refusal(f"only {hits} faults hit a request in flight: this run proves nothing")
