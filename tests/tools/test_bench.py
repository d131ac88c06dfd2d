"""The bench itself: that it counts, compares and refuses rightly. Nothing here asks how fast anything is."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import psycopg
import pytest
import shapely

from tools.bench import __main__ as command
from tools.bench import capture, export
from tools.bench.database import Database, own_database, refuse_unsafe, remember
from tools.bench.load import Reply, drive, request
from tools.bench.rows import CONTRACT, Bound, Row, faster_than, rate_of, table, time_over
from tools.bench.shapes import ROUTE_VERTICES, kinds_of, shapes
from tools.bench.world import CENTRE, HALF_WIDTH
from tools.devkit.console import Refusal


def test_a_speed_says_how_many_times_the_peer_we_are() -> None:
    row = faster_than("export vs ogr2ogr", unit="s", peer="ogr2ogr", ours_s=[2.0, 4.0, 3.0], theirs_s=[30.0, 24.0, 27.0])
    assert (row.value, row.peer_value, row.ratio, row.n) == (3.0, 27.0, 9.0, 3)


def test_a_time_over_the_peers_grows_when_we_get_slower() -> None:
    row = time_over("export vs copy", unit="s", peer="psql COPY", ours_s=[6.0], theirs_s=[4.0])
    assert row.ratio == 1.5
    assert row.bound is not None
    assert not row.bound.is_met(row)


def test_a_rate_over_the_peers_grows_when_we_get_faster() -> None:
    row = rate_of("capture vs pgbench", unit="marks/s", peer="pgbench", ours=[400.0, 500.0], theirs=[4000.0, 5000.0])
    assert (row.value, row.peer_value, row.ratio) == (450.0, 4500.0, 0.1)
    assert row.bound is not None
    assert row.bound.is_met(row)


def test_a_row_is_one_json_line_with_seven_names() -> None:
    line = Row("pupil page", 123456.789, "kB").as_json()
    assert "\n" not in line
    assert list(json.loads(line)) == ["name", "value", "unit", "peer", "peer_value", "ratio", "n"]
    assert json.loads(line) == {
        "name": "pupil page",
        "value": 123500.0,
        "unit": "kB",
        "peer": None,
        "peer_value": None,
        "ratio": None,
        "n": 1,
    }


def test_the_contracts_bounds_are_those_of_the_document() -> None:
    assert CONTRACT["export vs ogr2ogr"] == Bound("ratio", least=5)
    assert CONTRACT["export vs copy"] == Bound("ratio", most=1.3)
    assert CONTRACT["capture vs pgbench"] == Bound("ratio", least=0.1)
    assert CONTRACT["hexagons vs ST_HexagonGrid"] == Bound("ratio", least=8)
    assert CONTRACT["gpkg vs ogr2ogr"] == Bound("ratio", least=1)


def test_the_table_says_what_was_met_and_what_was_missed() -> None:
    text = table([Row("pupil page", 200.0, "kB"), Row("pupil drawable", 3.1, "s"), Row("something else", 1.0, "s")])
    page, drawable, other = text.splitlines()[1:]
    assert page.endswith("met")
    assert drawable.endswith("MISSED")
    assert not other.endswith(("met", "MISSED"))


def test_a_figure_that_was_not_measured_meets_nothing() -> None:
    assert not Bound("ratio", least=1).is_met(Row("gpkg vs ogr2ogr", 1.0, "s"))


def test_a_bench_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(Refusal, match=r"capture"):
        command.main(["finnes-ikke"])


def test_shapes_are_the_same_every_time_and_valid_and_inside_the_town() -> None:
    kinds = kinds_of(400)
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"place": 280, "route": 112, "area": 8}
    drawn, again = shapes(kinds), shapes(kinds)
    assert shapely.equals_exact(drawn.geometries, again.geometries, 0).all()
    assert shapely.is_valid(drawn.geometries).all()
    assert not shapely.equals_exact(drawn.geometries, shapes(kinds, seed=2).geometries, 0).any()
    vertices = shapely.get_num_points(drawn.geometries[drawn.kinds == "route"])
    assert ROUTE_VERTICES[0] <= vertices.min() <= vertices.mean() <= vertices.max() < ROUTE_VERTICES[1]
    (lon, lat), (wide, high) = CENTRE, HALF_WIDTH
    assert shapely.within(drawn.geometries, shapely.box(lon - wide, lat - high, lon + wide, lat + high)).all()


@pytest.fixture
def scripted_server() -> Iterator[tuple[int, list[bytes]]]:
    """A server that reads a request and answers with the next of these; None of them left, it hangs up."""
    answers: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                while connection.recv(65_536) and answers:
                    connection.sendall(answers.pop(0))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], answers
        thread.join(10)


def test_the_load_keeps_every_reply_and_counts_those_that_never_came(scripted_server: tuple[int, list[bytes]]) -> None:
    port, answers = scripted_server
    answers += [b"HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\none", b"HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\n\r\n"]
    load = drive("127.0.0.1", port, [[request("PUT", "/", b"x"), request("PUT", "/", b"x"), request("PUT", "/", b"x")], []])
    [replies] = load.replies
    assert [(reply.status, reply.body) for reply in replies] == [(201, b"one"), (409, b""), (0, b"")]
    assert len(load.latencies_s) == 3


def test_only_201_with_the_receipt_of_the_bytes_sent_is_right() -> None:
    world = {"categories": [{"id": 1, "code": "leke", "kind": "place", "modes": [], "most": 40}]}
    [put] = capture.puts(world, [("c0ffee00-0000-4000-8000-000000000000", "token")], shapes(["place"]), seed=1)
    right = Reply(201, put.receipt, 0.1)
    altered = Reply(201, put.receipt.replace(b'"rev":1', b'"rev":2'), 0.1)
    stored_before = Reply(200, put.receipt, 0.1)
    portal = Reply(201, b"<html>Welcome</html>", 0.1)
    assert capture.wrong_replies([[put]], [[right]]) == []
    for reply in (altered, stored_before, portal):
        assert capture.wrong_replies([[put]], [[reply]]) == [reply]


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
def test_a_chunked_body_is_put_together_wherever_it_is_cut(piece: int) -> None:
    sent = b"5\r\nhello\r\n1\r\n \r\nB\r\nworld\r\n1\r\n2\r\n0\r\n\r\n"
    came = bytearray()
    body = export.Body(True, came.extend)
    for at in range(0, len(sent), piece):
        body.take(sent[at : at + piece])
    assert (bytes(came), body.is_whole) == (b"hello world\r\n1\r\n2", True)


def test_a_chunked_body_without_its_end_is_not_whole() -> None:
    body = export.Body(True, lambda _piece: None)
    body.take(b"5\r\nhello\r\n5\r\nwor")
    assert not body.is_whole


@pytest.mark.parametrize("piece", [1, 5, 16, 200])
def test_features_are_counted_across_the_borders_of_pieces(piece: int) -> None:
    text = b'[{"type":"Feature","a":1},{"type": "Feature"},{"type":"FeatureCollection"},{"type":"Feature"}]'
    counter = export.Counter(b'"type":"Feature"', b'"type": "Feature"')
    for at in range(0, len(text), piece):
        counter(text[at : at + piece])
    assert counter.found == 3


@pytest.fixture
def server_url() -> str:
    """The server of the suite; the bench makes databases of its own there."""
    return os.environ["DATABASE_URL"]


def test_a_database_is_made_once_and_again_when_something_else_is_asked_for(server_url: str) -> None:
    name = f"trakk_bench_test_{os.getpid()}"
    try:
        database, is_new = own_database(server_url, name, fingerprint="one")
        assert is_new
        remember(database, "one")
        assert own_database(server_url, name, fingerprint="one") == (database, False)
        assert own_database(server_url, name, fingerprint="two")[1], "it was made for another fingerprint"
        assert own_database(server_url, name, fingerprint="two")[1], "it was never said to be finished"
    finally:
        with Database(server_url).connect() as connection:
            connection.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {}").format(psycopg.sql.Identifier(name)))


@pytest.mark.django_db(transaction=True)
def test_the_peers_table_has_the_same_columns_indexes_and_constraints(server_url: str) -> None:
    from django.conf import settings

    database = Database(server_url.rpartition("/")[0] + "/" + settings.DATABASES["default"]["NAME"])
    try:
        capture.make_peer_table(database)
        ours, theirs = (_shape_of(database, name) for name in ("mapping_mark", capture.PEER_TABLE))
        assert ours == theirs
        assert sum(kind == "f" for kind, _ in ours["constraints"]) >= 2
    finally:
        database.sql(f"DROP TABLE IF EXISTS {capture.PEER_TABLE}")


def _shape_of(database: Database, name: str) -> dict[str, Any]:
    queries = {
        "constraints": "SELECT contype, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '{}'::regclass",
        "indexes": "SELECT split_part(indexdef, ' USING ', 2) FROM pg_indexes WHERE tablename = '{}'",
        "columns": "SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = '{}'",
    }
    return {what: sorted(map(tuple, database.rows(query.format(name)))) for what, query in queries.items()}


def test_a_server_that_may_lose_what_it_confirmed_is_not_measured(server_url: str) -> None:
    database = Database(server_url)
    if database.rows("SHOW fsync")[0][0] == "on" and database.rows("SHOW synchronous_commit")[0][0] == "on":
        pytest.skip("this server keeps what it confirms, so there is nothing to refuse")
    with pytest.raises(Refusal, match="switched off"):
        refuse_unsafe(database)


def test_pupils_marks_fit_the_limits_of_the_template() -> None:
    rows = [("place", 10)] * 8 + [("route", 3), ("route", 8), ("area", 5)]
    world = {"categories": [{"code": str(n), "kind": kind, "most": most, "modes": []} for n, (kind, most) in enumerate(rows)]}
    room = capture.categories_of(world)
    needed = kinds_of(capture.MARKS_EACH)
    for kind in ("place", "route", "area"):
        assert len(room[kind]) >= needed.count(kind)
    drawn = np.array([category["code"] for category in room["route"][: needed.count("route")]])
    assert (drawn == "8").sum() <= 3
