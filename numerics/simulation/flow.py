"""The checked surface of the flows: the gradient flow of a loss, and the scalar equation of the norm.

Every function raises ``InvalidInput`` with name, value and bound, and ``OutOfRange`` when a norm leaves
1e-75 .. 1e75 (a step too long for a stiff problem). Results do not depend on ``threads``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import validation
from numerics.kernels import flow as kernels
from numerics.simulation.integrators import RK4, Integrator
from numerics.simulation.records import Flow, ScalarFlow
from numerics.simulation.steps import setting
from numerics.validation import LARGEST_NORM, SMALLEST_NORM, Floats, InvalidInput, OutOfRange

__all__ = ["Flow", "ScalarFlow", "gradient_flow", "modified_equation", "reference_flow", "reference_modified"]

RTOL = 1e-12


def gradient_flow(
    loss: str, embeddings: ArrayLike, candidates: ArrayLike, temperatures: ArrayLike,
    *, duration: ArrayLike, steps: int, integrator: Integrator = RK4, threads: int | None = None,
) -> Flow:  # fmt: skip
    """du/dt = -grad L(u) for embeddings (R, d), candidates (R, n, d), ``duration`` above 0, one or (R,).

    The whole vector is integrated, in ``steps`` equal steps; the integral of |grad L|^2 is one more state.
    """
    code, similarity, u, v, t = setting(loss, embeddings, candidates, temperatures)
    ends, steps = _timing(duration, steps, len(u))
    states = np.concatenate((u, np.zeros((len(u), 1))), axis=1)
    squared, left_at = np.empty((len(u), steps + 1)), np.empty(len(u), np.int64)
    tableau = _tableau(integrator)
    kernels.gradient_flow(len(u), threads, code, similarity, tableau, states, v, t, ends, squared, left_at)
    _check_range(left_at, ends / steps)
    return Flow(_times(ends, steps), squared, states[:, -1].copy(), states[:, :-1].copy())


def modified_equation(
    norms: ArrayLike, step_sizes: ArrayLike, weight_decays: ArrayLike, energies: ArrayLike,
    *, modulation: ArrayLike = 0.0, frequency: ArrayLike = 0.0, duration: ArrayLike, steps: int,
    integrator: Integrator = RK4, threads: int | None = None,
) -> ScalarFlow:  # fmt: skip
    """dr/dt = -weight_decay r + step_size G(t) / (2 r^3), G(t) = energy (1 + modulation sin(frequency t)).

    ``norms`` (R,) are the initial ones; every other argument is one number or (R,). Modulation in -1 .. 1.
    """
    rows = max(1, np.size(norms))
    settings = np.stack(
        (
            validation.per_row("step_sizes", step_sizes, rows, above=0.0),
            validation.per_row("weight_decays", weight_decays, rows, least=0.0),
            validation.per_row("energies", energies, rows, least=0.0),
            validation.per_row("modulation", modulation, rows, least=-1.0, most=1.0),
            validation.per_row("frequency", frequency, rows, least=0.0),
        ),
        axis=1,
    )
    start = validation.per_row("norms", norms, rows, least=SMALLEST_NORM, most=LARGEST_NORM)
    ends, steps = _timing(duration, steps, rows)
    states, left_at = np.empty((rows, steps + 1)), np.empty(rows, np.int64)
    states[:, 0] = start
    tableau = _tableau(integrator)
    kernels.modified_equation(rows, threads, tableau, settings, ends, states, left_at)
    _check_range(left_at, ends / steps)
    return ScalarFlow(_times(ends, steps), states)


def reference_flow(
    loss: str, embedding: ArrayLike, candidates: ArrayLike, temperature: float, *, duration: float,
    steps: int = 1, rtol: float = RTOL,
) -> Flow:  # fmt: skip
    """`gradient_flow` of one setting, u (d,) and candidates (n, d), by SciPy's DOP853: the reference, R = 1.

    ``steps`` only says where norms are reported.
    """
    from numerics.simulation import reference

    _, _, u, v, t = setting(loss, np.asarray(embedding)[None], np.asarray(candidates)[None], temperature)
    ends, steps = _timing(duration, steps, 1)
    times = _times(ends, steps)
    states = reference.descent_states(loss, u[0], v[0], float(t[0]), times[0], _tolerance(rtol))
    squared = np.sum(states[:, :-1] ** 2, axis=1)
    return Flow(times, squared[None], states[-1:, -1].copy(), states[-1:, :-1].copy())


def reference_modified(
    norm: float, step_size: float, weight_decay: float, energy: float, *, modulation: float = 0.0,
    frequency: float = 0.0, duration: float, steps: int = 1, rtol: float = RTOL,
) -> ScalarFlow:  # fmt: skip
    """`modified_equation` of one setting by SciPy's DOP853: the reference, R = 1."""
    from numerics.simulation import reference

    r = validation.number("norm", norm, least=SMALLEST_NORM, most=LARGEST_NORM)
    eta = validation.number("step_size", step_size, above=0.0)
    decay = validation.number("weight_decay", weight_decay, least=0.0)
    mean = validation.number("energy", energy, least=0.0)
    swing = validation.number("modulation", modulation, least=-1.0, most=1.0)
    pace = validation.number("frequency", frequency, least=0.0)
    ends, steps = _timing(duration, steps, 1)
    times = _times(ends, steps)

    def energy_at(time: float) -> float:
        return mean + mean * swing * math.sin(pace * time)

    norms = reference.scalar_states(r, eta, decay, energy_at, times[0], _tolerance(rtol))
    return ScalarFlow(times, norms[None])


def _timing(duration: ArrayLike, steps: int, rows: int) -> tuple[Floats, int]:
    steps = validation.integer("steps", steps, 1)
    validation.size("steps", rows, steps + 1)
    return validation.per_row("duration", duration, rows, above=0.0), steps


def _times(ends: Floats, steps: int) -> Floats:
    return ends[:, None] * np.arange(steps + 1) / steps


def _tolerance(rtol: float) -> float:
    return validation.number("rtol", rtol, least=3e-14, most=0.1)


def _tableau(integrator: Integrator) -> kernels.Tableau:
    if not isinstance(integrator, Integrator):
        raise InvalidInput(f"integrator = {integrator!r} must be an Integrator")
    return kernels.Tableau(*integrator.arrays())


def _check_range(left_at: NDArray[np.int64], lengths: Floats) -> None:
    if np.any(left_at >= 0):
        row = int(np.argmax(left_at >= 0))
        raise OutOfRange(
            f"duration / steps = {lengths[row]:g} takes row {row} out of range at step {int(left_at[row])}: "
            f"its norm must stay between {SMALLEST_NORM:g} and {LARGEST_NORM:g}; take more steps"
        )
