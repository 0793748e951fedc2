"""A7 measured: radial parts of the gradients in every vector of a batch, for every loss in use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence import Evidence, Measurement, NumericWitness, rounding
from derivations.evidence.batch_cases import draw, over_cases
from derivations.evidence.batches import Case, radial_excess
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, ordinary
from derivations.evidence.slopes import differentiable_witness
from theory.claims import Formulas
from theory.laws.geometry.losses_in_use_are_scale_invariant import kinked_gradient
from theory.losses.in_use import IN_USE

NAMES = tuple(loss.name for loss in IN_USE)
WHAT = "<x, grad_x L> in every vector, over its rounding"


def _radial(formulas: Formulas, case: Case, similarity: str = "cosine") -> tuple[float, float]:
    return radial_excess(case, case.evaluate(similarity), float(value(formulas["radial_gradient"], {})))


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Every loss."""
    return tuple(over_cases(f"{WHAT}, {name}", batches, (name,), lambda case: _radial(formulas, case)) for name in NAMES)


def _inner_products(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_cases(WHAT, [ordinary(seed)], ("infonce",), lambda case, s=similarity: _radial(formulas, case, s))
        for similarity in ("cosine", "inner_product")
    )
    return NumericWitness("InfoNCE on inner products", kept, dropped)


def _moving_temperature(formulas: Formulas, case: Case) -> tuple[float, float]:
    """Scale ``|u|`` times what it is here: its logarithm has the gradient ``u/|u|^2``."""
    found, x = case.evaluate(), case.rows[0]
    g = found.rows[0] + found.by_log_scale * x / (x @ x)
    sizes = np.abs(found.slopes[0]).sum() + abs(found.by_log_scale)
    return equal(float(x @ g), float(value(formulas["radial_gradient"], {}))), float(rounding.gamma(3 * len(x) + 30) * sizes)


def _temperature(formulas: Formulas, seed: int) -> NumericWitness:
    kept = over_cases(WHAT, [ordinary(seed)], ("infonce",), lambda case: _radial(formulas, case))
    dropped = over_cases(WHAT, [ordinary(seed)], ("infonce",), lambda case: _moving_temperature(formulas, case))
    return NumericWitness("a temperature that falls with the norm of the embedding", kept, dropped)


EVIDENCE = Evidence(draw, check, {
    "cosine-logits": _inner_products, "scalars-ignore-norms": _temperature, "differentiable": differentiable_witness(kinked_gradient),
})  # fmt: skip
