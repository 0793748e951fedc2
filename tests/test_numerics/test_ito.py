"""The scheme for the Itô equation: its definition by hand, its weak and strong order, and its arguments."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from derivations.evidence.replicates import mean_within
from numerics.simulation.ito import brownian, euler_maruyama, gradients
from numerics.simulation.steps import InvalidInput, descend

D, N, ETA, TIME = 4, 3, 0.2, 0.8


def setting(rows: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return np.tile(rng.standard_normal(D), (rows, 1)), np.tile(rng.standard_normal((N, D)) + 1.0, (rows, 1, 1))


def coarser(fine: np.ndarray) -> np.ndarray:
    """Increments over twice the time, of the same Brownian motion."""
    return fine[:, ::2] + fine[:, 1::2]


def test_an_increment_by_hand() -> None:
    u, v = setting(2)
    moved = brownian(2, 1, N, 0.1, seed=1)
    units = v / np.linalg.norm(v, axis=2, keepdims=True)
    r = np.linalg.norm(u[0])
    own = u[0] / r
    g = -2 * (units[0] - (units[0] @ own)[:, None] * own) / r  # of 2 - 2 cos
    np.testing.assert_allclose(gradients("cosine_regression", u, v, 1.0)[0], g, rtol=1e-12)
    run = euler_maruyama("cosine_regression", u, v, 1.0, ETA, moved, duration=0.1)
    mean = g.mean(axis=0)
    for row in range(2):
        noise = sum(moved[row, 0, j] * (g[j] - mean) for j in range(N)) * np.sqrt(ETA / N)
        np.testing.assert_allclose(run.embeddings[row], u[row] - 0.1 * mean + noise, rtol=1e-12)
    np.testing.assert_allclose(run.covariance_traces[:, 0], np.mean([(x - mean) @ (x - mean) for x in g]), rtol=1e-12)
    np.testing.assert_allclose(run.mean_energies[:, 0], mean @ mean, rtol=1e-12)


def test_without_noise_a_single_increment_a_step_is_a_full_batch() -> None:
    u, v = setting(1)
    still = euler_maruyama("cosine_regression", u, v, 1.0, ETA, np.zeros((1, 4, N)), duration=4 * ETA)
    run = descend("cosine_regression", u, v, 1.0, ETA, steps=4)
    np.testing.assert_allclose(still.embeddings, run.embeddings, rtol=1e-12)


def test_brownian_increments_have_the_variance_of_their_time() -> None:
    moved = brownian(50, 40, 5, 2.0, seed=3)
    # 10000 squares of standard normals, whose variance is 2: six standard deviations
    assert abs(np.mean(moved**2) / 0.05 - 1) < 6 * np.sqrt(2 / moved.size)


def test_the_strong_order_is_one_half_and_the_weak_order_is_one() -> None:
    """Over halvings of the increments of the same Brownian motions, with strong noise; intervals from groups of runs.

    A strong error of order 1/2 has ``e^2 = a h + b h^2 + ...`` with ``a > 0``: ``e^2/h`` tends to a limit that is not 0
    (at a higher order it is 0, at a lower one infinite).
    """
    groups, each, eta = 16, 160, 2.0
    u, v = setting(groups * each)
    levels = [brownian(groups * each, 64, N, TIME, seed=7)]
    while levels[-1].shape[1] > 8:
        levels.append(coarser(levels[-1]))
    runs = [euler_maruyama("cosine_regression", u, v, 1.0, eta, level, duration=TIME) for level in levels]  # 64, 32, 16, 8
    over_h = []
    for fine, coarse in pairwise(runs):
        h = TIME / coarse.mean_energies.shape[1]
        squares = np.sum((fine.embeddings - coarse.embeddings) ** 2, axis=1)
        over_h.append(squares.reshape(groups, each).mean(axis=1) / h)
    limit, width = mean_within(2 * over_h[0] - over_h[1])
    assert limit - width > 0, "an order above 1/2"
    for fine, coarse in pairwise(over_h):
        falls, width = mean_within(coarse - fine)
        assert falls > -width, "an order below 1/2"
    for run in runs:  # the excess over the heat of the noise is h times the integral of |mean|^2: order 1, with its constant
        h = TIME / run.mean_energies.shape[1]
        heat = eta * h * run.covariance_traces.sum(axis=1) + h**2 * run.mean_energies.sum(axis=1)
        off, width = mean_within(run.squared_norms[:, -1] - run.squared_norms[:, 0] - heat)
        assert abs(off) < width


@pytest.mark.parametrize(("changed", "message"), [
    ({"duration": 0.0}, "duration = 0 must be above 0"), ({"step_size": -1.0}, "step_size = -1 must be above 0"),
    ({"increments": np.zeros((1, 3))}, "increments"), ({"increments": np.full((1, 3, N), np.nan)}, "increments"),
    ({"increments": np.zeros((2, 3, N))}, "increments"), ({"increments": np.zeros((1, 3, N + 1))}, "increments"),
])  # fmt: skip
def test_bad_arguments_are_refused_with_name_and_value(changed, message) -> None:  # type: ignore[no-untyped-def]
    u, v = setting(1)
    arguments = {"step_size": ETA, "increments": np.zeros((1, 3, N)), "duration": TIME, **changed}
    with pytest.raises(InvalidInput, match=message):
        euler_maruyama("cosine_regression", u, v, 1.0, arguments.pop("step_size"), arguments.pop("increments"), **arguments)
