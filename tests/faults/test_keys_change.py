"""Row 14 of the fault suite: in mid-lesson the secret key changes, the session in the tablets' browser ends, its CSRF token is another.

A tablet's right to write is one header, which earlier keys still open; of cookies the capture API takes no notice, whatever they hold.
"""

import os
import urllib.request
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.fixtures import Site
from tests.faults.proxy import fault_proxy
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.server import Server, again_and_again, free_port, serving
from tests.faults.tally import Tally
from tests.faults.weather import seen_broken
from tools.bench.classroom import School, log_in

CHILDREN = 10 * MOST_LESSONS


@pytest.mark.fault(14)
def test_keys_and_sessions_that_end_in_mid_lesson_lose_nothing(site: Site, tmp_path: Path, tally: Tally) -> None:
    port, numbers = free_port(), count()
    running: list[Server] = []
    keys = [os.environ["SECRET_KEY"]]
    session = log_in(School(urlsplit(site.base).port or 0, [], [], site.demo["teacher"]))
    assert _lets_in(site, session)
    with fault_proxy(f"http://127.0.0.1:{port}") as network, ExitStack() as versions:

        def serve() -> None:
            settings = {"SECRET_KEY": keys[-1], "SECRET_KEY_FALLBACKS": ",".join(keys[:-1])}
            running.append(versions.enter_context(serving(site, tmp_path, port=port, **settings)))

        def change() -> None:
            """Half of what is held is under way when the old key goes."""
            running.pop().end()
            number = next(numbers)
            keys.append(f"another-key-{number}-" * 3)
            site.rows("DELETE FROM django_session WHERE session_key = %s RETURNING 1", session.partition("=")[2])
            network.cookie = f"{session}; csrftoken={number:032d}"
            serve()

        serve()
        network.cookie = f"{session}; csrftoken={'x' * 32}"
        children = join(site, network.base, CHILDREN)
        broken = seen_broken(network)
        changes = partial(again_and_again, change, every_s=1.5, times=1)
        told = live_until_hit(network.base, children, broken, harm=changes, seed=14, steps=30, pauseMs=500)
    assert len(keys) >= 2
    assert not _lets_in(site, session)
    tally.count(compare(site, told), hits=broken())


def _lets_in(site: Site, session: str) -> bool:
    """Whether this cookie opens a teacher's page."""
    request = urllib.request.Request(f"{site.base}/skole/", headers={"Cookie": session})  # noqa: S310  # our own server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return "/logg-inn/" not in answer.url
