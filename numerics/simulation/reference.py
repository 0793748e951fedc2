"""The same flows by other means: NumPy right-hand sides and SciPy's DOP853, one setting at a time.

Nothing here calls the kernels; it is what they are compared with. Arguments are checked in `numerics.simulation.flow`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from numerics.validation import Floats, InvalidInput, OutOfRange

Slope = Callable[[float, Floats], Floats]


def _unit(vectors: Floats) -> Floats:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _softmax_errors(logits: Floats) -> Floats:
    weights = np.exp(logits - logits.max())
    weights /= weights.sum()
    weights[0] -= 1.0
    return weights


def _through_normalisation(u: Floats, pull: Floats) -> Floats:
    length = np.linalg.norm(u)
    return (np.eye(len(u)) / length - np.outer(u, u) / length**3) @ pull


def _cosine_regression(u: Floats, v: Floats, temperature: float) -> Floats:  # noqa: ARG001
    return _through_normalisation(u, -2.0 * _unit(v).mean(axis=0))


def _infonce(u: Floats, v: Floats, temperature: float) -> Floats:
    errors = _softmax_errors(_unit(v) @ _unit(u) / temperature)
    return _through_normalisation(u, errors @ _unit(v) / temperature)


def _dot_product_infonce(u: Floats, v: Floats, temperature: float) -> Floats:
    return _softmax_errors(v @ u / temperature) @ v / temperature


_GRADIENTS = {
    "cosine_regression": _cosine_regression,
    "infonce": _infonce,
    "dot_product_infonce": _dot_product_infonce,
}


def descent_states(loss: str, u: Floats, v: Floats, temperature: float, times: Floats, rtol: float) -> Floats:
    """The states (len(times), d + 1) of du/dt = -grad L(u); the last entry gathers |grad L|^2."""
    if loss not in _GRADIENTS:
        raise InvalidInput(f"loss = {loss!r} has no reference; it must be one of {', '.join(_GRADIENTS)}")
    gradient = _GRADIENTS[loss]

    def slope(_: float, state: Floats) -> Floats:
        g = gradient(state[:-1], v, temperature)
        return np.append(-g, g @ g)

    return _solve(slope, np.append(u, 0.0), times, rtol)


def scalar_states(
    norm: float, step_size: float, weight_decay: float, energy: Callable[[float], float], times: Floats,
    rtol: float,
) -> Floats:  # fmt: skip
    """The norms (len(times),) of dr/dt = -weight_decay r + step_size energy(t) / (2 r^3)."""

    def slope(time: float, state: Floats) -> Floats:
        return -weight_decay * state + 0.5 * step_size * energy(time) * state**-3

    return _solve(slope, np.array([norm]), times, rtol)[:, 0]


def _solve(slope: Slope, start: Floats, times: Floats, rtol: float) -> Floats:
    # one absolute tolerance for all entries: entries of u pass through 0 while its length does not
    atol = rtol * float(np.linalg.norm(start))
    solution = solve_ivp(
        slope, (0.0, float(times[-1])), start, method="DOP853", t_eval=times, rtol=rtol, atol=atol
    )
    if not solution.success:
        raise OutOfRange(
            f"DOP853 stopped at t = {solution.t[-1] if len(solution.t) else 0}: {solution.message}"
        )
    return np.ascontiguousarray(solution.y.T)
