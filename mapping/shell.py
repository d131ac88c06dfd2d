"""The shell: every file that the pupils' page needs to run without a network, found by following the page itself.

Nothing is listed by hand: the page names its scripts, modules and style sheets, and style sheets name theirs. All are hashed names, so
the version below changes when any of them does, or a word on the page, or the service worker.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from surveys.catalog import pupil_texts
from surveys.languages import known_languages
from surveys.seats import animals

WORKER = "js/worker/pupil.js"

_IN_PAGE = re.compile(r'(?:src|href|data-[a-z]+)="(?P<url>[^"#]+)"')
_IN_STYLES = re.compile(r"""(?:@import\s+|url\()\s*(?:url\()?["']?(?P<url>[^"')\s;]+)""")


@dataclass(frozen=True)
class Shell:
    """One version of the page: its HTML and the addresses of its files."""

    version: str
    html: str
    files: tuple[str, ...]

    @property
    def etag(self) -> str:
        """By which the service worker knows that the page it gets is the one its list was made for."""
        return f'"{self.version}"'


def shell(tile_hosts: tuple[str, ...] = (), languages: tuple[str, ...] = ("nb",)) -> Shell:
    """The shell as it is now, in the languages offered before the code; where files cannot change under a running server, reckoned once.

    A tablet keeps the page with its headers, which name the tile hosts: other hosts are another version.
    """
    return _build(tile_hosts, languages) if settings.DEBUG else _built(tile_hosts, languages, static(WORKER))


def worker_source(now: Shell) -> str:
    """The service worker's script: what it is to keep, and the code that keeps it."""
    kept = {"version": now.version, "page": reverse("mapping:draw"), "files": now.files}
    return f"self.SHELL = {json.dumps(kept)};\n{_read(static(WORKER))}"


@lru_cache(maxsize=8)
def _built(tile_hosts: tuple[str, ...], languages: tuple[str, ...], _worker: str) -> Shell:
    # the worker's address is part of the question: under another storage of static files all have other names
    return _build(tile_hosts, languages)


def _build(tile_hosts: tuple[str, ...] = (), languages: tuple[str, ...] = ("nb",)) -> Shell:
    html = _html(languages)
    files = tuple(sorted({*_files(html), *seat_pictures().values()}))
    digest = hashlib.sha256("\n".join((html, *files, _read(static(WORKER)), *tile_hosts)).encode()).hexdigest()
    return Shell(version=digest[:16], html=html, files=files)


def _html(languages: tuple[str, ...]) -> str:
    # the API's root is a constant of the contract (/api/v1/), not a view of this app
    page = {
        "api": "/api/v1/",
        "home": reverse("home"),
        "worker": reverse("mapping:worker"),
        "seats": seat_pictures(),
        "languages": [known_languages()[code].as_json() for code in languages],
        "texts": {code: pupil_texts()[code] for code in languages},
    }
    return render_to_string("mapping/draw.html", {"page": page})


def seat_pictures() -> dict[str, str]:
    """The pictures of the seats, by animal."""
    return {animal: static(f"img/seats/{animal}.svg") for animal in animals()}


def _files(html: str) -> Iterator[str]:
    for found in _IN_PAGE.finditer(html):
        url = found["url"]
        if url.startswith(settings.STATIC_URL):
            yield url
            if url.endswith(".css"):
                yield from _named_by(url)


def _named_by(style_sheet: str) -> Iterator[str]:
    for found in _IN_STYLES.finditer(_read(style_sheet)):
        if found["url"].startswith(("data:", "#")):
            continue
        url = urljoin(style_sheet, found["url"]).partition("#")[0]
        yield url
        if url.endswith(".css"):
            yield from _named_by(url)


def _read(url: str) -> str:
    """A static file's text: as collected, or where nothing is collected, as it lies in the source."""
    name = url.removeprefix(settings.STATIC_URL)
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return str(file.read().decode())
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(f"there is no static file {name}")
    return Path(path).read_text(encoding="utf-8")
