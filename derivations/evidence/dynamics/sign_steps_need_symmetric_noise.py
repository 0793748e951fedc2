"""B12h measured: signSGD on white tangential noise at its equilibrium, and on gradients of mean 0 that are skewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.formulas import value
from derivations.evidence.noise import ROWS, Found, Noise, against, draw_noise
from numerics.simulation.steps import Optimizer, Trajectory, descend, drive
from theory.claims import Formulas
from theory.laws.dynamics.sign_steps_need_symmetric_noise import BIAS, DIM, SHARE, START, STEPS, A
from theory.notation import eta, lam

PRODUCTS = (0.02, 0.5)  # eta lambda
LENGTH = 200
FAR = 9.0  # squared norm of a relaxing run over the equilibrium's
MARCH, SIZE, PULL = 64, 1e-5, 0.1  # steps, step size, and the largest cosine of a candidate with the line it pulls along


def draw(rng: np.random.Generator, effort: str) -> Sequence[Noise]:
    """With decay."""
    return draw_noise(rng, effort, PRODUCTS)


def _claimed(formulas: Formulas, name: str, n: Noise) -> float:
    return float(value(formulas[name], {DIM: n.dimension, eta: n.step_size, lam: n.decay}))


def run(formulas: Formulas, n: Noise, start: float = 1.0) -> Trajectory:
    """From ``start`` times the claimed equilibrium."""
    return n.run(np.sqrt(start * abs(_claimed(formulas, "equilibrium", n))), np.ones(LENGTH), rule="sign_sgd")


def norm(formulas: Formulas, n: Noise, r: Trajectory) -> Found:
    """Mean squared norm over the claim: from there on it is that at every step."""
    return r.squared_norms[:, LENGTH // 2 :].mean(axis=1) / _claimed(formulas, "equilibrium", n), 1.0, 0.0


def step(formulas: Formulas, n: Noise, r: Trajectory) -> Found:
    """Squared norms less the claims for them after the step before, over the heat."""
    known: dict[Any, Any] = {A: r.squared_norms[:, :-1], DIM: n.dimension, eta: n.step_size, lam: n.decay}
    gaps = r.squared_norms[:, 1:] - value(formulas["next_squared_norm"], known)
    return np.mean(gaps, axis=1) / (n.step_size**2 * n.dimension), 0.0, 0.0


def turn(formulas: Formulas, n: Noise, r: Trajectory) -> Found:
    """``E(|u|^2 - <u, u'>) - (1 - cos) E|u|^2``, which ought to be 0, over its second term."""
    squares = r.squared_norms
    products = np.cos(r.rotations) * np.sqrt(squares[:, :-1] * squares[:, 1:])
    claim = 1 - _claimed(formulas, "cos_rotation", n)
    size = squares[:, :-1].mean(axis=1)
    return (size - products.mean(axis=1) - claim * size) / (claim * np.mean(size)), 0.0, 0.0


def relaxation(formulas: Formulas, n: Noise) -> Found:
    """Two runs of one noise, one from far above: what a relaxation time leaves of the distance of their squared norms."""
    star, later = abs(_claimed(formulas, "equilibrium", n)), max(1, int(np.rint(1 / (2 * n.product))))
    far, near = (run(formulas, n, start).squared_norms[:, later] / star for start in (FAR, 1.0))
    return far - near, (FAR - 1) * _claimed(formulas, "relaxation", n) ** later, 0.0


def skewed(n: Noise, count: int) -> tuple[Trajectory, Floats]:
    """``count`` candidates drawn one at a time, one of them ``count - 1`` times as far off as the others; signs (rows, steps).

    It pulls the other way; two candidates are symmetric. All pull along a line that is even in all coordinates and at a
    right angle to the embedding.
    """
    d, rows = n.dimension + n.dimension % 2, 4 * ROWS
    rng = np.random.default_rng([n.seed, 47])
    line = rng.choice([-1.0, 1.0], size=(rows, d)) / np.sqrt(d)
    u = rng.standard_normal((rows, d))
    u -= np.sum(u * line, axis=1, keepdims=True) * line
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    pulls = np.append(-np.ones(count - 1) / (count - 1), 1.0) * PULL
    candidates = np.sqrt(1 - pulls**2)[None, :, None] * u[:, None] + pulls[None, :, None] * line[:, None]
    r = descend("cosine_regression", u, candidates, 1.0, SIZE, steps=MARCH, batch=1, path=True, seed=n.seed,
                optimizer=Optimizer("sign_sgd"))  # fmt: skip
    return r, np.sign(np.einsum("rkd,rd->rk", r.gradients, line))


def march(formulas: Formulas, n: Noise, count: int) -> Found:
    """What the squared norm has gained over ``eta^2 d``."""
    r, _ = skewed(n, count)
    unit, d = SIZE**2 * r.path.shape[2], r.path.shape[2]
    bias = value(formulas["bias"], {SHARE: 1 - 1 / count})
    claim = value(formulas["marched"], {START: 0.0, BIAS: bias, STEPS: float(MARCH), eta: SIZE, DIM: d}) / unit
    noise = 2 * MARCH * float(rounding.gamma(2 * d + 20)) / unit
    return (r.squared_norms[:, -1] - r.squared_norms[:, 0]) / unit / MARCH, float(claim) / MARCH, noise


def _bias(formulas: Formulas, n: Noise, count: int) -> Found:
    """Mean sign along the line, which all but one candidate in ``count`` make positive."""
    return skewed(n, count)[1].mean(axis=1), float(value(formulas["bias"], {SHARE: 1 - 1 / count})), 0.0


def check(formulas: Formulas, settings: Sequence[Noise]) -> tuple[Measurement, ...]:
    """Norm, single steps, relaxation and rotation at equilibrium; bias and march on skewed gradients."""
    runs, labels = [(n, run(formulas, n)) for n in settings], [n.label for n in settings]
    some = [(n, 2 + i % 4) for i, n in enumerate(settings)]
    return (
        against("squared norm at equilibrium", [norm(formulas, n, r) for n, r in runs], labels),
        against("squared norm after a step", [step(formulas, n, r) for n, r in runs], labels),
        against("distance of squared norms after a relaxation time", [relaxation(formulas, n) for n in settings], labels),
        against("rotation at equilibrium", [turn(formulas, n, r) for n, r in runs], labels),
        against("mean sign", [_bias(formulas, n, count) for n, count in some], labels),
        against("squared norm after a march", [march(formulas, n, count) for n, count in some], labels),
    )


def _ordinary(seed: int) -> Noise:
    return Noise(16, 0.0, 0.01, 1.0, 0.1, seed)


def _one(formulas: Formulas, n: Noise) -> Measurement:
    return against("squared norm at equilibrium", [norm(formulas, n, run(formulas, n))], [n.label])


def _radial(formulas: Formulas, seed: int) -> NumericWitness:
    n = _ordinary(seed)
    norm_at = np.sqrt(_claimed(formulas, "equilibrium", n))
    slanted = drive(norm_at, np.ones((ROWS, LENGTH)), n.step_size, n.decay, dimension=n.dimension, alignment=0.4, seed=seed,
                    optimizer=Optimizer("sign_sgd"))  # fmt: skip
    dropped = against("squared norm at equilibrium", [norm(formulas, n, slanted)], [n.label])
    return NumericWitness("gradients with a radial part", _one(formulas, n), dropped)


def _symmetric(formulas: Formulas, seed: int) -> NumericWitness:
    """Each step's heat alone, as of symmetric signs."""

    def grown(count: int) -> Measurement:
        n = _ordinary(seed)
        r, _ = skewed(n, count)
        d = r.path.shape[2]
        once = value(formulas["next_squared_norm"], {A: 1.0, DIM: d, eta: SIZE, lam: 0.0}) - 1
        found = (r.squared_norms[:, -1] - r.squared_norms[:, 0]) / once / MARCH
        return against("growth", [(found, 1.0, 2 * float(rounding.gamma(2 * d + 20)) / float(once))], [n.label])

    return NumericWitness("gradients of mean 0, one in four of them three times as long and the other way", grown(2), grown(4))


def _range(formulas: Formulas, seed: int) -> NumericWitness:
    n = _ordinary(seed)
    return NumericWitness("eta lambda = 2.2", _one(formulas, n), _one(formulas, n.with_(product=2.2)))


EVIDENCE = Evidence(draw, check, {"no-radial-part": _radial, "symmetric": _symmetric, "decay-in-range": _range})
