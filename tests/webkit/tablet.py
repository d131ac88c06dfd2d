"""Tablets with WebKit, the engine of every browser on an iPad: switched on, killed, and switched on again with what they stored."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests import patience
from tests.browser.fixtures import TABLET
from tools.devkit import webkit

SCREEN = Path(__file__).with_name("screen.py")
# A network that fails, which is what is being tried (WebKit says "access control" of what is under way when a page goes); and a directive
# of the policy that WebKit does not know yet.
NO_COMPLAINTS = ("Failed to load resource", "due to access control checks", "Unrecognized Content-Security-Policy directive 'manifest-src'")

T = TypeVar("T")


def until(ask: Callable[[], T | None], what: str) -> T:
    """The answer, as soon as there is one that is true; a page that is just changing is asked again."""
    return patience.until(ask, what, forgiven=(WebDriverException,))


@contextmanager
def display() -> Iterator[str]:
    """A screen that nobody sees; its number as programs want it."""
    reads, writes = os.pipe()
    size = f"{TABLET['width']}x{TABLET['height']}x24"
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


class Tablet:
    """One tablet. script: runs in every page before the page's own."""

    def __init__(self, folder: Path, screen: str, script: str = "") -> None:
        self.folder = folder
        self.log = folder / "log"
        self.screen = screen
        self.script = folder / "before.js"
        self.script.write_text(script, encoding="utf-8")
        self.service: Service | None = None
        self._driver: WebDriver | None = None

    @property
    def driver(self) -> WebDriver:
        """The browser's driver; the browser is switched on when it is not."""
        if self._driver is None:
            self._driver = self._switched_on()
        return self._driver

    def _switched_on(self) -> WebDriver:
        # No graphics card, no accessibility bus, no desktop: WebKit draws by itself.
        surroundings = {"DISPLAY": self.screen, "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory"}
        options = Options()
        options.binary_location = webkit.PYTHON
        for word in (SCREEN, self.folder / "stored", TABLET["width"], TABLET["height"], self.script):
            options.add_argument(str(word))
        log = self.log.open("ab")
        with log:
            self.service = Service(webkit.driver(), env={**os.environ, **surroundings}, log_output=log)
            self.service.start()
        to_driver = RemoteConnection(client_config=ClientConfig(self.service.service_url))
        return WebDriver(to_driver, options=options)

    def run(self, script: str, *values: object) -> Any:
        """What a function of JavaScript, or its promise, comes to in the page."""
        answer = self.driver.execute_async_script(
            f"const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);"
            f"Promise.resolve(({script})(...given)).then((value) => done([value]), (error) => done(String(error)));",
            *values,
        )
        assert isinstance(answer, list), f"{script}: {answer}"
        return answer[0]

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """SIGKILL to the browser with all its processes at once, as when a tablet's battery is empty; SIGTERM as when it is closed."""
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        self._forget()

    def kill_helper(self, name: str) -> int:
        """SIGKILL to one kind of the browser's helpers, as a tablet short of memory does it; how many there were."""
        pids = [pid for pid in self._processes() if Path(f"/proc/{pid}/comm").read_text().strip() == name[:15]]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return len(pids)

    def switch_off(self) -> None:
        """End the browser as its user would."""
        if self._driver is not None:
            with suppress(WebDriverException):
                self._driver.quit()
        self._forget()

    def _forget(self) -> None:
        if self.service is not None:
            self.service.stop()
        self.service = self._driver = None

    def _processes(self) -> list[int]:
        """The browser and its helpers, without the driver."""
        return _children(self.service.process.pid) if self.service and self.service.process else []

    def complaints(self) -> list[str]:
        """What pages complained of: errors of scripts, what the policy refused."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return [line for line in lines if "CONSOLE" in line and " ERROR " in line and not any(word in line for word in NO_COMPLAINTS)]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_children(int(child))]
    return found
