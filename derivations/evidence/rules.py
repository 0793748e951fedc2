"""Runs of update rules other than SGD, for laws that are read off step by step, and the witnesses such laws share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from derivations.evidence import Floats, Measurement, NumericWitness, rounding
from derivations.evidence.settings import DIMENSIONS, NORMS, STEP_SIZES, Batch, log_uniform, ordinary
from derivations.evidence.steps import LOSSES, STEPS, Path, Read, Reading, read
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import descend, drive
from theory.claims import Formulas

PRODUCTS = (1e-3, 0.9)  # eta * lambda
ENERGIES = (1e-6, 1e6)  # G


@dataclass(frozen=True)
class RulePath(Path):
    """A run whose step ``s`` is the gradient times a positive number, ``gain``, or 0."""

    @property
    def gain(self) -> Floats:
        """``|s|/|g|`` (rows, steps), 0 where there is no gradient."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.sqrt(np.where(self.run.energies > 0, self.run.heats / self.run.energies, 0.0))

    @property
    def legs(self) -> Floats:
        """``eta^2 |s|^2``."""
        return self.step_size**2 * self.run.heats / self.before

    def rounding(self) -> Floats:
        """As for SGD, whose step has gain 1: the radial leftover of the gradient is multiplied by the gain."""
        return rounding.step(self.slopes * self.gain, self.before, self.after, self.legs, self.step_size, self.dimension)

    def angle_rounding(self, tangent: Floats) -> Floats:
        """Bound of the error of a rotation with this tangent; the radial leftover turns nothing by itself."""
        slip = self.step_size * self.slopes * self.gain / self.before * rounding.gamma(3 * self.dimension + 30)
        return np.asarray(rounding.gamma(8 * self.dimension + 60) * (1 + np.arctan(tangent)) + slip)


RuleReading = Callable[[RulePath], Read]


def over_runs(what: str, runs: Sequence[RulePath], law: RuleReading) -> Measurement:
    """`steps.read` for laws about runs of a rule."""
    return read(what, runs, cast("Reading", law))


def _decays(decay: Floats | float, rows: int) -> Floats:
    return np.broadcast_to(np.asarray(decay, dtype=float), (rows,))


def on_loss(
    batch: Batch, loss: str, optimizer: Optimizer, weight_decay: Floats | float = 0.0, lag: int = 0, like: str = "", path: bool = False
) -> RulePath:
    """Descent with half of the candidates drawn anew at every step, as `steps.on_loss`."""
    decay, drawn = _decays(weight_decay, batch.rows), max(1, (batch.candidates + 1) // 2)
    run = descend(loss, batch.embeddings(), batch.pool(), batch.temperatures, batch.step_sizes, decay, steps=STEPS, batch=drawn,
                  lag=lag, optimizer=optimizer, seed=batch.seed, path=path)  # fmt: skip
    slopes = rounding.slope_sum(like or loss, batch.temperatures)
    labels = tuple(f"{loss} {label}" for label in batch.labels())
    return RulePath(run, batch.step_sizes[:, None], decay[:, None], slopes[:, None], batch.dimension, labels)


def on_losses(
    batches: Sequence[Batch], optimizer: Optimizer, decays: Callable[[Batch], Floats], path: bool = False
) -> list[RulePath]:
    """Both losses on every batch; with every embedding if ``path``."""
    return [on_loss(b, loss, optimizer, decays(b), path=path) for b in batches for loss in LOSSES]


def products(batch: Batch) -> Floats:
    """An ``eta lambda`` for every row of a batch."""
    return log_uniform(np.random.default_rng([batch.seed, 11]), PRODUCTS, batch.rows)


def decays_of(batch: Batch) -> Floats:
    """The weight decays that go with `products`."""
    return products(batch) / batch.step_sizes


@dataclass(frozen=True)
class Rows:
    """Rows on gradients of prescribed ``energies`` (rows, steps): norms, step sizes and ``products`` = eta lambda (rows,)."""

    norms: Floats
    step_sizes: Floats
    products: Floats
    energies: Floats
    dimension: int
    seed: int

    @property
    def decays(self) -> Floats:
        """lambda."""
        return self.products / self.step_sizes

    def run(self, optimizer: Optimizer, weight_decays: Floats | float | None = None, norms: Floats | None = None,
            energies: Floats | None = None, **options: Any) -> RulePath:  # fmt: skip
        """Drive the rows, with other norms, energies or decays where given."""
        g2 = self.energies if energies is None else energies
        decay = _decays(self.decays if weight_decays is None else weight_decays, len(self.norms))
        start = self.norms if norms is None else norms
        run = drive(start, g2, self.step_sizes, decay, dimension=self.dimension, optimizer=optimizer, seed=self.seed, **options)
        return RulePath(run, self.step_sizes[:, None], decay[:, None], np.sqrt(g2), self.dimension, self.labels())

    def labels(self) -> tuple[str, ...]:
        """One line per row."""
        columns = zip(self.norms, self.step_sizes, self.products, self.energies[:, 0], strict=True)
        return tuple(f"d={self.dimension} r={a:.3g} eta={b:.3g} eta lambda={c:.3g} G={g:.3g} seed={self.seed} row={i}"
                     for i, (a, b, c, g) in enumerate(columns))  # fmt: skip


def draw_rows(rng: np.random.Generator, effort: str, steps: int, spread: float = 1.0) -> list[Rows]:
    """Rows over all decades; energies about a level of their own, log-normal with this ``spread`` from step to step."""
    groups, rows = (6, 8) if effort == "quick" else (24, 16)
    return [
        Rows(log_uniform(rng, NORMS, rows), log_uniform(rng, STEP_SIZES, rows), log_uniform(rng, PRODUCTS, rows),
             log_uniform(rng, ENERGIES, rows)[:, None] * np.exp(spread * rng.standard_normal((rows, steps))),
             int(np.rint(log_uniform(rng, DIMENSIONS, 1)[0])), int(rng.integers(2**31)))
        for _ in range(groups)
    ]  # fmt: skip


def ordinary_rows(seed: int, steps: int, product: float = 0.2, energy: float = 1.0) -> Rows:
    """Rows without extremes, of one energy, for witnesses."""
    rng = np.random.default_rng([seed, 13])
    return Rows(rng.uniform(0.8, 1.5, 6), rng.uniform(0.1, 0.3, 6), np.full(6, product), np.full((6, steps), energy), 16, seed)


Witnesses = Mapping[str, Callable[[Formulas, int], NumericWitness]]


def rule_witness(
    what: str, law: Callable[[Any], RuleReading], optimizer: Optimizer, words: str, decay: float = 0.0, path: bool = False, /,
    **changed: Any,
) -> Callable[[Formulas, int], NumericWitness]:  # fmt: skip
    """The law on InfoNCE, and with one argument of `on_loss` changed."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        batch = ordinary(seed)
        usual: dict[str, Any] = {"loss": "infonce", "optimizer": optimizer, "weight_decay": decay, "like": "infonce", "path": path}
        kept, dropped = (over_runs(what, [on_loss(batch, **with_)], law(formulas)) for with_ in (usual, {**usual, **changed}))
        return NumericWitness(words, kept, dropped)

    return drop


def rule_witnesses(what: str, law: Callable[[Any], RuleReading], optimizer: Optimizer, decay: float = 0.0) -> Witnesses:
    """The hypotheses that every step-wise law shares, as in `theory.rule_hypotheses`."""
    return {
        "scale-invariant": rule_witness(what, law, optimizer, "InfoNCE on inner products: gradients with a radial part", decay,
                                        loss="dot_product_infonce"),
        "gradient-at-current-point": rule_witness(what, law, optimizer, "gradients taken two steps earlier", decay, lag=2),
    }  # fmt: skip
