"""B12c measured: AdamW on white tangential noise placed at, and relaxing to, its equilibrium, for any energy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.formulas import value
from derivations.evidence.noise import STEPS, Found, Noise, against, draw_noise, squares_left_out, staleness
from numerics.simulation.steps import Trajectory
from theory.claims import Formulas
from theory.laws.dynamics.adam_norm_grows_by_dimension import BETA, DIM
from theory.laws.dynamics.adamw_equilibrium import P
from theory.notation import eta, lam

PRODUCTS = (0.02, 0.3)  # eta lambda: a run is at least ten relaxation times long
HALF = STEPS // 2
START = 3.0  # squared norms of relaxing runs over the equilibrium's
SMALL = 0.2  # p/(1 - beta) from which on the forms for small decay say too little


def draw(rng: np.random.Generator, effort: str) -> Sequence[Noise]:
    """With decay."""
    return draw_noise(rng, effort, PRODUCTS)


def _claimed(formulas: Formulas, name: str, n: Noise) -> float:
    return float(value(formulas[name], {DIM: n.dimension, BETA: n.momentum, eta: n.step_size, P: n.product, lam: n.decay}))


def _placed(formulas: Formulas, n: Noise, start: float = 1.0) -> Trajectory:
    """A run from ``start`` times the claimed equilibrium."""
    return n.run(np.sqrt(start * abs(_claimed(formulas, "equilibrium", n))), np.ones(STEPS))


def _norm(formulas: Formulas, name: str, n: Noise, run: Trajectory, beyond: float = 0.0) -> Found:
    """Mean squared norm over the second half over the claim, which is 1 up to what is left out."""
    found = run.squared_norms[:, HALF:].mean(axis=1) / _claimed(formulas, name, n)
    return found, 1.0, squares_left_out(HALF) + staleness(run, HALF) + beyond


def _turns(run: Trajectory, since: int, until: int) -> Floats:
    """1 - mean of <u, u'> over that of |u|^2, by row."""
    squares = run.squared_norms
    products = np.cos(run.rotations) * np.sqrt(squares[:, :-1] * squares[:, 1:])
    return 1 - products[:, since:until].mean(axis=1) / squares[:, since:until].mean(axis=1)


def _rotation(formulas: Formulas, n: Noise, run: Trajectory, since: int = HALF, until: int = STEPS) -> Found:
    """``1 - cos`` over the claimed one."""
    claim = 1 - _claimed(formulas, "cos_rotation", n)
    return _turns(run, since, until) / claim, 1.0, squares_left_out(HALF) + staleness(run, HALF)


def _small_rotation(formulas: Formulas, n: Noise, run: Trajectory) -> Found:
    """``2 (1 - cos)`` over the squared angle that is claimed; off by ``p beta/(1 + beta)`` and less than ``p`` in all."""
    claim = _claimed(formulas, "small_rotation", n) ** 2 / 2
    return _turns(run, HALF, STEPS) / claim, 1.0, squares_left_out(HALF) + staleness(run, HALF) + n.product


def _relaxation(formulas: Formulas, n: Noise) -> Found:
    """The deviation of the squared norm, a relaxation time on, over what the factor makes of it."""
    star = abs(_claimed(formulas, "equilibrium", n))
    factor = _claimed(formulas, "relaxation", n)
    later = max(1, int(np.rint(1 / (2 * n.product))))
    since = 4 * int(np.rint(1 / (1 - n.momentum)))
    rise = (START - 1) / (1 - n.product) ** (2 * since)  # so that enough is left once momentum has settled
    predicted = 1 + rise * (1 - n.product) ** (2.0 * np.arange(since + later))
    run = n.run(np.sqrt(star * predicted[0]), predicted / predicted[0])
    squares = run.squared_norms / star
    left = (squares_left_out(since) + staleness(run, since) + n.momentum**since) * (1 - factor**later)
    return squares[:, since + later] - 1 - (squares[:, since] - 1) * factor**later, 0.0, left


def check(formulas: Formulas, settings: Sequence[Noise]) -> tuple[Measurement, ...]:
    """Norm, rotation, both for small decay as well, and relaxation."""
    labels = [n.label for n in settings]
    runs = [_placed(formulas, n) for n in settings]
    pairs = list(zip(settings, runs, strict=True))
    # relative error of the form for small decay: p/2, p beta/(1 + beta) and p beta/(1 - beta), together below p (1 + 1/(1 - beta))
    beyond = [n.product * (1 + 1 / (1 - n.momentum)) for n in settings]
    small = [n.product / (1 - n.momentum) < SMALL for n in settings]
    near = [_norm(formulas, "small_equilibrium", n, r, b) for (n, r), b in zip(pairs, beyond, strict=True)]
    return (
        against("squared norm at equilibrium", [_norm(formulas, "equilibrium", n, r) for n, r in pairs], labels),
        against("squared norm against eta d/(2 lambda)", near, labels, small),
        against("rotation at equilibrium", [_rotation(formulas, n, r) for n, r in pairs], labels),
        against("rotation against its form for small decay", [_small_rotation(formulas, n, r) for n, r in pairs], labels, small),
        against("relaxation of the squared norm", [_relaxation(formulas, n) for n in settings], labels),
    )


def _ordinary(seed: int) -> Noise:
    return Noise(16, 0.5, 0.01, 1.0, 0.1, seed)


def _norms(formulas: Formulas, n: Noise, run: Trajectory) -> Measurement:
    return against("squared norm at equilibrium", [_norm(formulas, "equilibrium", n, run)], [n.label])


def _white(formulas: Formulas, seed: int) -> NumericWitness:
    both = (_ordinary(seed).with_(persistence=q) for q in (0.0, 0.9))
    kept, dropped = (_norms(formulas, n, _placed(formulas, n)) for n in both)
    return NumericWitness("gradients that persist: successive ones correlate by 0.9", kept, dropped)


def _scale(formulas: Formulas, seed: int) -> NumericWitness:
    """An epsilon of twice the gradients' scale: what is divided by is three times the root of v."""
    n = _ordinary(seed)
    size = np.sqrt(n.energy / n.dimension / _claimed(formulas, "equilibrium", n))
    kept, dropped = (_norms(formulas, m, _placed(formulas, m)) for m in (n, n.with_(epsilon=2 * size)))
    return NumericWitness("an epsilon of twice the gradients' scale", kept, dropped)


def _relaxed(formulas: Formulas, seed: int) -> NumericWitness:
    """The first few rotations of runs from five times the equilibrium, v being what it is from the first gradients on."""
    n = _ordinary(seed).with_(product=0.02)
    runs = [_placed(formulas, n, start) for start in (1.0, 5.0)]
    kept, dropped = (against("rotation", [_rotation(formulas, n, r, s, s + 10)], [n.label]) for r, s in zip(runs, (HALF, 20), strict=True))
    return NumericWitness("five times the equilibrium's squared norm", kept, dropped)


def _range(formulas: Formulas, seed: int) -> NumericWitness:
    """``eta lambda = 2.2``: the embedding overshoots and grows without bound."""
    n = _ordinary(seed).with_(momentum=0.0)
    wild = n.with_(product=2.2).run(1.0, np.ones(100))
    found = [(wild.squared_norms[:, -1] / abs(_claimed(formulas, "equilibrium", n.with_(product=2.2))), 1.0, 0.1)]
    return NumericWitness("eta lambda = 2.2", _norms(formulas, n, _placed(formulas, n)), against("squared norm", found, [n.label]))


EVIDENCE = Evidence(
    draw, check, {"white": _white, "settled-scale": _scale, "at-equilibrium": _relaxed, "decay-in-range": _range}
)
