"""Flows: every integrator converges at the order it declares, to what SciPy's DOP853 finds independently."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from numerics.simulation.flow import gradient_flow, modified_equation, reference_flow, reference_modified
from numerics.simulation.integrators import EULER, HEUN3, INTEGRATORS, MIDPOINT, RK4, Integrator
from numerics.simulation.steps import InvalidInput, OutOfRange

RNG = np.random.default_rng(0)
U, V, T = RNG.normal(size=(5, 4)), RNG.normal(size=(5, 6, 4)), np.array([0.3, 0.4, 0.5, 0.7, 1.0])
SCALAR = {"modulation": 0.5, "frequency": 2.0, "duration": 1.0}


COUNTS = [16, 24, 36, 54, 81]


def errors_of_flow(integrator: Integrator) -> list[float]:
    """Of five flows together: of one alone the leading error may happen to vanish."""
    truth = [reference_flow("infonce", U[i], V[i], 1.0, duration=1.0, rtol=3e-14) for i in range(5)]
    right = np.concatenate([one.embeddings for one in truth])
    ends = [gradient_flow("infonce", U, V, 1.0, duration=1.0, steps=n, integrator=integrator) for n in COUNTS]
    return [float(np.linalg.norm(end.embeddings - right)) for end in ends]


def errors_of_norm(integrator: Integrator) -> list[float]:
    truth = reference_modified(0.5, 0.5, 0.3, 2.0, **SCALAR, rtol=3e-14)
    ends = [modified_equation([0.5], 0.5, 0.3, 2.0, **SCALAR, steps=n, integrator=integrator) for n in COUNTS]
    return [abs(float(end.norms[0, -1] - truth.norms[0, -1])) for end in ends]


def observed_order(errors: list[float]) -> float:
    """The slope of log error against log step, at steps where the reference is more accurate."""
    assert min(errors) > 5e-13
    return -float(np.polyfit(np.log(COUNTS), np.log(errors), 1)[0])


@pytest.mark.parametrize("integrator", INTEGRATORS, ids=lambda i: i.name)
def test_an_integrator_converges_at_the_order_it_declares(integrator):
    assert abs(observed_order(errors_of_flow(integrator)) - integrator.order) < 0.2
    # the equation of the norm depends on time; on it Dormand-Prince does better than its order
    assert observed_order(errors_of_norm(integrator)) > integrator.order - 0.2


@pytest.mark.parametrize(
    "wrong",
    [replace(RK4, order=5), replace(MIDPOINT, order=1), replace(HEUN3, weights=(1 / 4, 1 / 4, 1 / 2))],
    ids=["order too high", "order too low", "weights"],
)
def test_a_tableau_with_a_wrong_order_or_entry_is_caught(wrong):
    assert abs(observed_order(errors_of_flow(wrong)) - wrong.order) > 0.5


def test_a_tableau_with_wrong_nodes_is_caught_where_time_matters():
    wrong = replace(RK4, nodes=(0.0, 1 / 2, 1 / 3, 1.0))
    assert observed_order(errors_of_norm(wrong)) < 3


@pytest.mark.parametrize("integrator", INTEGRATORS, ids=lambda i: i.name)
def test_tableaus_are_consistent(integrator):
    nodes, stages, weights = integrator.arrays()
    assert stages.sum(axis=1) == pytest.approx(nodes, abs=1e-14)
    assert weights.sum() == pytest.approx(1.0, abs=1e-15)
    assert not np.triu(stages).any()


@pytest.mark.parametrize("loss", ["cosine_regression", "infonce", "dot_product_infonce"])
def test_gradient_flow_agrees_with_dop853_in_every_output(loss):
    got = gradient_flow(loss, U, V, T, duration=np.linspace(0.5, 1.5, 5), steps=300)
    for row in range(5):
        truth = reference_flow(
            loss, U[row], V[row], T[row], duration=float(np.linspace(0.5, 1.5, 5)[row]), steps=300
        )
        assert np.allclose(got.times[row], truth.times[0], rtol=1e-15)
        # both errors fall below 1e-9: RK4 with steps of 1/200, the reference with tolerance 1e-12
        assert np.allclose(got.squared_norms[row], truth.squared_norms[0], rtol=1e-9)
        assert np.allclose(got.embeddings[row], truth.embeddings[0], atol=1e-9)
        assert got.path_energies[row] == pytest.approx(truth.path_energies[0], rel=1e-8)


def test_the_scalar_equation_agrees_with_dop853_and_takes_numbers_or_rows():
    got = modified_equation([0.5, 1.0], 0.5, [0.0, 0.3], 2.0, **SCALAR, steps=3000)
    for row, decay in enumerate((0.0, 0.3)):
        truth = reference_modified([0.5, 1.0][row], 0.5, decay, 2.0, **SCALAR, steps=3000)
        assert np.allclose(got.norms[row], truth.norms[0], rtol=1e-9)


def test_flows_do_not_depend_on_threads_or_on_the_other_rows():
    whole = gradient_flow("infonce", U, V, T, duration=1.0, steps=20, threads=1)
    split = gradient_flow("infonce", U, V, T, duration=1.0, steps=20, threads=2)
    alone = gradient_flow("infonce", U[3:4], V[3:4], T[3:4], duration=1.0, steps=20)
    assert np.array_equal(whole.squared_norms, split.squared_norms)
    assert np.array_equal(whole.path_energies, split.path_energies)
    assert np.array_equal(whole.embeddings[3], alone.embeddings[0])
    one, two = (modified_equation([1.0] * 4, 0.1, 0.1, 1.0, duration=1.0, steps=9, threads=k) for k in (1, 2))
    assert np.array_equal(one.norms, two.norms)


def test_euler_with_one_step_is_one_step_of_descent():
    from numerics.simulation.steps import descend

    flow = gradient_flow("infonce", U, V, T, duration=0.25, steps=1, integrator=EULER)
    assert np.allclose(flow.embeddings, descend("infonce", U, V, T, 0.25, steps=1).embeddings, rtol=1e-15)


def test_a_step_too_long_for_a_stiff_problem_is_reported():
    with pytest.raises(
        OutOfRange, match=r"duration / steps = 100 takes row 0 out of range .* take more steps"
    ):
        modified_equation([1e-3], 1.0, 100.0, 1.0, duration=1e4, steps=100)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"duration": 0.0}, "duration = 0 must be above 0"),
        ({"duration": np.inf}, "duration = inf must be finite"),
        ({"duration": [1.0, 2.0]}, r"duration has shape \(2,\)"),
        ({"steps": 0}, "steps = 0 must be between 1"),
        ({"steps": 2.0}, "steps = 2.0 must be an integer"),
        ({"steps": 10**12}, r"steps needs 5000000000005 entries, must be at most"),
        ({"integrator": "rk4"}, "integrator = 'rk4' must be an Integrator"),
        ({"threads": 0}, "threads = 0 must be between 1"),
    ],
)
def test_flow_arguments_out_of_bounds_are_refused_by_name(change, message):
    with pytest.raises(InvalidInput, match=message):
        gradient_flow("infonce", U, V, T, **({"duration": 1.0, "steps": 3} | change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"norms": [0.0]}, r"norms\[0\] = 0 must be at least 1e-75"),
        ({"norms": []}, r"norms has shape \(0,\)"),
        ({"energies": -1.0}, "energies = -1 must be at least 0"),
        ({"modulation": 1.5}, "modulation = 1.5 must be at most 1"),
        ({"frequency": np.nan}, "frequency = nan must be finite"),
        ({"weight_decays": -0.1}, "weight_decays = -0.1 must be at least 0"),
    ],
)
def test_scalar_arguments_out_of_bounds_are_refused_by_name(change, message):
    valid = {"norms": [1.0], "step_sizes": 0.1, "weight_decays": 0.1, "energies": 1.0}
    with pytest.raises(InvalidInput, match=message):
        modified_equation(**(valid | {"duration": 1.0, "steps": 3} | change))
