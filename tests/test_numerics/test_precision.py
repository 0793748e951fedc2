"""Runs in float32: the bounds of `Trajectory` with its own unit roundoff, and that they are not those of float64."""

import mpmath as mp
import numpy as np
import pytest

from numerics import updates
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import InvalidInput, OutOfRange, descend, drive
from tests.test_numerics.test_descent import exact_measurements

UNITS = {"float64": 2.0**-53, "float32": 2.0**-24}
R, N, D, K = 5, 6, 9, 8
TAU, ETA, DECAY = 0.3, 0.37, 0.21
RNG = np.random.default_rng(3)
U, V = RNG.normal(size=(R, D)), RNG.normal(size=(R, N, D))


def run(loss, precision, **options):
    return descend(loss, U, V, TAU, ETA, DECAY, steps=K, path=True, precision=precision, **options)


def worst(got, e):
    """The largest ratio of an error of one step to its bound in `Trajectory`, by what is measured."""
    ratios = dict.fromkeys(("squared_norms", "energies", "radial", "rotations", "drifts", "heats", "embeddings"), 0.0)

    def seen(name, error, bound):
        ratios[name] = max(ratios[name], float(error / bound))

    for row in range(R):
        for k in range(K):
            u, g, w = got.path[row, k], got.gradients[row, k], got.path[row, k + 1]
            energy, radial, angle = exact_measurements(u, g, w)
            size = np.linalg.norm(u) * np.linalg.norm(g)
            move = min(np.linalg.norm(w - u) / np.linalg.norm(w), 1.0)
            seen("squared_norms", abs(got.squared_norms[row, k + 1] - exact(w, w)), D * e * (w @ w))
            seen("energies", abs(got.energies[row, k] - energy), (6 * D + 30) * e * size * np.sqrt(energy))
            seen("radial", abs(got.radial[row, k] - radial), D * e * size)
            seen("rotations", abs(got.rotations[row, k] - angle), (4 * D + 16) * e * move + 4 * e * angle)
            # the step of SGD is the gradient
            seen("drifts", abs(got.drifts[row, k] + radial), D * e * size)
            seen("heats", abs(got.heats[row, k] - exact(u, u) * exact(g, g)), (2 * D + 4) * e * size**2)
            exactly = (1 - ETA * DECAY) * u - ETA * g
            error = np.linalg.norm(w - exactly)
            room = 2 * 2.0**-53 * np.linalg.norm(u)  # of this line
            seen("embeddings", error - room, e * (np.linalg.norm(w) + 2 * ETA * np.linalg.norm(g) + (2 + ETA * DECAY) * np.linalg.norm(u)))
    return ratios


def exact(x, y):
    with mp.workdps(60):
        return float(mp.fdot([mp.mpf(float(a)) for a in x], [mp.mpf(float(a)) for a in y]))


@pytest.mark.parametrize("precision", UNITS)
@pytest.mark.parametrize("loss", ["infonce", "cosine_regression", "dot_product_infonce"])
def test_every_measurement_is_within_its_bound(loss, precision):
    ratios = worst(run(loss, precision), UNITS[precision])
    assert max(ratios.values()) <= 1, ratios


def test_float32_has_not_the_bounds_of_float64():
    ratios = worst(run("infonce", "float32"), UNITS["float64"])
    assert min(ratios.values()) > 100, ratios


@pytest.mark.parametrize("precision", UNITS)
@pytest.mark.parametrize("loss", ["infonce", "cosine_regression"])
def test_a_gradient_of_cosines_is_orthogonal_to_rounding(loss, precision):
    slopes = 2 / TAU if loss == "infonce" else 2.0
    radial = np.abs(run(loss, precision).radial)
    assert np.max(radial) <= (2 * D + 10) * UNITS[precision] * slopes
    if precision == "float32":
        assert np.max(radial) > (2 * D + 10) * UNITS["float64"] * slopes


def test_a_driven_gradient_is_orthogonal_to_rounding():
    energies = RNG.uniform(0.5, 2.0, (R, K))
    got = drive(1.0, energies, 0.1, 0.2, dimension=D, precision="float32")
    assert np.all(np.abs(got.radial) <= (1.5 * D + 10) * UNITS["float32"] * np.sqrt(energies))
    # energies come out as they were asked for: a direction of length 1 and a length, 2.5 D + 20 roundings, squared
    assert np.all(np.abs(got.energies - energies) <= 2 * (2.5 * D + 20) * UNITS["float32"] * energies)


@pytest.mark.parametrize("rule", [rule.name for rule in updates.RULES])
def test_every_rule_takes_the_same_first_step_in_either_precision(rule):
    """After one step from the same place: steps round a few dozen times at d + 30 roundings each, and Adam divides."""
    starts = U.astype(np.float32).astype(float)
    pool = V.astype(np.float32).astype(float)
    one, other = (
        descend("infonce", starts, pool, 0.5, 0.25, 0.125, steps=1, optimizer=Optimizer(rule), precision=p) for p in UNITS
    )
    step = np.linalg.norm(one.embeddings - starts, axis=1)
    gradient_error = 4 * (3 * D + 2 * N + 60) / 0.5 * UNITS["float32"]  # relative to the slopes' length, at most 2 / tau
    moved = np.linalg.norm(one.embeddings - other.embeddings, axis=1)
    if rule in ("adam", "adamp", "lion", "sign_sgd", "rmsprop"):  # signs, and quotients that are signs at the first step
        assert np.all(moved <= UNITS["float32"] * 40 * (np.linalg.norm(starts, axis=1) + step))
    else:
        slopes = 4.0 / np.linalg.norm(starts, axis=1)
        lengths = np.linalg.norm(starts, axis=1) + step
        assert np.all(moved <= 4 * UNITS["float32"] * lengths + 0.25 * gradient_error * (slopes + step / 0.25))
    assert np.all(moved > 0)


def test_rows_and_threads_change_no_bit_in_float32_either():
    whole, single = run("infonce", "float32", batch=3, seed=2), run("infonce", "float32", batch=3, seed=2, threads=1)
    assert np.array_equal(whole.path, single.path)
    alone = descend("infonce", U[3:4], V[3:4], TAU, ETA, DECAY, steps=K, path=True, precision="float32", batch=3, seed=2, first_row=3)
    assert np.array_equal(alone.path[0], whole.path[3])
    assert np.array_equal(alone.energies[0], whole.energies[3])


def test_vectors_are_numbers_of_float32():
    got = run("infonce", "float32")
    assert np.array_equal(got.path, got.path.astype(np.float32))
    assert got.embeddings.dtype == np.float64


def test_what_float32_cannot_hold_is_refused():
    with pytest.raises(InvalidInput, match=r"embeddings\[0\] has norm .*, must be between 1e-09 and 1e\+09"):
        descend("infonce", U * 1e12, V, TAU, ETA, steps=1, precision="float32")
    with pytest.raises(InvalidInput, match=r"norms = 1e-10 must be at least 1e-09"):
        drive(1e-10, np.ones((1, 1)), 0.1, dimension=2, precision="float32")
    with pytest.raises(InvalidInput, match="precision = 'half' must be one of float64, float32"):
        run("infonce", "half")
    with pytest.raises(OutOfRange, match=r"between 1e-09 and 1e\+09"):
        drive(1.0, np.full((1, 5), 1e30), 1.0, dimension=2, precision="float32")
    with pytest.raises(InvalidInput, match="optimizer = 'adam' must be an Optimizer"):
        drive(1.0, np.ones((1, 5)), 1.0, dimension=2, optimizer="adam")
