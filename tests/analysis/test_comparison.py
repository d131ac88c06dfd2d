"""Two groups compared: intervals as Newcombe printed them, p as SciPy's own test has it, and a town in which nothing differs."""

import numpy as np
import pytest
from scipy import stats

from analysis import grid
from analysis.comparison import compare, fisher, newcombe


def counts(children: dict[int, int]) -> grid.CellCounts:
    """So many children in each hexagon; one mark each."""
    cells = np.array(sorted(children), dtype=np.int64)
    numbers = np.array([children[cell] for cell in cells.tolist()], dtype=np.int64)
    return grid.CellCounts(cells, numbers, numbers)


@pytest.mark.parametrize(
    ("a", "n", "b", "m", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table II, method 10
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_the_interval_is_the_one_that_was_published(a: int, n: int, b: int, m: int, low: float, high: float) -> None:
    found = newcombe(np.array([a]), n, np.array([b]), m)
    assert [float(end[0]) for end in found] == pytest.approx([low, high], abs=6e-5)


def test_p_is_that_of_scipy() -> None:
    rng = np.random.default_rng(4)
    for n, m in ((3, 40), (25, 25), (60, 11)):
        a, b = rng.integers(0, n + 1, 40), rng.integers(0, m + 1, 40)
        expected = [stats.fisher_exact(np.array([[x, n - x], [y, m - y]])).pvalue for x, y in zip(a, b, strict=True)]
        assert fisher(a, n, b, m) == pytest.approx(expected)


def test_shares_are_compared_and_not_numbers() -> None:
    found = compare(counts({1: 30, 2: 10, 4: 9}), counts({1: 60, 3: 20}), of_first=50, of_second=100)
    assert found.cells.tolist() == [1, 2, 3, 4]
    assert found.first.tolist() == [30, 10, 0, 9]
    assert found.second.tolist() == [60, 0, 20, 0]
    assert found.share == pytest.approx([0, 0.2, -0.2, 0.18])
    assert found.more.tolist() == [0, 1, -1, 1]
    assert ((found.low <= found.share) & (found.share <= found.high)).all()


def test_groups_that_do_not_differ_are_hardly_ever_said_to() -> None:
    rng, said = np.random.default_rng(8), 0
    for _ in range(200):
        first, second = (counts({cell: int(rng.binomial(n, 0.1)) for cell in range(1, 60)}) for n in (40, 70))
        said += bool(compare(first, second, of_first=40, of_second=70).more.any())
    assert said <= stats.binom(200, 0.05).ppf(0.999)


def test_groups_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="groups of 0 and 5"):
        compare(counts({}), counts({}), of_first=0, of_second=5)
    with pytest.raises(ValueError, match="more children than its group"):
        compare(counts({1: 6}), counts({}), of_first=5, of_second=5)
    assert not compare(counts({}), counts({}), of_first=5, of_second=5).cells.size
