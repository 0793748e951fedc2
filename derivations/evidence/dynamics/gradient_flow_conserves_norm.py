"""B1 measured: flows on both losses at two orders; descent at a fixed time, the order and size of its drift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, order, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import at_least, equal, over
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, draw, ordinary
from numerics.simulation.flow import gradient_flow
from numerics.simulation.integrators import DOPRI5, MIDPOINT, Integrator
from numerics.simulation.steps import descend
from theory.claims import Formulas
from theory.notation import G, eta, r

LOSSES = ("cosine_regression", "infonce")
LADDER = (32, 64, 128, 256)


def durations(batch: Batch, loss: str) -> Floats:
    """A time in which directions turn by a visible angle: half the inverse of the fastest rate of the sphere."""
    inverse = 1 / batch.temperatures if loss != "cosine_regression" else np.zeros(batch.rows)
    return 0.5 * batch.norms**2 / (1 + inverse + inverse**2)


def _flow_drift(batch: Batch, loss: str, integrator: Integrator, rate: Floats) -> Floats:
    """``|r^2(T) - r_0^2 - rate T| / r_0^2`` over the ladder, shape (rows, rungs)."""
    x, pool, time = batch.embeddings(), batch.pool(), durations(batch, loss)
    ends = [
        gradient_flow(loss, x, pool, batch.temperatures, duration=time, steps=steps, integrator=integrator).squared_norms
        for steps in LADDER
    ]
    return np.stack([np.abs(e[:, -1] - e[:, 0] - rate * time) for e in ends], axis=1) / batch.norms[:, None] ** 2


def conserved(formulas: Formulas, batch: Batch, loss: str, integrator: Integrator) -> tuple[Any, ...]:
    """The drift falls at least at the integrator's order; a drift below its own rounding is none at all."""
    drift = _flow_drift(batch, loss, integrator, value(formulas["rate"], {}))
    floor = LADDER[-1] * rounding.gamma(12 * batch.dimension + 12 * batch.candidates + 200)
    found, uncertainty = order.fitted(drift, noise=floor)
    none, persists = drift[:, -1] <= floor, drift[:, -1] > 0.5 * drift[:, 0]
    clear = (uncertainty < order.DISCRIMINATES) | persists
    lack = at_least(np.where(none, integrator.order, np.where(persists, 0.0, found)), integrator.order)
    return lack, np.where(none | persists, 0.0, uncertainty), (none | clear) & _moves(batch, loss)


def _moves(batch: Batch, loss: str) -> Any:
    """Only rows with a force: InfoNCE without a negative has none."""
    return np.full(batch.rows, loss != "infonce" or batch.candidates > 1)


Run = tuple[Floats, Floats, Floats, Floats]


def _descents(batch: Batch, loss: str, weight_decays: Floats | float = 0.0) -> list[Run]:
    """Per rung: step size, drift of ``r^2``, energies, squared norms before each step."""
    x, pool, time = batch.embeddings(), batch.pool(), durations(batch, loss)
    runs = []
    for steps in LADDER:
        run = descend(loss, x, pool, batch.temperatures, time / steps, weight_decays, steps=steps)
        runs.append((time / steps, run.squared_norms[:, -1] - run.squared_norms[:, 0], run.energies, run.squared_norms[:, :-1]))
    return runs


def _noise(batch: Batch, loss: str, step: Floats, steps: int) -> Floats:
    """Rounding of the drift of ``steps`` steps: each step's bound, as for a single one."""
    size = 2.5 * batch.norms**2 + 2 * step * rounding.slope_sum(loss, batch.temperatures)
    return steps * rounding.gamma(8 * batch.dimension + 60) * size


def drift_order(_: Formulas, batch: Batch, loss: str, runs: list[Run]) -> tuple[Any, ...]:
    """At a fixed time the drift of descent is of first order in the step."""
    drifts = np.stack([run[1] for run in runs], axis=1)
    found, uncertainty = order.fitted(np.abs(drifts), noise=_noise(batch, loss, runs[-1][0], LADDER[-1]))
    return equal(found, 1), uncertainty, uncertainty < order.DISCRIMINATES


def drift_sum(formulas: Formulas, batch: Batch, loss: str, runs: list[Run]) -> tuple[Any, ...]:
    """The whole drift is the claim's drift per time, summed over the run: to rounding of the run."""
    step, drift, energies, before = runs[0]
    claimed = value(formulas["drift"], {eta: step[:, None], G: energies, r: np.sqrt(before)}) * step[:, None]
    bound = _noise(batch, loss, step, LADDER[0]) * (1 + drift / batch.norms**2)
    return equal(drift, claimed.sum(axis=1)), bound, drift > 4 * bound


def drift_limit(formulas: Formulas, batch: Batch, loss: str, runs: list[Run]) -> tuple[Any, ...]:
    """Drift over step tends to the claimed one along the flow: extrapolated once, bounded by the extrapolation.

    The norm stands still there and the claim is linear in ``G``, so its integral is its value at the mean energy.
    """
    rates = np.stack([drift / step for step, drift, _, _ in runs], axis=1)
    flow = gradient_flow(loss, batch.embeddings(), batch.pool(), batch.temperatures, duration=durations(batch, loss),
                         steps=LADDER[0], integrator=DOPRI5)  # fmt: skip
    limit, left = order.extrapolated(rates)
    bound = left + 3 * _noise(batch, loss, runs[-1][0], LADDER[-1]) / runs[-1][0]
    time, step = durations(batch, loss), runs[0][0]
    energy = batch.norms**2 * flow.path_energies / time
    claimed = value(formulas["drift"], {eta: step, G: energy, r: batch.norms}) * time / step
    return equal(limit, claimed), bound, bound < 0.1 * flow.path_energies


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Flow, then descent, for both losses."""
    descents = {(id(b), loss): _descents(b, loss) for b in batches for loss in LOSSES}
    parts = (
        ("drift of descent at fixed time: order against 1", drift_order),
        ("drift of descent against its sum", drift_sum),
        ("drift over step size against the flow's energy", drift_limit),
    )
    flows = [
        over_batches(f"norm along the flow, midpoint rule: lack of order, {loss}", batches,
                     lambda b, loss=loss: conserved(formulas, b, loss, MIDPOINT)) for loss in LOSSES
    ]  # fmt: skip
    drifts = [
        over_batches(f"{what}, {loss}", batches, lambda b, f=f, loss=loss: f(formulas, b, loss, descents[id(b), loss]))
        for what, f in parts for loss in LOSSES
    ]  # fmt: skip
    return (*flows, *drifts)


def _inner_products(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_batches("norm along the flow", [ordinary(seed)], lambda b, loss=loss: conserved(formulas, b, loss, MIDPOINT))
        for loss in ("infonce", "dot_product_infonce")
    )
    return NumericWitness("gradient flow of InfoNCE on inner products", kept, dropped)


def _finite_steps(formulas: Formulas, seed: int) -> NumericWitness:
    batch, loss = ordinary(seed), "infonce"
    flow = _flow_drift(batch, loss, DOPRI5, value(formulas["rate"], {}))
    bound = np.abs(flow[:, 0] - flow[:, 1]) + LADDER[-1] * rounding.gamma(12 * batch.dimension + 200)
    steps = _descents(batch, loss)[0][1] / batch.norms**2 - value(formulas["rate"], {})
    kept, dropped = (
        over_batches("relative change of r^2", [batch], lambda _, x=x: (equal(np.abs(x), 0.0), bound)) for x in (flow[:, 1], steps)
    )
    return NumericWitness("32 finite steps instead of a flow", kept, dropped)


def _decay(formulas: Formulas, seed: int) -> NumericWitness:
    """Both flows as limits of descent, with and without decay, by one extrapolation over the ladder of its steps."""
    batch, loss = ordinary(seed), "infonce"
    time = durations(batch, loss)

    def change(weight_decay: float) -> tuple[Floats, Floats]:
        runs = _descents(batch, loss, weight_decay / time)
        limit, left = order.extrapolated(np.stack([drift for _, drift, _, _ in runs], axis=1))
        bound = left + 3 * _noise(batch, loss, runs[-1][0], LADDER[-1])
        return over(equal(limit, value(formulas["rate"], {}) * time), batch.norms**2), bound / batch.norms**2

    kept, dropped = (over_batches("relative change of r^2 as steps vanish", [batch], lambda _, x=x: change(x)) for x in (0.0, 0.3))
    return NumericWitness("a flow that decays by 0.3 over the run", kept, dropped)


EVIDENCE = Evidence(
    draw, check, {"scale-invariant": _inner_products, "continuous-time": _finite_steps, "no-weight-decay": _decay}
)
