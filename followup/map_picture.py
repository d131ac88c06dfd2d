"""The map for paper and for who has no script: a release's hexagons laid out as one SVG picture. Pure.

Drawn on the server because a map made of tiles follows the screen's size, not the sheet's: printed, it comes out cut or half loaded.
Each theme is a layer of its own, and the page shows the one chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import grid
from followup.frame import HEIGHT, WIDTH, Floats, Frame
from followup.ground import Name
from followup.places import Spot
from followup.scale import SCALE, step_of

SMALLEST_LABELLED = 30
"""Units a hexagon is wide before its number fits in it: some 5 mm on paper."""
LETTER = 0.6
"""A letter's width by its height, on average, in Inter's semi-bold."""
SIZES = {"pin": 30, "dot": 14, "school": 17, "town": 26, "place": 18, "water": 17, "number": 15}
"""Height of letters in units, by kind of label; static/css/components/release.css sets the same."""

SHIFTS = {"school": (-18, 20, -36, 38), "town": (0, -32, 32), "place": (0, -24, 24), "water": (0,)}
"""Where a name may stand, in units below its place, best first: a school's above its dot."""


@dataclass(frozen=True)
class Shade:
    """All hexagons of one step as one path."""

    step: int
    path: str


@dataclass(frozen=True)
class Label:
    """A text centred at a place of the picture."""

    x: int
    y: int
    text: str
    kind: str

    def covers(self, other: Label) -> bool:
        """Whether the two would be written over each other."""
        across = (self._width + other._width) / 2 > abs(self.x - other.x)
        return across and (SIZES[self.kind] + SIZES[other.kind]) / 2 + 2 > abs(self.y - other.y)

    @property
    def is_inside(self) -> bool:
        """Whether all of it lies in the picture."""
        height = SIZES[self.kind]
        return self._width / 2 < self.x < WIDTH - self._width / 2 and height < self.y < HEIGHT - height

    @property
    def _width(self) -> float:
        return max(1, len(self.text)) * LETTER * SIZES[self.kind] + 4


@dataclass(frozen=True)
class Number:
    """A cell's number, in light letters on a dark step."""

    x: int
    y: int
    text: str
    is_light: bool


@dataclass(frozen=True)
class Layer:
    """One theme's hexagons and their numbers; code "" is all themes together."""

    code: str
    shades: tuple[Shade, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Ruler:
    """A round length at the scale of the picture."""

    units: int
    text: str


@dataclass(frozen=True)
class Dot:
    """A school: a dot, and its name above it."""

    x: int
    y: int
    label: Label | None


@dataclass(frozen=True)
class Picture:
    """The laid-out map."""

    layers: tuple[Layer, ...]
    names: tuple[Label, ...]
    schools: tuple[Dot, ...]
    pins: tuple[Label, ...]
    ruler: Ruler


def draw(
    cells: Sequence[Mapping[str, Any]],
    codes: Sequence[str],
    frame: Frame,
    *,
    names: Iterable[Name] = (),
    schools: Iterable[Spot] = (),
    pins: Iterable[Spot] = (),
) -> Picture:
    """Lay the cells of a payload out in the frame, a layer for each code; code "" takes those of no theme.

    Nothing is written over anything else: pins come first, then schools, names in the order given, and the cells' numbers last.
    """
    pin_labels = tuple(Label(*_place(spot, frame), spot.name, "pin") for spot in pins)
    places = [(spot.name, *_place(spot, frame)) for spot in schools]
    taken = [*pin_labels, *(Label(x, y, "", "dot") for _, x, y in places)]
    dots = tuple(Dot(x, y, _first_clear(x, y, name, "school", taken)) for name, x, y in places)
    written = [_first_clear(name.x, name.y, name.text, name.kind, taken) for name in names]
    return Picture(
        layers=tuple(_layer(code, [cell for cell in cells if (cell["theme"] or "") == code], frame, taken) for code in codes),
        names=tuple(label for label in written if label),
        schools=dots,
        pins=pin_labels,
        ruler=_ruler(frame),
    )


def _first_clear(x: int, y: int, text: str, kind: str, taken: list[Label]) -> Label | None:
    """A label at its place or a little above or below it, where there is room, which it takes; None where there is none."""
    for shift in SHIFTS[kind]:
        label = Label(x, y + shift, text, kind)
        if label.is_inside and not any(label.covers(other) for other in taken):
            taken.append(label)
            return label
    return None


def _layer(code: str, cells: Sequence[Mapping[str, Any]], frame: Frame, taken: Sequence[Label]) -> Layer:
    if not cells:
        return Layer(code, (), ())
    ids = np.array([grid.cell_from_name(cell["id"]) for cell in cells], dtype=np.int64)
    rings = frame.place(grid.cell_polygon_lonlat(ids, decimals=4))
    counts = [int(cell["children_rounded"]) for cell in cells]
    steps = np.array([step_of(count).index for count in counts])
    shades = tuple(Shade(step.index, _path(rings[steps == step.index])) for step in SCALE if (steps == step.index).any())
    return Layer(code, shades, tuple(_numbers(rings, counts, taken)))


def _path(rings: Floats) -> str:
    return "".join("M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in ring[:-1]) + "Z" for ring in rings)


def _numbers(rings: Floats, counts: Sequence[int], taken: Sequence[Label]) -> Iterator[Number]:
    if float(np.ptp(rings[0, :, 0])) < SMALLEST_LABELLED:
        return
    middles = rings[:, :-1].mean(axis=1)
    for (x, y), count in zip(middles, counts, strict=True):
        label = Label(round(x), round(y), str(count), "number")
        if not any(label.covers(other) for other in taken):
            yield Number(label.x, label.y, label.text, is_light=step_of(count).is_dark)


def _place(spot: Spot, frame: Frame) -> tuple[int, int]:
    x, y = frame.place(np.array([spot.lon, spot.lat]))
    return int(x), int(y)


def _ruler(frame: Frame) -> Ruler:
    """The longest of 1, 2 or 5 times a power of ten metres that is at most a quarter of the picture."""
    room_m = WIDTH / 4 * frame.metres_per_unit
    lengths = [factor * 10**power for power in range(1, 6) for factor in (1, 2, 5)]
    longest = max((length for length in lengths if length <= room_m), default=lengths[0])
    text = f"{longest} m" if longest < 1000 else f"{longest // 1000} km"
    return Ruler(round(longest / frame.metres_per_unit), text)
