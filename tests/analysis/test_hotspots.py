"""Hot and cold spots: cases that can be reckoned by hand, every dealing counted, and a formula written anew with loops."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from analysis import grid
from analysis.hotspots import false_discoveries_held, hot_spots, neighbours, sum_distribution

SIZE = 100


def town(radius: int) -> NDArray[np.int64]:
    """All hexagons within so many steps of the one at (0, 0), ascending."""
    at = [(q, r) for q in range(-radius, radius + 1) for r in range(-radius, radius + 1) if abs(q + r) <= radius]
    q, r = np.array(at, dtype=np.int64).T
    return np.sort(grid.pack(q, r, SIZE))


def one(q: int, r: int) -> int:
    return int(grid.pack(np.array([q]), np.array([r]), SIZE)[0])


def test_neighbours_are_those_whose_centres_are_as_many_hexagons_away() -> None:
    cells = town(5)
    x, y = grid.cell_centre(cells)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    for steps in (1, 2, 3):
        found = neighbours(cells, steps).toarray()
        # k steps reach the corners of a large hexagon, k sizes away; the next ring's nearest centre is √3/2 (k + 1) sizes away
        inner, outer = steps * SIZE + 1, (steps + 1) * SIZE * np.sqrt(3) / 2 - 1
        assert inner < outer or steps > 5
        assert (found == (apart < inner)).all()
        assert found[np.searchsorted(cells, one(0, 0))].sum() == 1 + 3 * steps * (steps + 1)


def test_the_distribution_is_that_of_all_dealings_counted_one_by_one() -> None:
    values = np.array([0, 0, 0, 1, 1, 2, 5, 9])
    for m in (1, 3, 7, 8):
        sums = [sum(dealt) for dealt in combinations(values.tolist(), m)]
        expected = np.bincount(sums, minlength=19) / len(sums)
        assert sum_distribution(values, m, 18) == pytest.approx(expected)


def test_the_distribution_of_noughts_and_ones_is_the_hypergeometric() -> None:
    values = np.repeat([0, 1], [1900, 100])
    assert sum_distribution(values, 37, 20) == pytest.approx(stats.hypergeom(2000, 100, 37).pmf(np.arange(21)))


def test_z_is_the_published_formula_summed_with_loops() -> None:
    cells = town(4)
    values = np.random.default_rng(3).poisson(2, len(cells))
    found = hot_spots(cells, values, cells, steps=2)
    near, n = neighbours(cells, 2).toarray(), len(cells)
    mean = sum(values) / n
    s = (sum(float(v) ** 2 for v in values) / n - mean**2) ** 0.5
    for i in (0, n // 2, n - 1):
        w = near[i]
        above = sum(w[j] * values[j] for j in range(n)) - mean * sum(w)
        below = s * ((n * sum(w**2) - sum(w) ** 2) / (n - 1)) ** 0.5
        assert found.z[i] == pytest.approx(above / below)


def test_a_gathering_is_hot_and_a_void_in_a_busy_town_is_cold() -> None:
    area = town(9)
    q, r = np.array([grid.unpack(np.array([cell]))[1:] for cell in area.tolist()]).reshape(-1, 2).T
    children = np.full(len(area), 6) + np.random.default_rng(1).integers(-2, 3, len(area))
    children[np.maximum.reduce([abs(q - 5), abs(r + 5), abs(q + r)]) <= 1] = 15
    children[np.maximum.reduce([abs(q + 5), abs(r - 5), abs(q + r)]) <= 1] = 0
    found = hot_spots(area, children, area)
    assert found.kind[np.searchsorted(area, one(5, -5))] == 1
    assert found.kind[np.searchsorted(area, one(-5, 5))] == -1
    assert (found.kind[(abs(q - 5) > 3) & (abs(q + 5) > 3)] == 0).all()


def test_chance_alone_is_hardly_ever_named() -> None:
    """Of 200 towns in which children went anywhere, at most one in twenty may have any spot at all, give or take."""
    area, rng = town(8), np.random.default_rng(7)
    named = 0
    for _ in range(200):
        children = rng.poisson(0.4, len(area))
        named += bool(hot_spots(area, children, area).kind.any())
    assert named <= stats.binom(200, 0.05).ppf(0.999)


def test_false_discoveries_are_held_as_scipy_holds_them() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        p = np.concatenate([rng.random(80), rng.random(20) * 0.01])
        assert (false_discoveries_held(p, 0.05) == (stats.false_discovery_control(p, method="bh") <= 0.05)).all()
    assert not false_discoveries_held(np.empty(0), 0.05).size


def test_what_lies_outside_the_area_and_what_is_empty_counts_nowhere() -> None:
    area = town(3)
    outside = np.array([one(20, 20)])
    found = hot_spots(outside, np.array([50]), area)
    assert found.around.sum() == 0
    assert np.isnan(found.z).all()
    assert (found.p == 1).all()
    assert not hot_spots(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)).cells.size
    assert not hot_spots(area[:8], np.array([90, 0, 0, 0, 0, 0, 0, 0]), area[:8]).kind.any(), "too few to stand out"
    with pytest.raises(ValueError, match="4 steps"):
        hot_spots(area, np.zeros(len(area), np.int64), area, steps=4)
