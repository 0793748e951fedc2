"""B8f measured: what a relaxation time leaves of the distance between two bundles of runs, one from above, one from below.

A step of any of these rules takes ``(u, m)`` to ``T (u, m) + b g``. A left eigenvector ``(1, -l)`` of ``T`` makes a shadow
``w = u - l m`` that moves as ``w' = x w - s g``, ``x`` its eigenvalue. For white gradients at a right angle to ``u``,
``t = |w'|^2 - x^2 |w|^2`` has the mean ``s^2 G/|u|^2``, whatever went before, so that exactly

    E|w'|^4 = x^4 E|w|^4 + 2 x^2 s^2 G E[|w|^2/|u|^2] + E t^2.

The distance between the bundles' means shrinks by ``x^4`` a step, but for what ``|w|^2/|u|^2`` and ``t^2`` differ by: that is
added up along the runs, and so is what ``|u|^4`` differs from ``|w|^4`` by at the end. It is what the limit leaves out, with the
difference of ``x^4`` and ``1 - c eta lambda`` (`Shadow.rate_left_out`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import single
from derivations.evidence.deviations import equal
from derivations.evidence.equilibria import STEP_SIZE
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
from derivations.evidence.momentum import momenta
from derivations.evidence.replicates import mean
from derivations.evidence.settings import log_uniform
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import drive
from theory.claims import Formulas
from theory.equilibria import KINDS, rules
from theory.hypotheses import TANGENT
from theory.momentum import BETA
from theory.momentum import MOMENTUM as DIRECTION
from theory.notation import eta, lam, u
from theory.optimizers import heavy_ball, nesterov
from theory.vectors import unit

RULES = {"heavy_ball": rules(heavy_ball), "nesterov": rules(nesterov)}
MOMENTUM = (0.3, 0.8)
PRODUCTS = (0.003, 0.01)  # eta lambda over (1 - beta)^2
APART = 4.0  # how far above and below the place of rest the fourth powers start, as a factor


@dataclass(frozen=True)
class Pair:
    """Two bundles of runs that differ in where they start; ``product`` = eta lambda. The last four break hypotheses."""

    rule: str
    kind: str  # coupled or decoupled
    beta: float
    product: float
    energy: float
    seed: int
    rows: int = 64
    dimension: int = 16
    alignment: float = 0.0
    persistence: float = 0.0
    dampened: bool = False  # m a mean of gradients and decay
    swelling: bool = False  # gradients that do not shrink as the norm grows

    @property
    def known(self) -> dict[Any, Any]:
        """What formulas are told."""
        return {eta: STEP_SIZE, lam: self.product / STEP_SIZE, BETA: self.beta}

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"{self.rule} {self.kind} beta={self.beta:.4g} eta lambda={self.product:.4g} G={self.energy:.3g} seed={self.seed}"


@dataclass(frozen=True)
class Shadow:
    """``w = u - lag m`` and its step: what it keeps of itself, and of the gradient."""

    kept: float
    lag: float
    step: float

    @property
    def steps(self) -> int:
        """A relaxation time of its fourth power."""
        return max(1, round(1 / (4 * (1 - self.kept))))

    def rest(self, energy: float) -> float:
        """The fourth power at which gain and loss are equal, but for terms of higher order: where runs start apart from."""
        return self.step**2 * energy / (2 * (1 - self.kept))

    def rate_left_out(self, pair: Pair) -> float:
        """How far ``x^(4 K)`` is from the limit's power.

        With ``y = 1 - x``: ``-ln x`` is within ``y^2`` of ``y``. The other eigenvalue is ``beta`` and ``y = eta lambda = p``
        if decay is decoupled; coupled, ``y (1 - beta) = p + y^2 - a y p``, ``a`` = 1 (heavy ball) or 1 + beta (Nesterov).
        """
        y, p = 1 - self.kept, pair.product
        exponent = 4 * self.steps * (y**2 + (y**2 + 2 * y * p) / (1 - pair.beta))
        return float(self.kept ** (4 * self.steps) * np.expm1(exponent))


def shadow(pair: Pair) -> Shadow:
    """From the rule's definition, by the slower of its two modes."""
    moved = RULES[pair.rule][pair.kind](unit(u), unit(DIRECTION), unit(TANGENT))
    table = np.array([[float(value(v.terms.get(d, 0), pair.known)) for d in (u, DIRECTION, TANGENT)] for v in moved])
    values, vectors = np.linalg.eig(table[:, :2].T)
    slow = int(np.argmax(values.real))
    left = (vectors[:, slow] / vectors[0, slow]).real
    return Shadow(float(values[slow].real), -float(left[1]), -float(left @ table[:, 2]))


@dataclass(frozen=True)
class Bundle:
    """Fourth powers of the embedding at the end, (rows,), and means over rows: ``|w|^4`` there, ``|w|^2/|u|^2`` and ``t^2`` a step."""

    fourth: Floats
    shadow: float
    ratios: Floats
    gained: Floats


def _energies(pair: Pair, of: Shadow, start: float) -> Floats:
    """The same at every step; swelling, as |u|^2 on its way to where gradients of that length would keep it."""
    if not pair.swelling:
        return np.full(of.steps, pair.energy)
    rest = np.sqrt(of.rest(pair.energy))
    squares = rest + (np.sqrt(start) - rest) * of.kept ** (2.0 * np.arange(of.steps))
    return np.asarray(pair.energy * squares / rest)


def bundle(pair: Pair, of: Shadow, start: float) -> Bundle:
    """Runs from the fourth power ``start``."""
    part = 1 - pair.beta if pair.dampened else 1.0
    decay = part * pair.product / STEP_SIZE
    energies = np.broadcast_to(part**2 * _energies(pair, of, start), (pair.rows, of.steps))
    run = drive(
        start**0.25, energies, STEP_SIZE, decay, dimension=pair.dimension, alignment=pair.alignment, persistence=pair.persistence,
        optimizer=Optimizer(pair.rule, coupled=pair.kind == "coupled", momentum=pair.beta), path=True, seed=pair.seed,
    )  # fmt: skip
    m = momenta(run, pair.beta, np.full(pair.rows, decay if pair.kind == "coupled" else 0.0))
    squares = np.sum((run.path - of.lag * m) ** 2, axis=2)
    gained = (squares[:, 1:] - of.kept**2 * squares[:, :-1]) ** 2
    ratios = squares[:, :-1] / run.squared_norms[:, :-1]
    return Bundle(run.squared_norms[:, -1] ** 2, float(np.mean(squares[:, -1] ** 2)), ratios.mean(axis=0), gained.mean(axis=0))


def compare(formulas: Formulas, pair: Pair) -> tuple[Any, float]:
    """What is left of the distance, against the claim; interval, what the limit leaves out, and rounding."""
    of = shadow(pair)
    rest, k = of.rest(pair.energy), of.steps
    above, below = (bundle(pair, of, start) for start in (APART * rest, rest / APART))
    apart = (APART - 1 / APART) * rest
    left, width = mean((above.fourth - below.fourth) / apart)
    rate = value(formulas[f"{pair.kind}_rate"], pair.known)
    weights = of.kept ** (4.0 * np.arange(k - 1, -1, -1))
    pushed = 2 * of.kept**2 * of.step**2 * pair.energy * (above.ratios - below.ratios) + above.gained - below.gained
    ends = (np.mean(above.fourth) - above.shadow) - (np.mean(below.fourth) - below.shadow)
    left_out = (abs(float(weights @ pushed)) + abs(float(ends))) / apart + of.rate_left_out(pair)
    # every step rounds as in `rounding.step`; the fourth power doubles that, and the upper bundle counts most, APART over apart
    rounded = 4 * float(rounding.gamma(k * (8 * pair.dimension + 60)))
    return equal(left, np.exp(-rate * pair.product * k)), float(width) + left_out + rounded


def draw(rng: np.random.Generator, effort: str) -> Sequence[Pair]:
    """Both rules with both kinds of decay."""
    return [
        Pair(rule, kind, beta, float(log_uniform(rng, PRODUCTS, 1)[0]) * (1 - beta) ** 2, float(np.exp(rng.uniform(-3, 3))),
             int(rng.integers(2**31)))
        for _ in range(1 if effort == "quick" else 6) for rule in RULES for kind in KINDS for beta in [float(rng.uniform(*MOMENTUM))]
    ]  # fmt: skip


WHAT = "distance of fourth powers after a relaxation time"


def check(formulas: Formulas, pairs: Sequence[Pair]) -> tuple[Measurement, ...]:
    """Every pair, by kind of decay."""
    found = []
    for kind in KINDS:
        some = [p for p in pairs if p.kind == kind]
        if some:
            found.append(paired(f"{WHAT}, {kind} decay", [compare(formulas, p) for p in some], [p.label for p in some]))
    return tuple(found)


def _witness(words: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        usual = Pair("heavy_ball", "coupled", 0.6, 0.001, 1.0, seed)
        found = [(p.label, *compare(formulas, p)) for p in (usual, replace(usual, **changed))]
        bound = found[0][2]  # what the law allows where it holds
        return NumericWitness(words, *(single(WHAT, d, bound, label) for label, d, _ in found))

    return drop


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("gradients with a radial part", alignment=0.3),
    "update-rule": _witness("momentum that is a mean of gradients and decay, not a sum", dampened=True),
    "white": _witness("gradients that persist for as long as a norm takes to relax", persistence=0.999),
    "energy-without-norm": _witness("gradients of one length whatever the norm", swelling=True),
    "small-decay": _witness("eta lambda = 0.2", kind="decoupled", product=0.2),
})  # fmt: skip
