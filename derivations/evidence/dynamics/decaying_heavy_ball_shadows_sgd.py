"""B8c measured: heavy ball with decay of either kind on both losses; decay without gradients, weaker and weaker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.momentum import ASLANT, Run, beta_of, on_loss, read_runs
from derivations.evidence.settings import Batch, ordinary
from derivations.evidence.settings import draw as draw_batches
from derivations.evidence.steps import LOSSES, Read
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import drive
from theory.claims import Formulas
from theory.laws.dynamics.decaying_heavy_ball_shadows_sgd import S, W, X
from theory.momentum import BETA, OVERLAP
from theory.notation import G, eta, lam, r

HALVINGS = 5  # of eta lambda
LATE = 240  # steps


@dataclass(frozen=True)
class Kept:
    """A run, and what a step keeps of its shadow, (rows, 1)."""

    run: Run
    kept: Floats

    @property
    def labels(self) -> tuple[str, ...]:
        """One line per row."""
        return tuple(f"x={x:.6g} {label}" for x, label in zip(self.kept[:, 0], self.run.labels, strict=True))


def kept_by(batch: Batch, beta: float, low: float = 0.05) -> Floats:
    """What is kept, from anywhere in beta .. 1, (rows,)."""
    share = np.random.default_rng([batch.seed, 29]).uniform(low, 0.95, batch.rows)
    return beta + share * (1 - beta)


def decayed(formulas: Formulas, batch: Batch, loss: str, coupled: bool, *, kept: Floats | None = None, beta: float | None = None,
            rule: str = "heavy_ball", like: str = "", lag: int = 0) -> Kept:  # fmt: skip
    """A run whose weight decay is the one that the claim says keeps so much; and so much the claim says it keeps."""
    b = beta_of(batch) if beta is None else beta
    x = kept_by(batch, b) if kept is None else kept
    if coupled:
        decay = value(formulas["coupled_product"], {X: x, BETA: b}) / batch.step_sizes
    else:
        decay = (1 - x) / batch.step_sizes
        x = value(formulas["decoupled_factor"], {eta: batch.step_sizes, lam: decay})
    run = on_loss(batch, loss, b, np.clip(decay, 0, 1e150), rule=rule, coupled=coupled, like=like, lag=lag)
    return Kept(run, np.broadcast_to(x, (batch.rows,))[:, None])


def law_of(formulas: Formulas) -> Callable[[Kept], Read]:
    """The squared length of the shadow after a step; steps in which neither decay nor growth is seen do not count.

    The decay itself is off by 4 roundings in 1 - x, which moves x by as many, relatively to (1 - x) (coupled: over
    x - beta, the slope of the product).
    """

    def law(of: Kept) -> Read:
        run = of.run
        known: dict[Any, Any] = {X: of.kept, eta: run.step_size, BETA: run.beta}
        lag, step = value(formulas["lag"], known), value(formulas["step"], known)
        squared, norms = run.shadows(lag), run.run.squared_norms[:, :-1]
        bound = run.rounding(np.abs(lag), np.abs(step)) * (1 + 1 / np.abs(of.kept - run.beta))
        terms = {S: step, W: squared[:, :-1], G: norms * run.squared_gradients(), r: np.sqrt(norms), OVERLAP: run.overlaps()}
        claimed = value(formulas["next_squared_norm"], {**known, **terms})
        return equal(squared[:, 1:], claimed), bound, np.abs(np.diff(squared, axis=1)) > 4 * bound

    return law


def _speeds(formulas: Formulas, batches: Sequence[Batch]) -> Measurement:
    """-ln |u_{k+1}|/|u_k| over eta lambda without gradients, late, and extrapolated in eta lambda: the speed of decay.

    The other root is about beta; after so many steps that (beta/x)^k is below a rounding only x is left. A norm
    rounds d + 10 times over the run of ``last`` steps, of which the difference of logarithms is taken.
    """
    deviations, bounds, labels = [], [], list[str]()
    for b in batches:
        beta = min(beta_of(b), 0.9)
        speeds = []
        for halving in range(HALVINGS):
            product = (1 - np.sqrt(beta)) ** 2 / 8 / 2.0**halving
            wait = 1 if beta == 0 else int(40 / (1 - beta))
            run = drive(1.0, np.ones((1, 2 * wait)), 1.0, product, dimension=2, visits=0.0, seed=b.seed,
                        optimizer=Optimizer("heavy_ball", coupled=True, momentum=beta))  # fmt: skip
            z = run.squared_norms[0]
            speeds.append(np.log(z[wait] / z[-1]) / 2 / wait / product)
        limit, left = order.extrapolated(np.array(speeds)[None])
        noise = rounding.gamma(40 * wait) / (wait * product)
        claimed = value(formulas["coupled_speed"], {BETA: beta})
        deviations.append(equal(limit[0], claimed))
        bounds.append(float(left[0] + noise))
        labels.append(f"beta={beta:.4g} seed={b.seed}")
    return measurement("speed of coupled decay, without gradients", listed(deviations), np.array(bounds), labels)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Every step under both kinds of decay; the speed of coupled decay as it vanishes."""
    kinds = {"decoupled": False, "coupled": True}
    return (
        *(read_runs(f"squared length of the shadow after a step, {name} decay",
               [decayed(formulas, b, loss, coupled) for b in batches for loss in LOSSES], law_of(formulas))
          for name, coupled in kinds.items()),
        _speeds(formulas, batches),
    )  # fmt: skip


def _shared(formulas: Formulas, batch: Batch, **changed: Any) -> Kept:
    options: dict[str, Any] = {"loss": "infonce", "like": "infonce", "beta": 0.7, "coupled": False, **changed}
    return decayed(formulas, batch, **options)


def _witness(words: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        cases: tuple[dict[str, Any], ...] = ({}, changed)
        measured = [read_runs("shadow after a step", [_shared(formulas, ordinary(seed), **c)], law_of(formulas)) for c in cases]
        return NumericWitness(words, *measured)

    return drop


def _fast(formulas: Formulas, seed: int) -> NumericWitness:
    """After one gradient and no other, an embedding keeps x a step, late, unless the momentum of that gradient is still there."""

    def late(kept: float) -> Measurement:
        step_size, energies, beta = 0.5, np.zeros((1, LATE)), 0.7
        energies[0, 0] = 1.0
        run = drive(1.0, energies, step_size, (1 - kept) / step_size, dimension=3, seed=seed,
                    optimizer=Optimizer("heavy_ball", momentum=beta))  # fmt: skip
        z, count = run.squared_norms[0], LATE // 4
        found = (z[-1] / z[-1 - count]) ** (0.5 / count)
        claimed = float(value(formulas["decoupled_factor"], {eta: step_size, lam: (1 - kept) / step_size}))
        # every step rounds 10 times; what is left of the momentum is (beta/x)^k, below a rounding at x = 0.9
        return measurement("kept of the embedding, late", listed([equal(found, claimed)]), rounding.gamma(20), [f"x={kept}"])

    return NumericWitness("decay of 0.65, momentum of 0.7: the momentum outlives what it was added to", late(0.9), late(0.35))


EVIDENCE = Evidence(draw_batches, check, {
    **{name: _witness(words, **changed) for name, (words, changed) in ASLANT.items()},
    "heavy-ball": _witness("Nesterov's steps", rule="nesterov"),
    "decay-slower-than-momentum": _fast,
})  # fmt: skip
