"""A7d measured: gradients of losses of pairs against the claimed slopes, their totals, learned scalars, AnglE's similarity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import sympy as sp

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.batch_cases import draw, over_cases
from derivations.evidence.batches import Case, gradient_deviation, number, total_deviation
from derivations.evidence.deviations import equal
from derivations.evidence.geometry.slopes_of_softmax_losses import WHAT, inner_products
from derivations.evidence.settings import Batch, ordinary
from theory.claims import Formulas
from theory.losses import infonce_learned_temperature, siglip
from theory.losses.answers import by_parameter
from theory.losses.in_use import PAIR
from theory.notation import u, v, w
from theory.vectors import Cosine

NAMES = tuple(loss.name for loss in PAIR)
SIMILARITY = "AnglE's similarity, from complex quotients"


def _by_scalar(formulas: Formulas, case: Case, parameter: sp.Symbol) -> tuple[float, float]:
    """One row alone has all of the mean over rows."""
    found = case.evaluate()
    claimed = float(number(formulas[by_parameter(case.loss, parameter)], case.values(found))) / case.share
    measured = found.by_log_scale if parameter == infonce_learned_temperature.LOG_SCALE else found.by_bias
    return equal(measured, claimed), 2 * case.rounding(found) * (1 + 1 / case.scalars["scale"])


def _cosine(a: Floats, b: Floats) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def _similarity(formulas: Formulas, case: Case, orthogonal: bool = True) -> tuple[float, float]:
    """The kernel's, or real and imaginary part against a second direction that is aslant, each made a unit vector."""
    x, y = case.rows[0], case.columns[0]  # type: ignore[index]
    half = len(y) // 2
    second = np.concatenate([-y[half:], y[:half]]) if orthogonal else np.concatenate([y[1:], y[:1]])
    measured = float(np.sqrt(2) * case.evaluate().similarities[0, 0])
    if not orthogonal:
        measured = float(np.sqrt(2)) * _cosine(x, y / np.linalg.norm(y) + second / np.linalg.norm(second))
    claimed = float(number(formulas["angle_similarity"], {Cosine(u, v): _cosine(x, y), Cosine(u, w): _cosine(x, second)}))
    return equal(measured, claimed), float(8 * rounding.gamma(2 * len(x) + 20))


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Gradient and total of every loss; SigLIP's learned scalars; AnglE's similarity."""
    return (
        *(over_cases(f"{WHAT}, {name}", batches, (name,), lambda c: gradient_deviation(c, formulas, c.evaluate())) for name in NAMES),
        *(over_cases(f"sum of slopes, {name}", batches, (name,), lambda c: total_deviation(c, formulas, c.evaluate())) for name in NAMES),
        *(over_cases(f"SigLIP's slope in {p.name}", batches, ("siglip",), lambda c, p=p: _by_scalar(formulas, c, p))
          for p in (infonce_learned_temperature.LOG_SCALE, siglip.BIAS)),
        over_cases(SIMILARITY, batches, ("angle",), lambda c: _similarity(formulas, c)),
    )  # fmt: skip


def _oblique(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_cases(SIMILARITY, [ordinary(seed)], ("angle",), lambda c, orthogonal=orthogonal: _similarity(formulas, c, orthogonal))
        for orthogonal in (True, False)
    )
    return NumericWitness("coordinates shifted by one in the place of a quarter turn", kept, dropped)


def _negative(formulas: Formulas, seed: int) -> NumericWitness:
    def compare(case: Case) -> tuple[float, float]:
        turned = replace(case, columns=-case.columns, memory={})  # type: ignore[operator]
        return gradient_deviation(turned, formulas, turned.evaluate())[0], case.rounding(case.evaluate())

    kept = over_cases(WHAT, [ordinary(seed)], ("angle",), lambda c: gradient_deviation(c, formulas, c.evaluate()))
    return NumericWitness("pairs whose turned partners are beyond a right angle", kept,
                          over_cases(WHAT, [ordinary(seed)], ("angle",), compare))  # fmt: skip


EVIDENCE = Evidence(draw, check, {
    "cosine-logits": inner_products("siglip", "SigLIP on inner products"), "complex-planes": _oblique, "similarities-positive": _negative,
})  # fmt: skip
