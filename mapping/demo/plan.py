"""What a synthetic town is made from: the strokes of the pen that a generator cannot guess (shore, main roads, districts)."""

from __future__ import annotations

from dataclasses import dataclass, field

Position = tuple[float, float]
"""Metres east and north of the town's origin."""


def points(text: str) -> tuple[Position, ...]:
    """Positions written as "east,north east,north …", which keeps a drawn line readable as one."""
    return tuple((float(east), float(north)) for east, north in (pair.split(",") for pair in text.split()))


def words(text: str) -> tuple[str, ...]:
    """Names written one after the other."""
    return tuple(text.split())


Region = tuple[float, float, float, float]
"""West, south, east, north in the same metres."""


@dataclass(frozen=True)
class Road:
    """A road drawn by hand, smoothed through its points. kind: main, collector, residential, path or track."""

    name: str
    kind: str
    points: tuple[Position, ...]


@dataclass(frozen=True)
class District:
    """A part of town and how it is built.

    spacing_m: from street to street; frontage_m: street length of a plot; house_m: width and depth of an ordinary house;
    XX share of the cross streets that became
    footpaths, which is what makes blind alleys; names: what its streets are called; floors: storeys of an ordinary house.
    """

    name: str
    outline: tuple[Position, ...]
    spacing_m: float = 80.0
    frontage_m: float = 24.0
    house_m: tuple[float, float] = (12.0, 9.0)
    setback_m: float = 7.0
    grid_angle: float | None = None
    block: float = 1.75
    cut: float = 0.45
    fill: float = 0.92
    names: tuple[str, ...] = ()
    floors: int = 2


@dataclass(frozen=True)
class Hill:
    """A summit and how wide it is: heights fall off as a bell."""

    name: str
    at: Position
    height_m: float
    spread_m: float


@dataclass(frozen=True)
class SchoolSite:
    """Where a school stands. angle: degrees of its long side against east."""

    code: str
    name: str
    at: Position
    grades: tuple[int, int]
    angle: float = 0.0


@dataclass(frozen=True)
class Spot:
    """Something with a place of its own. kind follows the basemap's words; size_m is its length and width."""

    kind: str
    name: str
    at: Position
    size_m: tuple[float, float] = (0.0, 0.0)
    angle: float = 0.0


@dataclass(frozen=True)
class TownPlan:
    """All of a town that is decided by hand. Everything else follows from it and the seed."""

    name: str
    seed: int
    origin: Position
    area: Region
    region: Region
    roads: tuple[Road, ...]
    districts: tuple[District, ...]
    schools: tuple[SchoolSite, ...]
    sea: tuple[tuple[Position, ...], ...] = ()
    islands: tuple[tuple[Position, float], ...] = ()
    river: tuple[Position, ...] = ()
    river_name: str = ""
    lakes: tuple[tuple[Position, float, str], ...] = ()
    hills: tuple[Hill, ...] = ()
    spots: tuple[Spot, ...] = ()
    farmland: tuple[tuple[Position, ...], ...] = ()
    farms_every_m: float = 260.0
    farm_names: tuple[str, ...] = ()
    woods: float = 0.35
    water_names: tuple[tuple[str, Position, str], ...] = ()
    plan_area: tuple[Position, ...] = field(default=())
