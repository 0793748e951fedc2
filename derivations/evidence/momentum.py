"""Runs with momentum, and the shadow of the embedding in them: what laws of momentum are read off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.evidence import Floats, Measurement, NumericWitness, rounding
from derivations.evidence.settings import Batch, log_uniform, ordinary
from derivations.evidence.steps import LOSSES, Read, read
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.records import Trajectory
from numerics.simulation.steps import descend
from theory.claims import Formulas

STEPS = 12
LAGGING = (0.01, 1.0)  # 1 - beta, over its decades


@dataclass(frozen=True)
class Run:
    """A run with its path; ``momenta`` (rows, K + 1, d) are m_{-1} = 0, m_0, ...; settings (rows, 1) but for beta."""

    run: Trajectory
    momenta: Floats
    beta: float
    step_size: Floats
    weight_decay: Floats
    slopes: Floats  # bound of the length of the pulled-back slopes
    labels: tuple[str, ...]

    @property
    def dimension(self) -> int:
        """d."""
        return self.run.path.shape[2]

    def squared_gradients(self) -> Floats:
        """|g_k|^2, (rows, K)."""
        return np.asarray(np.sum(self.run.gradients**2, axis=2))

    def overlaps(self) -> Floats:
        """<m_{k-1}, g_k>, (rows, K)."""
        return np.asarray(np.sum(self.momenta[:, :-1] * self.run.gradients, axis=2))

    def shadows(self, lag: Floats) -> Floats:
        """|w_k|^2 of w_k = u_k - lag m_{k-1}, (rows, K + 1); lag (rows, 1)."""
        w = self.run.path - lag[:, :, None] * self.momenta
        return np.asarray(np.sum(w * w, axis=2))

    def rounding(self, lag: Floats, step: Floats) -> Floats:
        """Bound of the error of |w_{k+1}|^2 against its recursion, (rows, K).

        The update and the momentum round 10 times relative to the lengths that make up w, which enter the square
        twice; four inner products round d times each, coefficients 10. The leftover <u, g> enters once, doubled.
        """
        u, m = np.linalg.norm(self.run.path, axis=2), np.linalg.norm(self.momenta, axis=2)
        reach = lag + step
        size = u[:, :-1] + u[:, 1:] + reach * (m[:, :-1] + m[:, 1:] + np.sqrt(self.squared_gradients()))
        radial = rounding.gamma(3 * self.dimension + 30) * self.slopes
        return np.asarray(rounding.gamma(4 * self.dimension + 80) * size**2 + 2 * reach * radial)


def momenta(run: Trajectory, beta: float, coupled_decay: Floats | float = 0.0) -> Floats:
    """m_{-1}, m_0, ... by their definition, m_k = beta m_{k-1} + g_k (+ lambda u_k if decay is coupled)."""
    seen = run.gradients + np.reshape(coupled_decay, (-1, 1, 1)) * run.path[:, :-1]
    out = np.zeros(run.path.shape)
    for k in range(seen.shape[1]):
        out[:, k + 1] = beta * out[:, k] + seen[:, k]
    return out


def beta_of(batch: Batch) -> float:
    """A batch's momentum: 0 for every eighth, else from 0 to 0.99."""
    rng = np.random.default_rng([batch.seed, 23])
    return 0.0 if rng.random() < 1 / 8 else 1 - float(log_uniform(rng, LAGGING, 1)[0])


def on_loss(
    batch: Batch, loss: str, beta: float, decay: Floats | float = 0.0, *, rule: str = "heavy_ball", coupled: bool = False,
    lag: int = 0, like: str = "",
) -> Run:  # fmt: skip
    """Descent with half of the candidates drawn anew at every step. ``like`` names the loss whose rounding is granted."""
    decays = np.broadcast_to(np.asarray(decay, dtype=float), (batch.rows,))
    run = descend(
        loss, batch.embeddings(), batch.pool(), batch.temperatures, batch.step_sizes, decays, steps=STEPS,
        batch=max(1, (batch.candidates + 1) // 2), lag=lag, path=True, seed=batch.seed,
        optimizer=Optimizer(rule, coupled=coupled, momentum=beta),
    )  # fmt: skip
    slopes = rounding.slope_sum(like or loss, batch.temperatures)
    labels = tuple(f"{rule} beta={beta:.4g} {loss} {label}" for label in batch.labels())
    m = momenta(run, beta, decays if coupled else 0.0)
    return Run(run, m, beta, batch.step_sizes[:, None], decays[:, None], slopes[:, None], labels)


def on_losses(batches: Sequence[Batch], **options: Any) -> list[Run]:
    """Both losses on every batch, each batch with its own momentum."""
    return [on_loss(b, loss, beta_of(b), **options) for b in batches for loss in LOSSES]


def read_runs(what: str, runs: Sequence[Any], law: Callable[[Any], Read]) -> Measurement:
    """As `steps.read`, of runs of any kind that have labels."""
    return read(what, runs, law)


Law = Callable[[Formulas], Callable[[Run], Read]]


def dropped(law: Law, cases: Mapping[str, tuple[str, Mapping[str, Any]]], **usual: Any) -> dict[str, Any]:
    """Witnesses of a law of one step: the usual run and, for each hypothesis, one with other options, in words."""

    def witness(words: str, changed: Mapping[str, Any]) -> Callable[[Formulas, int], NumericWitness]:
        def drop(formulas: Formulas, seed: int) -> NumericWitness:
            options: dict[str, Any] = {"loss": "infonce", "like": "infonce", "beta": 0.7, **usual}

            def measured(with_: Mapping[str, Any]) -> Measurement:
                return read_runs("shadow after a step", [on_loss(ordinary(seed), **with_)], law(formulas))

            return NumericWitness(words, measured(options), measured({**options, **changed}))

        return drop

    return {name: witness(*case) for name, case in cases.items()}


ASLANT: dict[str, tuple[str, dict[str, Any]]] = {
    "scale-invariant": ("InfoNCE on inner products: gradients with a radial part", {"loss": "dot_product_infonce"}),
    "gradient-at-current-point": ("gradients taken two steps earlier", {"lag": 2}),
}
