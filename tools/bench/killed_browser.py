"""SIGKILL to the browser in the middle of a stroke, and a look at what the tablet still has when it is opened again."""

import math
import os
import random
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect, sync_playwright

from tests.browser.fixtures import TABLET, Site
from tests.browser.pupil import Hand, Pixel, Pupil, metres
from tests.browser.tablet_store import database_of, wait_until_kept
from tests.faults.chromium import is_hit_again_and_again
from tests.faults.diary import Diary
from tests.faults.proxy import Fault, Plan, all_gets_through, fault_proxy, is_capture, nothing_gets_through
from tests.faults.recorder import Verdict, compare
from tests.patience import until
from tools.bench.pupil import ARGUMENTS
from tools.devkit import browser
from tools.devkit.console import Refusal, step

MAY_MISS_S = 1.0
POINT_EVERY_S = 0.03
NEAR_M = 12
"""A point of the stroke and the place that the finger was at: a few pixels."""


@dataclass
class Stroke:
    """Which points were drawn when, until the browser was no more."""

    drawn: list[tuple[float, Pixel]]
    killed_at: float
    start: tuple[float, float]
    per_pixel: tuple[float, float]
    """Degrees of longitude and latitude to a pixel, on a piece of ground this small."""

    def missing_s(self, kept: list[tuple[float, float]]) -> float:
        """How much of the end is not among the kept positions, in seconds before the kill."""
        last = self.drawn[0][0]
        for at, (x, y) in self.drawn:
            dx, dy = x - self.drawn[0][1][0], y - self.drawn[0][1][1]
            there = self.start[0] + dx * self.per_pixel[0], self.start[1] + dy * self.per_pixel[1]
            if kept and min(metres(there, position) for position in kept) < NEAR_M:
                last = at
        return self.killed_at - last


@dataclass
class Run:
    """What came of so many kills."""

    verdict: Verdict
    hits: int
    """Requests of places that were under way, or had just been cut off, when a kill came."""
    missing_s: list[float]


def kill_in_mid_stroke(site: Site, kills: int, *, profile: Path) -> Run:
    """After each kill: at most the last second of the stroke is missing; after all of them every finished mark has arrived, once.

    Each kill must hit a request in flight, and there are as many hits as kills or more: else it is no run.
    """
    shutil.rmtree(profile, ignore_errors=True)
    dice = random.Random(1)  # noqa: S311  # when to kill
    run, diaries = Run(Verdict(), 0, []), list[Diary]()
    with sync_playwright() as playwright, fault_proxy(site.base) as network:
        here = site.with_database(site.database_url, base=network.base)
        for number in range(kills):
            before = network.hits.total()
            context = _open(playwright, profile)
            try:
                ada = _begin(context, here, is_first=number == 0)
                diaries.append(Diary(ada, network))
                network.plan = NETWORKS[number % len(NETWORKS)]
                _place(ada, diaries[-1], f"Drept {number:03d}")
                stroke = _draw_until_killed(ada, profile, dice.uniform(0.5, 3))
            finally:
                _end(context, profile)
            if network.hits.total() == before:
                raise Refusal(f"kill {number} hit no request in flight: this run proves nothing")
            network.plan = all_gets_through
            context = _open(playwright, profile)
            run.missing_s.append(stroke.missing_s(_kept(context, here)))
            if run.missing_s[-1] > MAY_MISS_S:
                run.verdict.lost.append(f"kill {number}: {run.missing_s[-1]:.2f} s of the stroke")
            context.close()
            step(f"kill {number + 1} of {kills}: {run.missing_s[-1]:.2f} s of the stroke missing, {max(run.missing_s):.2f} at most")
        run.hits = network.hits.total()
        left = _deliver_the_last(playwright, here, profile)
        told = [diary.tell(left=left, hands_in=False) for diary in diaries]
    run.verdict = run.verdict + compare(site, told)
    return run


def _on_the_way(fault: Fault) -> Plan:
    """What happens to the places that a child makes."""
    return lambda method, path: fault if method == "PUT" and is_capture(path) else None


NETWORKS: tuple[Plan, ...] = (
    _on_the_way(Fault("withhold", seconds=20)),  # the site has it when the browser dies, and the tablet has no receipt
    nothing_gets_through,
    _on_the_way(Fault("delay", seconds=20)),  # it comes to the site long after the browser has died
)


def _open(playwright: Playwright, profile: Path) -> BrowserContext:
    """The tablet, with what it kept."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=browser.ready(),
        args=list(ARGUMENTS),
        viewport=TABLET,
        has_touch=True,
        locale="nb-NO",
        timezone_id="Europe/Oslo",
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    return context


def _begin(context: BrowserContext, site: Site, *, is_first: bool) -> Pupil:
    """A child sits down, as far as the map."""
    page = context.pages[0]
    ada = Pupil(page, site)
    page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    if not is_first:
        ada.button("Nei, jeg er ny").tap()
    ada.button("Start").tap()
    expect(page.locator(".school-pin")).to_be_visible()
    ada.warm_up()
    wait_until_kept(page)
    return ada


def _place(ada: Pupil, diary: Diary, words: str) -> None:
    """A finished mark, with its words on the tablet, and on its way."""
    x, y = ada.school()
    ada.step("Bra steder")
    ada.tile("Fint").tap()
    ada.hand.tap((x - 120, y - 90))
    ada.page.get_by_placeholder("Eller skriv med egne ord").press_sequentially(words)
    ada.button("Lukk").tap()
    diary.note("fint", words)
    until(lambda: [True for job in ada.kept()["jobs"] if words in (job["body"] or "")], "the words to be kept")
    if diary.network.plan is nothing_gets_through:
        is_hit_again_and_again(ada, diary.network)


def _draw_until_killed(ada: Pupil, profile: Path, after_s: float) -> Stroke:
    """A finger on its way to school, and SIGKILL to the browser under it."""
    x, y = ada.school()
    begin = (x - 330, y + 120)
    start, across = ada.position(begin), ada.position((begin[0] + 300, begin[1] - 100))
    per_pixel = (across[0] - start[0]) / 300, (across[1] - start[1]) / -100
    ada.step("Veger")
    ada.tile("Skoleveg").tap()
    hand: Hand = ada.hand
    browser_pid = _browser(profile)
    hand.draw(begin, (begin[0] + 1, begin[1]), lift=False)
    began = time.monotonic()
    drawn = [(began, begin)]
    while time.monotonic() < began + after_s:
        # so far apart that a position tells when it was drawn: 8 pixels a point, back and forth on lines of their own
        number = len(drawn)
        row, column = divmod(number, 36)
        point = (begin[0] + 8 * (column if row % 2 == 0 else 36 - column), begin[1] - 24 * row - math.copysign(0.1, row))
        hand.draw_on(drawn[-1][1], point)
        drawn.append((time.monotonic(), point))
        time.sleep(POINT_EVERY_S)
    killed_at = time.monotonic()
    os.kill(browser_pid, signal.SIGKILL)
    return Stroke(drawn, killed_at, start, per_pixel)


def _browser(profile: Path) -> int:
    """The process of the browser that has our profile: the one of them that is no helper of a type."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if f"--user-data-dir={profile}".encode() in words and not any(word.startswith(b"--type=") for word in words):
                return int(folder.name)
    raise Refusal("the browser to kill is not there")


def _end(context: BrowserContext, profile: Path) -> None:
    """What is left of a killed browser."""
    with suppress(Error):
        context.close()
    for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
        (profile / name).unlink(missing_ok=True)


def _kept(context: BrowserContext, site: Site) -> list[tuple[float, float]]:
    """The stroke as the tablet has it, before anybody says who it is."""
    page: Page = context.pages[0]
    page.goto(f"{site.base}/tegn/#{site.demo['pupil']['token']}")
    expect(page.get_by_role("heading", name="Er du ")).to_be_visible()
    return [(lon, lat) for draft in database_of(page)["draft"] for lon, lat in draft["stroke"]]


def _deliver_the_last(playwright: Playwright, site: Site, profile: Path) -> list[dict[str, Any]]:
    """Leave the tablet open until nothing is unsent; what is left all the same."""
    context = _open(playwright, profile)
    page = context.pages[0]
    page.goto(f"{site.base}/tegn/")
    end = time.monotonic() + 120
    while time.monotonic() < end and Pupil(page, site).unsent() > 0:
        page.wait_for_timeout(500)
    left = Pupil(page, site).kept()["jobs"]
    step(f"{len(left)} things still on the tablet")
    context.close()
    return left
