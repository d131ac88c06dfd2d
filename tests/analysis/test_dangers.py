"""Danger × use: an order that can be reckoned by hand, distances by PostGIS' own rule, and a bootstrap beside one made with loops."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from analysis.dangers import near, rank
from analysis.streets import Passages, passages

STREETS = np.array([shapely.LineString([(100 * n, 0), (100 * n + 100, 0)]) for n in range(4)], dtype=object)


def points(*at: tuple[float, float]) -> NDArray[np.object_]:
    return np.array([shapely.Point(one) for one in at], dtype=object)


def along(*stretches: int) -> shapely.LineString:
    """A way from the first of these neighbours to the last."""
    return shapely.LineString([(100 * min(stretches), 5), (100 * max(stretches) + 100, 5)])


def test_a_danger_belongs_to_every_stretch_within_25_metres() -> None:
    danger, stretch = near(points((50, 24.9), (50, 25.1), (100, 0), (190, 20)), STREETS)
    assert sorted(zip(danger.tolist(), stretch.tolist(), strict=True)) == [(0, 0), (2, 0), (2, 1), (3, 1), (3, 2)]
    none = near(np.array([None, shapely.Point()], dtype=object), STREETS)
    assert [len(part) for part in none] == [0, 0]


def test_stretches_are_ranked_by_who_passes_and_then_by_who_is_afraid() -> None:
    ways = np.array([along(0), along(0, 1), along(0, 1), along(1), along(2), along(2), along(3)], dtype=object)
    child = np.array([0, 1, 1, 2, 3, 4, 5])  # the same child goes twice along 0 and 1
    dangers = points((50, 0), (50, 1), (150, 0), (150, 2), (250, 0), (250, 0), (250, 0))
    whose = np.array([0, 0, 1, 2, 3, 4, 5])
    found = rank(passages(ways, STREETS), child, near(dangers, STREETS), whose, seed=1)
    assert found.stretch.tolist() == [2, 1, 0]
    assert found.passing.tolist() == [2, 2, 2]
    assert found.afraid.tolist() == [3, 2, 1], "nobody is afraid along 3, and a child that says it twice is one"
    assert rank(passages(ways, STREETS), child, near(dangers, STREETS), whose, seed=1, least_afraid=2).stretch.tolist() == [2, 1]


def test_nothing_dangerous_is_no_order() -> None:
    nobody = np.empty(0, dtype=np.int64)
    for ways in (np.array([along(0)], dtype=object), np.empty(0, dtype=object)):
        found = rank(passages(ways, STREETS), np.zeros(len(ways), np.int64), (nobody, nobody), nobody, seed=1)
        assert len(found.stretch) == len(found.among_first) == 0


def test_a_danger_where_nobody_goes_is_last() -> None:
    found = rank(
        passages(np.array([along(0)], dtype=object), STREETS),
        np.array([0]),
        near(points((50, 0), (350, 0)), STREETS),
        np.array([1, 2]),
        seed=1,
    )
    assert found.stretch.tolist() == [0, 3]
    assert found.passing.tolist() == [1, 0]


def test_how_sure_the_order_is_follows_how_far_apart_the_streets_are() -> None:
    """Along 0 go 40 children, along the others about 15 each: the first is first whoever answers; who is second is chance."""
    ways = np.array([along(0)] * 40 + [along(1)] * 16 + [along(2)] * 15 + [along(3)] * 15, dtype=object)
    whose = np.arange(86)
    dangers = np.concatenate([points((50, 0)), points((150, 0)), points((250, 0)), points((350, 0))]).repeat(6)
    found = rank(passages(ways, STREETS), whose, near(dangers, STREETS), np.arange(24), seed=1)
    assert found.stretch.tolist()[0] == 0
    assert found.among_first[0] == 1
    assert all(0.4 < share < 0.95 for share in found.among_first[1:])
    assert all(low <= passing <= high for low, passing, high in zip(found.low, found.passing, found.high, strict=True))


def test_the_bootstrap_is_what_loops_over_children_find() -> None:
    rng = np.random.default_rng(5)
    way, child = np.arange(60), rng.integers(0, 25, 60)
    follows = Passages(way=way, stretch=rng.integers(0, 4, 60))
    danger = (np.arange(30), rng.integers(0, 4, 30))
    danger_child = rng.integers(0, 25, 30)
    found = rank(follows, child, danger, danger_child, seed=9, rounds=200)
    children = max(child.max(), danger_child.max()) + 1
    drawings = np.random.default_rng(9).multinomial(children, np.full(children, 1 / children), size=200)
    firsts = dict.fromkeys(range(4), 0)
    for times in drawings:
        scores = {}
        for stretch in found.stretch.tolist():
            passing = sum(int(times[one]) for one in {int(child[w]) for w, s in zip(way, follows.stretch, strict=True) if s == stretch})
            afraid = sum(int(times[one]) for one in {int(danger_child[d]) for d, s in zip(*danger, strict=True) if s == stretch})
            scores[stretch] = (passing, afraid) if afraid else (-1, 0)
        third = sorted(scores.values())[-3]
        for stretch, score in scores.items():
            firsts[stretch] += score >= third and score[0] >= 0
    expected = [firsts[stretch] / 200 for stretch in found.stretch.tolist()]
    assert found.among_first.tolist() == pytest.approx(expected)
