"""An adult draws for children: a grant for one class and one way of drawing, and the responses that are begun with it.

The grant lies in a link, behind the #, as a class's token does; nothing of who holds it is kept with what is drawn.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils import timezone

from surveys import codes
from surveys.access import may_assist
from surveys.errors import CodeRefused, InvalidBody, NotAllowed, SurveyClosed
from surveys.models import ClassGroup, Entry, Response, Survey, User
from surveys.services.responses import DELIVER_FOR, Joined, found_again, take_seat

WORKS_FOR = timedelta(hours=8)
"""A stack of sheets is entered in a working day; after that the class's page gives a new grant."""

REFUSED = "Lenka for å tegne for andre virker ikke lenger. Åpne den på nytt fra klassesida."

_SALT = "trakk.draw-for"


@dataclass(frozen=True)
class _Grant:
    user: int
    class_group: UUID
    entry: Entry


def draw_for(*, class_group: ClassGroup, user: User, entry: Entry) -> str:
    """The right to draw for children of a class for some hours. NotAllowed, or SurveyClosed when it is not open today."""
    if entry == Entry.SELF or not may_assist(user, class_group):
        raise NotAllowed("Bare læreren til klassen og kommunens planlegger kan tegne for barna.")
    if not Survey.objects.open_now().filter(pk=class_group.survey_id).exists():
        raise SurveyClosed("Undersøkelsen er ikke åpen i dag.")
    return signing.dumps([user.pk, class_group.pk.hex, str(entry)], salt=_SALT)


@transaction.atomic
def join_for(*, grant: str, children: int = 1, response_id: UUID | None = None) -> Joined:
    """Begin a response for a sheet, or for a group of so many children; the same response_id again is the same response.

    CodeRefused for a grant that is wrong, too old, or of somebody who may not any more; InvalidBody for a sheet of several children.
    """
    held = _read(grant)
    if held.entry == Entry.PAPER and children != 1:
        raise InvalidBody("Et papirark er fra ett barn.", pointer="/children")
    group = ClassGroup.objects.select_for_update(no_key=True).filter(pk=held.class_group, survey__in=Survey.objects.open_now()).first()
    user = User.objects.filter(pk=held.user, is_active=True).first()
    if group is None or user is None or not may_assist(user, group):
        raise CodeRefused(REFUSED)
    if before := found_again(response_id):
        if (before.class_group_id, before.entry) != (group.pk, held.entry):
            raise CodeRefused(REFUSED)
        return Joined(before, codes.write_token(before.pk), is_new=False)
    today = _midnight()
    # the day is enough: no lesson ends after which the hour would be taken away
    until = today + timedelta(days=1) + DELIVER_FOR
    response = take_seat(group, response_id, entry=held.entry, children=children, joined_at=today, writable_until=until)
    return Joined(response, codes.write_token(response.pk), is_new=True)


def drawn_by_adults(class_group: ClassGroup) -> int:
    """How many of a class's responses adults have drawn."""
    return Response.objects.counted().by_adults().filter(class_group=class_group).count()


def _read(grant: str) -> _Grant:
    try:
        user, class_group, entry = signing.loads(grant, salt=_SALT, max_age=WORKS_FOR)
    except signing.BadSignature as error:  # too old is one of these
        raise CodeRefused(REFUSED) from error
    return _Grant(int(user), UUID(class_group), Entry(entry))


def _midnight() -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
