"""One real server with the whole demo for all browser tests, and pages as pupils and planners hold them.

The server is what `./dev run` starts: gunicorn, hashed static files, its own database with the demo in it. The tests of a
worker share it (tests/conftest.py groups them, and makes these fixtures known, so that tests/browser and tests/faults have the
same one); a test leaves behind what it did and must not mind what others did.
"""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
TABLET: ViewportSize = {"width": 1180, "height": 820}
UPRIGHT: ViewportSize = {"width": 820, "height": 1180}
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 768}


@dataclass(frozen=True)
class Site:
    """The running demo: its address, its entrances (as in var/demo.json), its database, and the folder of its files where that matters."""

    base: str
    demo: dict[str, Any]
    database_url: str
    data: Path = Path()

    def with_database(self, url: str, *, base: str = "") -> "Site":
        """The same demo in another database, served somewhere else."""
        return Site(base or self.base, self.demo, url)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the server's database holds."""
        with psycopg.connect(self.database_url.replace("postgis://", "postgresql://", 1)) as connection:
            return connection.execute(sql.SQL(query), values).fetchall()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo on a port of its own."""
    folder = tmp_path_factory.mktemp("site")
    base = f"http://127.0.0.1:{_free_port()}"
    name = f"trakk_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    database_url = copied_demo(os.environ["DATABASE_URL"], name, folder / "var")
    environment = {
        **own_environment(),
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder / "var"),
        "STATIC_ROOT": str(folder / "static"),
        "BASE_URL": base,
        "DEMO": "1",
        "LOG_LEVEL": "WARNING",
    }
    # the demo is there; this opens its class and writes its entrances
    for command in (["collectstatic", "--noinput", "-v0"], ["seed_demo", "--base", base]):
        _manage(*command, environment=environment)
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", urlsplit(base).netloc, "--workers", "1", "--threads", "8"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_up(base, server, folder / "server.log")
            demo = json.loads((folder / "var" / "demo.json").read_text(encoding="utf-8"))
            yield Site(base=base, demo=demo, database_url=database_url, data=folder / "var")
        finally:
            server.terminate()
            server.wait(timeout=10)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """Debian's Chromium, or the one CHROMIUM_PATH names."""
    # Playwright's loop stays open in this worker's thread. Django takes every later database test for an asynchronous one, and gives
    # it a connection of its own, which must be closed while the loop still runs and before the test database is dropped.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium"),
            # as root a sandbox of its own is refused; the pages are ours alone
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def context(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A fresh tablet: Norwegian, touch, nothing stored. Parametrise indirectly with a viewport for another size."""
    viewport: ViewportSize = getattr(request, "param", TABLET)
    context = chromium.new_context(viewport=viewport, has_touch=True, locale="nb-NO", timezone_id="Europe/Oslo", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """A page on that tablet; a script error, a refused policy or another host fails the test."""
    with watched_page(context, site) as page:
        yield page


@contextmanager
def watched_page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """A page that may only talk to this site, and has to do so without an error."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on("console", lambda message: wrong.append(message.text) if _is_fault(message.text, message.type) else None)
    page.on("request", lambda sent: wrong.append(f"another host: {sent.url}") if _is_foreign(sent.url, site.base) else None)
    yield page
    assert not wrong, "\n".join(wrong)


def _is_fault(text: str, kind: str) -> bool:
    return kind == "error" and ("Content Security Policy" in text or "Uncaught" in text)


def _is_foreign(url: str, base: str) -> bool:
    return url.startswith("http") and not url.startswith(base + "/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_environment() -> dict[str, str]:
    """The tests' environment as it was before config.wsgi was imported into it: a server decides for itself how long it waits."""
    return {name: value for name, value in os.environ.items() if name != "PGOPTIONS"}


def copied_demo(url: str, name: str, data: Path) -> str:
    """A database with the demo in it, and its files in a folder, copied from those that the workers share and that stay for the next run:
    drawing takes a minute.
    """
    parts = urlsplit(url)
    maintenance = urlunsplit(parts._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(maintenance, autocommit=True, options="-c lock_timeout=0 -c statement_timeout=0") as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [_TEMPLATE])
        (kept,) = connection.execute(
            "SELECT (SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s)", [_TEMPLATE]
        ).fetchone() or (None,)
        made_of = _made_of()
        if kept != made_of or not _TEMPLATE_DATA.exists():
            _create(connection, _TEMPLATE)
            shutil.rmtree(_TEMPLATE_DATA, ignore_errors=True)
            paths = {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{_TEMPLATE}")), "DATA_DIR": str(_TEMPLATE_DATA)}
            for command in (["migrate", "-v0"], ["seed_demo"]):
                _manage(*command, environment=own_environment() | paths)
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(_TEMPLATE), sql.Literal(made_of)))
        _create(connection, name, template=_TEMPLATE)
        shutil.copytree(_TEMPLATE_DATA, data)
    return urlunsplit(parts._replace(path=f"/{name}"))


_TEMPLATE = "trakk_browser_template"
_TEMPLATE_DATA = ROOT / "var" / "browser-template"


def _made_of() -> str:
    """What the demo depends on: all of our code and data, the key that its codes are derived from, the day, and whose files."""
    digest = hashlib.sha256(f"{datetime.now(tz=UTC).date()} {os.environ['SECRET_KEY']} {ROOT}".encode())
    for app in ("config", "surveys", "mapping", "analysis", "followup"):
        for path in sorted((ROOT / app).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".yaml", ".json", ".geojson", ".ini"}:
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _create(connection: "psycopg.Connection[Any]", name: str, *, template: str = "template1") -> None:
    drop, create = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(drop.format(sql.Identifier(name)))
    connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))


def _manage(*words: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)


def _wait_until_up(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(150):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{base}/helse/", timeout=2).close()  # noqa: S310  # our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not come up:\n{log.read_text()[-3000:]}")
