"""B10b measured: clipped steps on both losses; runs that stay hot, that cross over, and that rest, on prescribed energies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.deviations import equal, relative
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
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
from derivations.evidence.settings import Batch, log_uniform
from derivations.evidence.settings import draw as draw_batches
from derivations.evidence.steps import Read
from numerics.simulation.optimizers import SGD, Optimizer
from theory.claims import Formulas
from theory.laws.dynamics.clipped_steps_saturate import C, K
from theory.notation import G, eta, lam, r, r0

THRESHOLD = 0.7
LENGTH = np.full(1, THRESHOLD)
CLIPPED = Optimizer("clipped_sgd", threshold=THRESHOLD)
STEPS = 30
HALVINGS = range(4)
NUDGE = 1e-4  # of r^2 off its equilibrium, relatively


@dataclass(frozen=True)
class Crossing(Rows):
    """Rows that cross over half a step after ``last`` hot ones, if left without decay."""

    last: Floats


def draw(rng: np.random.Generator, effort: str) -> Sequence[object]:
    """Batches for the step on losses, and rows for runs."""
    return [*draw_batches(rng, effort), *draw_rows(rng, effort, STEPS, spread=0.0)]


def step_law(formulas: Formulas) -> RuleReading:
    """The squared norm after a step, hot or cold by the claimed crossover; both growths are one there."""

    def law(path: RulePath) -> Read:
        known = {eta: path.step_size, lam: path.weight_decay, C: LENGTH, G: path.run.energies, r: np.sqrt(path.before)}
        hot, cold = (value(formulas[name], known) for name in ("hot_growth", "cold_growth"))
        growth = np.where(np.sqrt(path.before) <= value(formulas["crossover"], known), hot, cold)
        bound = path.rounding()
        claimed = value(formulas["decay_factor"], known) * path.before + growth
        seen = (np.abs(path.after - path.before) > 4 * bound) & (path.legs > 4 * bound)
        return equal(path.after, claimed), bound, seen

    return law


def crossing(rows: Rows) -> Crossing:
    """The rows with energies at which they cross over in the middle of the run; the norm moves enough to be seen."""
    rng = np.random.default_rng([rows.seed, 23])
    norms = rows.step_sizes * log_uniform(rng, (0.1, 1e3), len(rows.norms))
    last = rng.integers(2, STEPS - 3, len(norms)).astype(float)
    edge = norms**2 + (rows.step_sizes * THRESHOLD) ** 2 * (last + 0.5)
    energies = np.repeat((THRESHOLD**2 * edge)[:, None], STEPS, axis=1)
    return Crossing(norms, rows.step_sizes, rows.products, energies, rows.dimension, rows.seed, last)


def _hot_law(formulas: Formulas) -> RuleReading:
    """The squared norm up to the claimed crossover, at every step there is before."""

    def law(path: RulePath) -> Read:
        numbers = np.arange(1.0, STEPS + 1)[None, :]
        start = path.before[:, :1]
        known = {r0: np.sqrt(start), eta: path.step_size, C: LENGTH, G: path.run.energies[:, :1]}
        claimed = value(formulas["hot_run"], {**known, K: numbers})
        bound = np.cumsum(path.rounding(), axis=1)
        return equal(path.after, claimed), bound, numbers <= value(formulas["crossover_step"], known)

    return law


def _count_law(formulas: Formulas) -> RuleReading:
    """How many steps were of the threshold's length: those up to the crossover, the first one, K = 0, among them."""

    def law(path: RulePath) -> Read:
        known = {r0: np.sqrt(path.before[:, 0]), eta: path.step_size[:, 0], C: LENGTH, G: path.run.energies[:, 0]}
        hot = np.abs(np.sqrt(path.run.heats / path.before) / THRESHOLD - 1) < rounding.gamma(8 * path.dimension + 60)
        claimed = np.floor(value(formulas["crossover_step"], known)) + 1
        return equal(np.sum(hot, axis=1), claimed)[:, None], np.zeros((len(claimed), 1)), np.ones((len(claimed), 1), bool)

    return law


def _rest(formulas: Formulas, rates: tuple[Floats, Floats], energies: Floats) -> Floats:
    """The claimed squared norm at rest, hot or cold by the critical energy."""
    known = {eta: rates[0], lam: rates[1], C: LENGTH, G: energies}
    hot, cold, critical = (value(formulas[n], known) for n in ("hot_equilibrium", "cold_equilibrium", "critical_energy"))
    return np.asarray(np.where(energies >= critical, hot, np.sqrt(np.abs(cold))))


def _energies(formulas: Formulas, rows: Rows, decays: Floats, ratios: Floats) -> Floats:
    """That many times the claimed critical energy."""
    known = {eta: rows.step_sizes, lam: decays, C: LENGTH}
    return np.asarray(ratios * np.abs(value(formulas["critical_energy"], known)))


def at_rest(formulas: Formulas, rows: Rows, ratios: Floats, halvings: int = 0, jump: float = 1.0) -> RulePath:
    """A run from the claimed equilibrium of energies ``ratios`` times critical; the run has ``jump`` times these."""
    decays = rows.decays / 2**halvings
    energies = _energies(formulas, rows, decays, ratios)
    star = _rest(formulas, (rows.step_sizes, decays), energies)
    return rows.run(CLIPPED, decays, norms=np.sqrt(np.abs(star)), energies=np.repeat(jump * energies[:, None], STEPS, axis=1))


def _rest_rounding(path: RulePath) -> Floats:
    """What the steps of a run at rest add, relative to its squared norm; the start is known to the dimension."""
    return np.asarray(np.sum(path.rounding() / path.before, axis=1) + rounding.gamma(4 * path.dimension + 20))


def _rest_law(path: RulePath) -> Read:
    """A run that starts at the claimed equilibrium ends there."""
    deviation, bound = relative(path.after[:, -1], path.before[:, 0]), _rest_rounding(path)
    return deviation[:, None], bound[:, None], (bound < 0.1)[:, None]


def _rest_angle_law(formulas: Formulas) -> RuleReading:
    """The cosine of the last rotation, whose derivative in the angle and in ``ln r^2`` is at most 1."""

    def law(path: RulePath) -> Read:
        claimed = value(formulas["cos_rotation"], {eta: path.step_size[:, 0], lam: path.weight_decay[:, 0]})
        bound = _rest_rounding(path) + path.angle_rounding(np.full((1, 1), np.inf))[:, -1]
        return equal(np.cos(path.run.rotations[:, -1]), claimed)[:, None], bound[:, None], (bound < 0.1)[:, None]

    return law


def _relaxation(formulas: Formulas, rows: Rows, hot: bool) -> tuple[Floats, Floats]:
    """By what a step multiplies a deviation of ``r^2``, against the claim; the bound.

    Energies are more than twice as far from the critical one as a nudge could move it. The hot map is affine; the cold
    one's remainder is ``(1 - rho) e^2/(1 + e)`` of ``r_*^2`` (B6). Rounding is divided by the deviation.
    """
    ratios = np.exp((1 if hot else -1) * np.abs(np.log(_ratios(rows)))) * (2.0 if hot else 0.5)
    star = np.abs(_rest(formulas, (rows.step_sizes, rows.decays), _energies(formulas, rows, rows.decays, ratios)))
    energies = _energies(formulas, rows, rows.decays, ratios)[:, None]
    path = rows.run(CLIPPED, norms=np.sqrt(star * (1 + NUDGE)), energies=energies)
    found = (path.after[:, 0] - star) / (path.before[:, 0] - star)
    claimed = value(formulas["hot_relaxation" if hot else "cold_relaxation"], {eta: rows.step_sizes, lam: rows.decays})
    noise = (path.rounding()[:, 0] / star + rounding.gamma(4 * rows.dimension + 20)) / NUDGE
    remainder = 0.0 if hot else (1 - (1 - rows.products) ** 2) * NUDGE
    return equal(found, claimed), remainder + 3 * noise


def _relaxations(formulas: Formulas, groups: Sequence[Rows]) -> tuple[Measurement, ...]:
    """Hot and cold."""
    labels = [label for g in groups for label in g.labels()]
    return tuple(
        paired(f"multiplier of a deviation of r^2, {name}", [_relaxation(formulas, g, hot) for g in groups], labels)
        for name, hot in (("hot", True), ("cold", False)) if groups
    )  # fmt: skip


def _saturation(formulas: Formulas, rows: Rows) -> Climb:
    """By how much the norm of hot rows at rest misses its limit for small decay, over halvings of the decay."""
    paths = [at_rest(formulas, rows, np.full(len(rows.norms), 4.0), i) for i in HALVINGS]
    known = [{eta: p.step_size[:, 0], lam: p.weight_decay[:, 0], C: LENGTH} for p in paths]
    values = [np.sqrt(p.after[:, -1]) / value(formulas["saturation"], k) - 1 for p, k in zip(paths, known, strict=True)]
    return Climb(np.stack(values, axis=1), np.max([_rest_rounding(p) for p in paths], axis=0), rows.labels())


def _ratios(rows: Rows) -> Floats:
    """Energies over the critical one, on both sides of it."""
    return log_uniform(np.random.default_rng([rows.seed, 29]), (0.1, 10.0), len(rows.norms))


def check(formulas: Formulas, drawn: Sequence[object]) -> tuple[Measurement, ...]:
    """Steps on losses; runs that cross over; equilibria, their rotation, relaxation and limit."""
    groups = [x for x in drawn if isinstance(x, Rows)]
    runs = on_losses([x for x in drawn if isinstance(x, Batch)], CLIPPED, decays_of)
    over = [crossing(g).run(CLIPPED, 0.0) for g in groups]
    rest = [at_rest(formulas, g, _ratios(g)) for g in groups]
    return (
        over_runs("squared norm after a step", runs, step_law(formulas)),
        over_runs("squared norm of a hot run", over, _hot_law(formulas)),
        over_runs("number of hot steps", over, _count_law(formulas)),
        over_runs("squared norm at its equilibrium", rest, _rest_law),
        over_runs("cosine of the rotation there", rest, _rest_angle_law(formulas)),
        *_relaxations(formulas, groups),
        against_order("order of hot equilibria in the decay about their limit, against 1", 1, (_saturation(formulas, g) for g in groups)),
    )


def _resting(formulas: Formulas, rows: Rows, jump: float = 1.0) -> Measurement:
    return over_runs("squared norm at its equilibrium", [at_rest(formulas, rows, np.full(6, 0.5), jump=jump)], _rest_law)


def _constant_energy(formulas: Formulas, seed: int) -> NumericWitness:
    rows = ordinary_rows(seed, STEPS)
    return NumericWitness("the energy halves", _resting(formulas, rows), _resting(formulas, rows, jump=0.5))


def _range(formulas: Formulas, seed: int) -> NumericWitness:
    rows = ordinary_rows(seed, STEPS)
    return NumericWitness("eta lambda = 3: the embedding overshoots and grows without bound", _resting(formulas, rows),
                          _resting(formulas, replace(rows, products=np.full(6, 3.0))))  # fmt: skip


WHAT = "squared norm after a step"
EVIDENCE = Evidence(
    draw, check,
    {**rule_witnesses(WHAT, step_law, CLIPPED, decay=0.5),
     "clipped": rule_witness(WHAT, step_law, CLIPPED, "SGD on the gradient itself", 0.5, optimizer=SGD),
     "constant-energy": _constant_energy, "decay-in-range": _range},
)  # fmt: skip
