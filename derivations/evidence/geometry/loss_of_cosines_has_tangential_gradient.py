"""A5 measured: gradients in the anchor and in every candidate, against weighted sums of projected directions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sympy as sp

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, draw, ordinary
from derivations.evidence.slopes import differentiable_witness
from numerics.simulation.steps import candidate_gradients, cosines, evaluate
from theory.claims import Formulas
from theory.laws.geometry.loss_of_cosines_has_tangential_gradient import C, kinked_gradient
from theory.notation import u
from theory.vectors import Norm

_COSINE, _NORM = sp.symbols("cosine norm", real=True)
LOSSES = ("cosine_regression", "infonce")


def slopes(loss: str, batch: Batch, c: Floats) -> Floats:
    """``dL/dc_j``, shape (rows, n), from the definition of each loss as a function of cosines."""
    if loss == "cosine_regression":
        return np.full_like(c, -2 / batch.candidates)
    logits = c / batch.temperatures[:, None]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[:, 0] -= 1
    return p / batch.temperatures[:, None]


def _claimed(formulas: Formulas, own: Floats, others: Floats, c: Floats, slope: Floats) -> Floats:
    """The claim's sum for one item of shape (rows, d) against others (rows, n, d)."""
    norm = np.linalg.norm(own, axis=-1)
    directions = others / np.linalg.norm(others, axis=-1, keepdims=True)
    weight = value(formulas["radial_weight"].subs(C, _COSINE), {_COSINE: c})
    pull = np.einsum("rn,rnd->rd", slope, directions) + np.sum(slope * weight, axis=1)[:, None] * own / norm[:, None]
    return value(formulas["prefactor"].subs(Norm(u), _NORM), {_NORM: norm})[:, None] * pull


def _anchor(formulas: Formulas, batch: Batch, loss: str, like: str = "") -> tuple[Floats, Floats]:
    x, pool, tau = batch.embeddings(), batch.pool(), batch.temperatures
    c = cosines(x, pool)
    claimed = _claimed(formulas, x, pool, c, slopes(like or loss, batch, c))
    bound = 2 * rounding.gradient(like or loss, tau, batch.norms, batch.dimension, batch.candidates)
    return np.linalg.norm(evaluate(loss, x, pool, tau).gradients - claimed, axis=1), bound


def _candidates(formulas: Formulas, batch: Batch, loss: str) -> tuple[Floats, Floats]:
    """Every candidate in turn is the item, with the anchor as its only other: the worst of them per row."""
    x, pool, tau = batch.embeddings(), batch.pool(), batch.temperatures
    c = cosines(x, pool)
    slope, measured = slopes(loss, batch, c), candidate_gradients(loss, x, pool, tau)
    norms = np.linalg.norm(pool, axis=-1)
    deviations = [
        np.linalg.norm(measured[:, j] - _claimed(formulas, pool[:, j], x[:, None], c[:, j : j + 1], slope[:, j : j + 1]), axis=1)
        / (2 * rounding.gradient(loss, tau, norms[:, j], batch.dimension, batch.candidates))
        for j in range(batch.candidates)
    ]
    return np.max(deviations, axis=0), np.ones(batch.rows)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Both losses, both sides of a pair."""
    return tuple(
        over_batches(f"{what}, {loss}", batches, lambda b, f=f, loss=loss: f(formulas, b, loss))
        for loss in LOSSES
        for what, f in (("gradient in the anchor", _anchor), ("gradients in the candidates, over their bounds", _candidates))
    )


def _dot_product(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_batches("gradient in the anchor", [ordinary(seed)], lambda b, loss=loss: _anchor(formulas, b, loss, "infonce"))
        for loss in ("infonce", "dot_product_infonce")
    )
    return NumericWitness("InfoNCE on inner products", kept, dropped)


EVIDENCE = Evidence(draw, check, {"scale-invariant": _dot_product, "differentiable": differentiable_witness(kinked_gradient)})
