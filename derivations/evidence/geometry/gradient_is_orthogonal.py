"""A1 measured: ``<u, g>`` of each loss of cosines, to rounding; of a loss with a radial derivative, against that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, draw, ordinary
from derivations.evidence.slopes import differentiable_witness
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.geometry.gradient_is_orthogonal import RADIAL, RADIAL_THERE, kinked_gradient
from theory.notation import c, u
from theory.vectors import Norm

LOSSES = ("cosine_regression", "infonce")
_NORM, _SLOPE = sp.symbols("norm slope", real=True)
REACH = 2.0  # largest logit, in size, of the loss with a radial derivative
NUDGE = 2.0**-12


def _radial(formulas: Formulas, batch: Batch, loss: str, like: str = "") -> tuple[Any, ...]:
    """Measured ``<u, g>`` against the claimed one; ``like`` names the loss whose bound applies."""
    x = batch.embeddings()
    g = evaluate(loss, x, batch.pool(), batch.temperatures).gradients
    claimed = value(formulas["radial_gradient"], {})
    bound = rounding.radial(like or loss, batch.temperatures, batch.dimension)
    # a gradient below the rounding of its own parts has no direction to speak of
    applies = np.linalg.norm(g, axis=1) * batch.norms > 10 * bound
    return equal(np.einsum("rd,rd->r", x, g), claimed), bound, applies


def _along_ray(formulas: Formulas, batch: Batch, name: str) -> tuple[Floats, Floats]:
    """``<u, grad L>`` of inner-product InfoNCE at ``u`` or ``c u`` against the claim fed with ``dL/dr``, a central difference.

    Logits along the ray are ``s l_j``, ``|l_j| <= REACH``: the third derivative in s is the third central moment of
    the ``l_j``, at most ``(2 REACH)^3``, so the difference is off by a sixth of that times ``NUDGE^2``. A loss and an
    inner product of the gradient are sums of terms of size REACH and less.
    """
    pool = batch.pool() / np.linalg.norm(batch.pool(), axis=-1, keepdims=True)
    x = batch.embeddings() * (0.5 * REACH * batch.temperatures / batch.norms)[:, None]  # logits of u: half of REACH
    factor = np.random.default_rng([batch.seed, 29]).uniform(0.5, 2, batch.rows) if name == "slope_along_ray" else np.ones(batch.rows)
    there, norm = factor[:, None] * x, np.linalg.norm(x, axis=1)
    sides = [evaluate("dot_product_infonce", (1 + s) * there, pool, batch.temperatures).values for s in (NUDGE, -NUDGE)]
    slope = (sides[0] - sides[1]) / (2 * NUDGE * factor * norm)  # by the norm, at c u
    found = np.einsum("rd,rd->r", x, evaluate("dot_product_infonce", there, pool, batch.temperatures).gradients)
    known = {_NORM: norm, _SLOPE: slope, c: factor}
    claimed = value(formulas[name].subs({Norm(u): _NORM, RADIAL: _SLOPE, RADIAL_THERE: _SLOPE}, simultaneous=True), known)
    noise = float(rounding.gamma(4 * batch.dimension + 4 * batch.candidates + 60)) * (np.log(batch.candidates) + 2 * REACH)
    return equal(found, claimed), ((2 * REACH) ** 3 / 6 * NUDGE**2 + 2 * noise / NUDGE) / factor


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """The radial part of the gradient, per loss."""
    cosines = tuple(over_batches(f"<u, grad L> for {loss}", batches, lambda b, loss=loss: _radial(formulas, b, loss)) for loss in LOSSES)
    several = [b for b in batches if b.candidates > 1]  # one candidate alone has no gradient
    rays = (("<u, grad L(u)> of inner products", "euler"), ("<u, grad L(c u)> of inner products", "slope_along_ray"))
    return (*cosines, *(over_batches(what, several, lambda b, name=name: _along_ray(formulas, b, name)) for what, name in rays))


def _dot_product(formulas: Formulas, seed: int) -> NumericWitness:
    batch = [ordinary(seed)]
    kept, dropped = (
        over_batches("<u, grad L>", batch, lambda b, loss=loss: _radial(formulas, b, loss, "infonce"))
        for loss in ("infonce", "dot_product_infonce")
    )
    return NumericWitness("InfoNCE on inner products instead of cosines", kept, dropped)


EVIDENCE = Evidence(draw, check, {"scale-invariant": _dot_product, "differentiable": differentiable_witness(kinked_gradient)})
