"""Storing and deleting one mark: at most three statements, so that thirty tablets at once are nothing to fear.

The order of things is the promise: everything is checked before anything is written; one `INSERT … ON CONFLICT` decides which
revision wins; the receipt is read back from the row that is stored; the caller answers after the commit.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.utils import timezone

from mapping.geojson import Feature, StudyArea, read_geometry
from surveys.answers import check_answers
from surveys.crs import STORAGE_SRID
from surveys.errors import InvalidAnswer, InvalidGeometry, MarkDeleted, RevisionConflict, SurveyClosed, TokenRefused, TooManyMarks
from surveys.models import Kind, Question, Survey

_AREAS_KEPT = 64

# The advisory lock lets writes of one mark queue up, so that a deletion and a late copy of the mark cannot pass each other.
# It is taken in a statement of its own snapshot: the next statement sees what the one before us committed.
_CONTEXT_SQL = """
SELECT pg_advisory_xact_lock(hashtextextended(%(mark)s, 0)), s.id, s.status, s.version, s.max_marks, r.writable_until,
       c.id, c.kind, c.modes, c.max_per_response, c.has_questions,
       (SELECT count(*) FROM mapping_mark m WHERE m.response_id = r.id AND m.id <> %(mark)s::uuid),
       (SELECT count(*) FROM mapping_mark m WHERE m.response_id = r.id AND m.id <> %(mark)s::uuid AND m.category_id = c.id)
FROM surveys_response r
JOIN surveys_survey s ON s.id = r.survey_id
LEFT JOIN LATERAL (
    SELECT c.id, c.kind, c.modes, c.max_per_response,
           EXISTS (SELECT 1 FROM surveys_question q WHERE q.category_id = c.id) AS has_questions
    FROM surveys_category c WHERE c.survey_id = s.id AND c.code = %(category)s
) c ON true
WHERE r.id = %(response)s
"""

# Rule 3 of capture: one statement decides. A new comment is held again; the words released before it are taken back.
_PUT_SQL = """
INSERT INTO mapping_mark AS m
    (id, response_id, survey_id, category_id, kind, geom, mode, comment, comment_state, published_comment, answers, rev, sha256, week)
SELECT %(mark)s, %(response)s, %(survey)s, %(category)s, %(kind)s, ST_GeomFromWKB(%(wkb)s, 4326), %(mode)s, %(comment)s, 'held', '',
       %(answers)s, %(rev)s, %(sha256)s, %(week)s
WHERE NOT EXISTS (SELECT 1 FROM mapping_tombstone t WHERE t.id = %(mark)s AND t.rev >= %(rev)s)
ON CONFLICT (id) DO UPDATE SET
    category_id = excluded.category_id, kind = excluded.kind, geom = excluded.geom, mode = excluded.mode,
    comment = excluded.comment, answers = excluded.answers, rev = excluded.rev, sha256 = excluded.sha256,
    comment_state = CASE WHEN m.comment = excluded.comment THEN m.comment_state ELSE 'held' END,
    published_comment = CASE WHEN m.comment = excluded.comment THEN m.published_comment ELSE '' END
WHERE m.rev < excluded.rev AND m.response_id = excluded.response_id
RETURNING (xmax = 0)
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
    survey_id: UUID
    survey_version: int
    category_id: int
    kind: Kind
    modes: list[str]
    has_questions: bool


@transaction.atomic
def put_mark(*, response_id: UUID, mark_id: UUID, feature: Feature, sha256: bytes) -> Receipt:
    """Store or replace one mark; the newest revision wins and the same again is the same.

    Raises TokenRefused (no such response), SurveyClosed, InvalidAnswer, InvalidGeometry, OutsideStudyArea, TooManyMarks,
    RevisionConflict (same revision, other body) or MarkDeleted.
    """
    context = _context(response_id, mark_id, feature.category)
    if feature.mode and feature.mode not in context.modes:
        allowed = ", ".join(context.modes) or "ingen for denne kategorien"
        raise InvalidAnswer(f"Transportmiddelet {feature.mode[:40]!r} finnes ikke her. Tillatt: {allowed}.", pointer="/properties/mode")
    geometry = _geometry(feature, context)
    answers = _answers(feature, context)
    values: dict[str, Any] = {
        "mark": mark_id,
        "response": response_id,
        "survey": context.survey_id,
        "category": context.category_id,
        "kind": str(context.kind),
        "wkb": bytes(geometry.wkb) if geometry else None,
        "mode": feature.mode or "",
        "comment": feature.comment or "",
        "answers": orjson.dumps(answers).decode(),
        "rev": feature.rev,
        "sha256": sha256,
        "week": _monday(timezone.localdate()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PUT_SQL, values)
        row = cursor.fetchone()
        if row is None:
            return _stored_instead(cursor, values)
    return Receipt(mark_id, feature.rev, sha256, is_new=row[0])


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
                raise RevisionConflict(f"En nyere utgave ({row[1]}) er lagret; slettingen gjaldt utgave {rev}.")
            cursor.execute("DELETE FROM mapping_mark WHERE id = %s", [mark_id])
        cursor.execute(
            "INSERT INTO mapping_tombstone AS t (id, rev, deleted_on) VALUES (%s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET rev = greatest(t.rev, excluded.rev)",
            [mark_id, rev, timezone.localdate()],
        )


def _context(response_id: UUID, mark_id: UUID, category: str) -> _Context:
    with connection.cursor() as cursor:
        cursor.execute(_CONTEXT_SQL, {"mark": str(mark_id), "response": response_id, "category": category})
        row = cursor.fetchone()
    if row is None:
        raise TokenRefused("Svarsettet finnes ikke lenger.")
    _, survey_id, status, version, max_marks, until, category_id, kind, modes, most, has_questions, marks, alike = row
    _require_open(status, until)
    if category_id is None:
        raise InvalidAnswer(f"Kategorien {category[:40]!r} finnes ikke i denne undersøkelsen.", pointer="/properties/category")
    if alike >= most:
        raise TooManyMarks(f"Du har alt {alike} av denne. Slett en hvis du vil lage en ny.", pointer="/properties/category")
    if marks >= max_marks:
        raise TooManyMarks(f"Du har alt {marks} merker på kartet, og det er det meste vi kan ta imot.")
    return _Context(survey_id, version, category_id, Kind(kind), modes, has_questions)


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


def _geometry(feature: Feature, context: _Context) -> GEOSGeometry | None:
    if feature.geometry is None:
        if context.kind != Kind.ROUTE:
            message = "Et sted eller et område må ha en geometri; bare en veg som er for kort til å kuttes trygt, kan mangle den."
            raise InvalidGeometry(message, code="geometry-missing", pointer="/geometry")
        return None
    return read_geometry(feature.geometry, kind=str(context.kind), within=_study_area(context.survey_id, context.survey_version))


_areas: OrderedDict[tuple[UUID, int], StudyArea] = OrderedDict()


def _study_area(survey_id: UUID, version: int) -> StudyArea:
    """The prepared study area, kept per process while the survey's version stays the same."""
    key = (survey_id, version)
    if key not in _areas:
        area = Survey.objects.values_list("study_area", flat=True).get(pk=survey_id)
        area.srid = STORAGE_SRID
        _areas[key] = StudyArea(area)
        if len(_areas) > _AREAS_KEPT:
            _areas.popitem(last=False)
    return _areas[key]


def _answers(feature: Feature, context: _Context) -> dict[str, Any]:
    if not feature.answers:
        return {}
    questions = list(Question.objects.filter(category_id=context.category_id)) if context.has_questions else []
    return check_answers(feature.answers, questions, pointer="/properties/answers")


def _stored_instead(cursor: Any, values: dict[str, Any]) -> Receipt:
    """Why nothing was written: a replay or an old revision (the stored receipt), another body, a tombstone."""
    cursor.execute(_WHY_NOT_SQL, values)
    for response_id, rev, sha256, buried_rev in cursor.fetchall():
        if buried_rev is not None and buried_rev >= values["rev"]:
            raise MarkDeleted(f"Merket er slettet (utgave {buried_rev}).")
        if rev is None:
            continue
        if response_id != values["response"]:
            raise RevisionConflict("Merket hører til et annet svarsett.", code="mark-of-another")
        if rev == values["rev"] and bytes(sha256) != values["sha256"]:
            raise RevisionConflict(f"Utgave {rev} er alt lagret med et annet innhold. Send endringen som utgave {rev + 1}.", pointer="/rev")
        return Receipt(values["mark"], rev, bytes(sha256))
    raise RevisionConflict("Merket ble endret samtidig. Prøv igjen.")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
