"""What whoever hears every byte that leaves children's tablets learns of their homes: attack 1 of docs/privacy.md, in counts.

The children live in Solvik and draw their ways along its streets, in strokes and taps, from either end; they move ends and bends, undo,
delete and draw anew, reload and leave the page. What was heard is looked at in metres of EPSG:25833, by nothing that the tablets use.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from pyproj import Transformer

from mapping.demo.dice import Dice
from mapping.demo.houses import House
from mapping.demo.pupils import LEISURE_GOALS, public_places
from mapping.demo.solvik import SOLVIK
from mapping.demo.town import Town, build_town
from mapping.demo.walks import by_finger, way_from_home
from tests.mapping.listener import Heard, listening
from tools.devkit import node

WAYS_EACH = 3
LEAST_M = 100.0
"""The policy's floor: so far from a home nothing is heard."""
MOST_M = 400.0
VARIANTS = 4
"""No child draws the same way twice alike."""
BESIDE_M = 45.0
FINGER_M = 10.0
"""What lies less deep in public ground may be the house beside it."""
SAME_M = 0.3
"""Six decimals, and the width of a line."""

_TO_METRES = Transformer.from_crs(4326, 25833, always_xy=True)
_NUMBER = re.compile(rb"-?\d+\.\d{4,}")
"""Three decimals are 110 m; what has fewer than four says nothing of a house."""


@dataclass(frozen=True)
class Run:
    """What the children did, and what was heard of it. public: the ground, in metres, where what is heard tells of no home beside it."""

    told: list[dict[str, Any]]
    heard: Heard
    addresses: dict[str, tuple[float, float]]
    public: shapely.Geometry


def gather(children: int, *, seed: int = 2026) -> Run:
    """Let so many children draw three ways each, with all that children do to them, and listen."""
    town = build_town(SOLVIK)
    given, addresses = _children(town, Dice(seed), children)
    with listening() as (root, heard):
        asked = {"root": root, "seed": seed, "faster": 100, "children": given, "bundle": _bundle(town)}
        command = [str(node.folder() / "bin/node"), str(Path(__file__).with_name("uploads.mjs"))]
        done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=30 + 3 * children, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Run(json.loads(done.stdout), heard, addresses, shapely.buffer(_public_ground(town), -FINGER_M))


def routes(run: Run) -> int:
    """How many ways were drawn."""
    return len({(child["response"], drawn["key"]) for child in run.told for drawn in child["drawn"] if drawn["line"]})


def positions_near_homes(run: Run) -> tuple[int, int]:
    """Of all pairs of numbers in a row that could be a position, in whatever order, from the fourth decimal on: those near a home; all."""
    near = found = 0
    for child in run.told:
        homes = _homes(run, child)
        for raw in bytes_of(run, child):
            numbers = list(_NUMBER.finditer(raw))
            # the latitude of one position, or of a whole line, and the longitude of the next are none
            rows = [(a[0], b[0]) for a, b in pairwise(numbers) if b"]" not in raw[a.end() : b.start()]]
            pairs = np.array(rows, dtype=np.float64).reshape(-1, 2)
            pairs = np.concatenate([pairs, pairs[:, ::-1]])
            found += len(pairs)
            near += _count_near(pairs, homes, run.public)
    return near, found


def lines_near_homes(run: Run) -> list[str]:
    """Lines that come near a home between their positions, whenever they were sent; and ways near the end that they were given by hand."""
    wrong = []
    for child in run.told:
        homes = shapely.multipoints(_metres(_homes(run, child)))
        lines = [(mark, shapely.difference(line, run.public)) for mark, line in _lines(run, child)]
        wrong += [f"{mark} of {child['response']}" for mark, line in lines if shapely.distance(homes, line) < LEAST_M - SAME_M]
        for drawn in child["drawn"]:
            if drawn["end"] and drawn["sent"]:
                end = shapely.Point(_metres(np.array([drawn["end"]]))[0])
                line = shapely.linestrings(_metres(np.array(drawn["sent"]["coordinates"])))
                is_home = shapely.distance(end, run.public) > 0
                if is_home and shapely.distance(end, line) < LEAST_M - SAME_M:
                    wrong.append(f"the moved end of {drawn['key']} of {child['response']}")
    return wrong


def digits_of_homes(run: Run) -> list[str]:
    """Homes both numbers of which are heard, to the fifth decimal, as something other than JSON would write them: without the point.

    One beside the other, in either order: in a town of some kilometres, each of them alone is some other position's, too.
    """
    wrong = []
    for child in run.told:
        spoken = b"\n".join(bytes_of(run, child)).replace(b".", b"")
        for at in _homes(run, child):
            lon, lat = (f"{number:.6f}".replace(".", "")[:-1].encode() for number in at)
            between = rb"\d{0,12}(?:%2C|[^\d\]]){0,40}"
            if re.search(lon + between + lat, spoken) or re.search(lat + between + lon, spoken):
                wrong.append(f"{[lon, lat]} of {child['response']}")
    return wrong


def shown_beyond_the_first(run: Run) -> tuple[list[str], list[float]]:
    """Children of whom no circle round the home was stayed out of by all ways; and by how much a way drawn again came nearer, in metres.

    Ways as they were once they were drawn: of one begun at school nobody knows before where its home end will be, and until then
    the end so far is hidden like one. A circle that only such an end ever had is none that hid the home.
    """
    wrong, nearer = [], []
    for child in run.told:
        home = shapely.Point(_metres(_homes(run, child))[0])
        in_force = [zone for zone in child["zones"] if not zone.get("isPast")]
        # chosen for where the finger came down, some metres from the door
        zones = [zone for zone in in_force if shapely.distance(_centre(zone), home) <= zone["radiusM"] - LEAST_M + FINGER_M]
        by_way: dict[int, list[float]] = {}
        lines = []
        for drawn in child["drawn"]:
            if drawn["sent"]:
                lines.append(shapely.linestrings(_metres(np.array(drawn["sent"]["coordinates"]))))
                if not drawn["isReshaped"]:
                    by_way.setdefault(drawn["way"], []).append(float(shapely.distance(home, lines[-1])))
        if not any((shapely.distance(_centre(zone), lines) >= zone["radiusM"] * 0.999).all() for zone in zones):
            wrong.append(f"no circle hides the home of {child['response']} from all ways")
        nearer += [first - min(later) for first, *later in by_way.values() if later]
    return wrong, nearer


def visible_ends_m(run: Run) -> Any:
    """How far from home each way begins to be seen, as it was first sent."""
    away = []
    for child in run.told:
        home = _metres(_homes(run, child))[0]
        away += [float(np.hypot(*(end - home))) for end in _visible_ends(run, child)]
    return np.array(away)


def circles_off_m(run: Run) -> Any:
    """How far the middle of the circle through all visible ends of a child lies from home: the attack on cuts of equal length."""
    off = []
    for child in run.told:
        ends = np.array(list(_visible_ends(run, child)))
        if len(ends) >= WAYS_EACH and np.ptp(ends, axis=0).min() > 60:
            off.append(float(np.hypot(*(_middle(ends) - _metres(_homes(run, child))[0]))))
    return np.array(off)


def bytes_of(run: Run, child: dict[str, Any]) -> list[bytes]:
    """Whatever left this child's tablet: requests with line, headers and body, and files."""
    return run.heard.raw[child["response"]] + [text.encode() for text in child["rescued"]]


def _children(town: Town, dice: Dice, count: int) -> tuple[list[dict[str, Any]], dict[str, tuple[float, float]]]:
    """Children all over the town: the way to school and two ways of the free time, all from their own door.

    Every fourth lives beside the school or a listed public place, where what is kept lies next to what is hidden.
    """
    beside = _beside_public_ground(town)
    goals = [place.gate for place in town.facilities if place.kind in LEISURE_GOALS]
    school = town.schools[0]
    told_school = {
        "name": school.code,
        "location": town.to_lonlat(school.door).__geo_interface__,
        "grounds": town.to_lonlat(school.grounds).__geo_interface__,
    }
    children: list[dict[str, Any]] = []
    addresses: dict[str, tuple[float, float]] = {}
    while len(children) < count:
        house = dice.pick(beside if len(children) % 4 == 0 else town.houses)
        ways = [way_from_home(town, house, goal, "ga") for goal in (school.door, dice.pick(goals), dice.pick(goals))]
        if any(way is None or way.length < 30 for way in ways):
            continue
        response = str(UUID(int=dice.bits(), version=4))
        lines = [[_lonlat(town, by_finger(way, dice, age=10, is_hasty=False)) for _ in range(VARIANTS)] for way in ways if way]
        drawn = [{"category": "skoleveg" if n == 0 else "fritidsveg", "lines": each} for n, each in enumerate(lines)]
        children.append({"response": response, "school": told_school, "ways": drawn})
        [addresses[response]] = _lonlat(town, house.address)
    return children, addresses


def _beside_public_ground(town: Town) -> tuple[House, ...]:
    """The houses whose doors are outside, but within a finger's reach, of the school's grounds or a public place."""
    doors = shapely.points(_metres(np.array([_lonlat(town, house.address)[0] for house in town.houses])))
    away = shapely.distance(_public_ground(town), doors)
    return tuple(house for house, metres in zip(town.houses, away, strict=True) if 0 < metres <= BESIDE_M)


def _public_ground(town: Town) -> shapely.Geometry:
    """The school's grounds and the listed places as the tablets are told of them, in metres."""
    grounds = [town.to_lonlat(town.schools[0].grounds), *(area for _, area in public_places(town))]
    return shapely.union_all([shapely.transform(area, _metres) for area in grounds])


def _bundle(town: Town) -> dict[str, Any]:
    """What of a survey's bundle the modules between stroke and network ask for."""
    places = [{"type": "Feature", "properties": {}, "geometry": area.__geo_interface__} for _, area in public_places(town)]
    categories = [
        {"code": code, "kind": "route", "modes": ["ga"], "limits": {"max": 99}, "to_school": code == "skoleveg"}
        for code in ("skoleveg", "fritidsveg")
    ]
    return {
        "trim_m": [LEAST_M, MOST_M],
        "public_places": {"type": "FeatureCollection", "features": places},
        "categories": categories,
        "limits": {"max_vertices": 500, "max_marks": 999},
        "study_area": town.to_lonlat(town.area).__geo_interface__,
    }


def _lonlat(town: Town, geometry: Any) -> list[tuple[float, float]]:
    return [(float(lon), float(lat)) for lon, lat in town.to_lonlat(geometry).coords]


def _homes(run: Run, child: dict[str, Any]) -> Any:
    """The door first, then wherever the child put its finger down there."""
    return np.array([run.addresses[child["response"]], *(home["at"] for home in child["homes"])])


def _metres(positions: Any) -> Any:
    return np.stack(_TO_METRES.transform(positions[:, 0], positions[:, 1]), axis=1)


def _count_near(pairs: Any, homes: Any, public: shapely.Geometry) -> int:
    """How many of the pairs, taken for positions, lie near any of the homes, on no public ground; numbers that are none lie far away."""
    around = pairs[(np.abs(pairs - homes[0]) < 0.05).all(axis=1)]
    if len(around) == 0:
        return 0
    points = shapely.points(_metres(around))
    near = points[shapely.distance(points, shapely.multipoints(_metres(homes))) < LEAST_M - SAME_M]
    return int((shapely.distance(near, public) > SAME_M).sum())


def _lines(run: Run, child: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every line that was sent, by the mark's id."""
    for raw in run.heard.raw[child["response"]]:
        head, _, body = raw.partition(b"\r\n\r\n")
        found = re.match(rb"PUT \S+/marks/(\S+) ", head)
        geometry = json.loads(body)["geometry"] if found else None
        if found and geometry:
            yield found[1].decode(), shapely.linestrings(_metres(np.array(geometry["coordinates"])))


def _centre(zone: dict[str, Any]) -> Any:
    return shapely.Point(_metres(np.array([zone["centre"]]))[0])


def _visible_ends(run: Run, child: dict[str, Any]) -> Iterator[Any]:
    """The end at home's side of each way as it was first sent, in metres."""
    home = _metres(_homes(run, child))[0]
    for number in range(WAYS_EACH):
        sent = next((one["sent"] for one in child["drawn"] if one["way"] == number and one["sent"] and not one["isReshaped"]), None)
        if sent:
            line = _metres(np.array(sent["coordinates"]))
            yield min((line[0], line[-1]), key=lambda end: float(np.hypot(*(end - home))))


def _middle(ends: Any) -> Any:
    """Of the circle that fits best (Kåsa)."""
    x, y = (ends - ends.mean(axis=0)).T
    solved = np.linalg.lstsq(np.stack([2 * x, 2 * y, np.ones(len(x))], axis=1), x**2 + y**2, rcond=None)[0]
    return solved[:2] + ends.mean(axis=0)
