"""C10 measured: slopes and rates of norms over random tables, and tables fitted to random joint distributions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from numerics.lookup.sgns import PairSlopes, SkipGram
from theory.claims import Formulas
from theory.laws.imprint.sgns_norms_carry_information import CONTEXT, GAIN, JOINT, NEGATIVES, SIGMA, WORD, X

WORDS, CONTEXTS, DIMENSIONS, DRAWN, UNEVEN = (2, 6), (2, 6), (2, 12), (0.5, 8.0), (0.2, 1.5)
NEAR = 0.3  # within so far of an optimum the curvature is at least half of what it is here (e^0.3 < 2)


@dataclass(frozen=True)
class Corpus:
    """A joint distribution ``exp(uneven * normal)``, normalised, and random tables."""

    words: int
    contexts: int
    dimension: int
    negatives: float
    uneven: float
    seed: int

    @cached_property
    def model(self) -> SkipGram:
        """The objective."""
        weights = np.exp(self.uneven * np.random.default_rng([self.seed, 1]).standard_normal((self.words, self.contexts)))
        return SkipGram(weights / weights.sum(), self.negatives)

    @cached_property
    def tables(self) -> tuple[Floats, Floats]:
        """Random rows."""
        rng = np.random.default_rng([self.seed, 2])
        return rng.standard_normal((self.words, self.dimension)), rng.standard_normal((self.contexts, self.dimension))

    @cached_property
    def rows(self) -> Floats:
        """Words fitted to random contexts in as many dimensions, so that every pair can reach its optimum."""
        return self.model.fitted(self.square())

    @cached_property
    def fitted(self) -> PairSlopes:
        """There."""
        return self.model.slopes(self.rows, self.square())

    def square(self) -> Floats:
        """Contexts in as many dimensions."""
        q, _ = np.linalg.qr(np.random.default_rng([self.seed, 3]).standard_normal((self.contexts, self.contexts)))
        return np.asarray(q * np.linspace(0.5, 2, self.contexts))

    def known(self, at: PairSlopes) -> dict[object, Floats | float]:
        """Values of the formulas' symbols for every pair (W, C)."""
        joint = self.model.joint
        return {JOINT: joint, WORD: joint.sum(axis=1)[:, None], CONTEXT: joint.sum(axis=0)[None], NEGATIVES: self.negatives,
                X: at.logits, SIGMA: expit(at.logits)}  # fmt: skip

    def label(self) -> str:
        """Enough to repeat it."""
        return (f"{self.words} words, {self.contexts} contexts, d={self.dimension} k={self.negatives:.3g} uneven={self.uneven:.3g}"
                f" seed={self.seed}")  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[Corpus]:
    """Corpora over the ranges."""
    found = []
    for _ in range(12 if effort == "quick" else 60):
        words, contexts, dimension = (int(rng.integers(low, high + 1)) for low, high in (WORDS, CONTEXTS, DIMENSIONS))
        found.append(Corpus(words, contexts, dimension, float(rng.uniform(*DRAWN)), float(rng.uniform(*UNEVEN)), int(rng.integers(2**31))))
    return found


def _noise(c: Corpus, reach: Floats) -> Floats:
    """Rounding of every pair's slope, (W, C), where a logit is a sum of products of size ``reach``: relative to the pair's weight.

    Margins of the joint distribution are sums over words and over contexts.
    """
    joint = c.model.joint
    weights = joint + c.negatives * joint.sum(axis=1)[:, None] * joint.sum(axis=0)
    return np.asarray(rounding.gamma(2 * (c.dimension + c.words + c.contexts) + 60) * weights * (1 + reach))


def _pulled(c: Corpus, u: Floats, v: Floats) -> Floats:
    """Rounding of every pair's part of the rates of squared norms, (W, C): twice a slope times an inner product."""
    reach = np.linalg.norm(u, axis=1)[:, None] * np.linalg.norm(v, axis=1)
    return np.asarray(4 * _noise(c, reach) * reach)


Gap = Callable[[Formulas, Corpus], tuple[Floats, Floats | float, object]]


def _slope(formulas: Formulas, c: Corpus) -> tuple[Floats, Floats, bool]:
    """The slope of the loss in a logit, by the definition's gradients: ``dL/du_w`` on a context table that is the identity."""
    u, v = c.tables[0] @ c.tables[1].T, np.eye(c.contexts)
    at = c.model.slopes(u, v)
    return equal(at.words.ravel(), value(formulas["slope"], c.known(at)).ravel()), _noise(c, np.abs(at.logits)).ravel(), True


def _rates(formulas: Formulas, c: Corpus, model: SkipGram | None = None) -> tuple[Floats, Floats, bool]:
    """Of all squared norms, words' and contexts'."""
    u, v = c.tables
    at = (model or c.model).slopes(u, v)
    pairs = value(formulas["norm_rate"], c.known(at)) * value(formulas["slope"], c.known(at))
    measured = np.concatenate((-2 * np.sum(u * at.words, axis=1), -2 * np.sum(v * at.contexts, axis=1)))
    bound = _pulled(c, u, v)
    off = equal(measured, np.concatenate((pairs.sum(axis=1), pairs.sum(axis=0))))
    return off, np.concatenate((bound.sum(axis=1), bound.sum(axis=0))), True


def _imbalance(formulas: Formulas, c: Corpus, moving: float = 1.0) -> tuple[Floats, float, bool]:
    u, v = c.tables
    at = c.model.slopes(u, v)
    rate = -2 * np.sum(u * at.words) + moving * 2 * np.sum(v * at.contexts)
    return listed([equal(rate, float(value(formulas["imbalance_rate"], {})))]), 2 * float(_pulled(c, u, v).sum()), True


def _distance(c: Corpus) -> Floats:
    """Bound of the distance of every fitted logit to its optimum, as the definition has it.

    The slope and its rounding over half of the curvature, where that is near enough; and of the optimum, the logarithm of a
    quotient of margins, the rounding.
    """
    joint, at = c.model.joint, c.fitted
    weight = joint + c.negatives * joint.sum(axis=1)[:, None] * joint.sum(axis=0)
    slopes = np.abs(at.logit_slopes) + _noise(c, np.linalg.norm(c.rows, axis=1)[:, None] * np.linalg.norm(c.square(), axis=1))
    rounded = rounding.gamma(2 * (c.words + c.contexts) + 20) * (1 + np.abs(at.logits))
    return np.asarray(2 * slopes / (weight * expit(at.logits) * expit(-at.logits)) + rounded)


def _optimum(formulas: Formulas, c: Corpus, noise: Floats | None = None) -> tuple[Floats, Floats, object]:
    at = c.fitted
    if noise is not None:
        other = SkipGram(c.model.joint, c.negatives, noise)
        at = other.slopes(other.fitted(c.square()), c.square())
    bound = _distance(c)
    return equal(at.logits.ravel(), value(formulas["optimum"], c.known(at)).ravel()), bound.ravel(), (bound < NEAR).ravel()


def _mean_product(formulas: Formulas, c: Corpus, shift: float = 0.0) -> tuple[Floats, Floats, object]:
    joint, at = c.model.joint, c.fitted
    conditional, contexts = joint / joint.sum(axis=1, keepdims=True), joint.sum(axis=0)
    divergence = np.sum(conditional * np.log(conditional / contexts), axis=1)
    claimed = value(formulas["mean_product"], {GAIN: divergence, NEGATIVES: c.negatives})
    bound = _distance(c)
    # quotients and logarithms of margins, and sums over contexts
    rounded = np.sum(conditional * (bound + rounding.gamma(4 * (c.words + c.contexts) + 20) * (1 + np.abs(at.logits))), axis=1)
    return equal(np.sum(conditional * (at.logits + shift), axis=1), claimed), rounded, np.all(bound < NEAR, axis=1)


def _each(what: str, formulas: Formulas, drawn: Sequence[Corpus], gap: Gap) -> Measurement:
    deviations, bounds, applies = [], [], []
    labels: list[str] = []
    for c in drawn:
        found, bound, counts = gap(formulas, c)
        deviations.append(found)
        bounds.append(np.broadcast_to(bound, found.shape))
        applies.append(np.broadcast_to(np.asarray(counts), found.shape))
        labels += [f"{c.label()} entry={i}" for i in range(len(found))]
    return measurement(what, np.concatenate(deviations), np.concatenate(bounds), labels, np.concatenate(applies))


def check(formulas: Formulas, drawn: Sequence[Corpus]) -> tuple[Measurement, ...]:
    """Anywhere: slopes, rates, balance. At fitted tables: optimum and mean product."""
    return (
        _each("slope of the loss in a logit", formulas, drawn, _slope),
        _each("rates of squared norms along the flow", formulas, drawn, _rates),
        _each("rate of the imbalance of both tables", formulas, drawn, _imbalance),
        _each("inner products of fitted tables", formulas, drawn, _optimum),
        _each("mean products of fitted tables", formulas, drawn, _mean_product),
    )


def _ordinary(seed: int) -> Corpus:
    return Corpus(4, 3, 5, 2.0, 0.7, seed)


def _witness(words: str, kept: Gap, dropped: Gap) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        c = [_ordinary(seed)]
        return NumericWitness(words, _each("gap", formulas, c, kept), _each("gap", formulas, c, dropped))

    return drop


def _cosine_rates(formulas: Formulas, c: Corpus) -> tuple[Floats, Floats, bool]:
    """With cosines as logits: the gradient in ``u/|u|``, projected, by the chain rule of the definition."""
    u, v = c.tables
    sphere, other = (x / np.linalg.norm(x, axis=1)[:, None] for x in (u, v))
    at = c.model.slopes(sphere, other)
    tangential = at.words - np.sum(at.words * sphere, axis=1)[:, None] * sphere
    measured = -2 * np.sum(sphere * tangential, axis=1)
    pairs = value(formulas["norm_rate"], c.known(at)) * value(formulas["slope"], c.known(at))
    return equal(measured, pairs.sum(axis=1)), _pulled(c, sphere, other).sum(axis=1), True


EVIDENCE = Evidence(draw, check, {
    "inner-products": _witness("cosines as logits", _rates, _cosine_rates),
    "unigram-negatives": _witness("negatives drawn uniformly", _optimum,
                                  lambda f, c: _optimum(f, c, noise=np.full(c.contexts, 1 / c.contexts))),
    "both-tables-flow": _witness("contexts that stand still", _imbalance, lambda f, c: _imbalance(f, c, moving=0.0)),
    "optimum-attained": _witness("inner products short of the optimum by 1", _mean_product, lambda f, c: _mean_product(f, c, shift=-1.0)),
})  # fmt: skip
