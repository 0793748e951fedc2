"""Two lookup tables, trained together on pairs drawn anew: one replicate is one run."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import fill
from numerics.compilation.compiled import allocating, kernel, part
from numerics.kernels import draws
from numerics.kernels import gradient as one
from numerics.losses.similarity import COSINE, prepare

Floats = NDArray[np.float64]


class Rule(NamedTuple):
    """What defines a step."""

    loss: int
    pair_ends: Floats  # (W C,) cumulative weights of the pairs, ending with 1
    noise_ends: Floats  # (C,) of the negatives
    negatives: int
    batch: int
    temperature: float
    step_size: float
    contexts_learn: bool


@part
def _drawn(ends: Floats, key: np.uint64, counter: int) -> int:
    """The first place whose end is not below a uniform number of (0, 1]."""
    at, first, last = draws.uniform(key, np.uint64(counter)), 0, len(ends) - 1
    while first < last:
        middle = (first + last) // 2
        if ends[middle] < at:
            first = middle + 1
        else:
            last = middle
    return first


@part
def start(table: Floats, key: np.uint64, row: int, which: int) -> None:
    """Rows of a table (W, d) as uniform directions."""
    for i in range(len(table)):
        draws.gaussian(draws.step_key(key, 2 * row + which, 0), np.uint64(i) << np.uint64(32), table[i])
        draws.scale_to(table[i], 1.0)


@allocating
def train(rule: Rule, key: np.uint64, row: int, steps: int, words: Floats, contexts: Floats) -> None:
    """Move both tables, (W, d) and (C, d): gradients of a batch at the same rows, then their sums."""
    count, dimension = 1 + rule.negatives, words.shape[1]
    pool, lengths, candidates = np.empty((count, dimension)), np.empty(count), np.empty(count, np.int64)
    word_gradient, moves, work = np.empty(dimension), np.empty((count, dimension)), one.workspace(count, pool)
    word_sums, context_sums = np.empty_like(words), np.empty_like(contexts)
    for step in range(steps):
        own = draws.step_key(key, 2 * row, step + 1)
        fill(0.0, word_sums.ravel())
        fill(0.0, context_sums.ravel())
        for pair in range(rule.batch):
            drawn = _drawn(rule.pair_ends, own, pair * count)
            word, candidates[0] = drawn // len(contexts), drawn % len(contexts)
            for j in range(1, count):
                candidates[j] = _drawn(rule.noise_ends, own, pair * count + j)
            for j in range(count):
                lengths[j] = prepare(COSINE, contexts[candidates[j]], pool[j])
            one.gradient(rule.loss, COSINE, words[word], pool, rule.temperature, work, word_gradient)
            one.candidate_gradients(rule.loss, COSINE, words[word], pool, lengths, rule.temperature, work, moves)
            _add(word_gradient, word_sums[word])
            for j in range(count):
                _add(moves[j], context_sums[candidates[j]])
        _move(words, rule.step_size, word_sums)
        if rule.contexts_learn:
            _move(contexts, rule.step_size, context_sums)


@part
def _add(values: Floats, sums: Floats) -> None:
    for i in range(len(sums)):
        sums[i] += values[i]


@part
def _move(table: Floats, step_size: float, sums: Floats) -> None:
    for i in range(len(table)):
        for k in range(table.shape[1]):
            table[i, k] -= step_size * sums[i, k]


@kernel
def trained(stamp: int) -> Any:
    """Start and move words (R, W, d) and contexts (R, C, d)."""

    def rows(begin, end, rule, key, first_row, steps, words, contexts):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for row in range(begin, end):
            start(words[row], key, first_row + row, 0)
            start(contexts[row], key, first_row + row, 1)
            train(rule, key, first_row + row, steps, words[row], contexts[row])

    return rows
