"""A2 measured: gradients at ``u`` and at ``c u``, the same candidates, ``c`` over six decades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.formulas import value
from derivations.evidence.settings import NORMS, Batch, draw, log_uniform, ordinary
from derivations.evidence.slopes import SCALE, differentiable_witness
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.geometry.gradient_scales_inversely import kinked_gradient
from theory.notation import c

LOSSES = ("cosine_regression", "infonce")


def scales(batch: Batch) -> Floats:
    """A factor for every row, such that the longer embedding stays in range."""
    return log_uniform(np.random.default_rng([batch.seed, 9]), NORMS, batch.rows) / batch.norms


def _compare(formulas: Formulas, batch: Batch, loss: str, sign: float = 1.0, like: str = "") -> tuple[Any, ...]:
    """``|g(c u) - factor g(u)|`` against the forward errors of both; scaling ``u`` costs one rounding more."""
    u, pool, tau = batch.embeddings(), batch.pool(), batch.temperatures
    factor = sign * scales(batch)
    claimed = value(formulas["factor"], {c: factor})
    here = evaluate(loss, u, pool, tau).gradients
    there = evaluate(loss, factor[:, None] * u, pool, tau).gradients
    errors = [
        rounding.gradient(like or loss, tau, norms, batch.dimension + 1, batch.candidates)
        for norms in (batch.norms, batch.norms * np.abs(factor))
    ]
    size = np.linalg.norm(here, axis=1)
    bound = errors[1] + np.abs(claimed) * errors[0]
    deviation = np.linalg.norm(there - claimed[:, None] * here, axis=1)
    return deviation, bound, np.abs(claimed) * size > 4 * bound


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Both losses, coordinate by coordinate; only gradients above their own rounding count."""
    return tuple(
        over_batches(f"grad L(c u) against factor * grad L(u), {loss}", batches, lambda b, loss=loss: _compare(formulas, b, loss))
        for loss in LOSSES
    )


def _dot_product(formulas: Formulas, seed: int) -> NumericWitness:
    batch = [ordinary(seed)]
    kept, dropped = (
        over_batches("grad L(c u)", batch, lambda b, loss=loss: _compare(formulas, b, loss, like="infonce"))
        for loss in ("infonce", "dot_product_infonce")
    )
    return NumericWitness("InfoNCE on inner products", kept, dropped)


def _negative_scale(formulas: Formulas, seed: int) -> NumericWitness:
    batch = [ordinary(seed)]
    kept, dropped = (
        over_batches("grad L(c u)", batch, lambda b, sign=sign: _compare(formulas, b, "cosine_regression", sign))
        for sign in (1.0, -1.0)
    )
    return NumericWitness("negative c: the embedding turned around", kept, dropped)


EVIDENCE = Evidence(
    draw, check,
    {"scale-invariant": _dot_product, "differentiable": differentiable_witness(kinked_gradient, SCALE),
     "positive-scale": _negative_scale},
)  # fmt: skip
