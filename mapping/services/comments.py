"""Children's words: held until a person has read them, then released, perhaps edited, or dropped; and that taken back again.

Each decision is written down with who made it, in the same transaction. The mark's row is locked first, so that of two planners who
judge the same words at once the second is told of the first.
"""

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mapping.flags import flags_of
from mapping.found_words import kinds_of
from mapping.geojson import MAX_COMMENT
from mapping.models import Judgement, Mark
from surveys.errors import AlreadyJudged, InvalidAnswer, NotAllowed, NotFound
from surveys.models import User
from surveys.plain_text import clean_text


def state_of(mark: Mark) -> str:
    """A sign of how a mark's words are now: another once they are judged, or changed by their child."""
    said = "\0".join((str(mark.pk), mark.comment_state, mark.comment, mark.published_comment))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def release_comment(
    *, mark: Mark, text: str | None = None, by: User | None = None, seen: str | None = None, confirmed: bool = False
) -> Judgement:
    """Release a mark's words to planners, as they are or as the moderator edited them.

    seen: the state_of() them that the moderator read; None for the one in `mark`. confirmed: what the rules find in the text was read.
    InvalidAnswer for an edited text that a pupil could not have sent either, that says nothing, or (code flags-left) in which the
    rules find something that nobody has confirmed; AlreadyJudged, NotFound.
    """
    held = _held(mark, seen)
    words = clean_text(held.comment if text is None else text, max_length=MAX_COMMENT, at="/text")
    if words is None:
        raise InvalidAnswer("Her er det ingen ord å frigi. Skriv noe, eller velg «Hold tilbake».", code="no-words", pointer="/text")
    if not confirmed and (found := flags_of(words)):
        kinds = ", ".join(kind.words for kind in kinds_of(found))
        message = f"I teksten er det fortsatt funn: {kinds}. Ta det ut, eller sett hake ved «Jeg har lest det»."
        raise InvalidAnswer(message, code="flags-left", pointer="/text")
    decision = Judgement.Decision.RELEASED if words == held.comment else Judgement.Decision.EDITED
    return _write_down(held, decision, by=by, published=words)


@transaction.atomic
def drop_comment(*, mark: Mark, by: User | None = None, seen: str | None = None) -> Judgement:
    """Hold a mark's words back for good; AlreadyJudged and NotFound as for release_comment."""
    return _write_down(_held(mark, seen), Judgement.Decision.DROPPED, by=by)


@transaction.atomic
def undo_judgement(*, judgement: Judgement, by: User | None = None) -> Judgement:
    """Put a mark's words back as they were before a judgement: held, with nothing of them shown to anybody.

    AlreadyJudged when it does not stand any more, NotAllowed when the child's own words are no longer kept.
    """
    mark = _locked(judgement.mark_id)
    newest = Judgement.objects.filter(mark=mark).first()
    is_standing = newest == judgement and judgement.decision != Judgement.Decision.UNDONE and mark.comment_state == judgement.leads_to
    if not is_standing:
        raise AlreadyJudged("Dette er alt angret, eller ordene er endret siden. Ingenting er gjort.")
    if not mark.comment:
        raise NotAllowed("Elevens egne ord er slettet etter 90 dager, så dette kan ikke angres lenger.")
    return _write_down(mark, Judgement.Decision.UNDONE, by=by)


def _held(mark: Mark, seen: str | None) -> Mark:
    """The mark, locked, if its words are still as the moderator read them, and held."""
    now = _locked(mark.pk)
    if not now.comment:
        raise NotAllowed("Merket har ingen ord å frigi.")
    if now.comment_state != Mark.CommentState.HELD:
        raise AlreadyJudged(f"Denne teksten er alt {_judged(now)}. Ingenting er endret nå.")
    if state_of(now) != (state_of(mark) if seen is None else seen):
        raise AlreadyJudged("Eleven har endret ordene siden du fikk dem opp. Les dem på nytt.")
    return now


def _locked(mark_id: UUID) -> Mark:
    mark: Mark | None = Mark.objects.select_for_update(of=("self",)).filter(pk=mark_id).first()
    if mark is None:
        raise NotFound("Eleven har trukket dette tilbake.")
    return mark


def _judged(mark: Mark) -> str:
    """What became of words, and by whom: "frigitt av Pia Plan"."""
    newest = Judgement.objects.filter(mark=mark).select_related("by").first()
    name = newest.by and (newest.by.get_full_name() or newest.by.username) if newest else None
    return mark.get_comment_state_display() + (f" av {name}" if name else "")


def _write_down(mark: Mark, decision: Judgement.Decision, *, by: User | None, published: str = "") -> Judgement:
    judgement = Judgement(survey_id=mark.survey_id, mark=mark, by=by, decision=decision, from_state=mark.comment_state)
    mark.comment_state = judgement.leads_to
    mark.published_comment = published
    mark.moderated_on = None if mark.comment_state == Mark.CommentState.HELD else timezone.localdate()
    mark.save(update_fields=["comment_state", "published_comment", "moderated_on"])
    judgement.save(force_insert=True)
    return judgement
