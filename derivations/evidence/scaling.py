"""Two runs of one rule, the second from a multiple of the embedding at other rates, for laws of scaling.

By powers of two nothing is rounded differently: what the law says then holds bit by bit, with a bound of 0, for as
many steps as one likes. Other factors round, and are compared over one step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.evidence import Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, largest
from derivations.evidence.formulas import value
from derivations.evidence.gathering import gathered
from derivations.evidence.rules import products
from derivations.evidence.settings import NORMS, Batch, log_uniform
from derivations.evidence.steps import LOSSES, STEPS
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import Trajectory, descend
from theory.claims import Formulas
from theory.notation import c

Factors = Mapping[str, Floats]  # of ``embedding``, ``learning_rate``, ``weight_decay``, and what else a law names; (rows,)


def powers_of_two(batch: Batch) -> Floats:
    """A scale for every row, of 2, 4 or 8 or one over that: with more, runs at wrong rates would leave the range of norms."""
    rng = np.random.default_rng([batch.seed, 17])
    return np.asarray(2.0 ** (rng.integers(1, 4, batch.rows) * rng.choice([-1, 1], batch.rows)))


def any_scale(batch: Batch) -> Floats:
    """A scale for every row, such that the other embedding stays in the range of norms."""
    return log_uniform(np.random.default_rng([batch.seed, 9]), NORMS, batch.rows) / batch.norms


def factors(formulas: Formulas, scales: Floats, names: Sequence[str] = ()) -> Factors:
    """The claim's factors at these scales."""
    return {name: np.asarray(value(formulas[name], {c: scales})) for name in (*names, "embedding", "learning_rate", "weight_decay")}


@dataclass(frozen=True)
class Pair:
    """A run and its counterpart, and the factors between them."""

    run: Trajectory
    other: Trajectory
    factors: Factors
    labels: tuple[str, ...]

    def measured(self, what: str, attribute: str, factor: Floats) -> Measurement:
        """``other = factor * run``, bit by bit, in rows that moved; a number that is not finite is off by as much."""
        here, there = (np.asarray(getattr(run, attribute)).reshape(len(factor), -1) for run in (self.run, self.other))
        deviation = largest(equal(there, factor[:, None] * here), axis=1)
        moved = self.run.squared_norms[:, -1] != self.run.squared_norms[:, 0]
        return measurement(what, deviation, 0.0, self.labels, moved)


def runs(
    batch: Batch, loss: str, optimizer: Optimizer, by: Factors, weight_decay: Floats, other: Optimizer | None = None,
    steps: int = STEPS,
) -> Pair:  # fmt: skip
    """Noisy descent on half of the candidates at every step, the same ones in both runs.

    ``other``: the rule of the second run, where its settings scale too.
    """
    drawn = max(1, (batch.candidates + 1) // 2)
    common: dict[str, Any] = {"steps": steps, "batch": drawn, "path": True, "seed": batch.seed}
    u, pool, tau, eta = batch.embeddings(), batch.pool(), batch.temperatures, batch.step_sizes
    first = descend(loss, u, pool, tau, eta, weight_decay, optimizer=optimizer, **common)
    second = descend(loss, by["embedding"][:, None] * u, pool, tau, by["learning_rate"] * eta, by["weight_decay"] * weight_decay,
                     optimizer=other or optimizer, **common)  # fmt: skip
    return Pair(first, second, by, tuple(f"{optimizer.rule} {loss} {label}" for label in batch.labels()))


def decay_of(batch: Batch) -> Floats:
    """Weight decays; ``eta lambda`` over three decades."""
    return products(batch) / batch.step_sizes


def joined(parts: Sequence[Measurement]) -> Measurement:
    """Measurements of one thing in many settings as one."""
    return gathered(parts[0].what, parts)


def whole_paths(formulas: Formulas, batches: Sequence[Batch], rules: Sequence[Optimizer]) -> Measurement:
    """Every embedding of runs that are scaled by powers of two; of losses and rules two each on a batch, by turns."""
    parts = []
    for i, batch in enumerate(batches):
        by, turn = factors(formulas, powers_of_two(batch)), batch.seed + i
        for loss, rule in zip(LOSSES, (rules[turn % len(rules)], rules[(turn + 1 + turn // 2) % len(rules)]), strict=True):
            pair = runs(batch, loss, rule, by, decay_of(batch))
            parts.append(pair.measured("embeddings of a run scaled by powers of two, bit by bit", "path", by["embedding"]))
    return joined(parts)


def one_step(formulas: Formulas, batches: Sequence[Batch], rule: Optimizer) -> Measurement:
    """One step of a rule linear in the gradient, scaled by any factor: both gradients err, and the step rounds 12 times."""
    parts = []
    for batch in batches:
        by, decay, u = factors(formulas, any_scale(batch)), decay_of(batch), batch.embeddings()
        loss = LOSSES[batch.seed % 2]
        pair = runs(batch, loss, rule, by, decay, steps=1)
        here, there = pair.run.path[:, 1], pair.other.path[:, 1] / by["embedding"][:, None]
        g = np.linalg.norm(pair.run.gradients[:, 0], axis=1)
        scale = np.abs(by["embedding"])
        errors = [rounding.gradient(loss, batch.temperatures, batch.norms * f, batch.dimension + 1, batch.candidates) for f in (1.0, scale)]
        eta = batch.step_sizes
        bound = eta * (errors[0] + scale * errors[1]) + rounding.gamma(12) * (2 * batch.norms + 2 * eta * g)
        moved = np.linalg.norm(here - u, axis=1) > 4 * bound
        parts.append(measurement("embedding after a step scaled by any factor", np.linalg.norm(there - here, axis=1), bound,
                                 pair.labels, moved))  # fmt: skip
    return joined(parts)


def against(words: str, batch: Batch, kept: Mapping[str, Any], dropped: Mapping[str, Any]) -> NumericWitness:
    """Embeddings of scaled runs, with two sets of arguments of `runs`."""
    found = []
    for options in (kept, dropped):
        pair = runs(batch, **options)
        found.append(pair.measured("embeddings of a scaled run", "path", pair.factors["embedding"]))
    return NumericWitness(words, found[0], found[1])
