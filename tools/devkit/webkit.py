"""WebKit for the tests on the engine of iPads: Debian's WebKitGTK with its driver, and a display that nobody sees.

Installed when we are root on Debian or Ubuntu. It cannot be unpacked below a folder of our own, as Chromium can: the library looks for
its helper programs where it was built to find them. Where it is missing, `missing` says so and the tests are skipped with these words.
"""

import shutil
from pathlib import Path

from tools.devkit import debian
from tools.devkit.console import step
from tools.devkit.files import locked
from tools.devkit.paths import VAR
from tools.devkit.process import Failed

# the engine's driver; the display; Debian's Python with WebKit's bindings, for a browser that keeps what pages store
PACKAGES = ("webkit2gtk-driver", "xvfb", "python3-gi", "gir1.2-webkit2-4.1", "fonts-dejavu-core", "fonts-noto-color-emoji")
PYTHON = "/usr/bin/python3"
"""Debian's: the bindings are for no other."""
BINDINGS = "gi/__init__.py", "girepository-1.0/WebKit2-4.1.typelib"


def ready() -> None:
    """Have it where it can be had."""
    if not missing() or not debian.may_install():
        return
    with locked(VAR / ".webkit.lock", waiting="another command is fetching WebKit"):
        if missing():
            try:
                debian.install(lambda _options: PACKAGES, what="WebKit and a display for it")
            except Failed:
                step("WebKit could not be installed: the tests that need it will be skipped")


def missing() -> str:
    """Why there is no WebKit to test with; "" when there is."""
    programs = [name for name in ("WebKitWebDriver", "Xvfb") if not shutil.which(name)]
    bound = any(Path("/usr/lib/python3/dist-packages").glob(BINDINGS[0])) and any(Path("/usr/lib").glob(f"*/{BINDINGS[1]}"))
    absent = [*programs, *([] if bound else ["WebKit's bindings for Python"])]
    return f"no {', '.join(absent)} on this machine; on Debian: apt-get install {' '.join(PACKAGES)}" if absent else ""


def driver() -> str:
    """The driver's path."""
    return shutil.which("WebKitWebDriver") or ""
