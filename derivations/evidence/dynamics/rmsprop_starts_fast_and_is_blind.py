"""B12i measured: RMSProp on gradients that stand still, to rounding; on heavy tails; and on white tangential noise of any energy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.deviations import equal, largest, over, relative, times
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
from derivations.evidence.noise import ROWS, STEPS, Found, Noise, against, draw_noise
from derivations.evidence.rounding import gamma
from numerics.simulation.steps import Optimizer, Trajectory, drive
from theory.claims import Formulas
from theory.laws.dynamics.rmsprop_starts_fast_and_is_blind import BETA, DIM, LEFT, SQUARE, A, H, V, W
from theory.notation import eta, lam

PRODUCTS = (0.02, 0.3)  # eta lambda: a run is ten relaxation times and more
BETAS = (0.96, 0.99)  # half a run is then long enough to forget the start, and more
FEW = 48  # steps of runs to rounding
STANDING = 1e-300  # a step size with which no step moves anything
HALF = STEPS // 2
Exact = Callable[[Formulas, "Scaled"], tuple[Any, float]]  # deviation and bound, to rounding
START = 100.0  # squared norm of a relaxing run over the equilibrium's


@dataclass(frozen=True)
class Scaled(Noise):
    """One setting, with the ``beta`` of the mean of squares; the momentum is not RMSProp's."""

    beta: float = 0.98

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"{super().label} beta={self.beta:.4g}"

    def start_up(self, steps: int) -> Floats:
        """``1/(1 - beta^k)``, k = 1 .. steps: the claim under test says so of the heat, and gradients are prepared for it."""
        return np.asarray(1 / (1 - self.beta ** np.arange(1.0, steps + 1)))

    def predicted(self, start: float) -> Floats:
        """Squared norms over the equilibrium's, (STEPS + 1,), for which gradients are prepared so that they keep their length."""
        kept, found = (1 - self.product) ** 2, [start]
        for heat in self.start_up(STEPS):
            found.append(kept * found[-1] + (1 - kept) * heat)
        return np.array(found)

    def at(self, product: float) -> Scaled:
        """With another eta lambda."""
        return replace(self, product=product)

    def noise(self, norm: float, squared_norms: Floats) -> Trajectory:
        """RMSProp, gradients as `Noise.run` has them."""
        return self.run(norm, squared_norms, "rmsprop", second_momentum=self.beta)


def settings_of(noises: Sequence[Noise], betas: Sequence[float]) -> list[Scaled]:
    """Noise with a beta."""
    return [Scaled(**vars(n), beta=b) for n, b in zip(noises, betas, strict=True)]


def draw(rng: np.random.Generator, effort: str) -> Sequence[Scaled]:
    """With decay, betas over their range."""
    noises = draw_noise(rng, effort, PRODUCTS)
    return settings_of(noises, [float(b) for b in rng.uniform(*BETAS, len(noises))])


def _claimed(formulas: Formulas, name: str, n: Scaled) -> float:
    return float(value(formulas[name], {DIM: n.dimension, BETA: n.beta, eta: n.step_size, lam: n.decay}))


def _still(n: Scaled, spread: float, persistence: float) -> tuple[Trajectory, Floats]:
    """``FEW`` steps that move nothing, on energies with a log-normal ``spread``; and v by coordinate, (8, FEW + 1, d)."""
    energies = n.energy * np.exp(spread * np.random.default_rng([n.seed, 53]).standard_normal((8, FEW)))
    run = drive(1.0, energies, STANDING, dimension=n.dimension, persistence=persistence, seed=n.seed, path=True,
                optimizer=Optimizer("rmsprop", second_momentum=n.beta, epsilon=n.epsilon))  # fmt: skip
    means = [np.zeros((8, n.dimension))]
    for k in range(FEW):
        means.append(n.beta * means[-1] + (1 - n.beta) * run.gradients[:, k] ** 2)
    return run, np.stack(means, axis=1)


def _lengths(run: Trajectory) -> Floats:
    return np.asarray(run.heats / run.squared_norms[:, :-1])


def _rounding(n: Scaled) -> float:
    """Relative: 4 roundings a step in v, 2 d for lengths and sums, and as many in powers of beta, over what ``1 - beta`` cancels."""
    return float(gamma(4 * FEW + 4 * n.dimension + 40)) / (1 - n.beta)


def shares(formulas: Formulas, n: Scaled) -> tuple[Any, float]:
    """Squared steps of heavy-tailed gradients less the sum of shares; relative to their largest value."""
    run, v = _still(n, 1.0, 0.3)
    claim = np.sum(value(formulas["share"], {V: v[:, :-1], W: v[:, 1:], BETA: n.beta}), axis=2)
    return over(times(largest(equal(_lengths(run), claim)), 1 - n.beta), n.dimension), _rounding(n)


def _first(formulas: Formulas, n: Scaled) -> tuple[float, float]:
    """The first squared step of any gradients over the cap; and how far later ones are above it."""
    lengths = _lengths(_still(n, 1.0, 0.3)[0]) / n.dimension / _claimed(formulas, "cap", n)
    return float(np.maximum(np.max(np.abs(lengths[:, 0] - 1)), np.max(lengths - 1))), _rounding(n)


def _second(formulas: Formulas, n: Scaled) -> tuple[Any, float]:
    """``v`` of a gradient that stands still, relative."""
    run, v = _still(n, 0.0, 1.0)
    left = (n.beta ** np.arange(1.0, FEW + 1))[:, None]
    claim = value(formulas["second_moment"], {SQUARE: run.gradients**2, LEFT: left, BETA: n.beta})
    return largest(relative(v[:, 1:], claim)), _rounding(n)


def heat(formulas: Formulas, n: Scaled) -> tuple[Any, float]:
    """Its squared steps, relative."""
    claim = value(formulas["heat"], {LEFT: n.beta ** np.arange(1.0, FEW + 1), DIM: n.dimension})
    return largest(relative(_lengths(_still(n, 0.0, 1.0)[0]), claim)), _rounding(n)


def _long_run(formulas: Formulas, n: Scaled) -> tuple[float, float]:
    """How far, over d, the mean squared step of heavy tails is above the bound; and steady ones, d, beyond 1 - beta below it."""
    run, v = _still(n, 2.0, 0.3)
    bound = _claimed(formulas, "long_run", n) / n.dimension
    telescoped = np.mean(np.log(v[:, -1] / v[:, 1]), axis=1) / (FEW - 1) / (1 - n.beta)
    above = np.mean(_lengths(run)[:, 1:], axis=1) / n.dimension - bound - telescoped
    return max(float(np.max(above)), bound - 1 - (1 - n.beta), 1 - bound, 0.0), _rounding(n)


def _left_out(n: Scaled, run: Trajectory) -> float:
    """That squares are not steady: to first order a share ``(1 - beta)(E g^4/(E g^2)^2 - 1)/2 <= 1 - beta``, doubled for what is beyond it;

    and how far lengths are from their mean with weights of beta.
    """
    lengths = np.mean(run.energies / run.squared_norms[:, :-1], axis=0)
    mean, farthest = 0.0, 0.0
    for k, x in enumerate(lengths):
        mean = n.beta * mean + (1 - n.beta) * x
        farthest = max(farthest, abs(x * (1 - n.beta ** (k + 1)) / mean - 1) if k >= HALF else 0.0)
    return 2 * (1 - n.beta) + farthest


def placed(formulas: Formulas, n: Scaled, start: float = 1.0) -> Trajectory:
    """A run from ``start`` times the claimed equilibrium."""
    star = abs(_claimed(formulas, "equilibrium", n))
    return n.noise(np.sqrt(start * star), n.predicted(start)[:-1] * star)


def norm(formulas: Formulas, n: Scaled, run: Trajectory) -> Found:
    """Mean squared norm over the second half over the claim; what is left of the start is known."""
    found = run.squared_norms[:, HALF:].mean(axis=1) / _claimed(formulas, "equilibrium", n)
    return found, 1.0, _left_out(n, run) + float(np.mean(n.predicted(1.0)[HALF:])) - 1


def step(formulas: Formulas, n: Scaled, run: Trajectory) -> Found:
    """The squared norm after a step less the claim for the heat that it has, in units of a settled heat: 0 at any beta."""
    before = run.squared_norms[:, :-1]
    claim = value(formulas["next_squared_norm"], {A: before, H: _lengths(run), eta: n.step_size, lam: n.decay})
    unit = n.step_size**2 * n.dimension
    rounded = float(gamma(8 * n.dimension + 60)) * 2 * run.squared_norms.max()  # as `rounding.step` counts
    return np.mean((run.squared_norms[:, 1:] - claim)[:, HALF:], axis=1) / unit, 0.0, rounded / unit


def turn(formulas: Formulas, n: Scaled, run: Trajectory) -> Found:
    """``<u, u'>`` less the claimed share of ``|u|^2``, over ``eta lambda`` of it: 0 at any beta."""
    squares = run.squared_norms
    products = np.cos(run.rotations) * np.sqrt(squares[:, :-1] * squares[:, 1:])
    off = np.mean(products[:, HALF:] - _claimed(formulas, "cos_rotation", n) * squares[:, HALF:-1], axis=1)
    return off / n.product / np.mean(squares[:, HALF:]), 0.0, float(gamma(8 * n.dimension + 60)) / n.product


def growth(formulas: Formulas, n: Scaled) -> Found:
    """Without decay, from where the claim doubles the squared norm; second half, over ``eta^2 d``."""
    unit = n.step_size**2 * n.dimension
    predicted = unit * (STEPS + np.concatenate([[0.0], np.cumsum(n.start_up(STEPS - 1))]))
    run = n.at(0.0).noise(np.sqrt(predicted[0]), predicted)
    found = (run.squared_norms[:, -1] - run.squared_norms[:, HALF]) / (STEPS - HALF)
    claim = _claimed(formulas, "growth", n)
    return found / claim, 1.0, _left_out(n, run) + float(np.mean(n.start_up(STEPS)[HALF:])) - 1


def _walked(n: Scaled, run: Trajectory, steps: int) -> float:
    """Rounding of a squared norm after so many steps: of u and of the step, 4 a step; of lengths, 2 d + 20; of what is left, 1 a step."""
    lengths = np.sqrt(run.squared_norms[:, :steps]) + n.step_size * np.sqrt(_lengths(run)[:, :steps])
    each = 2 * gamma(4) + gamma(2 * n.dimension + 20 + steps)
    return float(each * np.max(np.sum(lengths**2, axis=1)) + gamma(n.dimension) * np.max(run.squared_norms[:, 0]))


def _relaxation(formulas: Formulas, n: Scaled) -> Found:
    """Two runs of one noise from different norms, less what different heats make of it: what is left of their first difference."""
    star, later = abs(_claimed(formulas, "equilibrium", n)), max(1, int(np.rint(1 / (2 * n.product))))
    factor = _claimed(formulas, "relaxation", n)
    far, near = (placed(formulas, n, start) for start in (START, 1.0))
    heats = n.step_size**2 * (_lengths(far) - _lengths(near))[:, :later] / star
    gap = (far.squared_norms[:, later] - near.squared_norms[:, later]) / star - heats @ factor ** np.arange(later - 1.0, -1.0, -1.0)
    return gap, (START - 1) * factor**later, sum(_walked(n, run, later) for run in (far, near)) / star


def _exactly(what: str, law: Exact, formulas: Formulas, settings: Sequence[Scaled]) -> Measurement:
    return paired(what, [law(formulas, n) for n in settings], [n.label for n in settings])


def check(formulas: Formulas, settings: Sequence[Scaled]) -> tuple[Measurement, ...]:
    """To rounding: shares, cap, means of squares, heat, the long run. By intervals: norm, steps, rotation, growth, relaxation."""
    labels, runs = [n.label for n in settings], [(n, placed(formulas, n)) for n in settings]
    some = settings[: max(1, len(settings) // 2)]
    exact = {"squared step by means of squares": shares, "first squared step, the largest": _first, "mean of squares": _second,
             "squared steps of a standing gradient": heat, "mean squared step in the long run": _long_run}  # fmt: skip
    return (
        *(_exactly(what, law, formulas, settings) for what, law in exact.items()),
        against("squared norm at equilibrium", [norm(formulas, n, r) for n, r in runs], labels),
        against("squared norm after a step", [step(formulas, n, r) for n, r in runs], labels),
        against("rotation at equilibrium", [turn(formulas, n, r) for n, r in runs], labels),
        against("growth of a step", [growth(formulas, n) for n in some], labels[: len(some)]),
        against("relaxation of the squared norm", [_relaxation(formulas, n) for n in some], labels[: len(some)]),
    )


def _ordinary(seed: int, **changed: Any) -> Scaled:
    return Scaled(16, 0.0, 0.01, 1.0, 0.1, seed, **changed)


def _norms(formulas: Formulas, n: Scaled, run: Trajectory) -> Measurement:
    return against("squared norm at equilibrium", [norm(formulas, n, run)], [n.label])


def _driven(formulas: Formulas, n: Scaled, energies: Floats, alignment: float = 0.0) -> Measurement:
    """The norm of runs from the claimed equilibrium on other gradients, held to the claim by the share that random squares leave out."""
    star = abs(_claimed(formulas, "equilibrium", n))
    run = drive(np.sqrt(star), energies, n.step_size, n.decay, dimension=n.dimension, alignment=alignment, seed=n.seed,
                optimizer=Optimizer("rmsprop", second_momentum=n.beta))  # fmt: skip
    return against("squared norm at equilibrium", [(run.squared_norms[:, HALF:].mean(axis=1) / star, 1.0, 2 * (1 - n.beta))], [n.label])


def _symmetric(formulas: Formulas, seed: int) -> NumericWitness:
    n = _ordinary(seed)
    dropped = _driven(formulas, n, np.ones((ROWS, STEPS)), alignment=0.4)
    return NumericWitness("gradients with a radial part, always outwards", _norms(formulas, n, placed(formulas, n)), dropped)


def _steady(formulas: Formulas, seed: int) -> NumericWitness:
    """Energies at every step drawn anew, log-normal with a spread of 3: most are small, a few make up v."""
    n = _ordinary(seed)
    energies = np.exp(3 * np.random.default_rng([seed, 59]).standard_normal((ROWS, STEPS)))
    dropped = _driven(formulas, n, energies)
    return NumericWitness("gradients of very different lengths", _norms(formulas, n, placed(formulas, n)), dropped)


def _settled(formulas: Formulas, seed: int) -> NumericWitness:
    """Growth without decay, over the second half of a run, and over its first ten steps."""
    n = _ordinary(seed)
    unit = n.step_size**2 * n.dimension
    run = n.at(0.0).noise(np.sqrt(1000 * unit), np.ones(10))
    found = (run.squared_norms[:, -1] - run.squared_norms[:, 0]) / 10 / _claimed(formulas, "growth", n)
    kept, dropped = (against("growth of a step", [g], [n.label]) for g in (growth(formulas, n), (found, 1.0, 2 * (1 - n.beta))))
    return NumericWitness("the first ten steps", kept, dropped)


def _no_epsilon(formulas: Formulas, seed: int) -> NumericWitness:
    both = (_exactly("squared step", shares, formulas, [n]) for n in (_ordinary(seed), _ordinary(seed, epsilon=0.1)))
    return NumericWitness("an epsilon of a tenth", *both)


def _range(formulas: Formulas, seed: int) -> NumericWitness:
    """``eta lambda = 2.2``: the embedding overshoots and grows without bound."""
    n, wild = _ordinary(seed), _ordinary(seed).at(2.2)
    run = wild.noise(1.0, np.ones(100))
    found = [(run.squared_norms[:, -1] / _claimed(formulas, "equilibrium", wild), 1.0, 0.1)]
    return NumericWitness("eta lambda = 2.2", _norms(formulas, n, placed(formulas, n)), against("squared norm", found, [n.label]))


EVIDENCE = Evidence(
    draw, check,
    {"symmetric": _symmetric, "steady-squares": _steady, "settled": _settled, "no-epsilon": _no_epsilon, "in-range": _range},
)  # fmt: skip
