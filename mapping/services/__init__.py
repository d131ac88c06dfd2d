"""Every write to the tables of drawing: a verb each, keyword-only arguments, one transaction."""

from mapping.services.basemaps import add_kartverket_basemaps, build_basemap, register_basemap
from mapping.services.comments import hold_comment, release_comment
from mapping.services.marks import Receipt, delete_mark, put_mark
from mapping.services.retention import delete_expired

__all__ = [
    "Receipt",
    "add_kartverket_basemaps",
    "build_basemap",
    "delete_expired",
    "delete_mark",
    "hold_comment",
    "put_mark",
    "register_basemap",
    "release_comment",
]
