"""B12e measured: Adam on white tangential noise with an epsilon of a hundredth to a hundred times the gradients' scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.formulas import value
from derivations.evidence.noise import NEARLY_ONE, STEPS, Found, Noise, against, draw_noise, squares_left_out, staleness
from derivations.evidence.settings import log_uniform
from numerics.simulation.steps import Optimizer, Trajectory, descend
from theory.claims import Formulas
from theory.laws.dynamics.adam_epsilon_turns_it_into_sgd import EPSILON, SIGMA
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM
from theory.notation import G, eta, r

HALF = STEPS // 2
RATIOS = (0.01, 100.0)  # epsilon over sigma
FAR = 10.0  # from where on, or below its inverse, a limit says enough


def draw(rng: np.random.Generator, effort: str) -> Sequence[Noise]:
    """``epsilon`` holds its ratio to the scale: half of the settings at either end, and one at the crossover."""
    settings = draw_noise(rng, effort)
    spread = [(RATIOS[0], 1 / FAR), (FAR, RATIOS[1]), RATIOS]
    return [n.with_(epsilon=float(log_uniform(rng, spread[i % 3], 1)[0])) for i, n in enumerate(settings)]


def _growth(formulas: Formulas, n: Noise) -> float:
    return abs(float(value(formulas["growth"], {DIM: n.dimension, eta: n.step_size, SIGMA: 1.0, EPSILON: n.epsilon})))


Ran = tuple[Trajectory, float, float]


def run(formulas: Formulas, n: Noise) -> Ran:
    """Gradients that keep their length if the squared norm doubles as claimed; with the scale and the norm at the start."""
    growth = _growth(formulas, n)
    norm = float(np.sqrt(growth * STEPS))
    scale = float(value(formulas["scale"], {G: n.energy, DIM: n.dimension, r: norm}))
    return n.with_(epsilon=n.epsilon * scale).run(norm, norm**2 + growth * np.arange(float(STEPS))), scale, norm


def measured(run: Trajectory) -> Floats:
    """Growth of the squared norm a step, over the second half."""
    return (run.squared_norms[:, -1] - run.squared_norms[:, HALF]) / (STEPS - HALF)


def growth(formulas: Formulas, n: Noise, ran: Ran | None = None) -> Found:
    """Measured growth over the claimed one."""
    found = (ran or run(formulas, n))[0]
    return measured(found) / _growth(formulas, n), 1.0, squares_left_out(HALF) + staleness(found, HALF)


def _as_sgd(formulas: Formulas, n: Noise, ran: Ran) -> Found:
    """Over SGD's with gradients of that length; short of it by less than 2 sigma/epsilon."""
    found, scale, norm = ran
    sgd = float(value(formulas["sgd_growth"], {G: n.energy, r: norm, eta: n.step_size, EPSILON: n.epsilon * scale}))
    return measured(found) / sgd, 1.0, squares_left_out(HALF) + staleness(found, HALF) + 2 / n.epsilon


def _crossover(formulas: Formulas, n: Noise) -> Found:
    """Over eta^2 d, where epsilon is the scale."""
    found = run(formulas, n.with_(epsilon=1.0))[0]
    left = squares_left_out(HALF) + staleness(found, HALF)
    return measured(found) / (n.step_size**2 * n.dimension), float(value(formulas["crossover"], {})), left / 4


def check(formulas: Formulas, settings: Sequence[Noise]) -> tuple[Measurement, ...]:
    """Growth for any epsilon, SGD's beyond the scale, and the crossover."""
    labels, runs = [n.label for n in settings], [(n, run(formulas, n)) for n in settings]
    return (
        against("growth of a step", [growth(formulas, n, ran) for n, ran in runs], labels),
        against("growth against that of SGD", [_as_sgd(formulas, n, ran) for n, ran in runs], labels, [n.epsilon >= FAR for n in settings]),
        against("growth at the crossover over eta^2 d", [_crossover(formulas, n) for n in settings[:2]], labels[:2]),
    )


def _ordinary(seed: int) -> Noise:
    return Noise(16, 0.5, 0.01, 1.0, 0.0, seed, epsilon=1.0)


def _one(formulas: Formulas, n: Noise) -> Measurement:
    return against("growth of a step", [growth(formulas, n)], [n.label])


def _white(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (_one(formulas, _ordinary(seed).with_(persistence=q)) for q in (0.0, 0.9))
    return NumericWitness("gradients that persist: successive ones correlate by 0.9", kept, dropped)


def _isotropic(formulas: Formulas, seed: int) -> NumericWitness:
    """Gradients along one coordinate only, of the same energy: candidates on both sides of the embedding, drawn one at a time."""
    n = _ordinary(seed)
    d, rows, pull = n.dimension, 256, 0.1
    u = np.zeros((rows, d))
    u[:, 0] = 1.0
    candidates = np.zeros((rows, 2, d))
    candidates[:, :, 0] = np.sqrt(1 - pull**2)
    candidates[:, 0, 1], candidates[:, 1, 1] = pull, -pull
    first = descend("cosine_regression", u, candidates, 1.0, 1e-9, steps=1, batch=1, path=True, seed=seed)
    scale = float(value(formulas["scale"], {G: first.energies.mean(), DIM: d, r: 1.0}))
    size = 1e-4
    ran = descend("cosine_regression", u, candidates, 1.0, size, steps=STEPS, batch=1, seed=seed,
                  optimizer=Optimizer("adam", momentum=0.0, second_momentum=NEARLY_ONE, epsilon=scale))  # fmt: skip
    claim = _growth(formulas, n.with_(step_size=size))
    heat = np.mean((ran.heats / ran.squared_norms[:, :-1])[:, HALF:], axis=1) * size**2
    found = (heat / claim, 1.0, squares_left_out(HALF) + staleness(ran, HALF))
    return NumericWitness("gradients along one coordinate", _one(formulas, n), against("growth of a step", [found], [n.label]))


EVIDENCE = Evidence(draw, check, {"white": _white, "isotropic": _isotropic})
