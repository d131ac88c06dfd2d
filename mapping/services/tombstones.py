"""What was deleted, as a list that outlives the database: read into a restored backup, it deletes the same once more.

A line is `response <id> <day>` or `mark <id> <day> <revision>`. Nothing says which marks were of one response: those of a withdrawn one
fall with it and are not in the list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from mapping.models import Mark, Tombstone
from surveys.errors import InvalidBody
from surveys.models import WithdrawnResponse
from surveys.services import delete_for_good

# The higher revision stays, as when a tablet deletes.
_BURY_SQL = """
INSERT INTO mapping_tombstone AS t (id, rev, deleted_on) VALUES (%s, %s, %s)
ON CONFLICT (id) DO UPDATE SET rev = greatest(t.rev, excluded.rev)
"""


@dataclass(frozen=True)
class _Grave:
    id: UUID
    day: date
    rev: int | None
    """None for a response."""


def list_tombstones() -> Iterator[str]:
    """Every deletion that is remembered, a line each, in the order of random ids; not of marks that an undo has brought back."""
    for response, day in WithdrawnResponse.objects.order_by("id").values_list("id", "withdrawn_on"):
        yield f"response {response} {day}"
    alive = Exists(Mark.objects.filter(pk=OuterRef("pk"), rev__gt=OuterRef("rev")))
    for mark, day, rev in Tombstone.objects.exclude(alive).order_by("id").values_list("id", "deleted_on", "rev"):
        yield f"mark {mark} {day} {rev}"


@transaction.atomic
def replay_tombstones(lines: Iterable[str]) -> int:
    """Delete what the lines tell of, and remember it; how many lines there were. InvalidBody for a line of another shape."""
    graves = [_read(line) for line in lines if line.strip()]
    for day in sorted({grave.day for grave in graves if grave.rev is None}):
        delete_for_good([grave.id for grave in graves if grave.rev is None and grave.day == day], on=day)
    marks = [grave for grave in graves if grave.rev is not None]
    with connection.cursor() as cursor:
        cursor.executemany(_BURY_SQL, [(grave.id, grave.rev, grave.day) for grave in marks])
    buried = Tombstone.objects.filter(pk=OuterRef("pk"), rev__gte=OuterRef("rev"))
    Mark.objects.filter(Exists(buried)).delete()
    return len(graves)


def _read(line: str) -> _Grave:
    try:
        kind, name, day, *rev = line.split()
        if (kind, len(rev)) not in {("response", 0), ("mark", 1)}:
            raise ValueError(kind)
        return _Grave(UUID(name), date.fromisoformat(day), int(rev[0]) if rev else None)
    except ValueError as error:
        raise InvalidBody(f"Linja kan ikke leses: {line.strip()[:80]!r}. Den skal være som fra list_tombstones.") from error
