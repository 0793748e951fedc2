"""Optimisers on noise of prescribed energy, and what replicates say of a mean.

A statistical law is held to an interval for a mean over independent rows, measured on these rows (`replicates`). What
the law itself leaves out is added by each law, and said there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Floats, Measurement, replicates
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed
from derivations.evidence.settings import log_uniform
from numerics.simulation.steps import Optimizer, Trajectory, drive

ROWS = 64  # replicates
STEPS = 512
NEARLY_ONE = 1 - 1e-9  # a beta_2 under which v, with its bias corrected, is the plain mean of all squares so far
ENERGIES = (1e-3, 1e3)


@dataclass(frozen=True)
class Noise:
    """One setting, run in `ROWS` replicates: ``product`` is eta lambda, ``energy`` the gradient energy at the start."""

    dimension: int
    momentum: float
    step_size: float
    energy: float
    product: float
    seed: int
    persistence: float = 0.0
    epsilon: float = 0.0

    @property
    def decay(self) -> float:
        """lambda."""
        return self.product / self.step_size

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return (f"d={self.dimension} beta_1={self.momentum:.3g} eta={self.step_size:.3g} G={self.energy:.3g}"
                f" eta lambda={self.product:.3g} eps={self.epsilon:.3g} seed={self.seed}")  # fmt: skip

    def run(self, norm: float, squared_norms: Floats, rule: str = "adam", **changed: Any) -> Trajectory:
        """Gradients of the length that the energy has at ``norm``, as long as the squared norm is as given, (K,)."""
        options = {"momentum": self.momentum, "second_momentum": NEARLY_ONE, "epsilon": self.epsilon, **changed}
        energies = np.broadcast_to(self.energy * squared_norms / norm**2, (ROWS, len(squared_norms)))
        return drive(norm, energies, self.step_size, self.decay, dimension=self.dimension, persistence=self.persistence,
                     optimizer=Optimizer(rule, **options), seed=self.seed)  # fmt: skip

    def with_(self, **changed: Any) -> Noise:
        """Another setting."""
        return replace(self, **changed)


def draw_noise(rng: np.random.Generator, effort: str, products: tuple[float, float] | None = None) -> Sequence[Noise]:
    """Dimensions, momenta, step sizes, energies (and decays) over their ranges."""
    return [
        Noise(
            int(rng.integers(8, 17)), float(rng.choice([0.0, 0.5, 0.8, 0.9])), float(log_uniform(rng, (1e-4, 1e-1), 1)[0]),
            float(log_uniform(rng, ENERGIES, 1)[0]), float(log_uniform(rng, products, 1)[0]) if products else 0.0,
            int(rng.integers(2**31)),
        )
        for _ in range(6 if effort == "quick" else 48)
    ]  # fmt: skip


def mean_of(values: Floats) -> tuple[float, float]:
    """Mean over replicates (rows,) and the half width of its interval."""
    mean, half = replicates.mean(values)
    return float(mean), float(half)


Found = tuple[Floats, float, float]  # values by replicate, the claim for their mean, what the law leaves out


def against(what: str, found: Sequence[Found], labels: Sequence[str], applicable: Any = None) -> Measurement:
    """Means over replicates against claims; each comes with what the law leaves out, in the same unit.

    A claim of 0 is about what ought to cancel, in units of what does: the size of that is not known here.
    """
    means = [mean_of(values) for values, _, _ in found]
    deviations = listed([equal(m, claimed) for (m, _), (_, claimed, _) in zip(means, found, strict=True)])
    bounds = np.array([half + left for (_, half), (_, _, left) in zip(means, found, strict=True)])
    sizes = np.array([abs(m) if claimed else np.nan for (m, _), (_, claimed, _) in zip(means, found, strict=True)])
    return replace(measurement(what, deviations, bounds, labels, applicable), sizes=sizes)


def squares_left_out(after: int) -> float:
    """Share by which a mean of at least ``after`` squares is off from its limit in what is divided by it, at most.

    To first order ``(E g^4/(E g^2)^2 - 1)/2 <= 1`` over their number; doubled for what is beyond it.
    """
    return 2 / after


def staleness(run: Trajectory, since: int) -> float:
    """Largest relative distance, after ``since`` steps, of the mean squared length of gradients from its mean so far.

    By as much at most is what is divided by ``v`` off from gradients over their present scale.
    """
    lengths = np.mean(run.energies / run.squared_norms[:, :-1], axis=0)
    so_far = np.cumsum(lengths) / np.arange(1, len(lengths) + 1)
    return float(np.max(np.abs(lengths / so_far - 1)[since:]))
