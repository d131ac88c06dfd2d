"""OGC API – Features and Tiles under /ogc/: the marks of the exports, for QGIS and scripts that ask piece by piece.

The same marks as on the planner's screen, with the same columns as in the exports (analysis/exports/columns.py). What a piecewise reader
needs and an export does without, a stable order and ids, is lent for a day: analysis/ogc/ids.py and docs/decisions/051.
"""
