"""Explicit Runge-Kutta steps of any tableau, for a gradient flow and for a scalar equation."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from numerics.arithmetic.sums import dot
from numerics.compilation.compiled import inner, kernel
from numerics.kernels import gradient as one
from numerics.kernels.record import LARGEST_SQUARED_NORM, SMALLEST_SQUARED_NORM

Floats = NDArray[np.float64]
FINISHED = -1


class Tableau(NamedTuple):
    """`numerics.simulation.integrators.Integrator.arrays`."""

    nodes: Floats
    stages: Floats
    weights: Floats


class Descent(NamedTuple):
    """du/dt = -grad L(u), and the state's last entry gathers |grad L|^2."""

    loss: int
    similarity: int
    pool: Floats
    temperature: float
    work: one.Work


class Scalar(NamedTuple):
    """dr/dt = -weight_decay r + step_size G(t) / (2 r^3), G(t) = energy (1 + modulation sin(frequency t))."""

    step_size: float
    weight_decay: float
    energy: float
    modulation: float
    frequency: float


def descent_slope(problem, time, state, slope):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """The right-hand side of a `Descent`."""
    last = len(state) - 1
    out = slope[:last]
    one.gradient(
        problem.loss, problem.similarity, state[:last], problem.pool, problem.temperature, problem.work, out
    )
    slope[last] = dot(out, out)
    for i in range(last):
        out[i] = -out[i]


def scalar_slope(problem, time, state, slope):  # type: ignore[no-untyped-def]
    """The right-hand side of a `Scalar`."""
    norm = state[0]
    energy = problem.energy * (1.0 + problem.modulation * np.sin(problem.frequency * time))
    slope[0] = -problem.weight_decay * norm + problem.step_size * energy / (2.0 * norm * norm * norm)


def right_hand_side(problem, time, state, slope):  # type: ignore[no-untyped-def]
    """d state/d time of a problem, chosen by the problem's type when a kernel is compiled."""
    raise NotImplementedError("for kernels only")


@overload(right_hand_side)
def _chosen(problem, time, state, slope):  # type: ignore[no-untyped-def]  # noqa: ARG001
    # by type and not by closures of one name, whose symbols numba would share between cached kernels
    return descent_slope if problem.instance_class is Descent else scalar_slope


@inner
def advance(tableau, problem, time, step, state, slopes, trial):  # type: ignore[no-untyped-def]
    """One Runge-Kutta step of the problem; scratch: slopes (s, m) and trial (m,)."""
    for i in range(len(tableau.nodes)):
        for m in range(len(state)):
            move = 0.0
            for j in range(i):
                move += tableau.stages[i, j] * slopes[j, m]
            trial[m] = state[m] + step * move
        right_hand_side(problem, time + tableau.nodes[i] * step, trial, slopes[i])  # type: ignore[no-untyped-call]
    for m in range(len(state)):
        move = 0.0
        for i in range(len(tableau.nodes)):
            move += tableau.weights[i] * slopes[i, m]
        state[m] += step * move


@kernel
def gradient_flow(stamp: int) -> Any:
    """Move states (R, d + 1) over ``durations`` (R,) and fill squared_norms (R, steps + 1)."""

    def rows(  # type: ignore[no-untyped-def]
        begin, end, loss, similarity, tableau, states, candidates, temperatures, durations, squared_norms,
        left_at,
    ):  # fmt: skip
        if stamp == 0:
            return
        count, dimension = candidates.shape[1:]
        steps = squared_norms.shape[1] - 1
        for row in range(begin, end):
            pool, state = np.empty((count, dimension)), states[row]
            one.prepare_pool(similarity, candidates[row], pool, np.empty(count))
            work = one.workspace(count, pool)
            problem = Descent(loss, similarity, pool, temperatures[row], work)
            slopes, trial = np.empty((len(tableau.nodes), dimension + 1)), np.empty(dimension + 1)
            left_at[row] = FINISHED
            squared_norms[row, 0] = dot(state[:dimension], state[:dimension])
            for k in range(steps):
                advance(
                    tableau, problem, durations[row] * k / steps, durations[row] / steps, state, slopes, trial
                )
                squared = dot(state[:dimension], state[:dimension])
                squared_norms[row, k + 1] = squared
                if not SMALLEST_SQUARED_NORM <= squared <= LARGEST_SQUARED_NORM:
                    left_at[row] = k
                    break

    return rows


@kernel
def modified_equation(stamp: int) -> Any:
    """Fill norms (R, steps + 1) from norms[:, 0]; settings (R, 5) are the entries of `Scalar`."""

    def rows(begin, end, tableau, settings, durations, norms, left_at):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        steps = norms.shape[1] - 1
        for row in range(begin, end):
            s = settings[row]
            problem = Scalar(s[0], s[1], s[2], s[3], s[4])
            slopes, trial, state = np.empty((len(tableau.nodes), 1)), np.empty(1), np.empty(1)
            state[0] = norms[row, 0]
            left_at[row] = FINISHED
            for k in range(steps):
                advance(
                    tableau, problem, durations[row] * k / steps, durations[row] / steps, state, slopes, trial
                )
                norms[row, k + 1] = state[0]
                squared = state[0] * state[0]
                if not (state[0] > 0.0 and SMALLEST_SQUARED_NORM <= squared <= LARGEST_SQUARED_NORM):
                    left_at[row] = k
                    break

    return rows
