"""A backup restores what was, nothing half-done is left anywhere, and a restore has a way back."""

import os
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from deploy.health import answers
from deploy.libpq_environment import variables
from tools.devkit import postgis
from tools.devkit.cluster import Cluster
from tools.devkit.paths import ROOT


class Site:
    """A database with one mark in it, and a folder with one basemap."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster, self.data, self.backups = cluster, folder / "data", folder / "backups"
        cluster.sql("CREATE EXTENSION IF NOT EXISTS postgis")
        cluster.sql("CREATE TABLE mark AS SELECT 1 AS id, ST_SetSRID(ST_Point(5.3, 60.4), 4326) AS geom")
        (self.data / "basemaps").mkdir(parents=True)
        (self.data / "basemaps" / "town.pmtiles").write_text("streets")

    def run(self, script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        server = postgis.find(Path("/nonexistent")) or postgis.find(ROOT / "var" / "postgis-programs")
        assert server is not None
        path = f"{server.bindir}{os.pathsep}{os.environ['PATH']}"
        env = os.environ | server.env | {"PATH": path, "DATABASE_URL": self.cluster.url, "DATA_DIR": str(self.data)}
        return subprocess.run([ROOT / "deploy" / script, *arguments], env=env, capture_output=True, text=True, check=False)

    def backup(self) -> Path:
        done = self.run("backup.sh", str(self.backups))
        assert done.returncode == 0, done.stderr
        return next(self.backups.iterdir())

    def marks(self, database: str | None = None) -> str:
        return self.cluster.sql("SELECT string_agg(ST_AsEWKT(geom), ' ') FROM mark", database=database)

    def databases(self) -> list[str]:
        return self.cluster.sql("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1", database="postgres").split()


@pytest.fixture
def site(cluster: Cluster, tmp_path: Path) -> Site:
    return Site(cluster, tmp_path)


def test_a_restored_backup_brings_back_marks_and_basemaps_and_keeps_what_it_replaced(site: Site) -> None:
    backup = site.backup()
    site.cluster.sql("UPDATE mark SET geom = ST_SetSRID(ST_Point(0, 0), 4326)")
    (site.data / "basemaps" / "town.pmtiles").unlink()

    done = site.run("restore.sh", str(backup))

    assert done.returncode == 0, done.stderr
    assert site.marks() == "SRID=4326;POINT(5.3 60.4)"
    assert (site.data / "basemaps" / "town.pmtiles").read_text() == "streets"
    [kept] = [name for name in site.databases() if name.startswith("app_before_")]
    assert site.marks(kept) == "SRID=4326;POINT(0 0)"


def test_a_backup_is_readable_by_its_owner_only(site: Site) -> None:
    backup = site.backup()
    assert [oct(path.stat().st_mode & 0o077) for path in (backup, *backup.iterdir())] == ["0o0"] * 4


def test_a_damaged_backup_changes_nothing(site: Site) -> None:
    backup = site.backup()
    with (backup / "database.dump").open("ab") as dump:
        dump.write(b"!")
    before = site.databases()

    done = site.run("restore.sh", str(backup))

    assert done.returncode != 0
    assert "damaged" in done.stderr
    assert site.databases() == before


def test_a_restore_while_the_site_is_connected_changes_nothing(site: Site) -> None:
    backup = site.backup()
    before = site.databases()
    command, how = site.cluster.psql_command()
    with subprocess.Popen([*command, "-c", "SELECT pg_sleep(60)"], **how, stdout=subprocess.DEVNULL) as visitor:
        try:
            while site.cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'", database="postgres") != "1":
                pass
            done = site.run("restore.sh", str(backup))
        finally:
            visitor.terminate()

    assert done.returncode != 0
    assert "stop the site first" in done.stderr
    assert site.databases() == before


def test_a_backup_that_fails_leaves_nothing_behind(site: Site) -> None:
    site.cluster.down()
    done = site.run("backup.sh", str(site.backups))
    assert done.returncode != 0
    assert list(site.backups.iterdir()) == []


def test_old_backups_go_and_other_folders_stay(site: Site) -> None:
    for name in ("trakk-20200101T000000Z", "minutes of the council"):
        (site.backups / name).mkdir(parents=True)
        os.utime(site.backups / name, (0, 0))

    done = site.run("backup.sh", str(site.backups), "30")

    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in site.backups.iterdir())
    assert len(names) == 2
    assert names[0] == "minutes of the council"
    assert names[1] > "trakk-2026"


class OneName(BaseHTTPRequestHandler):
    """A site that knows one name, as Django with ALLOWED_HOSTS does, and is only well when asked for its health."""

    def do_GET(self) -> None:
        known = self.headers["Host"] == "trakk.example" and self.headers["X-Forwarded-Proto"] == "https"
        self.send_response(200 if known and self.path == "/helse/" else 400)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_health_asks_by_the_sites_own_name_and_tells_when_nobody_answers() -> None:
    with HTTPServer(("127.0.0.1", 0), OneName) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        assert answers(server.server_port, "https://trakk.example")
        assert not answers(server.server_port, "https://other.example")
        server.shutdown()
    assert not answers(server.server_port, "https://trakk.example")


def test_libpq_gets_the_decoded_parts_of_the_address() -> None:
    assert variables("postgis://kari:p%40ss@%2Fvar%2Frun:5433/trakk") == {
        "PGHOST": "/var/run",
        "PGPORT": "5433",
        "PGUSER": "kari",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "trakk",
    }
