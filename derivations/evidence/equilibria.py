"""Long runs under white gradients: means over time of an embedding and its momentum, one a run, against a fixed point of moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Floats, Measurement, NumericWitness
from derivations.evidence.comparison import single
from derivations.evidence.deviations import deviation
from derivations.evidence.formulas import value
from derivations.evidence.gathering import by_name
from derivations.evidence.momentum import momenta
from derivations.evidence.replicates import mean_within
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import drive
from theory.claims import Formulas
from theory.momentum import BETA
from theory.notation import G, eta, lam

STEP_SIZE = 0.1
FORGET = 10  # runs begin to count after so many 1/(eta lambda): of the start e^-20 is left, and less where decay is coupled
LASTING = 10  # and count for so many
MOMENTUM = (0.3, 0.9)
PRODUCTS = (0.02, 0.06)  # eta lambda
SMALL = 0.005  # eta lambda at which limits are measured


@dataclass(frozen=True)
class Long:
    """Independent runs that have forgotten their start; ``product`` = eta lambda."""

    rule: str
    kind: str  # coupled or decoupled
    beta: float
    product: float
    energy: float
    seed: int
    runs: int = 16
    dimension: int = 16
    persistence: float = 0.0
    alignment: float = 0.0
    told: float = 1.0  # the energy that the law is told, over the energy that acts
    forget: int = 0  # steps, if not FORGET/product

    @property
    def known(self) -> dict[Any, Any]:
        """What the formulas are told."""
        return {eta: STEP_SIZE, lam: self.product / STEP_SIZE, BETA: self.beta, G: self.energy * self.told}

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"{self.rule} {self.kind} beta={self.beta:.4g} eta lambda={self.product:.4g} G={self.energy:.3g} seed={self.seed}"


@dataclass(frozen=True)
class Means:
    """Means over time, one a run, (runs,)."""

    square: Floats  # |u|^2
    inverse: Floats  # |u|^-2
    cross: Floats  # <u_k, m_{k-1}>
    momentum: Floats  # |m|^2
    turned: Floats  # <u_k, u_{k+1}>, by the angle


def simulate(long: Long) -> Means:
    """Runs from near where SGD would stay."""
    first = long.forget or int(FORGET / long.product)
    steps = first + max(int(LASTING / long.product), 20)
    start = (STEP_SIZE**2 * long.energy / long.product / (1 - long.beta)) ** 0.25
    decay, coupled = long.product / STEP_SIZE, long.kind == "coupled"
    run = drive(
        start, np.full((long.runs, steps), long.energy), STEP_SIZE, decay, dimension=long.dimension, alignment=long.alignment,
        persistence=long.persistence, optimizer=Optimizer(long.rule, coupled=coupled, momentum=long.beta), path=True, seed=long.seed,
    )  # fmt: skip
    m = momenta(run, long.beta, np.full(long.runs, decay if coupled else 0.0))[:, first:-1]
    u, z = run.path[:, first:-1], run.squared_norms[:, first:]
    turned = np.sqrt(z[:, :-1] * z[:, 1:]) * np.cos(run.rotations[:, first:])
    fields = (z[:, :-1], 1 / z[:, :-1], np.einsum("rkd,rkd->rk", u, m), np.einsum("rkd,rkd->rk", m, m), turned)
    return Means(*(f.mean(axis=1) for f in fields))


def compare(formulas: Formulas, long: Long) -> dict[str, tuple[Any, float]]:
    """Deviation and bound, relative, of what the law says of means: each is a mean that must be 0."""
    found = simulate(long)
    fourth, cross, momentum, cosine = (
        float(value(formulas[f"{long.kind}_{name}"], long.known)) for name in ("fourth", "cross", "momentum", "cosine")
    )  # fmt: skip
    scale = float(np.mean(found.square))
    sides = {
        "squared norm against heat": (found.square, fourth * found.inverse, scale),
        "embedding along momentum": (found.cross, cross * found.square, abs(cross) * scale),
        "squared momentum": (found.momentum, momentum * found.square, momentum * scale),
        "turn of a step": (found.turned, cosine * found.square, (1 - cosine) * scale),
    }
    return {f"{long.kind} decay: {name}": _zero(*x) for name, x in sides.items()}


def limits(formulas: Formulas, long: Long) -> dict[str, tuple[Any, float]]:
    """Norm and rotation against their limits.

    At eta lambda = p the norms are off by at most 4 p/(1 - beta), relatively: of the exact ones, a factor
    1 - beta + beta p is the largest part. The rotations are off by at most 8 p: ``p beta (1+beta)(1+2 beta)`` over
    ``1 + 2 beta - 2 beta^3`` is at most 6 p (Nesterov, coupled), and denominators add 1.5 p.
    """
    found, p = simulate(long), long.product
    limit, turn = (float(value(formulas[f"{long.kind}_{name}"], long.known)) for name in ("limit", "turn"))
    scale = float(np.mean(found.square))
    sides = {
        "limit of the fourth power": (found.square, limit * found.inverse, scale),
        "limit of the squared rotation": (2 * (found.square - found.turned) / p, turn * found.square, turn * scale),
    }
    left = (4 * p / (1 - long.beta), 8 * p)
    return {f"{long.kind} decay: {name}": (d, w + e) for (name, x), e in zip(sides.items(), left, strict=True) for d, w in [_zero(*x)]}


def _zero(observed: Floats, predicted: Floats, size: float) -> tuple[Any, float]:
    """The mean of what ought to be 0, over a size, with its interval; both sides by their means."""
    mean, width = mean_within((observed - predicted) / size)
    return deviation(np.abs(mean), np.mean(observed), np.mean(predicted), size), float(width)


def drawn(rule: str, rng: np.random.Generator, effort: str) -> Sequence[tuple[Long, Long]]:
    """Both kinds of decay: a setting of their ranges, and beside it one of small eta lambda for the limits."""
    each = 1 if effort == "quick" else 6
    seeds = [int(s) for s in rng.integers(2**31, size=4 * each)]
    groups = []
    for i in range(each):
        for j, kind in enumerate(("decoupled", "coupled")):
            energy = float(np.exp(rng.uniform(-3, 3)))
            usual = Long(rule, kind, float(rng.uniform(*MOMENTUM)), float(rng.uniform(*PRODUCTS)), energy, seeds[4 * i + j])
            small = Long(rule, kind, float(rng.uniform(0.5, 0.7)), SMALL, energy, seeds[4 * i + 2 + j])
            groups.append((usual, small))
    return groups


def flat(settings: Sequence[Any]) -> list[Long]:
    """The runs among the settings, drawn in pairs or given one by one."""
    return [g for x in settings for g in (x if isinstance(x, tuple) else (x,)) if isinstance(g, Long)]


def check(formulas: Formulas, settings: Sequence[Any]) -> tuple[Measurement, ...]:
    """Every mean of every group; limits where eta lambda is small."""
    rows = [
        (g.label, name, *pair) for g in flat(settings)
        for name, pair in (limits if g.product <= SMALL else compare)(formulas, g).items()
    ]  # fmt: skip
    return by_name(rows)


def witness(
    words: str, usual_rule: str, which: str = "squared norm against heat", **changed: Any
) -> Callable[[Formulas, int], NumericWitness]:
    """One mean of a usual group, and of one that differs in one respect."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        usual = Long(usual_rule, "decoupled", 0.6, 0.05, 1.0, seed)
        measured = []
        for long in (usual, replace(usual, **changed)):
            measured.append(single(which, *compare(formulas, long)[f"decoupled decay: {which}"], long.label))
        return NumericWitness(words, *measured)

    return drop
