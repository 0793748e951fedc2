"""What the laws say of logs whose training is known: they hold where they should, fail where a hypothesis is broken, or are silent."""

from __future__ import annotations

import numpy as np
import pytest

from tests.test_check_log.trainings import Training, law, verdicts

STEPWISE = {"right angle": "holds", "balance": "holds", "update rule": "holds", "step": "holds", "run": "holds"}
FIRST = {"right angle": "holds", "balance": "holds", "update rule": "holds"}
BEHIND = {**FIRST, "shadow": "holds"}
DECAYED = {"weight_decay": 0.5, "learning_rate": 0.05, "steps": 800}
SLOW = {"momentum": 0.8, "learning_rate": 0.02, "weight_decay": 0.4, "steps": 2400}
ADAM = {"optimizer": "adam", "momentum": 0.5, "learning_rate": 0.05, "steps": 4000, "square": 0.99, "dimension": 16}
BLIND = {"weight_decay": 0.2, **{k: v for k, v in ADAM.items() if k not in ("optimizer", "momentum")}}
LION = {**BLIND, "momentum": 0.5, "square": 0.8}
L2 = {**BLIND, "weight_decay": 0.1, "steps": 8000}
FREE = {**BLIND, "weight_decay": 0.0, "square": 0.98, "steps": 8000}
SETTLED = {**FIRST, "equilibrium": "holds"}
KNOWN = [
    (Training(), {**STEPWISE, "quartic": "holds"}),
    (Training(precision="float32"), {**STEPWISE, "quartic": "holds"}),
    (Training(after=False), {"right angle": "holds", "step": "holds", "run": "holds", "quartic": "holds"}),
    (Training(schedule=lambda t: 1 - t), {**STEPWISE, "quartic": "holds"}),
    (Training(visits=0.3), {**STEPWISE, "quartic": "holds"}),
    (Training(decay="coupled", **DECAYED), {**STEPWISE, "equilibrium": "holds"}),
    (Training(decay="decoupled", visits=0.7, **DECAYED), {**STEPWISE, "equilibrium": "holds", "rest": "holds"}),
    (Training(every=8, steps=1600), {k: v for k, v in {**STEPWISE, "quartic": "holds"}.items() if k != "run"}),
    (Training("heavy_ball", momentum=0.9), BEHIND),
    (Training("heavy_ball", "coupled", **SLOW), {**BEHIND, "equilibrium": "holds"}),
    (Training("heavy_ball", "decoupled", **SLOW), {**BEHIND, "equilibrium": "holds", "rest": "holds"}),
    (Training("heavy_ball", momentum=0.9, every=8), BEHIND),
    (Training("nesterov", momentum=0.9), BEHIND),
    (Training("nesterov", "coupled", **SLOW), {**FIRST, "equilibrium": "holds"}),
    (Training(decay="decoupled", weight_decay=0.2, **ADAM), {**SETTLED, "rest": "holds"}),
    (Training("rmsprop", "decoupled", **BLIND), {**SETTLED, "rest": "holds"}),
    (Training("rmsprop", **FREE), {**FIRST, "growth": "holds"}),
    (Training("lion", "decoupled", **LION), {**SETTLED, "rest": "holds"}),
    (Training("adam", "coupled", **L2), SETTLED),
    (Training("rmsprop", "coupled", **L2), SETTLED),
    (Training(**ADAM), {**FIRST, "growth": "holds"}),
    (Training(gradients=False), {"balance": "holds"}),
    (Training(tilt=0.1), {"right angle": "fails", "balance": "holds", "update rule": "holds", "step": "fails", "run": "fails",
                          "quartic": "fails"}),
    (Training("heavy_ball", momentum=0.9, tilt=0.1), {**FIRST, "right angle": "fails", "shadow": "fails"}),
]  # fmt: skip


@pytest.mark.parametrize(("training", "expected"), KNOWN, ids=[f"{i} {t.optimizer} {t.decay}" for i, (t, _) in enumerate(KNOWN)])
def test_a_law_holds_fails_or_is_silent_as_the_training_says(training, expected, tmp_path):
    report = training.report(tmp_path)
    assert verdicts(report) == expected
    told = {law: word for law, word in expected.items() if law != "balance"}  # which holds for any vectors
    wanted = "fails" if "fails" in expected.values() else "holds" if told else "nothing could be decided"
    assert report.verdict == wanted


def test_predicted_norms_at_equilibrium_are_those_measured(tmp_path):
    level = Training(decay="coupled", **DECAYED).report(tmp_path).level
    assert level is not None
    np.testing.assert_allclose(level.measured, level.predicted, rtol=0.02)


def test_rounding_that_hides_a_radial_part_is_not_called_a_right_angle(tmp_path):
    coarse = law(Training(tilt=1e-3, told={"arithmetic": "bfloat16"}).report(tmp_path / "coarse"), "right angle")
    assert coarse.verdict == "not applicable"
    single = law(Training(told={"arithmetic": "float32"}).report(tmp_path / "single"), "right angle")
    assert single.bound > 1e8 * law(Training().report(tmp_path / "double"), "right angle").bound


def test_an_epsilon_in_the_norm_explains_a_radial_part_if_the_log_tells_of_it(tmp_path):
    unknown = Training(guard=1e-3).report(tmp_path / "unknown")
    assert law(unknown, "right angle").verdict == "fails"
    assert "epsilon added to the norm" in law(unknown, "right angle").note
    told = Training(guard=1e-3, told={"norm_epsilon": 1e-3, "epsilon_form": "added", "slope_bound": 20.0}).report(tmp_path / "told")
    assert (law(told, "right angle").verdict, law(told, "guarded norm").verdict) == ("not applicable", "holds")
    smaller = Training(guard=1e-3, told={"norm_epsilon": 1e-5, "epsilon_form": "added"}).report(tmp_path / "smaller")
    assert law(smaller, "guarded norm").verdict == "fails"


def test_steps_below_rounding_tell_nothing_and_are_not_called_a_success(tmp_path):
    found = law(Training(precision="float32", learning_rate=1e-5).report(tmp_path), "step")
    assert found.verdict == "not applicable"
    assert "rounding" in found.reason


def test_gradients_that_persist_are_named_and_no_equilibrium_of_adam_is_judged(tmp_path):
    report = Training(decay="decoupled", weight_decay=0.2, persistence=0.9, **ADAM).report(tmp_path)
    assert "not white" in law(report, "equilibrium").reason
    assert "products of scaled gradients of different steps" in law(report, "equilibrium").reason
    assert law(report, "rest").verdict == "holds"  # which supposes nothing of gradients, and decides nothing by itself


def test_what_an_equilibrium_lacks_is_named(tmp_path):
    def reason(training, name):
        return law(training.report(tmp_path / name), "equilibrium").reason

    assert "without momentum; beta_1 is 0.9" in reason(Training("adam", "coupled", weight_decay=0.1, momentum=0.9, square=0.98), "momentum")
    assert "not even over coordinates" in reason(Training("adam", "coupled", uneven=1.5, **L2), "uneven")
    assert "decoupled decay only" in reason(Training("lion", "coupled", weight_decay=0.1, momentum=0.9, square=0.9), "lion")
    assert "not named" in reason(Training("sgd", told={"optimizer": "other"}), "other")


def test_a_spike_blunts_no_record_but_its_own_and_few_records_decide_nothing(tmp_path):
    spiked = Training(spike=1e9, tilt=1e-6).report(tmp_path / "spiked")
    assert law(spiked, "right angle").verdict == "fails"
    assert law(spiked, "right angle").exceeding > 0.9 * 200 * 12
    told = Training(spike=1e9, told={"slope_bound": 1e15}).report(tmp_path / "told")  # which the spike alone could tell from
    assert law(told, "right angle").verdict == "not applicable"
    assert "more than half must" in law(told, "right angle").reason
    assert {h.name: h.met for h in told.hypotheses}["scale-invariant loss"] is None


def test_a_rule_that_is_not_named_has_an_open_epsilon(tmp_path):
    named = {h.name: h for h in Training(told={"optimizer": "other"}).report(tmp_path / "other").hypotheses}
    assert named["no epsilon in the step"].met is None
    assert {h.name: h.met for h in Training().report(tmp_path / "sgd").hypotheses}["no epsilon in the step"]


def test_violated_hypotheses_are_named(tmp_path):
    training = Training("heavy_ball", momentum=0.9, schedule=lambda t: 1 - t, every=8, visits=0.5, steps=400)
    found = {h.name: h.met for h in training.report(tmp_path).hypotheses}
    assert {name for name, met in found.items() if met is False} == {
        "no momentum", "constant learning rate", "every step recorded", "a gradient at every step"}  # fmt: skip
    assert found["scale-invariant loss"]


def test_rows_of_a_network_are_not_judged_by_laws_of_free_rows(tmp_path):
    report = Training(told={"encoder": "shared"}).report(tmp_path)
    assert verdicts(report) == {"right angle": "holds", "balance": "holds"}
