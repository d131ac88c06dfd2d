"""Static files as a server sends them: hashed, each import of a module hashed too, and nothing from another host."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.test import Client
from pytest_django.fixtures import Settings

from surveys.models import Lesson, Survey, User

ROOT = Path(django_settings.BASE_DIR)
HASHED = re.compile(r"\.[0-9a-f]{12}(\.[a-z0-9]+)?$")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*", re.S)
# import x from "…"; import "…"; export … from "…"
IMPORT = re.compile(r"""(?:^|[;}\s])(?:import|export)\b(?:[\s\w*{},$]*?\bfrom)?\s*["']([^"'\n]+)["']""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that collectstatic made, as in deploy/Dockerfile: with neither the database nor the key."""
    folder = tmp_path_factory.mktemp("static")
    environment = {
        **os.environ,
        "DATABASE_URL": "postgis://nobody@/none",
        "SECRET_KEY": "only-while-static-files-are-collected",
        "STATIC_ROOT": str(folder),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def manifest(collected: Path) -> dict[str, str]:
    """{name in the templates: hashed name}."""
    found: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return found


def test_every_file_of_ours_is_collected_under_a_hashed_name(collected: Path, manifest: dict[str, str]) -> None:
    ours = {str(path.relative_to(ROOT / "static")) for path in (ROOT / "static").rglob("*") if path.is_file()}
    assert ours <= set(manifest)
    assert len(ours) > 150
    for hashed in manifest.values():
        assert HASHED.search(hashed), hashed
        assert (collected / hashed).is_file(), hashed


def _modules(collected: Path, manifest: dict[str, str]) -> Iterator[tuple[str, Path, list[str]]]:
    for name, hashed in manifest.items():
        if name.endswith((".js", ".mjs")) and name.startswith(("js/", "vendor/")):
            text = COMMENT.sub("", (collected / hashed).read_text(encoding="utf-8"))
            yield name, (collected / hashed).parent, IMPORT.findall(text)


def test_no_hashed_module_imports_an_unhashed_one(collected: Path, manifest: dict[str, str]) -> None:
    seen = 0
    for name, folder, imports in _modules(collected, manifest):
        for specifier in imports:
            seen += 1
            assert HASHED.search(specifier), f"{name} imports {specifier}: is the semicolon missing?"
            assert (folder / specifier).resolve().is_file(), f"{name} imports {specifier}"
    assert seen > 80, "the pattern still finds imports"


def test_every_import_in_the_source_is_still_there_after_hashing(collected: Path, manifest: dict[str, str]) -> None:
    """Counted apart from the hashed files, so that a pattern that misses one there is noticed here."""
    for name, _, imports in _modules(collected, manifest):
        source = COMMENT.sub("", (ROOT / "static" / name).read_text(encoding="utf-8"))
        assert len(IMPORT.findall(source)) == len(imports), name


def test_nothing_is_imported_while_running() -> None:
    """config/static.py leaves dynamic imports alone, since there are none."""
    for path in _own("static/js", "*.js"):
        assert not re.search(r"\bimport\s*\(", COMMENT.sub("", path.read_text(encoding="utf-8"))), path


def test_a_style_sheet_names_only_files_that_are_there(collected: Path, manifest: dict[str, str]) -> None:
    seen = 0
    for name, hashed in manifest.items():
        if name.endswith(".css") and name.startswith(("css/", "vendor/")):
            text = COMMENT.sub("", (collected / hashed).read_text(encoding="utf-8"))
            for target in re.findall(r"""url\(\s*["']?([^"')]+)["']?\s*\)""", text):
                seen += 1
                is_inline = target.startswith(("data:", "#"))
                assert is_inline or (HASHED.search(target) and ((collected / hashed).parent / target).resolve().is_file()), (name, target)
    assert seen > 30


def _own(folder: str, *patterns: str) -> Iterator[Path]:
    for pattern in patterns:
        yield from (path for path in (ROOT / folder).rglob(pattern) if "vendor" not in path.relative_to(ROOT).parts)


def test_no_template_style_sheet_module_or_picture_of_ours_names_another_host() -> None:
    named: dict[str, set[str]] = {}
    folders = ["static", *(f"{app}/templates" for app in ("config", "surveys", "mapping", "analysis", "followup"))]
    for folder in folders:
        for path in _own(folder, "*.html", "*.css", "*.js", "*.svg", "*.webmanifest", "*.json"):
            text = path.read_text(encoding="utf-8")
            for host in re.findall(r"""(?:https?:|["'(=]\s*)//([a-z0-9][a-z0-9.-]*\.[a-z]{2,})""", text, re.I):
                named.setdefault(host, set()).add(str(path.relative_to(ROOT)))
    assert set(named) - {"www.w3.org"} == set(), named  # w3.org: the names of XML namespaces, which nobody fetches


# Hosts that vendored modules name: in comments, in links of an attribution, and one marker picture of Terra Draw's that we do not use
# (and that the Content-Security-Policy would stop). A new version that names another one is looked at first.
NAMED_BY_VENDORS = {
    "leafletjs.com",
    "github.com",
    "protomaps.com",
    "openstreetmap.org",
    "raw.githubusercontent.com",
    "bugzilla.mozilla.org",
    "bugs.chromium.org",
    "example.com",
    "www.w3.org",
}


def test_no_vendored_file_names_a_host_that_nobody_has_looked_at() -> None:
    found: set[str] = set()
    for suffix in ("*.js", "*.mjs", "*.css", "*.svg"):
        for path in (ROOT / "static" / "vendor").rglob(suffix):
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r"https?://([a-z0-9.-]+)", text, re.I))
            if suffix == "*.css":
                assert not re.search(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""", text), path
    assert found <= NAMED_BY_VENDORS


def test_only_kartverkets_tiles_come_from_elsewhere() -> None:
    """The only addresses of other hosts in the code of the site: tile providers a municipality may choose, links and sources."""
    hosts: set[str] = set()
    for app in ("config", "surveys", "mapping", "analysis", "followup"):
        for path in (ROOT / app).rglob("*.py"):
            code = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
            hosts |= set(re.findall(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)", code))
    examples = {"127.0.0.1", "trakk.kommune.no"}
    links_and_sources = {"www.w3.org", "www.openstreetmap.org", "www.kartverket.no", "skjema.geonorge.no", "docs.protomaps.com"}
    names = {"www.opengis.net"}  # what OGC calls its classes and systems; nobody fetches them
    assert hosts - examples - links_and_sources - names == {"cache.kartverket.no", "opencache.statkart.no"}


@pytest.mark.django_db
def test_every_page_names_only_files_that_are_there(
    collected: Path, settings: Settings, survey: Survey, lesson: Lesson, tor: User, pia: User
) -> None:
    settings.STATIC_ROOT = collected
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.static.HashedModules"}}
    pages: list[tuple[User | None, str]] = [
        (None, "/"),
        (None, "/tegn/"),
        (None, "/logg-inn/"),
        (None, "/releases/"),
        (None, "/nothing/"),
        (tor, "/skole/"),
        (tor, f"/skole/okt/{lesson.pk}/"),
        (pia, f"/surveys/{survey.pk}/"),
        (pia, f"/surveys/{survey.pk}/oppsett/"),
    ]
    for user, url in pages:
        for name in re.findall(r'(?:src|href|content)="/static/([^"#]+)', _page(user, url)):
            assert HASHED.search(name), (url, name)
            assert (collected / name).is_file(), (url, name)


def _page(user: User | None, url: str) -> str:
    client = Client()
    if user:
        client.force_login(user)
    answer: Any = client.get(url)
    text: str = answer.content.decode()
    assert "/static/" in text
    return text


@pytest.mark.django_db
def test_who_asks_for_the_icon_by_its_old_name_is_led_to_it(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, static("img/own/trakk.svg"))
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert not answer.cookies


@pytest.mark.django_db
def test_every_kind_of_page_has_the_icon(client: Client, admin_client: Client) -> None:
    pages = [client.get("/"), client.get("/tegn/"), client.get("/admin/login/"), admin_client.get("/admin/surveys/school/add/")]
    for page in [*(page.content.decode() for page in pages), render_to_string("500.html")]:
        assert f'<link rel="icon" href="{static("img/own/trakk.svg")}"' in page
