"""Deleting responses so that they stay deleted: nothing but their ids is kept, for as long as something could bring them back."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from surveys.models import Response, WithdrawnResponse


@transaction.atomic
def delete_for_good(ids: Sequence[UUID], *, on: date | None = None) -> None:
    """Delete responses with all that hangs on them, and note that they are gone; of one that is not there it is noted, too."""
    day = on or timezone.localdate()
    # in the order of random ids, which tells of nothing
    gone = [WithdrawnResponse(id=one, withdrawn_on=day) for one in sorted(set(ids))]
    WithdrawnResponse.objects.bulk_create(gone, ignore_conflicts=True)
    Response.objects.filter(pk__in=ids).delete()


def id_for_new(wanted: UUID | None) -> UUID:
    """The id that a tablet has chosen, or a fresh one when it has chosen none, or one under which answers were withdrawn."""
    if wanted is None or WithdrawnResponse.objects.filter(pk=wanted).exists():
        return uuid4()
    return wanted
