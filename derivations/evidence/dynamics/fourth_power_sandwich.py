"""B4 measured: whole runs with drives over many decades, the final fourth power between both bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.deviations import equal, within
from derivations.evidence.formulas import value
from derivations.evidence.settings import DIMENSIONS, NORMS, STEP_SIZES, log_uniform
from derivations.evidence.steps import Path, Read, Reading, on_energies, read, step_witnesses
from theory.claims import Formulas
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.notation import a, z0


@dataclass(frozen=True)
class Runs:
    """Norms and step sizes (rows,), drives relative to ``z_0`` (rows, steps), for one dimension."""

    norms: Floats
    step_sizes: Floats
    relative_drives: Floats
    dimension: int
    seed: int

    def path(self, alignment: float = 0.0, weight_decay: float = 0.0) -> Path:
        """The run: energies such that ``eta^2 G = drive``."""
        drives = self.relative_drives * self.norms[:, None] ** 4
        energies = drives / self.step_sizes[:, None] ** 2
        return on_energies(self.norms, energies, self.step_sizes, weight_decay, dimension=self.dimension,
                           seed=self.seed, alignment=alignment)  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[Runs]:
    """Runs of 1 to 400 steps; drives constant, heavy-tailed, decaying, and mostly zero."""
    runs, rows = [], 6 if effort == "quick" else 24
    for steps in (1, 2, 3, 10, 100, 400):
        for scale in (1e-6, 1e-3, 0.3, 3.0, 100.0):
            shape = (rows, steps)
            kinds = [np.ones(shape), np.exp(rng.standard_normal(shape) * 2), np.broadcast_to(1 / np.arange(1, steps + 1), shape),
                     (rng.random(shape) < 0.2).astype(float)]  # fmt: skip
            drives = scale * np.array(kinds[int(rng.integers(len(kinds)))])
            d = int(np.rint(log_uniform(rng, DIMENSIONS, 1)[0]))
            runs.append(Runs(log_uniform(rng, NORMS, rows), log_uniform(rng, STEP_SIZES, rows), drives, d, int(rng.integers(2**31))))
    return runs


def _quantities(path: Path) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """z_0, z_K, A_K, drives and the rounding bound of ``z_K``."""
    drives, slack = path.step_size**2 * path.run.energies, path.fourth_power_rounding()
    return path.run.squared_norms[:, 0] ** 2, path.run.squared_norms[:, -1] ** 2, drives.sum(axis=1), drives, slack


def _bounds(formulas: Formulas, path: Path) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """lower, upper by the sum, upper by the closed form, z_K, slack."""
    start, end, total, drives, slack = _quantities(path)
    before = np.cumsum(drives, axis=1) - drives
    lower = value(formulas["lower"], {z0: start, A: total})
    terms = value(formulas["term"], {z0: start[:, None], A: before, a: drives})
    excess = value(formulas["upper_excess"], {z0: start, A: total, M: drives.max(axis=1)})
    return lower, lower + terms.sum(axis=1), lower + excess, end, slack


def law_of(formulas: Formulas) -> Reading:
    """How far z_K is outside of the sandwich."""

    def law(path: Path) -> Read:
        lower, upper, closed, end, slack = _bounds(formulas, path)
        outside = within(end, lower, np.minimum(upper, closed))
        return outside[:, None], slack[:, None], (path.step_size[:, 0] ** 2 * path.run.energies.sum(axis=1) > slack)[:, None]

    return law


def _tight(formulas: Formulas) -> Reading:
    """Runs of one step reach the upper sum exactly; longer ones stay below it, and it below its closed form."""

    def law(path: Path) -> Read:
        _, upper, closed, end, slack = _bounds(formulas, path)
        one_step = path.run.energies.shape[1] == 1
        reached = np.abs(end - upper) if one_step else np.maximum(0, end - upper)
        ordered = np.maximum(0, upper - closed)
        return np.maximum(reached, ordered)[:, None], slack[:, None], (end > 0)[:, None]

    return law


SMALL, LARGE = 1e-3, 1e4  # drives relative to z_0


def _sharp(formulas: Formulas) -> Reading:
    """How far the closed form is from ``z_K`` where it is attained: one large drive, or many small and equal ones.

    After one step with ``a >> z_0`` all but the logarithm is there, and that is at most ``(a/2) sqrt(2a/z_0)``. Of
    equal drives the sum is within ``a^2/z_0`` of its integral, and with ``z <= x + U`` in place of ``x``, U the excess
    that is reached, it is smaller by at most ``(a/2) ln(1 + U/z_0) <= a U/(2 z_0)``.
    """

    def law(path: Path) -> Read:
        _, _, closed, end, slack = _bounds(formulas, path)
        start, drive = path.run.squared_norms[:, 0] ** 2, path.step_size[:, 0] ** 2 * path.run.energies[:, 0]
        several = path.run.energies.shape[1] > 1
        reached = end - start - 2 * (path.step_size**2 * path.run.energies).sum(axis=1)
        gap = drive**2 / start + drive * np.maximum(reached, 0) / (2 * start) if several else drive / 2 * np.sqrt(2 * drive / start)
        return equal(end, closed)[:, None], (gap + slack)[:, None], (gap > slack)[:, None]

    return law


def _at_its_bound(run: Runs, steps: int, drive: float) -> Path:
    return replace(run, relative_drives=np.full((len(run.norms), steps), drive)).path()


def check(formulas: Formulas, runs: Sequence[Runs]) -> tuple[Measurement, ...]:
    """Inside the sandwich; the upper sum exact after one step and never above its closed form; where that is attained."""
    whole = [r.path() for r in runs]
    sharp = [_at_its_bound(r, *kind) for r in runs[::6] for kind in ((1, LARGE), (400, SMALL))]
    return (
        read("final fourth power outside of the sandwich", whole, law_of(formulas)),
        read("upper sum: attained after one step, below its closed form", whole, _tight(formulas)),
        read("closed form where it is attained", sharp, _sharp(formulas)),
    )


def _negative_drives(formulas: Formulas, seed: int) -> NumericWitness:
    """A drive is ``eta^2 G``; a negative one needs gradients that shorten: alignment with ``u``, read as drive."""
    rows = 4
    runs = Runs(np.full(rows, 1.0), np.full(rows, 1.0), np.full((rows, 3), 0.05), 8, seed)

    def law(signed: bool) -> Reading:
        def reading(path: Path) -> Read:
            # the first-order change of r^4 per step, -4 eta r^2 <u, g>, read as twice a drive
            drives = -2 * path.step_size * path.before * path.run.radial if signed else path.step_size**2 * path.run.energies
            total = drives.sum(axis=1)
            start, end = path.run.squared_norms[:, 0] ** 2, path.run.squared_norms[:, -1] ** 2
            before = np.cumsum(drives, axis=1) - drives
            lower = value(formulas["lower"], {z0: start, A: total})
            upper = lower + value(formulas["term"], {z0: start[:, None], A: before, a: drives}).sum(axis=1)
            slack = _quantities(path)[4]
            return within(end, lower, upper)[:, None], slack[:, None], np.ones((rows, 1), bool)

        return reading

    what = "final fourth power outside of the sandwich"
    return NumericWitness("negative drives: gradients that point outwards shorten the embedding",
                          read(what, [runs.path()], law(False)), read(what, [runs.path(alignment=0.9)], law(True)))  # fmt: skip


EVIDENCE = Evidence(
    draw, check, {**step_witnesses("fourth power outside of the sandwich", law_of), "nonnegative-drives": _negative_drives}
)
