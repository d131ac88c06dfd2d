"""The demo's own chance: equal everywhere, fair enough."""

from collections import Counter

import numpy as np
import pytest

from mapping.demo.dice import Dice, smooth_noise


def test_the_stream_is_splitmix64() -> None:
    # The first numbers for seed 1234567 as published with the algorithm (Vigna, splitmix64.c; Rosetta Code).
    dice = Dice(1234567)
    assert [dice.bits() for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_the_same_seed_throws_the_same() -> None:
    assert [Dice(7).fork().unit() for _ in range(3)] == [Dice(7).fork().unit()] * 3


def test_one_throw_more_in_a_fork_moves_nothing_outside() -> None:
    first, second = Dice(3), Dice(3)
    first.fork().unit()
    own = second.fork()
    [own.unit() for _ in range(10)]
    assert first.unit() == second.unit()


def test_weights_are_kept() -> None:
    dice = Dice(5)
    counts = Counter(dice.weighted("abc", (1, 2, 7)) for _ in range(10_000))
    assert counts["a"] == pytest.approx(1000, rel=0.15)
    assert counts["c"] == pytest.approx(7000, rel=0.05)


def test_normal_throws_have_the_spread_asked_for() -> None:
    dice = Dice(9)
    throws = np.array([dice.normal(4.0) for _ in range(10_000)])
    assert abs(throws.mean()) < 0.15
    assert throws.std() == pytest.approx(4.0, rel=0.05)


def test_shuffling_keeps_everything_once() -> None:
    assert sorted(Dice(2).shuffled(range(50))) == list(range(50))
    assert Dice(2).shuffled(range(50)) != list(range(50))


def test_noise_is_smooth_and_within_bounds() -> None:
    noise = smooth_noise((60, 40), cells=10.0, seed=4)
    assert noise.shape == (60, 40)
    assert abs(noise).max() <= 1.0
    # Neighbouring cells differ by at most the steepest smoothstep between -1 and 1: 2 * 1.5 / 10 in each direction.
    assert abs(np.diff(noise, axis=0)).max() <= 0.31
