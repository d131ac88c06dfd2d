"""Children's words: held until a person has read them, then released, perhaps edited, or dropped."""

from django.db import transaction
from django.utils import timezone

from mapping.geojson import MAX_COMMENT
from mapping.models import Mark
from surveys.errors import InvalidAnswer, NotAllowed
from surveys.plain_text import clean_text


@transaction.atomic
def release_comment(*, mark: Mark, text: str | None = None) -> Mark:
    """Release a mark's words to planners, as they are or as the moderator edited them.

    InvalidAnswer for an edited text that a pupil could not have sent either, or that says nothing.
    """
    if not mark.comment:
        raise NotAllowed("Merket har ingen ord å frigi.")
    words = clean_text(mark.comment if text is None else text, max_length=MAX_COMMENT, at="/text")
    if words is None:
        raise InvalidAnswer("Her er det ingen ord å frigi. Skriv noe, eller velg «Hold tilbake».", code="no-words", pointer="/text")
    mark.comment_state = Mark.CommentState.RELEASED
    mark.published_comment = words
    mark.moderated_on = timezone.localdate()
    mark.save(update_fields=["comment_state", "published_comment", "moderated_on"])
    return mark


@transaction.atomic
def hold_comment(*, mark: Mark, drop: bool = False) -> Mark:
    """Hold a mark's words back, for now or (drop) for good; what was released is taken back."""
    mark.comment_state = Mark.CommentState.DROPPED if drop else Mark.CommentState.HELD
    mark.published_comment = ""
    mark.moderated_on = timezone.localdate() if drop else None
    mark.save(update_fields=["comment_state", "published_comment", "moderated_on"])
    return mark
