"""`pupil`: what the pupil's page weighs, how soon a child can draw on a slow tablet, and whether the page keeps up with the finger.

A real Chromium on the demo, held back by its own developer tools to a quarter of this machine's speed and 1.6 Mbit/s. No peer: the
contract's numbers are limits.
"""

import os
import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import orjson
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tools.bench.database import Database, own_database, run_quiet
from tools.bench.load import drive, request
from tools.bench.rows import Row
from tools.bench.server import Server, serving
from tools.devkit import browser, site
from tools.devkit.console import Refusal, step
from tools.devkit.paths import PYTHON, ROOT, VAR

SLOWED = 4
BYTES_PER_S = 200_000
"""1.6 Mbit/s."""
MARKS_ON_MAP = 200
TIMEOUT_MS = 60_000
HOME = VAR / "bench"
FINGER_PAUSE_S = 0.008
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
"""As root a sandbox of its own is refused; the pages are ours alone."""

# The time between two frames, from the first to the last touch.
WATCH_FRAMES = """() => {
    window.benchFrames = [];
    let last = performance.now();
    const tick = (now) => { window.benchFrames.push(now - last); last = now; window.benchWatch = requestAnimationFrame(tick); };
    window.benchWatch = requestAnimationFrame(tick);
}"""
LONGEST_FRAME = "() => { cancelAnimationFrame(window.benchWatch); return Math.max(...window.benchFrames); }"
# Taps «Start» as soon as it is there and tells when the map with the school is: asked from outside, the page would spend an eighth of its
# time on answering.
OPEN_AND_TELL = """window.benchDrawable = new Promise((resolve) => {
    let tapped = false;
    new MutationObserver((_, observer) => {
        const start = tapped ? null : [...document.querySelectorAll("button")].find((one) => one.textContent.trim() === "Start");
        if (start) {
            tapped = true;
            start.click();
        }
        if (document.querySelector(".school-pin")) {
            observer.disconnect();
            resolve(performance.now());
        }
    }).observe(document, { childList: true, subtree: true });
})"""
SESSION = """() => new Promise((resolve) => {
    const open = indexedDB.open("trakk");
    open.onsuccess = () => {
        const ask = open.result.transaction("session").objectStore("session").get("current");
        ask.onsuccess = () => { open.result.close(); resolve([ask.result.response, ask.result.token]); };
    };
})"""


def measure(server_url: str, *, runs: int) -> Iterator[Row]:
    """Weight in kB as sent (the basemap aside), seconds until the map is there, and a stroke's longest frame in ms."""
    with serving_demo(server_url) as (database, server, token):
        base = f"http://{site.HOST}:{server.port}"
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser.ready(), args=list(ARGUMENTS))
            loads = [_load(chromium, f"{base}/tegn/#{token}") for _ in range(runs)]
            yield Row("pupil page", statistics.median(kilobytes for kilobytes, _ in loads), "kB", n=runs)
            yield Row("pupil drawable", statistics.median(seconds for _, seconds in loads), "s", n=runs)
            frames_ms = [_stroke(chromium, f"{base}/tegn/#{token}", database, server) for _ in range(runs)]
            yield Row("pupil longest frame", statistics.median(frames_ms), "ms", n=runs)
            chromium.close()


@contextmanager
def serving_demo(server_url: str) -> Iterator[tuple[Database, Server, str]]:
    """The demo, served, with room for more marks than a child may set; and its pupil link's token."""
    database, _ = own_database(server_url, "trakk_bench_demo", fingerprint=str(uuid.uuid4()))
    folders = {"DATA_DIR": str(HOME), "STATIC_ROOT": str(HOME / "static")}
    env = os.environ | folders | {"DATABASE_URL": database.url, "DEMO": "1"}
    step("making the demo")
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["seed_demo", "--base", f"http://{site.HOST}"]):
        run_quiet([PYTHON, "manage.py", *command], env=env, cwd=ROOT)
    database.sql("UPDATE surveys_survey SET max_marks = 1000")
    database.sql("UPDATE surveys_category SET max_per_response = 1000")
    demo = orjson.loads((HOME / "demo.json").read_bytes())
    with serving(database, **folders) as server:
        yield database, server, demo["pupil"]["token"]


def _load(chromium: Browser, url: str) -> tuple[float, float]:
    """An empty tablet opens the link: kB that came, and seconds until the map with the school is there."""
    with _tablet(chromium) as (page, tools):
        addresses: dict[str, str] = {}
        weights: dict[str, float] = {}
        tools.send("Network.enable")
        tools.on("Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]}))
        tools.on("Network.loadingFinished", lambda event: weights.update({event["requestId"]: event["encodedDataLength"]}))
        limits = {"offline": False, "latency": 0, "downloadThroughput": BYTES_PER_S, "uploadThroughput": BYTES_PER_S}
        tools.send("Network.emulateNetworkConditions", limits)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.add_init_script(OPEN_AND_TELL)
        page.goto(url, wait_until="commit")
        seconds = page.evaluate("window.benchDrawable") / 1000
        page.wait_for_load_state("networkidle")
        sent = sum(size for number, size in weights.items() if ".pmtiles" not in addresses[number])
        step(f"{sent / 1000:.0f} kB, the map is there after {seconds:.2f} s")
        return sent / 1000, seconds


def _stroke(chromium: Browser, url: str, database: Database, server: Server) -> float:
    """The longest frame in ms while a finger draws over a map with MARKS_ON_MAP marks."""
    with _tablet(chromium) as (page, tools):
        page.goto(url)
        _open_map(page)
        page.get_by_role("button", name="Hopp over", exact=True).tap()
        response, token = page.evaluate(SESSION)
        _put_marks(database, server, response, token)
        page.reload()
        page.get_by_role("button", name="Ja, fortsett", exact=True).tap()
        page.locator(".school-pin").wait_for()
        page.locator(".tile", has_text="Fritidsveg").first.tap()
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        corners = [(180 + 30 * n, 260 + n % 2 * 180) for n in range(20)]
        _touch(tools, "touchStart", corners[0])
        page.evaluate(WATCH_FRAMES)
        for (x0, y0), (x1, y1) in pairwise(corners):
            for part in range(1, 16):
                _touch(tools, "touchMove", (x0 + (x1 - x0) * part / 15, y0 + (y1 - y0) * part / 15))
                time.sleep(FINGER_PAUSE_S)
        longest = float(page.evaluate(LONGEST_FRAME))
        tools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        step(f"the longest frame took {longest:.0f} ms")
        return longest


@contextmanager
def _tablet(chromium: Browser) -> Iterator[tuple[Page, CDPSession]]:
    context: BrowserContext = chromium.new_context(
        viewport={"width": 1180, "height": 820}, has_touch=True, locale="nb-NO", timezone_id="Europe/Oslo"
    )
    context.set_default_timeout(TIMEOUT_MS)
    try:
        page = context.new_page()
        yield page, context.new_cdp_session(page)
    finally:
        context.close()


def _open_map(page: Page) -> None:
    """Through the welcome to the map, as fast as a finger could never be."""
    page.get_by_role("button", name="Start", exact=True).tap()
    page.locator(".school-pin").wait_for()


def _touch(tools: CDPSession, kind: str, at: tuple[float, float]) -> None:
    tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1], "id": 0}]})


def _put_marks(database: Database, server: Server, response: str, token: str) -> None:
    """Places all over what the screen shows, three hundred metres around the pupil's school."""
    [(lon, lat)] = database.rows(
        "SELECT ST_X(s.location), ST_Y(s.location) FROM surveys_response r JOIN surveys_classgroup g ON g.id = r.class_group_id"
        " JOIN surveys_school s ON s.id = g.school_id WHERE r.id = %s",
        response,
    )
    asked = []
    for number in range(MARKS_ON_MAP):
        column, row = number % 20 - 10, number // 20 - 5
        feature: dict[str, Any] = {
            "type": "Feature",
            "rev": 1,
            "geometry": {"type": "Point", "coordinates": [lon + column * 0.0005, lat + row * 0.0003]},
            "properties": {"category": ("leke", "fint", "farlig", "morkt")[number % 4], "comment": "Her"},
        }
        path = f"/api/v1/responses/{response}/marks/{uuid.uuid4()}"
        asked.append(request("PUT", path, orjson.dumps(feature), Authorization=f"Bearer {token}"))
    [replies] = drive(site.HOST, server.port, [asked]).replies
    if wrong := [reply for reply in replies if reply.status != 201]:
        raise Refusal(f"{len(wrong)} marks were refused; the first: {wrong[0].status} {wrong[0].body[:300]!r}")
