"""B1b measured: one loss under SGD, under its Itô equation and under a full batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, rounding
from derivations.evidence.comparison import measurement, single
from derivations.evidence.deviations import equal, listed, over
from derivations.evidence.formulas import value
from derivations.evidence.replicates import mean_within
from derivations.evidence.settings import NORMS, log_uniform
from numerics.simulation.ito import Diffusion, brownian, euler_maruyama, gradients
from numerics.simulation.steps import descend, evaluate, step
from theory.claims import Formulas
from theory.laws.dynamics.three_heats import PARTS, B, T

RUNS, STEPS = 48, 5
SCHEMES = (1, 3, 12)  # increments a step
LADDER = (2, 4, 8)
RATIOS = (0.02, 0.2)  # learning rate over the squared norm


@dataclass(frozen=True)
class Noisy:
    """Independent runs from one embedding of cosine regression; ``ratio`` = eta/r^2."""

    dimension: int
    candidates: int
    norm: float
    ratio: float
    seed: int
    loss: str = "cosine_regression"

    @property
    def step_size(self) -> float:
        """eta."""
        return self.ratio * self.norm**2

    def start(self, runs: int = RUNS) -> tuple[Floats, Floats]:
        """Embeddings (runs, d), all the same, and their candidates (runs, n, d), which point to one side on average."""
        rng = np.random.default_rng([self.seed, 41])
        u, v = rng.standard_normal(self.dimension), rng.standard_normal((self.candidates, self.dimension))
        v += rng.standard_normal(self.dimension)
        u *= self.norm / np.linalg.norm(u)
        return np.tile(u, (runs, 1)), np.tile(v, (runs, 1, 1))

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"{self.loss} d={self.dimension} n={self.candidates} r={self.norm:.3g} eta/r^2={self.ratio:.3g} seed={self.seed}"


def draw(rng: np.random.Generator, effort: str) -> Sequence[Noisy]:
    """Embeddings of any norm among a few targets."""
    return [
        Noisy(int(rng.integers(3, 17)), int(rng.integers(2, 7)), float(log_uniform(rng, NORMS, 1)[0]),
              float(log_uniform(rng, RATIOS, 1)[0]), int(rng.integers(2**31))) for _ in range(2 if effort == "quick" else 24)
    ]  # fmt: skip


def heats(g: Floats, centre: Floats | None = None) -> tuple[Floats, Floats]:
    """|mean|^2 and trace of gradients (..., n, d) over n; about a centre other than their mean, if one is given."""
    mean = g.mean(axis=-2) if centre is None else centre
    spread = g - mean[..., None, :]
    return np.sum(mean * mean, axis=-1), np.mean(np.sum(spread * spread, axis=-1), axis=-1)


def batches(of: Noisy) -> tuple[Floats, Floats]:
    """The embedding (1, d) and its gradients (m, d) on every batch: one target, or the positive and one other candidate."""
    u, v = of.start(1)
    if of.loss == "cosine_regression":
        return u, gradients(of.loss, u, v, 1.0)[0]
    pairs = np.stack((np.broadcast_to(v[0, :1], v[0, 1:].shape), v[0, 1:]), axis=1)
    return u, evaluate(of.loss, np.repeat(u, len(pairs), axis=0), pairs, 1.0).gradients


def one_step(formulas: Formulas, of: Noisy, decay: float = 0.0, off_centre: bool = False) -> tuple[float, float]:
    """The growth of a step of SGD, averaged over every batch of one, relative to r^2; to rounding."""
    u, g = batches(of)
    after = np.sum(step(np.repeat(u, len(g), axis=0), g, of.step_size, decay / of.step_size) ** 2, axis=1)
    known = dict(zip((B, T), heats(g, 0.5 * g[0] if off_centre else None), strict=True))
    claimed = of.step_size**2 * float(value(formulas["sgd"], known))
    before = float(np.sum(u * u))
    # a gradient alone has slopes of length 2 (`rounding.slope_sum`); a mean over n adds n roundings of what it sums
    slopes, largest = np.array([2.0]), float(after.max())
    bound = rounding.step(slopes, np.array([before]), np.array([largest]), np.array([claimed]), np.array([of.step_size]), of.dimension)[0]
    bound += rounding.gamma(len(g) + 40) * (before + largest)
    return over(equal(float(after.mean()) - before, claimed), before), float(bound) / before


def _zero(samples: Floats, left: float = 0.0) -> tuple[float, float]:
    mean, width = mean_within(samples)
    return equal(mean, 0.0), float(width) + left + float(rounding.gamma(400 * STEPS * max(SCHEMES)))


def _descent(formulas: Formulas, of: Noisy, full: bool) -> tuple[float, float]:
    """Growth of SGD runs less what their heats say along each path, over r^2: of mean 0, or, of a full batch, 0."""
    u, v = of.start()
    run = descend(of.loss, u, v, 1.0, of.step_size, steps=STEPS, batch=0 if full else 1, path=True, seed=of.seed)
    at = run.path[:, :-1].reshape(-1, of.dimension)
    found = heats(gradients(of.loss, at, np.repeat(v, STEPS, axis=0), 1.0))
    mean, trace = (x.reshape(len(u), STEPS) for x in found)
    heat = value(formulas["sgd"], {B: mean, T: 0.0 * trace if full else trace}).sum(axis=1)
    grown = run.squared_norms[:, -1] - run.squared_norms[:, 0]
    return _zero((grown - of.step_size**2 * heat) / of.norm**2)


@lru_cache(maxsize=64)
def _ito(of: Noisy, scheme: int) -> Diffusion:
    u, v = of.start()
    duration = STEPS * of.step_size
    moved = brownian(RUNS, STEPS * scheme, of.candidates, duration, of.seed)
    return euler_maruyama(of.loss, u, v, 1.0, of.step_size, moved, duration=duration)


def _diffusion(formulas: Formulas, of: Noisy, name: str, scheme: int) -> tuple[float, float]:
    """The same of the Itô equation in ``scheme`` increments a step; of its limit, with what so many leave over."""
    run = _ito(of, scheme)
    known: dict[Any, Any] = {B: run.mean_energies, T: run.covariance_traces, PARTS: float(scheme)}
    heat = of.step_size**2 * value(formulas[name], known).sum(axis=1) / scheme
    left = 0.0 if name == "euler" else float(of.step_size**2 * run.mean_energies.sum(axis=1).mean() / scheme**2 / of.norm**2)
    return _zero((run.squared_norms[:, -1] - run.squared_norms[:, 0] - heat) / of.norm**2, left)


def _flow(formulas: Formulas, of: Noisy) -> tuple[float, float]:
    """Growth without noise, extrapolated to ever more increments, over r^2."""
    u, v = of.start(1)
    duration = STEPS * of.step_size
    grown = []
    for rung in LADDER:
        still = np.zeros((1, STEPS * rung, of.candidates))
        z = euler_maruyama(of.loss, u, v, 1.0, of.step_size, still, duration=duration).squared_norms[0]
        grown.append((z[-1] - z[0]) / of.norm**2)
    limit, left = order.extrapolated(np.array(grown)[None])
    claimed = of.step_size**2 * STEPS * float(value(formulas["flow"], {B: 1.0, T: 1.0})) / of.norm**2
    return equal(float(limit[0]), claimed), float(left[0]) + float(rounding.gamma(400 * STEPS * LADDER[-1]))


def check(formulas: Formulas, groups: Sequence[Noisy]) -> tuple[Measurement, ...]:
    """SGD by the step and by the run, its full batch, the Itô equation in its schemes and in the limit, the flow."""
    kinds: dict[str, Callable[[Noisy], tuple[float, float]]] = {
        "growth of a step, averaged over all batches": lambda g: one_step(formulas, g),
        "growth of SGD runs": lambda g: _descent(formulas, g, full=False),
        "growth under a full batch": lambda g: _descent(formulas, g, full=True),
        **{f"growth of the Itô equation, {n} increments a step": partial(_diffusion, formulas, name="euler", scheme=n) for n in SCHEMES},
        "growth of the Itô equation in the limit": lambda g: _diffusion(formulas, g, "ito", SCHEMES[-1]),
        "growth of the flow": lambda g: _flow(formulas, g),
    }  # fmt: skip
    found = {name: [kind(g) for g in groups] for name, kind in kinds.items()}
    labels = [g.label for g in groups]
    return tuple(measurement(name, listed([d for d, _ in rows]), np.array([b for _, b in rows]), labels) for name, rows in found.items())


def _witness(words: str, losses: tuple[str, str] = ("cosine_regression",) * 2, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        measured = []
        for name, options in zip(losses, ({}, changed), strict=True):
            of = Noisy(8, 4, 1.0, 0.2, seed, name)
            measured.append(single("growth of a step", *one_step(formulas, of, **options), of.label))
        return NumericWitness(words, *measured)

    return drop


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("InfoNCE on inner products, whose gradients have a radial part", losses=("infonce", "dot_product_infonce")),
    "centred-noise": _witness("noise about half of the first candidate's gradient", off_centre=True),
    "no-weight-decay": _witness("decoupled decay of 0.01 a step", decay=0.01),
})  # fmt: skip
