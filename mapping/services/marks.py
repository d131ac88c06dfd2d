"""Storing and deleting one mark, so that thirty tablets at once are nothing to fear.

The order of things is the promise: everything is checked before anything is written; one `INSERT … ON CONFLICT` decides which
revision wins (in the database's function mapping_put_mark, migration 0004); the caller answers after the commit.

A mark is nearly always right, and its response nearly always known from the one before. Then one statement is all: it looks at
what may have changed (time, survey, limits, tombstone) and writes. If anything is not as it should be, nothing is written, and
the same mark is looked at again step by step, which finds the reason in its fixed order. Source: docs/decisions/020.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.utils import timezone

from mapping.geojson import Feature, kind_of, read_geometry
from mapping.services.study_areas import SurveyRow, remember_survey, remembered_survey, study_area
from surveys.answers import check_answers
from surveys.errors import (
    DomainError,
    InvalidAnswer,
    InvalidGeometry,
    MarkDeleted,
    RevisionConflict,
    SurveyClosed,
    TokenRefused,
    TooManyMarks,
)
from surveys.models import Kind, Question, Survey

_PUT_SQL = """
SELECT mapping_put_mark(%(mark)s, %(response)s, %(survey_row)s, %(category)s, %(kind)s, %(wkb)s, %(mode)s, %(comment)s,
                        %(answers)s, %(rev)s::integer, %(sha256)s, %(week)s, %(now)s)
"""

_CONTEXT_SQL = """
SELECT s.id, s.xmin::text || s.ctid::text, s.status, s.max_marks, r.writable_until,
       c.id, c.kind, c.modes, c.max_per_response,
       (SELECT count(*) FROM mapping_mark m WHERE m.response_id = r.id AND m.id <> %(mark)s),
       (SELECT count(*) FROM mapping_mark m WHERE m.response_id = r.id AND m.id <> %(mark)s AND m.category_id = c.id)
FROM surveys_response r
JOIN surveys_survey s ON s.id = r.survey_id
LEFT JOIN surveys_category c ON c.survey_id = s.id AND c.code = %(category)s
WHERE r.id = %(response)s
"""

_WHY_NOT_SQL = """
SELECT m.response_id, m.rev, m.sha256, NULL FROM mapping_mark m WHERE m.id = %(mark)s
UNION ALL
SELECT NULL, NULL, NULL, t.rev FROM mapping_tombstone t WHERE t.id = %(mark)s
"""


@dataclass(frozen=True)
class Receipt:
    """What is stored: the only thing that means "safe". is_new says that the mark was not there before."""

    id: UUID
    rev: int
    sha256: bytes
    is_new: bool = False

    def as_json(self) -> dict[str, Any]:
        """The receipt as the capture API gives it."""
        return {"id": str(self.id), "rev": self.rev, "sha256": self.sha256.hex()}


@dataclass(frozen=True)
class _Context:
    survey: SurveyRow
    category_id: int
    kind: Kind
    modes: list[str]


def put_mark(*, response_id: UUID, mark_id: UUID, feature: Feature, sha256: bytes) -> Receipt:
    """Store or replace one mark; the newest revision wins and the same again is the same.

    Raises TokenRefused (no such response), SurveyClosed, InvalidAnswer, InvalidGeometry, OutsideStudyArea, TooManyMarks,
    RevisionConflict (same revision, other body) or MarkDeleted.
    """
    values: dict[str, Any] = {
        "mark": mark_id,
        "response": response_id,
        "category": feature.category,
        "mode": feature.mode or "",
        "comment": feature.comment or "",
        "rev": feature.rev,
        "sha256": sha256,
        "week": _monday(timezone.localdate()),
        "now": timezone.now(),  # one clock, ours, decides what is late in both ways of looking
    }
    return _put_at_once(feature, values) or _put_step_by_step(feature, values)


def _put_at_once(feature: Feature, values: dict[str, Any]) -> Receipt | None:
    """Store a mark in which nothing is wrong, of a response that is known; None when nothing was written."""
    survey = remembered_survey(values["response"])
    kind = kind_of(feature.geometry)
    if survey is None or kind is None:
        return None
    try:
        geometry = _geometry(feature, kind, survey)
        answers = _answers(feature, category__survey=survey.survey_id, category__code=feature.category)
    except DomainError:
        return None
    return _put(values, survey_row=survey.row, kind=kind, geometry=geometry, answers=answers)


@transaction.atomic
def _put_step_by_step(feature: Feature, values: dict[str, Any]) -> Receipt:
    """Store a mark, or raise what is wrong with it."""
    context = _context(values["response"], values["mark"], feature.category)
    if feature.mode and feature.mode not in context.modes:
        allowed = ", ".join(context.modes) or "ingen for denne kategorien"
        raise InvalidAnswer(f"Transportmiddelet {feature.mode[:40]!r} finnes ikke her. Tillatt: {allowed}.", pointer="/properties/mode")
    geometry = _geometry(feature, context.kind, context.survey)
    answers = _answers(feature, category=context.category_id)
    remember_survey(values["response"], context.survey)
    return _put(values, survey_row=None, kind=context.kind, geometry=geometry, answers=answers) or _stored_instead(values)


def _put(
    values: dict[str, Any], *, survey_row: str | None, kind: str, geometry: GEOSGeometry | None, answers: dict[str, Any]
) -> Receipt | None:
    """Run the statement that decides; None when it wrote nothing. Outside a transaction it is one, committed when this returns."""
    found = {
        "survey_row": survey_row,
        "kind": str(kind),
        "wkb": bytes(geometry.wkb) if geometry else None,
        "answers": orjson.dumps(answers).decode(),
    }
    connection.ensure_connection()
    # Not Django's cursor, which writes the values into the text: the server would parse and plan every mark anew.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(_PUT_SQL, values | found, prepare=True, binary=True).fetchone()
    is_new: bool | None = row[0] if row else None
    return None if is_new is None else Receipt(values["mark"], values["rev"], values["sha256"], is_new)


@transaction.atomic
def delete_mark(*, response_id: UUID, mark_id: UUID, rev: int) -> None:
    """Delete a mark up to a revision and leave a tombstone; deleting what is not there is deleted too.

    RevisionConflict when a newer revision is stored, TokenRefused when there is no such response.
    """
    _require_delivery(response_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(mark_id)])
        cursor.execute("SELECT response_id, rev FROM mapping_mark WHERE id = %s", [mark_id])
        if row := cursor.fetchone():
            if row[0] != response_id:
                raise RevisionConflict("Merket hører til et annet svarsett.", code="mark-of-another")
            if row[1] > rev:
                raise RevisionConflict(f"En nyere utgave ({row[1]}) er lagret; slettingen gjaldt utgave {rev}.", rev=row[1])
            cursor.execute("DELETE FROM mapping_mark WHERE id = %s", [mark_id])
        cursor.execute(
            "INSERT INTO mapping_tombstone AS t (id, rev, deleted_on) VALUES (%s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET rev = greatest(t.rev, excluded.rev)",
            [mark_id, rev, timezone.localdate()],
        )


def _context(response_id: UUID, mark_id: UUID, category: str) -> _Context:
    with connection.cursor() as cursor:
        cursor.execute(_CONTEXT_SQL, {"mark": mark_id, "response": response_id, "category": category})
        row = cursor.fetchone()
    if row is None:
        raise TokenRefused("Svarsettet finnes ikke lenger.")
    survey_id, survey_row, status, max_marks, until, category_id, kind, modes, most, marks, alike = row
    _require_open(status, until)
    if category_id is None:
        raise InvalidAnswer(f"Kategorien {category[:40]!r} finnes ikke i denne undersøkelsen.", pointer="/properties/category")
    if alike >= most:
        raise TooManyMarks(f"Du har alt {alike} av denne. Slett en hvis du vil lage en ny.", pointer="/properties/category")
    if marks >= max_marks:
        raise TooManyMarks(f"Du har alt {marks} merker på kartet, og det er det meste vi kan ta imot.")
    return _Context(SurveyRow(survey_id, survey_row), category_id, Kind(kind), modes)


def _require_delivery(response_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.status, r.writable_until FROM surveys_response r JOIN surveys_survey s ON s.id = r.survey_id WHERE r.id = %s",
            [response_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise TokenRefused("Svarsettet finnes ikke lenger.")
    _require_open(*row)


def _require_open(status: str, writable_until: Any) -> None:
    if status == Survey.Status.DELETED or writable_until < timezone.now():
        raise SurveyClosed("Tida for å svare er ute. Det du har sendt, er trygt.")


def _geometry(feature: Feature, kind: str, survey: SurveyRow) -> GEOSGeometry | None:
    if feature.geometry is None:
        if kind != Kind.ROUTE:
            message = "Et sted eller et område må ha en geometri; bare en veg som er for kort til å kuttes trygt, kan mangle den."
            raise InvalidGeometry(message, code="geometry-missing", pointer="/geometry")
        return None
    return read_geometry(feature.geometry, kind=str(kind), within=study_area(survey))


def _answers(feature: Feature, **of_category: Any) -> dict[str, Any]:
    if not feature.answers:
        return {}
    return check_answers(feature.answers, list(Question.objects.filter(**of_category)), pointer="/properties/answers")


def _stored_instead(values: dict[str, Any]) -> Receipt:
    """Why nothing was written: a replay or an old revision (the stored receipt), another body, a tombstone."""
    with connection.cursor() as cursor:
        cursor.execute(_WHY_NOT_SQL, values)
        rows = cursor.fetchall()
    for response_id, rev, sha256, buried_rev in rows:
        if buried_rev is not None and buried_rev >= values["rev"]:
            raise MarkDeleted(f"Merket er slettet (utgave {buried_rev}).")
        if rev is None:
            continue
        if response_id != values["response"]:
            raise RevisionConflict("Merket hører til et annet svarsett.", code="mark-of-another")
        if rev == values["rev"] and bytes(sha256) != values["sha256"]:
            message = f"Utgave {rev} er alt lagret med et annet innhold. Send endringen som utgave {rev + 1}."
            raise RevisionConflict(message, pointer="/rev", rev=rev)
        return Receipt(values["mark"], rev, bytes(sha256))
    raise RevisionConflict("Merket ble endret samtidig. Prøv igjen.")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
