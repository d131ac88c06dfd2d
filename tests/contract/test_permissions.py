"""The grid: who may do what in which state of a survey; and nobody of another municipality finds anything.

Each row is one action; each cell the four statuses for a survey that is a draft, open, closed and deleted, or one for all four.
"login" is a redirect to the login page, 302 one to anywhere else. A URL without a row fails test_every_url_has_a_row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from analysis.exports import FORMATS
from mapping.models import Mark
from mapping.services import state_of
from tests.conftest import a_place
from tests.contract import world as worlds
from tests.contract.world import ACTORS, HEADERS, SIGNED_IN, STATES, Objects, World

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

Body = Callable[[Objects], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One action: what is called, on which objects, and what each actor gets."""

    method: str
    name: str
    on: tuple[str, ...] = ()
    body: Body | None = None
    query: str = ""
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The row as it is named in a report."""
        return f"{self.method} {self.name}{self.query} {' '.join(self.on)}".strip()

    def expected(self, actor: str) -> tuple[str, ...]:
        """The actor's four statuses: its own cell, or that of all who are signed in, or have a header, or of everyone."""
        group = "signed_in" if actor in SIGNED_IN else "header" if actor in HEADERS else "anonymous"
        fallback = [group, "anonymous", "everyone"] if group == "header" else [group, "everyone"]
        cell = next(self.cells[key] for key in (actor, *fallback) if key in self.cells)
        statuses = tuple(cell.split())
        return statuses * 4 if len(statuses) == 1 else statuses


def _row(title: str, *on: str, others: dict[str, str] | None = None, body: Body | None = None, query: str = "", **cells: str) -> Row:
    method, name = title.split()
    return Row(method, name, on, body, query, {**(others or {}), **cells})


def _place(_: Objects) -> dict[str, Any]:
    return a_place()


def _answers(_: Objects) -> dict[str, Any]:
    return {"rev": 1, "answers": {"dager_ute": 3}}


def _dropped(objects: Objects) -> dict[str, Any]:
    return {"decision": "drop", "seen": state_of(Mark.objects.get(pk=objects.mark))}


def _theme(_: Objects) -> dict[str, Any]:
    return {"label_nb": "Veger", "icon": "way", "colour": "#1d4ed8"}


def _named(_: Objects) -> dict[str, Any]:
    return {"name": "Kretser", "source": "Kommunen", "name_field": ""}


def _code(objects: Objects) -> dict[str, Any]:
    return {"code": objects.code}


def _receipt(objects: Objects) -> dict[str, Any]:
    return {"code": objects.receipt}


# what a planner of the municipality reads: teachers, politicians and the operator know of the survey, but may not read marks
READS = {"anonymous": "login", "tor": "404 403 403 404", "pol": "404 403 403 404", "ole": "403 403 403 404", "signed_in": "404"}
# who may know that a survey exists
KNOWS = READS | dict.fromkeys(("tor", "pol"), "404 200 200 404") | dict.fromkeys(("ole", "pia"), "200 200 200 404")
READS_OR_KEY = {**READS, "anonymous": "401", "key": "200 200 200 404", "kais_key": "404"}
TEACHES = {"anonymous": "login", "signed_in": "404"}
OWN = {"everyone": "401"}
DRAWS_FOR = {**TEACHES, **dict.fromkeys(("tor", "pia", "ole"), "404 200 200 404")}
DRAW_FOR_WHEN_OPEN = dict.fromkeys(("tor", "pia", "ole"), "404 302 403 404")

AREA = "5.324,60.378%205.326,60.378%205.326,60.38"

GRID = [
    # the front door
    _row("GET home", everyone="200"),
    _row("GET favicon", everyone="302"),
    _row("GET health", everyone="200"),
    _row("GET login", everyone="200", signed_in="302"),
    _row("POST logout", everyone="302"),
    # pupils: anybody may try a code, only the response's own token writes
    _row("GET mapping:draw", everyone="200"),
    _row("GET mapping:worker", everyone="200"),
    _row("GET mapping:manifest", everyone="200"),
    # the receipt is all that is asked for; a deleted survey's answers are read and withdrawn, not changed
    _row("GET mapping:own-answers", everyone="200"),
    _row("POST mapping:own-answers", body=_receipt, everyone="200"),
    _row("POST api:take_up", body=_receipt, everyone="200 200 200 403"),
    _row("GET mapping:basemap", "basemap", everyone="200"),
    _row("GET api:openapi-json", everyone="200"),
    _row("GET api:api-root", everyone="404"),
    _row("GET api:bundle", "survey", everyone="404 200 200 404"),
    _row("POST api:join", body=_code, everyone="404 201 404 404"),
    _row("PUT api:put_mark", "response", "new", body=_place, others=OWN, ada="201 201 201 403"),
    _row("DELETE api:delete_mark", "response", "mark", query="?rev=2", others=OWN, ada="204 204 204 403"),
    _row("PUT api:put_answers", "response", body=_answers, others=OWN, ada="201 201 201 403"),
    _row("POST api:pulse", "response", body=lambda _: {"unsent": 1}, others=OWN, ada="200"),
    _row("POST api:finish", "response", others=OWN, ada="200 200 200 403"),
    # one's own words may be read and withdrawn whatever has become of the survey
    _row("GET api:get_response", "response", others=OWN, ada="200"),
    _row("DELETE api:withdraw", "response", others=OWN, ada="204"),
    # the teacher of the school
    _row("GET surveys:teacher", anonymous="login", signed_in="200"),
    _row("GET surveys:class-group", "class_group", others=TEACHES, tor="404 200 200 404"),
    _row("POST surveys:start-lesson", "class_group", others=TEACHES, tor="404 302 403 404"),
    _row("GET surveys:lesson", "lesson", others=TEACHES, tor="404 200 200 404"),
    _row("GET surveys:lesson-seats", "lesson", others=TEACHES, tor="404 200 200 404"),
    _row("POST surveys:pause-lesson", "lesson", others=TEACHES, tor="404 302 302 404"),
    _row("GET mapping:rescue", "lesson", others=TEACHES, tor="404 200 200 404"),
    _row("POST mapping:rescue", "lesson", others=TEACHES, tor="404 422 422 404"),
    # Ada is done and has told of nothing unsent, so that nothing is asked first
    _row("POST surveys:end-lesson", "lesson", others=TEACHES, tor="404 302 302 404"),
    _row("GET surveys:reset-seat", "lesson", "seat", others=TEACHES, tor="404 200 200 404"),
    _row("POST surveys:reset-seat", "lesson", "seat", others=TEACHES, tor="404 302 302 404"),
    _row("POST surveys:restore-seat", "lesson", "seat", others=TEACHES, tor="404 302 302 404"),
    *(_row(f"GET surveys:{name}", "class_group", others=TEACHES, tor="404 200 200 404") for name in ("lesson-plan", "code-sheet")),
    *(_row("GET surveys:sheet", "class_group", name, others=TEACHES, tor="404 200 200 404") for name in ("brev", "samtale")),
    _row("GET followup:class-map", "class_group", others=TEACHES, tor="404 200 200 404"),
    _row("GET followup:paper-sheet", "class_group", others=TEACHES, tor="404 200 200 404"),
    # drawing for children: the class's teacher, and those who plan or keep the municipality
    _row("GET surveys:draw-for", "class_group", others=DRAWS_FOR),
    _row("POST surveys:draw-for", "class_group", body=lambda _: {"way": "papirark"}, others=DRAWS_FOR | DRAW_FOR_WHEN_OPEN),
    # the planner of the municipality
    _row("GET surveys:new-survey", anonymous="login", signed_in="403", pia="200", kai="200"),
    _row("GET surveys:setup", "survey", others=READS, pia="200 200 200 404"),
    _row("POST surveys:set-languages", "survey", body=lambda _: {"languages": "nb"}, others=READS, pia="302 302 302 404"),
    _row("POST surveys:change-state", "survey", body=lambda _: {"action": "delete", "confirmed": "1"}, others=READS, pia="302 302 302 404"),
    _row("GET surveys:edit-sheets", "survey", others=READS, pia="200 200 200 404"),
    _row("POST surveys:edit-sheets", "survey", body=lambda _: {"contact": "Pia"}, others=READS, pia="302 302 302 404"),
    # the editor: a survey's parts
    *(
        _row(f"GET editor:{name}", "survey", *code, others=READS, pia="200 200 200 404")
        for name, *code in (
            ("content",),
            ("new-category",),
            ("new-question",),
            ("new-theme",),
            ("category", "leke"),
            ("question", "arstid"),
            ("theme", "way"),
            ("area",),
            ("rules",),
            ("schools",),
        )
    ),
    _row("POST editor:theme", "survey", "way", body=_theme, others=READS, pia="302 302 302 404"),
    _row("POST editor:change-part", "survey", "kategori", "leke", body=lambda _: {"action": "skjul"}, others=READS, pia="302 302 302 404"),
    _row("POST editor:area", "survey", body=lambda _: {"way": "kommune"}, others=READS, pia="302 302 302 404"),
    _row("POST editor:copy", "survey", others=READS, pia="302 302 302 404"),
    # a look with a pupil's eyes: for everybody who may know of the survey
    _row("GET editor:preview", "survey", others=KNOWS),
    _row("GET surveys:access-tokens", anonymous="login", signed_in="403", pia="200", kai="200"),
    _row("POST surveys:revoke-token", "pias_key", anonymous="login", signed_in="404", pia="302"),
    _row("GET mapping:words", "survey", others=READS, pia="200 200 200 404"),
    _row("POST mapping:judge", "survey", "mark", body=_dropped, others=READS, pia="302 302 302 404"),
    _row("POST mapping:undo", "survey", "judgement", others=READS, pia="302 302 302 404"),
    _row("GET mapping:judgements", "survey", others=READS, pia="200 200 200 404"),
    _row("GET analysis:surveys", anonymous="login", signed_in="200"),
    _row("GET analysis:workbench", "survey", others=READS, pia="200 200 200 404"),
    _row("POST analysis:areas", "survey", others=READS, pia="302 302 302 404"),
    _row("GET analysis:area-choices", "survey", others=READS_OR_KEY, pia="200 200 200 404"),
    _row("GET analysis:area-outline", "survey", query=f"?area={AREA}", others=READS_OR_KEY, pia="200 200 200 404"),
    # saved views: all of the municipality's planners have them
    _row("GET analysis:saved-views", "survey", others=READS, pia="200 200 200 404"),
    _row("POST analysis:save-view", "survey", body=lambda _: {"name": "Ny", "query": "kind=route"}, others=READS, pia="302 302 302 404"),
    _row("GET analysis:saved-view", "survey", "saved_view", others=READS, pia="302 302 302 404"),
    _row("POST analysis:rename-view", "survey", "saved_view", body=lambda _: {"name": "Ny"}, others=READS, pia="302 302 302 404"),
    _row("POST analysis:delete-view", "survey", "saved_view", others=READS, pia="302 302 302 404"),
    _row("GET analysis:summary", "survey", others=READS_OR_KEY, pia="200 200 200 404"),
    _row("GET analysis:marks", "survey", others=READS_OR_KEY, pia="200 200 200 404"),
    *(
        _row(f"GET analysis:{name}", "survey", others=READS_OR_KEY, pia="200 200 200 404")
        for name in ("hexagons", "spots", "streets", "difference", "within")
    ),
    *(_row("GET analysis:export", "survey", kind, others=READS_OR_KEY, pia="200 200 200 404") for kind in FORMATS),
    # the tile of zoom 10 that the study area lies in
    _row("GET analysis:tile", "survey", "10", "527", "295", others=READS_OR_KEY, pia="200 200 200 404"),
    _row("GET analysis:heat", "survey", others=READS_OR_KEY, pia="200 200 200 404"),
    # OGC API: what tells of no survey is for everybody; a header that is no access token is refused
    *(_row(f"GET ogc:{name}", everyone="200") for name in ("landing", "conformance", "api", "tile-schemes", "tile-scheme")),
    _row("GET ogc:collections", everyone="200", ada="401", bo="401"),
    *(
        _row(f"GET ogc:{name}", "places", others=READS_OR_KEY, pia="200 200 200 404")
        for name in ("collection", "items", "tilesets", "tileset")
    ),
    # the tile of zoom 10 that the study area lies in
    _row("GET ogc:tile", "places", "10", "295", "527", others=READS_OR_KEY, pia="200 200 200 404"),
    # publishing: not before the survey has been open
    _row("GET analysis:turnout", "survey", others=READS, pia="200 200 200 404"),
    _row("GET analysis:turnout-csv", "survey", others=READS_OR_KEY, pia="200 200 200 404"),
    _row("GET analysis:publishing", "survey", others=READS, pia="403 200 200 404"),
    _row("POST analysis:make-draft", "survey", others=READS, pia="403 302 302 404"),
    _row("GET analysis:publish", "survey", "draft_release", others=READS, pia="403 200 200 404"),
    _row("POST analysis:publish", "survey", "draft_release", others=READS, pia="403 302 302 404"),
    _row("GET analysis:withdraw", "survey", "public_release", others=READS, pia="403 200 200 404"),
    _row("POST analysis:withdraw", "survey", "public_release", others=READS, pia="403 302 302 404"),
    _row("GET analysis:crosstab", "survey", others=READS, pia="200 200 200 404"),
    _row("GET analysis:spoken-words", "survey", others=READS, pia="200 200 200 404"),
    _row("GET analysis:school-ways", "survey", others=READS, pia="200 200 200 404"),
    _row("GET analysis:crosstab-csv", "survey", others=READS_OR_KEY, pia="200 200 200 404"),
    # plan cases: the planner's of the municipality, whatever has become of a survey
    _row("GET analysis:plans", anonymous="login", signed_in="403", pia="302", kai="302"),
    *(
        _row(f"GET analysis:{name}", "4601", query=f"?area={AREA}", anonymous="login", signed_in="403", pia="200", kai="404")
        for name in ("plan", "plan-marks")
    ),
    _row("POST analysis:plan", "4601", anonymous="login", signed_in="403", pia="422", kai="404"),
    # the municipality's layers: the planner's, whatever has become of a survey
    _row("GET analysis:layers-home", anonymous="login", signed_in="403", pia="302", kai="302"),
    _row("GET analysis:layers", "4601", anonymous="login", signed_in="403", pia="200", kai="404"),
    _row("POST analysis:layers", "4601", anonymous="login", signed_in="403", pia="422", kai="404"),
    *(
        _row(f"GET analysis:{name}", "4601", "layer", anonymous="login", signed_in="403", pia="200", kai="404")
        for name in ("layer", "layer-things", "delete-layer")
    ),
    _row("POST analysis:layer", "4601", "layer", body=_named, anonymous="login", signed_in="403", pia="302", kai="404"),
    _row("POST analysis:replace-layer", "4601", "layer", anonymous="login", signed_in="403", pia="422", kai="404"),
    # gone with the first of the four
    _row("POST analysis:delete-layer", "4601", "layer", anonymous="login", signed_in="403", pia="302 404 404 404", kai="404"),
    # everybody: releases, until they are withdrawn or their survey deleted; drafts are for the municipality's planners and politicians
    _row("GET followup:releases", everyone="200"),
    _row("GET followup:release", "public_release", everyone="200 200 200 404"),
    _row("GET followup:release", "draft_release", everyone="404", pia="200 200 200 404", pol="200 200 200 404"),
    _row("GET followup:release", "withdrawn_release", everyone="410 410 410 404"),
    _row("GET followup:cells", "public_release", everyone="200 200 200 404"),
    _row("GET followup:cells", "draft_release", everyone="404", pia="200 200 200 404", pol="200 200 200 404"),
    _row("GET followup:cells", "withdrawn_release", everyone="410 410 410 404"),
    *(
        row
        for extension in ("gml", "gpkg")
        for row in (
            _row("GET followup:national", "public_release", extension, everyone="200 200 200 404"),
            _row("GET followup:national", "draft_release", extension, everyone="404"),
            _row("GET followup:national", "withdrawn_release", extension, everyone="410 410 410 404"),
        )
    ),
    # the admin: operators and planners, behind whose door tests/surveys/test_admin.py looks
    _row("GET admin:index", everyone="302", pia="200", kai="200", ole="200"),
]

# URLs without a row, each with its reason.
EXCEPTIONS = {
    "ogc:item": "a mark by an id that is lent to one reader for a day; tested in tests/analysis/ogc/test_features.py",
    "mapping:recording": "what a pupil's tablet plays, known to nobody in person; only with a file, and tested with one in tests/mapping",
    "mapping:survey-map": "the basemap's part for a survey, public as the whole is; only with a PMTiles file, and tested in tests/mapping",
    "mapping:admin-ground": "the ground of the admin's maps, for the operator; tested in tests/mapping/test_admin_ground.py",
    "followup:class-ground": "the same picture below a class's map; tested in tests/followup/test_class_views.py",
    "followup:paper-ground": "the same picture on the paper sheet; tested in tests/followup/test_class_views.py",
    "followup:ground": "a picture of the basemap below a release; only with a PMTiles file, and tested with one in tests/followup",
}
ADMIN = "admin:"
"""Django's own pages below admin:index follow roles, too: the tables below, their rows in tests/surveys/test_admin.py."""

PUBLIC = {"mapping:basemap", "api:bundle", "followup:release", "followup:cells", "followup:national"}
"""Rows whose objects have no owner: what a pupil's tablet loads before anyone is known, and what is published."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world, made once for all cells; each test's changes are rolled back to here, and this in the end."""
    folder: Path = tmp_path_factory.mktemp("basemaps")
    with django_db_blocker.unblock(), override_settings(BASEMAP_ROOT=folder), transaction.atomic():
        yield worlds.build(folder)
        transaction.set_rollback(True)


def _call(row: Row, world: World, actor: str, state: str) -> "Answer":
    objects = world.objects[state]
    named = {"new": uuid4(), "basemap": world.basemap, "pias_key": world.pias_key, "layer": world.layer}
    # a word that names none of our objects is part of the address as it is: export.gpkg
    url = reverse(row.name, args=[named.get(name) or getattr(objects, name, name) for name in row.on]) + row.query
    send = getattr(world.client(actor, state), row.method.lower())
    body = row.body(objects) if row.body else None
    if not row.name.startswith("api:"):
        answer: Answer = send(url, body or {}, headers={"Accept": "text/html"})
    elif body is None:
        answer = send(url)
    else:
        answer = send(url, orjson.dumps(body), content_type="application/json")
    if answer.streaming:
        answer.getvalue()  # reads to the end, which closes the file behind it
    return answer


def _status(answer: "Answer") -> str:
    if answer.status_code == 302 and answer["Location"].startswith(reverse("login")):
        return "login"
    return str(answer.status_code)


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("row", GRID, ids=lambda row: row.title)
def test_an_actor_gets_what_the_grid_says(world: World, row: Row, actor: str) -> None:
    got = dict(zip(STATES, (_status(_call(row, world, actor, state)) for state in STATES), strict=True))
    assert got == dict(zip(STATES, row.expected(actor), strict=True))


@pytest.mark.parametrize("row", [row for row in GRID if row.on and row.name not in PUBLIC], ids=lambda row: row.title)
def test_nobody_of_another_municipality_finds_what_has_an_id(world: World, row: Row) -> None:
    """The tenant walk: the planner of another municipality, by session and by key, whatever the state."""
    for actor in ("kai", "kais_key"):
        for state in STATES:
            answer = _call(row, world, actor, state)
            is_session_page = actor == "kais_key" and _status(answer) == "login"
            nobody_s_token = answer.status_code == 401
            assert answer.status_code == 404 or is_session_page or nobody_s_token, (actor, state, answer.status_code)
            assert "Bergen" not in answer.content.decode()


def test_the_other_planner_is_a_planner_at_home(world: World) -> None:
    kai = world.client("kai", "open")
    for name in ("surveys:setup", "mapping:words", "mapping:judgements", "analysis:workbench", "analysis:marks"):
        assert kai.get(reverse(name, args=[world.kais.survey])).status_code == 200


def test_an_id_of_another_survey_is_not_found_below_one_s_own(world: World) -> None:
    url = reverse("mapping:judge", args=[world.objects["open"].survey, world.kais.mark])
    assert world.client("pia", "open").post(url, {"decision": "drop"}).status_code == 404
    url = reverse("mapping:undo", args=[world.objects["open"].survey, world.kais.judgement])
    assert world.client("pia", "open").post(url).status_code == 404
    school_elsewhere = {"school": str(world.kais.survey)}
    url = reverse("analysis:marks", args=[world.objects["open"].survey])
    assert world.client("pia", "open").get(url, school_elsewhere).status_code == 400


def test_a_receipt_reads_and_withdraws_in_every_state_and_writes_no_mark(world: World) -> None:
    for state in STATES:
        objects = world.objects[state]
        client = world.client("anonymous", state)
        headers = {"Authorization": f"Receipt {objects.receipt}"}
        url = reverse("api:get_response", args=[objects.response])
        mark = reverse("api:put_mark", args=[objects.response, uuid4()])
        assert client.put(mark, orjson.dumps(a_place()), content_type="application/json", headers=headers).status_code == 401
        assert client.get(url, headers=headers).status_code == 200
        assert client.delete(url, headers=headers).status_code == 204


def test_the_admin_shows_an_operator_the_tables_of_operating_and_no_other(world: World) -> None:
    tables = [name for _, name in _urls() if name.startswith("admin:") and name.endswith("_changelist")]
    assert len(tables) > 8

    def shown(actor: str) -> set[str]:
        client = world.client(actor, "open")
        return {name.removeprefix("admin:").removesuffix("_changelist") for name in tables if client.get(reverse(name)).status_code == 200}

    words = {"surveys_category", "surveys_question"}
    operated = {"surveys_municipality", "surveys_school", "surveys_layer", "surveys_user", "surveys_accesstoken", "mapping_basemap"}
    read_only = {"mapping_judgement"}
    assert shown("ole") == operated | words | read_only
    assert shown("pia") == shown("kai") == words | read_only
    assert shown("pol") == shown("tor") == set()


def _urls() -> Iterator[tuple[str, str]]:
    """Every URL of the site as (route, name)."""

    def walk(patterns: list[URLPattern | URLResolver], route: str, namespace: str) -> Iterator[tuple[str, str]]:
        for entry in patterns:
            here = route + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, here, f"{entry.namespace}:" if entry.namespace else namespace)
            else:
                yield here, f"{namespace}{entry.name or ''}"

    yield from walk(get_resolver().url_patterns, "", "")


def test_every_url_has_a_row() -> None:
    rows = {row.name for row in GRID}
    without = {f"{name} ({route})" for route, name in _urls() if name not in rows | set(EXCEPTIONS) and not name.startswith(ADMIN)}
    assert without == set(), "add a row to GRID, or a reason to EXCEPTIONS"
    assert not rows & set(EXCEPTIONS)


def test_every_row_and_every_exception_is_a_url_that_exists() -> None:
    names = {name for _, name in _urls()}
    assert {row.name for row in GRID} | set(EXCEPTIONS) | PUBLIC <= names


def test_only_rows_without_an_owner_are_public() -> None:
    for row in GRID:
        if row.on and row.name not in PUBLIC:
            assert set(row.expected("kai")) <= {"404", "401"}, row.title
