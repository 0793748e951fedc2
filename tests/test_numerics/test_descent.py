"""Runs by steps: the update, what is measured at it, and that only the seed and the row decide a run."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from derivations.evidence import rounding
from numerics.simulation.steps import OutOfRange, descend, drive, evaluate, step

E = 2.0**-53
RNG = np.random.default_rng(0)
U, V = RNG.normal(size=(6, 5)), RNG.normal(size=(6, 7, 5))


def run(rows=slice(None), **options):
    chosen = {"steps": 12, "batch": 3, "lag": 2, "seed": 5} | options
    return descend("infonce", U[rows], V[rows], 0.3, 0.1, 0.2, **chosen)


def equal(one, other):
    fields = ("squared_norms", "energies", "radial", "rotations", "embeddings")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in fields)


def exact_measurements(u, g, moved):
    """Energy, radial part and angle of one step at 60 digits."""
    with mp.workdps(60):
        u, g, w = ([mp.mpf(float(a)) for a in x] for x in (u, g, moved))
        uu, ug, gg = mp.fdot(u, u), mp.fdot(u, g), mp.fdot(g, g)
        dot, ww = mp.fdot(u, w), mp.fdot(w, w)
        angle = mp.atan2(mp.sqrt(max(uu * ww - dot * dot, 0)), dot)
        return float(uu * (gg - ug * ug / uu)), float(ug), float(angle)


def test_a_step_shrinks_the_embedding_and_goes_against_the_gradient():
    assert step([[1.0, 2.0]], [[10.0, -10.0]], 0.1, 0.5).tolist() == [[0.95 - 1.0, 1.9 + 1.0]]
    assert step([[1.0, 2.0]], [[10.0, -10.0]], [0.1]).tolist() == [[0.0, 3.0]]


def gradient_bound(loss, u, t):
    """Of a gradient's error, row by row, as in `derivations.evidence.rounding`; for dot products with lengths put in."""
    d, n = V.shape[2], V.shape[1]
    r, longest = np.linalg.norm(u, axis=1), np.max(np.linalg.norm(V, axis=2), axis=1)
    if loss != "dot_product_infonce":
        return rounding.gradient(loss, t, r, d, n)
    slopes = rounding.gamma(2 * d + 8) * 4 * r * longest / t + rounding.gamma(3 * d + 2 * n + 40)
    return 2 * slopes * 2 / t * longest


@pytest.mark.parametrize("loss", ["cosine_regression", "infonce", "dot_product_infonce"])
@pytest.mark.parametrize("lag", [0, 1, 3])
def test_descent_is_repeated_steps_along_the_gradient_of_lag_steps_ago(loss, lag):
    t, eta, decay = np.full(6, 0.5), np.linspace(0.01, 0.3, 6), np.linspace(0, 1, 6)
    got = descend(loss, U, V, t, eta, decay, steps=6, lag=lag, path=True)
    assert np.array_equal(got.path[:, 0], U)
    for k in range(6):
        seen = got.path[:, max(k - lag, 0)]
        g, expected = got.gradients[:, k], evaluate(loss, seen, V, t).gradients
        assert np.all(np.linalg.norm(g - expected, axis=1) <= 2 * gradient_bound(loss, seen, t))
        stepped = step(got.path[:, k], g, eta, decay)
        for row in range(6):
            u, moved = got.path[row, k], got.path[row, k + 1]
            energy, radial, angle = exact_measurements(u, g[row], moved)
            lengths = [np.linalg.norm(x) for x in (u, g[row], moved)]
            # each of the two roundings of a step, in the simulator and in `step`
            room = 2 * E * (lengths[2] + 2 * eta[row] * lengths[1] + (2 + eta[row] * decay[row]) * lengths[0])
            assert np.linalg.norm(moved - stepped[row]) <= room
            size = lengths[0] * lengths[1]
            assert abs(got.energies[row, k] - energy) <= (6 * 5 + 30) * E * size * np.sqrt(energy)
            assert abs(got.radial[row, k] - radial) <= 5 * E * size
            move = min(np.linalg.norm(moved - u) / lengths[2], 1.0)
            assert abs(got.rotations[row, k] - angle) <= (4 * 5 + 16) * E * move + 4 * E * angle
        assert np.allclose(got.squared_norms[:, k + 1], (got.path[:, k + 1] ** 2).sum(1), rtol=2 * 5 * E, atol=0)
    assert np.array_equal(got.embeddings, got.path[:, -1])


@pytest.mark.parametrize("eta", [1e-12, 1e-9, 1e-5, 1.0, 1e4])
@pytest.mark.parametrize("decay", [0.0, 1e-3, 1.9])
def test_rotations_are_accurate_from_a_billionth_to_nearly_half_a_turn(eta, decay):
    d = 33
    u, v = RNG.normal(size=(4, d)), RNG.normal(size=(4, 2, d))
    got = descend("infonce", u, v, 0.2, eta, decay / eta, steps=1, path=True)
    for row in range(4):
        moved = got.path[row, 1]
        angle = exact_measurements(u[row], got.gradients[row, 0], moved)[2]
        move = min(np.linalg.norm(moved - u[row]) / np.linalg.norm(moved), 1.0)
        assert abs(got.rotations[row, 0] - angle) <= (4 * d + 16) * E * move + 4 * E * angle
        if decay == 0.0:
            assert abs(got.rotations[row, 0] - angle) <= 200 * E * angle


@pytest.mark.parametrize("threads", [1, 2, 5, None])
def test_the_number_of_threads_changes_no_bit(threads):
    assert equal(run(threads=threads), run(threads=1))
    one, other = (drive(1.0, np.ones((5, 9)), 0.1, dimension=4, threads=k) for k in (1, threads))
    assert equal(one, other)
    assert np.array_equal(
        evaluate("infonce", U, V, 1.0, threads=threads).gradients, evaluate("infonce", U, V, 1.0).gradients
    )


def test_a_row_by_itself_is_the_row_among_the_others():
    whole, driven = run(), drive(1.0, np.ones((5, 9)), 0.1, dimension=4, seed=3)
    for row in (0, 3, 4):
        alone = run(slice(row, row + 1), first_row=row)
        assert np.array_equal(alone.squared_norms[0], whole.squared_norms[row])
        alone = drive(1.0, np.ones((1, 9)), 0.1, dimension=4, seed=3, first_row=row)
        assert np.array_equal(alone.embeddings[0], driven.embeddings[row])


def test_the_seed_decides_the_run_and_another_seed_another_run():
    assert equal(run(), run())
    assert not equal(run(), run(seed=6))
    assert not equal(run(slice(1)), run(slice(1), first_row=1))
    assert equal(run(batch=0), run(batch=7, seed=6))
    assert not equal(run(batch=0), run(batch=6))


def test_every_batch_keeps_the_positive_and_draws_the_others_evenly():
    # one candidate to a coordinate: the gradient of a step shows which were drawn
    n, rows = 6, 4000
    u = np.ones((rows, n))
    got = descend("infonce", u, np.broadcast_to(np.eye(n), (rows, n, n)), 1.0, 1e-3, steps=1, batch=3, seed=1)
    g = (u - got.embeddings) / 1e-3
    smallest = np.sort(g, axis=1)[:, 1:4]  # an undrawn candidate is not pulled at: equal entries
    assert np.all(g[:, 0] < smallest[:, 0])
    drawn = g[:, 1:] > g[:, 1:].min(axis=1, keepdims=True) + 1e-9
    assert np.all(drawn.sum(axis=1) == 2)
    # each of 5 is drawn with probability 2/5: six standard deviations, error rate below 1e-8
    share = drawn.mean(axis=0)
    assert np.all(np.abs(share - 0.4) < 6 * np.sqrt(0.24 / rows))


def test_a_loss_without_a_positive_draws_from_all_candidates():
    rows = 600
    u, v = np.ones((rows, 2)), np.broadcast_to(np.eye(2), (rows, 2, 2))
    got = descend("cosine_regression", u, v, 1.0, 0.1, steps=1, batch=1, seed=2)
    towards_first = got.embeddings[:, 0] > got.embeddings[:, 1]
    assert abs(towards_first.mean() - 0.5) < 6 * np.sqrt(0.25 / rows)


def test_a_stride_adds_up_what_it_skips():
    fine, coarse = run(), run(stride=4)
    assert np.array_equal(coarse.squared_norms, fine.squared_norms[:, ::4])
    for name in ("energies", "radial", "rotations"):
        assert np.allclose(getattr(coarse, name), getattr(fine, name).reshape(6, 3, 4).sum(-1), rtol=1e-14)


@pytest.mark.parametrize("dimension", [2, 3, 64])
def test_driven_gradients_have_the_energy_asked_for_and_stay_tangential(dimension):
    energies = 10 ** RNG.uniform(-6, 3, size=(20, 30))
    got = drive(np.logspace(-3, 3, 20), energies, 0.1, 0.01, dimension=dimension, seed=4)
    d = dimension
    # a unit tangent of d entries, three products and the measurement
    assert np.all(np.abs(got.energies / energies - 1) <= (8 * d + 50) * E)
    assert np.all(np.abs(got.radial) <= (2.5 * d + 10) * E * np.sqrt(energies))
    assert got.squared_norms[:, 0] == pytest.approx(np.logspace(-6, 6, 20), rel=(d + 6) * 2 * E)


def test_an_alignment_turns_that_share_of_the_gradient_outwards():
    got = drive(1.0, np.full((5, 8), 4.0), 0.01, dimension=6, alignment=-0.6)
    assert got.radial == pytest.approx(np.full((5, 8), -1.2), rel=100 * E)
    assert got.energies == pytest.approx(np.full((5, 8), 2.56), rel=100 * E)


def test_driven_directions_are_spread_evenly():
    ends = drive(1.0, np.full((4000, 1), 1.0), 1.0, dimension=3, seed=8).embeddings / np.sqrt(2)
    assert np.all(np.abs(ends.mean(axis=0)) < 6 * np.sqrt(1 / 3 / 4000))
    # the second moment of a coordinate on the sphere is 1/3, its variance 4/45
    assert np.all(np.abs((ends**2).mean(axis=0) - 1 / 3) < 6 * np.sqrt(4 / 45 / 4000))


@pytest.mark.parametrize("loss", ["cosine_regression", "infonce", "dot_product_infonce"])
def test_runs_stay_finite_where_gradients_are_largest(loss):
    u, v = RNG.normal(size=(2, 512)), RNG.normal(size=(2, 256, 512))
    u *= np.array([1e-3, 1e3])[:, None] / np.linalg.norm(u, axis=1, keepdims=True)
    got = descend(loss, u, v, 0.01, 0.1, 0.01, steps=8, batch=0)
    for values in (got.squared_norms, got.energies, got.radial, got.rotations, got.embeddings):
        assert np.all(np.isfinite(values))


def test_a_run_that_leaves_the_range_of_floats_says_which_and_when():
    with pytest.raises(
        OutOfRange, match=r"step_sizes\[1\] = 1 takes row 1 out of range at step \d+: .*1e\+75"
    ):
        descend("infonce", U[:2], V[:2], 1.0, 1.0, [0.0, 1e6], steps=30)


def test_records_are_read_only_and_arguments_are_left_as_they_were():
    before = U.copy()
    got = run()
    assert np.array_equal(U, before)
    with pytest.raises(ValueError, match="read-only"):
        got.energies[0, 0] = 0.0
    assert equal(run(), got)
    again = descend("infonce", got.embeddings, V, 0.3, 0.1, steps=1)
    assert again.squared_norms[0, 0] == got.squared_norms[0, -1]
