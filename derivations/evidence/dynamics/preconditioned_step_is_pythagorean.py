"""B12a measured: preconditioned steps on InfoNCE, weighted squared norms step by step and over a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, draw, log_uniform, ordinary
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.dynamics.preconditioned_step_is_pythagorean import DELTA, SLOPE
from theory.notation import eta, lam

STEPS = 5
ENTRIES = (0.1, 10.0)  # of the preconditioner
PRODUCTS = (1e-3, 0.9)  # eta lambda


def _scales(batch: Batch, step: int) -> Floats:
    rng = np.random.default_rng([batch.seed, 31, step])
    return log_uniform(rng, ENTRIES, batch.rows * batch.dimension).reshape(batch.rows, batch.dimension)


def _compare(formulas: Formulas, batch: Batch, moves: bool = False, loss: str = "infonce") -> tuple[Any, ...]:
    """Weighted squared norm after `STEPS` steps against the sum of what the claim adds; bound, and whether steps are seen.

    A step rounds 4 times a coordinate, a weighted sum d + 4 times, the heats d + 8; the radial leftover enters once, twice.
    """
    u, d, h = batch.embeddings(), batch.dimension, batch.step_sizes[:, None]
    decay = log_uniform(np.random.default_rng([batch.seed, 37]), PRODUCTS, batch.rows)[:, None] / h
    keep = value(formulas["decay_factor"], {eta: h, lam: decay})[:, 0]
    scales = _scales(batch, 0)
    claimed = np.sum(value(formulas["weight"], {DELTA: scales}) * u**2, axis=1)
    bound, grown = np.zeros(batch.rows), np.zeros(batch.rows)
    radial = rounding.radial("infonce", batch.temperatures, d)
    for k in range(STEPS):
        scales = _scales(batch, k if moves else 0)
        g = evaluate(loss, u, batch.pool(), batch.temperatures).gradients
        heat = np.sum(value(formulas["heat"], {eta: h, DELTA: scales, SLOPE: g}), axis=1)
        sizes = np.sum((np.abs(u) + h * scales * np.abs(g)) ** 2 / scales, axis=1)  # before any of it cancels
        u = (1 - h * decay) * u - h * scales * g
        claimed, grown = keep * claimed + heat, keep * grown + heat
        bound = bound + rounding.gamma(4 * d + 40) * (sizes + np.abs(claimed)) + 2 * h[:, 0] * radial
    measured = np.sum(value(formulas["weight"], {DELTA: scales}) * u**2, axis=1)
    return equal(measured, claimed), bound, np.abs(grown) > 4 * bound


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """The weighted squared norm after a few steps."""
    return (over_batches(f"weighted squared norm after {STEPS} steps", batches, lambda b: _compare(formulas, b)),)


def _witness(words: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        what, batch = "weighted squared norm", [ordinary(seed)]
        kept = over_batches(what, batch, lambda b: _compare(formulas, b))
        return NumericWitness(words, kept, over_batches(what, batch, lambda b: _compare(formulas, b, **changed)))

    return drop


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("inner products instead of cosines", loss="dot_product_infonce"),
    "fixed-preconditioner": _witness("another preconditioner at every step", moves=True),
})  # fmt: skip
