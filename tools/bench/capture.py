"""`capture vs pgbench`: marks a second through the API with two worker processes, beside PostgreSQL's own single-row inserts.

Both write rows of the same kind into tables with the same indexes and constraints, with a commit that is on disk before the answer,
over the same number of connections. A pair is one leg of each; legs alternate, and both tables are emptied before every leg.
"""

import hashlib
import json
import re
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from tools.bench.database import Database, own_database, program, refuse_unsafe, run_quiet, settings_of
from tools.bench.load import Load, Reply, drive, request
from tools.bench.material import make_world
from tools.bench.rows import Row, rate_of
from tools.bench.server import Server, serving
from tools.bench.shapes import Shapes, kinds_of, shapes
from tools.devkit import site
from tools.devkit.console import Refusal, step

CONNECTIONS = site.WORKERS * site.THREADS
"""As many as the site serves at once; pgbench gets the same number."""
MARKS_EACH = 40
"""What a pupil saves in a lesson, as in the contract's row of the class."""
PUPILS_A_CLASS = 30
PGBENCH_S = 8
PGBENCH_SCRIPTS = 100
"""Different rows that pgbench inserts in turn (it takes at most 128 scripts); each with its own shape and response."""
PEER_TABLE = "bench_mark"
COMMENTS = ("", "", "Her er det gøy å leke", "Bilene kjører altfor fort her, og det er ikke noe gangfelt", "Mørkt om kvelden")


@dataclass(frozen=True)
class Put:
    """One mark to save: the request, and the receipt that must come back."""

    request: bytes
    receipt: bytes


def measure(server_url: str, *, pairs: int, marks: int) -> Iterator[Row]:
    """The row, and how many of our requests were not answered with 201 and the right receipt."""
    pupils = -(-marks // MARKS_EACH)
    database, _ = own_database(server_url, "trakk_bench_capture", fingerprint=str(uuid.uuid4()))
    refuse_unsafe(database)
    world = make_world(database, classes=-(-pupils // PUPILS_A_CLASS), has_open_lessons=True)
    make_peer_table(database)
    ours: list[float] = []
    theirs: list[float] = []
    errors = 0
    with serving(database) as server:
        joined = join(server, world["codes"], pupils)
        drawn = shapes(kinds_of(MARKS_EACH) * pupils)
        _leg(database, server, world, joined, drawn, warm_up=True)
        for pair in range(pairs):
            load, wrong = _leg(database, server, world, joined, drawn)
            ours.append(len(drawn) / load.seconds)
            theirs.append(_pgbench(database, world, joined))
            errors += wrong
            latencies = load.latencies_s
            p95_ms = latencies[int(len(latencies) * 0.95)] * 1000
            step(f"pair {pair + 1}: {ours[-1]:.0f} marks/s (p95 {p95_ms:.0f} ms, {wrong} errors), pgbench {theirs[-1]:.0f}/s")
    print(f"capture: {CONNECTIONS} connections, {settings_of(database)}", file=sys.stderr)
    yield rate_of("capture vs pgbench", unit="marks/s", peer="pgbench", ours=ours, theirs=theirs)
    yield Row("capture errors", errors, "requests", n=pairs * len(drawn))


def join(server: Server, codes: list[str], pupils: int) -> list[tuple[str, str]]:
    """(response, write token) of so many pupils, PUPILS_A_CLASS to a class; each joins through the API."""
    asked = [request("POST", "/api/v1/join", orjson.dumps({"code": codes[n // PUPILS_A_CLASS]})) for n in range(pupils)]
    load = drive(site.HOST, server.port, [asked[n::CONNECTIONS] for n in range(CONNECTIONS)])
    replies = [reply for client in load.replies for reply in client]
    if wrong := [reply for reply in replies if reply.status != 201]:
        raise Refusal(f"{len(wrong)} of {pupils} pupils could not join; the first: {wrong[0].status} {wrong[0].body[:300]!r}")
    bodies = [orjson.loads(reply.body) for reply in replies]
    return [(body["response"], body["write_token"]) for body in bodies]


def puts(world: dict[str, Any], joined: list[tuple[str, str]], drawn: Shapes, *, seed: int) -> list[Put]:
    """A request for every shape, MARKS_EACH to a pupil, with new ids; words, modes and answers as a class would send them."""
    rng = np.random.default_rng(seed)
    made = []
    by_kind = categories_of(world)
    for n, (kind, geometry) in enumerate(zip(drawn.kinds.tolist(), drawn.geometries, strict=True)):
        response, token = joined[n // MARKS_EACH]
        if n % MARKS_EACH == 0:
            room = {name: iter(categories) for name, categories in by_kind.items()}
        mark = str(uuid.UUID(bytes=rng.bytes(16), version=4))
        body = orjson.dumps(_feature(next(room[kind]), geometry, rng))
        path = f"/api/v1/responses/{response}/marks/{mark}"
        receipt = {"id": mark, "rev": 1, "sha256": hashlib.sha256(body).hexdigest()}
        made.append(Put(request("PUT", path, body, Authorization=f"Bearer {token}"), orjson.dumps(receipt, option=orjson.OPT_SORT_KEYS)))
    return made


def wrong_replies(sent: list[list[Put]], replies: list[list[Reply]]) -> list[Reply]:
    """The replies that are not 201 with the receipt of the very bytes that were sent."""
    pairs = [(put, reply) for client, came in zip(sent, replies, strict=True) for put, reply in zip(client, came, strict=True)]
    return [reply for put, reply in pairs if reply.status != 201 or _sorted(reply.body) != put.receipt]


def make_peer_table(database: Database) -> None:
    """A table like mapping_mark: same columns, indexes, CHECKs and foreign keys (which LIKE leaves out)."""
    database.sql(f"DROP TABLE IF EXISTS {PEER_TABLE}; CREATE TABLE {PEER_TABLE} (LIKE mapping_mark INCLUDING ALL)")
    keys = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'mapping_mark'::regclass AND contype = 'f'"
    for (definition,) in database.rows(keys):
        database.sql(f"ALTER TABLE {PEER_TABLE} ADD {definition}")


def _leg(
    database: Database, server: Server, world: dict[str, Any], joined: list[tuple[str, str]], drawn: Shapes, *, warm_up: bool = False
) -> tuple[Load, int]:
    database.sql(f"TRUNCATE mapping_mark, {PEER_TABLE}")
    database.sql("CHECKPOINT")
    every = puts(world, joined, drawn, seed=int.from_bytes(uuid.uuid4().bytes[:4]))
    if warm_up:
        every = every[: len(every) // 4]
    clients = [_of_client(every, number) for number in range(CONNECTIONS)]
    load = drive(site.HOST, server.port, [[put.request for put in client] for client in clients])
    wrong = wrong_replies(clients, load.replies)
    stored = database.rows("SELECT count(*) FROM mapping_mark")[0][0]
    if wrong:
        step(f"{len(wrong)} wrong replies; the first: {wrong[0].status} {wrong[0].body[:300]!r}")
    return load, max(len(wrong), len(every) - stored)


def _of_client(every: list[Put], number: int) -> list[Put]:
    """The marks of this connection's pupils, in the order of drawing: a tablet has one request in flight."""
    return [put for n, put in enumerate(every) if n // MARKS_EACH % CONNECTIONS == number]


def categories_of(world: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Per kind the categories that a pupil may draw, one after the other and again from the start, each as often as is allowed."""
    kinds = {category["kind"] for category in world["categories"]}
    by_kind = {kind: [category for category in world["categories"] if category["kind"] == kind] for kind in kinds}
    return {kind: [each for turn in range(MARKS_EACH) for each in alike if turn < each["most"]] for kind, alike in by_kind.items()}


def _feature(category: dict[str, Any], geometry: Any, rng: np.random.Generator) -> dict[str, Any]:
    properties: dict[str, Any] = {"category": category["code"], "comment": COMMENTS[rng.integers(len(COMMENTS))]}
    if category["modes"]:
        properties["mode"] = category["modes"][rng.integers(2)]
    if category["code"] == "skoleveg":
        properties["answers"] = {"skoleveg_trygghet": str(rng.integers(1, 6))}
    return {"type": "Feature", "rev": 1, "geometry": json.loads(shapely.to_geojson(geometry)), "properties": properties}


def _sorted(body: bytes) -> bytes:
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONDecodeError:
        return b""


def _pgbench(database: Database, world: dict[str, Any], joined: list[tuple[str, str]]) -> float:
    database.sql(f"TRUNCATE mapping_mark, {PEER_TABLE}")
    database.sql("CHECKPOINT")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        files = []
        for number, script in enumerate(_scripts(world, joined)):
            path = Path(folder) / f"{number}.sql"
            path.write_text(script)
            files += ["-f", str(path)]
        options = ["-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", str(site.WORKERS), "-T", str(PGBENCH_S)]
        printed = run_quiet([program("pgbench"), *options, *files], env=database.program_environment())
    found = re.search(r"tps = ([\d.]+)", printed)
    failed = re.search(r"number of failed transactions: (\d+)", printed)
    if not found or (failed and failed[1] != "0"):
        raise Refusal(f"pgbench did not do as asked:\n{printed}")
    return float(found[1])


def _scripts(world: dict[str, Any], joined: list[tuple[str, str]]) -> Iterator[str]:
    """Single-row inserts of the same mix of shapes, words and modes that the API gets, each for another response."""
    rng = np.random.default_rng(3)
    drawn = shapes(kinds_of(PGBENCH_SCRIPTS), seed=2)
    for number, (kind, geometry) in enumerate(zip(drawn.kinds.tolist(), drawn.geometries, strict=True)):
        category = categories_of(world)[kind][number % 5]
        mode = category["modes"][rng.integers(2)] if category["modes"] else ""
        comment = COMMENTS[rng.integers(len(COMMENTS))]
        answers = '{"skoleveg_trygghet": "4"}' if category["code"] == "skoleveg" else "{}"
        response = joined[number * 7 % len(joined)][0]
        yield (
            f"INSERT INTO {PEER_TABLE} (id, response_id, survey_id, category_id, kind, geom, mode, comment, comment_state,"  # noqa: S608  # own values
            " published_comment, answers, rev, sha256, week) VALUES (gen_random_uuid(),"
            f" '{response}', '{world['survey']}', {category['id']}, '{kind}', '{_ewkb(geometry)}',"
            f" '{mode}', '{comment}', 'held', '', '{answers}', 1, '\\x{rng.bytes(32).hex()}', date_trunc('week', current_date)::date);\n"
        )


def _ewkb(geometry: Any) -> str:
    return str(shapely.to_wkb(shapely.set_srid(geometry, 4326), hex=True, include_srid=True))
