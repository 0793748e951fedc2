"""B10d measured: Riemannian steps on losses of cosines and of inner products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, largest
from derivations.evidence.formulas import value
from derivations.evidence.rules import RulePath, RuleReading, decays_of, on_loss, over_runs
from derivations.evidence.scaling import joined
from derivations.evidence.settings import Batch, draw, ordinary
from derivations.evidence.steps import LOSSES, STEPS, Read
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import descend
from theory.claims import Formulas
from theory.notation import G, eta, lam, r

RIEMANNIAN = Optimizer("riemannian_sgd")


def _lengths(path: RulePath) -> Floats:
    """|g| of the whole gradient, the radial part included."""
    return np.asarray(np.linalg.norm(path.run.gradients, axis=2))


def _norm_law(formulas: Formulas) -> RuleReading:
    """Norm and factor round d/2 + 4 times each, the squared norms d; steps that turn nothing do not count."""

    def law(path: RulePath) -> Read:
        bound = rounding.gamma(4 * path.dimension + 40) * path.before
        claimed = value(formulas["next_squared_norm"], {r: np.sqrt(path.before)})
        return equal(path.after, claimed), bound, path.legs > 4 * bound

    return law


def _rotation_law(formulas: Formulas, whole: bool = False) -> RuleReading:
    """The rotation. The projection errs by ``gamma |g|``; ``whole`` reads the energy off the whole gradient."""

    def law(path: RulePath) -> Read:
        energies = path.before * _lengths(path) ** 2 if whole else path.run.energies
        known = {G: energies, eta: path.step_size, lam: path.weight_decay, r: np.sqrt(path.before)}
        claimed = np.arctan(value(formulas["tan_rotation"], known))
        pull = path.step_size * _lengths(path) / (np.sqrt(path.before) * np.abs(1 - path.step_size * path.weight_decay))
        bound = rounding.gamma(8 * path.dimension + 60) * (1 + claimed + pull)
        return equal(path.run.rotations, claimed), bound, (path.run.rotations > 4 * bound) & (bound < 0.1)

    return law


def _decayed(formulas: Formulas, batch: Batch, loss: str) -> Measurement:
    """With ``eta lambda = 1/2`` and learning rates that are powers of two nothing is rounded differently."""
    rates: Floats = np.exp2(np.round(np.log2(batch.step_sizes))).astype(np.float64)
    decays: Floats = (0.5 / rates).astype(np.float64)
    other = np.asarray(value(formulas["decayed_rate"], {eta: rates, lam: decays}))
    common: dict[str, Any] = {"steps": STEPS, "optimizer": RIEMANNIAN, "path": True, "seed": batch.seed}
    start = loss, batch.embeddings(), batch.pool(), batch.temperatures
    decaying, free = descend(*start, rates, decays, **common), descend(*start, np.abs(other), **common)
    deviation = largest(np.reshape(equal(decaying.path, free.path), (batch.rows, -1)), axis=1)
    moved = np.any(decaying.path[:, -1] != decaying.path[:, 0], axis=1)
    return measurement("embeddings with decay against those at the larger rate, bit by bit", deviation, 0.0, batch.labels(), moved)


def _paths(batches: Sequence[Batch]) -> list[RulePath]:
    """Each batch on a loss of cosines and on inner products, the former with decay."""
    return [
        on_loss(b, loss, RIEMANNIAN, decays_of(b) if loss in LOSSES else 0.0, path=True, like="infonce")
        for i, b in enumerate(batches) for loss in (LOSSES[(b.seed + i) % 2], "dot_product_infonce")
    ]  # fmt: skip


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Norm and rotation, step by step; decay against a larger rate."""
    runs = _paths(batches)
    return (
        over_runs("squared norm after a step", runs, _norm_law(formulas)),
        over_runs("rotation of a step", runs, _rotation_law(formulas)),
        joined([_decayed(formulas, b, LOSSES[(b.seed + i) % 2]) for i, b in enumerate(batches)]),
    )


def _not_scaled_back(formulas: Formulas, seed: int) -> NumericWitness:
    """SGD on a loss of cosines is the same step, without the retraction."""
    kept, dropped = (over_runs("squared norm after a step", [on_loss(ordinary(seed), "infonce", rule, path=True)], _norm_law(formulas))
                     for rule in (RIEMANNIAN, Optimizer("sgd")))  # fmt: skip
    return NumericWitness("SGD", kept, dropped)


def _rotations(words: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    """``decay``: of the run; ``whole``: the energy that the law is read with."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        found = []
        for options in ({}, changed):
            batch = ordinary(seed)
            run = on_loss(batch, "dot_product_infonce", RIEMANNIAN, options.get("product", 0.1) / batch.step_sizes, path=True,
                          like="infonce")  # fmt: skip
            found.append(over_runs("rotation of a step", [run], _rotation_law(formulas, options.get("whole", False))))
        return NumericWitness(words, found[0], found[1])

    return drop


EVIDENCE = Evidence(draw, check, {
    "tangential-energy": _rotations("the energy of the whole gradient of a loss of inner products", whole=True),
    "retracted": _not_scaled_back,
    "decay-in-range": _rotations("eta lambda = 2: the embedding is turned around at every step", product=2.0),
})  # fmt: skip
