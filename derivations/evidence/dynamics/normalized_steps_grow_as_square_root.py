"""B10a measured: normalised steps on both losses, and whole runs on energies over decades, with decay and without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.deviations import equal, relative
from derivations.evidence.formulas import value
from derivations.evidence.ladders import Climb, against_order
from derivations.evidence.rules import (
    Rows,
    RulePath,
    RuleReading,
    decays_of,
    draw_rows,
    on_losses,
    ordinary_rows,
    over_runs,
    rule_witness,
    rule_witnesses,
)
from derivations.evidence.settings import Batch
from derivations.evidence.settings import draw as draw_batches
from derivations.evidence.steps import Read
from numerics.simulation.optimizers import SGD, Optimizer
from theory.claims import Formulas
from theory.laws.dynamics.normalized_steps_grow_as_square_root import RHO, STAR, K
from theory.notation import eta, lam, r, r0

NORMALIZED = Optimizer("normalized_sgd")
STEPS = 30
HALVINGS = range(4)


def draw(rng: np.random.Generator, effort: str) -> Sequence[object]:
    """Batches for the step on losses, and rows for whole runs."""
    return [*draw_batches(rng, effort), *draw_rows(rng, effort, STEPS)]


def step_law(formulas: Formulas) -> RuleReading:
    """The squared norm after a step; steps too small to be seen, and gradients of rounding, do not count."""

    def law(path: RulePath) -> Read:
        rho = value(formulas["decay_factor"], {eta: path.step_size, lam: path.weight_decay})
        known = {RHO: rho, r: np.sqrt(path.before), eta: path.step_size}
        bound = path.rounding()
        seen = (np.abs(path.after - path.before) > 4 * bound) & (path.legs > 4 * bound)
        return equal(path.after, value(formulas["next_squared_norm"], known)), bound, seen

    return law


def _angle_law(formulas: Formulas) -> RuleReading:
    def law(path: RulePath) -> Read:
        tangent = value(formulas["tan_rotation"], {r: np.sqrt(path.before), eta: path.step_size, lam: path.weight_decay})
        bound = path.angle_rounding(tangent)
        return equal(path.run.rotations, np.arctan(tangent)), bound, (path.run.rotations > 4 * bound) & (bound < 0.1)

    return law


def _equilibria(formulas: Formulas, path: RulePath) -> Floats:
    """The claimed squared norms at rest, (rows,)."""
    return value(formulas["equilibrium"], {eta: path.step_size[:, 0], lam: path.weight_decay[:, 0]})


def _run_law(formulas: Formulas, name: str) -> RuleReading:
    """The last squared norm of a run. No step enlarges what rounding added before, for ``0 < rho <= 1``.

    The formula itself has rounding of its own: rho is known to 3 roundings, and its power to ``3 K`` more.
    """

    def law(path: RulePath) -> Read:
        start, count = path.before[:, 0], float(path.after.shape[1])
        rates = {eta: path.step_size[:, 0], lam: path.weight_decay[:, 0]}
        size, known = start, dict[Any, Floats | float]({r0: np.sqrt(start), K: count, **rates})
        if name == "with_decay":
            star = _equilibria(formulas, path)
            size, known = size + star, {**known, STAR: star, RHO: value(formulas["decay_factor"], rates)}
        bound = np.sum(path.rounding(), axis=1) + rounding.gamma(4 * count + 40) * size
        end = path.after[:, -1]
        return equal(end, value(formulas[name], known))[:, None], bound[:, None], (np.abs(end - start) > 4 * bound)[:, None]

    return law


def _rest_rounding(path: RulePath) -> Floats:
    """What the steps of a run at rest add, relative to its squared norm; the start is known to the dimension."""
    return np.asarray(np.sum(path.rounding() / path.before, axis=1) + rounding.gamma(4 * path.dimension + 20))


def _rest_law(formulas: Formulas) -> RuleReading:
    """A run that starts at the claimed equilibrium ends there."""

    def law(path: RulePath) -> Read:
        deviation, bound = relative(path.after[:, -1], _equilibria(formulas, path)), _rest_rounding(path)
        return deviation[:, None], bound[:, None], (bound < 0.1)[:, None]

    return law


def _rest_angle_law(formulas: Formulas) -> RuleReading:
    """The cosine of its last rotation, whose derivative in the angle and in ``ln r^2`` is at most 1."""

    def law(path: RulePath) -> Read:
        claimed = value(formulas["cos_rotation"], {eta: path.step_size[:, 0], lam: path.weight_decay[:, 0]})
        bound = _rest_rounding(path) + path.angle_rounding(np.full((1, 1), np.inf))[:, -1]
        return equal(np.cos(path.run.rotations[:, -1]), claimed)[:, None], bound[:, None], (bound < 0.1)[:, None]

    return law


def at_rest(formulas: Formulas, rows: Rows, halvings: int = 0) -> RulePath:
    """A run from the claimed equilibrium, with the decay halved so many times."""
    decays = rows.decays / 2**halvings
    star = value(formulas["equilibrium"], {eta: rows.step_sizes, lam: decays})
    return rows.run(NORMALIZED, decays, norms=np.sqrt(np.abs(star)))


def _small_decay(formulas: Formulas, rows: Rows) -> Climb:
    """By how much the squared norm at rest misses its limit for small decay, over halvings of the decay."""
    paths = [at_rest(formulas, rows, i) for i in HALVINGS]
    limits = [value(formulas["flow_equilibrium"], {eta: p.step_size[:, 0], lam: p.weight_decay[:, 0]}) for p in paths]
    values = np.stack([p.after[:, -1] / x - 1 for p, x in zip(paths, limits, strict=True)], axis=1)
    return Climb(values, np.max([_rest_rounding(p) for p in paths], axis=0), rows.labels())


def check(formulas: Formulas, drawn: Sequence[object]) -> tuple[Measurement, ...]:
    """Each step on losses; whole runs; the equilibrium, how it turns, and its limit for small decay."""
    batches = [x for x in drawn if isinstance(x, Batch)]
    groups = [x for x in drawn if isinstance(x, Rows)]
    runs, rest = on_losses(batches, NORMALIZED, decays_of), [at_rest(formulas, g) for g in groups]
    return (
        over_runs("squared norm after a step", runs, step_law(formulas)),
        over_runs("rotation of a step", runs, _angle_law(formulas)),
        over_runs("squared norm after a run without decay", [g.run(NORMALIZED, 0.0) for g in groups], _run_law(formulas, "without_decay")),
        over_runs("squared norm after a run with decay", [g.run(NORMALIZED) for g in groups], _run_law(formulas, "with_decay")),
        over_runs("squared norm at its equilibrium", rest, _rest_law(formulas)),
        over_runs("cosine of the rotation there", rest, _rest_angle_law(formulas)),
        against_order("order of the equilibrium in the decay about its limit, against 1", 1, (_small_decay(formulas, g) for g in groups)),
    )


def _range(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_runs("squared norm at its equilibrium", [at_rest(formulas, ordinary_rows(seed, STEPS, product))], _rest_law(formulas))
        for product in (0.2, 3.0)
    )
    return NumericWitness("eta lambda = 3: the embedding overshoots and grows without bound", kept, dropped)


WHAT = "squared norm after a step"
EVIDENCE = Evidence(
    draw, check,
    {**rule_witnesses(WHAT, step_law, NORMALIZED, decay=0.5),
     "normalized": rule_witness(WHAT, step_law, NORMALIZED, "SGD on the gradient itself", 0.5, optimizer=SGD),
     "decay-in-range": _range},
)  # fmt: skip
