"""Runs that step-wise laws are read off: noisy descent on each loss, and gradients of prescribed energy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.settings import Batch, ordinary
from numerics.simulation.steps import Trajectory, descend, drive
from theory.claims import Formulas

STEPS = 12
LOSSES = ("cosine_regression", "infonce")


@dataclass(frozen=True)
class Path:
    """A run with what is needed to read a law off it; arrays of shape (rows, steps) or (rows, 1)."""

    run: Trajectory
    step_size: Floats
    weight_decay: Floats
    slopes: Floats  # bound of the length of the pulled-back slopes
    dimension: int
    labels: tuple[str, ...]

    @property
    def before(self) -> Floats:
        """Squared norms before each step."""
        return self.run.squared_norms[:, :-1]

    @property
    def after(self) -> Floats:
        """Squared norms after each step."""
        return self.run.squared_norms[:, 1:]

    def rounding(self) -> Floats:
        """Bound of the error of ``after`` against a recursion fed with the measured energies."""
        growth = self.step_size**2 * self.run.energies / self.before
        return rounding.step(self.slopes, self.before, self.after, growth, self.step_size, self.dimension)

    def fourth_power_rounding(self) -> Floats:
        """Bound of the rounding of the last fourth power ``z`` of the norm, (rows,), to first order.

        A step adds at most 3 times its squared norm times the step's bound. What was there before is multiplied by
        ``dz'/dz = rho^2 - a^2/z^2``, in size at most 1 or, where the drive is above ``z``, ``a^2/z^2``.
        """
        added = 3 * np.maximum(self.after, self.before) * self.rounding()
        gains = np.maximum(1, (self.step_size**2 * self.run.energies / self.before**2) ** 2)
        later = np.cumprod(gains[:, ::-1], axis=1)[:, ::-1] / gains  # of all steps after each
        return np.asarray(np.sum(added * later, axis=1))


def on_loss(batch: Batch, loss: str, weight_decay: Floats | float = 0.0, lag: int = 0, like: str = "") -> Path:
    """Descent with half of the candidates drawn anew at every step: every minibatch another gradient."""
    decay = np.broadcast_to(np.asarray(weight_decay, dtype=float), (batch.rows,))
    drawn = max(1, (batch.candidates + 1) // 2)
    run = descend(
        loss, batch.embeddings(), batch.pool(), batch.temperatures, batch.step_sizes, decay, steps=STEPS, batch=drawn,
        lag=lag, seed=batch.seed,
    )  # fmt: skip
    slopes = rounding.slope_sum(like or loss, batch.temperatures)
    labels = tuple(f"{loss} {label}" for label in batch.labels())
    return Path(run, batch.step_sizes[:, None], decay[:, None], slopes[:, None], batch.dimension, labels)


def on_energies(
    norms: Floats, energies: Floats, step_sizes: Floats, weight_decays: Floats | float = 0.0, *, dimension: int,
    seed: int, alignment: float = 0.0,
) -> Path:  # fmt: skip
    """Gradients of prescribed energies (rows, steps) in random directions."""
    decay = np.broadcast_to(np.asarray(weight_decays, dtype=float), (len(norms),))
    run = drive(norms, energies, step_sizes, decay, dimension=dimension, alignment=alignment, seed=seed)
    labels = tuple(f"prescribed energies d={dimension} eta={h:.3g} r={r:.3g} seed={seed} row={i}"
                   for i, (h, r) in enumerate(zip(step_sizes, norms, strict=True)))  # fmt: skip
    return Path(run, np.asarray(step_sizes)[:, None], decay[:, None], np.sqrt(energies), dimension, labels)


def paths(batches: Sequence[Batch], decays: Callable[[Batch], Floats] | None = None) -> list[Path]:
    """Both losses on every batch."""
    return [on_loss(b, loss, decays(b) if decays else 0.0) for b in batches for loss in LOSSES]


Read = tuple[Any, Any, Any]  # deviations, bounds and applicability, each (rows, steps)
Reading = Callable[[Path], Read]


def read(what: str, runs: Sequence[Path], law: Reading) -> Measurement:
    """``law`` gives deviations, bounds and applicability (rows, steps); a row counts by its worst step."""
    rows: list[Read] = []
    labels: list[str] = []
    for path in runs:
        found = law(path)
        shape = np.broadcast_shapes(*(np.shape(x) for x in found))
        deviations, bounds, applies = (np.atleast_2d(np.broadcast_to(x, shape)) for x in found)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(applies, np.where(deviations == 0, 0.0, deviations / bounds), -1.0)
        worst = np.argmax(np.where(np.isnan(ratio), np.inf, ratio), axis=1)
        take = (np.arange(len(worst)), worst)
        rows.append((deviations[take], bounds[take], applies.any(axis=1)))
        labels += path.labels
    columns = [np.concatenate(c) for c in zip(*rows, strict=True)]
    return measurement(what, columns[0], columns[1], labels, columns[2])


def step_witnesses(
    what: str, law: Callable[[Any], Reading], decay: float = 0.0, shrink: float = 1.0
) -> dict[str, Callable[[Formulas, int], NumericWitness]]:
    """The hypotheses every step-wise law shares, each dropped alone: radial gradients, delay, weight decay.

    ``shrink`` makes the steps smaller, for laws of small steps.
    """

    def witness(words: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
        def drop(formulas: Formulas, seed: int) -> NumericWitness:
            batch = replace(ordinary(seed), step_sizes=shrink * ordinary(seed).step_sizes)
            usual: dict[str, Any] = {"loss": "infonce", "weight_decay": decay, "like": "infonce"}
            kept, dropped = (read(what, [on_loss(batch, **with_)], law(formulas)) for with_ in (usual, {**usual, **changed}))
            return NumericWitness(words, kept, dropped)

        return drop

    shared = {
        "scale-invariant": witness("InfoNCE on inner products: gradients with a radial part", loss="dot_product_infonce"),
        "gradient-at-current-point": witness("gradients taken two steps earlier", lag=2),
    }
    return shared if decay else {**shared, "no-weight-decay": witness("decoupled weight decay of 0.3", weight_decay=0.3)}
