"""What the public sees of a survey, built once: a pure function from marks to the payload of a Release.

The payload (plain JSON; every count is of different children, rounded to 5, and null where it may not be shown):

    format          "trakk-release/1"
    survey          {id, title {lang: text}, municipality {number, name}, opens_on, closes_on, languages, default_language, grade_band}
                    grade_band: the one all invited classes are in, null where they are in several
    rules           {k, k_second_dimension, min_slice, max_class_share, rounding, cell_size_m, cell_srid, way_cut_m}
    n_responses     how many children answered
    not_answered    pupils of the invited classes less n_responses, at least 0; null where no class said how many it has
    numbers         {responses, marks, schools}: the three figures of a page's head
    themes          [{code, words, icon, colour, children, marks, categories: [{code, words, kind, icon, colour, official, children}]}]
                    in the order of the survey; marks is null where fewer than 20 children stand behind it; official: [object type,
                    code list, code] in the national model, null where there is none
    modes           [{code, words, children}]: how children travel on the ways they drew, most used first
    grade_bands     [{band, responses, themes: [{code, children}]}]: bands with fewer than 20 responses are not there
    cells           [{id, size_m, theme, children_rounded}]: hexagons by analysis.grid.cell_name; theme null = any theme
    bbox            [west, south, east, north] of the cells with three decimals, null when there is none

Nothing else is in it: no ids of answers, no classes, no texts, no times, no positions finer than a cell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import grid
from analysis.privacy import suppress
from analysis.privacy.suppress import Children, Ids, Row, Tally, tally
from analysis.privacy.trim import PUBLIC_CUT_M, Geometries, cut_home_ends

FORMAT = "trakk-release/1"
Texts = NDArray[np.object_]


class TooFewResponses(ValueError):
    """Fewer responses than a release may stand on."""


@dataclass(frozen=True)
class Answers:
    """One row per child who answered: the fixed key, the class, the grade band."""

    keys: suppress.Keys
    classes: Ids
    bands: Texts

    @property
    def children(self) -> Children:
        """What suppression needs of them."""
        return Children(keys=self.keys, classes=self.classes)


@dataclass(frozen=True)
class Marks:
    """One row per mark; child indexes Answers; geometry is shapely in EPSG:25833, or None."""

    child: Ids
    theme: Texts
    category: Texts
    mode: Texts
    geometry: NDArray[np.object_]


@dataclass(frozen=True)
class Facts:
    """What is known of the survey without its answers; dicts are taken into the payload as they are.

    themes: [{code, words, icon, colour, categories: [{code, words, kind, icon, colour, official}]}]; modes: [{code, words}].
    pupils: pupils of the invited classes, None when unknown. public: schools and public places in EPSG:25833.
    """

    survey: Mapping[str, Any]
    themes: Sequence[Mapping[str, Any]]
    modes: Sequence[Mapping[str, Any]]
    schools: int
    pupils: int | None
    public: NDArray[np.object_]


def build(facts: Facts, answers: Answers, marks: Marks, *, k: int = suppress.K, size_m: int = grid.DEFAULT_SIZE_M) -> dict[str, Any]:
    """The payload of a release, as in the module's description; the same whatever the order of rows.

    k may be raised, never lowered; size_m is 250 or more. TooFewResponses below 20 responses.
    """
    if k < suppress.K or size_m < grid.DEFAULT_SIZE_M:
        raise ValueError(f"k = {k} on {size_m} m; a release needs at least k = {suppress.K} on {grid.DEFAULT_SIZE_M} m")
    if len(answers.keys) < suppress.MIN_SLICE:
        raise TooFewResponses(f"{len(answers.keys)} responses; a release needs {suppress.MIN_SLICE}")
    responses = _rounded_total(answers.keys)
    codes = [theme["code"] for theme in facts.themes]
    cells = publishable_cells(facts.public, answers, marks, codes=codes, k=k, size_m=size_m)
    return {
        "format": FORMAT,
        "survey": dict(facts.survey),
        "rules": _rules(k, size_m),
        "n_responses": responses,
        "not_answered": None if facts.pupils is None else max(0, _to_base(facts.pupils) - responses),
        "numbers": {"responses": responses, "marks": _rounded_marks(answers, marks.child), "schools": facts.schools},
        "themes": _themes(facts, answers, marks, k),
        "modes": _modes(facts, answers, marks, k),
        "grade_bands": _grade_bands(facts, answers, marks),
        "cells": cells,
        "bbox": bbox_of([cell["id"] for cell in cells]),
    }


def sha256_of(payload: Mapping[str, Any]) -> str:
    """The fingerprint of a payload: SHA-256 of its JSON in UTF-8, keys sorted, no spaces."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def child_key(identity: bytes) -> int:
    """A child's fixed 64-bit key out of the response's random id."""
    return int.from_bytes(hashlib.blake2b(identity, digest_size=8, person=b"trakk-cell-key").digest(), "big")


def _rules(k: int, size_m: int) -> dict[str, Any]:
    return {
        "k": k,
        "k_second_dimension": max(k, suppress.K_SECOND_DIMENSION),
        "min_slice": suppress.MIN_SLICE,
        "max_class_share": suppress.MAX_CLASS_SHARE,
        "rounding": suppress.BASE,
        "cell_size_m": size_m,
        "cell_srid": grid.GRID_SRID,
        "way_cut_m": PUBLIC_CUT_M,
    }


def _codes(values: Texts, order: Sequence[str]) -> Ids:
    """The place of each value in a list of codes, -1 for those not in it."""
    place = {code: i for i, code in enumerate(order)}
    return np.array([place.get(value, -1) for value in values], dtype=np.int64)


def _counts(groups: Ids, answers: Answers, child: Ids, k: int) -> tuple[dict[int, int], dict[int, int]]:
    """Publishable rounded counts and true counts, by group; group -1 is left out. For totals over the whole survey."""
    known = groups >= 0
    counted = tally(groups[known], child[known], answers.children)
    ok = counted.counts >= k
    shown = dict(zip(counted.groups[ok].tolist(), counted.rounded[ok].tolist(), strict=True))
    return shown, dict(zip(counted.groups.tolist(), counted.counts.tolist(), strict=True))


def _themes(facts: Facts, answers: Answers, marks: Marks, k: int) -> list[dict[str, Any]]:
    codes = [theme["code"] for theme in facts.themes]
    theme_of = _codes(marks.theme, codes)
    shown, true = _counts(theme_of, answers, marks.child, k)
    rows = []
    for i, theme in enumerate(facts.themes):
        enough = true.get(i, 0) >= suppress.MIN_SLICE
        rows.append(
            {key: theme[key] for key in ("code", "words", "icon", "colour")}
            | {
                "children": shown.get(i),
                "marks": _rounded_marks(answers, marks.child[theme_of == i]) if enough else None,
                "categories": _categories(theme["categories"], answers, marks, shown.get(i), k),
            }
        )
    return rows


def _categories(categories: Sequence[Mapping[str, Any]], answers: Answers, marks: Marks, total: int | None, k: int) -> list[dict[str, Any]]:
    shown, _ = _counts(_codes(marks.category, [category["code"] for category in categories]), answers, marks.child, k)
    row = Row(total, tuple(shown.get(i) for i in range(len(categories))), total_k=k, part_k=k, adds_up=False).protected()
    # where even no category can be shown beside the theme's number, the theme's number stays: categories are then all hidden
    return [dict(category) | {"children": part} for category, part in zip(categories, row.parts, strict=True)]


def _modes(facts: Facts, answers: Answers, marks: Marks, k: int) -> list[dict[str, Any]]:
    shown, _ = _counts(_codes(marks.mode, [mode["code"] for mode in facts.modes]), answers, marks.child, k)
    rows = [dict(mode) | {"children": shown.get(i)} for i, mode in enumerate(facts.modes)]
    return sorted(rows, key=lambda row: (-(row["children"] or 0), row["code"]))


def _grade_bands(facts: Facts, answers: Answers, marks: Marks) -> list[dict[str, Any]]:
    """Responses per band, and children per theme and band: a second dimension, so k is 10 and dominance counts."""
    bands = sorted(set(answers.bands.tolist()), key=lambda band: int(band.split("-")[0]))
    band_of = _codes(answers.bands, bands)
    responses = _responses_per_band(answers, band_of)
    codes = [theme["code"] for theme in facts.themes]
    theme_of = _codes(marks.theme, codes)
    totals, _ = _counts(theme_of, answers, marks.child, suppress.K)
    table: dict[tuple[str, int], int | None] = {}
    for i, code in enumerate(codes):
        child = marks.child[theme_of == i]
        shown = _publishable(tally(band_of[child], child, answers.children), suppress.K_SECOND_DIMENSION)
        parts = tuple(shown.get(b) if responses[b] is not None else None for b in range(len(bands)))
        row = Row(totals.get(i), parts, total_k=suppress.K, part_k=suppress.K_SECOND_DIMENSION, adds_up=True).protected()
        # the theme's total is published beside this table, so where the row would need it hidden, no part is shown
        table |= {(code, b): part if row.total is not None else None for b, part in enumerate(row.parts)}
    return [
        {"band": band, "responses": responses[b], "themes": [{"code": code, "children": table[code, b]} for code in codes]}
        for b, band in enumerate(bands)
        if responses[b] is not None
    ]


def _responses_per_band(answers: Answers, band_of: Ids) -> tuple[int | None, ...]:
    counted = tally(band_of, np.arange(len(band_of)), answers.children)
    parts = tuple(int(n) if true >= suppress.MIN_SLICE else None for n, true in zip(counted.rounded, counted.counts, strict=True))
    total = _rounded_total(answers.keys)
    return Row(total, parts, total_k=suppress.MIN_SLICE, part_k=suppress.MIN_SLICE, adds_up=True).protected().parts


def publishable_cells(  # all by name
    public: Geometries, answers: Answers, marks: Marks, *, codes: Sequence[str], k: int, size_m: int
) -> list[dict[str, Any]]:
    """Hexagons for any theme and per theme (codes), with complementary suppression along each cell and each theme.

    public: schools and public places in EPSG:25833, at which a way need not be cut.
    """
    geometry = marks.geometry.copy()
    is_way = np.array([shape is not None and shape.geom_type == "LineString" for shape in geometry], dtype=bool)
    geometry[is_way] = cut_home_ends(geometry[is_way], public)
    cells, index = grid.cells_of_geometries(geometry, size_m)
    theme_of = _codes(marks.theme, codes)[index]
    child = marks.child[index]
    tallies: dict[int | None, Tally] = {None: tally(cells, child, answers.children)}
    tallies |= {i: tally(cells[theme_of == i], child[theme_of == i], answers.children) for i in range(len(codes))}
    shown = {(cell, theme): n for theme, t in tallies.items() for cell, n in _publishable(t, k).items()}
    _protect_cells(shown, tallies, k, len(codes))
    return [
        {"id": name, "size_m": size_m, "theme": None if theme is None else codes[theme], "children_rounded": n}
        for (cell, theme), n in sorted(shown.items(), key=lambda item: (item[0][0], -1 if item[0][1] is None else item[0][1]))
        for name in grid.cell_name(np.array([cell]))
    ]


def _publishable(counted: Tally, k: int) -> dict[int, int]:
    ok = counted.publishable(k)
    return dict(zip(counted.groups[ok].tolist(), counted.rounded[ok].tolist(), strict=True))


def _protect_cells(shown: dict[tuple[int, int | None], int], tallies: Mapping[int | None, Tally], k: int, themes: int) -> None:
    """Take out what would pin a hidden number, along each cell by its interval and along each theme, until nothing would."""
    before = -1
    while before != len(shown):
        before = len(shown)
        for cell in sorted({cell for cell, _ in shown}):
            row = Row(shown.get((cell, None)), tuple(shown.get((cell, i)) for i in range(themes)), k, k, adds_up=False).protected()
            for theme, number in ((None, row.total), *enumerate(row.parts)):
                if number is None:
                    shown.pop((cell, theme), None)
        for theme, counted in tallies.items():
            published = [(shown[cell, theme], cell) for cell in counted.groups.tolist() if (cell, theme) in shown]
            # The theme's total is public: a single hidden cell would be what is missing from the sum.
            if published and len(counted.groups) - len(published) == 1:
                del shown[min(published)[1], theme]


def _rounded_total(keys: suppress.Keys) -> int:
    return int(suppress.round_counts(np.array([len(keys)]), np.array([keys.sum(dtype=np.uint64)]))[0])


def _rounded_marks(answers: Answers, child: Ids) -> int:
    """Marks rounded like children, by the key of those who set them."""
    return int(suppress.round_counts(np.array([len(child)]), np.array([answers.keys[child].sum(dtype=np.uint64)]))[0])


def _to_base(count: int) -> int:
    return suppress.BASE * round(count / suppress.BASE)


def bbox_of(names: list[str]) -> list[float] | None:
    """[west, south, east, north] of cells with three decimals; None when there is none."""
    if not names:
        return None
    ring = grid.cell_polygon_lonlat(np.array([grid.cell_from_name(name) for name in names]), decimals=3)
    west, south = ring.reshape(-1, 2).min(axis=0).tolist()
    east, north = ring.reshape(-1, 2).max(axis=0).tolist()
    return [west, south, east, north]
