"""Words that children use: how many children say each, which belong to a place, which go together. Pure: numbers in, numbers out.

Words come as stems by number (analysis/said.py), children and texts as numbers, too. A child counts once for a stem, however often it
says it, so that one eager child makes no word of a place and no topic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.privacy.suppress import K

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]

CERTAIN = 1.96
"""So many standard deviations from nothing: chance alone gets there one time in forty on this side."""
MIN_TEXTS = 40
MIN_STEMS = 10
"""Fewer texts, or words that K children say, have no topics that another day would find again."""
TOPICS = range(3, 9)
MIN_WEIGHT = 0.1
"""What weighs less in a topic than this share of its heaviest word, says nothing of it."""


class TooFewTexts(ValueError):
    """Fewer texts or words than topics may stand on."""


def children_per_stem(stem: Ids, child: Ids, stems: int) -> Ids:
    """How many different children say each stem; stem and child parallel, one row per word said. Length: stems."""
    pairs = np.unique(np.stack([stem, child]), axis=1) if len(stem) else np.empty((2, 0), dtype=np.int64)
    return np.bincount(pairs[0], minlength=stems).astype(np.int64)


def characteristic(here: Ids, everywhere: Ids) -> Floats:
    """How much more each stem is said here than elsewhere: the log-odds ratio with an informative Dirichlet prior, as a z-score.

    here, everywhere: children per stem in the place and in all, `everywhere` no smaller than `here`. Returns z per stem, 0 where nobody
    says it. The prior is what is said everywhere, weighed as ten words, so that rare stems are pulled to the common, not blown up.
    Source: Monroe, Colaresi and Quinn (2008), "Fightin' Words", Political Analysis 16(4), equations 16, 20 and 22.
    """
    total = everywhere.sum()
    if not total:
        return np.zeros(len(everywhere))
    prior = 10.0 * everywhere / total
    elsewhere = everywhere - here
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = [np.log((y + prior) / (y.sum() + prior.sum() - y - prior)) for y in (here, elsewhere)]
        z = (odds[0] - odds[1]) / np.sqrt(1 / (here + prior) + 1 / (elsewhere + prior))
    return np.where(everywhere > 0, np.nan_to_num(z, nan=0.0, posinf=0.0, neginf=0.0), 0.0)


def best_of(here: Ids, everywhere: Ids, *, most: int, k: int = K) -> list[int]:
    """The stems that are a place's own: said by k children there and more than by chance; the surest first, `most` at the most."""
    z = characteristic(here, everywhere)
    own = np.flatnonzero((here >= k) & (z >= CERTAIN))
    return [int(at) for at in own[np.lexsort((own, -z[own]))][:most]]


@dataclass(frozen=True)
class Topic:
    """Stems that go together, the weightiest first, and the texts that are most about them, likewise. Both by number."""

    stems: tuple[int, ...]
    texts: Ids


def topics(text: Ids, stem: Ids, child: Ids, *, number: int, words: int = 8) -> list[Topic]:
    """Groups of stems that go together in texts: non-negative matrix factorisation of TF-IDF, from a start that is always the same.

    text, stem, child: parallel, one row per word said. Only stems that K children say take part, and texts that have one of them. A text
    belongs to the topic it weighs most in. The largest topic first; one that no text is most about is left out. TooFewTexts below
    MIN_TEXTS texts or MIN_STEMS stems. Source: Lee and Seung (1999), Nature 401; start: Boutsidis and Gallopoulos (2008), NNDSVD.
    """
    spoken = children_per_stem(stem, child, int(stem.max(initial=-1)) + 1)
    known = np.flatnonzero(spoken >= K)
    kept = np.isin(stem, known)
    numbers, at_text = np.unique(text[kept], return_inverse=True)
    if len(numbers) < MIN_TEXTS or len(known) < max(MIN_STEMS, number):
        raise TooFewTexts(f"{len(numbers)} texts with {len(known)} words that {K} children say")
    at_stem = np.searchsorted(known, stem[kept])
    counts = sparse.csr_matrix((np.ones(len(at_stem)), (at_text, at_stem)), shape=(len(numbers), len(known)))
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    model = NMF(n_components=number, init="nndsvd", random_state=0, max_iter=500)
    about = model.fit_transform(weights)
    most = about.argmax(axis=1)
    said = about.max(axis=1) > 0
    found = []
    for topic in range(number):
        inside = np.flatnonzero((most == topic) & said)
        if len(inside):
            weight = model.components_[topic]
            heavy = np.argsort(-weight, kind="stable")[:words]
            stems = tuple(int(known[at]) for at in heavy if weight[at] >= MIN_WEIGHT * weight.max())
            found.append(Topic(stems, numbers[inside[np.argsort(-about[inside, topic], kind="stable")]]))
    return sorted(found, key=lambda one: -len(one.texts))
