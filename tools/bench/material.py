"""A survey full of marks, as many as asked for and always the same: written with COPY, since the API would take hours."""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tools.bench.database import Connection, Database, own_database, remember, run_quiet
from tools.bench.shapes import kinds_of, shapes
from tools.devkit.console import step
from tools.devkit.paths import PYTHON, ROOT

MARKS_EACH = 20
PUPILS_A_CLASS = 25
AT_ONCE = 100_000
FIRST_WEEK = date(2026, 8, 17)
WEEKS = 12
WORDS = (
    "Her er det gøy å leke",
    "Bilene kjører altfor fort her, og det er ikke noe gangfelt",
    "Mørkt om kvelden",
    'Vi møtes ved "steinen" og sykler sammen til trening; det er best om våren',
    "Fint å ake når det er snø",
)
COMMENTED, RELEASED = 0.4, 0.6
"""Of the marks so many have words, and of those so many are released."""


def filled(server_url: str, *, marks: int, only_places: bool = False) -> tuple[Database, dict[str, Any]]:
    """A database with one survey of so many marks, made once and kept; and what world.py tells of it."""
    sources = [Path(__file__), Path(__file__).with_name("shapes.py"), Path(__file__).with_name("world.py")]
    sources += sorted(path for app in ("surveys", "mapping") for path in (ROOT / app / "migrations").glob("0*.py"))
    fingerprint = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    name = f"trakk_bench_{'places' if only_places else 'marks'}_{marks}"
    database, is_new = own_database(server_url, name, fingerprint=fingerprint)
    if not is_new:
        kept: dict[str, Any] = json.loads(database.rows("SELECT text FROM bench_world")[0][0])
        return database, kept
    world = make_world(database, classes=-(-marks // (MARKS_EACH * PUPILS_A_CLASS)))
    step(f"drawing {marks} marks")
    with database.connect() as connection:
        _fill(connection, world, ["place"] * marks if only_places else kinds_of(marks))
        connection.execute("CREATE TABLE bench_world (text text)")
        connection.execute("INSERT INTO bench_world VALUES (%s)", [json.dumps(world)])
    remember(database, fingerprint)
    return database, world


def make_world(database: Database, *, classes: int, has_open_lessons: bool = False) -> dict[str, Any]:
    """The tables, and a town in them; what world.py tells of it."""
    step(f"making a town with {classes} classes")
    options = ["--open-lessons"] if has_open_lessons else []
    command = [PYTHON, "-m", "tools.bench.world", "--classes", str(classes), *options]
    made: dict[str, Any] = json.loads(run_quiet(command, env=os.environ | {"DATABASE_URL": database.url}, cwd=ROOT))
    return made


def _fill(connection: Connection, world: dict[str, Any], kinds: list[str]) -> None:
    rng = np.random.default_rng(11)
    pupils = -(-len(kinds) // MARKS_EACH)
    children = _uuids(rng, pupils)
    with connection.cursor() as cursor:
        columns = "id, survey_id, class_group_id, seat, answers, answers_rev, joined_at, writable_until"
        with cursor.copy(f"COPY surveys_response ({columns}) FROM STDIN") as copy:
            for number, child in enumerate(children):
                group, seat = divmod(number, PUPILS_A_CLASS)
                joined = FIRST_WEEK.isoformat()
                copy.write_row((child, world["survey"], world["groups"][group], seat, "{}", 0, joined, joined))
        columns = "id, response_id, survey_id, category_id, kind, geom, mode, comment, comment_state, published_comment"
        columns += ", answers, rev, sha256, week"
        with cursor.copy(f"COPY mapping_mark ({columns}) FROM STDIN") as copy:
            for first in range(0, len(kinds), AT_ONCE):
                for row in _rows(world, kinds[first : first + AT_ONCE], children, first, rng):
                    copy.write(row)
                if first:
                    step(f"{first} marks so far")


def _rows(world: dict[str, Any], kinds: list[str], children: list[str], first: int, rng: np.random.Generator) -> Iterator[str]:
    """COPY's text lines. Marks lie in the order of the children, as they do when classes come one after the other."""
    drawn = shapes(kinds, seed=first + 1)
    wkb = shapely.to_wkb(shapely.set_srid(drawn.geometries, 4326), hex=True, include_srid=True)
    categories = {kind: [each for each in world["categories"] if each["kind"] == kind] for kind in set(kinds)}
    marks = _uuids(rng, len(kinds))
    dice = rng.random((len(kinds), 4))
    for number, (kind, shape, mark) in enumerate(zip(kinds, wkb, marks, strict=True)):
        category = categories[kind][int(dice[number, 0] * len(categories[kind]))]
        mode = category["modes"][int(dice[number, 1] * 4)] if category["modes"] else ""
        comment = WORDS[number % len(WORDS)] if dice[number, 2] < COMMENTED else ""
        released = comment if dice[number, 2] < COMMENTED * RELEASED else ""
        answers = '{"skoleveg_trygghet": "4"}' if category["code"] == "skoleveg" else "{}"
        week = FIRST_WEEK + timedelta(weeks=int(dice[number, 3] * WEEKS))
        digest = "\\\\x" + mark.replace("-", "") * 2
        state = "released" if released else "held"
        fields = (
            mark,
            children[(first + number) // MARKS_EACH],
            world["survey"],
            category["id"],
            kind,
            shape,
            mode,
            comment,
            state,
            released,
        )
        yield "\t".join(map(str, (*fields, answers, 1, digest, week))) + "\n"


def _uuids(rng: np.random.Generator, count: int) -> list[str]:
    """Version 4, as text; numpy draws them all at once."""
    raw: NDArray[np.uint8] = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    texts = raw.tobytes().hex()
    return [f"{t[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}" for t in (texts[at : at + 32] for at in range(0, 32 * count, 32))]
