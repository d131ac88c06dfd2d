"""Children's words: held until a person has read them, then released, perhaps edited, or dropped."""

from django.db import transaction
from django.utils import timezone

from mapping.models import Mark
from surveys.errors import NotAllowed


@transaction.atomic
def release_comment(*, mark: Mark, text: str | None = None) -> Mark:
    """Release a mark's words to planners, as they are or as the moderator edited them."""
    if not mark.comment:
        raise NotAllowed("Merket har ingen ord å frigi.")
    mark.comment_state = Mark.CommentState.RELEASED
    mark.published_comment = (mark.comment if text is None else text).strip()
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
