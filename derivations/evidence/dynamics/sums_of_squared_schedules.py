"""B9b measured: the arrays that are given to optimisers, their sums of squares, and what real runs grow by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, rounding
from derivations.evidence.comparison import measurement, single
from derivations.evidence.deviations import deviation, equal, largest, listed, within
from derivations.evidence.formulas import value
from numerics.simulation import schedules
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import drive
from theory.claims import Formulas
from theory.laws.dynamics.sums_of_squared_schedules import FALL, RISE
from theory.schedules import D, K, W, constant, cosine, harmonic, inverse_square_root, k, linear, warm_up, warm_up_stable_decay

ARRAYS: dict[str, Callable[[int], Floats]] = {
    "constant": schedules.constant, "linear": schedules.linear, "cosine": schedules.cosine,
    "ramp": lambda steps: schedules.warm_up(steps, steps),
}  # fmt: skip
FACTORS = {
    "constant": constant.FACTOR, "linear": linear.FACTOR, "cosine": cosine.FACTOR, "ramp": warm_up.RISING.subs(W, K),
    "inverse_square_root": inverse_square_root.FACTOR, "harmonic": harmonic.FACTOR,
}  # fmt: skip
LADDER = (512, 1024, 2048, 4096)
RISING, FALLING = 1 / 8, 1 / 4  # shares, so that they are whole numbers of steps on the ladder
DIMENSION = 8  # of runs
DRIVE = 1e-6  # eta^2 G/z_0 of the runs: they exceed their lower bound by at most half of that, relatively


def draw(rng: np.random.Generator, effort: str) -> Sequence[int]:
    """Numbers of steps, from 2 on."""
    return [2, 3, *(int(x) for x in np.exp(rng.uniform(1, 9, 10 if effort == "quick" else 60)))]


def _sums(formulas: Formulas, name: str, counts: Sequence[int]) -> Measurement:
    """A factor rounds 8 times at most; squares and sums of K of them add K + 2."""
    found = np.array([np.sum(ARRAYS[name](n) ** 2) for n in counts])
    claimed = value(formulas[name], {K: np.array(counts, float)})
    bound = rounding.gamma(np.array(counts) + 20.0) * np.maximum(found, 1.0)
    return measurement(f"sum of squares: {name}", equal(found, claimed), bound, [f"K={n}" for n in counts])


def _factors(counts: Sequence[int]) -> Measurement:
    """The definitions of theory against the arrays of numerics: two ways to write one schedule."""
    deviations, labels = [], list[str]()
    for n in counts:
        at = {k: np.arange(n, dtype=float), K: np.full(n, float(n))}
        for name, factor in FACTORS.items():
            array = ARRAYS[name](n) if name in ARRAYS else getattr(schedules, name)(n)
            deviations.append(largest(equal(array, value(factor, at))))
            labels.append(f"{name} K={n}")
        rising, falling = max(n // 3, 1), max(n // 4, 1)
        if n > rising + falling:
            whole = schedules.warm_up_stable_decay(n, rising, falling)
            parts = (value(warm_up_stable_decay.RISING, {k: np.arange(rising, dtype=float), W: float(rising)}),
                     np.ones(n - rising - falling),
                     value(warm_up_stable_decay.FALLING, {k: np.arange(falling, dtype=float), D: float(falling)}))  # fmt: skip
            deviations.append(largest(equal(whole, np.concatenate(parts))))
            labels.append(f"warm_up_stable_decay K={n}")
    return measurement("factors by their formulas", listed(deviations), rounding.gamma(20), labels)


def _bounds(formulas: Formulas, counts: Sequence[int]) -> tuple[Measurement, ...]:
    """Slow sums between their bounds; at K = 1, and for 1/k nowhere else, an upper one is attained."""
    counts = [1, *counts]
    at = {K: np.array(counts, float)}
    root, square = (np.array([np.sum(f(n) ** 2) for n in counts]) for f in (schedules.inverse_square_root, schedules.harmonic))
    least, most, bounded = (value(formulas[name], at) for name in ("square_root_least", "square_root_most", "harmonic_most"))
    slack, labels = rounding.gamma(np.array(counts) + 20.0) * 20, [f"K={n}" for n in counts]
    first = np.array(counts) == 1
    # of a decreasing term 1/(k+1) the sum and its integral differ by less than 1, and their difference by 1/K from its limit
    limit, inverse, off = np.euler_gamma - 0.5, 1 / np.array(counts), root - (least + most) / 2
    near = deviation(np.maximum(0, np.abs(off - limit) - inverse), off, np.clip(off, limit - inverse, limit + inverse))
    # the tail of sum 1/k^2 beyond K is between 1/(K + 1) and 1/K, which differ by less than 1/K^2; all of it is pi^2/6
    short, rest = 2 - bounded, np.pi**2 / 6 - square
    tail = deviation(np.maximum(0, np.abs(short - rest) - inverse**2), rest, np.clip(rest, short - inverse**2, short + inverse**2))
    return (
        measurement("inverse square root: below or above its bounds", within(root, least, most), slack, labels),
        measurement("inverse square root: near the middle of its bounds", near, slack, labels),
        measurement("1/k: above its bound, or off it at one step", np.where(first, np.abs(square - bounded), square - bounded),
                    slack, labels),
        measurement("1/k: the bound falls short of 2 by the tail", tail, slack, labels),
    )


def _shares(formulas: Formulas) -> Measurement:
    """Sums over K, extrapolated to many steps."""
    kinds: dict[str, Callable[[int], Floats]] = {
        "linear_share": schedules.linear, "cosine_share": schedules.cosine,
        "stable_share": lambda n: schedules.warm_up_stable_decay(n, int(RISING * n), int(FALLING * n)),
    }  # fmt: skip
    values = np.array([[np.sum(f(n) ** 2) / n for n in LADDER] for f in kinds.values()])
    limits, left = order.extrapolated(values)
    claimed = np.array([float(value(formulas[name], {RISE: RISING, FALL: FALLING})) for name in kinds])
    return measurement("share in the long run", equal(limits, claimed), left + rounding.gamma(3 * LADDER[-1]), list(kinds))


def grown(factors: Floats, seed: int) -> float:
    """What the fourth power of a run's norm grows by, in units of twice the drive of a step at the largest learning rate."""
    run = drive(1.0, np.ones((1, len(factors))), np.sqrt(DRIVE), dimension=DIMENSION, optimizer=Optimizer(schedule=factors), seed=seed)
    return float((run.squared_norms[0, -1] ** 2 - 1) / (2 * DRIVE))


def _runs(formulas: Formulas, counts: Sequence[int]) -> Measurement:
    """Growth of SGD runs; of a step, relatively to its growth, rounding over the drive, 8 d + 60 of them four times."""
    deviations, bounds, labels = [], [], list[str]()
    for name, array in ARRAYS.items():
        for n in [c for c in counts if c <= 500]:
            claimed = float(value(formulas[name], {K: float(n)}))
            deviations.append(equal(grown(array(n), n), claimed))
            bounds.append(DRIVE / 2 * claimed + 4 * float(rounding.gamma(8 * DIMENSION + 60)) * n / DRIVE)
            labels.append(f"{name} K={n}")
    return measurement("growth of runs", listed(deviations), np.array(bounds), labels)


def check(formulas: Formulas, counts: Sequence[int]) -> tuple[Measurement, ...]:
    """Sums, factors, bounds, shares, and runs."""
    sums = tuple(_sums(formulas, name, counts) for name in ARRAYS)
    return (*sums, _factors(counts), *_bounds(formulas, counts), _shares(formulas), _runs(formulas, counts))


def _witness(words: str, name: str, kept: Any, dropped: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:  # noqa: ARG001
        measured = []
        for factors in (kept(), dropped()):
            claimed = float(value(formulas[name], {K: float(len(factors))}))
            bound = float(rounding.gamma(len(factors) + 20) * max(np.sum(factors**2), 1.0))  # as in _sums
            measured.append(single("sum of squares", equal(float(np.sum(factors**2)), claimed), bound, words))
        return NumericWitness(words, *measured)

    return drop


EVIDENCE = Evidence(draw, check, {
    "counted-from-zero": _witness("linear decay counted from 1", "linear",
                                  lambda: schedules.linear(10), lambda: schedules.linear(10) - 0.1),
    "several-steps": _witness("cosine over a single step", "cosine", lambda: schedules.cosine(2), lambda: schedules.cosine(1)),
})  # fmt: skip
