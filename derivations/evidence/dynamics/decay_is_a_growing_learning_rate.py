"""B11b measured: decaying runs against runs without decay on the schedule, bit by bit and with any decay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, largest
from derivations.evidence.formulas import value
from derivations.evidence.rules import products
from derivations.evidence.scaling import joined
from derivations.evidence.settings import Batch, draw, ordinary
from derivations.evidence.steps import LOSSES, STEPS
from numerics.simulation.optimizers import SGD, Optimizer
from numerics.simulation.steps import Trajectory, descend
from theory.claims import Formulas
from theory.laws.dynamics.decay_is_a_growing_learning_rate import K, Q
from theory.notation import eta, lam, r

LATEST = 20  # a step at any k up to here


def _descend(batch: Batch, loss: str, u: Floats, rates: Floats, decays: Floats, optimizer: Optimizer, steps: int) -> Trajectory:
    drawn = max(1, (batch.candidates + 1) // 2)
    return descend(loss, u, batch.pool(), batch.temperatures, rates, decays, steps=steps, batch=drawn, optimizer=optimizer,
                   path=True, seed=batch.seed)  # fmt: skip


def _halving(formulas: Formulas, batch: Batch, loss: str, kept: float, optimizer: Optimizer = SGD) -> Measurement:
    """A run in which decay keeps ``kept``, a power of two, and its counterpart: ``u_k = scale * w_k`` bit by bit.

    The learning rates are powers of two as well, so that ``eta lambda`` is exact.
    """
    rates: Floats = np.exp2(np.round(np.log2(batch.step_sizes))).astype(np.float64)
    decays: Floats = ((1 - kept) / rates).astype(np.float64)
    numbers = np.arange(STEPS + 1.0)
    q = np.asarray(value(formulas["decay_factor"], {eta: rates, lam: decays}))
    growth = np.asarray(value(formulas["learning_rate"], {eta: np.ones(1), Q: q[:1], K: numbers[:-1]}))
    scale = np.asarray(value(formulas["scale"], {Q: q[:, None], K: numbers}))
    u = batch.embeddings()
    decaying = _descend(batch, loss, u, rates, decays, optimizer, STEPS)
    free = _descend(batch, loss, u, rates, np.zeros_like(rates), replace(optimizer, schedule=np.abs(growth)), STEPS)
    deviation = largest(np.reshape(equal(decaying.path, scale[..., None] * free.path), (len(u), -1)), axis=1)
    moved = np.any(decaying.path[:, -1] != kept**STEPS * u, axis=1)
    labels = tuple(f"{loss} q={kept} {label}" for label in batch.labels())
    return measurement("embeddings with decay against those on the schedule, bit by bit", deviation, 0.0, labels, moved)


def _one_step(formulas: Formulas, batch: Batch) -> tuple[Measurement, Measurement]:
    """A step at any k with any decay, against the step without; and how much it turns the embedding.

    The powers of q carry 4 k roundings, both gradients err, and the steps round 12 times.
    """
    loss, rates, decays = LOSSES[batch.seed % 2], batch.step_sizes, products(batch) / batch.step_sizes
    k = np.random.default_rng([batch.seed, 19]).integers(0, LATEST, batch.rows).astype(float)
    q = np.asarray(value(formulas["decay_factor"], {eta: rates, lam: decays}))
    scale, following = (np.asarray(value(formulas["scale"], {Q: q, K: x})) for x in (k, k + 1))
    schedule = np.asarray(value(formulas["learning_rate"], {eta: rates, Q: q, K: k}))
    u = batch.embeddings()
    w = u / scale[:, None]
    decaying = _descend(batch, loss, u, rates, decays, SGD, 1)
    free = _descend(batch, loss, w, np.abs(schedule), np.zeros_like(rates), SGD, 1)
    here, there = decaying.path[:, 1], following[:, None] * free.path[:, 1]
    g = np.linalg.norm(decaying.gradients[:, 0], axis=1)
    errors = rounding.gradient(loss, batch.temperatures, batch.norms, batch.dimension + 1, batch.candidates)
    bound = 2 * rates * errors + rounding.gamma(8 * LATEST + 12) * (2 * batch.norms + 2 * rates * g)
    labels = tuple(f"{loss} k={x:.0f} q={y:.3g} {label}" for x, y, label in zip(k, q, batch.labels(), strict=True))
    step = measurement("embedding after a step with any decay", np.linalg.norm(here - there, axis=1), bound, labels,
                       rates * g > 4 * bound)  # fmt: skip
    rate = np.asarray(value(formulas["effective_learning_rate"], {eta: rates, Q: q, r: batch.norms}))
    tangent, length = rate * np.sqrt(decaying.energies[:, 0]), rounding.slope_sum(loss, batch.temperatures)
    slip = rounding.gamma(8 * batch.dimension + 80) * (1 + np.arctan(tangent)) + rate * length * rounding.gamma(3 * batch.dimension + 30)
    turned = measurement("its rotation by the effective learning rate", equal(decaying.rotations[:, 0], np.arctan(tangent)), slip,
                         labels, decaying.rotations[:, 0] > 4 * slip)  # fmt: skip
    return step, turned


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Whole runs with q = 1/2 and 1/4; steps and rotations with any."""
    whole = [_halving(formulas, b, loss, 0.5 ** (1 + (b.seed + i) % 2)) for b in batches for i, loss in enumerate(LOSSES)]
    steps, turned = zip(*(_one_step(formulas, b) for b in batches), strict=True)
    return joined(whole), joined(steps), joined(turned)


def _witness(words: str, loss: str, /, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        usual: dict[str, Any] = {"loss": loss, "kept": 0.5}
        kept, dropped = (_halving(formulas, ordinary(seed), **options) for options in (usual, {**usual, **changed}))
        return NumericWitness(words, kept, dropped)

    return drop


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("InfoNCE on inner products", "infonce", loss="dot_product_infonce"),
    "no-momentum": _witness("heavy ball", "infonce", optimizer=Optimizer("heavy_ball")),
    "decay-in-range": _witness("eta lambda = 2: the embedding is turned around at every step", "cosine_regression", kept=-1.0),
})  # fmt: skip
