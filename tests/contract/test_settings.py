"""The environment: every variable is documented with its real default, a wrong one stops the start, and what is unsafe is said."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import CheckMessage
from django.db import OperationalError
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pytest_django.fixtures import Settings

from config import checks
from config.env import BASE_DIR, Environment, database, load

EXAMPLE = (BASE_DIR / ".env.example").read_text(encoding="utf-8")
DOCUMENT = (BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
FIELDS = Environment.model_fields
NEEDED = {"DATABASE_URL": "postgis://app@db/trakk", "SECRET_KEY": "only-for-tests-" + "x" * 32}


def _written(field: FieldInfo) -> str:
    """A default as an operator writes it; "" where the variable must be given."""
    default = field.default
    if field.is_required():
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, Path):
        return str(default.relative_to(BASE_DIR))
    return ",".join(default) if isinstance(default, list) else str(default)


@pytest.mark.parametrize("name", FIELDS)
def test_a_variable_stands_in_the_example_with_its_meaning_and_default(name: str) -> None:
    lines = EXAMPLE.splitlines()
    line = f"{name.upper()}={_written(FIELDS[name])}"
    assert line in lines
    assert lines[lines.index(line) - 1] == f"# {FIELDS[name].description}"


@pytest.mark.parametrize("name", FIELDS)
def test_a_variable_stands_in_the_document_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{name.upper()}` \| (.*?) \| (.*) \|$", DOCUMENT, re.M)
    assert row, f"docs/settings.md has no row for {name.upper()}"
    assert row[1] == (f"`{_written(FIELDS[name])}`" if _written(FIELDS[name]) else "–")
    assert len(row[2]) > 20


def test_nothing_is_documented_that_is_not_read() -> None:
    variables = {name.upper() for name in FIELDS}
    assert set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.M)) == variables
    table = DOCUMENT[: DOCUMENT.index("## Read by")]
    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.M)) == variables


def test_every_variable_that_the_code_reads_past_the_settings_is_documented_too() -> None:
    """Whatever is read straight from os.environ, by the site or by its tools, and what compose is told."""
    read = set()
    for folder in ("config", "surveys", "mapping", "analysis", "followup", "tools", "deploy"):
        for path in (BASE_DIR / folder).rglob("*.py"):
            read |= set(re.findall(r"""os\.environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']""", path.read_text(encoding="utf-8")))
    read |= set(re.findall(r"\$\{([A-Z_]+)", (BASE_DIR / "deploy" / "compose.yaml").read_text(encoding="utf-8")))
    ours = {name.upper() for name in FIELDS}
    everyone_s = {"PATH", "HOME", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"}
    assert {name for name in read - ours - everyone_s if f"`{name}`" not in DOCUMENT} == set()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing set but what is needed."""
    for name in FIELDS:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_what_is_needed_is_enough(environment: pytest.MonkeyPatch) -> None:
    loaded = load()
    assert (loaded.debug, loaded.demo, loaded.min_group_size) == (False, False, 5)
    assert loaded.secret_key.get_secret_value() == NEEDED["SECRET_KEY"]
    assert "xxxx" not in repr(loaded)


WRONG = [
    ("DEBUG", "ture", r"DEBUG: came: 'ture'; .*\(true or false\)"),
    ("BEHIND_TLS_PROXY", "", r"BEHIND_TLS_PROXY: came: ''; .*\(true or false\)"),
    ("LOG_LEVEL", "LOUD", r"LOG_LEVEL: came: 'LOUD'; .*'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ("MIN_GROUP_SIZE", "4", r"MIN_GROUP_SIZE: came: '4'; .*greater than or equal to 5"),
    ("MIN_GROUP_SIZE", "fem", r"MIN_GROUP_SIZE: came: 'fem'; .*valid integer"),
    ("DATABASE_POOL_MAX", "1000", r"DATABASE_POOL_MAX: came: '1000'; .*less than or equal to 100"),
    ("WRONG_CODES_PER_ADDRESS", "0", r"WRONG_CODES_PER_ADDRESS: came: '0'; .*greater than or equal to 1"),
    ("BASE_URL", "trakk.kommune.no", r"BASE_URL: came: 'trakk.kommune.no'; .*whole address such as https://"),
    ("DATABASE_URL", "mysql://me:hemmelig@db/x", r"DATABASE_URL: Value error, must begin with postgis://"),
    ("SECRET_KEY", "hemmelig", r"SECRET_KEY: Value should have at least 32"),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_a_wrong_value_names_the_variable_the_value_and_the_choices(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SystemExit, match=said) as stop:
        load()
    assert f"Meaning: {FIELDS[name.lower()].description}. See docs/settings.md." in str(stop.value)
    assert "hemmelig" not in str(stop.value), "a secret is never repeated"


@pytest.mark.parametrize("name", NEEDED)
def test_a_variable_that_must_be_given_is_asked_for(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(SystemExit, match=f"{name}: Field required"):
        load()


def test_a_real_start_stops_with_every_wrong_variable_at_once_and_no_traceback() -> None:
    wrong = {**NEEDED, "DEBUG": "ture", "LOG_LEVEL": "LOUD", "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "manage.py", "check"], cwd=BASE_DIR, env=wrong, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Tråkk cannot start")
    assert "  DEBUG: came: 'ture';" in done.stderr
    assert "  LOG_LEVEL: came: 'LOUD';" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_secret_may_be_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.delenv("SECRET_KEY")
    (tmp_path / "secret_key").write_text("from-a-file-" + "z" * 32 + "\n")
    read = Environment(_secrets_dir=tmp_path)
    assert isinstance(read.secret_key, SecretStr)
    assert read.secret_key.get_secret_value() == "from-a-file-" + "z" * 32


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgis://u:p@db:5432/trakk", {"USER": "u", "PASSWORD": "p", "HOST": "db", "PORT": "5432", "NAME": "trakk"}),
        ("postgres://u:p%40ss%2F@DB.example/x", {"USER": "u", "PASSWORD": "p@ss/", "HOST": "DB.example", "PORT": "", "NAME": "x"}),
        ("postgis://app@%2Fsrv%2FRun:5432/app", {"USER": "app", "PASSWORD": "", "HOST": "/srv/Run", "PORT": "5432", "NAME": "app"}),
    ],
)
def test_a_database_url_is_taken_apart(url: str, expected: dict[str, str]) -> None:
    entry = database(url, pool_max=0)
    assert {name: entry[name] for name in expected} == expected
    assert entry["ENGINE"] == "django.contrib.gis.db.backends.postgis"
    assert "pool" not in entry["OPTIONS"]
    assert database(url, pool_max=4)["OPTIONS"]["pool"]["max_size"] == 4


def _ids(found: list[CheckMessage]) -> set[str | None]:
    return {message.id for message in found}


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({}, set()),
        ({"DEBUG": True}, set()),
        ({"BASE_URL": "https://trakk.kommune.no"}, set()),
        ({"BASE_URL": "https://trakk.kommune.no", "DEBUG": True}, {"trakk.E010"}),
        ({"ALLOWED_HOSTS": ["*"]}, {"trakk.E011"}),
        ({"BASE_URL": "http://trakk.kommune.no"}, {"trakk.W012"}),
        ({"BASE_URL": "http://localhost.kommune.no"}, {"trakk.W012"}),
        ({"BASE_URL": "https://trakk.kommune.no", "DEMO": True}, {"trakk.W013"}),
        ({"BASE_URL": "http://[::1]:8000", "DEMO": True}, set()),
    ],
)
def test_hosts_and_https_that_would_leak_are_said_at_the_start(settings: Settings, changed: dict[str, Any], ids: set[str]) -> None:
    for name, value in {"BASE_URL": "http://127.0.0.1:8000", "DEBUG": False, "DEMO": False, **changed}.items():
        setattr(settings, name, value)
    assert _ids(checks.hosts_and_https_are_sane(None)) == ids


def test_groups_smaller_than_five_are_an_error(settings: Settings) -> None:
    assert _ids(checks.published_groups_are_large_enough(None)) == set()
    settings.MIN_GROUP_SIZE = 4
    assert _ids(checks.published_groups_are_large_enough(None)) == {"trakk.E020"}


@pytest.mark.django_db
def test_the_database_is_asked_for_postgis() -> None:
    assert checks.postgis_is_there(None, databases=["default"]) == []
    assert checks.postgis_is_there(None) == [], "no database is touched unless it is asked for"


@pytest.mark.parametrize(("version", "ids"), [(None, {"trakk.E002"}), (("3.2.1",), {"trakk.E003"}), (("3.10.0",), set())])
def test_a_database_without_a_new_enough_postgis_is_an_error(
    monkeypatch: pytest.MonkeyPatch, version: tuple[str] | None, ids: set[str]
) -> None:
    monkeypatch.setattr(checks, "connection", _Connection(version))
    assert _ids(checks.postgis_is_there(None, databases=["default"])) == ids


def test_a_database_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "connection", _Connection(OperationalError("no route to host")))
    (error,) = checks.postgis_is_there(None, databases=["default"])
    assert (error.id, "no route to host" in error.msg) == ("trakk.E001", True)


class _Connection:
    """A database server of another age: there is only one real one to test against."""

    def __init__(self, row: tuple[str] | OperationalError | None) -> None:
        self.row = row

    def cursor(self) -> "_Connection":
        if isinstance(self.row, OperationalError):
            raise self.row
        return self

    def __enter__(self) -> "_Connection":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, query: str) -> None:
        assert "pg_available_extensions" in query

    def fetchone(self) -> tuple[str] | None:
        assert not isinstance(self.row, OperationalError)
        return self.row


def test_pages_may_load_nothing_from_elsewhere_and_run_no_inline_script() -> None:
    directives = django_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'self'"]
    elsewhere = {source for sources in directives.values() for source in map(str, sources) if "://" in source}
    assert elsewhere == set(), "tile hosts are added when an operator turns them on: tests/mapping/test_kartverket.py"
    assert "'unsafe-inline'" not in str(directives)
    assert "'unsafe-eval'" not in str(directives)
