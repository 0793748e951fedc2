"""Rows under random gradients: what is drawn, what is refused, and that nothing depends on anything but the seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ive
from scipy.stats import kstest

from numerics.lookup.rows import InvalidInput, OutOfRange, noisy_rows, uniform_directions, visited_rows, von_mises_fisher

NOISY = {"norms": 1.0, "drifts": 0.0, "heats": 1.0, "step_sizes": 0.1, "weight_decays": 0.1, "dimension": 4, "steps": 8}
VISITED = {"meanings": np.eye(3), "concentrations": 2.0, "probabilities": 0.5, "norms": 1.0, "step_size": 0.1, "steps": 8}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"norms": 0.0}, "norms = 0 must be at least 1e-75"),
        ({"drifts": np.nan}, "drifts = nan must be finite"),
        ({"heats": -1.0}, "heats = -1 must be at least 0"),
        ({"step_sizes": 0.0}, "step_sizes = 0 must be above 0"),
        ({"weight_decays": -0.1}, "weight_decays = -0.1 must be at least 0"),
        ({"dimension": 1}, "dimension = 1 must be between 2"),
        ({"dimension": 10**9}, "dimension needs .* entries"),
        ({"steps": 0}, "steps = 0 must be between 1"),
        ({"settle": 8}, "settle = 8 must be between 0 and 7"),
        ({"momentum": 1.0}, "momentum = 1 must be at most 0.999"),
        ({"radial_noise": -1.0}, "radial_noise = -1 must be at least 0"),
        ({"heat_power": 9.0}, "heat_power = 9 must be at most 4"),
        ({"seed": -1}, "seed = -1"),
        ({"norms": np.ones(2), "drifts": np.ones(3)}, "must be one number or have shape"),
    ],
)
def test_arguments_of_noisy_rows_out_of_bounds_are_refused(change, message):
    with pytest.raises(InvalidInput, match=message):
        noisy_rows(**(NOISY | change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"meanings": np.zeros((3, 3))}, r"meanings\[0\] has norm 0"),
        ({"meanings": np.ones((3, 1))}, "must have 2 dimensions or more"),
        ({"concentrations": -1.0}, "concentrations = -1 must be at least 0"),
        ({"concentrations": 1e9}, r"concentrations = 1e\+09 must be at most 1e\+08"),
        ({"probabilities": 1.5}, "probabilities = 1.5 must be at most 1"),
        ({"norms": [1.0, 2.0]}, r"norms has shape \(2,\)"),
        ({"step_size": 0.0}, "step_size = 0 must be above 0"),
        ({"weight_decay": -1.0}, "weight_decay = -1 must be at least 0"),
        ({"temperature": 0.0}, "temperature = 0 must be at least 1e-06"),
        ({"steps": 1.5}, "steps = 1.5 must be an integer"),
        ({"settle": 9}, "settle = 9 must be between 0 and 7"),
    ],
)
def test_arguments_of_visited_rows_out_of_bounds_are_refused(change, message):
    with pytest.raises(InvalidInput, match=message):
        visited_rows(**(VISITED | change))


def test_draws_are_refused_about_nothing_and_in_one_dimension():
    with pytest.raises(InvalidInput, match="directions has shape"):
        von_mises_fisher(np.ones((2, 1)), 1.0, seed=0)
    with pytest.raises(InvalidInput, match=r"directions\[1\] has norm 0"):
        von_mises_fisher([[1.0, 0.0], [0.0, 0.0]], 1.0, seed=0)
    with pytest.raises(InvalidInput, match="rows = 0 must be between 1"):
        uniform_directions(0, 3, seed=0)


def test_rows_that_leave_the_range_of_numbers_are_reported():
    with pytest.raises(OutOfRange, match="at step"):
        noisy_rows(**(NOISY | {"weight_decays": 1e5, "steps": 80}))
    with pytest.raises(OutOfRange, match="at step"):
        visited_rows(**(VISITED | {"weight_decay": 1e5, "steps": 80}))


@settings(max_examples=10)
@given(st.integers(2, 64), st.floats(0.0, 1e6), st.integers(0, 2**31))
def test_draws_are_unit_vectors_and_a_function_of_the_seed(dimension, concentration, seed):
    about = uniform_directions(50, dimension, seed=seed)
    drawn = von_mises_fisher(3 * about, concentration, seed=seed)
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1, rtol=0, atol=1e-12)
    assert np.array_equal(drawn, von_mises_fisher(3 * about, concentration, seed=seed))
    assert not np.array_equal(drawn, von_mises_fisher(3 * about, concentration, seed=seed + 1))


def test_draws_share_no_random_numbers_with_directions_of_the_same_seed():
    # once the very numbers of a direction came again as a draw about it, and nothing was left at right angles to it
    seed, chance = 450812108, 0.07204052178835378
    about = uniform_directions(16384, 4, seed=seed)
    assert np.all(np.isfinite(visited_rows(about, 0.0, chance, 1.0, step_size=0.9, steps=1, seed=seed).embeddings))


@pytest.mark.parametrize(("dimension", "concentration"), [(2, 1.0), (3, 5.0), (4, 256.0), (16, 1.0), (64, 100.0), (256, 3.0)])
def test_the_mean_cosine_of_draws_is_the_ratio_of_bessel_functions(dimension, concentration):
    about = uniform_directions(20_000, dimension, seed=1)
    cosines = np.sum(about * von_mises_fisher(about, concentration, seed=2), axis=1)
    expected = ive(dimension / 2, concentration) / ive(dimension / 2 - 1, concentration)
    # 6.1 standard errors of a mean of 20 000: beyond once in 1e9
    assert abs(cosines.mean() - expected) < 6.1 * cosines.std() / np.sqrt(len(cosines))


def test_cosines_in_three_dimensions_have_their_known_distribution():
    kappa = 4.0
    about = uniform_directions(5000, 3, seed=3)
    cosines = np.sum(about * von_mises_fisher(about, kappa, seed=4), axis=1)
    assert kstest(cosines, lambda t: (np.exp(kappa * t) - np.exp(-kappa)) / (2 * np.sinh(kappa))).pvalue > 1e-6


def test_tangential_parts_of_draws_point_everywhere():
    about = np.tile([0.0, 0.0, 1.0], (20_000, 1))
    sides = von_mises_fisher(about, 2.0, seed=5)[:, :2]
    assert np.all(np.abs(sides.mean(axis=0)) < 6.1 * sides.std(axis=0) / np.sqrt(len(sides)))


def test_one_noisy_step_is_what_it_says():
    found = noisy_rows(**(NOISY | {"norms": [0.5, 2.0], "drifts": [0.3, -0.3], "heats": 0.0, "steps": 1}))
    assert np.allclose(found.drawn_drifts, [0.3, -0.3], rtol=1e-12)
    assert np.allclose(found.drawn_heats, 0.09, rtol=1e-12)
    assert np.allclose(found.squared_norms * found.inverse_squared_norms, 1, rtol=1e-12)
    with pytest.raises(ValueError, match="read-only"):
        found.squared_norms[0] = 1


def test_noise_is_tangential_and_has_the_heat_asked_for():
    found = noisy_rows(**(NOISY | {"norms": np.full(4000, 2.0), "heats": 3.0, "steps": 1}))
    assert np.max(np.abs(found.drawn_drifts)) < 1e-14
    # a mean of 4000 of 3 |z|^2 whose relative standard deviation is sqrt(2/3): 6.1 standard errors
    assert abs(found.drawn_heats.mean() / 3 - 1) < 6.1 * np.sqrt(2 / 3) / np.sqrt(4000)
    radial = noisy_rows(**(NOISY | {"norms": np.full(4000, 2.0), "steps": 1, "radial_noise": 0.5}))
    assert abs(np.std(radial.drawn_drifts) / 0.5 - 1) < 6.1 / np.sqrt(8000)
    swollen = noisy_rows(**(NOISY | {"norms": np.full(4000, 2.0), "steps": 1, "heat_power": 2.0}))
    assert abs(swollen.drawn_heats.mean() / 4 - 1) < 6.1 * np.sqrt(2 / 3) / np.sqrt(4000)


def test_momentum_is_carried_along():
    still = noisy_rows(**(NOISY | {"norms": np.ones(8), "steps": 1, "momentum": 0.9}))
    assert np.array_equal(still.stepped_heats, still.drawn_heats)
    moved = noisy_rows(**(NOISY | {"norms": np.ones(8), "steps": 9, "settle": 8, "momentum": 0.9}))
    assert np.all(moved.stepped_heats > moved.drawn_heats)


def test_rows_without_visits_shrink_under_dense_decay_only():
    nothing = VISITED | {"probabilities": 0.0, "weight_decay": 0.5}
    assert np.allclose(np.linalg.norm(visited_rows(**nothing).embeddings, axis=1), 0.95**8)
    assert np.allclose(visited_rows(**nothing, dense=False).embeddings, np.eye(3))
    assert np.all(visited_rows(**nothing).visits == 0)


def test_a_visit_adds_the_square_of_its_gradient():
    one = VISITED | {"probabilities": 1.0, "concentrations": 0.0, "steps": 1, "temperature": 0.5, "step_size": 0.1, "norms": 2.0}
    found = visited_rows(**one)
    grown = np.sum(found.embeddings**2, axis=1) - 4
    # eta^2 (1 - t^2)/(tau r)^2, with 1 - t^2 in [0, 1]
    assert np.all((grown > 0) & (grown < 0.01 / (0.25 * 4)))
    assert np.all(found.visits == 1)
    assert np.allclose(found.fourth_powers, 16)


def test_positives_about_the_row_follow_it():
    start = VISITED | {"meanings": np.eye(3), "concentrations": 1e6, "probabilities": 1.0, "steps": 1}
    assert np.allclose(visited_rows(**start, about_row=True).embeddings, visited_rows(**start).embeddings, atol=1e-12)


def test_a_row_by_itself_is_the_row_among_the_others():
    alone = slice(2, 3)
    directions = uniform_directions(5, 7, seed=6)
    assert np.array_equal(uniform_directions(1, 7, seed=6, first_row=2), directions[alone])
    drawn = von_mises_fisher(directions, 3.0, seed=6, threads=None)
    assert np.array_equal(von_mises_fisher(directions[alone], 3.0, seed=6, first_row=2), drawn[alone])
    many = NOISY | {"norms": np.linspace(1, 2, 5), "radial_noise": 0.1, "momentum": 0.5}
    one = many | {"norms": many["norms"][alone], "first_row": 2}
    assert np.array_equal(noisy_rows(**one).drawn_heats, noisy_rows(**many, threads=3).drawn_heats[alone])
    assert not np.array_equal(noisy_rows(**(one | {"first_row": 1})).drawn_heats, noisy_rows(**many).drawn_heats[alone])
    visits = VISITED | {"meanings": directions, "probabilities": 0.5}
    found = visited_rows(**(visits | {"meanings": directions[alone]}), first_row=2)
    assert np.array_equal(found.embeddings, visited_rows(**visits, threads=None).embeddings[alone])
