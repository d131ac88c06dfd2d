"""Databases of the bench's own, beside the one that DATABASE_URL names, which is never written in."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config.env import database as django_entry
from tools.devkit import postgis
from tools.devkit.console import Refusal, step
from tools.devkit.paths import VAR

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Database:
    """One database of the bench: how Django, psycopg, GDAL and PostgreSQL's own programs reach it."""

    url: str

    @property
    def libpq(self) -> dict[str, str]:
        """Connection words by their libpq names."""
        entry = django_entry(self.url, pool_max=0)
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        return {word: str(entry[name]) for word, name in names.items() if entry[name]}

    def connect(self) -> Connection:
        """An autocommitting connection."""
        return psycopg.connect(**self.libpq, autocommit=True)  # type: ignore[arg-type]  # libpq's words are all text

    def environment(self) -> dict[str, str]:
        """What every program made with libpq reads."""
        names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return kept | {names[word]: value for word, value in self.libpq.items()}

    def program_environment(self) -> dict[str, str]:
        """The same for PostgreSQL's own programs, which may lie unpacked in a folder of ours."""
        return self.environment() | _server().env

    def sql(self, query: str) -> None:
        """Run statements."""
        with self.connect() as connection:
            connection.execute(query)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The answer of a query."""
        with self.connect() as connection:
            return connection.execute(query, values or None).fetchall()


def own_database(server_url: str, name: str, *, fingerprint: str) -> tuple[Database, bool]:
    """A database of this name on the server; True when it is new or was made for something else, and so is empty now.

    It counts as made once `remember` has been called.
    """
    parts = urlsplit(server_url)
    found = Database(urlunsplit(parts._replace(path="/" + quote(name))))
    with Database(server_url).connect() as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if exists and _remembered(found) == fingerprint:
            return found, False
        step(f"making database {name}")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return found, True


def remember(database: Database, fingerprint: str) -> None:
    """Say what the database now holds, so that the next run need not make it."""
    with database.connect() as connection:
        connection.execute("CREATE TABLE bench_fingerprint (text text)")
        connection.execute("INSERT INTO bench_fingerprint VALUES (%s)", [fingerprint])
        connection.execute("VACUUM ANALYZE")


def _remembered(database: Database) -> str:
    try:
        return str(database.rows("SELECT text FROM bench_fingerprint")[0][0])
    except (psycopg.Error, IndexError):
        return ""


def program(name: str) -> str:
    """One of PostgreSQL's own programs, of the server the project found or on the PATH."""
    own = _server().bindir / name
    if own.exists():
        return str(own)
    if found := shutil.which(name):
        return found
    raise Refusal(f"{name} is needed as a peer and was not found; it comes with PostgreSQL (Debian and Ubuntu: apt-get install postgresql)")


def settings_of(database: Database) -> str:
    """What of the server's settings decides how fast a commit is."""
    values = [database.rows(f"SHOW {name}")[0][0] for name in ("fsync", "synchronous_commit", "server_version")]
    return f"fsync {values[0]}, synchronous_commit {values[1]}, PostgreSQL {values[2].split()[0]}"


def refuse_unsafe(database: Database) -> None:
    """Refuse to measure writing on a server that would lose what it has confirmed."""
    for name in ("fsync", "synchronous_commit"):
        if database.rows(f"SHOW {name}")[0][0] != "on":
            raise Refusal(f"this server has {name} switched off; a comparison of writing would mean nothing")


def run_quiet(command: list[str], *, env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run a program to its end and give what it printed; Refusal with its complaint when it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env, cwd=cwd)
    if done.returncode:
        raise Refusal(f"{Path(command[0]).name} ended with status {done.returncode}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def _server() -> postgis.Server:
    return postgis.find(VAR / "postgis-programs") or postgis.Server(Path("/usr/bin"))
