"""Exports: the marks that a filter shows, as files; privacy applied inside, so that no caller can forget it.

Every format holds the same marks with the same columns (analysis/exports/columns.py): trimmed as they are stored, words only where
a person released them, no ids of children, classes or marks, no time finer than a month, in an order drawn anew each time.
"""

from analysis.exports.columns import COLUMNS
from analysis.exports.formats import FORMATS, Format, export

__all__ = ["COLUMNS", "FORMATS", "Format", "export"]
