"""C11b measured: every set of candidates enumerated, gradients of InfoNCE at vectors that fit; and two tables trained together.

The probability of a set comes from the binomial distribution of draws from the frequencies and from the word's own
preference; neither the posterior nor any mean is taken from the claim. Frequencies of the negatives are tested there, set by set:
trained tables show the order of growth, which other frequencies would leave, and that what has no frequency is not drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp
from scipy.stats import binom, entropy

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, rounding
from derivations.evidence.comparison import measurement, single
from derivations.evidence.deviations import at_least, at_most, equal, largest, listed
from derivations.evidence.formulas import value
from derivations.evidence.settings import log_uniform
from derivations.evidence.three_shares import NEGATIVES, QUANTILE, SHARES, TOPICS, contrast, undrawn
from derivations.evidence.two_kinds import DIMENSION, gradients, placed, slip
from theory.claims import Formulas
from theory.laws.imprint.bias_and_dispersion_compete import COMMON, OWN, K, M
from theory.laws.imprint.concentration_warms_then_cools_words import N, Q, R
from theory.notation import tau
from theory.vectors import Cosine

LADDER = (64, 128, 256, 512)  # negatives
ASIDE = 1.5  # from a turn, to both sides
NEAR = 1e-3  # of an edge, relative: of two neighbours the one at the edge
LOGITS = 0.2  # largest tau ln R: cosines stay clear of 1


@dataclass(frozen=True)
class Word:
    """Rarity of own contexts, odds by which they are preferred, number of negatives; ``angle`` between the directions around it.

    ``learned``: the share of ln R that the cosines have; ``often``: how much likelier negatives are own ones than contexts at large.
    """

    rarity: float
    odds: float
    negatives: int
    angle: float
    temperature: float
    learned: float = 1.0
    often: float = 1.0

    def label(self) -> str:
        """Enough to repeat it."""
        return f"Q={self.rarity:.3g} R={self.odds:.3g} N={self.negatives} angle={self.angle:.3g} tau={self.temperature:.3g}"


@dataclass(frozen=True)
class Sets:
    """By number of own candidates 0 .. N+1: probability with an own positive, with another, and the squared gradients of both."""

    own: Floats
    other: Floats
    own_squares: Floats
    other_squares: Floats
    apart: float  # |P_u(v_o - v_c)|^2 of the vectors
    like: float  # <v_o, v_c>

    def mean(self, temperature: float) -> float:
        """Of the word's heat over D/tau^2."""
        return float(np.sum(self.own * self.own_squares + self.other * self.other_squares)) * temperature**2 / self.apart


def draw(rng: np.random.Generator, effort: str) -> Sequence[Word | str]:
    """Rare and not so rare own contexts, few and many negatives, odds to both sides of the turn; and the trained tables."""
    found: list[Word | str] = []
    for _ in range(2 if effort == "quick" else 12):
        rarity = float(log_uniform(rng, (1.2, 50), 1)[0])
        for negatives in (1, 2, int(rng.integers(3, 40))):
            odds = float(rarity ** rng.uniform(0.05, 1.6))
            found.append(Word(rarity, odds, negatives, float(rng.uniform(0.5, np.pi)), float(LOGITS / np.log(50**1.6))))
    return [*found, "three shares"]


@lru_cache(maxsize=1024)
def sets(w: Word) -> Sets:
    """Every set of candidates of a word."""
    fit = w.temperature * w.learned * np.log(w.odds) / 2
    at = placed(np.array([fit]), np.array([-fit]), np.array([w.angle]))
    size = w.negatives + 1
    own = np.arange(size + 1)
    at_large = w.often / (w.often + w.rarity)  # of a negative
    preferred = np.array([w.odds, 1.0]) * np.array([1.0, w.rarity])
    share = preferred[0] / preferred.sum()
    vectors = np.repeat(at, size + 1, axis=0)
    squares = [np.sum(gradients(vectors, own, size, side, np.full(size + 1, w.temperature)) ** 2, axis=1) for side in (True, False)]
    apart = float(np.sum((at[0, 1, 1:] - at[0, 2, 1:]) ** 2))
    return Sets(share * binom.pmf(own - 1, w.negatives, at_large), (1 - share) * binom.pmf(own, w.negatives, at_large), squares[0],
                squares[1], apart, float(at[0, 1] @ at[0, 2]))  # fmt: skip


def rounded(w: Word) -> float:
    """Of a mean heat over D/tau^2; a binomial probability is relatively as exact as a beta function, some 100 roundings a draw."""
    temperature = np.array([w.temperature])
    return float(2 * slip(temperature, w.negatives + 1)[0] * w.temperature**2 / sets(w).apart + rounding.gamma(200 * (w.negatives + 2)))


def _claimed(formulas: Formulas, w: Word, name: str) -> float:
    return float(value(formulas[name], {Q: w.rarity, R: w.odds, N: w.negatives, tau: w.temperature}))


Row = tuple[Any, float, str]  # deviation, bound, label


def _shares(formulas: Formulas, w: Word) -> list[Row]:
    """Share of own positives, and by number of own candidates the share of own positives among all."""
    s = sets(w)
    own, at = np.arange(1.0, w.negatives + 1), slice(1, -1)
    posterior = value(formulas["posterior"], {K: own, M: w.negatives + 1 - own, R: np.full(len(own), w.odds)})
    found = np.append(s.own[at] / (s.own + s.other)[at], s.own.sum())
    return [(largest(equal(found, np.append(posterior, _claimed(formulas, w, "own_share")))), rounded(w), w.label())]


def _apart(formulas: Formulas, w: Word) -> Row:
    plain = sp.Symbol("l", real=True)
    claimed = value(formulas["fitted_apart"].subs(Cosine(OWN, COMMON), plain), {plain: sets(w).like, R: w.odds, tau: w.temperature})
    return equal(sets(w).apart, float(claimed)), float(rounding.gamma(20 * DIMENSION)), w.label()


def _side(formulas: Formulas, w: Word, name: str, side: int) -> Row:
    """How far the mean is below (1) or above (-1) a bound, or on either side (0) of a value."""
    compare = {0: equal, 1: at_least, -1: at_most}[side]
    return compare(sets(w).mean(w.temperature), _claimed(formulas, w, name)), rounded(w), w.label()


def _limit(w: Word) -> tuple[float, float]:
    """The mean for many negatives: extrapolated in 1/N over `LADDER`, with its uncertainty."""
    found = np.array([sets(replace(w, negatives=n)).mean(w.temperature) for n in LADDER])
    limit, left = order.extrapolated(found)
    return float(limit), float(left) + 4 * rounded(replace(w, negatives=LADDER[-1]))


def _many(formulas: Formulas, w: Word) -> Row:
    limit, left = _limit(w)
    return equal(limit, _claimed(formulas, w, "many_negatives")), left, w.label()


def _turn(formulas: Formulas, w: Word, name: str) -> Row:
    """In ln R the mean has a maximum about which it is even, for one negative and for many: as far to both sides, it is the same."""
    top = np.sqrt(abs(_claimed(formulas, w, name))) if name == "one_turns_at" else abs(_claimed(formulas, w, name))
    sides = [replace(w, odds=top * ASIDE**s, negatives=1) for s in (-1, 1)]
    ends = [(sets(x).mean(x.temperature), rounded(x)) if name == "one_turns_at" else _limit(x) for x in sides]
    return equal(ends[1][0], ends[0][0]), ends[0][1] + ends[1][1], w.label()


def _slopes(formulas: Formulas, w: Word, name: str, sign: int) -> Row:
    """From R = 1 to where it is claimed to rise (1), or from where it is claimed to fall (-1) to twice as far: by how much it does not.

    The edge has a neighbour: with one negative it is the maximum itself, with more it may lie before the maximum or beyond.
    """
    edge = np.sqrt(abs(_claimed(formulas, w, name)))
    odds = np.geomspace(1.0, max(edge, 1.0), 5) if sign > 0 else edge * np.geomspace(1.0, 2.0, 5)
    return _steady(w, np.sort(np.append(odds, max(edge * (1 - sign * NEAR), 1.0 if sign > 0 else 0.0))), sign)


def _steady(w: Word, odds: Floats, sign: int) -> Row:
    """By how much the mean does not rise (1) or fall (-1) from each of the odds to the next."""
    means = np.array([sets(replace(w, odds=float(x))).mean(w.temperature) for x in odds])
    return at_least(np.min(sign * np.diff(means)), 0.0), 2 * rounded(w), w.label()


def _specificity(formulas: Formulas, w: Word) -> Row:
    """Slope in R of the divergence from the frequencies, by symmetric differences."""
    steps = w.odds * 0.1 / 2.0 ** np.arange(5)
    frequencies = np.array([1.0, w.rarity]) / (1 + w.rarity)

    def divergence(odds: float) -> float:
        preferred = frequencies * np.array([odds, 1.0])
        return float(entropy(preferred / preferred.sum(), frequencies))

    found = np.array([(divergence(w.odds + h) - divergence(w.odds - h)) / (2 * h) for h in steps])
    limit, left = order.extrapolated(found, ratio=4.0)
    noise = float(rounding.gamma(40)) * (1 + np.log(1 + w.rarity) + abs(np.log(w.odds))) / steps[-1]
    return equal(float(limit), _claimed(formulas, w, "specificity_slope")), float(left) + 2 * noise, w.label()


def _trained(formulas: Formulas) -> tuple[Measurement, ...]:
    """What the bounds say of the order of two shares, at the frequencies of the corpus, against trained words' growth."""
    rarity, rows = len(SHARES) / sum(SHARES) * TOPICS - 1, []
    words = [Word(rarity, rarity * s / (1 - s), NEGATIVES, 1.0, 0.2) for s in SHARES]
    for more, less in ((1, 0), (2, 1)):
        least, most = (np.array([_claimed(formulas, words[i], name) for i in (more, less)]) for name in ("least", "many_negatives"))
        sign = int(least[0] > most[1]) - int(most[0] < least[1])  # 0: the bounds do not tell
        mean, error = contrast(more, less)
        rows.append((at_least(sign * mean, QUANTILE * error), 0.0, f"share {SHARES[more]} over {SHARES[less]}: {mean:.3g} +- {error:.2g}"))
    return (_all("order of growth of trained words", rows),
            _all("a context of no frequency is not drawn", [(*undrawn(), "norm of a row of the table")]))  # fmt: skip


def _all(what: str, rows: Sequence[Row]) -> Measurement:
    return measurement(what, listed([r[0] for r in rows]), np.array([r[1] for r in rows]), [r[2] for r in rows])


def check(formulas: Formulas, drawn: Sequence[Word | str]) -> tuple[Measurement, ...]:
    """Shares, the fit, the mean with its bounds, its turn and its slopes; specificity; the trained tables."""
    words = [w for w in drawn if isinstance(w, Word)]
    alone, first = [w for w in words if w.negatives == 1], words[:1]
    preferring = [w for w in words if w.rarity > 1]
    readings: tuple[tuple[str, Sequence[Word], Callable[[Word], Row]], ...] = (
        ("distance of the directions around the word", words, lambda w: _apart(formulas, w)),
        ("mean dispersion below its lower bound", words, lambda w: _side(formulas, w, "least", 1)),
        ("mean dispersion above its upper bound", words, lambda w: _side(formulas, w, "many_negatives", -1)),
        ("mean dispersion with one negative", alone, lambda w: _side(formulas, replace(w, negatives=1), "one_negative", 0)),
        ("mean dispersion with one negative, by its lower bound", alone, lambda w: _side(formulas, w, "least", 0)),
        ("mean dispersion with many negatives", first, lambda w: _many(formulas, w)),
        ("turn with one negative", alone, lambda w: _turn(formulas, w, "one_turns_at")),
        ("turn with many negatives", first, lambda w: _turn(formulas, w, "many_turn_at")),
        ("mean dispersion rising", preferring, lambda w: _slopes(formulas, w, "rises_below", 1)),
        ("mean dispersion falling", words, lambda w: _slopes(formulas, w, "falls_above", -1)),
        ("slope of specificity", words, lambda w: _specificity(formulas, w)),
    )
    return (
        _all("shares", [row for w in words for row in _shares(formulas, w)]),
        *(_all(what, [read(w) for w in chosen]) for what, chosen, read in readings),
        *(_trained(formulas) if "three shares" in drawn else ()),
    )


def _ordinary(seed: int) -> Word:
    rng = np.random.default_rng([seed, 47])
    return Word(float(rng.uniform(5, 20)), float(rng.uniform(2, 4)), 5, 2.0, LOGITS / np.log(50))


def _pair(words: str, what: str, read: Callable[[Word], Row], kept: Word, dropped: Word) -> NumericWitness:
    return NumericWitness(words, *(single(what, *read(w)) for w in (kept, dropped)))


def _knows_nothing(formulas: Formulas, seed: int) -> NumericWitness:
    w = _ordinary(seed)
    return _pair("cosines that are all the same", "mean dispersion above its upper bound",
                 lambda x: _side(formulas, x, "many_negatives", -1), w, replace(w, learned=0.0, odds=w.odds * 10))  # fmt: skip


def _own_negatives(formulas: Formulas, seed: int) -> NumericWitness:
    w = _ordinary(seed)
    return _pair("own contexts twice as often among the negatives", "shares", lambda x: _shares(formulas, x)[0], w, replace(w, often=2.0))


def _preferred(formulas: Formulas, seed: int) -> NumericWitness:
    """Words that avoid contexts which are frequent: where R is below 1 the mean already falls as R^2 comes up to the edge."""

    def rising(x: Word) -> Row:
        return _steady(x, np.sqrt(abs(_claimed(formulas, x, "rises_below"))) * np.array([1 - NEAR, 1.0]), 1)

    w = _ordinary(seed)
    return _pair("words that avoid own contexts", "mean dispersion rising", rising, w, replace(w, rarity=0.05, negatives=30))


EVIDENCE = Evidence(draw, check, {
    "model-is-right": _knows_nothing, "unigram-negatives": _own_negatives, "own-contexts-preferred": _preferred,
})  # fmt: skip
