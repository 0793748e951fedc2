"""A law that is a little wrong, or a log whose steps are, fails the comparison that the law passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from derivations.check_log.by_coordinate import slowing
from tests.test_check_log.test_laws_on_logs import ADAM, BLIND, DECAYED, FREE, L2, LION, SLOW
from tests.test_check_log.trainings import FORMULAS, Training, law
from theory.laws.dynamics import adam_norm_grows_by_dimension as adam
from theory.laws.dynamics import adamw_equilibrium as adamw
from theory.notation import r

PLAIN, MIXED = Training(), Training(decay="coupled", **DECAYED)
BALL, NESTEROV = Training("heavy_ball", momentum=0.9), Training("nesterov", momentum=0.9)
ADAMW = Training(decay="decoupled", weight_decay=0.2, **ADAM)
GUARDED = Training(guard=1e-3, told={"norm_epsilon": 1e-3, "epsilon_form": "added", "slope_bound": 5.0})
FREELY = Training("rmsprop", **FREE)
NEARLY = 1 + sp.Rational(1, 10**9)
WRONG = [  # a training, the law that judges it, the claim, its formula, and the factor by which that is wrong
    (PLAIN, "step", "B2", "next_squared_norm", NEARLY), (PLAIN, "run", "B2", "next_squared_norm", NEARLY),
    (MIXED, "step", "B6", "next_squared_norm", NEARLY), (MIXED, "step", "B6", "decay_factor", NEARLY),
    (MIXED, "run", "B6", "decay_factor", NEARLY), (MIXED, "equilibrium", "B6", "equilibrium", sp.Rational(11, 10)),
    (MIXED, "equilibrium", "B6", "equilibrium", sp.S(2)),
    (PLAIN, "balance", "C0", "mean_next_squared_norm", NEARLY), (ADAMW, "balance", "C0", "mean_next_squared_norm", NEARLY),
    (PLAIN, "quartic", "B4", "lower", sp.Rational(11, 10)), (PLAIN, "quartic", "B4", "upper_excess", sp.S.Zero),
    (Training(every=8, steps=1600), "quartic", "B3", "next_fourth_power", sp.Rational(11, 10)),
    (Training(every=8, steps=1600), "quartic", "B3", "drive", sp.Rational(6, 5)),
    (BALL, "shadow", "B8a", "term", sp.Rational(1001, 1000)), (BALL, "shadow", "B8a", "step", sp.Rational(1001, 1000)),
    (BALL, "shadow", "B8a", "lag", sp.Rational(1001, 1000)),
    (Training("heavy_ball", "coupled", **SLOW), "shadow", "B8c", "next_squared_norm", NEARLY),
    (Training("heavy_ball", "coupled", **SLOW), "shadow", "B8c", "coupled_product", sp.Rational(101, 100)),
    (Training("heavy_ball", "coupled", **SLOW), "equilibrium", "B8d", "coupled_fourth", sp.Rational(3, 2)),
    (Training("heavy_ball", "decoupled", **SLOW), "equilibrium", "B8d", "decoupled_fourth", sp.Rational(3, 2)),
    (Training("nesterov", "coupled", **SLOW), "equilibrium", "B8e", "coupled_fourth", sp.Rational(3, 2)),
    (NESTEROV, "shadow", "B8e", "term", sp.Rational(1001, 1000)),
    (ADAMW, "equilibrium", "B12c", "equilibrium", sp.Rational(5, 4)),
    (Training(**ADAM), "growth", "B12b", "growth", sp.Rational(5, 4)),
    (Training("rmsprop", "decoupled", **BLIND), "equilibrium", "B12i", "equilibrium", sp.Rational(5, 4)),
    (FREELY, "growth", "B12i", "growth", sp.Rational(5, 4)),
    (Training("lion", "decoupled", **LION), "equilibrium", "B12d", "equilibrium", sp.Rational(5, 4)),
    (Training("adam", "coupled", **L2), "equilibrium", "B12f", "energy_at_equilibrium", sp.S(2)),
    (Training("rmsprop", "coupled", **L2), "equilibrium", "B12f", "energy_at_equilibrium", sp.S.Half),
    (ADAMW, "rest", "C0", "exact_equilibrium", sp.Rational(11, 10)),
    (GUARDED, "guarded norm", "A8b", "added", sp.Rational(1, 100)),
]  # fmt: skip
TWISTED = [  # what is wrong with every step, and which laws have to see it
    (replace(PLAIN, growth=2**0.5), ("update rule", "step", "run", "quartic")),  # a factor of 2 in the growth
    (replace(PLAIN, growth=-1.0), ("update rule",)),  # a sign: the squared length cannot see it, the move does
    (replace(PLAIN, growth=1.001), ("update rule", "step", "run")),
    (replace(PLAIN, power=1.0), ("update rule", "step", "run", "quartic")),  # an exponent
    (replace(MIXED, kept=2.0), ("update rule", "step", "run", "equilibrium")),
    (replace(MIXED, kept=0.99), ("update rule", "step", "run")),
    (replace(MIXED, growth=2.0), ("update rule", "step", "run", "equilibrium")),
    (replace(Training(every=8, steps=1600), growth=2**0.5), ("update rule", "step", "quartic")),
    (replace(BALL, growth=1.1), ("shadow",)),
    (replace(BALL, told={"momentum": 0.8}), ("shadow",)),
    (replace(BALL, told={"optimizer": "nesterov"}), ("shadow",)),
    (replace(BALL, told={"optimizer": "sgd", "momentum": 0.0}), ("update rule", "step", "run", "quartic")),
    (replace(Training("heavy_ball", "coupled", **SLOW), told={"decay": "decoupled"}), ("shadow", "equilibrium")),
    (replace(Training("heavy_ball", "decoupled", **SLOW), kept=3.0), ("shadow", "equilibrium")),
    (replace(ADAMW, told={"optimizer": "sgd", "momentum": 0.0, "second_momentum": 0.0}), ("update rule", "step", "run", "equilibrium")),
]  # fmt: skip


@pytest.mark.parametrize(("training", "name", "label", "formula", "factor"), WRONG, ids=[f"{w[2]}.{w[3]} {w[4]}" for w in WRONG])
def test_a_formula_that_is_wrong_fails_where_the_ledgers_holds(training, name, label, formula, factor, tmp_path):
    right = FORMULAS()
    assert law(training.report(tmp_path), name).verdict == "holds"
    changed = {**right, label: {**right[label], formula: right[label][formula] * factor}}
    assert law(training.report(tmp_path, changed), name).verdict == "fails"


def test_a_gradient_that_is_claimed_to_be_radial_fails(tmp_path):
    right = FORMULAS()
    changed = {**right, "A1": {**right["A1"], "radial_gradient": sp.Rational(1, 10**9)}}
    assert law(PLAIN.report(tmp_path, changed), "right angle").verdict == "fails"


@pytest.mark.parametrize("exponent", [-4, -3, -1, 0, 2])
def test_another_exponent_of_the_norm_fails(exponent, tmp_path):
    right = FORMULAS()
    claimed = right["B2"]["next_squared_norm"]
    growth = sp.expand(claimed - r**2)
    changed = {**right, "B2": {**right["B2"], "next_squared_norm": r**2 + growth * r ** (2 + exponent)}}
    assert law(PLAIN.report(tmp_path, changed), "step").verdict == "fails"


@pytest.mark.parametrize("sign", [-1, 2])
def test_another_sign_or_factor_of_the_growth_fails(sign, tmp_path):
    right = FORMULAS()
    growth = right["B2"]["next_squared_norm"] - r**2
    report = PLAIN.report(tmp_path, {**right, "B2": {**right["B2"], "next_squared_norm": r**2 + sign * growth}})
    assert {name: law(report, name).verdict for name in ("step", "run")} == {"step": "fails", "run": "fails"}


@pytest.mark.parametrize(("training", "seen_by"), TWISTED, ids=[str(i) for i in range(len(TWISTED))])
def test_a_log_whose_steps_are_wrong_is_seen(training, seen_by, tmp_path):
    report = training.report(tmp_path)
    assert {name for name in seen_by if law(report, name).verdict != "fails"} == set()
    assert report.verdict == "fails"


@pytest.mark.parametrize(("beta", "shrunk"), [(0.9, 0.2), (0.5, 0.05), (0.99, 0.01), (0.9, 0.0)])
def test_decay_lessens_the_overlap_with_momentum_as_the_recursion_of_means_does(beta: float, shrunk: float) -> None:
    """E<u', m'> = (1 - p) beta E<u, m> - eta E|m'|^2, step by step to where it stays, with decay and without."""

    def rest(kept: float) -> float:
        overlap = 0.0
        for _ in range(20_000):
            overlap = kept * beta * overlap - 1.0
        return overlap

    told = {adam.BETA: np.array(beta), adamw.P: np.array(shrunk)}
    # a fixed point of a contraction by beta: what each step rounds adds up to 1/(1 - beta) of it
    assert slowing(told) == pytest.approx(rest(1 - shrunk) / rest(1.0), rel=8 * 2.0**-53 / (1 - beta))
