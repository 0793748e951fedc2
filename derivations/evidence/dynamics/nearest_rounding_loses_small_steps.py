"""B13a measured: embeddings kept in three formats; which coordinates move when they decay, and when a step is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.settings import log_uniform
from numerics.simulation.optimizers import FORMATS
from numerics.simulation.steps import Optimizer, Trajectory, drive
from theory.claims import Formulas
from theory.laws.dynamics.nearest_rounding_loses_small_steps import BITS

ROWS = 6
STORED = ("bfloat16", "float16", "float32")
NORMS = (0.1, 1e3)


@dataclass(frozen=True)
class Kept:
    """A format and `ROWS` embeddings: norms, and how far beyond the threshold their change is (0 .. 1), (rows,)."""

    stored: str
    norms: Floats
    shares: Floats
    dimension: int
    seed: int
    stochastic: bool = False

    @property
    def bits(self) -> int:
        """Significant bits."""
        return FORMATS[self.stored][0]

    def smallest(self) -> float:
        """The smallest normal number."""
        return float(2.0 ** (FORMATS[self.stored][1] - 1))

    def run(self, products: Floats, steps: int, energies: Floats | float = 0.0) -> Trajectory:
        """Decay by ``products`` = eta lambda, after a step that only brings the embedding into its format."""
        table = np.zeros((len(self.norms), steps))
        table[:, 1:] = np.asarray(energies).reshape(-1, 1)
        return drive(self.norms, table, 1.0, products, dimension=self.dimension, seed=self.seed, path=True,
                     optimizer=Optimizer(stored=self.stored, stochastic=self.stochastic))  # fmt: skip

    def labels(self) -> list[str]:
        """One line per row."""
        return [f"{self.stored} d={self.dimension} r={r:.3g} share={s:.3g} seed={self.seed} row={i}"
                for i, (r, s) in enumerate(zip(self.norms, self.shares, strict=True))]  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[Kept]:
    """Every format, norms over decades."""
    return [
        Kept(stored, log_uniform(rng, NORMS, ROWS), rng.uniform(0.3, 0.999, ROWS), int(rng.integers(200, 400)), int(rng.integers(2**31)))
        for stored in STORED
        for _ in range(2 if effort == "quick" else 10)
    ]


def _threshold(formulas: Formulas, name: str, k: Kept) -> float:
    return float(value(formulas[name], {BITS: k.bits}))


def decays_below(formulas: Formulas, k: Kept) -> Floats:
    """How many coordinates move, by row, in four steps of a decay that never acts."""
    path = k.run(k.shares * _threshold(formulas, "never", k), 5).path
    return np.asarray(np.count_nonzero(path[:, 2:] != path[:, 1:2], axis=(1, 2)), dtype=float)


def decays_above(formulas: Formulas, k: Kept) -> Floats:
    """How many normal coordinates stand still, by row, under a decay that always acts."""
    path = k.run(np.minimum(_threshold(formulas, "always", k) * (1 + k.shares / 4), 1.0), 2).path
    before, after = path[:, 1], path[:, 2]
    return np.asarray(np.count_nonzero((before == after) & (np.abs(before) >= k.smallest()), axis=1), dtype=float)


def _steps(formulas: Formulas, k: Kept) -> tuple[Floats, Floats]:
    """Of one step: coordinates below the first threshold that moved, and those above the second that stood still."""
    never, always = (_threshold(formulas, name, k) for name in ("never", "always"))
    size = 4 * k.norms**2 * 2.0**-k.bits  # so that a typical coordinate changes by a few spacings
    run = k.run(np.zeros(len(k.norms)), 2, size**2)
    before, after, step = run.path[:, 1], run.path[:, 2], np.abs(run.gradients[:, 1])
    normal = np.abs(before) >= k.smallest()
    lost = (step < never * np.abs(before)) & (before != after)
    kept = (step > always * np.abs(before)) & (before == after) & normal
    return np.count_nonzero(lost, axis=1).astype(float), np.count_nonzero(kept, axis=1).astype(float)


def _spacing(formulas: Formulas, k: Kept) -> Floats:
    """How many coordinates are no whole multiple of the claimed spacing, and whether none of 64 or more is an odd one."""
    x = k.run(np.zeros(len(k.norms)), 1).path[:, 1]
    mantissa, _ = np.frexp(x[np.abs(x) >= k.smallest()])
    multiples = mantissa / _threshold(formulas, "spacing", k)
    return np.array([np.count_nonzero(multiples != np.rint(multiples)), float(multiples.size >= 64 and not np.any(multiples % 2 == 1))])


def _none(counts: Sequence[Floats]) -> Any:
    """Counts that ought to be 0."""
    return equal(np.concatenate(counts), 0.0)


def check(formulas: Formulas, settings: Sequence[Kept]) -> tuple[Measurement, ...]:
    """Spacing, both thresholds under decay, both under a step: counts of coordinates that do otherwise, all 0."""
    labels = [label for k in settings for label in k.labels()]
    steps = [_steps(formulas, k) for k in settings]
    spacings = np.concatenate([_spacing(formulas, k) for k in settings])
    return (
        measurement("coordinates off the claimed spacing", _none([spacings]), 0.0, [k.labels()[0] for k in settings for _ in range(2)]),
        measurement("coordinates that a small decay moves", _none([decays_below(formulas, k) for k in settings]), 0.0, labels),
        measurement("coordinates that a large decay leaves", _none([decays_above(formulas, k) for k in settings]), 0.0, labels),
        measurement("coordinates that a small step moves", _none([s for s, _ in steps]), 0.0, labels),
        measurement("coordinates that a large step leaves", _none([s for _, s in steps]), 0.0, labels),
    )


def _ordinary(seed: int, norm: float = 1.0, stochastic: bool = False) -> Kept:
    return Kept("float16", np.full(4, norm), np.full(4, 0.9), 300, seed, stochastic)


def _nearest(formulas: Formulas, seed: int) -> NumericWitness:
    ways = (_ordinary(seed), _ordinary(seed, stochastic=True))
    kept, dropped = (measurement("coordinates that a small decay moves", _none([decays_below(formulas, k)]), 0.0, k.labels()) for k in ways)
    return NumericWitness("stochastic rounding", kept, dropped)


def _normal(formulas: Formulas, seed: int) -> NumericWitness:
    """Coordinates near 1e-5, below 2^-14: subnormal in float16, counted as if they were normal."""

    class Subnormal(Kept):
        def smallest(self) -> float:
            return 2.0**-24

    small = Subnormal("float16", np.full(4, 3e-4), np.full(4, 0.9), 300, seed)
    kept, dropped = (
        measurement("coordinates that a large decay leaves", _none([decays_above(formulas, k)]), 0.0, k.labels())
        for k in (_ordinary(seed), small)
    )
    return NumericWitness("subnormal numbers of float16", kept, dropped)


EVIDENCE = Evidence(draw, check, {"nearest": _nearest, "normal": _normal})
