"""The embedded PostGIS comes up from every state that an interruption can leave behind, and keeps its data."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.tools.conftest import UNPACKED
from tools.devkit.cluster import Cluster
from tools.devkit.console import Refusal
from tools.devkit.postmaster import Postmaster, socket_folder


def pid_of(cluster: Cluster) -> int:
    pid = Postmaster(cluster.home).pid()
    assert pid is not None
    return pid


def wait_for_end(pid: int) -> None:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} lives on")


def test_a_new_database_has_postgis_and_sorts_as_norwegians_do(cluster: Cluster) -> None:
    assert cluster.sql("SELECT ST_AsText(ST_Point(5, 60))") == "POINT(5 60)"
    # the test database is made from template1, so it must be there too
    assert cluster.sql("SELECT postgis_lib_version()", database="template1").startswith("3.")
    words = cluster.sql("SELECT string_agg(w, ' ' ORDER BY w) FROM unnest(ARRAY['å','ø','z','æ','a']) w")
    assert words == "a z æ ø å"


def test_a_killed_server_comes_up_again_with_its_data(cluster: Cluster) -> None:
    cluster.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(pid_of(cluster), signal.SIGKILL)
    wait_for_end(pid_of(cluster))

    assert Cluster(cluster.asked_home, fast=True).up() is True
    assert cluster.sql("SELECT answer FROM kept") == "42"


def test_the_number_of_a_dead_server_given_to_another_program_does_not_block_the_start(cluster: Cluster) -> None:
    pid_file = cluster.data / "postmaster.pid"
    left_behind = pid_file.read_text().splitlines()
    cluster.down()
    pid_file.write_text("\n".join([str(os.getpid()), *left_behind[1:]]))

    assert not cluster.is_running()
    assert cluster.up() is True
    assert cluster.sql("SELECT 1") == "1"


def test_an_interrupted_initdb_is_done_again(home: Path) -> None:
    cluster = Cluster(home, fast=True, may_fetch=False)
    half = home / "data.new"
    # by whom the server's programs make them
    for folder in (half, home / "data"):
        cluster.account.give(folder)
    (half / "PG_VERSION").write_text("15\n")
    cluster.up()

    assert cluster.sql("SELECT 1") == "1"
    assert not half.exists()


def test_a_folder_that_holds_a_database_is_never_made_anew(cluster: Cluster) -> None:
    cluster.down()
    (cluster.data / "global" / "pg_control").rename(cluster.data / "pg_control.away")

    with pytest.raises(Refusal, match="did not start"):
        cluster.up()

    (cluster.data / "pg_control.away").rename(cluster.data / "global" / "pg_control")
    assert cluster.up() is True


def test_whoever_uses_it_last_stops_it(cluster: Cluster) -> None:
    cluster.down()
    with cluster.in_use():
        with Cluster(cluster.asked_home, fast=True).in_use():
            pass
        assert cluster.is_running(), "the first one still needs it"
    assert not cluster.is_running()


def test_one_that_was_told_to_be_up_stays_up_after_use(cluster: Cluster) -> None:
    with cluster.in_use():
        pass
    assert cluster.is_running()


def test_destroying_removes_data_and_the_next_start_makes_it_anew(cluster: Cluster) -> None:
    cluster.sql("CREATE TABLE gone ()")
    cluster.destroy()
    assert not cluster.data.exists()

    cluster.up()
    assert cluster.sql("SELECT count(*) FROM pg_class WHERE relname = 'gone'") == "0"


def test_a_path_too_long_for_a_socket_puts_the_socket_below_tmp(parent: Path, made_once: Path) -> None:
    deep = parent / ("a" * 50) / ("b" * 50)
    deep.parent.mkdir()
    subprocess.run(["cp", "-a", str(made_once), str(deep)], check=True)
    (deep.parent / UNPACKED.name).symlink_to(UNPACKED)
    cluster = Cluster(deep, fast=True, may_fetch=False)
    cluster.up()
    try:
        assert socket_folder(cluster.home).parent == Path("/tmp")  # noqa: S108
        assert cluster.sql("SELECT 1") == "1"
    finally:
        cluster.destroy()


@pytest.mark.parametrize("name", ["", "Drop", "a-b", "1st", "x'; DROP DATABASE app; --", "a" * 42])
def test_a_name_that_is_no_database_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot name a database"):
        Cluster(tmp_path, database=name)
