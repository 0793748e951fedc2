"""Batches of words and the words beside them, from real text."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numerics.corpus.text import Text, tokenise

WINDOW = 4  # words to either side


@dataclass(frozen=True)
class Pairs:
    """Pairs (n,) of word and context, each below ``words``; batches are drawn with replacement, the same for the same seed."""

    words: int
    word: NDArray[np.int64]
    context: NDArray[np.int64]

    def batch(self, size: int, seed: int, step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """``size`` of them for a step."""
        chosen = np.random.default_rng((seed, step)).integers(len(self.word), size=size)
        return self.word[chosen], self.context[chosen]


def pairs(words: int) -> Pairs:
    """All pairs of the ``words`` most frequent words of the built-in text."""
    tokens = list(itertools.chain.from_iterable(tokenise(Text().pieces())))
    kept = sorted(Counter(tokens).items(), key=lambda item: (-item[1], item[0]))[:words]
    number = {word: i for i, (word, _) in enumerate(kept)}
    ids = np.array([number.get(token, -1) for token in tokens], dtype=np.int64)
    beside = [(ids[: -k or None], ids[k:]) for k in range(1, WINDOW + 1)]
    left, right = (np.concatenate(side) for side in zip(*beside, strict=True))
    both = (left >= 0) & (right >= 0)
    return Pairs(len(kept), np.concatenate((left[both], right[both])), np.concatenate((right[both], left[both])))
