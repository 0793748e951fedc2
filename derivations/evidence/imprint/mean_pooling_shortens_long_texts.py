"""C9 measured: expectations over all texts of few tokens, exact but for rounding, and long texts drawn at random."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement, single
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
from derivations.evidence.settings import NORMS, log_uniform
from numerics.encoders.pooling import all_texts, mean_pooled
from theory.claims import Formulas
from theory.laws.imprint.mean_pooling_shortens_long_texts import M, S, T

WORDS, LENGTHS, LONG, DIMENSIONS = (2, 4), (1, 5), (8, 128), (1, 16)
TEXTS = 1000  # drawn of a long length
RISK = 1e-9  # that one comparison of drawn texts fails although the law is true


@dataclass(frozen=True)
class Vocabulary:
    """Equally likely tokens around a mean, both of lengths over the norms' decades; short texts and long ones."""

    words: int
    dimension: int
    mean: float
    spread: float
    length: int
    long: int
    seed: int

    @cached_property
    def tokens(self) -> Floats:
        """(words, d)."""
        rng = np.random.default_rng([self.seed, 1])
        centre = rng.standard_normal(self.dimension)
        return np.asarray(self.mean * centre / np.linalg.norm(centre) + self.spread * rng.standard_normal((self.words, self.dimension)))

    def moments(self) -> tuple[float, float]:
        """``|m|`` and ``s``, over equally likely tokens."""
        m = self.tokens.mean(axis=0)
        return float(np.linalg.norm(m)), float(np.sqrt(np.mean(np.sum((self.tokens - m) ** 2, axis=1))))

    def size(self) -> float:
        """The longest token's squared norm, which bounds that of every mean."""
        return float(np.max(np.sum(self.tokens**2, axis=1)))

    def label(self) -> str:
        """Enough to repeat it."""
        return (f"{self.words} tokens d={self.dimension} |m|={self.mean:.3g} s={self.spread:.3g} T={self.length} long={self.long}"
                f" seed={self.seed}")  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[Vocabulary]:
    """Vocabularies over the ranges."""
    found = []
    for _ in range(16 if effort == "quick" else 80):
        words, dimension, length = (int(rng.integers(low, high + 1)) for low, high in (WORDS, DIMENSIONS, LENGTHS))
        mean, spread = log_uniform(rng, NORMS, 2)
        long = int(log_uniform(rng, LONG, 1)[0])
        found.append(Vocabulary(words, dimension, float(mean), float(spread), length, long, int(rng.integers(2**31))))
    return found


@lru_cache(maxsize=1024)
def expected(v: Vocabulary, length: int) -> float:
    """Mean squared norm over all texts of this length."""
    squared = np.sum(mean_pooled(v.tokens[all_texts(v.words, length)]) ** 2, axis=1)
    return math.fsum(squared) / len(squared)


def _noise(v: Vocabulary) -> float:
    """Of squared norms of means of tokens, whose sum over texts is rounded once, and of the moments, all of the longest token's size."""
    return float(rounding.gamma(4 * v.dimension + 4 * v.words + 2 * v.length + 40) * v.size() * 4)


def _claimed(formulas: Formulas, v: Vocabulary, name: str, length: int) -> float:
    m, s = v.moments()
    return float(value(formulas[name], {M: m, S: s, T: float(length)}))


def _each(
    what: str, drawn: Sequence[Vocabulary], compare: Callable[[Vocabulary], Any], noise: Callable[[Vocabulary], float]
) -> Measurement:
    return measurement(what, listed([compare(v) for v in drawn]), np.array([noise(v) for v in drawn]), [v.label() for v in drawn])


def _extrapolated(v: Vocabulary) -> float:
    """A line in 1/T through two lengths, at 1/T = 0: what is common to texts of any length."""
    return (v.length + 1) * expected(v, v.length + 1) - v.length * expected(v, v.length)


def _drawn(formulas: Formulas, v: Vocabulary) -> tuple[Any, float]:
    """Long texts at random: the mean squared norm and an empirical Bernstein bound (Maurer, Pontil 2009, theorem 4).

    For both sides and values in 0 .. size: ``sqrt(2 V ln(4/risk)/R) + 7 size ln(4/risk)/(3 (R - 1))``, R texts.
    """
    rng = np.random.default_rng([v.seed, 2])
    squared = np.sum(mean_pooled(v.tokens[rng.integers(0, v.words, (TEXTS, v.long))]) ** 2, axis=1)
    logarithm = np.log(4 / RISK)
    bound = np.sqrt(2 * np.var(squared, ddof=1) * logarithm / TEXTS) + 7 * v.size() * logarithm / (3 * (TEXTS - 1))
    off = equal(math.fsum(squared) / TEXTS, _claimed(formulas, v, "squared_norm", v.long))
    return off, float(bound) + _noise(replace(v, length=v.long))


def check(formulas: Formulas, drawn: Sequence[Vocabulary]) -> tuple[Measurement, ...]:
    """All short texts: the mean, its fall, its extrapolation; long ones at random."""
    few = drawn[::2]
    return (
        _each("mean squared norm of all texts", drawn,
              lambda v: equal(expected(v, v.length), _claimed(formulas, v, "squared_norm", v.length)), _noise),
        _each("fall by one more token", drawn,
              lambda v: equal(expected(v, v.length) - expected(v, v.length + 1), _claimed(formulas, v, "fall", v.length)), _noise),
        _each("extrapolation to long texts", drawn, lambda v: equal(_extrapolated(v), _claimed(formulas, v, "limit", v.length)),
              lambda v: 2 * (v.length + 1) * _noise(v)),
        paired("mean squared norm of long texts", [_drawn(formulas, v) for v in few], [v.label() for v in few]),
    )  # fmt: skip


def _witness(words: str, change: Callable[[Floats], Floats]) -> Callable[[Formulas, int], NumericWitness]:
    """``change`` is applied to the tokens (R, T, d) of all texts of three."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        v = Vocabulary(3, 4, 1.0, 0.7, 3, 8, seed)
        texts = v.tokens[all_texts(3, 3)]
        found = [
            equal(math.fsum(np.sum(mean_pooled(tokens) ** 2, axis=1)) / len(texts), _claimed(formulas, v, "squared_norm", 3))
            for tokens in (texts, change(texts))
        ]
        kept, dropped = (single("mean squared norm of all texts", off, _noise(v), v.label()) for off in found)
        return NumericWitness(words, kept, dropped)

    return drop


EVIDENCE = Evidence(draw, check, {
    "independent-tokens": _witness("every text repeats its first token", lambda x: np.repeat(x[:, :1], x.shape[1], axis=1)),
    "one-distribution": _witness("all tokens but the first are reflected", lambda x: np.concatenate((x[:, :1], -x[:, 1:]), axis=1)),
    "mean-pooling": _witness("the sum of the tokens", lambda x: x.shape[1] * x),
})  # fmt: skip
