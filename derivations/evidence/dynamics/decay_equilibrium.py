"""B6 measured: the decaying recursion on both losses, its fixed point and multiplier, the modified equation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_least, equal, relative, remembered
from derivations.evidence.formulas import value
from derivations.evidence.ladders import LADDER, against_limit, against_order, climb
from derivations.evidence.settings import NORMS, STEP_SIZES, Batch, log_uniform
from derivations.evidence.settings import draw as draw_batches
from derivations.evidence.steps import Path, Read, Reading, on_energies, paths, read, step_witnesses
from numerics.simulation.flow import modified_equation
from numerics.simulation.integrators import DOPRI5
from theory.claims import Formulas
from theory.laws.dynamics.decay_equilibrium import RHO
from theory.notation import G, eta, lam, r

DECAYS = (1e-3, 0.9)  # eta * lambda
STEPS = 40
NUDGE = 2.0**-12


@dataclass(frozen=True)
class Decaying:
    """Equilibria over the norms' range: ``products`` = eta lambda, all (rows,)."""

    equilibria: Floats
    step_sizes: Floats
    products: Floats
    dimension: int
    seed: int

    @property
    def decays(self) -> Floats:
        """lambda."""
        return self.products / self.step_sizes

    def energies(self, formulas: Formulas) -> Floats:
        """The energy whose claimed equilibrium has the norm asked for, if it is proportional to the energy."""
        per_energy = value(formulas["equilibrium"], {G: np.ones_like(self.decays), eta: self.step_sizes, lam: self.decays})
        return self.equilibria**4 / per_energy

    def run(self, formulas: Formulas, nudge: float = 0.0, steps: int = STEPS, jump: float = 1.0) -> Path:
        """From ``r^2 = r*^2 (1 + nudge)`` with energies that are ``jump`` times the equilibrium's."""
        energies = np.repeat(jump * self.energies(formulas)[:, None], steps, axis=1)
        start = self.equilibria * np.sqrt(1 + nudge)
        return on_energies(start, energies, self.step_sizes, self.decays, dimension=self.dimension, seed=self.seed)

    def labels(self) -> tuple[str, ...]:
        """One line per row."""
        return tuple(f"d={self.dimension} r*={a:.3g} eta={b:.3g} eta lambda={c:.3g} seed={self.seed} row={i}"
                     for i, (a, b, c) in enumerate(zip(self.equilibria, self.step_sizes, self.products, strict=True)))  # fmt: skip


Drawn = tuple[Sequence[Batch], Sequence[Decaying]]


def draw_decaying(rng: np.random.Generator, effort: str, products: tuple[float, float] = DECAYS) -> Sequence[Decaying]:
    """Equilibria, step sizes and decays (``products`` = eta lambda) over their decades."""
    groups, rows = (6, 8) if effort == "quick" else (24, 16)
    return [
        Decaying(log_uniform(rng, NORMS, rows), log_uniform(rng, STEP_SIZES, rows), log_uniform(rng, products, rows),
                 int(np.rint(log_uniform(rng, (2, 512), 1)[0])), int(rng.integers(2**31)))
        for _ in range(groups)
    ]  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[object]:
    """Batches for the recursion on losses, and placed equilibria."""
    return [*draw_batches(rng, effort), *draw_decaying(rng, effort)]


def _decay_of(batch: Batch) -> Floats:
    return log_uniform(np.random.default_rng([batch.seed, 11]), DECAYS, batch.rows) / batch.step_sizes


def recursion_law(formulas: Formulas) -> Reading:
    """The squared norm after a step; steps in which neither decay nor growth is seen do not count."""

    def law(path: Path) -> Read:
        factor = value(formulas["decay_factor"], {eta: path.step_size, lam: path.weight_decay})
        known = {RHO: factor, r: np.sqrt(path.before), eta: path.step_size, G: path.run.energies}
        bound = path.rounding()
        return equal(path.after, value(formulas["next_squared_norm"], known)), bound, np.abs(path.after - path.before) > 4 * bound

    return law


def claimed_equilibrium(formulas: Formulas, group: Decaying) -> Floats:
    """The fourth power of the norm that the claim gives for the group's own energies."""
    return value(formulas["equilibrium"], {G: group.energies(formulas), eta: group.step_sizes, lam: group.decays})


def fixed_law(group: Decaying, star: Floats) -> Reading:
    """``z`` stays at ``star``: each step perturbs it, relatively, by twice the step's bound, and contracts."""

    def law(path: Path) -> Read:
        bound = 2 * np.sum(path.rounding() / path.before, axis=1) + rounding.gamma(4 * group.dimension + 20)
        return relative(path.run.squared_norms[:, -1] ** 2, star)[:, None], bound[:, None], np.ones((len(star), 1), bool)

    return law


def _multiplier(formulas: Formulas, group: Decaying) -> tuple[Floats, Floats, Floats]:
    """Measured factor of a small deviation of ``r^2``, its error bound, and rho.

    The map's remainder is ``(1 - rho) e^2/(1 + e)`` of ``r*^2``, and rounding is divided by the deviation.
    """
    path = group.run(formulas, nudge=NUDGE, steps=1)
    star, start = group.equilibria**2, path.run.squared_norms[:, 0]
    rho = value(formulas["decay_factor"], {eta: group.step_sizes, lam: group.decays})
    measured = (path.run.squared_norms[:, 1] - star) / (start - star)
    noise = (path.rounding()[:, 0] + rounding.gamma(4 * group.dimension + 20) * star) / (NUDGE * star)
    return measured, (1 - rho) * NUDGE + 3 * noise, rho


def _placed(formulas: Formulas, groups: Sequence[Decaying]) -> tuple[Measurement, ...]:
    rows = [_multiplier(formulas, g) for g in groups]
    measured, bound, rho = (np.concatenate(c) for c in zip(*rows, strict=True))
    labels = [label for g in groups for label in g.labels()]
    threshold = value(formulas["threshold"], {})
    sign = np.where(rho > threshold, 1.0, -1.0)
    far = np.abs(rho - threshold) > bound
    claimed, contraction = (value(formulas[name], {RHO: rho}) for name in ("multiplier", "contraction"))
    return (
        measurement("multiplier of a small deviation", equal(measured, claimed), bound, labels),
        measurement("1 - multiplier^2", equal(1 - measured**2, contraction), 2 * bound + bound**2, labels),
        measurement("sign of the multiplier on both sides of the threshold", at_least(sign * measured, 0.0), 0.0, labels, far),
    )


def _at_threshold(formulas: Formulas, groups: Sequence[Decaying]) -> Measurement:
    """With rho at the threshold a small deviation is gone after one step."""
    rows, labels = [], list[str]()
    product = 1 - float(np.sqrt(value(formulas["threshold"], {})))
    for g in groups:
        at = Decaying(g.equilibria, g.step_sizes, np.full_like(g.products, product), g.dimension, g.seed)
        rows.append(_multiplier(formulas, at))
        labels += at.labels()
    measured, bound, _ = (np.concatenate(c) for c in zip(*rows, strict=True))
    return measurement("multiplier at the threshold", equal(measured, 0.0), bound, labels)


def _solution(formulas: Formulas, start: Floats, heat: Floats, step: Floats, decays: Floats, time: Floats) -> Floats:
    """The claimed ``z(t)`` of the modified equation, for ``heat`` = eta G."""
    known = {G: heat / step, eta: step, lam: decays}
    star, rate = (value(formulas[name], known) for name in ("flow_equilibrium", "flow_rate"))
    return star + (start**4 - star) * np.exp(-rate * time)


def _start(g: Decaying) -> tuple[Floats, Floats, Floats]:
    """Norm, heat and time of a run: from well below or well above the norms' fourth powers, over a quarter decay time.

    A step differs from the solution by ``eta^2 (q^2/z - 2 lambda^2 z)``. These runs stay on one side of where that
    changes its sign, ``z = q/(sqrt(2) lambda)``, so that errors add up and cannot cancel.
    """
    rng = np.random.default_rng([g.seed, 19])
    below = np.arange(len(g.equilibria)) % 2 == 0
    start = np.where(below, rng.uniform(0.05, 0.5, len(below)), rng.uniform(4, 16, len(below)))
    return g.equilibria * start**0.25, g.decays * g.equilibria**4, 1 / (4 * g.decays)


def _descents(formulas: Formulas, groups: Sequence[Decaying]) -> tuple[Measurement, ...]:
    """Steps with ``eta G`` held fixed against the solution at a fixed time: a one-step method of order 1."""
    errors, ends = [], []
    for g in groups:
        start, heat, time = _start(g)
        runs = [
            on_energies(start, np.repeat(heat[:, None] * steps / time[:, None], steps, axis=1), time / steps, g.decays,
                        dimension=min(g.dimension, 32), seed=g.seed) for steps in LADDER
        ]  # fmt: skip
        reached = [run.run.squared_norms[:, -1] ** 2 for run in runs]
        claimed = [_solution(formulas, start, heat, run.step_size[:, 0], g.decays, time) for run in runs]
        errors.append(climb(runs, [z - c for z, c in zip(reached, claimed, strict=True)], g.labels()))
        ends.append((climb(runs, reached, g.labels()), claimed[-1]))
    return (
        against_order("order of descent against the modified equation at fixed time, against 1", 1, errors),
        against_limit("fourth power at fixed time as steps vanish", ends),
    )


def _integrated(formulas: Formulas, groups: Sequence[Decaying]) -> Measurement:
    """An integrator of the modified equation in ``r`` against the solution in ``z``: of the algebra, not of descent."""
    deviations, bounds = [], []
    labels: list[str] = []
    for g in groups:
        start, heat, time = _start(g)
        coarse, fine = (
            modified_equation(start, g.step_sizes, g.decays, heat / g.step_sizes, duration=time, steps=n, integrator=DOPRI5).norms[:, -1]
            for n in (256, 512)
        )
        claimed = _solution(formulas, start, heat, g.step_sizes, g.decays, time)
        deviations.append(relative(fine**4, claimed))
        bounds.append(4.1 * np.abs(coarse / fine - 1) + rounding.gamma(80 * 512))
        labels += g.labels()
    return measurement("modified equation, integrated, against its solution", np.concatenate(deviations), np.concatenate(bounds), labels)


def check(formulas: Formulas, drawn: Sequence[object]) -> tuple[Measurement, ...]:
    """Recursion, fixed point, multiplier and threshold; descent and an integrator against the modified equation."""
    batches = [x for x in drawn if isinstance(x, Batch)]
    groups = [x for x in drawn if isinstance(x, Decaying)]
    fixed = [read("", [g.run(formulas)], fixed_law(g, claimed_equilibrium(formulas, g))) for g in groups]
    stays = measurement("fourth power at its fixed point", np.concatenate([remembered(m) for m in fixed]),
                        np.concatenate([m.bounds for m in fixed]), [label for g in groups for label in g.labels()])  # fmt: skip
    return (
        read("squared norm after a decaying step", paths(batches, _decay_of), recursion_law(formulas)),
        stays,
        *_placed(formulas, groups),
        _at_threshold(formulas, groups),
        *_descents(formulas, groups),
        _integrated(formulas, groups),
    )


def _ordinary(seed: int, product: float = 0.2) -> Decaying:
    rng = np.random.default_rng([seed, 13])
    return Decaying(rng.uniform(0.8, 1.5, 6), rng.uniform(0.1, 0.3, 6), np.full(6, product), 16, seed)


def _constant_energy(formulas: Formulas, seed: int) -> NumericWitness:
    group = _ordinary(seed)
    law = fixed_law(group, claimed_equilibrium(formulas, group))
    kept, dropped = (read("fourth power at its fixed point", [group.run(formulas, jump=jump)], law) for jump in (1.0, 2.0))
    return NumericWitness("the energy doubles", kept, dropped)


def _range(formulas: Formulas, seed: int) -> NumericWitness:
    """With eta lambda = 2.5 the claimed fourth power of the equilibrium is negative: no norm has it."""

    def stays(product: float) -> Measurement:
        group = _ordinary(seed, product)
        per_energy = value(formulas["equilibrium"], {G: np.ones(6), eta: group.step_sizes, lam: group.decays})
        energies = np.repeat(group.equilibria[:, None] ** 4 / np.abs(per_energy)[:, None], STEPS, axis=1)
        path = on_energies(group.equilibria, energies, group.step_sizes, group.decays, dimension=16, seed=seed)
        return read("fourth power at its fixed point", [path], fixed_law(group, group.equilibria**4))

    return NumericWitness("eta lambda = 2.5: the embedding overshoots and grows without bound", stays(0.2), stays(2.5))


EVIDENCE = Evidence(
    draw, check,
    {**step_witnesses("squared norm after a decaying step", recursion_law, decay=0.5), "constant-energy": _constant_energy,
     "decay-in-range": _range},
)  # fmt: skip
