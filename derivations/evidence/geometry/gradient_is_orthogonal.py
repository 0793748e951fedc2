"""A1 measured: ``<u, g>`` of each loss, against the rounding of the inner products that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, draw, ordinary
from derivations.evidence.slopes import differentiable_witness
from numerics.simulate import evaluate
from theory.claims import Formulas
from theory.laws.geometry.gradient_is_orthogonal import kinked_gradient

LOSSES = ("cosine_regression", "infonce")


def _radial(formulas: Formulas, batch: Batch, loss: str, like: str = "") -> tuple[Any, ...]:
    """Measured ``<u, g>`` against the claimed one; ``like`` names the loss whose bound applies."""
    u = batch.embeddings()
    g = evaluate(loss, u, batch.pool(), batch.temperatures).gradients
    claimed = value(formulas["radial_gradient"], {})
    bound = rounding.radial(like or loss, batch.temperatures, batch.dimension)
    # a gradient below the rounding of its own parts has no direction to speak of
    applies = np.linalg.norm(g, axis=1) * batch.norms > 10 * bound
    return np.abs(np.einsum("rd,rd->r", u, g) - claimed), bound, applies


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """The radial part of the gradient, per loss."""
    return tuple(over_batches(f"<u, grad L> for {loss}", batches, lambda b, loss=loss: _radial(formulas, b, loss)) for loss in LOSSES)


def _dot_product(formulas: Formulas, seed: int) -> NumericWitness:
    batch = [ordinary(seed)]
    kept, dropped = (
        over_batches("<u, grad L>", batch, lambda b, loss=loss: _radial(formulas, b, loss, "infonce"))
        for loss in ("infonce", "dot_product_infonce")
    )
    return NumericWitness("InfoNCE on inner products instead of cosines", kept, dropped)


EVIDENCE = Evidence(draw, check, {"scale-invariant": _dot_product, "differentiable": differentiable_witness(kinked_gradient)})
