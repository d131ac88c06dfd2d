"""What a release says in the national model's words: objects, what holds for all of them, and what is left out. Pure: payload in, rows out.

A release counts children by cell and theme, never by cell and category. So an object is a theme in a cell: its type is told when all
categories of the theme are of one type, its code when they all have one code. Where a theme mixes types, or holds a category without an
official code, its numbers cannot be parted, and the whole theme is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import grid

Payload = Mapping[str, Any]

CODE_LISTS = {
    "Barneveg": "BarnevegType",
    "Aktivitet": "AktivitetType",
    "PositivOpplevelse": "PositivOpplevelseType",
    "NegativOpplevelse": "NegativOpplevelseType",
}
"""The model's object types in its order, and the code list of each; surveys/official_codes.yaml has the values."""
WAYS = "Barneveg"

DRAWN_BY_HAND_ON_SCREEN = 82
"""Målemetode "Frihåndstegning på skjerm" of the SOSI standard: how the children drew what is counted."""
DECIMALS = 2
"""Corners are written to the centimetre, the unit that the model gives accuracy in."""


@dataclass(frozen=True)
class NationalObject:
    """One object: so many children, rounded, of one theme in one cell; code is "" where the theme has several."""

    object_type: str
    theme: str
    cell: str
    code: str
    children: int

    @property
    def local_id(self) -> str:
        """Its name, the same in every release of the survey."""
        return f"{self.theme}.{self.cell}"


@dataclass(frozen=True)
class LeftOut:
    """A theme that is not in the file: its words, its categories without an official code (their words), and the types it has."""

    theme: Mapping[str, Any]
    without: tuple[Mapping[str, Any], ...]
    types: tuple[str, ...]


@dataclass(frozen=True)
class NationalModel:
    """A release in the national model.

    namespace (navnerom), version (versjonId), captured_on (datafangstdato), municipality (kommune) and grade_group (klassetrinngruppe, ""
    where several took part) hold for every object; accuracy_cm: how far from the cell's centre what was drawn may lie.
    title, municipality_name: {language: text} and text. cells are those of all objects in ascending order, corners: (cells, 7, 2) metres
    east and north in EPSG:25833.
    """

    namespace: str
    version: str
    captured_on: date
    municipality: str
    municipality_name: str
    title: Mapping[str, str]
    default_language: str
    grade_group: str
    accuracy_cm: int
    objects: tuple[NationalObject, ...]
    left_out: tuple[LeftOut, ...]

    def of_type(self, object_type: str) -> list[NationalObject]:
        """The objects of one type."""
        return [one for one in self.objects if one.object_type == object_type]

    @property
    def bounds(self) -> list[float] | None:
        """[west, south, east, north] in EPSG:25833 metres, None where there is no object."""
        if not self.objects:
            return None
        corners = corners_of(self.objects).reshape(-1, 2)
        return [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()]


def is_told(themes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a payload's `themes` keep their categories' official names: releases built before Tråkk kept them do not."""
    return all("official" in category for theme in themes for category in theme["categories"])


def national_model(payload: Payload, *, sha256: str, built_on: date) -> NationalModel:
    """A release's payload (analysis/privacy/release.py) in the national model; ValueError when is_told says no."""
    if not is_told(payload["themes"]):
        raise ValueError("the release was built before official codes were kept in releases")
    survey = payload["survey"]
    types = {theme["code"]: _type_of(theme) for theme in payload["themes"]}
    return NationalModel(
        namespace=f"urn:uuid:{survey['id']}",
        version=sha256,
        # a survey that goes on has not been answered until its last day
        captured_on=min(date.fromisoformat(survey["closes_on"]), built_on),
        municipality=survey["municipality"]["number"].zfill(4),
        municipality_name=survey["municipality"]["name"],
        title=survey["title"],
        default_language=survey["default_language"],
        grade_group=(survey.get("grade_band") or "").replace("-", "–"),
        accuracy_cm=round(payload["rules"]["cell_size_m"] * 100 / 3**0.5),
        objects=tuple(_objects(payload, types)),
        left_out=tuple(left_out(payload["themes"])),
    )


def left_out(themes: Iterable[Mapping[str, Any]]) -> list[LeftOut]:
    """The themes of a payload that the model has no place for, and why."""
    return [
        LeftOut(
            theme=theme["words"],
            without=tuple(category["words"] for category in theme["categories"] if not _official(category)),
            types=tuple(dict.fromkeys(official[0] for category in theme["categories"] if (official := _official(category)))),
        )
        for theme in themes
        if _type_of(theme) is None
    ]


def corners_of(objects: Iterable[NationalObject]) -> NDArray[np.float64]:
    """The closed rings of the objects' cells, (objects, 7, 2) metres east and north in EPSG:25833, anticlockwise, to the centimetre."""
    cells = np.array([grid.cell_from_name(one.cell) for one in objects], dtype=np.int64)
    if not len(cells):
        return np.empty((0, 7, 2))
    return np.array([np.asarray(shape.exterior.coords) for shape in grid.cell_polygon(cells)]).round(DECIMALS)


def _objects(payload: Payload, types: Mapping[str, tuple[str, str] | None]) -> Iterable[NationalObject]:
    """By type in the model's order, then by theme in the survey's, then by cell in the release's."""
    order = list(types)
    found = [
        NationalObject(known[0], cell["theme"], cell["id"], known[1], cell["children_rounded"])
        for cell in payload["cells"]
        if cell["theme"] is not None and (known := types[cell["theme"]])
    ]
    return sorted(found, key=lambda one: (list(CODE_LISTS).index(one.object_type), order.index(one.theme)))


def _type_of(theme: Mapping[str, Any]) -> tuple[str, str] | None:
    """The object type of all that is counted in a theme, and its code where there is but one; None where it has no one type."""
    names = {_official(category) for category in theme["categories"]}
    types = {name[0] if name else "" for name in names}
    if len(types) != 1 or "" in types:
        return None
    codes = {name[2] for name in names if name}
    return types.pop(), codes.pop() if len(codes) == 1 else ""


def _official(category: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """The category's place in the model, if it has one there: a wish has a code, but the model has no type for it."""
    object_type, code_list, code = category.get("official") or ("", "", "")
    return (object_type, code_list, code) if code and CODE_LISTS.get(object_type) == code_list else None
