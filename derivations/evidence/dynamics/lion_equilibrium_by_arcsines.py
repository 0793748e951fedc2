"""B12d measured: Lion on white tangential noise; its signs lag by lag, and norm and rotation at equilibrium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.formulas import value
from derivations.evidence.noise import ROWS, Found, against
from derivations.evidence.settings import log_uniform
from numerics.simulation.steps import Optimizer, Trajectory, descend, drive
from theory.claims import Formulas
from theory.laws.dynamics.lion_equilibrium_by_arcsines import DIM, FAR, NEAR, RHO, Q, T, V
from theory.notation import eta

STEPS, HALF = 512, 256
PRODUCTS = (0.02, 0.1)  # eta lambda
LAGS = (1, 2, 5, 20)
STARTS = (9.0, 1.0)  # squared norms of relaxing runs over the equilibrium's
LONGEST = 2000  # lags that are summed over: q^2000 is below 1e-17
NEARS, FARS = (0.5, 0.8, 0.9, 0.95), (0.9, 0.95, 0.98)  # a momentum of 0.98 has settled to 0.6 % after 256 steps


@dataclass(frozen=True)
class Signs:
    """One setting of Lion, run in ``rows`` replicates."""

    near: float
    far: float
    product: float
    energy: float
    step_size: float
    dimension: int
    seed: int
    persistence: float = 0.0
    rows: int = ROWS

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return (f"d={self.dimension} beta_1={self.near} beta_2={self.far} eta={self.step_size:.3g} eta lambda={self.product:.3g}"
                f" G={self.energy:.3g} seed={self.seed}")  # fmt: skip

    @property
    def left_out(self) -> float:
        """What is not Gaussian about a unit vector: its coordinates' fourth moment is off by 2/(d + 2), relatively; and the start."""
        return 2 / (self.dimension + 2) + self.far**HALF


def draw(rng: np.random.Generator, effort: str) -> Sequence[Signs]:
    """Both momenta, decays, energies and step sizes."""
    return [
        Signs(float(rng.choice(NEARS)), float(rng.choice(FARS)), float(log_uniform(rng, PRODUCTS, 1)[0]),
              float(log_uniform(rng, (1e-3, 1e3), 1)[0]), float(log_uniform(rng, (1e-4, 1e-1), 1)[0]), int(rng.integers(32, 49)),
              int(rng.integers(2**31)))
        for _ in range(3 if effort == "quick" else 15)
    ]  # fmt: skip


def correlations(formulas: Formulas, s: Signs, lags: Floats) -> Floats:
    """The claimed correlations of signs."""
    betas: dict[Any, Any] = {NEAR: s.near, FAR: s.far}
    known = {**betas, V: value(formulas["momentum_variance"], betas)}
    first = value(formulas["lag_one"], known) / value(formulas["variance"], known)
    rho = first * value(formulas["lag_ratio"], betas) ** (lags - 1.0)
    return value(formulas["sign_correlation"], {RHO: rho})


def claimed(formulas: Formulas, s: Signs, name: str) -> float:
    """A formula in which the claimed correlations are summed up."""
    lags, q = np.arange(1.0, LONGEST), 1 - s.product
    total = float(np.sum(q ** (lags - 1.0) * correlations(formulas, s, lags)))
    return float(value(formulas[name], {T: total, Q: q, eta: s.step_size, DIM: s.dimension}))


def run(formulas: Formulas, s: Signs, start: float = 1.0, steps: int = STEPS) -> Trajectory:
    """From ``start`` times the claimed equilibrium, with the path."""
    norm = np.sqrt(start * abs(claimed(formulas, s, "equilibrium")))
    norm = norm if np.isfinite(norm) else 1.0  # of a broken formula
    optimizer = Optimizer("lion", momentum=s.near, second_momentum=s.far)
    return drive(norm, np.full((s.rows, steps), s.energy), s.step_size, s.product / s.step_size, dimension=s.dimension,
                 persistence=s.persistence, optimizer=optimizer, path=True, seed=s.seed)  # fmt: skip


def _signs(formulas: Formulas, s: Signs, r: Trajectory, lag: int) -> Found:
    """Mean product of signs so many steps apart; a sign is (q u - u')/eta."""
    signs = np.rint(((1 - s.product) * r.path[:, HALF - 1 : -1] - r.path[:, HALF:]) / s.step_size)
    found = np.mean(signs[:, lag:] * signs[:, :-lag], axis=(1, 2))
    return found, float(correlations(formulas, s, np.array(float(lag)))), s.left_out


def _relative(found: Floats, claim: float, s: Signs) -> Found:
    return found / claim, 1.0, s.left_out


def norm(formulas: Formulas, s: Signs, r: Trajectory) -> Found:
    """Mean squared norm over the second half over the claim."""
    return _relative(r.squared_norms[:, HALF:].mean(axis=1), claimed(formulas, s, "equilibrium"), s)


def lean(formulas: Formulas, s: Signs, r: Trajectory) -> Found:
    """``-E<u, s>`` over the claim for it."""
    return _relative(-r.drifts[:, HALF:].mean(axis=1), claimed(formulas, s, "overlap"), s)


def turn(formulas: Formulas, s: Signs, r: Trajectory, since: int = HALF, until: int = STEPS) -> Found:
    """``E(|u|^2 - <u, u'>) - (1 - cos) E|u|^2``, which ought to be 0, over its second term."""
    squares = r.squared_norms
    products = np.cos(r.rotations) * np.sqrt(squares[:, :-1] * squares[:, 1:])
    size, kept = squares[:, since:until].mean(axis=1), products[:, since:until].mean(axis=1)
    claim = 1 - claimed(formulas, s, "cos_rotation")
    return (size - kept - claim * size) / (claim * np.mean(size)), 0.0, s.left_out


def relaxation(formulas: Formulas, s: Signs) -> Found:
    """What a relaxation time leaves of the distance of squared norms, of runs of one noise from two of them.

    In either run a share ``rho^k`` of the squared norm is left, and steps add ``1 - rho^k`` of the equilibrium's, of which
    what is left out is a share.
    """
    later, star = max(1, int(np.rint(1 / (2 * s.product)))), abs(claimed(formulas, s, "equilibrium"))
    ends = [run(formulas, s, start, later).squared_norms[:, later] / star for start in STARTS]
    left = 2 * s.left_out * (1 - (1 - s.product) ** (2 * later))
    return ends[0] - ends[1], (STARTS[0] - STARTS[1]) * claimed(formulas, s, "relaxation") ** later, left


def check(formulas: Formulas, settings: Sequence[Signs]) -> tuple[Measurement, ...]:
    """Signs at several lags, the lean of the embedding against its steps, norm, relaxation and rotation."""
    runs = [(s, run(formulas, s)) for s in settings]
    labels = [s.label for s in settings]
    return (
        *(against(f"correlation of signs {lag} steps apart", [_signs(formulas, s, r, lag) for s, r in runs], labels) for lag in LAGS),
        against("inner product of embedding and step", [lean(formulas, s, r) for s, r in runs], labels),
        against("squared norm at equilibrium", [norm(formulas, s, r) for s, r in runs], labels),
        against("distance of squared norms after a relaxation time", [relaxation(formulas, s) for s in settings], labels),
        against("rotation at equilibrium", [turn(formulas, s, r) for s, r in runs], labels),
    )


def _ordinary(seed: int) -> Signs:
    return Signs(0.9, 0.95, 0.05, 1.0, 0.01, 40, seed)


def _white(formulas: Formulas, seed: int) -> NumericWitness:
    both = [_ordinary(seed), replace(_ordinary(seed), persistence=0.9)]
    kept, dropped = (against("squared norm", [norm(formulas, s, run(formulas, s))], [s.label]) for s in both)
    return NumericWitness("gradients that persist: successive ones correlate by 0.9", kept, dropped)


def _gaussian(formulas: Formulas, seed: int) -> NumericWitness:
    """In two dimensions a tangential gradient has two values, and its coordinates with it."""
    usual = replace(_ordinary(seed), near=0.8)
    both = [usual, replace(usual, dimension=2, product=1e-4, rows=8 * ROWS)]
    kept, dropped = (against("signs", [(*_signs(formulas, s, run(formulas, s), 1)[:2], 2 / 42)], [s.label]) for s in both)
    return NumericWitness("gradients in two dimensions, of two values", kept, dropped)


def _symmetric(formulas: Formulas, seed: int) -> NumericWitness:
    """A gradient along one direction: twice as long one time in three, the other way two times in three; its mean is 0.

    Without momentum, so that no sign ought to correlate with another.
    """

    def signs(skew: bool) -> Measurement:
        d, rows = 16, ROWS
        rng = np.random.default_rng([seed, 43])
        u = rng.standard_normal((rows, d))
        u /= np.linalg.norm(u, axis=1, keepdims=True)
        along = rng.standard_normal((rows, d))
        along -= np.sum(along * u, axis=1, keepdims=True) * u
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        pulls = np.array([0.2, -0.1, -0.1]) if skew else np.array([0.1, -0.1])
        lengths = np.sqrt(1 - pulls**2)
        candidates = lengths[None, :, None] * u[:, None] + pulls[None, :, None] * along[:, None]
        size = 1e-7
        r = descend("cosine_regression", u, candidates, 1.0, size, steps=512, batch=1, path=True, seed=seed,
                    optimizer=Optimizer("lion", momentum=0.0, second_momentum=0.9))  # fmt: skip
        found = np.rint((r.path[:, :-1] - r.path[:, 1:]) / size)
        values = np.mean(found[:, 1:] * found[:, :-1], axis=(1, 2))
        s = Signs(0.0, 0.9, 0.0, 1.0, size, d, seed)
        return against("signs", [(values, float(correlations(formulas, s, np.array(1.0))), 0.0)], [s.label])

    return NumericWitness("noise of mean 0 that is skewed", signs(False), signs(True))


def _equilibrium(formulas: Formulas, seed: int) -> NumericWitness:
    s = replace(_ordinary(seed), product=0.02)
    kept, dropped = (
        against("rotation", [turn(formulas, s, run(formulas, s, start), since, until)], [s.label])
        for start, since, until in ((1.0, HALF, STEPS), (50.0, 60, 70))
    )
    return NumericWitness("norms that have not come down to it yet", kept, dropped)


EVIDENCE = Evidence(draw, check, {"white": _white, "gaussian": _gaussian, "symmetric": _symmetric, "at-equilibrium": _equilibrium})
