"""Every write to the tables of drawing: a verb each, keyword-only arguments, one transaction."""

from mapping.services.basemaps import add_kartverket_basemaps, build_basemap, register_basemap
from mapping.services.comments import drop_comment, release_comment, state_of, undo_judgement
from mapping.services.drawn import marks_outside, most_drawn, most_marks
from mapping.services.marks import Receipt, delete_mark, put_mark
from mapping.services.older_rounds import import_marks
from mapping.services.retention import delete_expired
from mapping.services.tombstones import list_tombstones, replay_tombstones

__all__ = [
    "Receipt",
    "add_kartverket_basemaps",
    "build_basemap",
    "delete_expired",
    "delete_mark",
    "drop_comment",
    "import_marks",
    "list_tombstones",
    "marks_outside",
    "most_drawn",
    "most_marks",
    "put_mark",
    "register_basemap",
    "release_comment",
    "replay_tombstones",
    "state_of",
    "undo_judgement",
]
