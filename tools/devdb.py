#!/usr/bin/env python3
"""A private PostGIS in the project's own var/ folder, driven by one command.

Standard library only (it must run before the virtual environment exists).

    python devdb.py up               get binaries if missing, initdb, start, create the database
    python devdb.py run -- CMD...    up, run CMD with DATABASE_URL set, stop what was started
    python devdb.py down|status|url|psql [ARGS]|destroy

Options (before the verb):
    --home DIR     state folder                    (default: var/postgis in the project)
    --db NAME      database to create              (default: app)
    --fast         no fsync: for tests and CI, never for data that you want to keep
    --no-install   only look for binaries, never fetch any
    --rootless     skip a system PostGIS and unpack Debian packages below the state folder

Order in which a server with PostGIS is looked for:
 1. $DEVDB_BINDIR (a folder holding initdb, pg_ctl and postgres)
 2. what is installed: pg_config on PATH, /usr/lib/postgresql/*/bin, Homebrew, Postgres.app
 3. what an earlier --rootless run unpacked
 4. Debian/Ubuntu as root:  apt-get install postgresql-N-postgis-3
 5. Debian/Ubuntu not root: apt-get download + dpkg-deb -x below the state folder (no root needed)

The cluster listens on a Unix socket in a 0700 folder only; no TCP port, no password, no clash
with another server or checkout.  PostgreSQL refuses to run as root, so as root every server
program runs as the `postgres` (or `nobody`) user; where that user cannot reach the folder, inside
a user namespace in which it has an ordinary uid.
"""
from __future__ import annotations

import argparse
import contextlib
import glob
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USER = "app"  # bootstrap superuser inside the private cluster


class Fail(SystemExit):
    def __init__(self, text: str):
        super().__init__(f"devdb: {text}")


# ---------------------------------------------------------------- binaries
class Server:
    """One PostgreSQL installation that has PostGIS."""

    def __init__(self, bindir: Path, prefix: Path | None = None):
        self.bindir = bindir
        self.env = {}
        if prefix:  # unpacked .deb tree: point the loader and PROJ at it
            lib = next(iter(glob.glob(f"{prefix}/usr/lib/*-linux-gnu*")), f"{prefix}/usr/lib")
            self.env = {
                "LD_LIBRARY_PATH": os.pathsep.join([lib, f"{lib}/blas", f"{lib}/lapack"]),
                "PROJ_DATA": f"{prefix}/usr/share/proj",
                "PROJ_LIB": f"{prefix}/usr/share/proj",
            }

    @staticmethod
    def sharedir(bindir: Path) -> Path | None:
        m = re.search(r"postgresql/(\d+)/bin$", str(bindir))
        if m:  # Debian layout, also when unpacked elsewhere
            return bindir.parents[3] / "share/postgresql" / m[1]
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            out = subprocess.run([bindir / "pg_config", "--sharedir"], capture_output=True, text=True, check=True)
            return Path(out.stdout.strip())
        return None

    @classmethod
    def at(cls, bindir: Path, prefix: Path | None = None) -> Server | None:
        if not all((bindir / p).exists() for p in ("initdb", "pg_ctl", "postgres")):
            return None
        share = cls.sharedir(bindir)
        ok = share and (share / "extension/postgis.control").exists()
        return cls(bindir, prefix) if ok else None


def version_key(path: str) -> int:
    m = re.search(r"(\d+)(?:/bin)?$", path) or re.search(r"@(\d+)", path)
    return int(m[1]) if m else 0


def find_system() -> Server | None:
    places: list[str] = []
    if os.environ.get("DEVDB_BINDIR"):
        places.append(os.environ["DEVDB_BINDIR"])
    places += sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=version_key, reverse=True)
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        places.append(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
    places += sorted(glob.glob("/usr/pgsql-*/bin"), key=version_key, reverse=True)
    places += ["/opt/homebrew/bin", "/usr/local/bin", "/Applications/Postgres.app/Contents/Versions/latest/bin"]
    for p in places:
        if found := Server.at(Path(p)):
            return found
    return None


def find_unpacked(home: Path) -> Server | None:
    root = home / "debs-root"
    for p in sorted(glob.glob(f"{root}/usr/lib/postgresql/*/bin"), key=version_key, reverse=True):
        if found := Server.at(Path(p), root):
            return found
    return None


def apt_major() -> str:
    if not shutil.which("apt-cache"):
        raise Fail("no PostGIS found and no apt here. Install PostGIS with your package manager "
                   "(macOS: brew install postgis), or set DATABASE_URL to a server that has it.")
    for attempt in (1, 2):
        out = subprocess.run(["apt-cache", "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],
                             capture_output=True, text=True).stdout
        majors = sorted({int(m) for m in re.findall(r"^postgresql-(\d+)-postgis-3 ", out, re.M)})
        if majors:
            return str(majors[-1])
        if attempt == 1 and os.geteuid() == 0:
            subprocess.run(["apt-get", "update", "-qq"])
    raise Fail("apt lists no postgresql-N-postgis-3; run `apt-get update` first")


def apt_install() -> None:
    major = apt_major()
    print(f"devdb: installing postgresql-{major}-postgis-3 with apt-get ...", file=sys.stderr)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # postgresql-common would otherwise create and start a cluster of its own
    conf = Path("/etc/postgresql-common/createcluster.d/devdb.conf")
    conf.parent.mkdir(parents=True, exist_ok=True)
    conf.write_text("create_main_cluster = false\n")
    cmd = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", f"postgresql-{major}-postgis-3"]
    try:
        if subprocess.run(cmd, env=env, stdout=subprocess.DEVNULL).returncode:
            subprocess.run(["apt-get", "update", "-qq"], check=True)
            subprocess.run(cmd, env=env, stdout=subprocess.DEVNULL, check=True)
    finally:
        conf.unlink(missing_ok=True)


def apt_unpack(home: Path) -> None:
    """No root: let apt resolve, download the .debs, unpack them below the state folder."""
    major = apt_major()
    root, debs = home / "debs-root", home / "debs"
    print(f"devdb: unpacking PostgreSQL {major} and PostGIS below {root} (no root needed) ...", file=sys.stderr)
    sim = subprocess.run(["apt-get", "-o", "Debug::NoLocking=1", "-s", "--no-install-recommends", "install",
                          f"postgresql-{major}-postgis-3"], capture_output=True, text=True)
    if sim.returncode:
        raise Fail("apt-get cannot resolve it:\n" + sim.stderr)
    missing = re.findall(r"^Inst (\S+)", sim.stdout, re.M)
    # what is installed system-wide already is not relocatable, so these always come along
    always = [f"postgresql-{major}", f"postgresql-client-{major}", f"postgresql-{major}-postgis-3",
              f"postgresql-{major}-postgis-3-scripts", "proj-data"]
    shutil.rmtree(debs, ignore_errors=True)
    debs.mkdir(parents=True)
    subprocess.run(["apt-get", "download", "-qq", *dict.fromkeys(always + missing)], cwd=debs, check=True,
                   stderr=subprocess.DEVNULL)
    root.mkdir(parents=True, exist_ok=True)
    for deb in sorted(debs.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", deb, root], check=True)
    shutil.rmtree(debs)
    # the postinst would make postgis.control with update-alternatives
    for f in root.glob("usr/share/postgresql/*/extension/*-3.control"):
        link = f.with_name(f.name.replace("-3.control", ".control"))
        link.unlink(missing_ok=True)
        link.symlink_to(f.name)


# ---------------------------------------------------------------- cluster
class Cluster:
    def __init__(self, home: Path, db: str, fast: bool):
        self.home, self.db, self.fast = home, db, fast
        self.data, self.log = home / "data", home / "server.log"
        self.server: Server | None = None
        self.run = home / "run"
        if len(str(self.run)) > 85:  # a Unix socket path may have 107 bytes
            tag = hashlib.sha256(str(home).encode()).hexdigest()[:12]
            self.run = Path(tempfile.gettempdir()) / f"devdb-{os.getuid()}-{tag}"
        self.wrap: list[str] = []      # prefix for server programs
        self.who: dict = {}            # user=..., group=... for subprocess, as root

    # -- who runs the server
    def choose_user(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0:
            return
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                pw = pwd.getpwnam(name)
                break
        else:
            raise Fail("running as root, and no `postgres` or `nobody` user to run the server as")
        who = {"user": pw.pw_uid, "group": pw.pw_gid, "extra_groups": []}
        reach = subprocess.run(["test", "-x", str(self.home)], **who).returncode == 0
        owner_root = self.data.exists() and self.data.stat().st_uid == 0
        if reach and not owner_root:
            self.who = who
        else:  # e.g. a checkout below /root (0700): same files, but uid 1000 inside a user namespace
            self.wrap = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
            if subprocess.run([*self.wrap, "true"], capture_output=True).returncode:
                raise Fail(f"user {name} cannot reach {self.home} and user namespaces are off here: "
                           "use --home in a folder that others may enter, such as /var/tmp/NAME")
        for d in (self.home, self.run):
            d.mkdir(parents=True, exist_ok=True)
            if self.who:
                os.chown(d, pw.pw_uid, pw.pw_gid)

    def exec(self, prog: str, *args: str, **kw) -> subprocess.CompletedProcess:
        assert self.server
        env = {**os.environ, **self.server.env, "LC_ALL": "C.UTF-8", "PGHOST": str(self.run),
               "PGUSER": USER, "PGPORT": "5432", "HOME": str(self.home)}
        for k in ("PGDATABASE", "PGSERVICE", "PGPASSWORD", "PGDATA"):
            env.pop(k, None)
        return subprocess.run([*self.wrap, str(self.server.bindir / prog), *args], env=env, cwd=self.home,
                              **self.who, **kw)

    def sql(self, db: str, query: str) -> str:
        r = self.exec("psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", db, "-c", query,
                      capture_output=True, text=True)
        if r.returncode:
            raise Fail(r.stderr.strip())
        return r.stdout.strip()

    @property
    def running(self) -> bool:
        if not (self.data / "postmaster.pid").exists():
            return False
        return self.exec("pg_ctl", "-D", str(self.data), "status", stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL).returncode == 0

    @property
    def url(self) -> str:
        from urllib.parse import quote
        return f"postgis://{USER}@{quote(str(self.run), safe='')}:5432/{self.db}"

    def init(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        base = ["-D", str(self.data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-instructions"]
        base += ["--no-sync"] if self.fast else []
        locale = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=nb-NO"]  # å sorts last
        r = self.exec("initdb", *base, *locale, capture_output=True, text=True)
        if r.returncode:  # a build without ICU, or older than 15
            shutil.rmtree(self.data, ignore_errors=True)
            r = self.exec("initdb", *base, "--locale=C", capture_output=True, text=True)
        if r.returncode:
            raise Fail("initdb: " + r.stderr)

    def start(self) -> bool:
        """True when this call started it."""
        if self.running:
            return False
        self.run.mkdir(parents=True, exist_ok=True)
        os.chmod(self.run, 0o700)
        if self.who:
            os.chown(self.run, self.who["user"], self.who["group"])
        opts = {"listen_addresses": "''", "unix_socket_directories": f"'{self.run}'", "port": "5432",
                "max_connections": "60", "jit": "off", "random_page_cost": "1.1", "timezone": "UTC"}
        if self.fast:
            opts |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        joined = " ".join(f"-c {k}={v}" for k, v in opts.items())
        r = self.exec("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-o", joined, "start",
                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if r.returncode:
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise Fail(f"the server did not start: {r.stderr}\n{tail}")
        return True

    def ensure_db(self) -> None:
        # in template1, so that every new database, the tests' too, has it at once
        self.sql("template1", "CREATE EXTENSION IF NOT EXISTS postgis")
        if self.sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{self.db}'") != "1":
            self.sql("postgres", f'CREATE DATABASE "{self.db}"')

    def stop(self) -> None:
        if self.running:
            self.exec("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def locked(path: Path):
    import fcntl
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


def main(argv: list[str] | None = None) -> int:
    here = Path(__file__).resolve().parent
    ap = argparse.ArgumentParser(prog="devdb", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("--home", type=Path, default=Path(os.environ.get("DEVDB_HOME", here.parent / "var/postgis")))
    ap.add_argument("--db", default="app")
    ap.add_argument("--fast", action="store_true")
    ap.add_argument("--no-install", action="store_true")
    ap.add_argument("--rootless", action="store_true")
    ap.add_argument("verb", choices=["up", "down", "status", "url", "psql", "run", "destroy"])
    ap.add_argument("rest", nargs=argparse.REMAINDER)
    a = ap.parse_args(argv)
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,40}", a.db):
        raise Fail("a database name has letters a-z, digits and _ only")
    c = Cluster(a.home.resolve(), a.db, a.fast)
    if a.verb == "url":
        print(c.url)
        return 0
    t0 = time.monotonic()
    started = False
    with locked(c.home.parent / f".{c.home.name}.lock"):
        find = (lambda: find_unpacked(c.home)) if a.rootless else (lambda: find_system() or find_unpacked(c.home))
        c.server = find()
        if c.server is None and a.verb in ("up", "run") and not a.no_install:
            if a.rootless or os.geteuid() != 0:
                apt_unpack(c.home)
            else:
                apt_install()
            c.server = find()
        if c.server is None:
            raise Fail("no PostgreSQL with PostGIS found")
        c.choose_user()
        if a.verb in ("up", "run"):
            c.init()
            started = c.start()
            c.ensure_db()
    if a.verb == "up":
        print(f"devdb: PostGIS {c.sql(c.db, 'SELECT postgis_lib_version()')} on PostgreSQL "
              f"{c.sql(c.db, 'SHOW server_version').split()[0]} ready in {time.monotonic() - t0:.1f} s", file=sys.stderr)
        print(c.url)
        return 0
    if a.verb == "status":
        print("running" if c.running else "stopped", c.url)
        return 0 if c.running else 3
    if a.verb == "down":
        c.stop()
        return 0
    if a.verb == "destroy":
        c.stop()
        shutil.rmtree(c.data, ignore_errors=True)
        return 0
    rest = a.rest[1:] if a.rest[:1] == ["--"] else a.rest
    if a.verb == "psql":
        return c.exec("psql", "-d", c.db, *rest).returncode
    try:
        return subprocess.run(rest, env={**os.environ, "DATABASE_URL": c.url}).returncode
    finally:
        if started:
            c.stop()


if __name__ == "__main__":
    sys.exit(main())
