"""How specific a word's contexts are: their Kullback-Leibler divergence from the contexts of all words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.validation import InvalidInput, integer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_MOST_WORDS = 2**31  # so that a pair of words fits into 64 bits


def contextual_specificity(ids: ArrayLike, words: int, *, window: int, shuffles: int = 4, seed: int = 0) -> Floats:
    """KL(p(context | word) || p(context)) in nats for each of ``words`` words (words,), corrected for its bias.

    ``ids`` (tokens,) is a text as word numbers; contexts are the tokens at a distance of at most ``window``. An
    empirical divergence is too large, the more so the rarer the word: the mean of ``shuffles`` shuffled texts, in
    which no word has contexts of its own, is subtracted (Miller and Madow's bias by permutation). NaN for words
    that do not occur. Raises ``InvalidInput``.
    """
    text = np.asarray(ids)
    words = integer("words", words, 2, _MOST_WORDS)
    window, shuffles = integer("window", window, 1), integer("shuffles", shuffles, 0)
    if text.ndim != 1 or text.dtype.kind not in "iu" or len(text) < 2:
        raise InvalidInput(f"ids has shape {text.shape} and dtype {text.dtype}, must be 2 or more word numbers")
    if text.min() < 0 or text.max() >= words:
        raise InvalidInput(f"ids from {text.min()} to {text.max()} must lie in 0..{words - 1}")
    text = text.astype(np.int64)
    rng = np.random.Generator(np.random.Philox(integer("seed", seed, 0)))
    found = _divergences(text, words, window)
    if shuffles:
        found -= np.mean([_divergences(rng.permutation(text), words, window) for _ in range(shuffles)], axis=0)
    return found


def _divergences(text: Ints, words: int, window: int) -> Floats:
    """Empirical divergences, as they are."""
    pairs, counts = _pairs(text, words, window)
    word, context = pairs // words, pairs % words
    of_word = np.bincount(word, counts, words)
    of_context = np.bincount(context, counts, words)
    terms = counts * np.log(counts * counts.sum() / (of_word[word] * of_context[context]))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.bincount(word, terms, words) / of_word)


def _pairs(text: Ints, words: int, window: int) -> tuple[Ints, Ints]:
    """Every (word, context) as one number word * words + context, and how often it occurs."""
    keys = np.concatenate([
        pair
        for distance in range(1, min(window, len(text) - 1) + 1)
        for pair in (text[:-distance] * words + text[distance:], text[distance:] * words + text[:-distance])
    ])  # fmt: skip
    found, counts = np.unique(keys, return_counts=True)
    return found, counts
