"""What the moderation desk shows: held words with what the rules found in them, and what was judged last. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from mapping.flags import Flag, Found, flags_of
from mapping.found_words import Piece, kinds_of, pieces_of
from mapping.models import Judgement, Mark
from mapping.querysets import MarkQuerySet
from mapping.services import state_of
from surveys.models import Survey

if TYPE_CHECKING:
    from surveys.models import User

SEARCHED = 500
"""In so many held texts the rules look at once (0.3 s), to show first where they found something; the next come as these are judged."""
PER_PAGE = 25
LAST = 10


class Only(TextChoices):
    """Which held words are shown."""

    ALL = "", "Alle"
    FLAGGED = "med", "Med funn"
    PLAIN = "uten", "Uten funn"


@dataclass(frozen=True)
class HeldWords:
    """One mark's words as the desk shows them: text is the field's, which the planner may have edited."""

    mark: Mark
    text: str
    found: list[Found] = field(default_factory=list)
    message: str = ""

    @property
    def pieces(self) -> list[Piece]:
        """The child's words, cut where something was found."""
        return pieces_of(self.mark.comment, self.found)

    @property
    def kinds(self) -> tuple[Flag, ...]:
        """What was found, kind by kind."""
        return kinds_of(self.found)

    @property
    def is_worrying(self) -> bool:
        """Whether an adult at school should hear of it."""
        return Flag.WORRY in self.kinds

    @property
    def tells_who(self) -> bool:
        """Whether there is something that can be taken out."""
        return any(kind is not Flag.WORRY for kind in self.kinds)

    @property
    def must_confirm(self) -> bool:
        """Whether the text as it stands in the field is only released by who has said to have read it."""
        return bool(self.found if self.text == self.mark.comment else flags_of(self.text))

    @property
    def state(self) -> str:
        """By which a decision tells what it was made on."""
        return state_of(self.mark)


@dataclass(frozen=True)
class Desk:
    """The held words that are shown, and how many there are of each sort."""

    texts: list[HeldWords]
    held: int
    searched: int
    flagged: int
    released: int

    @property
    def counts(self) -> list[tuple[Only, int]]:
        """The filter's choices, each with how many texts it shows."""
        return [(Only.ALL, self.held), (Only.FLAGGED, self.flagged), (Only.PLAIN, self.searched - self.flagged)]

    @property
    def is_all_searched(self) -> bool:
        """Whether the rules have looked at everything that is held."""
        return self.searched == self.held


def with_words(survey: Survey) -> MarkQuerySet:
    """The survey's marks that say something, of responses that count."""
    found: MarkQuerySet = Mark.objects.filter(survey=survey).counted().exclude(comment="")
    return found


def desk_of(survey: Survey, only: str = Only.ALL) -> Desk:
    """A page of held words, those in which something was found first."""
    held = with_words(survey).filter(comment_state=Mark.CommentState.HELD)
    # ids are random, so their order tells nothing of who wrote what or when
    searched = [held_words(mark) for mark in held.select_related("category").defer("geom", "answers").order_by("id")[:SEARCHED]]
    flagged = [one for one in searched if one.found]
    plain = [one for one in searched if not one.found]
    shown = flagged if only == Only.FLAGGED else plain if only == Only.PLAIN else flagged + plain
    return Desk(
        texts=shown[:PER_PAGE],
        held=len(searched) if len(searched) < SEARCHED else held.count(),
        searched=len(searched),
        flagged=len(flagged),
        released=with_words(survey).filter(comment_state=Mark.CommentState.RELEASED).count(),
    )


def held_words(mark: Mark, *, text: str | None = None, message: str = "") -> HeldWords:
    """One mark's words; text and message where the planner's own came back."""
    return HeldWords(mark, mark.comment if text is None else text, flags_of(mark.comment), message)


def last_judged(survey: Survey, user: "User") -> Iterable[Judgement]:
    """What this planner judged last and can still take back, newest first."""
    mine = Judgement.objects.filter(survey=survey, by=user).standing()
    return mine.select_related("mark__category").defer("mark__geom", "mark__answers")[:LAST]
