"""A7b measured: gradients of softmax losses in whole batches against the claimed slopes, their totals, and learned scalars."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from derivations.evidence import Evidence, Measurement, NumericWitness
from derivations.evidence.batch_cases import draw, over_cases
from derivations.evidence.batches import Case, claimed_gradient, gradient_deviation, number, total_deviation
from derivations.evidence.deviations import equal
from derivations.evidence.settings import Batch, ordinary
from numerics.batch_losses.evaluate import evaluate_batch
from theory.claims import Formulas
from theory.losses.answers import by_parameter
from theory.losses.in_use import SOFTMAX
from theory.losses.infonce_learned_temperature import LOG_SCALE

NAMES = tuple(loss.name for loss in SOFTMAX)
WHAT = "|u| grad_u L against the slopes"


def _by_scale(formulas: Formulas, case: Case) -> tuple[float, float]:
    """A logit is at most its scale: so much larger than a slope's is the sum, and its rounding."""
    found = case.evaluate()
    claimed = float(number(formulas[by_parameter(case.loss, LOG_SCALE)], case.values(found)))
    return equal(found.by_log_scale, claimed), 2 * case.rounding(found)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Gradient and total of every loss; the slope in the learned scale."""
    return (
        *(over_cases(f"{WHAT}, {name}", batches, (name,), lambda c: gradient_deviation(c, formulas, c.evaluate())) for name in NAMES),
        *(over_cases(f"sum of slopes, {name}", batches, (name,), lambda c: total_deviation(c, formulas, c.evaluate())) for name in NAMES),
        over_cases("slope in log(scale)", batches, ("infonce_learned_temperature",), lambda c: _by_scale(formulas, c)),
    )


def inner_products(name: str, words: str) -> Callable[[Formulas, int], NumericWitness]:
    """The witness of a group of losses: gradients on inner products against what is claimed at the cosines."""

    def compare(formulas: Formulas, case: Case, similarity: str) -> tuple[float, float]:
        found, cosine = case.evaluate(similarity), case.evaluate()
        own = found.rows[0] * np.linalg.norm(case.rows[0])
        return float(np.linalg.norm(own - claimed_gradient(case, formulas, cosine))), case.rounding(cosine)

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        kept, dropped = (
            over_cases(WHAT, [ordinary(seed)], (name,), lambda c, s=s: compare(formulas, c, s)) for s in ("cosine", "inner_product")
        )
        return NumericWitness(words, kept, dropped)

    return drop


def _one_sided(formulas: Formulas, case: Case) -> tuple[float, float]:
    """The embedding is in no row but its own, whose share of the mean stays."""
    found, b = case.evaluate(), len(case.rows)
    alone = evaluate_batch("infonce", case.rows[:1], case.rows[1:], case.targets[:1, 1:], **case.scalars)
    own = alone.rows[0] / b * np.linalg.norm(case.rows[0])
    return float(np.linalg.norm(own - claimed_gradient(case, formulas, found))), case.rounding(found)


def _queue(formulas: Formulas, seed: int) -> NumericWitness:
    kept = over_cases(WHAT, [ordinary(seed)], ("nt_xent",), lambda c: gradient_deviation(c, formulas, c.evaluate()))
    dropped = over_cases(WHAT, [ordinary(seed)], ("nt_xent",), lambda c: _one_sided(formulas, c))
    return NumericWitness("the others are keys from a queue, and pick nothing themselves", kept, dropped)


EVIDENCE = Evidence(draw, check, {"cosine-logits": inner_products("infonce", "InfoNCE on inner products"), "in-batch": _queue})
