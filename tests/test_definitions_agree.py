"""What a law calls SGD is what the simulators run: each update rule of both sides, on the second step of one run.

Rules of the theory that only add and scale are given arrays in the place of vectors; those that measure lengths are
evaluated at real vectors.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy as sp
from numpy.typing import NDArray

import theory.optimizers
from derivations.evidence.formulas import Scene
from numerics.simulation.steps import Optimizer, drive, step
from theory.notation import eta, lam, u, v, w
from theory.optimizers import (
    adagrad_norm,
    adam,
    adam_by_coordinate,
    clipped_sgd,
    gradient_flow,
    heavy_ball,
    lion,
    lion_by_coordinate,
    nesterov,
    normalized_sgd,
    preconditioned_sgd,
    projected,
    riemannian_sgd,
    rmsprop,
    sgd,
    sgd_decoupled_decay,
    sign_sgd,
    wngrad,
)
from theory.vectors import Vector, vector

Floats = NDArray[np.float64]
RATE, DECAY, BETA, BETA2, EPSILON, START = 0.3, 0.7, 0.6, 0.8, 0.05, 0.5
GRADIENT, MOMENT = vector(v), vector(w)


class Run:
    """The first two steps of a rule: what the theory is given, and where the simulator went."""

    def __init__(self, rule: str, decay: float = DECAY, **options: Any) -> None:
        settings = {"momentum": BETA, "second_momentum": BETA2, "epsilon": EPSILON, "accumulator": START, **options}
        run = drive(1.3, np.array([[0.9, 1.7]]), RATE, decay, dimension=4, optimizer=Optimizer(rule, **settings), path=True, seed=3)
        (self.start, self.before, self.after), (self.first, self.gradient) = run.path[0], run.gradients[0]

    def at(self, following: Vector, moment: Floats | None = None) -> Floats:
        """A vector of the theory at the second step: ``u``, its gradient ``v``, and a moment ``w``."""
        vectors = {u: self.before, v: self.gradient, **({} if moment is None else {w: moment})}
        return Scene(vectors, "", np.zeros((0, 4)), {eta: RATE, lam: DECAY}).vector(following)

    def length(self, e: sp.Expr) -> float:
        """A scalar of the theory at the first gradient."""
        return float(Scene({v: self.first}, "", np.zeros((0, 4)), {}).scalar(e))


def _momentum(rule: Any, name: str) -> tuple[Floats, Floats]:
    found = []
    for coupled, move in ((False, rule.decoupled_step), (True, rule.coupled_step)):
        run = Run(name, coupled=coupled)
        _, moment = move(run.start, 0 * run.start, run.first, RATE, BETA, DECAY)
        found.append((move(run.before, moment, run.gradient, RATE, BETA, DECAY)[0], run.after))
    return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def _accumulated(rule: Any, name: str) -> tuple[Floats, Floats]:
    run = Run(name)
    b = run.length(rule.accumulated(sp.Float(START), GRADIENT))
    return run.at(rule.step(vector(u), sp.Float(b), GRADIENT, eta, lam)), run.after


def _adam_by_coordinate() -> tuple[Floats, Floats]:
    found = []
    for coupled, move in ((False, adam_by_coordinate.step), (True, adam_by_coordinate.coupled_step)):
        run = Run("adam", coupled=coupled)
        for i in range(4):
            state = adam_by_coordinate.State(run.start[i], sp.S.Zero, sp.S.Zero)
            for count, g in ((1, run.first[i]), (2, run.gradient[i])):
                weights = (1 - BETA**count, 1 - BETA2**count)
                state = move(state, g, adam_by_coordinate.Settings((BETA, BETA2), weights, EPSILON), RATE, DECAY)
            found.append((float(state.u), run.after[i]))
    return np.array([a for a, _ in found]), np.array([b for _, b in found])


def _adam() -> tuple[Floats, Floats]:
    """With the scale divided out of every gradient: here with gradients all of whose squares are 1."""
    signs = np.array([[1.0, -1, 1, 1], [1, 1, -1, 1]])
    moment = adam.momentum(adam.momentum(0 * signs[0], signs[0], BETA), signs[1], BETA)
    settings = adam_by_coordinate.Settings((BETA, BETA2), (1, 1), 0)
    found = []
    for i in range(4):
        state = adam_by_coordinate.State(1.3, sp.S.Zero, sp.S.One)
        for g in signs[:, i]:
            before, state = state, adam_by_coordinate.step(state, g, settings, RATE, DECAY)
        found.append((float(adam.step(float(before.u), moment[i], RATE, DECAY)), float(state.u)))
    return np.array([a for a, _ in found]), np.array([b for _, b in found])


def _lion() -> tuple[Floats, Floats]:
    run = Run("lion")
    mixture = lion.seen(lion.seen(0 * run.first, run.first, BETA2), run.gradient, BETA)
    return lion.step(run.before, np.sign(mixture), RATE, DECAY), run.after


def _lion_by_coordinate() -> tuple[Floats, Floats]:
    run = Run("lion")
    moment = lion_by_coordinate.mixed(0, run.first, BETA2)
    mixture = lion_by_coordinate.mixed(moment, run.gradient, BETA)
    return np.array([float(lion_by_coordinate.step(x, m, RATE, DECAY)) for x, m in zip(run.before, mixture, strict=True)]), run.after


def _preconditioned() -> tuple[Floats, Floats]:
    run = Run("rmsprop", epsilon=0.0)
    scale = 1 / np.sqrt((1 - BETA2) * (BETA2 * run.first**2 + run.gradient**2))
    return preconditioned_sgd.step(run.before, run.gradient, scale, RATE, DECAY), run.after


def _rmsprop() -> tuple[Floats, Floats]:
    run, found = Run("rmsprop"), []
    for x, first, g in zip(run.before, run.first, run.gradient, strict=True):
        second = rmsprop.second_moment(rmsprop.second_moment(0.0, first, BETA2), g, BETA2)
        found.append(float(rmsprop.step(x, rmsprop.scaled(g, second, EPSILON), RATE, DECAY)))
    return np.array(found), run.after


def _projected() -> tuple[Floats, Floats]:
    run = Run("sgdp", threshold=0.1)
    kept = 1 - eta * lam / (10 * (1 - sp.Float(BETA)))
    return run.at(projected.step(u, MOMENT, eta, kept), BETA * run.first + run.gradient), run.after


def _clipped() -> tuple[Floats, Floats]:
    found = []
    for threshold, clipped in ((0.2, True), (50.0, False)):
        run = Run("clipped_sgd", threshold=threshold)
        found.append((run.at(clipped_sgd.step(vector(u), GRADIENT, sp.Float(threshold), eta, lam, clipped=clipped)), run.after))
    return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def _plain(rule: str, following: Callable[[Run], Floats], **options: Any) -> Callable[[], tuple[Floats, Floats]]:
    def both() -> tuple[Floats, Floats]:
        run = Run(rule, **options)
        return following(run), run.after

    return both


def _flow() -> tuple[Floats, Floats]:
    run, small = Run("sgd"), 2.0**-20  # a power of 2: the quotient is exact up to the rounding of the step
    reached = step(run.before[None], run.gradient[None], small)[0]
    return run.before + small * gradient_flow.velocity(run.gradient), reached


AGREE: dict[str, Callable[[], tuple[Floats, Floats]]] = {
    "sgd": _plain("sgd", lambda run: sgd.step(run.before, run.gradient, RATE), decay=0.0),
    "sgd_decoupled_decay": _plain("sgd", lambda run: sgd_decoupled_decay.step(run.before, run.gradient, RATE, DECAY)),
    "gradient_flow": _flow,
    "heavy_ball": lambda: _momentum(heavy_ball, "heavy_ball"),
    "nesterov": lambda: _momentum(nesterov, "nesterov"),
    "normalized_sgd": _plain("normalized_sgd", lambda run: run.at(normalized_sgd.step(vector(u), GRADIENT, eta, lam))),
    "clipped_sgd": _clipped,
    "adagrad_norm": lambda: _accumulated(adagrad_norm, "adagrad_norm"),
    "wngrad": lambda: _accumulated(wngrad, "wngrad"),
    "adam": _adam,
    "adam_by_coordinate": _adam_by_coordinate,
    "lion": _lion,
    "lion_by_coordinate": _lion_by_coordinate,
    "preconditioned_sgd": _preconditioned,
    "rmsprop": _rmsprop,
    "sign_sgd": _plain("sign_sgd", lambda run: sign_sgd.step(run.before, np.sign(run.gradient), RATE, DECAY)),
    "projected": _projected,
    "riemannian_sgd": _plain("riemannian_sgd", lambda run: run.at(riemannian_sgd.step(u, GRADIENT, eta, lam))),
}


def test_every_update_rule_of_the_theory_is_compared() -> None:
    assert set(AGREE) == {module.name for module in pkgutil.iter_modules(theory.optimizers.__path__)}


@pytest.mark.parametrize("rule", AGREE)
def test_a_rule_is_the_one_that_is_simulated(rule: str) -> None:
    claimed, simulated = AGREE[rule]()
    np.testing.assert_allclose(claimed, simulated, rtol=0, atol=1e-13)  # numbers of order 1, some dozen roundings
