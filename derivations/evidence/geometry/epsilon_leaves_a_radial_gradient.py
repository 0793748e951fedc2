"""A8b measured: radial parts of InfoNCE's gradients under guarded normalisations, against the factor times the inner slope."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, draw, log_uniform, ordinary
from numerics.batch_losses.evaluate import evaluate_batch
from theory.claims import Formulas
from theory.losses.guarded_infonce import EPSILON
from theory.notation import r

MOST = 32  # candidates
RATIOS = (1e-2, 1e2)  # of epsilon to the norm of the embedding
SIMILARITIES = {"added": "epsilon_added", "inside": "epsilon_at_least", "outside": "epsilon_at_least"}


def _ratios(batch: Batch, name: str) -> Floats:
    """Epsilon over the norm: above 1 inside of the ball, below 1 outside."""
    ends = {"added": RATIOS, "inside": (1.01, RATIOS[1]), "outside": (RATIOS[0], 0.99)}[name]
    return log_uniform(np.random.default_rng([batch.seed, 43]), ends, batch.rows)


def _radial(formulas: Formulas, batch: Batch, name: str, used: str = "", claimed: str = "") -> tuple[Floats, Floats]:
    """``<u, g>`` at an epsilon drawn for ``name``, prepared as ``used`` is, against the factor claimed for ``claimed``.

    The inner loss' radial slope is measured: InfoNCE on inner products, at what the vectors are prepared to. All vectors
    are prepared alike; a prepared candidate is never longer than 1.
    """
    deviations, bounds = [], []
    for x, pool, tau, ratio in zip(batch.embeddings(), batch.pool()[:, :MOST], batch.temperatures, _ratios(batch, name), strict=True):
        norm = float(np.linalg.norm(x))
        e, targets, d = ratio * norm, np.eye(1, len(pool)), len(x)
        kind = used or SIMILARITIES[name]
        found = evaluate_batch("infonce", x[None], pool, targets, scale=1 / tau, similarity=kind, epsilon=e)
        lengths = np.linalg.norm(pool, axis=1, keepdims=True)
        own, others = x / max(norm, e), pool / np.maximum(lengths, e)
        if kind == "epsilon_added":
            own, others = x / (norm + e), pool / (lengths + e)
        if kind == "cosine":
            own, others = x / norm, pool / lengths
        inner = evaluate_batch("infonce", own[None], others, targets, scale=1 / tau, similarity="inner_product")
        slope = float((x / norm) @ inner.rows[0])
        factor = float(value(formulas[claimed or name], {r: norm, EPSILON: e}))
        sizes = float(np.sum(np.abs(inner.slopes)))
        sensitivity = 4 / tau * (3 * d + 40) + 6 * len(pool) + 6 * d + 100
        deviations.append(equal(float(x @ found.rows[0]), factor * slope))
        bounds.append(2 * float(rounding.gamma(sensitivity)) * max(sizes, 1e-290))
    return listed(deviations), np.array(bounds)


def _largest(formulas: Formulas, batch: Batch) -> tuple[Floats, float]:
    """The factor at ``r = epsilon``, measured as a quotient, of two vectors at an angle that has a slope to speak of."""
    deviations = []
    for x in batch.embeddings():
        norm, y = float(np.linalg.norm(x)), x.copy()
        y[0] += np.copysign(norm, x[0])  # away from 0
        found = evaluate_batch("alignment", x[None], y[None], [[1.0]], similarity="epsilon_added", epsilon=norm)
        inner = evaluate_batch("alignment", x[None] / (2 * norm), y[None] / (np.linalg.norm(y) + norm), [[1.0]], similarity="inner_product")
        deviations.append(equal(float(x @ found.rows[0]), float(value(formulas["largest"], {})) * float(x / norm @ inner.rows[0])))
    return listed(deviations), float(rounding.gamma(12 * batch.dimension + 100) * 4)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Added; inside and outside of the ball; where the factor is largest."""
    several = [b for b in batches if b.candidates > 1]
    return (
        *(over_batches(f"<u, grad L>, epsilon {name}", several, lambda b, name=name: _radial(formulas, b, name)) for name in SIMILARITIES),
        over_batches("factor at r = epsilon", batches, lambda b: _largest(formulas, b)),
    )


def _plain(formulas: Formulas, seed: int) -> NumericWitness:
    kept = over_batches("<u, grad L>", [ordinary(seed)], lambda b: _radial(formulas, b, "added"))
    dropped = over_batches("<u, grad L>", [ordinary(seed)], lambda b: _radial(formulas, b, "added", used="cosine"))
    return NumericWitness("vectors divided by their norms alone", kept, dropped)


def _ball(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_batches("<u, grad L>", [ordinary(seed)], lambda b, name=name: _radial(formulas, b, name, claimed="inside"))
        for name in ("inside", "outside")
    )
    return NumericWitness("outside of the ball", kept, dropped)


EVIDENCE = Evidence(draw, check, {"epsilon-added": _plain, "inside-the-ball": _ball})
