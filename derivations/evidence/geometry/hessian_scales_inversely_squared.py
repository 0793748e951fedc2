"""A3 measured: Hessian-vector products at ``u`` and ``c u``, the image of ``u``, the curvature along the ray."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.geometry.gradient_scales_inversely import LOSSES, scales
from derivations.evidence.settings import Batch, draw, ordinary
from derivations.evidence.slopes import twice_differentiable_witness
from numerics.simulation.steps import evaluate, hessian_vector
from theory.claims import Formulas
from theory.laws.geometry.hessian_scales_inversely_squared import kinked_curvature
from theory.notation import c


def _scaling(formulas: Formulas, batch: Batch, loss: str, sign: float = 1.0, like: str = "") -> tuple[Any, ...]:
    u, w, pool, tau = batch.embeddings(), batch.directions(), batch.pool(), batch.temperatures
    factor = sign * scales(batch)
    claimed = value(formulas["factor"], {c: factor})
    here, there = (hessian_vector(loss, x, w, pool, tau) for x in (u, factor[:, None] * u))
    errors = [
        rounding.hessian(like or loss, tau, norms, batch.dimension + 1, batch.candidates)
        for norms in (batch.norms, batch.norms * np.abs(factor))
    ]
    bound = errors[1] + np.abs(claimed) * errors[0]
    applies = np.linalg.norm(claimed[:, None] * here, axis=1) > 4 * bound
    return np.linalg.norm(there - claimed[:, None] * here, axis=1), bound, applies


def _image(formulas: Formulas, batch: Batch, loss: str, like: str = "") -> tuple[Any, ...]:
    u, pool, tau = batch.embeddings(), batch.pool(), batch.temperatures
    g, image = evaluate(loss, u, pool, tau).gradients, hessian_vector(loss, u, u, pool, tau)
    factor = value(formulas["image_factor"], {})
    shape = (like or loss, tau, batch.norms, batch.dimension, batch.candidates)
    bound = batch.norms * rounding.hessian(*shape) + rounding.gradient(*shape)
    return np.linalg.norm(image - factor * g, axis=1), bound, np.linalg.norm(g, axis=1) > 4 * bound


def _curvature(formulas: Formulas, batch: Batch, loss: str) -> tuple[Floats, Floats]:
    u, pool, tau = batch.embeddings(), batch.pool(), batch.temperatures
    measured = np.einsum("rd,rd->r", u, hessian_vector(loss, u, u, pool, tau))
    bound = batch.norms**2 * rounding.hessian(loss, tau, batch.norms, 2 * batch.dimension, batch.candidates)
    return equal(measured, value(formulas["radial_curvature"], {})), bound


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Three identities, two losses."""
    return tuple(
        over_batches(f"{what}, {loss}", batches, lambda b, f=f, loss=loss: f(formulas, b, loss))
        for loss in LOSSES
        for what, f in (("H(c u) w", _scaling), ("H u", _image), ("u'H u", _curvature))
    )


def _dot_product(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_batches("H u against -grad L", [ordinary(seed)], lambda b, loss=loss: _image(formulas, b, loss, "infonce"))
        for loss in ("infonce", "dot_product_infonce")
    )
    return NumericWitness("InfoNCE on inner products", kept, dropped)


def _negative_scale(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_batches("H(c u) w", [ordinary(seed)], lambda b, sign=sign: _scaling(formulas, b, "infonce", sign))
        for sign in (1.0, -1.0)
    )
    return NumericWitness("negative c: the embedding turned around", kept, dropped)


EVIDENCE = Evidence(
    draw, check,
    {"scale-invariant": _dot_product, "twice-differentiable": twice_differentiable_witness(kinked_curvature),
     "positive-scale": _negative_scale},
)  # fmt: skip
