"""How QGIS colours the cells: in the steps and colours of the politician's page (followup/scale.py; a test holds them together). Pure."""

from __future__ import annotations

from analysis.exports.styles import Look, by_number

STEPS = ((5, "#f1e51d"), (10, "#7ad151"), (20, "#22a884"), (40, "#2a788e"), (80, "#440154"))
"""From so many children, and the colour."""
MANY = 1_000_000


def counted(column: str) -> str:
    """QML of cells coloured by a number of children."""
    ends = [lowest for lowest, _ in STEPS[1:]]
    looks = []
    for (lowest, colour), end in zip(STEPS, [*ends, MANY], strict=True):
        words = f"{lowest} barn eller flere" if end == MANY else f"{lowest}–{end - 5} barn" if end - 5 > lowest else f"om lag {lowest} barn"
        looks.append(Look(words, colour, numbers=(lowest - 0.5, end - 0.5)))
    return by_number(column, looks, "area")
