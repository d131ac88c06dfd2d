"""Lessons: the window in which a class group's code is open."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from surveys import codes
from surveys.errors import NotAllowed, NotFound, SurveyClosed
from surveys.models import ClassGroup, Lesson, Presence, Response, Survey, User
from surveys.services.withdrawals import delete_for_good

DEFAULT_LENGTH = timedelta(minutes=90)
LONGEST = timedelta(hours=8)


@transaction.atomic
def open_lesson(*, class_group: ClassGroup, opened_by: User | None, length: timedelta = DEFAULT_LENGTH) -> Lesson:
    """Open the class's code from now on; an open lesson of the class is the lesson. SurveyClosed outside the survey's dates."""
    if not Survey.objects.open_now().filter(pk=class_group.survey_id).exists():
        raise SurveyClosed("Undersøkelsen er ikke åpen i dag.")
    group = ClassGroup.objects.select_for_update().get(pk=class_group.pk)
    # read behind the lock: a lesson that another press of the button opened while we waited is not one of the future
    now = timezone.now()
    _close_run_out(group)
    already: Lesson | None = Lesson.objects.open_at(now).filter(class_group=group).first()
    if already:
        return already
    _store_code(group)
    lesson = Lesson(class_group=group, opened_by=opened_by, opened_at=now, closes_at=now + min(length, LONGEST))
    lesson.full_clean()
    lesson.save()
    class_group.refresh_from_db()
    return lesson


@transaction.atomic
def pause_lesson(*, lesson: Lesson, paused: bool) -> Lesson:
    """Pause all tablets ("eyes up") or let them go on; nothing that is being saved is refused."""
    if lesson.closed_at is not None:
        raise NotAllowed("Økta er avsluttet.")
    lesson.is_paused = paused
    lesson.save(update_fields=["is_paused"])
    if not paused:
        # who was made to look up was not stuck meanwhile
        Presence.objects.filter(response__lesson=lesson).update(active_at=timezone.now())
    return lesson


@transaction.atomic
def close_lesson(*, lesson: Lesson) -> Lesson:
    """Close the code. What pupils have begun may still be delivered with their write token; what was set aside is deleted."""
    if lesson.closed_at is None:
        lesson.closed_at = timezone.now()
        lesson.save(update_fields=["closed_at"])
        _clear_away(lesson)
    return lesson


@transaction.atomic
def reset_seat(*, lesson: Lesson, seat: int) -> Response:
    """Set a seat's answers aside: they count nowhere, and the tablet starts anew with a seat of its own.

    Nothing is deleted before the lesson ends, so that it can be undone (restore_seat). NotAllowed when the lesson is over.
    """
    response = _response_at(lesson, seat)
    if response.set_aside_at is None:
        response.set_aside_at = timezone.now()
        response.save(update_fields=["set_aside_at"])
    return response


@transaction.atomic
def restore_seat(*, lesson: Lesson, seat: int) -> Response:
    """Let a seat's answers count again. NotAllowed when the lesson is over."""
    response = _response_at(lesson, seat)
    response.set_aside_at = None
    response.save(update_fields=["set_aside_at"])
    return response


def _response_at(lesson: Lesson, seat: int) -> Response:
    if not lesson.is_open:
        raise NotAllowed("Økta er avsluttet.")
    found: Response | None = Response.objects.select_for_update().filter(lesson=lesson, seat=seat).first()
    if found is None:
        raise NotFound("Plassen finnes ikke i denne økta.")
    return found


def _clear_away(lesson: Lesson) -> None:
    """What only lives as long as the lesson: answers set aside, and the signs of life of tablets that hold nothing more."""
    delete_for_good(list(lesson.responses.set_aside().values_list("pk", flat=True)))
    Presence.objects.filter(response__lesson=lesson, unsent=0).delete()


def _close_run_out(group: ClassGroup) -> None:
    for lesson in Lesson.objects.filter(class_group=group, closed_at__isnull=True, closes_at__lte=timezone.now()):
        lesson.closed_at = lesson.closes_at
        lesson.save(update_fields=["closed_at"])
        _clear_away(lesson)


def _store_code(group: ClassGroup) -> None:
    """Store the hashes under which the code and the link are found; on the rare clash of two codes take the next serial."""
    for _ in range(5):
        group.code_hash = codes.lookup_hash(codes.normalise(codes.class_code(group.pk, group.code_serial)))
        group.token_hash = codes.lookup_hash(codes.class_token(group.pk, group.code_serial))
        try:
            with transaction.atomic():
                group.save(update_fields=["code_hash", "token_hash", "code_serial"])
        except IntegrityError:
            group.code_serial += 1
        else:
            return
    raise NotAllowed("Fant ingen ledig klassekode. Prøv igjen.")
