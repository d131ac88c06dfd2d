"""The children of a synthetic town: where they live, how they go to school, and what they mark and say on the map."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point, mapping
from shapely.geometry.base import BaseGeometry

from mapping.demo.anchors import Anchors
from mapping.demo.comments import NONE, Comment, comment_on
from mapping.demo.dice import Dice
from mapping.demo.facilities import School
from mapping.demo.houses import House
from mapping.demo.shapes import blob
from mapping.demo.town import Town
from mapping.demo.walks import by_finger, way_between, way_from_home
from mapping.trim import FINGER_M, Position, trim_route

PUBLIC_KINDS = ("pitch", "library", "sports_hall", "swimming_area", "pier", "supermarket", "townhall")
LEISURE_GOALS = ("pitch", "playground", "pier", "swimming_area", "sports_hall", "library", "supermarket", "viewpoint")


@dataclass(frozen=True)
class Classroom:
    """A class that takes the survey. week: which week of the round it has its lesson, from 0."""

    school: str
    grade: int
    letter: str
    pupils: int
    week: int


@dataclass(frozen=True)
class DemoMark:
    """One mark as the tablet would send it, longitude and latitude; a way too short to be cut safely has no geometry.

    to_catch: the rule by which a moderator should catch its words. whole: a way before the cut, metres of the plan: it never leaves the
    child's tablet, and stays here so that attack tests can compare.
    """

    category: str
    kind: str
    geometry: dict[str, Any] | None
    mode: str = ""
    comment: Comment = NONE
    answers: dict[str, Any] = field(default_factory=dict)
    whole: LineString | None = None


@dataclass(frozen=True)
class Pupil:
    """One child. home: number of its house in the town; language: of its answers."""

    classroom: Classroom
    home: int
    language: str
    mode: str
    marks: tuple[DemoMark, ...]
    answers: dict[str, Any]


SOLVIK_CLASSES = (
    Classroom("barneskole", 2, "A", 22, 4),
    Classroom("barneskole", 3, "A", 25, 2),
    Classroom("barneskole", 4, "A", 23, 3),
    Classroom("barneskole", 5, "A", 24, 0),
    Classroom("barneskole", 5, "B", 23, 0),
    Classroom("barneskole", 6, "A", 25, 1),
    Classroom("barneskole", 6, "B", 24, 6),
    Classroom("barneskole", 7, "A", 26, 2),
    Classroom("ungdomsskole", 8, "A", 24, 3),
    Classroom("ungdomsskole", 8, "B", 23, 4),
    Classroom("ungdomsskole", 9, "A", 25, 5),
    Classroom("ungdomsskole", 10, "A", 21, 5),
)
"""Twelve classes of the demo, 285 pupils, over six weeks and this one, in which 6B is at it."""


def make_pupils(town: Town, classes: Sequence[Classroom] = SOLVIK_CLASSES, *, seed: int = 1) -> list[Pupil]:
    """All children of the classes. The same town, classes and seed give the same children."""
    dice = Dice(town.plan.seed * 31 + seed)
    crowd = _Crowd(town, dice.fork())
    return [crowd.pupil(classroom, dice.fork()) for classroom in classes for _ in range(classroom.pupils)]


def public_places(town: Town) -> list[tuple[str, BaseGeometry]]:
    """Places besides schools where a way may end without telling of a home: name and area, longitude and latitude.

    Grown by 15 m, so that a finger that means them is mostly in them.
    """
    there = [place for place in town.facilities if place.kind in PUBLIC_KINDS and town.area.contains(place.gate)]
    return [(place.name, town.to_lonlat(place.area.buffer(15, quad_segs=3).simplify(1.0))) for place in there]


def public_at(town: Town) -> Callable[[Position], str | None]:
    """Which public ground, a school's or a listed place's, a longitude and latitude lies on: what the trim asks.

    A tablet leads a way to school that stops beside it to the school's point; here what ends near the door counts as there.
    """
    schools = [school.grounds.buffer(-FINGER_M).union(school.door.buffer(FINGER_M)) for school in town.schools]
    places = [place.area.buffer(15 - FINGER_M, quad_segs=3) for place in town.facilities if place.kind in PUBLIC_KINDS]
    named = [
        *((f"school:{number}", area) for number, area in enumerate(schools)),
        *((f"place:{number}", area) for number, area in enumerate(places)),
    ]
    grounds = [(name, town.to_lonlat(area)) for name, area in named]
    for _, area in grounds:
        shapely.prepare(area)

    def ask(place: Position) -> str | None:
        return next((name for name, area in grounds if shapely.contains_xy(area, *place)), None)

    return ask


class _Crowd:
    """Makes children of one town, one after the other."""

    def __init__(self, town: Town, dice: Dice) -> None:
        self._town = town
        self._anchors = Anchors(town, dice.fork())
        self._public_at = public_at(town)
        self._schools = {school.code: school for school in town.schools}
        self._homes = {code: self._catchment(school) for code, school in self._schools.items()}

    def pupil(self, classroom: Classroom, dice: Dice) -> Pupil:
        """One child of a class, with everything it marks and answers."""
        school = self._schools[classroom.school]
        numbers, weights = self._homes[classroom.school]
        home = dice.weighted(numbers, weights)
        house = self._town.houses[home]
        language = dice.weighted(("nb", "nn", "en"), (0.87, 0.11, 0.02))
        mode = usual_mode(house.address.distance(school.door) * 1.3, classroom.grade, dice)
        walk = way_from_home(self._town, house, school.door, mode) or way_from_home(self._town, house, school.door, "ga")
        child = _Child(self._town, self._anchors, house, classroom, language, walk, dice)
        marks: list[DemoMark | None] = [self._way(child, "skoleveg", walk, mode, dice)] if walk is not None and dice.chance(0.96) else []
        marks += [self._leisure(child, dice) for _ in range(dice.weighted((0, 1, 2), (0.22, 0.43, 0.35)))]
        marks += [child.mark(category) for category in child.wishes()]
        return Pupil(classroom, home, language, mode, tuple(mark for mark in marks if mark is not None), child.answers())

    def _catchment(self, school: School) -> tuple[list[int], list[float]]:
        """Houses whose children go to a school: the nearer the more, a lower-secondary school from farther away."""
        reach_m = 1000.0 if school.grades[0] == 1 else 1500.0
        doors = np.array([house.address for house in self._town.houses])
        away = np.asarray(shapely.distance(doors, school.door))
        near = np.flatnonzero((away < 4200) & shapely.covers(self._town.area, doors))
        return near.tolist(), np.exp(-away[near] / reach_m).tolist()

    def _leisure(self, child: _Child, dice: Dice) -> DemoMark | None:
        goals = [place for place in self._town.facilities if place.kind in LEISURE_GOALS]
        if not goals:
            return None
        goal = dice.weighted(goals, [math.exp(-place.gate.distance(child.home) / 800) for place in goals])
        far = goal.gate.distance(child.home) > 900
        mode = dice.weighted(("ga", "sykle", "sparkesykkel", "bil"), (0.2, 0.55, 0.1, 0.15) if far else (0.65, 0.22, 0.11, 0.02))
        if dice.chance(0.25):
            # Some go straight from school, and both ends are then public.
            school = self._schools[child.classroom.school]
            way = way_between(self._town, school.door, goal.gate, mode)
        else:
            way = way_from_home(self._town, child.house, goal.gate, mode)
        return self._way(child, "fritidsveg", way, mode, dice) if way is not None else None

    def _way(self, child: _Child, category: str, way: LineString, mode: str, dice: Dice) -> DemoMark:
        """A way as drawn and as sent: the home end cut off by 100–400 m."""
        drawn = by_finger(_inside(way, self._town), dice, age=child.classroom.grade + 5, is_hasty=mode in ("bil", "buss"))
        lonlat = [(float(lon), float(lat)) for lon, lat in self._town.to_lonlat(drawn).coords]
        sent = trim_route(lonlat, dice.between(100.0, 400.0), self._public_at)
        geometry = {"type": "LineString", "coordinates": [list(place) for place in sent]} if sent else None
        answers = {"skoleveg_trygghet": child.safety(way)} if category == "skoleveg" and dice.chance(0.9) else {}
        place = child.name_of(way.interpolate(0.5, normalized=True))
        return DemoMark(category, "route", geometry, mode, child.words(category, place, 0.3), answers, drawn)


def _inside(way: LineString, town: Town) -> LineString:
    """The part of a way that can be drawn: a survey takes nothing outside its area."""
    if town.area.buffer(-20).contains(way):
        return way
    parts = [part for part in shapely.get_parts(way.intersection(town.area.buffer(-20))) if part.geom_type == "LineString"]
    return max(parts, key=lambda part: float(part.length), default=way)


def usual_mode(length_m: float, grade: int, dice: Dice) -> str:
    """How a child of a grade goes so far: feet, wheels, bus or car. Bicycles are for those from the fourth grade on."""
    bicycle = 1.0 if grade >= 5 else 0.35 if grade == 4 else 0.05
    if length_m < 700:
        chances = {"ga": 0.85, "sykle": 0.12 * bicycle, "sparkesykkel": 0.08, "bil": 0.04 if grade <= 3 else 0.01}
    elif length_m < 1700:
        chances = {"ga": 0.45, "sykle": 0.4 * bicycle, "sparkesykkel": 0.08, "bil": 0.28 if grade <= 4 else 0.1, "buss": 0.05}
    else:
        chances = {"ga": 0.06, "sykle": 0.25 * bicycle, "bil": 0.3 if grade <= 4 else 0.15, "buss": 0.55, "annet": 0.01}
    return dice.weighted(list(chances), list(chances.values()))


WISHES: tuple[tuple[tuple[float, ...], dict[str, float]], ...] = (
    (
        (0.03, 0.1, 0.27, 0.33, 0.27),
        {
            "leke": 5,
            "ballspill": 4,
            "sykle_her": 2,
            "bade": 2.5,
            "henge_ute": 1.2,
            "skogstur": 2,
            "aking": 1.6,
            "fiske": 1,
            "ski_her": 0.5,
            "skoyter": 0.5,
            "ri": 0.3,
            "musikk": 0.4,
            "annen_aktivitet": 0.9,
            "lekeomrade": 1.2,
        },
    ),
    (
        (0.04, 0.2, 0.35, 0.27, 0.14),
        {"fint": 3, "morsomt": 2.6, "favorittsted": 3, "trygt": 1.4, "utsikt": 1, "moteplass": 1.6, "natur": 1.8},
    ),
    (
        (0.05, 0.15, 0.32, 0.29, 0.19),
        {
            "farlig": 4.5,
            "skummelt": 1.8,
            "morkt": 1.6,
            "mange_biler": 2.4,
            "hoy_fart": 2.4,
            "kjedelig": 1.6,
            "soppel": 1.4,
            "mangler_fortau": 1.8,
            "mangler_gangfelt": 2,
            "uoversiktlig": 1.3,
            "stoy": 0.7,
            "utrygge_folk": 0.6,
        },
    ),
    ((0.18, 0.4, 0.29, 0.13), {"noe_a_gjore": 3.2, "tryggere": 2.6, "penere": 1, "mer_av": 1.4, "mindre_av": 0.7, "annet_onske": 1.1}),
)
"""Per step of the pupil's page: how many marks (chances of 0, 1, 2 …), and how often each category is chosen."""

OLDER = {
    "henge_ute": 3.5,
    "moteplass": 2.0,
    "musikk": 1.6,
    "leke": 0.12,
    "lekeomrade": 0.2,
    "aking": 0.4,
    "kjedelig": 1.7,
    "utrygge_folk": 1.8,
}
"""How much more, or less, often pupils from the eighth grade on choose some categories."""


@dataclass
class _Child:
    """A child at the map."""

    town: Town
    anchors: Anchors
    house: House
    classroom: Classroom
    language: str
    way: LineString | None
    dice: Dice

    @property
    def home(self) -> Point:
        return self.house.address

    def wishes(self) -> list[str]:
        """The categories it marks."""
        older = self.classroom.grade >= 8
        chosen: list[str] = []
        for chances, weights in WISHES:
            count = self.dice.weighted(range(len(chances)), chances)
            shares = [weight * (OLDER.get(category, 1.0) if older else 1.0) for category, weight in weights.items()]
            chosen += [self.dice.weighted(list(weights), shares) for _ in range(count)]
        return chosen

    def mark(self, category: str) -> DemoMark | None:
        """A place or an area of a category; None where the town has nothing of the kind."""
        at = self.anchors.place_for(category, self.home, self.way, self.dice)
        if at is None:
            return None
        is_area = category == "lekeomrade"
        shape = blob((at.x, at.y), self.dice.between(35, 95), dice=self.dice, ratio=0.8, corners=8).simplify(2.0) if is_area else at
        if is_area and not self.town.area.contains(shape):
            return None
        words = self.words(category, self.name_of(at), 0.62 if category in WISHES[3][1] else 0.45)
        return DemoMark(category, "area" if is_area else "place", _geojson(self.town.to_lonlat(shape)), comment=words)

    def words(self, category: str, place: str, chance: float) -> Comment:
        """A comment, or none."""
        if not self.dice.chance(chance):
            return NONE
        return comment_on(category, language=self.language, grade=self.classroom.grade, place=place, dice=self.dice)

    def name_of(self, place: Point) -> str:
        """What the child calls the surroundings."""
        return self.anchors.name_near(place)

    def safety(self, way: LineString) -> str:
        """How safe the way feels, 1–5: every bare crossing on it takes some away."""
        bare = sum(1 for crossing in self.town.crossings if not crossing.marked and crossing.at.distance(way) < 10)
        return str(max(1, min(5, round(4.6 - 0.5 * bare + self.dice.normal(0.8)))))

    def answers(self) -> dict[str, Any]:
        """Answers that hang on no mark, by the default template's questions."""
        dice, grade = self.dice, self.classroom.grade
        often = ("aldri", "av_og_til", "ofte")
        given: dict[str, Any] = {
            "arstid": [season for season, share in (("var", 0.5), ("sommer", 0.85), ("host", 0.4), ("vinter", 0.45)) if dice.chance(share)],
            "lov_a_ga": dice.weighted(("ja", "noen_ganger", "nei"), (0.2, 0.5, 0.3) if grade <= 4 else (0.7, 0.25, 0.05)),
            "dager_ute": dice.weighted(range(8), (1, 2, 4, 6, 6, 5, 3, 3)),
            "hvor_ofte": {row: dice.weighted(often, (0.2, 0.45, 0.35)) for row in ("skogen", "lekeplassen", "idrettsplassen", "sentrum")},
        }
        if dice.chance(0.4):
            given["si_til_ordforer"] = comment_on("si_til_ordforer", language=self.language, grade=grade, place="", dice=dice).text
        return {code: value for code, value in given.items() if value and dice.chance(0.93)}


def _geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """GeoJSON with lists, rings against the clock as RFC 7946 wants them."""
    if geometry.geom_type == "Polygon":
        geometry = shapely.orient_polygons(geometry)
    plain: dict[str, Any] = mapping(geometry)
    return {"type": plain["type"], "coordinates": _listed(plain["coordinates"])}


def _listed(value: Any) -> Any:
    return [_listed(part) for part in value] if isinstance(value, list | tuple) else value
