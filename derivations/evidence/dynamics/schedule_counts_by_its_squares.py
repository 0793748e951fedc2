"""B9a measured: runs of constant energy under every schedule, and under random ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.deviations import equal, within
from derivations.evidence.formulas import value
from derivations.evidence.gathering import gathered
from derivations.evidence.settings import DIMENSIONS, NORMS, STEP_SIZES, log_uniform
from derivations.evidence.steps import Path, Read, Reading, read, step_witnesses
from numerics.simulation import schedules
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import drive
from theory.claims import Formulas
from theory.laws.dynamics.fourth_power_recursion import FORMULAS as RECURSION
from theory.laws.dynamics.schedule_counts_by_its_squares import F, Q, S
from theory.notation import G, a, eta, z, z0

KINDS = ("constant", "linear", "cosine", "warm_up", "warm_up_stable_decay", "inverse_square_root", "harmonic", "random", "sparse")
DRIVES = (1e-4, 10.0)  # eta^2 G over z_0


def factors(kind: str, steps: int, seed: int) -> Floats:
    """The factors of a schedule (steps,), random ones in 0 .. 1."""
    rng = np.random.default_rng(seed)
    rising = int(rng.integers(1, steps + 1))
    if kind == "warm_up":
        return schedules.warm_up(steps, rising)
    if kind == "warm_up_stable_decay":
        return schedules.warm_up_stable_decay(steps, rising, int(rng.integers(1, max(steps - rising, 1) + 1)))
    if kind in ("random", "sparse"):
        drawn = rng.random(steps)
        return drawn * (drawn < 0.2) if kind == "sparse" else drawn
    return np.asarray(getattr(schedules, kind)(steps))


@dataclass(frozen=True)
class Scheduled:
    """Runs under one schedule: norms, step sizes and drives relative to ``z_0``, (rows,)."""

    kind: str
    norms: Floats
    step_sizes: Floats
    relative_drives: Floats
    steps: int
    dimension: int
    seed: int
    scale: float = 1.0  # of the factors
    jump: float = 1.0  # of the energy, after half of the steps

    @property
    def energies(self) -> Floats:
        """G, (rows,)."""
        return self.relative_drives * self.norms**4 / self.step_sizes**2

    def path(self) -> Path:
        """The runs; their step sizes are those of every step, (rows, steps)."""
        f = self.scale * factors(self.kind, self.steps, self.seed)
        energies = self.energies[:, None] * np.where(np.arange(self.steps) < self.steps / 2, 1.0, self.jump)
        run = drive(self.norms, energies, self.step_sizes, dimension=self.dimension, optimizer=Optimizer(schedule=f), seed=self.seed)
        labels = tuple(f"{self.kind} steps={self.steps} d={self.dimension} eta={h:.3g} r={n:.3g} drive={x:.3g} seed={self.seed}"
                       for h, n, x in zip(self.step_sizes, self.norms, self.relative_drives, strict=True))  # fmt: skip
        zero = np.zeros((len(self.norms), 1))
        return Path(run, self.step_sizes[:, None] * f, zero, np.sqrt(energies), self.dimension, labels)


def draw(rng: np.random.Generator, effort: str) -> Sequence[Scheduled]:
    """Every schedule, at 1, 2 and many steps."""
    rows, repeats = (4, 1) if effort == "quick" else (16, 4)
    groups = []
    for kind in KINDS * repeats:
        for steps in (1, 2, int(rng.integers(3, 12)), int(rng.integers(12, 300))):
            norms, sizes, drives = (log_uniform(rng, ends, rows) for ends in (NORMS, STEP_SIZES, DRIVES))
            d = int(np.rint(log_uniform(rng, DIMENSIONS, 1)[0]))
            groups.append(Scheduled(kind, norms, sizes, drives, steps, d, int(rng.integers(2**31))))
    return groups


@dataclass(frozen=True)
class _Sides:
    lower: Floats
    excess: Floats
    share: Floats
    end: Floats
    start: Floats
    slack: Floats


def _sides(formulas: Formulas, group: Scheduled, path: Path) -> _Sides:
    f = group.scale * factors(group.kind, group.steps, group.seed)
    start = path.run.squared_norms[:, 0] ** 2
    known: dict[Any, Any] = {eta: group.step_sizes, G: group.energies, z0: start, S: np.sum(f**2), Q: np.sum(f**4)}
    lower, excess, share = (value(formulas[name], known) for name in ("lower", "excess", "relative"))
    end = path.run.squared_norms[:, -1] ** 2
    # energies are prescribed here, not measured: d + 20 roundings a step of all that was added
    slack = path.fourth_power_rounding() + rounding.gamma((group.dimension + 20) * group.steps) * (end + lower + excess)
    return _Sides(lower, excess, share, end, start, slack)


def _reading(formulas: Formulas, group: Scheduled) -> Reading:
    """How far z_K is outside; after one step the upper bound is attained."""

    def law(path: Path) -> Read:
        s = _sides(formulas, group, path)
        upper = s.lower + s.excess
        deviation = equal(s.end, upper) if group.steps == 1 else within(s.end, s.lower, upper)
        return deviation[:, None], s.slack[:, None], (s.end - s.start > 4 * s.slack)[:, None]

    return law


def _share(formulas: Formulas, group: Scheduled) -> Reading:
    """The excess is at most its share of the growth, and all of it under constant factors."""

    def law(path: Path) -> Read:
        s = _sides(formulas, group, path)
        allowed = s.share * (s.lower - s.start)
        gap = np.abs(s.excess - allowed) if group.kind == "constant" else np.maximum(0, s.excess - allowed)
        return gap[:, None], (s.share * s.slack + rounding.gamma(20) * s.excess)[:, None], (s.excess > 4 * s.share * s.slack)[:, None]

    return law


def step_law(formulas: Formulas, group: Scheduled | None = None) -> Reading:
    """The fourth power after a step, from its drive; of a group under a schedule, or at a constant learning rate."""

    def law(path: Path) -> Read:
        size, f = path.step_size, np.ones((1, 1))
        if group is not None:
            size, f = group.step_sizes[:, None], factors(group.kind, group.steps, group.seed)[None]
        drives = value(formulas["drive"], {eta: size, F: f, G: path.run.energies})
        claimed = value(RECURSION["next_fourth_power"], {z: path.before**2, a: drives})
        return equal(path.after**2, claimed), 3 * np.maximum(path.after, path.before) * path.rounding(), drives > 0

    return law


def _merged(what: str, parts: Sequence[Measurement]) -> Measurement:
    return gathered(what, parts)


def check(formulas: Formulas, groups: Sequence[Scheduled]) -> tuple[Measurement, ...]:
    """Every step; the whole run between its bounds; the share of the excess."""
    runs = [(g, g.path()) for g in groups]
    single, whole, share = ([read("", [path], law(formulas, g)) for g, path in runs] for law in (step_law, _reading, _share))
    return (
        _merged("fourth power after a step under a schedule", single),
        _merged("final fourth power outside of its bounds", whole),
        _merged("excess over its share of the growth", share),
    )


def _ordinary(seed: int) -> Scheduled:
    rng = np.random.default_rng([seed, 31])
    return Scheduled("cosine", rng.uniform(0.8, 1.5, 4), rng.uniform(0.1, 0.3, 4), np.full(4, 0.01), 20, 8, seed)


def _energy(formulas: Formulas, seed: int) -> NumericWitness:
    groups = (_ordinary(seed), replace(_ordinary(seed), jump=2.0))
    return NumericWitness("the energy doubles on the way", *(read("fourth power", [g.path()], _reading(formulas, g)) for g in groups))


def _factors(formulas: Formulas, seed: int) -> NumericWitness:
    groups = (_ordinary(seed), replace(_ordinary(seed), scale=3.0))
    return NumericWitness("factors up to 3", *(read("share", [g.path()], _share(formulas, g)) for g in groups))


EVIDENCE = Evidence(draw, check, {
    **step_witnesses("fourth power after a step", step_law), "constant-energy": _energy, "factors-up-to-one": _factors,
})  # fmt: skip
