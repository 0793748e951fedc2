"""What the simulators refuse, each with the name of the argument, its value and its bound."""

from __future__ import annotations

import numpy as np
import pytest

from numerics.simulation.steps import (
    InvalidInput,
    candidate_gradients,
    cosines,
    descend,
    drive,
    evaluate,
    hessian_vector,
    step,
)

U, V = np.ones((2, 3)), np.ones((2, 4, 3))
EVALUATE = {"loss": "infonce", "embeddings": U, "candidates": V, "temperatures": 0.5}
DESCEND = EVALUATE | {"step_sizes": 0.1, "steps": 4}
DRIVE = {"norms": 1.0, "energies": np.ones((2, 4)), "step_sizes": 0.1, "dimension": 3}


def with_entry(array, place, value):
    changed = array.copy()
    changed[place] = value
    return changed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loss": "hinge"}, "loss = 'hinge' must be one of cosine_regression, infonce, dot_product_infonce"),
        ({"embeddings": np.ones(3)}, r"embeddings has shape \(3,\), must have shape \(any, any\)"),
        ({"embeddings": np.ones((0, 3))}, r"embeddings has shape \(0, 3\)"),
        ({"embeddings": with_entry(U, (1, 2), np.nan)}, r"embeddings\[1, 2\] = nan must be finite"),
        ({"embeddings": with_entry(U, (0, 1), -np.inf)}, r"embeddings\[0, 1\] = -inf must be finite"),
        ({"embeddings": with_entry(U, 1, 0.0)}, r"embeddings\[1\] has norm 0, must be between 1e-75"),
        ({"embeddings": U * 1e-100}, r"embeddings\[0\] has norm .*e-100"),
        ({"embeddings": U * 1e200}, r"embeddings\[0\] has norm"),
        ({"embeddings": U + 0j}, "embeddings has dtype complex128, must be real numbers"),
        ({"embeddings": U > 0}, "embeddings has dtype bool"),
        ({"embeddings": [["a", "b"]]}, "embeddings has dtype <U1"),
        ({"embeddings": [[1.0, 2.0], [1.0]]}, "embeddings = .* must be an array of numbers"),
        (
            {"candidates": np.ones((2, 4, 5))},
            r"candidates has shape \(2, 4, 5\), must have shape \(2, any, 3\)",
        ),
        ({"candidates": np.ones((3, 4, 3))}, r"candidates has shape \(3, 4, 3\)"),
        ({"candidates": np.ones((2, 0, 3))}, r"candidates has shape \(2, 0, 3\)"),
        ({"candidates": with_entry(V, (1, 2), 0.0)}, r"candidates\[1, 2\] has norm 0"),
        ({"temperatures": 0.0}, "temperatures = 0 must be at least 1e-06"),
        ({"temperatures": [0.5, -1.0]}, r"temperatures\[1\] = -1 must be at least 1e-06"),
        ({"temperatures": [0.5] * 3}, r"temperatures has shape \(3,\)"),
        ({"threads": 0}, "threads = 0 must be between 1"),
        ({"threads": 1.5}, "threads = 1.5 must be an integer"),
    ],
)
def test_arguments_of_an_evaluation_out_of_bounds_are_refused(change, message):
    with pytest.raises(InvalidInput, match=message):
        evaluate(**(EVALUATE | change))
    with pytest.raises(InvalidInput, match=message):
        candidate_gradients(**(EVALUATE | change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step_sizes": 0.0}, "step_sizes = 0 must be above 0"),
        ({"step_sizes": [0.1, -0.1]}, r"step_sizes\[1\] = -0.1 must be above 0"),
        ({"step_sizes": np.nan}, "step_sizes = nan must be finite"),
        ({"weight_decays": -1e-9}, "weight_decays = -1e-09 must be at least 0"),
        ({"steps": 0}, "steps = 0 must be between 1"),
        ({"steps": True}, "steps = True must be an integer"),
        ({"steps": 10**15}, "steps / stride needs .* entries, must be at most 268435456"),
        ({"batch": 5}, "batch = 5 must be between 0 and 4"),
        ({"batch": -1}, "batch = -1"),
        ({"lag": -1}, "lag = -1"),
        ({"lag": 10**12}, "lag needs .* entries"),
        ({"stride": 3}, "stride = 3 must divide the number of steps, 4"),
        ({"stride": 0}, "stride = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"seed": 2**64}, "seed = 18446744073709551616"),
        ({"first_row": -1}, "first_row = -1"),
    ],
)
def test_arguments_of_a_descent_out_of_bounds_are_refused(change, message):
    with pytest.raises(InvalidInput, match=message):
        descend(**(DESCEND | change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"norms": [1.0, 0.0]}, r"norms\[1\] = 0 must be at least 1e-75"),
        ({"energies": np.ones(4)}, r"energies has shape \(4,\)"),
        ({"energies": -np.ones((2, 4))}, r"energies\[0, 0\] = -1 must be at least 0"),
        ({"dimension": 1}, "dimension = 1 must be between 2"),
        ({"dimension": 10**12}, "dimension needs .* entries"),
        ({"alignment": 1.01}, "alignment = 1.01 must be at most 1"),
        ({"alignment": [0.5]}, r"alignment has shape \(1,\), must be one number"),
    ],
)
def test_arguments_of_a_driven_run_out_of_bounds_are_refused(change, message):
    with pytest.raises(InvalidInput, match=message):
        drive(**(DRIVE | change))


def test_shapes_that_do_not_match_are_refused():
    with pytest.raises(InvalidInput, match=r"directions has shape \(2, 2\), must have shape \(2, 3\)"):
        hessian_vector("infonce", U, np.ones((2, 2)), V, 0.5)
    with pytest.raises(InvalidInput, match=r"gradients has shape \(1, 3\)"):
        step(U, np.ones((1, 3)), 0.1)
    with pytest.raises(InvalidInput, match=r"candidates has shape \(2, 3\)"):
        cosines(U, U)


def test_integers_lists_and_single_precision_are_taken_as_numbers():
    whole = evaluate("infonce", [[1, 2], [3, 4]], np.ones((2, 1, 2), np.float32), 1)
    assert whole.gradients.dtype == np.float64
    strided = evaluate("infonce", np.asfortranarray(U), V[:, ::2], np.float32(0.5))
    assert np.array_equal(strided.values, evaluate("infonce", U, V[:, ::2].copy(), 0.5).values)
