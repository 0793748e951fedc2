"""What a law calls SGD is what the simulators run: definitions of both sides at the same real vectors."""

from __future__ import annotations

import numpy as np

from derivations.evidence.formulas import Scene
from numerics.simulate import step
from theory.notation import eta, lam, u, v
from theory.optimizers import gradient_flow as flow
from theory.optimizers import sgd, sgd_decoupled_decay
from theory.vectors import Vector, vector

RNG = np.random.default_rng(4)
U, G = RNG.standard_normal((2, 5))
RATE, DECAY = 0.3, 0.7
SCENE = Scene({u: U, v: G}, "", np.zeros((0, 5)), {eta: RATE, lam: DECAY})
GRADIENT: Vector = vector(v)


def test_sgd_is_sgd() -> None:
    found = SCENE.vector(sgd.step(vector(u), GRADIENT, eta))
    np.testing.assert_allclose(found, step(U[None], G[None], RATE)[0], rtol=1e-14)
    assert np.linalg.norm(found - U) > 0.1


def test_sgd_with_decoupled_decay_is_that() -> None:
    found = SCENE.vector(sgd_decoupled_decay.step(vector(u), GRADIENT, eta, lam))
    np.testing.assert_allclose(found, step(U[None], G[None], RATE, DECAY)[0], rtol=1e-14)
    assert np.linalg.norm(found - SCENE.vector(sgd.step(vector(u), GRADIENT, eta))) > 0.1


def test_the_velocity_of_gradient_flow_is_the_limit_of_small_steps() -> None:
    found = SCENE.vector(flow.velocity(GRADIENT))
    small = 2.0**-20  # a power of 2: the quotient is exact up to the rounding of the step
    np.testing.assert_allclose(found, (step(U[None], G[None], small)[0] - U) / small, atol=1e-9)
