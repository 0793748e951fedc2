"""A8a measured: ``<x, g_x>`` of InfoNCE and skip-gram on inner products, in the embedding and summed over candidates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.batches import Known, number
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import equal, listed
from derivations.evidence.settings import Batch, draw, ordinary
from numerics.batch_losses.evaluate import BatchGradients, evaluate_batch
from theory.claims import Formulas
from theory.notation import candidates, n, positive_candidate, tau, u
from theory.vectors import Cosine, Norm

KERNELS = {"infonce": "infonce", "sgns": "siglip"}  # skip-gram is SigLIP's loss with scale 1 and no bias
MEMBER = candidates.member(candidates.index)
LARGEST = 30.0  # logit: vectors are scaled so that none is larger, and every exponential has its digits
MOST = 32  # candidates


def _scaled(batch: Batch) -> tuple[Floats, Floats]:
    """Embeddings and candidates whose inner products over the temperature are at most LARGEST."""
    x, pool = batch.embeddings(), batch.pool()[:, :MOST]
    largest = np.linalg.norm(x, axis=1) * np.linalg.norm(pool, axis=2).max(axis=1) / batch.temperatures
    return x * np.minimum(1, LARGEST / largest)[:, None], pool


def _run(batch: Batch, name: str, similarity: str) -> list[tuple[BatchGradients, Floats, Floats, float]]:
    found = []
    for x, pool, tau_ in zip(*_scaled(batch), batch.temperatures, strict=True):
        scale = 1 / tau_ if name == "infonce" else 1.0
        columns = pool if name == "infonce" else pool / tau_
        targets = np.eye(1, len(pool))
        found.append((evaluate_batch(KERNELS[name], x[None], columns, targets, scale=scale, similarity=similarity), x, columns, scale))
    return found


def _known(x: Floats, columns: Floats, scale: float) -> Known:
    norms = np.linalg.norm(columns, axis=1)
    cosines = columns @ x / norms / np.linalg.norm(x)
    return {tau: 1 / scale, n: float(len(columns) - 1), Norm(u): np.linalg.norm(x), Norm(positive_candidate): norms[0],
            Norm(MEMBER): norms[1:], Cosine(u, positive_candidate): cosines[0], Cosine(u, MEMBER): cosines[1:]}  # fmt: skip


def _bound(found: BatchGradients, x: Floats, columns: Floats, scale: float) -> float:
    """Of sums of slopes times inner products, on both sides: every factor rounds, and slopes see logits that are off.

    A logit is off by gamma(d + 20) of the lengths in it, a probability, relatively, by twice that, on either side. What is off
    by that share is a probability, not the slope: the positive's has 1 taken from it.
    """
    sizes = np.linalg.norm(columns, axis=1) * np.linalg.norm(x)
    parts = np.abs(found.slopes[0])
    parts[0] += scale
    logit = float(rounding.gamma(len(x) + 20)) * scale * float(np.max(sizes))
    relative = 4 * logit + float(rounding.gamma(3 * len(x) + 4 * len(columns) + 80))
    return 2 * relative * float(np.sum(parts * sizes)) + 1e-300


def _radial(formulas: Formulas, batch: Batch, name: str, similarity: str = "inner_product") -> tuple[Floats, Floats]:
    deviations, bounds = [], []
    for found, x, columns, scale in _run(batch, name, similarity):
        claimed = float(number(formulas[name], _known(x, columns, scale)))
        deviations.append(equal(float(x @ found.rows[0]), claimed))
        bounds.append(_bound(found, x, columns, scale))
    return listed(deviations), np.array(bounds)


def _together(formulas: Formulas, batch: Batch, name: str) -> tuple[Floats, Floats]:
    deviations, bounds = [], []
    for found, x, columns, scale in _run(batch, name, "inner_product"):
        both = float(x @ found.rows[0]) - float(np.sum(columns * found.columns))
        deviations.append(equal(both, float(number(formulas["difference"], _known(x, columns, scale)))))
        bounds.append(_bound(found, x, columns, scale))
    return listed(deviations), np.array(bounds)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Both losses; both sides."""
    several = [b for b in batches if b.candidates > 1]
    return (
        *(over_batches(f"<u, grad L>, {name}", several, lambda b, name=name: _radial(formulas, b, name)) for name in KERNELS),
        *(over_batches(f"<u, grad L> less all <v, grad L>, {name}", several, lambda b, name=name: _together(formulas, b, name))
          for name in KERNELS),
    )  # fmt: skip


def _cosines(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_batches("<u, grad L>", [ordinary(seed)], lambda b, s=similarity: _radial(formulas, b, "infonce", s))
        for similarity in ("inner_product", "cosine")
    )
    return NumericWitness("InfoNCE on cosines", kept, dropped)


def _moving(formulas: Formulas, batch: Batch) -> tuple[Floats, Floats]:
    """Temperature ``tau |u|``: the scale's logarithm has the gradient ``-u/|u|^2``, and ``tau`` is what it is here."""
    deviations, bounds = [], []
    for found, x, columns, scale in _run(batch, "infonce", "inner_product"):
        claimed = float(number(formulas["infonce"], _known(x, columns, scale)))
        deviations.append(equal(float(x @ found.rows[0]) - found.by_log_scale, claimed))
        bounds.append(_bound(found, x, columns, scale))
    return listed(deviations), np.array(bounds)


def _temperature(formulas: Formulas, seed: int) -> NumericWitness:
    compare: Sequence[Callable[[Formulas, Batch], tuple[Floats, Floats]]] = (lambda f, b: _radial(f, b, "infonce"), _moving)
    kept, dropped = (over_batches("<u, grad L>", [ordinary(seed)], lambda b, f=f: f(formulas, b)) for f in compare)
    return NumericWitness("a temperature proportional to the norm", kept, dropped)


EVIDENCE = Evidence(draw, check, {"inner-product-logits": _cosines, "fixed-temperature": _temperature})
