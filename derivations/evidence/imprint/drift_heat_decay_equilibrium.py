"""C0 measured: runs whose drift and heat are read off along the way, against map, fixed point, correction and rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, replicates, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed, relative
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
from derivations.evidence.settings import NORMS, STEP_SIZES, log_uniform
from derivations.evidence.steps import Path, Read, Reading, on_energies, read
from numerics.lookup.rows import noisy_rows
from theory.claims import Formulas
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, DRIFT, HEAT, LEADING, V_STAR, P, X
from theory.notation import eta, lam, r

PRODUCTS = (1e-3, 0.5)  # eta lambda
ALIGNMENTS = 0.45  # of a step with u, at most: with D* = -alignment V*/sqrt(p) every fixed point is stable
RATIOS = (-1.7, -1.0, -0.4, 0.4, 1.0, 2.0)  # D*/V*; below about -2.2 the largest step of the ladder overshoots
LADDER = (0.08, 0.04, 0.02, 0.01, 0.005)  # eta lambda
STEPS, LONG, NUDGE = 40, 40.0, 2.0**-12


@dataclass(frozen=True)
class Drifting:
    """Rows of one ``alignment`` of the step with u; fixed points at ``norms``, ``products`` = eta lambda, all (rows,)."""

    alignment: float
    norms: Floats
    step_sizes: Floats
    products: Floats
    dimension: int
    seed: int

    def known(self, drifts: Floats, heats: Floats, formulas: Formulas) -> dict[object, Floats]:
        """What the formulas ask for, from drifts and heats."""
        given = {DRIFT: drifts, HEAT: heats, eta: self.step_sizes, lam: self.products / self.step_sizes}
        scales = {D_STAR: value(formulas["drift_scale"], given), V_STAR: np.sqrt(value(formulas["heat_scale"], given))}
        return {**given, **scales, P: self.products}

    @property
    def cancelled(self) -> Floats:
        """By how much the root's formula enlarges rounding: ``(S + |D*|)^2/(2 V*^2) <= 2 + 2 (D*/V*)^2``, of which D* is a fraction."""
        return 4 * (2 + 2 * self.alignment**2 / self.products)

    def energies(self, formulas: Formulas) -> Floats:
        """The energy that puts the claimed fixed point at ``norms``; it is proportional to the energy's root."""
        unit = self.known(np.full_like(self.norms, -self.alignment), np.ones_like(self.norms), formulas)
        per_root = value(formulas["exact_equilibrium"], unit)
        return np.maximum((self.norms**2 / per_root) ** 2, 1e-290)

    def run(self, formulas: Formulas, nudge: float = 0.0, steps: int = STEPS, swelling: float = 0.0) -> Path:
        """From ``X_* (1 + nudge)``, at energies ``(1 + nudge)^swelling`` times those of the fixed point."""
        energies = np.repeat(self.energies(formulas)[:, None] * (1 + nudge) ** swelling, steps, axis=1)
        return on_energies(self.norms * np.sqrt(1 + nudge), energies, self.step_sizes, self.products / self.step_sizes,
                           dimension=self.dimension, seed=self.seed, alignment=self.alignment)  # fmt: skip

    def labels(self) -> tuple[str, ...]:
        """One line per row."""
        rows = zip(self.norms, self.step_sizes, self.products, strict=True)
        return tuple(f"alignment={self.alignment:.3g} d={self.dimension} r={a:.3g} eta={b:.3g} p={c:.3g} seed={self.seed} row={i}"
                     for i, (a, b, c) in enumerate(rows))  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[Drifting]:
    """Alignments of both signs and none, over the decades of norm, step size and decay."""
    groups, rows = (6, 8) if effort == "quick" else (24, 16)
    return [
        Drifting(float(a), log_uniform(rng, NORMS, rows), log_uniform(rng, STEP_SIZES, rows), log_uniform(rng, PRODUCTS, rows),
                 int(np.rint(log_uniform(rng, (2, 512), 1)[0])), int(rng.integers(2**31)))
        for a in (0.0, *rng.uniform(-ALIGNMENTS, ALIGNMENTS, groups - 1))
    ]  # fmt: skip


def _seen(path: Path) -> tuple[Floats, Floats]:
    """Drift and heat of every step, as measured: heat is the tangential part and the radial one."""
    return -path.run.radial, path.run.energies + path.run.radial**2


def _recursion(formulas: Formulas) -> Reading:
    def law(path: Path) -> Read:
        drifts, heats = _seen(path)
        known = {DRIFT: drifts, HEAT: heats, eta: path.step_size, lam: path.weight_decay, r: np.sqrt(path.before)}
        return equal(path.after, value(formulas["mean_next_squared_norm"], known)), path.rounding(), np.ones_like(drifts, bool)

    return law


def _stays(formulas: Formulas, group: Drifting) -> tuple[Floats, Floats]:
    """Last squared norm against the fixed point of the drift and heat seen on the way; a step errs by its rounding, and contracts."""
    path = group.run(formulas)
    drifts, heats = (np.mean(x, axis=1) for x in _seen(path))
    star = value(formulas["exact_equilibrium"], group.known(drifts, heats, formulas))
    bound = np.sum(path.rounding() / path.before, axis=1) + rounding.gamma(8 * group.dimension + 60) * group.cancelled
    return relative(path.run.squared_norms[:, -1], star), bound


def _relaxes(formulas: Formulas, group: Drifting, swelling: float = 0.0) -> tuple[Floats, Floats]:
    """One minus the factor of a small deviation, against the rate; the map's curvature is ``p V*^2/X^3``."""
    path = group.run(formulas, NUDGE, 1, swelling)
    energies = group.energies(formulas)
    known = {**group.known(-group.alignment * np.sqrt(energies), energies, formulas), X: group.norms**2}
    claimed = value(formulas["relaxation_rate"], known) - value(formulas["rate_defect"], known)
    star, start = group.norms**2, path.before[:, 0]
    noise = (path.rounding()[:, 0] / star + group.cancelled * rounding.gamma(4 * group.dimension + 40)) / NUDGE
    curvature = group.products * known[V_STAR] ** 2 / star**2
    return equal(1 - (path.after[:, 0] - star) / (start - star), claimed), 2 * curvature * NUDGE + 3 * noise


@lru_cache(maxsize=256)
def settled(drift: float, seed: int, heat: float = 1.0, ladder: tuple[float, ...] = LADDER) -> tuple[Floats, Floats, Floats]:
    """Squared norms that runs come to from elsewhere, over a ladder of p at ``D* = drift``, ``V*^2 = heat``; D* and V*^2 as seen.

    Deviations shrink by ``e^-2p`` a step: after ``40/p`` of them nothing is left of where the run began.
    """
    rng = np.random.default_rng([seed, 5])
    found = []
    for p in ladder:
        step = float(np.exp(rng.uniform(-2, 2)))
        energy = heat * p / step**2  # V*^2 = eta E/lambda = eta^2 E/p
        path = on_energies(np.array([1.0]), np.full((1, int(LONG / p)), energy), np.array([step]), p / step, dimension=2,
                           seed=seed, alignment=-drift * np.sqrt(p / heat))  # fmt: skip
        drifts, heats = (np.mean(x) for x in _seen(path))
        found.append((path.run.squared_norms[0, -1], drifts * step / p, step**2 * heats / p))
    x, d, v = np.array(found).T
    return x, d, v


def _leading(formulas: Formulas, ratios: Sequence[float], seed: int) -> tuple[Measurement, ...]:
    """Limit and slope of the settled squared norm as decay vanishes at fixed ``D*`` and ``V*``."""
    columns, labels = [], [f"D*/V*={ratio:.3g} seed={seed}" for ratio in ratios]
    for ratio in ratios:
        x, d, v = settled(ratio, seed)
        known = {D_STAR: d, V_STAR: np.sqrt(v)}
        base = value(formulas["equilibrium"], known)
        slope = value(formulas["first_correction"], {**known, LEADING: base})
        columns.append((*order.extrapolated(x / base), *order.extrapolated((x / base - 1) / np.array(LADDER) - slope)))
    limit, left, excess, spread = np.array(columns).T
    return (
        measurement("settled squared norm over r_eq^2 as decay vanishes", equal(limit, 1), left, labels, left < 0.02),
        measurement("its first correction in p", equal(excess, 0.0), spread, labels, spread < 0.05),
    )


def check(formulas: Formulas, groups: Sequence[Drifting]) -> tuple[Measurement, ...]:
    """Map, fixed point and rate to rounding; leading order and correction over ladders of p."""
    labels = [label for g in groups for label in g.labels()]
    stays, relaxes = ([f(formulas, g) for g in groups] for f in (_stays, _relaxes))
    ratios = [q * (1 + 0.2 * np.random.default_rng([groups[0].seed, 3]).uniform(-1, 1)) for q in RATIOS]
    return (
        read("squared norm after a step", [g.run(formulas, NUDGE, 8) for g in groups], _recursion(formulas)),
        paired("squared norm at its fixed point", stays, labels),
        paired("relaxation of a small deviation", relaxes, labels),
        *_leading(formulas, ratios, groups[0].seed % 7),
    )


def _ordinary(seed: int, product: float = 0.2, alignment: float = 0.1) -> Drifting:
    rng = np.random.default_rng([seed, 13])
    return Drifting(alignment, rng.uniform(0.8, 1.5, 6), rng.uniform(0.1, 0.3, 6), np.full(6, product), 16, seed)


def _momentum(formulas: Formulas, seed: int) -> NumericWitness:
    """Drift and heat of what is drawn; a momentum of 0.5 makes the step something else."""
    step, p, ratio = 0.1, 0.02, 1.0
    heat = p / step**2  # V* = 1

    def settled(momentum: float) -> Measurement:
        run = noisy_rows(np.ones(32), ratio * p / step, heat - (ratio * p / step) ** 2, step, p / step, dimension=64, steps=900,
                         settle=500, momentum=momentum, seed=seed)  # fmt: skip
        given = {DRIFT: run.drawn_drifts, HEAT: run.drawn_heats, eta: np.full(32, step), lam: np.full(32, p / step)}
        d, v = (value(formulas[name], given) for name in ("drift_scale", "heat_scale"))
        star = value(formulas["exact_equilibrium"], {D_STAR: d, V_STAR: np.sqrt(v), P: np.full(32, p)})
        gap, interval = replicates.mean(run.squared_norms / star - 1)
        # by C0a the mean is above the fixed point by the spread of r^2 at most
        spread = np.mean(run.squared_norms) * np.mean(run.inverse_squared_norms) - 1
        return measurement("mean squared norm", listed([equal(gap, 0.0)]), interval + spread, [f"momentum={momentum} seed={seed}"])

    return NumericWitness("momentum of 0.5: drift and heat are those of the gradients", settled(0.0), settled(0.5))


def _swelling(formulas: Formulas, seed: int) -> NumericWitness:
    group = _ordinary(seed, alignment=0.0)
    kept, dropped = (paired("relaxation", [_relaxes(formulas, group, swelling)], group.labels()) for swelling in (0.0, 1.0))
    return NumericWitness("steps whose length does not depend on the norm", kept, dropped)


def _range(formulas: Formulas, seed: int) -> NumericWitness:
    """With p = 2.5 no norm is mapped to itself; the one that the root's size gives is left."""

    def stays(product: float) -> Measurement:
        group = _ordinary(seed, product, alignment=0.0)
        path = on_energies(group.norms, np.repeat(np.ones((6, 1)), STEPS, axis=1) * _ordinary(seed, 0.2, 0.0).energies(formulas)[:, None],
                           group.step_sizes, product / group.step_sizes, dimension=16, seed=seed)  # fmt: skip
        bound = np.sum(path.rounding() / path.before, axis=1) + rounding.gamma(4 * path.dimension + 40)
        return measurement("fixed point", relative(path.run.squared_norms[:, -1], group.norms**2), bound, group.labels())

    return NumericWitness("eta lambda = 2.5: the embedding overshoots and grows without bound", stays(0.2), stays(2.5))


EVIDENCE = Evidence(draw, check, {"white-steps": _momentum, "steady-heat": _swelling, "decay-in-range": _range})
