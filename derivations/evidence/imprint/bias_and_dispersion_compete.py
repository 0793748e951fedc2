"""C11a measured: words and contexts among candidates of two kinds, and a corpus whose candidate sets are enumerated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement, single
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.settings import log_uniform
from derivations.evidence.two_kinds import gradients, placed, slip
from numerics.simulation.steps import candidate_gradients, evaluate
from theory.claims import Formulas
from theory.laws.imprint.bias_and_dispersion_compete import APART, COMMON, FACT, GUESS, MODEL, NEGATIVES, OWN, SINE, SPREAD, TRUE
from theory.notation import tau, u
from theory.vectors import Cosine

MOST = 6  # candidates of a kind
Known = dict[Any, Floats | float]


@dataclass(frozen=True)
class Torn:
    """Words between two directions, one a row; ``size`` candidates each, ``own`` of them own ones."""

    cosines: Floats  # (rows, 2)
    angles: Floats
    own: np.ndarray[tuple[int], np.dtype[np.int64]]
    size: int
    shares: Floats  # a
    temperatures: Floats

    def labels(self) -> tuple[str, ...]:
        """Enough to repeat them."""
        columns = zip(*self.cosines.T, self.angles, self.own, self.shares, self.temperatures, strict=True)
        return tuple(f"c_o={o:.3g} c_c={c:.3g} angle={x:.3g} K={k} of {self.size} a={a:.3g} tau={t:.3g}" for o, c, x, k, a, t in columns)


@dataclass(frozen=True)
class Corpus:
    """Words (rows) and contexts: how often they occur together, N negatives a pair."""

    joint: Floats
    negatives: int
    temperature: float
    seed: int
    often: float = 1.0  # how much more often context 0 is a negative than it is a positive

    def label(self) -> str:
        """Enough to repeat it."""
        return f"corpus {self.joint.shape} N={self.negatives} tau={self.temperature:.3g} seed={self.seed}"


def torn(rng: np.random.Generator, rows: int) -> Torn:
    """Any cosines, numbers and shares."""
    size = int(rng.integers(3, 2 * MOST))
    return Torn(rng.uniform(-0.95, 0.95, (rows, 2)), rng.uniform(0, np.pi, rows), rng.integers(1, size - 1, rows), size,
                rng.uniform(0.01, 0.99, rows), log_uniform(rng, (0.05, 2.0), rows))  # fmt: skip


def corpus(rng: np.random.Generator, negatives: int) -> Corpus:
    """Three words, four contexts, odds over a factor of about e^2 each way."""
    joint = np.exp(rng.uniform(-2, 2, (3, 4)))
    return Corpus(joint / joint.sum(), negatives, float(log_uniform(rng, (0.02, 0.1), 1)[0]), int(rng.integers(2**31)))


def draw(rng: np.random.Generator, effort: str) -> Sequence[Torn | Corpus]:
    """Words between two directions; corpora with one, two and three negatives."""
    count = 3 if effort == "quick" else 20
    corpora = [corpus(rng, n) for n in (1, 2, 3) for _ in range(1 if effort == "quick" else 4)]
    return [torn(rng, 20), *corpora, *(torn(rng, 20) for _ in range(count - 1))]


def _vectors(t: Torn) -> Floats:
    return placed(t.cosines[:, 0], t.cosines[:, 1], t.angles)


def _model(t: Torn) -> Floats:
    """The softmax's probability of an own one."""
    masses = np.stack((t.own, t.size - t.own)) * np.exp(t.cosines.T / t.temperatures)
    return np.asarray(masses[0] / masses.sum(axis=0))


def _known(t: Torn, formulas: Formulas) -> Known:
    """The formulas' symbols, as they are defined, D by the claimed formula."""
    at = _vectors(t)
    cosine = {Cosine(u, OWN): t.cosines[:, 0], Cosine(u, COMMON): t.cosines[:, 1],
              Cosine(OWN, COMMON): np.sum(at[:, 1] * at[:, 2], axis=1)}  # fmt: skip
    plain = {c: sp.Symbol(f"c_{i}", real=True) for i, c in enumerate(cosine)}
    apart = value(formulas["apart"].subs(plain), {plain[c]: x for c, x in cosine.items()})
    return {MODEL: _model(t), TRUE: t.shares, tau: t.temperatures, APART: apart}


def _moments(t: Torn, at: Floats, loss: str = "infonce", always: bool = False) -> dict[str, Floats]:
    """Squared lengths by positive, of the mean, and about it, under the names of the formulas; ``always`` an own positive."""
    own, other = (gradients(at, t.own, t.size, side, t.temperatures, loss) for side in (True, False))
    share = np.ones_like(t.shares) if always else t.shares
    mean = share[:, None] * own + (1 - share)[:, None] * other
    own_heat, other_heat, bias = (np.sum(g**2, axis=1) for g in (own, other, mean))
    scatter = share * np.sum((own - mean) ** 2, axis=1) + (1 - share) * np.sum((other - mean) ** 2, axis=1)
    return {"own_heat": own_heat, "other_heat": other_heat, "bias": bias, "dispersion": scatter, "word_slope": own_heat - other_heat}


def _words(formulas: Formulas, t: Torn, names: Sequence[str] = (), **changed: Any) -> list[tuple[str, Floats, Floats]]:
    """How far each formula about words is off, and its bound; at norm 1, so that ``r^2 |g|^2`` is ``|g|^2``."""
    at = changed.pop("at", _vectors(t))
    found, known, bound = _moments(t, at, **changed), _known(t, formulas), 4 * slip(t.temperatures, t.size)
    return [(name, equal(x, value(formulas[name], known)), bound) for name, x in found.items() if name in (names or found)]


def _learning(formulas: Formulas, t: Torn) -> tuple[str, Floats, Floats]:
    """The heat is quadratic in A, so that between K and K + 1 own ones of as many it changes by its slope half-way."""
    more = replace(t, own=t.own + 1)
    total = [m["bias"] + m["dispersion"] for m in (_moments(x, _vectors(t)) for x in (t, more))]
    ends = _model(t), _model(more)
    claimed = value(formulas["learning_slope"], {**_known(t, formulas), MODEL: (ends[0] + ends[1]) / 2})
    off = equal(total[1] - total[0], claimed * (ends[1] - ends[0]))
    return "learning_slope", off, 8 * slip(t.temperatures, t.size)


def _rows(t: Torn, formulas: Formulas) -> tuple[Floats, Floats]:
    """Mean of a context's squared gradient, as the positive and as a negative, against the claim (at norm 1)."""
    at, size = _vectors(t), t.size
    pool = np.concatenate((at[:, 1:2], np.repeat(at[:, 2:3], size - 1, axis=1)), axis=1)
    squares = np.sum(candidate_gradients("infonce", at[:, 0].copy(), pool, t.temperatures) ** 2, axis=2)[:, 0]
    behind = np.concatenate((pool[:, 1:], pool[:, :1]), axis=1)
    missed = np.sum(candidate_gradients("infonce", at[:, 0].copy(), behind, t.temperatures) ** 2, axis=2)[:, -1]
    guess = 1 / (1 + (size - 1) * np.exp((t.cosines[:, 1] - t.cosines[:, 0]) / t.temperatures))
    known = {FACT: t.shares, GUESS: guess, SINE: 1 - t.cosines[:, 0] ** 2, tau: t.temperatures}
    found = t.shares * squares + (1 - t.shares) * missed
    return equal(found, value(formulas["context_heat"], known)), 4 * slip(t.temperatures, size)


@dataclass(frozen=True)
class Appearances:
    """Of one context among candidates: its squared gradient over ``1 - c^2``, times tau^2, mean, and the variance of rho."""

    heat: float
    spread: float
    rounding: float


def _appearances(c: Corpus, right: bool = True) -> Appearances:
    """Every word, positive and choice of negatives, for context 0. ``right``: cosines are tau ln of the odds; else all 0."""
    at_large = c.joint.sum(axis=0)
    drawn = at_large * np.where(np.arange(len(at_large)) == 0, c.often, 1)
    odds = c.joint / at_large / c.joint.sum(axis=1, keepdims=True)
    cosines = c.temperature * np.log(odds) if right else np.zeros_like(odds)
    words, contexts = odds.shape
    u_, v_ = np.eye(words, words + contexts), np.zeros((contexts, words + contexts))
    v_[:, :words] = cosines.T
    v_[np.arange(contexts), words + np.arange(contexts)] = np.sqrt(1 - np.sum(cosines**2, axis=0))
    sets = np.array(list(product(range(words), *(range(contexts) for _ in range(c.negatives + 1)))))
    word, chosen = sets[:, 0], sets[:, 1:]
    g = candidate_gradients("infonce", u_[word], v_[chosen], c.temperature)
    slopes = np.sum(g**2, axis=2) * c.temperature**2 / (1 - cosines[word[:, None], chosen] ** 2)
    # probability of the set with its first as the positive, and of the same with each other one as the positive
    alone = drawn[chosen]
    ways = c.joint[word[:, None], chosen] * np.prod(alone, axis=1, keepdims=True) / alone
    here = chosen == 0
    weight = np.where(here, ways[:, :1], 0.0)  # an appearance, wherever it is in the set
    fact = ways / ways.sum(axis=1, keepdims=True)
    total = weight.sum()
    mean = float(np.sum(weight * fact) / total)
    dimension = words + contexts
    # relative to slopes of at most 1: each gradient as in `rounding.gradient`, 8 to form a weight, and the sum
    error = float(rounding.gradient("infonce", np.array([c.temperature]), np.ones(1), dimension, c.negatives + 1)[0]) * c.temperature
    shrink = float(np.max(1 / (1 - cosines**2)))
    return Appearances(float(np.sum(weight * slopes) / total), float(np.sum(weight * (fact - mean) ** 2) / total),
                       shrink * (4 * error + float(rounding.gamma(4 * dimension + 60 + len(sets)))))  # fmt: skip


def _corpus(formulas: Formulas, c: Corpus, name: str, right: bool) -> tuple[float, float]:
    found = _appearances(c, right)
    known = {NEGATIVES: c.negatives, SPREAD: found.spread, SINE: 1.0, tau: 1.0}
    return equal(found.heat, float(value(formulas[name], known))), found.rounding


def check(formulas: Formulas, drawn: Sequence[Torn | Corpus]) -> tuple[Measurement, ...]:
    """Every formula about words and about one context; means over the appearances of a context."""
    rows, corpora = [x for x in drawn if isinstance(x, Torn)], [x for x in drawn if isinstance(x, Corpus)]
    parts: dict[str, list[tuple[Floats, Floats]]] = {}
    for t in rows:
        for name, off, bound in (*_words(formulas, t), _learning(formulas, t), ("context_heat", *_rows(t, formulas))):
            parts.setdefault(name, []).append((off, bound))
    labels = [line for t in rows for line in t.labels()]
    joined = [
        measurement(name.replace("_", " "), np.concatenate([x for x, _ in both]), np.concatenate([b for _, b in both]), labels)
        for name, both in parts.items()
    ]
    for name, right in (("untrained_context_heat", False), ("fitted_context_heat", True)):
        found = [_corpus(formulas, c, name, right) for c in corpora]
        joined.append(measurement(f"mean {name.replace('_', ' ')}", listed([x for x, _ in found]), np.array([b for _, b in found]),
                                  [c.label() for c in corpora]))  # fmt: skip
    return tuple(joined)


def _torn(seed: int) -> Torn:
    return torn(np.random.default_rng([seed, 41]), 12)


def _word_witness(words: str, name: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        t = _torn(seed)
        pair = [_words(formulas, t, (name,), **x)[0] for x in ({}, changed)]
        return NumericWitness(words, *(measurement(n.replace("_", " "), off, bound, t.labels()) for n, off, bound in pair))

    return drop


def _spread(formulas: Formulas, seed: int) -> NumericWitness:
    """A candidate more, an own one in a third direction, which the word likes as well."""
    t = _torn(seed)
    at = _vectors(t)
    turned = placed(t.cosines[:, 0], t.cosines[:, 1], t.angles + 1.0)[:, 2]  # as near to the word as v_c, elsewhere

    def measured(third: Floats) -> Measurement:
        pool = np.stack((at[:, 1], third, at[:, 2]), axis=1)
        squares = np.sum(evaluate("infonce", at[:, 0].copy(), pool, t.temperatures).gradients ** 2, axis=1)
        x = replace(t, own=np.ones_like(t.own), size=3)
        claimed = value(formulas["own_heat"], _known(x, formulas))
        return measurement("own heat", equal(squares, claimed), 4 * slip(t.temperatures, 3), t.labels())

    return NumericWitness("a candidate in a third direction", measured(at[:, 2]), measured(turned))


def _corpus_witness(words: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        c = corpus(np.random.default_rng([seed, 43]), 2)
        other = replace(c, often=changed.get("often", 1.0))
        pair = (_corpus(formulas, x, "fitted_context_heat", r) for x, r in ((c, True), (other, changed.get("right", True))))
        return NumericWitness(words, *(single("mean context heat", off, bound, c.label()) for off, bound in pair))

    return drop


EVIDENCE = Evidence(draw, check, {
    "cosine-infonce": _word_witness("logits from inner products", "own_heat", loss="dot_product_infonce"),
    "two-directions": _spread,
    "positives-drawn-anew": _word_witness("a positive that is always an own context", "dispersion", always=True),
    "model-is-right": _corpus_witness("a softmax that knows nothing", right=False),
    "unigram-negatives": _corpus_witness("a context drawn twice as often among the negatives", often=2.0),
})  # fmt: skip
