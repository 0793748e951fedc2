"""A7a measured: lengths of gradients against the sums of their slopes, for every loss in use, and where they are equal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.batch_cases import draw, over_cases
from derivations.evidence.batches import Case, number
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import at_most, equal, listed
from derivations.evidence.settings import Batch, ordinary
from numerics.batch_losses.evaluate import evaluate_batch
from theory.claims import Formulas
from theory.laws.geometry.slopes_bound_the_gradient import PULL, PUSH
from theory.losses.in_use import IN_USE
from theory.notation import n

NAMES = tuple(loss.name for loss in IN_USE)
WHAT = "|u| |grad_u L| above the sum of slopes"


def _bound(formulas: Formulas, slopes: Floats) -> float:
    known = {PUSH: np.maximum(slopes, 0), PULL: np.maximum(-slopes, 0), n: float(len(slopes))}
    return float(number(formulas["bound"], known))


def _excess(formulas: Formulas, case: Case, similarity: str = "cosine") -> tuple[float, float]:
    found = case.evaluate(similarity)
    slopes = case.slopes(found)
    length = float(np.linalg.norm(found.rows[0]) * np.linalg.norm(case.rows[0]))
    d, k = case.rows.shape[1], len(slopes)
    return at_most(length, _bound(formulas, slopes)), float(rounding.gamma(4 * d + 2 * k + 60) * np.sum(np.abs(slopes))) + 1e-300


def _partners(batch: Batch) -> list[tuple[Floats, Floats]]:
    """Embeddings, each with a vector at a right angle."""
    x, v = batch.embeddings(), batch.directions()
    for _ in range(2):
        v = v - (np.einsum("rd,rd->r", v, x) / batch.norms**2)[:, None] * x
    return [(a[None], b / np.linalg.norm(b)) for a, b in zip(x, v, strict=True)]


def _at_right_angles(formulas: Formulas, batch: Batch, loss: str) -> tuple[Floats, float]:
    """``|u| |g|`` against the bound, equal for one orthogonal partner: a pull (regression) or a push (uniformity)."""
    deviations = []
    for x, v in _partners(batch):
        if loss == "cosine_regression":
            found = evaluate_batch(loss, x, v[None], [[1.0]])
            slopes = found.slopes[0]
        else:
            found = evaluate_batch(loss, np.concatenate([x, v[None]]), None, np.zeros((2, 2)))
            slopes = found.slopes[0, 1:]
        deviations.append(equal(float(np.linalg.norm(found.rows[0]) * np.linalg.norm(x)), _bound(formulas, slopes)))
    return listed(deviations), float(2 * rounding.gamma(8 * batch.dimension + 60))


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Every loss; and equality for one partner at a right angle."""
    return (
        *(over_cases(f"{WHAT}, {name}", batches, (name,), lambda case: _excess(formulas, case)) for name in NAMES),
        *(over_batches(f"equality at a right angle, {loss}", batches, lambda b, loss=loss: _at_right_angles(formulas, b, loss))
          for loss in ("cosine_regression", "uniformity")),
    )  # fmt: skip


def _inner_products(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_cases(WHAT, [ordinary(seed)], ("infonce",), lambda case, s=similarity: _excess(formulas, case, s))
        for similarity in ("cosine", "inner_product")
    )
    return NumericWitness("InfoNCE on inner products: the lengths of both sides come in", kept, dropped)


def _opposite(formulas: Formulas, batch: Batch, counted: slice) -> tuple[Floats, float]:
    """InfoNCE with its one negative opposite to the positive, at right angles to the embedding: equality."""
    excess = []
    for x, v in _partners(batch):
        found = evaluate_batch("infonce", x, np.array([v, -v]), [[1.0, 0.0]])
        length = float(np.linalg.norm(found.rows[0]) * np.linalg.norm(x))
        excess.append(at_most(length, _bound(formulas, found.slopes[0, counted])))
    return listed(excess), float(2 * rounding.gamma(8 * batch.dimension + 60))


def _half(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_batches(WHAT, [ordinary(seed)], lambda b, counted=counted: _opposite(formulas, b, counted))
        for counted in (slice(None), slice(1, None))
    )
    return NumericWitness("the pull of the positive is not counted", kept, dropped)


EVIDENCE = Evidence(draw, check, {"loss-of-cosines": _inner_products, "all-slopes-counted": _half})
