"""One pupil's svarsett: join, answer, finish, withdraw."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from surveys import codes
from surveys.answers import check_answers
from surveys.errors import CodeRefused, RevisionConflict, SurveyClosed
from surveys.models import ClassGroup, Entry, Lesson, Presence, Question, Response, Survey
from surveys.services.withdrawals import delete_for_good, id_for_new

DELIVER_FOR = timedelta(days=7)
"""How long a write token works after its lesson closes: docs/decisions and the capture rules, rule 4."""

_SHOWN = ("survey", "class_group__school")

REFUSED = "Koden virker ikke akkurat nå. Se på tavla og prøv igjen, eller spør læreren."


@dataclass(frozen=True)
class Joined:
    """A response with its write token; is_new is False for a repeated join."""

    response: Response
    write_token: str
    is_new: bool


@transaction.atomic
def join(*, code: str = "", token: str = "", response_id: UUID | None = None) -> Joined:
    """Give a pupil a seat in the class whose lesson is open; the same response_id again is the same seat.

    CodeRefused for wrong, closed and unknown alike. The caller counts wrong tries (surveys.codes.count_wrong_try).
    """
    lesson = _open_lesson(code=code, token=token)
    # the lock is the queue for seats, and makes the second of two equal joins at once find the first
    group = ClassGroup.objects.select_for_update(no_key=True).get(pk=lesson.class_group_id)
    if before := found_again(response_id):
        return _join_again(before, lesson)
    until = lesson.closes_at + DELIVER_FOR
    response = take_seat(group, response_id, lesson=lesson, joined_at=timezone.now(), writable_until=until)
    return Joined(response, codes.write_token(response.pk), is_new=True)


def found_again(response_id: UUID | None) -> Response | None:
    """The response a tablet has begun already, when it has."""
    found: Response | None = Response.objects.select_related(*_SHOWN).filter(pk=response_id).first() if response_id else None
    return found


def take_seat(group: ClassGroup, response_id: UUID | None, **more: Any) -> Response:
    """A new response at the next seat of a class, which the caller has locked."""
    response = Response(id=id_for_new(response_id), survey_id=group.survey_id, class_group=group, seat=group.next_seat, **more)
    # The tablet is given the receipt at once, so that who hands in without a network has it, too, and who never hands in.
    response.receipt_hash = codes.receipt_hash(receipt_of(response))
    response.save(force_insert=True)
    group.next_seat += 1
    group.save(update_fields=["next_seat"])
    return response


def _join_again(before: Response, lesson: Lesson) -> Joined:
    """The same seat; in a later lesson of the class the time to deliver begins anew."""
    if before.class_group_id != lesson.class_group_id or before.entry != Entry.SELF:
        raise CodeRefused(REFUSED)
    if before.lesson_id != lesson.pk:
        before.lesson = lesson
        before.writable_until = max(before.writable_until, lesson.closes_at + DELIVER_FOR)
        before.receipt_from = None
        before.save(update_fields=["lesson", "writable_until", "receipt_from"])
    return Joined(before, codes.write_token(before.pk), is_new=False)


def require_writable(response: Response) -> None:
    """SurveyClosed when the time to deliver is over or the survey is deleted; a closed lesson or survey refuses nothing begun."""
    if response.survey.status == Survey.Status.DELETED or response.writable_until < timezone.now():
        raise SurveyClosed("Tida for å svare er ute. Svarene du har sendt, er trygge.")


@transaction.atomic
def put_answers(*, response: Response, rev: int, answers: dict[str, Any], sha256: bytes) -> tuple[Response, bool]:
    """Store or replace the answers that hang on no mark; the newest rev wins, the same again is the same.

    Returns the response and whether anything changed. RevisionConflict, SurveyClosed or InvalidAnswer.
    """
    require_writable(response)
    stored = Response.objects.select_for_update().get(pk=response.pk)
    if rev == stored.answers_rev and bytes(stored.answers_sha256 or b"") != sha256:
        raise RevisionConflict(f"Utgave {rev} av svarene er alt lagret med et annet innhold.", rev=rev)
    if rev <= stored.answers_rev:
        return stored, False
    questions = Question.objects.filter(survey_id=stored.survey_id, category__isnull=True)
    stored.answers = check_answers(answers, list(questions), pointer="/answers")
    stored.answers_rev = rev
    stored.answers_sha256 = sha256
    stored.save(update_fields=["answers", "answers_rev", "answers_sha256"])
    return stored, True


def receipt_of(response: Response) -> str:
    """The receipt code of a response: the one it was given, for as long as the secret key of that day is accepted."""
    given = bytes(response.receipt_hash or b"")
    known = codes.receipts(response.pk)
    return next((code for code in known if codes.receipt_hash(code) == given), known[0])


@transaction.atomic
def finish(*, response: Response) -> str:
    """Mark the response as finished and give its receipt code, the same one every time; late marks still count."""
    require_writable(response)
    code = receipt_of(response)
    response.receipt_hash = codes.receipt_hash(code)
    response.finished_at = response.finished_at or timezone.now()
    response.save(update_fields=["finished_at", "receipt_hash"])
    # what was drawn on since an earlier handing in is handed in, too: the board says done again
    Presence.objects.filter(response=response, active_at__gt=response.finished_at).update(active_at=response.finished_at)
    return code


@transaction.atomic
def withdraw(*, response: Response) -> None:
    """Remove everything the pupil said, for good: a backup that is restored does not bring it back (mapping/services/tombstones.py)."""
    delete_for_good([response.pk])


def _open_lesson(*, code: str, token: str) -> Lesson:
    if token:
        lookup = {"class_group__token_hash": codes.lookup_hash(token)}
    else:
        lookup = {"class_group__code_hash": codes.lookup_hash(codes.normalise(code))}
    lessons = Lesson.objects.open_at().filter(**lookup, class_group__survey__in=Survey.objects.open_now())
    lesson: Lesson | None = lessons.select_related("class_group__survey", "class_group__school").first()
    if lesson is None:
        raise CodeRefused(REFUSED)
    return lesson
