"""The shell names every file that the pupils' page needs, and gets a new version when any of them changes."""

import json
import re
from pathlib import Path
from urllib.parse import urlparse

import pytest
from django.conf import settings as django_settings
from django.test import Client

from mapping import shell as shells
from mapping.templatetags import modules
from surveys.languages import languages_before_code
from surveys.seats import animals

STATIC = Path(django_settings.BASE_DIR) / "static"


def _paths() -> set[str]:
    """The shell's files by their names in the source."""
    return {re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", url.removeprefix("/static/")) for url in shells.shell().files}


def test_the_script_of_the_page_is_in_the_shell() -> None:
    assert "joined/pupil.js" in _paths()
    assert not any(path.startswith("js/") for path in _paths()), "not the modules besides"


def test_all_modules_of_the_page_are_in_the_shell_where_they_are_not_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules, "is_joined", lambda _entry: False)
    monkeypatch.setattr(shells, "shell", shells._build)
    assert set(modules.modules_of("js/pages/pupil.js")) <= _paths()


def test_letters_and_style_sheets_that_style_sheets_name_are_in_the_shell() -> None:
    paths = _paths()
    assert "css/components/pupil_sheet.css" in paths
    assert any(re.search(r"nunito-latin-wght-normal\.woff2$", path) for path in paths)


def test_pictures_icons_and_every_seat_are_in_the_shell() -> None:
    paths = _paths()
    assert {"img/pictures.svg", *(f"img/seats/{animal}.svg" for animal in animals())} <= paths
    assert any(path.endswith("/sprite.svg") for path in paths)


def test_every_file_of_the_shell_is_a_file() -> None:
    assert [path for path in _paths() if not (STATIC / path).is_file()] == []


def test_another_word_on_the_page_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shells._build()
    monkeypatch.setattr(shells, "pupil_texts", lambda: {"nb": {"wait": "Vent litt til …"}})
    assert shells._build().version != before.version
    monkeypatch.undo()
    assert shells._build() == before


def test_another_choice_of_languages_is_another_page_and_version() -> None:
    norwegian, more = shells.shell((), ("nb",)), shells.shell((), ("nb", "ar"))
    assert ('"dir": "rtl"' in norwegian.html, '"dir": "rtl"' in more.html) == (False, True)
    assert more.version != norwegian.version


def test_another_service_worker_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shells._build()
    read = shells._read
    monkeypatch.setattr(shells, "_read", lambda url: read(url) + ("// newer" if "worker/pupil" in url else ""))
    assert shells._build().version != before.version


def test_the_worker_lies_where_it_may_answer_for_the_page_and_is_never_stale(db: None, client: Client) -> None:
    answer = client.get("/tegn/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    first, _, code = answer.content.decode().partition("\n")
    kept = json.loads(first.removeprefix("self.SHELL = ").removesuffix(";"))
    now = shells.shell((), tuple(languages_before_code()))
    assert kept == {"version": now.version, "page": "/tegn/", "files": list(now.files)}
    assert all(urlparse(url).netloc == "" for url in kept["files"])
    assert "addEventListener" in code


def test_the_page_says_which_version_it_is(db: None, client: Client) -> None:
    answer = client.get("/tegn/")
    assert shells.shell((), tuple(languages_before_code())).version in answer["ETag"]
    assert client.get("/tegn/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
