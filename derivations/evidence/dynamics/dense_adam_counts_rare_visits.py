"""B12g measured: Adam without momentum on rarely visited rows in two dimensions, where tangential gradients have one length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_least, at_most, listed, over
from derivations.evidence.formulas import value
from derivations.evidence.noise import Found, against, mean_of
from derivations.evidence.settings import log_uniform
from numerics.simulation.steps import Optimizer, Trajectory, drive
from theory.claims import Formulas
from theory.laws.dynamics.dense_adam_counts_rare_visits import DIM, FORGET, P

STEPS, HALF, ROWS = 512, 256, 256
FORGETS, RATIOS = (0.1, 0.3), (0.08, 30.0)  # 1 - beta_2, and p over it
SETTLED = 8.0  # visits of a lazy row before it counts, in units of 1/(1 - beta_2)
RARE = 0.12  # from where on down the bounds nearly meet


@dataclass(frozen=True)
class Visited:
    """One setting, run in `ROWS` replicates: ``ratio`` is that of the probability of a visit to 1 - beta_2."""

    forget: float
    ratio: float
    energy: float
    seed: int
    dimension: int = 2
    lazy: bool = False

    @property
    def probability(self) -> float:
        """Of a visit."""
        return min(self.forget * self.ratio, 1.0)

    @property
    def left_out(self) -> float:
        """What bias correction has still to make up for, relatively."""
        return float((1 - self.forget) ** HALF)

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"1-beta_2={self.forget:.3g} p={self.probability:.3g} G={self.energy:.3g} seed={self.seed}"


@lru_cache(maxsize=64)
def run_of(v: Visited) -> Trajectory:
    """Steps so small that neither norm nor direction moves."""
    optimizer = Optimizer("adam", lazy=v.lazy, momentum=0.0, second_momentum=1 - v.forget)
    return drive(1.0, np.full((ROWS, STEPS), v.energy), 1e-9, dimension=v.dimension, optimizer=optimizer, visits=v.probability,
                 seed=v.seed)  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[Visited]:
    """Rare and frequent visits."""
    return [
        Visited(float(log_uniform(rng, FORGETS, 1)[0]), float(log_uniform(rng, ends, 1)[0]), float(log_uniform(rng, (1e-3, 1e3), 1)[0]),
                int(rng.integers(2**31)))
        for ends in ((RATIOS[0], RARE), (RARE, 3.0), (3.0, RATIOS[1]))
        for _ in range(1 if effort == "quick" else 5)
    ]  # fmt: skip


def _claimed(formulas: Formulas, v: Visited, name: str) -> float:
    return float(value(formulas[name], {DIM: v.dimension, P: v.probability, FORGET: v.forget}))


def heat(run: Trajectory) -> Floats:
    """Squared lengths of steps, (rows, later steps)."""
    return np.asarray((run.heats / run.squared_norms[:, :-1])[:, HALF:])


def below(formulas: Formulas, settings: Sequence[Visited], name: str, side: float, what: str) -> Measurement:
    """How far the mean energy of a step is below ``side`` times a bound, or above it (``side`` -1), over the bound."""
    gaps, bounds = [], []
    for v in settings:
        mean, half = mean_of(heat(run_of(v)).mean(axis=1))
        claim = _claimed(formulas, v, name)
        gaps.append(over(at_least(mean, side * claim) if side > 0 else at_most(mean, claim), claim))
        bounds.append(half / claim + v.left_out)
    return measurement(what, listed(gaps), np.array(bounds), [v.label for v in settings])


def _scale(formulas: Formulas, v: Visited) -> Found:
    """Mean of ``v_i/g_i^2 = 1/s_i^2`` after visits, over the claim: both coordinates share it."""
    run = run_of(v)
    squares, visited = heat(run), run.visits[:, HALF:] > 0
    claim = _claimed(formulas, v, "mean_scale")
    counts = visited.sum(axis=1)
    totals = np.sum(np.where(visited, v.dimension / np.where(visited, squares, 1.0), 0.0), axis=1)
    return (totals - claim * counts) / (claim * counts.mean()), 0.0, v.left_out


def _lazy(formulas: Formulas, v: Visited) -> Found:
    """Mean energy of a step of lazy Adam over the claim; its bias correction counts steps, so v is short by beta_2^visits."""
    run = run_of(replace(v, lazy=True))
    visits = np.sum(run.visits[:, :HALF], axis=1)
    return heat(run).mean(axis=1) / _claimed(formulas, v, "lazy_heat"), 1.0, v.left_out + 2 * float(np.max((1 - v.forget) ** visits))


def check(formulas: Formulas, settings: Sequence[Visited]) -> tuple[Measurement, ...]:
    """Scale after a visit, both bounds, the bounds' meeting for rare visits, and the lazy optimiser."""
    labels = [v.label for v in settings]
    rare = [v for v in settings if v.ratio <= RARE]
    often = [v.forget * v.probability * HALF > SETTLED for v in settings]
    return (
        against("what a visit's square is divided by", [_scale(formulas, v) for v in settings], labels),
        below(formulas, settings, "least_heat", 1.0, "energy of a step below its lower bound"),
        below(formulas, settings, "most_heat", -1.0, "energy of a step above its upper bound"),
        below(formulas, rare, "most_heat", 1 / (1 + RARE), "energy of a step on rare visits, far below its upper bound"),
        against("energy of a lazy step", [_lazy(formulas, v) for v in settings], labels, often),
    )


def _ordinary(seed: int) -> Visited:
    return Visited(0.1, 3.0, 1.0, seed)


def _least(formulas: Formulas, v: Visited) -> Measurement:
    return below(formulas, [v], "least_heat", 1.0, "energy of a step below its lower bound")


def _steady(formulas: Formulas, seed: int) -> NumericWitness:
    """In 16 dimensions a coordinate of a random tangent is now large, now small."""
    kept, dropped = (_least(formulas, replace(_ordinary(seed), ratio=9.0, forget=0.11, dimension=d)) for d in (2, 16))
    return NumericWitness("gradients whose coordinates vary", kept, dropped)


def _dense(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (_least(formulas, replace(_ordinary(seed), lazy=lazy)) for lazy in (False, True))
    return NumericWitness("a lazy optimiser", kept, dropped)


EVIDENCE = Evidence(draw, check, {"steady-gradients": _steady, "dense": _dense})
