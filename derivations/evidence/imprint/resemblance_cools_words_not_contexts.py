"""C11 measured: heats of all three rows, their slopes, and the signs that two tables show when they are trained together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, rounding
from derivations.evidence.comparison import measurement, over_batches
from derivations.evidence.deviations import at_least, at_most, equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.settings import TEMPERATURES, Batch, log_uniform, ordinary
from derivations.evidence.settings import draw as draw_batches
from derivations.evidence.two_tables import QUANTILE, excess
from numerics.lookup.two_tables import trained
from numerics.simulation.steps import candidate_gradients, cosines, evaluate
from theory.claims import Formulas
from theory.laws.imprint.resemblance_cools_words_not_contexts import APART, CM, CP, LIKE, MISS
from theory.notation import tau

LADDER = 0.02 / 2.0 ** np.arange(4)  # steps of a cosine, in units of the temperature
RESOLVED = 0.1  # a slope known worse than this, relative to the largest it could be, says too little to count
Rows = dict[Any, Floats]


@dataclass(frozen=True)
class Triples:
    """Words aligned with their positive: cosines of the word with both contexts, and the angle of these around the word."""

    plus: Floats
    minus: Floats
    angles: Floats
    temperatures: Floats

    def labels(self) -> tuple[str, ...]:
        """One line per row."""
        columns = zip(self.plus, self.minus, self.angles, self.temperatures, strict=True)
        return tuple(f"c_+={a:.3g} c_-={b:.3g} angle={c:.3g} tau={t:.3g}" for a, b, c, t in columns)


@dataclass(frozen=True)
class Trained:
    """Two tables trained on a corpus of this kind, and the signs (words, contexts) that it shows."""

    kind: str
    signs: tuple[int, int]


SIGNS = (Trained("shared rarities", (1, -1)), Trained("topics only", (-1, -1)))


def triples(rng: np.random.Generator, rows: int) -> Triples:
    """Over the aligned pairs, away from where a cosine or a temperature leaves nothing to difference."""
    plus = rng.uniform(0.05, 0.9, rows)
    minus = plus - rng.uniform(0, 1, rows) * (plus + 0.9)
    return Triples(plus, minus, rng.uniform(0.3, 2.8, rows), log_uniform(rng, (0.05, TEMPERATURES[1]), rows))


def draw(rng: np.random.Generator, effort: str) -> Sequence[object]:
    """Aligned triples, batches of random rows, and both kinds of corpora."""
    return [triples(rng, 12 if effort == "quick" else 60), *draw_batches(rng, effort), *SIGNS]


def _heats(u: Floats, pool: Floats, temperatures: Floats) -> Floats:
    """``r^2 |grad|^2`` of word, positive and negative, (rows, 3)."""
    g = evaluate("infonce", u, pool, temperatures).gradients
    h = candidate_gradients("infonce", u, pool, temperatures)
    squares = np.concatenate((np.sum(g**2, axis=1)[:, None], np.sum(h**2, axis=2)), axis=1)
    return np.asarray(squares * np.concatenate((np.sum(u**2, axis=1)[:, None], np.sum(pool**2, axis=2)), axis=1))


def _known(u: Floats, pool: Floats, temperatures: Floats) -> Rows:
    """The formulas' symbols, each (rows,)."""
    c = cosines(u, pool)
    like = cosines(pool[:, 0].copy(), pool[:, 1:].copy())[:, 0]
    apart = np.maximum(0, 2 - 2 * like - (c[:, 0] - c[:, 1]) ** 2)
    miss = 1 / (1 + np.exp((c[:, 0] - c[:, 1]) / temperatures))
    return {CP: c[:, 0], CM: c[:, 1], LIKE: like, APART: apart, MISS: miss, tau: temperatures}


def _noise(dimension: int, temperatures: Floats) -> Floats:
    """Rounding of a heat, at most 4/tau^2, or of a formula for one.

    A gradient is off, relative to 2/tau, by what `rounding.gradient` says at norm 1, and its square by twice that.
    """
    relative = rounding.gradient("infonce", temperatures, np.ones_like(temperatures), dimension, 2) * temperatures / 2
    return np.asarray(4 / temperatures**2 * 4 * (relative + rounding.gamma(8 * dimension + 60) * (1 + 1 / temperatures)))


def _at_random(formulas: Formulas, batch: Batch, read: Callable[[Floats], Floats], name: str) -> tuple[Floats, Floats]:
    u, pool = batch.embeddings(), batch.pool()
    found = read(_heats(u, pool, batch.temperatures))
    return equal(found, value(formulas[name], _known(u, pool, batch.temperatures))), 4 * _noise(batch.dimension, batch.temperatures)


def _opposite(formulas: Formulas, batch: Batch) -> tuple[Floats, Floats]:
    """The negative is the positive's opposite."""
    pool = batch.pool()[:, :1] * np.array([1.0, -1.0])[None, :, None]
    heats = _heats(batch.embeddings(), pool, batch.temperatures)
    ratio = float(value(formulas["opposite_ratio"], {}))
    return equal(heats[:, 0], ratio * heats[:, 1]), (1 + abs(ratio)) * _noise(batch.dimension, batch.temperatures)


def _placed(plus: Floats, minus: Floats, angles: Floats) -> tuple[Floats, Floats]:
    """Unit vectors in three dimensions: the word, and both contexts (rows, 2, 3)."""
    u = np.zeros((len(plus), 3))
    u[:, 0] = 1
    tall, wide = (np.sqrt(1 - np.minimum(1, c**2)) for c in (plus, minus))
    first = np.stack((plus, tall, 0 * plus), axis=1)
    return u, np.stack((first, np.stack((minus, wide * np.cos(angles), wide * np.sin(angles)), axis=1)), axis=1)


def _slopes(t: Triples, row: int, exchange: Floats | None = None) -> tuple[Floats, Floats]:
    """Slope of a row's heat as ``c_+`` grows, by differences over a ladder: value and uncertainty, (rows,).

    With an ``exchange`` the likeness of the contexts falls by so much at the same time; else their angle stays.
    """
    place = np.cos(t.angles)
    like = t.plus * t.minus + np.sqrt((1 - t.plus**2) * (1 - t.minus**2)) * place

    def heat(move: Floats) -> Floats:
        plus = t.plus + move
        angles = t.angles
        if exchange is not None:
            around = (like - exchange * move - plus * t.minus) / np.sqrt((1 - plus**2) * (1 - t.minus**2))
            angles = np.arccos(np.clip(around, -1, 1))
        return _heats(*_placed(plus, t.minus, angles), t.temperatures)[:, row]

    steps = LADDER * np.minimum(t.temperatures, 0.5)[:, None] / (1 + (0 if exchange is None else np.abs(exchange)[:, None]))
    values = np.stack([(heat(h) - heat(-h)) / (2 * h) for h in steps.T], axis=1)
    limit, left = order.extrapolated(values, ratio=4.0)  # a symmetric difference is off by h^2
    return limit, left + 2 * _noise(3, t.temperatures) / steps[:, -1]


def _differenced(formulas: Formulas, t: Triples, name: str) -> Measurement:
    """Slope of the positive's heat; or none of the word's, where likeness is given for alignment at the rate of exchange."""
    known = _known(*_placed(t.plus, t.minus, t.angles), t.temperatures)
    claimed = np.broadcast_to(value(formulas[name], known), t.plus.shape)
    found, bound = _slopes(t, 1) if name == "positive_slope" else _slopes(t, 0, claimed)
    largest = 2 * known[MISS] ** 2 / t.temperatures**2
    what = "slope of the positive's heat in its cosine" if name == "positive_slope" else "slope of the word's heat along the exchange"
    return measurement(what, equal(found, claimed if name == "positive_slope" else 0), bound, t.labels(), bound < RESOLVED * largest)


def _signs(cases: Sequence[Trained]) -> Measurement:
    """Means over replicates on the side of zero that was foretold, by more than the quantile of their error."""
    lack, labels = [], []
    for case in cases:
        for side, sign in zip(("words", "contexts"), case.signs, strict=True):
            mean, error = excess(case.kind, side)
            lack.append(at_least(sign * mean, QUANTILE * error))
            labels.append(f"{case.kind}: {side}, specific over broad {mean:.3g} +- {error:.2g}")
    return measurement("sign of specificity in the growth of trained rows", listed(lack), 0.0, labels)


def check(formulas: Formulas, drawn: Sequence[object]) -> tuple[Measurement, ...]:
    """Heats anywhere; slopes at aligned triples; signs after training."""
    batches = [replace(b, candidates=2) for b in drawn if isinstance(b, Batch) and b.candidates > 1]
    aligned, cases = [x for x in drawn if isinstance(x, Triples)], [x for x in drawn if isinstance(x, Trained)]
    readings: tuple[tuple[str, Callable[[Floats], Floats]], ...] = (
        ("word_heat", lambda h: h[:, 0]), ("positive_heat", lambda h: h[:, 1]), ("negative_heat", lambda h: h[:, 2]),
        ("resemblance", lambda h: h[:, 1] + h[:, 2] - h[:, 0]),
    )  # fmt: skip
    return (
        *(over_batches(name.replace("_", " "), batches, lambda b, read=read, name=name: _at_random(formulas, b, read, name))
          for name, read in readings),
        over_batches("word's heat between opposite contexts", batches, lambda b: _opposite(formulas, b)),
        *(_differenced(formulas, t, name) for t in aligned for name in ("positive_slope", "exchange")),
        *([_signs(cases)] if cases else []),
    )  # fmt: skip


def _inner_products(formulas: Formulas, seed: int) -> NumericWitness:
    batch = ordinary(seed, candidates=2)
    u, pool = batch.embeddings(), batch.pool()
    claimed = value(formulas["positive_heat"], _known(u, pool, batch.temperatures))

    def compare(loss: str) -> tuple[Floats, Floats]:
        h = candidate_gradients(loss, u, pool, batch.temperatures)[:, 0]
        return equal(np.sum(h**2, axis=1) * np.sum(pool[:, 0] ** 2, axis=1), claimed), _noise(batch.dimension, batch.temperatures)

    kept, dropped = (over_batches("positive's heat", [batch], lambda _, x=loss: compare(x)) for loss in ("infonce", "dot_product_infonce"))
    return NumericWitness("logits from inner products", kept, dropped)


def _frozen(formulas: Formulas, seed: int) -> NumericWitness:
    """One pair, one step of the tables: what the positive moves by, over the step."""
    eta, joint = 2.0**-6, np.array([[0.5, 0.0], [0.0, 0.5]])

    def moved(learn: bool) -> Measurement:
        before, after = (
            trained(joint, dimension=3, replicates=8, temperature=0.5, negatives=1, step_size=h, steps=1, batch=1, contexts_learn=learn,
                    seed=seed) for h in (1e-300, eta)
        )  # fmt: skip
        word = np.argmax(np.sum((after.words - before.words) ** 2, axis=2), axis=1)
        at = np.arange(8)
        u, pool = before.words[at, word], np.stack((before.contexts[at, word], before.contexts[at, 1 - word]), axis=1)
        distinct = np.any(after.words != before.words, axis=(1, 2))  # a negative that is the positive moves nothing
        found = np.sum(((after.contexts - before.contexts)[at, word] / eta) ** 2, axis=1)
        bound = _noise(3, np.full(8, 0.5)) + rounding.gamma(60) * 16 / eta
        claimed = value(formulas["positive_heat"], _known(u, pool, np.full(8, 0.5)))
        return measurement("positive's move", equal(found, claimed), bound, [f"replicate {i} seed={seed}" for i in range(8)], distinct)

    return NumericWitness("contexts that stand still", moved(True), moved(False))


def _aligned(formulas: Formulas, seed: int) -> NumericWitness:
    """The claimed slope is negative for aligned pairs, and so is what is measured; not for opposite ones."""
    rng = np.random.default_rng([seed, 31])

    def rises(plus: float) -> Measurement:
        t = Triples(np.full(6, plus), np.full(6, -0.2), rng.uniform(0.5, 2, 6), np.full(6, 1.0))
        found, bound = _slopes(t, 1)
        claimed = value(formulas["positive_slope"], _known(*_placed(t.plus, t.minus, t.angles), t.temperatures))
        return measurement("slope of the positive's heat above 0", at_most(np.maximum(found, claimed), 0.0), bound, t.labels())

    return NumericWitness("a positive opposite to the word", rises(0.5), rises(-0.95))


EVIDENCE = Evidence(
    draw, check, {"cosine-infonce": _inner_products, "both-tables-learn": _frozen, "aligned-pair": _aligned}
)
