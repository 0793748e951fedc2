"""C1 measured: radial parts of minibatch gradients along noisy descent, and settled norms without drift."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.imprint.drift_heat_decay_equilibrium import settled
from derivations.evidence.settings import Batch, draw, ordinary
from derivations.evidence.steps import Path, Read, Reading, on_loss, paths, read
from numerics.lookup.rows import noisy_rows
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.imprint.lookup_rows_have_no_drift import DECAY
from theory.notation import G, eta


def drift_law(formulas: Formulas) -> Reading:
    """Radial parts: 3 d + 30 roundings of the gradient's, d more of their measurement, on slopes of this size."""

    def law(path: Path) -> Read:
        known = {G: np.maximum(path.run.energies, 1e-290), eta: path.step_size}
        bound = rounding.gamma(4 * path.dimension + 40) * path.slopes
        seen = path.run.energies > (4 * bound) ** 2  # a gradient that is all rounding has no direction
        return equal(-path.run.radial, value(formulas["drift"], known)), np.broadcast_to(bound, seen.shape), seen

    return law


def _heat_law(formulas: Formulas) -> Reading:
    """Growth of the squared norm in a step, which is ``eta^2 heat/r^2``, against the heat of the energies measured."""

    def law(path: Path) -> Read:
        claimed = path.step_size**2 * value(formulas["heat"], {G: path.run.energies}) / path.before
        return equal(path.after - path.before, claimed), path.rounding(), claimed > 4 * path.rounding()

    return law


def _settled(formulas: Formulas, batches: Sequence[Batch]) -> Measurement:
    """Fourth power of the norm that runs of one energy settle at, as decay vanishes at fixed ``eta G/lambda``."""
    deviations, bounds, labels = [], [], []
    for b in batches[:3]:
        heat = float(np.exp(np.random.default_rng([b.seed, 3]).uniform(-2, 2)))
        x, _, v = settled(0.0, b.seed % 5, round(heat, 1) + 0.1)
        limit, left = order.extrapolated(x**2 / value(formulas["equilibrium"], {eta: 1.0, DECAY: 1.0, G: v}))
        deviations.append(equal(limit, 1))
        bounds.append(left)
        labels.append(f"eta G/lambda={v[0]:.3g} seed={b.seed % 5}")
    return measurement("settled fourth power", listed(deviations), np.array(bounds), labels)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Drift and heat along descent; the settled norm."""
    runs = paths(batches)
    return (read("drift of a step", runs, drift_law(formulas)), read("heat of a step", runs, _heat_law(formulas)),
            _settled(formulas, batches))  # fmt: skip


def _inner_products(formulas: Formulas, seed: int) -> NumericWitness:
    paths_of = [[on_loss(ordinary(seed), loss, like="infonce")] for loss in ("infonce", "dot_product_infonce")]
    kept, dropped = (read("drift", runs, drift_law(formulas)) for runs in paths_of)
    return NumericWitness("InfoNCE on inner products", kept, dropped)


def _momentum(formulas: Formulas, seed: int) -> NumericWitness:
    """Mean drift of the applied steps of noisy rows of energy 4: each rounds as a radial part does (`rounding.radial`)."""
    dimension = 16

    def applied(momentum: float) -> Measurement:
        run = noisy_rows(np.ones(6), 0.0, 4.0, 0.1, 0.1, dimension=dimension, steps=50, momentum=momentum, seed=seed)
        claimed = value(formulas["drift"], {G: run.drawn_heats, eta: np.full(6, 0.1)})
        bound = rounding.gamma(3 * dimension + 30) * np.sqrt(run.stepped_heats)
        return measurement("drift", equal(run.stepped_drifts, claimed), bound, [f"momentum={momentum} row={i}" for i in range(6)])

    return NumericWitness("momentum of 0.5", applied(0.0), applied(0.5))


def _of_step(words: str, change: Callable[[Batch, Floats], Floats]) -> Callable[[Formulas, int], NumericWitness]:
    """The drift of the gradients themselves, and of the steps that ``change`` makes of them."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        batch = ordinary(seed)
        x = batch.embeddings()
        g = evaluate("infonce", x, batch.pool(), batch.temperatures).gradients
        claimed = value(formulas["drift"], {G: np.ones(batch.rows), eta: batch.step_sizes})
        bound = 4 * rounding.radial("infonce", batch.temperatures, batch.dimension)
        drifts = [-np.sum(x * s, axis=1) for s in (g, change(batch, g))]
        kept, dropped = (measurement("drift", equal(drift, claimed), bound, batch.labels()) for drift in drifts)
        return NumericWitness(words, kept, dropped)

    return drop


def _scaled(batch: Batch, gradients: Floats) -> Floats:
    return gradients * np.linspace(0.5, 2, batch.dimension)


def _encoded(batch: Batch, gradients: Floats) -> Floats:
    """u_i = W x_i with unit inputs x_i: a step of W moves u_i by the gradients of all, weighted by ``<x_i, x_j>``."""
    inputs = np.random.default_rng(batch.seed).standard_normal((batch.rows, 4))
    inputs /= np.linalg.norm(inputs, axis=1, keepdims=True)
    return (inputs @ inputs.T) @ gradients


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _inner_products,
    "no-momentum": _momentum,
    "no-preconditioner": _of_step("a diagonal preconditioner from 0.5 to 2", _scaled),
    "lookup": _of_step("a linear encoder", _encoded),
})  # fmt: skip
