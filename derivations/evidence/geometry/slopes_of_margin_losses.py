"""A7c measured: gradients of losses with margins against the claimed slopes, their totals, and ArcFace's bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from derivations.evidence import Evidence, Measurement, NumericWitness, rounding
from derivations.evidence.batch_cases import draw, over_cases
from derivations.evidence.batches import Case, claimed_gradient, gradient_deviation, number, total_deviation
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import at_most, equal, listed, times
from derivations.evidence.geometry.slopes_of_softmax_losses import WHAT, inner_products
from derivations.evidence.settings import Batch, ordinary
from numerics.batch_losses.circle import weights
from numerics.batch_losses.evaluate import BatchGradients, evaluate_batch
from theory.claims import Formulas
from theory.laws.geometry.slopes_of_margin_losses import P
from theory.losses import arcface, cosface
from theory.losses.in_use import MARGIN
from theory.notation import n, u
from theory.vectors import Norm

NAMES = tuple(loss.name for loss in MARGIN)


def _bounded(case: Case, compare: tuple[float, float]) -> tuple[float, float, bool]:
    """ArcFace within the range of angles that the law is about."""
    if case.loss is not arcface.LOSS:
        return (*compare, True)
    c = case.evaluate().similarities[0, 0]
    return (*compare, bool(c > -np.cos(case.scalars["margin"])))


def _arcface_bound(formulas: Formulas, case: Case) -> tuple[float, float, bool]:
    found = case.evaluate()
    probabilities = found.slopes[0, 1:] / case.scalars["scale"]
    known = {P: probabilities, n: float(len(probabilities)), Norm(u): float(np.linalg.norm(case.rows[0]))}
    known[cosface.SCALE] = case.scalars["scale"]
    return _bounded(case, (at_most(np.linalg.norm(found.rows[0]), number(formulas["arcface_bound"], known)),
                           case.rounding(found) / float(np.linalg.norm(case.rows[0]))))  # fmt: skip


def _arcface_reached(formulas: Formulas, batch: Batch) -> tuple[np.ndarray, float]:
    """At ``theta = pi/2 - m`` the force is 1; with the one other prototype opposite in the tangent plane all adds up.

    There ``|u| |g| = s p (1 + sin gamma)`` for another prototype at angle gamma, which is a right angle here.
    """
    deviations = []
    for x, t in zip(batch.embeddings(), batch.directions(), strict=True):
        axis = x / np.linalg.norm(x)
        for _ in range(2):
            t = t - (t @ axis) * axis
        t, m = t / np.linalg.norm(t), 0.4
        own = np.sin(m) * axis + np.cos(m) * t
        found = evaluate_batch("arcface", x[None], [own, -t], [[1.0, 0.0]], scale=2.0, margin=m)
        known = {P: found.slopes[0, 1:] / 2.0, n: 1.0, Norm(u): float(np.linalg.norm(x)), cosface.SCALE: 2.0}
        off = equal(np.linalg.norm(found.rows[0]), number(formulas["arcface_bound"], known))
        deviations.append(times(off, np.linalg.norm(x)))
    return listed(deviations), float(rounding.gamma(40 * batch.dimension + 400) * 8)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Gradient and total of every loss; the bound of ArcFace's gradient and where it is reached."""
    return (
        *(over_cases(f"{WHAT}, {name}", batches, (name,), lambda c: _bounded(c, gradient_deviation(c, formulas, c.evaluate())))
          for name in NAMES),
        *(over_cases(f"sum of slopes, {name}", batches, (name,), lambda c: _bounded(c, total_deviation(c, formulas, c.evaluate())))
          for name in NAMES),
        over_cases("ArcFace's gradient above its bound", batches, ("arcface",), lambda c: _arcface_bound(formulas, c)),
        over_batches("ArcFace's gradient where its bound is reached", batches, lambda b: _arcface_reached(formulas, b)),
    )  # fmt: skip


def _kept(formulas: Formulas, seed: int, name: str) -> Measurement:
    return over_cases(WHAT, [ordinary(seed)], (name,), lambda c: gradient_deviation(c, formulas, c.evaluate()))


def _shut(formulas: Formulas, seed: int) -> NumericWitness:
    """With a margin of -2.5 no two cosines are far enough apart to open the hinge."""

    def compare(case: Case) -> tuple[float, float]:
        shut = replace(case, scalars={"margin": -2.5}, memory={})
        return gradient_deviation(shut, formulas, shut.evaluate())[0], case.rounding(case.evaluate())

    return NumericWitness("the triplet loss behind its hinge", _kept(formulas, seed, "cosine_triplet"),
                          over_cases(WHAT, [ordinary(seed)], ("cosine_triplet",), compare))  # fmt: skip


def _beyond(formulas: Formulas, seed: int) -> NumericWitness:
    """The own prototype nearly opposite to the embedding."""

    def compare(case: Case) -> tuple[float, float]:
        opposite = case.columns.copy()  # type: ignore[union-attr]
        opposite[0] = -case.rows[0] + 0.1 * np.linalg.norm(case.rows[0]) * opposite[0] / np.linalg.norm(opposite[0])
        there = replace(case, columns=opposite, memory={})
        return gradient_deviation(there, formulas, there.evaluate())[0], case.rounding(case.evaluate())

    return NumericWitness("ArcFace beyond pi - m, on its other branch", _kept(formulas, seed, "arcface"),
                          over_cases(WHAT, [ordinary(seed)], ("arcface",), compare))  # fmt: skip


def _with_moving_weights(case: Case, found: BatchGradients) -> np.ndarray:
    """``|u|`` times the gradient when each weight follows its cosine: by the product rule ``s (c - center)/weight`` more."""
    margin = case.scalars["margin"]
    c, s, held = found.similarities[0], found.slopes[0], weights(found.similarities, case.targets, margin)[0]
    positive = case.targets[0] > 0
    follow = np.where(positive, -(c - 1 + margin), c - margin)
    slopes = s + s * follow / np.where(held > 0, held, 1.0)
    direction = case.rows[0] / np.linalg.norm(case.rows[0])
    return np.asarray(slopes @ (case.partners() - c[:, None] * direction))


def _weights_move(formulas: Formulas, seed: int) -> NumericWitness:
    def compare(case: Case) -> tuple[float, float]:
        found = case.evaluate()
        own = _with_moving_weights(case, found)
        return float(np.linalg.norm(own - claimed_gradient(case, formulas, found))), case.rounding(found)

    return NumericWitness("circle loss whose weights are differentiated", _kept(formulas, seed, "circle"),
                          over_cases(WHAT, [ordinary(seed)], ("circle",), compare))  # fmt: skip


EVIDENCE = Evidence(draw, check, {
    "cosine-logits": inner_products("cosface", "CosFace on inner products"), "hinge-open": _shut,
    "weights-held-fixed": _weights_move, "angle-within": _beyond,
})  # fmt: skip
