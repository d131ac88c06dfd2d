"""A private PostGIS: one state folder, one server on a Unix socket, one database.

It listens on a socket in a 0700 folder only: no TCP port, no password, no clash with another server or checkout.
"""

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tools.devkit import postgis
from tools.devkit.account import Account, account_for
from tools.devkit.console import Refusal, step
from tools.devkit.debian import may_install
from tools.devkit.files import held_locks, locked, open_lock, share_lock, try_lock
from tools.devkit.postmaster import Postmaster, socket_folder

USER = "app"  # the superuser inside the private cluster
SETTINGS = {"listen_addresses": "''", "port": "5432", "max_connections": "60", "jit": "off", "random_page_cost": "1.1", "timezone": "UTC"}
# Commits still reach the kernel, so a killed server loses nothing; only a machine that loses power may.
FAST = {"fsync": "off", "full_page_writes": "off"}
START_TIMEOUT_S = 60
ORPHANS_TIMEOUT_S = 15


class Cluster:
    """The database of one checkout; `fast` gives up safety on power loss, so it is for tests only."""

    def __init__(self, home: Path, *, database: str = "app", fast: bool = False, rootless: bool = False, may_fetch: bool = True) -> None:
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,40}", database):
            raise Refusal(f"{database!r} cannot name a database: it takes a-z, 0-9 and _, at most 41, no digit first")
        self.asked_home = home.resolve()
        self.database, self.fast, self.rootless, self.may_fetch = database, fast, rootless, may_fetch
        self._ready: tuple[postgis.Server, Account] | None = None

    # -- where things are

    @property
    def account(self) -> Account:
        """Who runs the server; choosing it needs no server."""
        return self._ready[1] if self._ready else account_for(self.asked_home)

    @property
    def home(self) -> Path:
        """The state folder in use; see account.py for when it is not the one asked for."""
        return self.account.home

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "data"

    @property
    def url(self) -> str:
        """What DATABASE_URL must be."""
        return f"postgis://{USER}@{quote(str(socket_folder(self.home)), safe='')}:5432/{self.database}"

    def _lock_file(self, name: str) -> Path:
        # beside the folder, because the folder belongs to the server's account
        return self.asked_home.parent / f".{self.asked_home.name}.{name}"

    @property
    def _kept(self) -> Path:
        return self._lock_file("kept-up")

    # -- what one can ask of it

    def fetch(self) -> None:
        """Have the server's programs."""
        self._prepare(fetch=self.may_fetch)

    def up(self, *, keep: bool = True) -> bool:
        """Make what is missing and start; True when this call started the server. keep: until someone says `down`."""
        with locked(self._lock_file("lock"), waiting=f"another command is preparing {self.asked_home}"):
            self._prepare(fetch=self.may_fetch)
            self._create()
            started = self._start()
            self._ensure_database()
            if keep:
                self._kept.touch()
        return started

    @contextlib.contextmanager
    def in_use(self) -> Iterator[str]:
        """Up for the length of the block; gives DATABASE_URL. Whoever leaves last stops it, unless `up` said to keep it."""
        with open_lock(self._lock_file("users")) as users:
            share_lock(users)
            try:
                self.up(keep=False)
                yield self.url
            finally:
                if try_lock(users) and not self._kept.exists():
                    self.down()

    def down(self) -> None:
        """Stop the server if it runs."""
        with locked(self._lock_file("lock"), waiting=f"another command is preparing {self.asked_home}"):
            self._kept.unlink(missing_ok=True)
            if self.is_running():
                self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", capture_output=True)

    def is_running(self) -> bool:
        """Whether the server answers."""
        if self._ready is None and self._find() is None:
            return False
        self._prepare(fetch=False)
        return self._answers()

    def destroy(self) -> None:
        """Stop the server and remove its data."""
        self.down()
        shutil.rmtree(self.data, ignore_errors=True)

    def sql(self, query: str, *, database: str | None = None) -> str:
        """The answer of one query as psql prints it, unaligned."""
        found = self._psql(query, database or self.database)
        if found.returncode:
            raise Refusal(f"the database refused: {found.stderr.strip()}")
        return found.stdout.strip()

    def psql_command(self) -> tuple[list[str], dict[str, Any]]:
        """How to run psql on this database: the command, and the arguments for subprocess."""
        return self.command("psql", "-d", self.database)

    def command(self, program: str, *arguments: str) -> tuple[list[str], dict[str, Any]]:
        """How to run one of PostgreSQL's own programs beside this server."""
        self._prepare(fetch=False)
        return self._command(program, *arguments)

    # -- the steps

    def _find(self) -> postgis.Server | None:
        return postgis.find(self._unpacked, only_unpacked=self.rootless)

    @property
    def _unpacked(self) -> Path:
        # shared by the clusters of one checkout, since it is some 140 MB
        return self.asked_home.parent / "postgis-programs"

    def _prepare(self, *, fetch: bool) -> None:
        if self._ready:
            return
        server = self._find()
        if server is None and fetch:
            with locked(self._unpacked.with_name(".postgis-programs.lock"), waiting="another command is fetching PostGIS"):
                if self._find() is None:
                    postgis.get(self._unpacked, into_system=may_install() and not self.rootless)
            server = self._find()
        if server is None:
            raise Refusal(f"no PostgreSQL with PostGIS was found. {postgis.REMEDY}")
        # only now: installing PostgreSQL is what creates the `postgres` account
        self._ready = server, account_for(self.asked_home)

    def _create(self) -> None:
        """initdb under another name first: a folder called `data` is always a whole one, however we were interrupted."""
        self.account.give(self.home)
        if (self.data / "PG_VERSION").exists():
            return
        half = self.home / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        step("making the database folder" + (f" in {self.home}" if self.home != self.asked_home else ""))
        base = ["-D", str(half), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-instructions"]
        base += ["--no-sync"] if self.fast else []
        norwegian = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=nb-NO"]  # å sorts last
        made = self._run("initdb", *base, *norwegian, capture_output=True, pass_fds=held_locks())
        if made.returncode:  # a build without ICU, or older than PostgreSQL 15
            shutil.rmtree(half, ignore_errors=True)
            made = self._run("initdb", *base, "--locale=C", capture_output=True, pass_fds=held_locks())
        if made.returncode:
            raise Refusal(f"the database folder could not be made: {made.stderr.strip()}")
        if self.data.exists():
            shutil.rmtree(self.data)  # no PG_VERSION in it, so it never held a database
        half.rename(self.data)

    def _start(self) -> bool:
        postmaster = Postmaster(self.home)
        if postmaster.may_live():
            # it may be starting, or replaying its log after a crash
            if self._answers(patience_s=START_TIMEOUT_S):
                return False
            raise Refusal(f"process {postmaster.pid()} holds {self.data} but does not answer; see {postmaster.log}")
        postmaster.clear_leftovers()
        self.account.give(socket_folder(self.home))
        socket_folder(self.home).chmod(0o700)
        until = time.monotonic() + ORPHANS_TIMEOUT_S
        while problem := self._start_once(postmaster):
            # the children of a killed server need a moment to notice
            if "pre-existing shared memory block" not in problem or time.monotonic() >= until:
                raise Refusal(f"the database server did not start: {problem}")
            time.sleep(0.5)
        return True

    def _start_once(self, postmaster: Postmaster) -> str:
        """Start the server; returns "" or what it complains about."""
        values = SETTINGS | {"unix_socket_directories": f"'{socket_folder(self.home)}'"} | (FAST if self.fast else {})
        options = " ".join(f"-c {name}={value}" for name, value in values.items())
        arguments = ["-D", str(self.data), "-l", str(postmaster.log), "-w", "-t", str(START_TIMEOUT_S), "-o", options]
        before = postmaster.log_size()
        started = self._run("pg_ctl", *arguments, "start", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return f"{started.stderr.strip()}\n{postmaster.log_since(before)}" if started.returncode else ""

    def _ensure_database(self) -> None:
        # in template1, so that every new database, the tests' too, has it at once
        if self.sql("SELECT 1 FROM pg_extension WHERE extname = 'postgis'", database="template1") != "1":
            self.sql("CREATE EXTENSION postgis", database="template1")
        if self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{self.database}'", database="postgres") != "1":  # noqa: S608  (the name was checked)
            self.sql(f'CREATE DATABASE "{self.database}"', database="postgres")

    def _answers(self, *, patience_s: float = 0) -> bool:
        until = time.monotonic() + patience_s
        while self._psql("SELECT 1", "postgres").returncode:
            if time.monotonic() >= until:
                return False
            time.sleep(0.2)
        return True

    # -- running its programs

    def _psql(self, query: str, database: str) -> "subprocess.CompletedProcess[str]":
        return self._run("psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query, capture_output=True)

    def _run(self, program: str, *arguments: str, **kwargs: Any) -> "subprocess.CompletedProcess[str]":
        command, how = self._command(program, *arguments)
        return subprocess.run(command, text=True, **how, **kwargs)

    def _command(self, program: str, *arguments: str) -> tuple[list[str], dict[str, Any]]:
        assert self._ready is not None
        server, account = self._ready
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        own = {"LC_ALL": "C.UTF-8", "PGHOST": str(socket_folder(self.home)), "PGUSER": USER, "PGPORT": "5432", "HOME": str(self.home)}
        command = [*account.wrapper, str(server.bindir / program), *arguments]
        return command, {"env": kept | server.env | own, "cwd": self.home, **account.run_as}
