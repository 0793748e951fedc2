"""B5 measured: the order and size of the quartic law's error over ladders of step sizes; its ODE; the effective rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.formulas import value
from derivations.evidence.settings import NORMS, STEP_SIZES, log_uniform
from derivations.evidence.steps import Path, Read, Reading, on_energies, read, step_witnesses
from numerics.flow import modified_equation
from numerics.integrators import DOPRI5
from theory.claims import Formulas
from theory.laws.dynamics.fourth_power_sandwich import FORMULAS as SANDWICH
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.laws.dynamics.norm_grows_as_fourth_root import HEAT, TIME
from theory.notation import G, eta, k, r0, z0

LADDER = (64, 128, 256, 512)
LONG = 3000


@dataclass(frozen=True)
class Growth:
    """Initial norms, step sizes of the coarsest rung and relative growth ``2 A/z_0`` of a run, all (rows,)."""

    norms: Floats
    step_sizes: Floats
    growth: Floats
    modulation: Floats
    dimension: int
    seed: int

    def labels(self) -> tuple[str, ...]:
        """One line per row."""
        return tuple(f"d={self.dimension} r_0={a:.3g} eta={b:.3g} growth={c:.3g} seed={self.seed} row={i}"
                     for i, (a, b, c) in enumerate(zip(self.norms, self.step_sizes, self.growth, strict=True)))  # fmt: skip

    def energies(self, steps: int) -> Floats:
        """Constant energy (rows,) with which ``steps`` steps of the rung's size give the growth asked for."""
        return self.growth * self.norms**4 / (2 * self.step_sizes**2 * steps)


def draw(rng: np.random.Generator, effort: str) -> Sequence[Growth]:
    """Norms and step sizes over six decades each, growth from a tenth to a hundred times ``z_0``."""
    groups, rows = (6, 8) if effort == "quick" else (24, 16)
    return [
        Growth(log_uniform(rng, NORMS, rows), log_uniform(rng, STEP_SIZES, rows), log_uniform(rng, (0.1, 100.0), rows),
               rng.uniform(0.3, 0.9, rows), int(np.rint(log_uniform(rng, (2, 64), 1)[0])), int(rng.integers(2**31)))
        for _ in range(groups)
    ]  # fmt: skip


def _ladder(formulas: Formulas, g: Growth) -> tuple[Floats, Floats, Floats]:
    """At fixed ``s = eta^2 k``: step sizes, errors ``z_K - fourth_power`` (rows, rungs), energy (rows,)."""
    energy, errors, sizes = g.energies(LADDER[0]), [], []
    for steps in LADDER:
        step = g.step_sizes * np.sqrt(LADDER[0] / steps)
        path = on_energies(g.norms, np.repeat(energy[:, None], steps, axis=1), step, dimension=g.dimension, seed=g.seed)
        total = (path.step_size**2 * path.run.energies).sum(axis=1)
        claimed = value(formulas["fourth_power"], {z0: path.run.squared_norms[:, 0] ** 2, A: total})
        errors.append(path.run.squared_norms[:, -1] ** 2 - claimed)
        sizes.append(step)
    return np.stack(sizes, axis=1), np.stack(errors, axis=1), energy


def _error_order(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    """Halving ``eta^2`` halves the error: order 2 in ``eta``."""
    found, spread = [], []
    labels: list[str] = []
    for g in groups:
        _, errors, _ = _ladder(formulas, g)
        noise = LADDER[-1] * rounding.gamma(24 * g.dimension + 200) * g.norms**4 * (1 + g.growth)
        p, u = order.fitted(np.abs(errors), np.sqrt(2), noise)
        found.append(p)
        spread.append(u)
        labels.extend(g.labels())
    p, u = np.concatenate(found), np.concatenate(spread)
    return measurement("order of the error in eta, against 2", np.abs(p - 2), u, labels, u < order.DISCRIMINATES)


def _error_size(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    """Error over ``eta^2`` against its coefficient, extrapolated in ``eta^2`` and bounded by the extrapolation."""
    deviations, bounds = [], []
    labels: list[str] = []
    for g in groups:
        sizes, errors, energy = _ladder(formulas, g)
        scaled = errors / sizes**2
        limit, left = order.extrapolated(scaled)  # in eta^2, which halves from rung to rung
        time = sizes[:, 0] ** 2 * LADDER[0]
        claimed = value(formulas["error_coefficient"], {G: energy, TIME: time, z0: g.norms**4})
        noise = 3 * LADDER[-1] * rounding.gamma(24 * g.dimension + 200) * g.norms**4 * (1 + g.growth) / sizes[:, -1] ** 2
        deviations.append(np.abs(limit / claimed - 1))
        bounds.append((left + noise) / claimed)
        labels.extend(g.labels())
    limits = np.concatenate(bounds)
    return measurement("size of the error over eta^2", np.concatenate(deviations), limits, labels, limits < 0.2)


def _integral(g: Growth, energy: Floats, time: Floats, frequency: Floats) -> Floats:
    """``int_0^t`` of ``energy (1 + m sin(w t))``."""
    return energy * (time + g.modulation * (1 - np.cos(frequency * time)) / frequency)


def _flow(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    """The ODE in ``r`` with a changing energy against the formula: within the change of the last refinement."""
    deviations, bounds = [], []
    labels: list[str] = []
    for g in groups:
        time = g.step_sizes * LADDER[0]
        energy, frequency = g.energies(LADDER[0]), 5 / time
        coarse, fine = (
            modified_equation(g.norms, g.step_sizes, np.zeros_like(g.norms), energy, modulation=g.modulation,
                              frequency=frequency, duration=time, steps=n, integrator=DOPRI5).norms[:, -1]
            for n in (512, 1024)
        )  # fmt: skip
        claimed = value(formulas["norm"], {r0: g.norms, eta: g.step_sizes, HEAT: _integral(g, energy, time, frequency)})
        deviations.append(np.abs(fine / claimed - 1))
        bounds.append(np.abs(coarse / fine - 1) + rounding.gamma(20 * 1024))
        labels.extend(g.labels())
    return measurement("norm of the flow", np.concatenate(deviations), np.concatenate(bounds), labels)


def _fixed_time(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    """Descent against the flow at fixed ``t = eta k`` with a changing energy: order 2, by the left Riemann sum."""
    found, spread = [], []
    labels: list[str] = []
    for g in groups:
        # growth of a fiftieth of z_0: beyond, the sandwich's excess, of order 3, rivals the Riemann sum's order 2
        mild = replace(g, growth=np.minimum(g.growth, 0.02))
        time, energy = g.step_sizes * LADDER[0], mild.energies(LADDER[0])
        frequency, errors = 2 / time, []
        for steps in LADDER:
            at = np.arange(steps)[None, :] * (time / steps)[:, None]
            energies = energy[:, None] * (1 + g.modulation[:, None] * np.sin(frequency[:, None] * at))
            path = on_energies(g.norms, energies, time / steps, dimension=g.dimension, seed=g.seed)
            heat = _integral(g, energy, time, frequency)
            claimed = value(formulas["norm"], {r0: g.norms, eta: time / steps, HEAT: heat})
            errors.append(np.abs(path.run.squared_norms[:, -1] ** 2 - claimed**4))
        noise = LADDER[-1] * rounding.gamma(24 * g.dimension + 200) * g.norms**4
        p, u = order.fitted(np.stack(errors, axis=1), noise=noise)
        found.append(p)
        spread.append(u)
        labels.extend(g.labels())
    p, u = np.concatenate(found), np.concatenate(spread)
    return measurement("order of descent against the flow at fixed time, against 2", np.abs(p - 2), u, labels, u < order.DISCRIMINATES)


def _effective_rate(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    """``eta/r^2`` after many steps: ``sqrt(2A/z)`` is below 1 by at most ``(z - 2A)/(4A)``, ``z`` by the sandwich."""
    deviations, bounds = [], []
    labels: list[str] = []
    for g in groups:
        energy = g.energies(LADDER[0])
        path = on_energies(g.norms, np.repeat(energy[:, None], LONG, axis=1), g.step_sizes, dimension=g.dimension, seed=g.seed)
        drive = g.step_sizes**2 * energy
        claimed = value(formulas["effective_rate"], {G: energy, k: np.full_like(energy, LONG)})
        excess = value(SANDWICH["upper_excess"], {z0: g.norms**4, A: LONG * drive, M: drive})
        deviations.append(np.abs(g.step_sizes / path.run.squared_norms[:, -1] / claimed - 1))
        bounds.append((g.norms**4 + excess) / (4 * LONG * drive) + LONG * rounding.gamma(8 * g.dimension + 60))
        labels.extend(g.labels())
    limit = np.concatenate(bounds)
    return measurement("effective learning rate after 3000 steps", np.concatenate(deviations), limit, labels, limit < 0.1)


def check(formulas: Formulas, groups: Sequence[Growth]) -> tuple[Measurement, ...]:
    """Error's order and size, the flow, descent against it, and the effective learning rate."""
    parts = (_error_order, _error_size, _flow, _fixed_time, _effective_rate)
    return tuple(part(formulas, groups) for part in parts)


def law_of(formulas: Formulas, largest_drive: float | None = None) -> Reading:
    """The quartic law over a run, allowed the excess that the sandwich grants to its largest drive.

    ``largest_drive``, relative to ``z_0``, replaces the run's own: what a reader who takes steps to be small allows.
    """

    def law(path: Path) -> Read:
        drives = path.step_size**2 * path.run.energies
        start, total = path.run.squared_norms[:, 0] ** 2, drives.sum(axis=1)
        claimed = value(formulas["fourth_power"], {z0: start, A: total})
        largest = drives.max(axis=1) if largest_drive is None else largest_drive * start
        excess = value(SANDWICH["upper_excess"], {z0: start, A: total, M: largest})
        deviation = np.abs(path.run.squared_norms[:, -1] ** 2 - claimed)
        return deviation[:, None], excess[:, None], np.ones((len(start), 1), bool)

    return law


def _large_steps(formulas: Formulas, seed: int) -> NumericWitness:
    def run(relative: float) -> Measurement:
        energies = np.full((4, 20), relative)
        path = on_energies(np.ones(4), energies, np.ones(4), dimension=8, seed=seed)
        return read("fourth power of the norm against the quartic law", [path], law_of(formulas, 0.01))

    return NumericWitness("drives of 10 z_0 instead of z_0/200", run(0.005), run(10.0))


_SHARED = step_witnesses("fourth power of the norm against the quartic law", law_of, shrink=0.05)
EVIDENCE = Evidence(draw, check, {**_SHARED, "small-steps": _large_steps})
