"""Chromium for the browser tests: the installed one, or Debian's, as packages or unpacked below var/."""

import os
import shutil
from pathlib import Path

from tools.devkit import debian
from tools.devkit.console import Refusal
from tools.devkit.files import locked, write_whole
from tools.devkit.paths import VAR

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ON_MACOS = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium")
# DejaVu has Norwegian and Sámi letters; categories and seats use emoji
PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-color-emoji")
UNPACKED = VAR / "chromium"
WRAPPER = VAR / "chromium-wrapper"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


def ready() -> str:
    """The path of a Chromium that works, fetched when there is none."""
    if found := _find():
        return found
    with locked(VAR / ".chromium.lock", waiting="another command is fetching Chromium"):
        if found := _find():
            return found
        if debian.may_install():
            debian.install(lambda _options: PACKAGES, what="Chromium and fonts")
        elif debian.is_here():
            debian.unpack(lambda _options: PACKAGES, into=UNPACKED, what="Chromium and fonts")
        if found := _find():
            return found
    raise Refusal("the browser tests need Chromium or Chrome: install it, or set CHROMIUM_PATH to its program")


def _find() -> str | None:
    if given := os.environ.get("CHROMIUM_PATH"):
        return given
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for path in ON_MACOS:
        if Path(path).exists():
            return path
    program = UNPACKED / "usr/lib/chromium/chromium"
    return _wrapped(program) if program.exists() else None


def _wrapped(program: Path) -> str:
    """A script that starts an unpacked Chromium with its own libraries and fonts."""
    fonts = UNPACKED / "fonts.conf"
    folders = "".join(f"<dir>{folder}</dir>" for folder in (UNPACKED / "usr/share/fonts", *FONT_FOLDERS))
    cache = f"<cachedir>{VAR / 'cache/fontconfig'}</cachedir>"
    included = f'<include ignore_missing="yes">{UNPACKED / "etc/fonts/conf.d"}</include>'
    write_whole(fonts, f"<?xml version='1.0'?><fontconfig>{folders}{included}{cache}</fontconfig>\n")
    lines = [
        "#!/bin/sh",
        f"export LD_LIBRARY_PATH='{debian.library_path(UNPACKED)}'",
        f"export FONTCONFIG_FILE='{fonts}'",
        f"exec '{program}' \"$@\"",
    ]
    write_whole(WRAPPER, "\n".join(lines) + "\n", mode=0o755)
    return str(WRAPPER)
