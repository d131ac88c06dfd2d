"""The release: each rule by a town whose answer is known, then a whole synthetic survey against a plain recount."""

import json
from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
import shapely.ops

from analysis import grid
from analysis.privacy import release
from analysis.privacy.release import Answers, Facts, Marks

CENTRE = (266_000.0, 6_640_000.0)
THEMES: list[dict[str, Any]] = [
    {
        "code": code,
        "words": {"nb": {"label": code.title()}},
        "icon": code,
        "colour": "#1d4ed8",
        "categories": [
            {"code": f"{code}_{i}", "words": {"nb": {"label": f"{code} {i}"}}, "kind": "place", "icon": code, "colour": "#1d4ed8"}
            for i in range(3)
        ],
    }
    for code in ("way", "activity", "negative")
]
FACTS = Facts(
    survey={"id": "00000000-0000-4000-8000-000000000001", "title": {"nb": "Barnetråkk"}},
    themes=THEMES,
    modes=[{"code": "ga", "words": {"nb": "Går"}}, {"code": "bil", "words": {"nb": "Bil"}}],
    schools=2,
    pupils=400,
    public=np.array([], dtype=object),
)


def answers(number: int, classes: int = 12, bands: tuple[str, ...] = ("1-4", "5-7", "8-10")) -> Answers:
    keys = np.array([release.child_key(i.to_bytes(16, "big")) for i in range(number)], dtype=np.uint64)
    own_class = np.arange(number) % classes
    return Answers(keys=keys, classes=own_class, bands=np.array([bands[c % len(bands)] for c in own_class], dtype=object))


def marks_at(child: list[int], *, theme: str = "activity", xy: tuple[float, float] = CENTRE) -> Marks:
    number = len(child)
    return Marks(
        child=np.array(child, dtype=np.int64),
        theme=np.array([theme] * number, dtype=object),
        category=np.array([f"{theme}_0"] * number, dtype=object),
        mode=np.array([""] * number, dtype=object),
        geometry=np.array([shapely.Point(xy)] * number, dtype=object),
    )


def together(*parts: Marks) -> Marks:
    fields = ("child", "theme", "category", "mode", "geometry")
    return Marks(**{field: np.concatenate([getattr(part, field) for part in parts]) for field in fields})


def town(seed: int = 1, children: int = 280, number: int = 3_000) -> tuple[Answers, Marks]:
    """Places in a few clusters and a thin spread, ways to a school in the middle, some without geometry."""
    rng = np.random.default_rng(seed)
    theme = rng.choice(["way", "activity", "negative"], number, p=[0.2, 0.5, 0.3])
    clusters = np.array(CENTRE) + rng.normal(0, 900, (12, 2))
    at = clusters[rng.integers(0, 12, number)] + rng.normal(0, 130, (number, 2))
    geometry: list[shapely.Geometry | None] = []
    for code, position in zip(theme, at, strict=True):
        way = shapely.LineString([position, (position + CENTRE) / 2 + rng.normal(0, 60, 2), CENTRE])
        geometry.append(None if rng.random() < 0.02 else way if code == "way" else shapely.Point(position))
    return answers(children), Marks(
        child=rng.integers(0, children, number),
        theme=theme.astype(object),
        category=np.array([f"{code}_{i}" for code, i in zip(theme, rng.integers(0, 3, number), strict=True)], dtype=object),
        mode=np.array([rng.choice(["ga", "bil"]) if code == "way" else "" for code in theme], dtype=object),
        geometry=np.array(geometry, dtype=object),
    )


def cell_list(payload: dict[str, Any]) -> dict[tuple[str, str | None], int]:
    return {(cell["id"], cell["theme"]): cell["children_rounded"] for cell in payload["cells"]}


def test_nineteen_responses_are_too_few_for_a_release() -> None:
    with pytest.raises(release.TooFewResponses, match="19"):
        release.build(FACTS, answers(19), marks_at([0]))


@pytest.mark.parametrize(("k", "size_m"), [(4, 250), (5, 249)])
def test_neither_k_nor_the_cells_can_be_made_finer_than_the_policy(k: int, size_m: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        release.build(FACTS, answers(40), marks_at([0]), k=k, size_m=size_m)


def test_a_cell_needs_five_children_not_five_marks() -> None:
    elsewhere = (CENTRE[0] + 5_000, CENTRE[1])
    payload = release.build(FACTS, answers(40), together(marks_at([0, 1, 2, 3, 3, 3]), marks_at([4, 5, 6, 7, 8], xy=elsewhere)))
    cell = grid.cell_name(grid.cell_of(np.array([elsewhere[0]]), np.array([elsewhere[1]])))[0]
    assert {name for name, _ in cell_list(payload)} <= {cell}


def test_a_cell_where_one_class_gives_more_than_four_fifths_is_left_out() -> None:
    one_class, two_classes = [0, 12, 24, 36, 48, 60], [1, 2, 13, 14, 25, 26]
    far = (CENTRE[0] + 5_000, CENTRE[1])
    farther = (CENTRE[0] + 9_000, CENTRE[1])
    spread = marks_at(list(range(70)), xy=farther)
    # a second such cell, because a single hidden one would take another with it
    hidden = together(marks_at(one_class), marks_at([child + 3 for child in one_class], xy=(CENTRE[0], CENTRE[1] + 5_000)))
    payload = release.build(FACTS, answers(70), together(hidden, marks_at(two_classes, xy=far), spread))
    names = {name for name, _ in cell_list(payload)}
    assert grid.cell_name(grid.cell_of(np.array([CENTRE[0]]), np.array([CENTRE[1]])))[0] not in names
    assert grid.cell_name(grid.cell_of(np.array([far[0]]), np.array([far[1]])))[0] in names


def test_a_single_hidden_cell_takes_the_smallest_published_one_with_it() -> None:
    places = [(CENTRE[0] + 3_000 * i, CENTRE[1]) for i in range(4)]
    groups = [range(3), range(30), range(20), range(7)]
    marks = together(*(marks_at(list(group), xy=xy) for group, xy in zip(groups, places, strict=True)))
    shown = {name for name, theme in cell_list(release.build(FACTS, answers(40), marks)) if theme == "activity"}
    names = [grid.cell_name(grid.cell_of(np.array([x]), np.array([y])))[0] for x, y in places]
    assert shown == {names[1], names[2]}


def test_a_grade_band_with_fewer_than_twenty_responses_does_not_exist() -> None:
    mostly = answers(100, bands=("1-4", "5-7"))
    few = replace(mostly, bands=np.array([*mostly.bands[:85], *["8-10"] * 15], dtype=object))
    bands = release.build(FACTS, few, marks_at(list(range(100))))["grade_bands"]
    assert [band["band"] for band in bands] == ["1-4", "5-7"]


def test_a_number_split_by_grade_band_stands_for_ten_children_or_is_null() -> None:
    # the low band is children 0, 3, 6 …: nine of them marked, and thirty of each other band
    low, others = [i for i in range(90) if i % 3 == 0][:9], [i for i in range(90) if i % 3]
    payload = release.build(FACTS, answers(90), marks_at(low + others))
    by_band = {band["band"]: {theme["code"]: theme["children"] for theme in band["themes"]} for band in payload["grade_bands"]}
    assert by_band["1-4"]["activity"] is None
    assert all((theme["children"] or 10) >= 10 for band in payload["grade_bands"] for theme in band["themes"])


def test_every_published_number_is_a_multiple_of_five_and_none_is_below_five() -> None:
    payload = release.build(FACTS, *town())

    def numbers(value: Any) -> list[int]:
        if isinstance(value, dict):
            counts = [value[key] for key in ("children", "children_rounded", "responses", "marks", "n_responses") if value.get(key)]
            return counts + [n for part in value.values() for n in numbers(part)]
        return [n for part in value for n in numbers(part)] if isinstance(value, list) else []

    published = numbers(payload)
    assert len(published) > 100
    assert all(number % 5 == 0 and number >= 5 for number in published)


def test_published_cells_are_those_a_plain_recount_allows() -> None:
    who, marks = town()
    children: dict[tuple[str, str | None], set[int]] = defaultdict(set)
    for child, theme, shape in zip(marks.child.tolist(), marks.theme, marks.geometry, strict=True):
        if shape is None:
            continue
        if shape.geom_type == "LineString":
            counted = shapely.ops.substring(shape, 100, shape.length - 100) if shape.length > 200 else None
        else:
            counted = shape
        for name in grid.cell_name(grid.cells_of_geometries(np.array([counted], dtype=object))[0]):
            children[name, theme].add(child)
            children[name, None].add(child)
    published = cell_list(release.build(FACTS, who, marks))
    for key, number in published.items():
        assert len(children[key]) >= 5
        assert abs(len(children[key]) - number) <= 4
    # and little is lost to complementary suppression: nearly all that may be shown is shown
    allowed = [key for key, members in children.items() if len(members) >= 5]
    assert len(published) > 0.85 * len(allowed) > 20


def test_a_ways_last_hundred_metres_count_in_no_cell() -> None:
    way = shapely.LineString([(CENTRE[0], CENTRE[1] - 1_000), (CENTRE[0], CENTRE[1] + 1_000)])
    ways = replace(marks_at(list(range(40)), theme="way"), geometry=np.array([way] * 40, dtype=object))
    shown = {name for name, _ in cell_list(release.build(FACTS, answers(40), ways))}
    cut = shapely.LineString([(CENTRE[0], CENTRE[1] - 900), (CENTRE[0], CENTRE[1] + 900)])
    assert shown == set(grid.cell_name(grid.cells_of_geometries(np.array([cut], dtype=object))[0]))


def test_those_who_did_not_answer_follow_from_the_rounded_number_and_tell_nothing_more() -> None:
    payload = release.build(FACTS, *town())
    assert payload["not_answered"] == 400 - payload["n_responses"]
    assert release.build(replace(FACTS, pupils=None), *town())["not_answered"] is None
    assert release.build(replace(FACTS, pupils=100), *town())["not_answered"] == 0


def test_the_payload_is_the_same_whatever_the_order_of_the_rows() -> None:
    who, marks = town()
    order = np.random.default_rng(9).permutation(len(marks.child))
    shuffled = Marks(*(getattr(marks, field)[order] for field in ("child", "theme", "category", "mode", "geometry")))
    assert release.sha256_of(release.build(FACTS, who, marks)) == release.sha256_of(release.build(FACTS, who, shuffled))


def test_the_fingerprint_changes_with_any_number() -> None:
    payload = release.build(FACTS, *town())
    other = json.loads(json.dumps(payload))
    other["cells"][0]["children_rounded"] += 5
    assert release.sha256_of(payload) != release.sha256_of(other)
    assert release.sha256_of(payload) == release.sha256_of(json.loads(json.dumps(payload)))


def test_nothing_but_the_described_fields_is_in_a_payload() -> None:
    payload = release.build(FACTS, *town())
    described = release.__doc__ or ""
    assert all(f"    {field} " in described for field in payload)
    assert {key for cell in payload["cells"] for key in cell} == {"id", "size_m", "theme", "children_rounded"}
    assert len(repr(payload["bbox"][0]).partition(".")[2]) <= 3


def test_a_town_without_marks_gives_numbers_and_no_cells() -> None:
    none = Marks(*(np.array([], dtype=kind) for kind in (np.int64, object, object, object, object)))
    payload = release.build(FACTS, answers(40), none)
    assert payload["cells"] == []
    assert payload["bbox"] is None
    assert payload["n_responses"] == 40


def test_modes_come_with_the_most_used_first() -> None:
    walking, driving = marks_at(list(range(30)), theme="way"), marks_at(list(range(8)), theme="way")
    walking = replace(walking, mode=np.array(["ga"] * 30, dtype=object))
    driving = replace(driving, mode=np.array(["bil"] * 8, dtype=object))
    modes = release.build(FACTS, answers(40), together(driving, walking))["modes"]
    assert [mode["code"] for mode in modes] == ["ga", "bil"]
    assert modes[0]["children"] == 30
