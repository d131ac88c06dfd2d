"""Words: a measure reckoned by hand, and groups that are there to be found."""

from math import log, sqrt

import numpy as np
import pytest

from analysis.words import MIN_TEXTS, TooFewTexts, best_of, characteristic, children_per_stem, topics


def test_a_child_counts_once_for_a_word_however_often_it_says_it() -> None:
    stem, child = np.array([0, 0, 0, 1, 1]), np.array([7, 7, 8, 7, 9])
    assert children_per_stem(stem, child, 3).tolist() == [2, 2, 0]
    assert children_per_stem(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), 2).tolist() == [0, 0]


def test_what_is_said_here_is_held_against_elsewhere_as_monroe_and_others_write_it() -> None:
    """Two words, said by 8 and 2 here, 10 and 30 in all; the prior is ten words: 2.5 and 7.5."""
    z = characteristic(np.array([8, 2]), np.array([10, 30]))
    here, elsewhere = (8 + 2.5) / (10 + 10 - 8 - 2.5), (2 + 2.5) / (30 + 10 - 2 - 2.5)
    assert z[0] == pytest.approx((log(here) - log(elsewhere)) / sqrt(1 / 10.5 + 1 / 4.5))
    # with two words the odds of one are those of the other turned round; only what is known of them differs
    assert z[0] * sqrt(1 / 10.5 + 1 / 4.5) == pytest.approx(-z[1] * sqrt(1 / 9.5 + 1 / 35.5))
    assert characteristic(np.array([0, 0]), np.array([0, 0])).tolist() == [0, 0]


def test_a_word_of_few_children_is_no_places_word_however_rare_it_is_elsewhere() -> None:
    everywhere = np.array([5, 4, 100])
    assert best_of(np.array([5, 4, 20]), everywhere, most=9) == [0]
    assert best_of(np.array([5, 4, 20]), everywhere, most=0) == []


def _texts(number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Texts by as many children, in turn about stems 0 to 5 and 6 to 11, three of each."""
    rows = [(text, 6 * (text % 2) + (text // 2 + word) % 6) for text in range(number) for word in range(3)]
    text, stem = np.array(rows).T
    return text, stem, text


def test_words_that_stand_together_are_found_together_and_always_the_same() -> None:
    text, stem, child = _texts(60)
    found = topics(text, stem, child, number=3)
    assert [one.stems for one in found] == [one.stems for one in topics(text, stem, child, number=3)]
    # no text is about both halves, and so no group has words of both that weigh anything
    for one in found:
        assert len({at // 6 for at in one.stems}) == 1
        assert len(set((one.texts % 2).tolist())) == 1
    assert sum(len(one.texts) for one in found) == 60
    assert [len(one.texts) for one in found] == sorted((len(one.texts) for one in found), reverse=True)


def test_too_few_texts_or_words_have_no_groups() -> None:
    text, stem, child = _texts(MIN_TEXTS - 1)
    with pytest.raises(TooFewTexts):
        topics(text, stem, child, number=3)
    text, stem, _ = _texts(60)
    # all by four children: none of their words takes part
    with pytest.raises(TooFewTexts):
        topics(text, stem, text % 4, number=3)
