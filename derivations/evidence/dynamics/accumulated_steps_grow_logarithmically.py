"""B10c measured: AdaGrad-norm and WNGrad on both losses, whole runs against the logarithm, and decaying runs at large k."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_most, equal
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
from derivations.evidence.ladders import RESOLVED, Climb
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
from theory.laws.dynamics.accumulated_steps_grow_logarithmically import KEPT, RULES, A, B, N
from theory.notation import G, eta, k, lam

START = 0.5  # accumulator
OPTIMIZERS = {"adagrad": Optimizer("adagrad_norm", accumulator=START), "wngrad": Optimizer("wngrad", accumulator=START)}
STEPS = 40
RUNGS = (128, 256, 512, 1024, 2048)
NUDGE = 1e-4  # of r^2 off the one that an accumulator leaves alone, relatively
SMALL = 1e-4  # |g|^2/b^2 where the bounds are attained


def draw(rng: np.random.Generator, effort: str) -> Sequence[object]:
    """Batches for the step on losses, and rows for runs."""
    return [*draw_batches(rng, effort), *draw_rows(rng, effort, STEPS, spread=2.0)]


def _accumulators(squares: Floats, rule: str) -> Floats:
    """b before the first step and after each, (rows, steps + 1), from squared lengths of gradients."""
    b = np.full((len(squares), squares.shape[1] + 1), START)
    for i in range(squares.shape[1]):
        b[:, i + 1] = np.sqrt(b[:, i] ** 2 + squares[:, i]) if rule == "adagrad" else b[:, i] + squares[:, i] / b[:, i]
    return b


def _squares(path: RulePath) -> Floats:
    return path.run.energies / path.before


def step_law(rule: str, formulas: Formulas) -> RuleReading:
    """The squared norm after a step. What is left when 1 - b/b' cancels is known to the roundings of b, d + 4 a step."""

    def law(path: RulePath) -> Read:
        b = _accumulators(_squares(path), rule)
        known = {eta: path.step_size, lam: path.weight_decay, B: b[:, :-1], N: b[:, 1:]}
        grown = value(formulas[f"{rule}_growth"], known)
        claimed = value(formulas["decay_factor"], known) * path.before + grown
        count = path.after.shape[1]
        bound = path.rounding() + rounding.gamma(count * (2 * path.dimension + 40)) * path.step_size**2
        seen = (np.abs(path.after - path.before) > 4 * bound) & (path.legs > 4 * bound)
        return equal(path.after, claimed), bound, seen

    return law


def _logarithm(formulas: Formulas, path: RulePath, rule: str) -> tuple[Floats, Floats, Floats, Floats]:
    """Growth of a run without decay, the claimed bound of it, rounding, and relative growths ``y`` of ``b^2`` or b."""
    b = _accumulators(_squares(path), rule)
    known = {eta: path.step_size[:, 0], B: b[:, 0], N: b[:, -1]}
    relative = b[:, 1:] / b[:, :-1]
    claimed = np.asarray(value(formulas[f"{rule}_bound"], known))
    slack = rounding.gamma(STEPS * (2 * path.dimension + 40)) * path.step_size[:, 0] ** 2 * (1 + STEPS)
    return path.after[:, -1] - path.before[:, 0], claimed, slack + np.sum(path.rounding(), axis=1), relative


def _bound_law(rule: str, formulas: Formulas) -> RuleReading:
    """How far the growth is above the logarithm."""

    def law(path: RulePath) -> Read:
        growth, claimed, slack, _ = _logarithm(formulas, path, rule)
        return at_most(growth, claimed)[:, None], slack[:, None], (growth > 4 * slack)[:, None]

    return law


def _sharp_law(rule: str, formulas: Formulas) -> RuleReading:
    """How far it is from it where steps are small: ``ln(1+y) - y/(1+y) <= y^2/2``, ``ln(1+y) - y/(1+y)^2 <= 3 y^2/2``."""

    def law(path: RulePath) -> Read:
        growth, claimed, slack, relative = _logarithm(formulas, path, rule)
        y = relative**2 - 1 if rule == "adagrad" else relative - 1
        gap = (0.5 if rule == "adagrad" else 1.5) * path.step_size[:, 0] ** 2 * np.sum(y**2, axis=1) + slack
        return equal(growth, claimed)[:, None], gap[:, None], (growth > 4 * gap)[:, None]

    return law


def _small(rows: Rows) -> Rows:
    """The same with gradients that are short against the accumulator; the norm is as large as the learning rate."""
    energies = np.repeat((SMALL * START**2 * rows.step_sizes**2)[:, None], STEPS, axis=1)
    return replace(rows, norms=rows.step_sizes, energies=energies)


def falling(rows: Rows, growth: float = 0.0) -> Rows:
    """Rows whose fall has set in long before the first rung; energies that grow as ``k^growth``."""
    rng, size = np.random.default_rng([rows.seed, 31]), len(rows.norms)
    energies = (rows.step_sizes**2 * rng.uniform(1, 4, size))[:, None] * np.arange(1.0, RUNGS[-1] + 1) ** growth
    return replace(rows, norms=rows.step_sizes * rng.uniform(1, 2, size), products=np.maximum(rows.products, 0.05),
                   energies=energies, dimension=min(rows.dimension, 8))  # fmt: skip


def fall(formulas: Formulas, rows: Rows, rule: str, decays: Floats | None = None) -> tuple[Climb, Climb, Climb]:
    """``k r_k^2``, ``b_k^2`` and the cosine of the rotation over what is claimed of them, at the rungs, once extrapolated.

    Linearised, ``b^2`` relaxes to its claim as 1/k, at just the rate of what drives it: errors are ``(a + b ln k)/k``.
    The extrapolation over halvings leaves ``b ln 2/k``.
    """
    path = rows.run(OPTIMIZERS[rule], decays)
    known = {eta: rows.step_sizes, lam: path.weight_decay[:, 0]}
    fallen = np.asarray(value(formulas[f"{rule}_fall"], known))
    at = np.array(RUNGS)
    norms = path.run.squared_norms[:, at] * at
    b = _accumulators(_squares(path), rule)[:, at]
    claimed = value(formulas[f"{rule}_accumulator"], {G: rows.energies[:, :1], A: fallen[:, None], k: at[None, :].astype(float)})
    noise = np.full(len(fallen), 3 * float(rounding.gamma(RUNGS[-1] * (8 * rows.dimension + 60))))
    with np.errstate(divide="ignore", invalid="ignore"):
        cosines = np.cos(path.run.rotations[:, at - 1]) / np.asarray(value(formulas["cos_rotation"], known))[:, None]
        ratios = norms / fallen[:, None], b**2 / claimed, cosines
        first, second, third = (Climb(2 * x[:, 1:] - x[:, :-1], noise, rows.labels()) for x in ratios)
    return first, second, third


def _against_one(what: str, climbs: Sequence[Climb]) -> Measurement:
    """The last value against 1, within the spread over the ladder: over a factor 8 in k errors as 1/k fall by 7 times the last."""
    values, noise = np.concatenate([c.values for c in climbs]), np.concatenate([c.noise for c in climbs])
    bound = np.max(values, axis=1) - np.min(values, axis=1) + noise
    return measurement(what, equal(values[:, -1], 1), bound, [label for c in climbs for label in c.labels], bound < RESOLVED)


def _limits(formulas: Formulas, groups: Sequence[Rows]) -> tuple[Measurement, ...]:
    """All three, for both rules."""
    found = []
    for rule in RULES:
        climbs = [fall(formulas, falling(g), rule) for g in groups[::2]]
        for i, what in enumerate(("k r^2 with decay", "b^2 with decay", "cosine of the rotation")):
            found.append(_against_one(f"{what}, {rule}, as k grows, over the claim", [c[i] for c in climbs]))
    return tuple(found)


def _relaxation(formulas: Formulas, rule: str, rows: Rows) -> tuple[Floats, Floats]:
    """By what a step multiplies the distance of two squared norms, on both sides of the one left alone; bound.

    That one has the growth, at b' = b/t, which makes up for decay. The growth has the form X/(X + c) or X/(X + c)^2, up to
    a factor: a difference quotient in X is off by ``4 (1 - rho) NUDGE^2`` at most. Rounding is divided by the distance.
    """
    ratio = np.random.default_rng([rows.seed, 37]).uniform(0.55, 0.95, len(rows.norms))
    kept, later = (1 - rows.products) ** 2, START / ratio
    known: dict[Any, Any] = {eta: rows.step_sizes, lam: rows.decays, B: START, N: later, KEPT: kept}
    square = np.abs(value(formulas[f"{rule}_growth"], known)) / (1 - kept)
    energies = square * (later**2 - START**2 if rule == "adagrad" else START * (later - START))
    runs = [rows.run(OPTIMIZERS[rule], norms=np.sqrt(square * (1 + side * NUDGE)), energies=energies[:, None]) for side in (1, -1)]
    found = (runs[0].after - runs[1].after)[:, 0] / (runs[0].before - runs[1].before)[:, 0]
    noise = sum(run.rounding()[:, 0] + rounding.gamma(2 * rows.dimension + 20) * run.before[:, 0] for run in runs) / (2 * NUDGE * square)
    claimed = value(formulas[f"{rule}_relaxation"], known)
    return equal(found, claimed), 4 * (1 - kept) * NUDGE**2 + 2 * noise


def check(formulas: Formulas, drawn: Sequence[object]) -> tuple[Measurement, ...]:
    """Steps on losses; whole runs below the logarithm, and at it; what is left of a deviation; the fall with decay."""
    batches = [x for x in drawn if isinstance(x, Batch)]
    groups = [x for x in drawn if isinstance(x, Rows)]
    found: list[Measurement] = []
    for rule, optimizer in OPTIMIZERS.items():
        found += [
            over_runs(f"squared norm after a step, {rule}", on_losses(batches, optimizer, decays_of), step_law(rule, formulas)),
            over_runs(f"growth above its bound, {rule}", [g.run(optimizer, 0.0) for g in groups], _bound_law(rule, formulas)),
            over_runs(f"growth of small steps, {rule}", [_small(g).run(optimizer, 0.0) for g in groups], _sharp_law(rule, formulas)),
        ]
        if groups:
            found.append(paired(f"multiplier of a deviation of r^2, {rule}", [_relaxation(formulas, rule, g) for g in groups],
                                [label for g in groups for label in g.labels()]))  # fmt: skip
    return (*found, *_limits(formulas, groups))


def _falls(words: str, growth: float = 0.0, product: float = 0.2) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        rows, what = ordinary_rows(seed, STEPS), "k r^2 with decay as k grows, over the claim"
        kept, dropped = (
            _against_one(what, [fall(formulas, falling(rows, g), "adagrad", p / rows.step_sizes)[0]])
            for g, p in ((0.0, 0.2), (growth, product))
        )
        return NumericWitness(words, kept, dropped)

    return drop


WHAT = "squared norm after a step, adagrad"
LAW, ADAGRAD = partial(step_law, "adagrad"), OPTIMIZERS["adagrad"]
EVIDENCE = Evidence(
    draw, check,
    {**rule_witnesses(WHAT, LAW, ADAGRAD, decay=0.5), "accumulated": rule_witness(WHAT, LAW, ADAGRAD, "SGD's step", 0.5, optimizer=SGD),
     "constant-energy": _falls("energies that grow as k", growth=1.0), "decay-in-range": _falls("no decay: no fall", product=0.0)},
)  # fmt: skip
