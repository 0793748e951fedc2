"""B5 measured: the order and size of the quartic law's error over ladders of step sizes, and the effective rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, relative, remembered
from derivations.evidence.formulas import value
from derivations.evidence.ladders import LADDER, Climb, against_limit, against_order, climb
from derivations.evidence.settings import NORMS, STEP_SIZES, log_uniform
from derivations.evidence.steps import Path, Read, Reading, on_energies, read, step_witnesses
from numerics.simulation.flow import modified_equation
from numerics.simulation.integrators import DOPRI5
from theory.claims import Formulas
from theory.laws.dynamics.fourth_power_sandwich import FORMULAS as SANDWICH
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.laws.dynamics.norm_grows_as_fourth_root import HEAT, TIME
from theory.notation import G, eta, k, r0, z0

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


def _ladder(formulas: Formulas, g: Growth, jump: float = 1.0) -> tuple[Climb, Floats, Floats]:
    """At fixed ``s = eta^2 k``: ``z_K - fourth_power`` per rung, step sizes (rows, rungs), energy (rows,) at the end.

    The energy is multiplied by ``jump`` after half of the steps.
    """
    energy, runs, errors = g.energies(LADDER[0]), [], []
    for steps in LADDER:
        energies = energy[:, None] * np.where(np.arange(steps) < steps // 2, 1.0, jump)
        step = g.step_sizes * np.sqrt(LADDER[0] / steps)
        path = on_energies(g.norms, energies, step, dimension=g.dimension, seed=g.seed)
        total = (path.step_size**2 * path.run.energies).sum(axis=1)
        claimed = value(formulas["fourth_power"], {z0: path.run.squared_norms[:, 0] ** 2, A: total})
        runs.append(path)
        errors.append(path.run.squared_norms[:, -1] ** 2 - claimed)
    sizes = np.stack([path.step_size[:, 0] for path in runs], axis=1)
    return climb(runs, errors, g.labels()), sizes, jump * energy


def _error_order(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    """Halving ``eta^2`` halves the error: order 2 in ``eta``."""
    climbs = [_ladder(formulas, g)[0] for g in groups]
    return against_order("order of the error in eta at fixed eta^2 k, against 2", 2, climbs, np.sqrt(2))


def _coefficient(formulas: Formulas, g: Growth, jump: float = 1.0) -> tuple[Climb, Floats]:
    """Error over ``eta^2`` per rung, in which ``eta^2`` halves, and the claimed coefficient at the energy of the end."""
    errors, sizes, energy = _ladder(formulas, g, jump)
    time = sizes[:, 0] ** 2 * LADDER[0]
    claimed = value(formulas["error_coefficient"], {G: energy, TIME: time, z0: g.norms**4})
    return Climb(errors.values / sizes**2, errors.noise / sizes[:, -1] ** 2, errors.labels), claimed


def _error_size(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    """Error over ``eta^2`` against its coefficient."""
    return against_limit("size of the error over eta^2", [_coefficient(formulas, g) for g in groups])


def _integral(modulation: Floats, time: Floats, frequency: Floats) -> Floats:
    """``int_0^t`` of ``1 + m sin(w t)``."""
    return time + modulation * (1 - np.cos(frequency * time)) / frequency


def _integrated(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    """An integrator of the flow's equation against the formula, for a changing energy: of the algebra, not of descent."""
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
        claimed = value(formulas["norm"], {r0: g.norms, eta: g.step_sizes, HEAT: energy * _integral(g.modulation, time, frequency)})
        deviations.append(relative(fine, claimed))
        bounds.append(np.abs(coarse / fine - 1) + rounding.gamma(20 * 1024))
        labels.extend(g.labels())
    return measurement("flow, integrated, against its solution", np.concatenate(deviations), np.concatenate(bounds), labels)


def _descents(formulas: Formulas, g: Growth, fixed: str) -> Climb:
    """Steps against the flow at fixed ``t = eta k``, for a changing energy; ``G(t)`` or the heat ``eta G(t)`` is held fixed.

    The energy falls: then the sum over steps exceeds its integral, as ``z`` exceeds ``z_0 + 2A``, and neither part of
    the error cancels the other.
    """
    time, runs, errors = g.step_sizes * LADDER[0], [], []
    frequency, modulation = 2 / time, -g.modulation
    for steps in LADDER:
        at, energy = np.arange(steps) * (time / steps)[:, None], g.energies(LADDER[0])
        energy = energy * steps / LADDER[0] if fixed == "heat" else energy
        energies = energy[:, None] * (1 + modulation[:, None] * np.sin(frequency[:, None] * at))
        path = on_energies(g.norms, energies, time / steps, dimension=g.dimension, seed=g.seed)
        known = {r0: g.norms, eta: time / steps, HEAT: energy * _integral(modulation, time, frequency)}
        runs.append(path)
        errors.append(path.run.squared_norms[:, -1] ** 2 - value(formulas["norm"], known) ** 4)
    return climb(runs, errors, g.labels())


def _fixed_time(formulas: Formulas, groups: Sequence[Growth]) -> tuple[Measurement, ...]:
    """Both are one-step methods of order 1; with ``G`` fixed their error carries another ``eta``, as the growth does.

    There growth is at most a fiftieth of z_0: beyond, the sandwich's excess, of order 3, rivals the order 2.
    """
    mild = [replace(g, growth=np.minimum(g.growth, 0.02)) for g in groups]
    return (
        against_order("order of descent against the flow at fixed eta k and eta G, against 1", 1,
                      [_descents(formulas, g, "heat") for g in groups]),
        against_order("order of descent against the flow at fixed eta k and G, against 2", 2,
                      [_descents(formulas, g, "energy") for g in mild]),
    )  # fmt: skip


def _rate(formulas: Formulas, g: Growth, jump: float = 1.0) -> tuple[Floats, Floats]:
    """``eta/r^2`` after many steps over the claim, less 1; and its bound.

    ``sqrt(2A/z)`` is below 1 by at most ``(z - 2A)/(4A)``, ``z`` by the sandwich.
    """
    energies = g.energies(LADDER[0])[:, None] * np.where(np.arange(LONG) < LONG // 2, 1.0, jump)
    path = on_energies(g.norms, energies, g.step_sizes, dimension=g.dimension, seed=g.seed)
    drives = g.step_sizes[:, None] ** 2 * energies
    total, largest, end = drives.sum(axis=1), drives.max(axis=1), path.run.squared_norms[:, -1]
    claimed = value(formulas["effective_rate"], {G: energies[:, -1], k: np.full_like(total, LONG)})
    excess = value(SANDWICH["upper_excess"], {z0: g.norms**4, A: total, M: largest})
    bound = (g.norms**4 + excess) / (4 * total) + path.fourth_power_rounding() / end**2
    return relative(g.step_sizes / end, claimed), bound


def _effective_rate(formulas: Formulas, groups: Sequence[Growth]) -> Measurement:
    found, bounds = (np.concatenate(c) for c in zip(*(_rate(formulas, g) for g in groups), strict=True))
    labels = [label for g in groups for label in g.labels()]
    return measurement(f"effective learning rate after {LONG} steps", found, bounds, labels, bounds < 0.1)


def check(formulas: Formulas, groups: Sequence[Growth]) -> tuple[Measurement, ...]:
    """Error's order and size, descent against the flow and an integrator of it, and the effective learning rate."""
    return (
        _error_order(formulas, groups),
        _error_size(formulas, groups),
        *_fixed_time(formulas, groups),
        _integrated(formulas, groups),
        _effective_rate(formulas, groups),
    )


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
        deviation = equal(path.run.squared_norms[:, -1] ** 2, claimed)
        return deviation[:, None], excess[:, None], np.ones((len(start), 1), bool)

    return law


def _large_steps(formulas: Formulas, seed: int) -> NumericWitness:
    def run(relative: float) -> Measurement:
        energies = np.full((4, 20), relative)
        path = on_energies(np.ones(4), energies, np.ones(4), dimension=8, seed=seed)
        return read("fourth power of the norm against the quartic law", [path], law_of(formulas, 0.01))

    return NumericWitness("drives of 10 z_0 instead of z_0/200", run(0.005), run(10.0))


def _constant_energy(formulas: Formulas, seed: int) -> NumericWitness:
    """The energy jumps to four times its value after half of the steps: rate and coefficient, at the energy of the end."""
    rng = np.random.default_rng([seed, 23])
    g = Growth(rng.uniform(0.8, 1.5, 4), rng.uniform(0.1, 0.3, 4), np.full(4, 20.0), np.full(4, 0.5), 8, seed)

    def run(jump: float) -> Measurement:
        coefficient, rate = against_limit("", [_coefficient(formulas, g, jump)]), _rate(formulas, g, jump)
        labels = [f"{what}, {label}" for what in ("effective rate", "coefficient of the error") for label in g.labels()]
        return measurement("effective rate and coefficient of the error", np.concatenate([rate[0], remembered(coefficient)]),
                           np.concatenate([rate[1], coefficient.bounds]), labels)  # fmt: skip

    return NumericWitness("the energy is four times as high in the second half", run(1.0), run(4.0))


_SHARED = step_witnesses("fourth power of the norm against the quartic law", law_of, shrink=0.05)
EVIDENCE = Evidence(draw, check, {**_SHARED, "small-steps": _large_steps, "constant-energy": _constant_energy})
