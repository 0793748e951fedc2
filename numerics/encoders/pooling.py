"""Pooling: one vector for a text of T tokens."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import validation
from numerics.validation import Floats

MOST_TEXTS = 2**16


def mean_pooled(tokens: ArrayLike) -> Floats:
    """The mean (R, d) over the tokens (R, T, d) of R texts."""
    return np.asarray(np.mean(validation.table("tokens", tokens, (None, None, None)), axis=1))


def all_texts(vocabulary: int, length: int) -> NDArray[np.int64]:
    """Every sequence of ``length`` of the numbers below ``vocabulary``, (vocabulary ** length, length)."""
    vocabulary, length = validation.integer("vocabulary", vocabulary, 1), validation.integer("length", length, 1)
    validation.integer("vocabulary ** length", vocabulary**length, 1, MOST_TEXTS)
    return np.indices((vocabulary,) * length, dtype=np.int64).reshape(length, -1).T
