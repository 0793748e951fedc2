"""Encoders, pooling, skip-gram and two tables: their gradients by differences, their checks, and the guard of the flow."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from derivations.evidence.encoding import ordinary
from numerics.encoders.pooling import all_texts, mean_pooled
from numerics.encoders.shared import GUARD, Objective, encoder_flow, gates, hidden, jacobians, moved, outputs, pulled_back, tangent_kernel
from numerics.lookup.sgns import SkipGram
from numerics.lookup.two_tables import trained
from numerics.simulation.integrators import EULER, INTEGRATORS, RK4
from numerics.simulation.steps import evaluate
from numerics.validation import InvalidInput, OutOfRange

RNG = np.random.default_rng(5)
ONE = np.array([[0.5, 0.0], [0.0, 0.5]])


def differences(f, at, step=1e-6):
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        ahead, behind = at.copy(), at.copy()
        ahead[place] += step
        behind[place] -= step
        found[place] = (f(ahead) - f(behind)) / (2 * step)
    return found


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_gradients_of_the_weights_are_those_of_the_objective(layers):
    e = ordinary(3, layers)
    o = e.objective

    def loss(weights):
        return float(o.shares @ evaluate(o.loss, outputs(weights, e.inputs), o.candidates, o.temperatures).values)

    for i, found in enumerate(e.slopes.weight_gradients):
        changed = differences(lambda w, i=i: loss((*e.weights[:i], w, *e.weights[i + 1 :])), e.weights[i])
        np.testing.assert_allclose(found, changed, atol=1e-7)


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_jacobians_push_and_pull_alike(layers):
    e = ordinary(4, layers)
    direction = tuple(RNG.standard_normal(w.shape) for w in e.weights)
    flat = np.concatenate([m.ravel() for m in direction])
    j, h = jacobians(e.weights, e.inputs), 1e-6
    pushed = (outputs(moved(e.weights, direction, -h), e.inputs) - outputs(moved(e.weights, direction, h), e.inputs)) / (2 * h)
    np.testing.assert_allclose(j @ flat, pushed, atol=1e-6)
    slopes = RNG.standard_normal(pushed.shape)
    pulled = np.concatenate([m.ravel() for m in pulled_back(e.weights, e.inputs, slopes)])
    np.testing.assert_allclose(np.sum(slopes * (j @ flat)), pulled @ flat, rtol=1e-12)


def test_the_tangent_kernel_of_a_linear_encoder_is_that_of_its_inputs():
    e = ordinary(6, 1)
    expected = np.einsum("ij,ab->iajb", e.inputs @ e.inputs.T, np.eye(e.dimension))
    np.testing.assert_allclose(tangent_kernel(e.weights, e.inputs), expected, atol=1e-13)
    assert gates(e.weights, e.inputs) == ()
    assert np.array_equal(hidden(e.weights, e.inputs), e.inputs)


def test_integrators_agree_along_the_flow():
    e = ordinary(7, 1)
    ends = [encoder_flow(e.objective, e.weights, e.inputs, duration=0.02, steps=64, integrator=i).squared_norms[-1] for i in INTEGRATORS]
    for found in ends[1:]:
        np.testing.assert_allclose(found, ends[-1], rtol=1e-4)
    flow = encoder_flow(e.objective, e.weights, e.inputs, duration=0.02, steps=64, integrator=RK4)
    assert flow.times[-1] == 0.02
    np.testing.assert_allclose(np.sum(outputs(flow.weights, e.inputs) ** 2, axis=1), flow.squared_norms[-1])


def test_a_step_too_long_for_the_smallest_norm_is_refused():
    x, weights = np.array([[1.0, 0.0], [1e-4, 1e-4]]), (np.eye(2),)
    objective = Objective("cosine_regression", np.array([[[0.0, 1.0]], [[1.0, -1.0]]]), np.ones(2), np.array([0.5, 0.5]))
    with pytest.raises(OutOfRange, match=f"more than {GUARD} of the smallest norm"):
        encoder_flow(objective, weights, x, duration=1.0, steps=1, integrator=EULER)
    assert encoder_flow(objective, weights, x, duration=1e-6, steps=1).squared_norms.shape == (2, 2)


@pytest.mark.parametrize("weights", [(), (np.ones((2, 3)),), (np.ones((2, 2)), np.ones((2, 3)))])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(InvalidInput, match="weights"):
        outputs(weights, np.ones((4, 2)))


def test_texts_are_all_there_and_pooled_by_their_mean():
    texts = all_texts(3, 2)
    assert sorted(map(tuple, texts.tolist())) == [(i, j) for i in range(3) for j in range(3)]
    np.testing.assert_allclose(mean_pooled(np.arange(12.0).reshape(1, 3, 4)), [[4, 5, 6, 7]])
    with pytest.raises(InvalidInput, match="length"):
        all_texts(4, 40)


def test_gradients_of_skip_gram_are_those_of_its_value():
    joint = np.array([[0.1, 0.3, 0.05], [0.2, 0.15, 0.2]])
    u, v, model = RNG.standard_normal((2, 4)), RNG.standard_normal((3, 4)), SkipGram(joint, 3.0)
    found = model.slopes(u, v)
    np.testing.assert_allclose(found.words, differences(lambda w: model.slopes(w, v).value, u), atol=1e-8)
    np.testing.assert_allclose(found.contexts, differences(lambda w: model.slopes(u, w).value, v), atol=1e-8)
    contexts = np.eye(3)
    assert np.max(np.abs(model.slopes(model.fitted(contexts), contexts).words)) < 1e-15


def test_two_tables_learn_or_stand_still():
    settings = {"dimension": 4, "replicates": 3, "temperature": 0.5, "negatives": 2, "step_size": 0.1, "batch": 4, "seed": 1}
    start = trained(ONE, steps=1, **{**settings, "step_size": 1e-300})
    both, words = trained(ONE, steps=5, **settings), trained(ONE, steps=5, contexts_learn=False, **settings)
    assert np.array_equal(words.contexts, start.contexts)
    assert not np.array_equal(both.contexts, start.contexts)
    assert np.array_equal(both.words, trained(ONE, steps=5, **settings).words)
    np.testing.assert_allclose(start.fourth_powers()[0], 1)


def test_rows_of_both_tables_only_grow():
    settings = {"dimension": 4, "replicates": 2, "temperature": 0.5, "negatives": 2, "step_size": 0.1, "batch": 1, "seed": 3}
    powers = [trained(ONE, steps=k, **settings).fourth_powers() for k in (1, 2, 8)]
    for earlier, later in pairwise(powers):
        assert np.all(later[0] >= earlier[0] - 1e-14)
        assert np.all(later[1] >= earlier[1] - 1e-14)
