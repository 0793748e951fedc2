"""Every rule against every other: a log of one whose setting names another is told wrong, or why that cannot be said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derivations.check_log.records import Records
from derivations.check_log.rules.rule import largest, update_rule
from numerics.training_log import Setting, read_log
from tests.test_check_log.trainings import Training

DECAY = {"weight_decay": 0.1, "learning_rate": 0.02, "steps": 120}
MOMENT = {"momentum": 0.9, **DECAY}
MEANS = {"square": 0.98, **DECAY}
RULES = {
    "sgd": Training("sgd", steps=120),
    "sgd coupled": Training("sgd", "coupled", **DECAY),
    "sgd decoupled": Training("sgd", "decoupled", **DECAY),
    "heavy ball": Training("heavy_ball", steps=120, momentum=0.9),
    "heavy ball coupled": Training("heavy_ball", "coupled", **MOMENT),
    "heavy ball decoupled": Training("heavy_ball", "decoupled", **MOMENT),
    "nesterov": Training("nesterov", steps=120, momentum=0.9),
    "nesterov coupled": Training("nesterov", "coupled", **MOMENT),
    "nesterov decoupled": Training("nesterov", "decoupled", **MOMENT),
    "adam": Training("adam", momentum=0.9, square=0.98, steps=120),
    "adam l2": Training("adam", "coupled", momentum=0.9, **MEANS),
    "adamw": Training("adam", "decoupled", momentum=0.9, **MEANS),
    "rmsprop": Training("rmsprop", square=0.98, steps=120),
    "rmsprop l2": Training("rmsprop", "coupled", **MEANS),
    "rmsprop decoupled": Training("rmsprop", "decoupled", **MEANS),
    "lion": Training("lion", momentum=0.9, square=0.98, steps=120),
    "lion decoupled": Training("lion", "decoupled", momentum=0.9, **MEANS),
}
ONE = [{"sgd coupled", "sgd decoupled"}]  # pairs that make the same steps: decay of either kind is one for plain SGD
# What cannot be said of a log in which steps were left out, or whose first step may not be the optimiser's: claimed rule, true rules.
MEANS_ARE_IN_NO_LOG = {
    "adam": {"heavy ball decoupled", "adam", "adam l2", "adamw", "lion decoupled"},
    "adam l2": {"heavy ball decoupled", "adam", "adam l2", "adamw", "lion decoupled"},
    "adamw": {"adam", "adam l2", "adamw"},
    "lion": {"lion"},
    "lion decoupled": {"lion decoupled"},
}
SAMPLED = {"every": 8, "steps": 960}
STARTED = {**MEANS_ARE_IN_NO_LOG, "adam": {*MEANS_ARE_IN_NO_LOG["adam"], "sgd coupled", "sgd decoupled"}}


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    return {name: read_log(t.write(tmp_path_factory.mktemp("rules") / "log")) for name, t in RULES.items()}


@pytest.fixture(scope="module")
def sampled(tmp_path_factory):
    return {name: read_log(replace(t, **SAMPLED).write(tmp_path_factory.mktemp("rules") / "log")) for name, t in RULES.items()}


def said(log, claimed, **told):
    """What the check says of a log whose setting is that of another training."""
    decay = claimed.weight_decay if claimed.decay != "none" else 0.0
    figures = {**log.figures, "decay": np.full(len(log), decay)}
    return update_rule(Records(replace(log, setting=replace(claimed.setting, **told), figures=figures)), {})


@pytest.mark.parametrize("true", RULES)
@pytest.mark.parametrize("claimed", RULES)
def test_a_rule_holds_for_its_own_log_and_fails_for_that_of_another(true, claimed, logs):
    found = said(logs[true], RULES[claimed])
    same = true == claimed or {true, claimed} in ONE
    assert found.verdict == ("holds" if same else "fails"), found


def table(logs, claimed, unsaid, **told):
    """Verdict by true rule, of which those beside the claim and its like have to be "fails" unless they are ``unsaid``."""
    found = {true: said(logs[true], claimed_training(claimed, told), **told).verdict for true in RULES}
    like = {true for true in RULES if true == claimed or {true, claimed} in ONE}
    return found, {t: "not applicable" if t in unsaid.get(claimed, ()) else "holds" if t in like else "fails" for t in RULES}


def claimed_training(name, told):
    return replace(RULES[name], every=told.get("every", 1))


@pytest.mark.parametrize("claimed", RULES)
def test_where_steps_were_left_out_a_wrong_rule_is_never_called_right(claimed, sampled):
    found, expected = table(sampled, claimed, MEANS_ARE_IN_NO_LOG, every=8)
    assert found == expected


@pytest.mark.parametrize("claimed", RULES)
def test_where_the_first_step_may_be_a_later_one_a_wrong_rule_is_never_called_right(claimed, logs):
    found, expected = table(logs, claimed, STARTED, fresh=None)
    assert found == expected


def test_what_cannot_be_said_has_its_reason(logs, sampled):
    adam, lion = RULES["adam"], RULES["lion"]
    assert "record with every=1" in said(sampled["adam"], adam, every=8).reason
    assert "fresh=True" in said(logs["adam"], adam, fresh=None).reason
    assert "not the optimiser's first" in said(logs["adam"], adam, fresh=False).reason
    assert "of which mean cannot be said" in said(logs["lion"], lion, fresh=None).reason
    old = replace(logs["adam"], figures={**logs["adam"].figures, "coordinate": np.full(len(logs["adam"]), np.nan)})
    assert "before one coordinate" in said(old, adam).reason


WRONG = [  # a training, and what its log says that is a little wrong
    ("heavy ball", {"momentum": 0.901}), ("heavy ball", {"momentum": 0.899}), ("nesterov", {"momentum": 0.901}),
    ("adam", {"momentum": 0.901}), ("adam", {"second_momentum": 0.981}), ("adam", {"epsilon": 1e-6}), ("adam l2", {"epsilon": 1e-6}),
    ("adamw", {"second_momentum": 0.979}), ("rmsprop", {"second_momentum": 0.981}), ("rmsprop", {"epsilon": 1e-6}),
    ("lion", {"momentum": 0.95}), ("lion", {"second_momentum": 0.99}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "told"), WRONG, ids=[f"{name} {told}" for name, told in WRONG])
def test_a_constant_that_is_a_little_wrong_fails(name, told, logs):
    assert said(logs[name], RULES[name], **told).verdict == "fails"


BENT = [{"growth": 1.001}, {"growth": -1.0}, {"power": 1.0}]
DECAYED = [name for name, t in RULES.items() if t.weight_decay]


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("bent", BENT, ids=str)
def test_steps_that_are_a_little_wrong_fail(name, bent, tmp_path):
    scaleless = name.startswith(("adam", "rmsprop", "lion"))
    if scaleless and (bent == {"growth": 1.001} or (bent == {"power": 1.0} and name.startswith("lion"))) and not name.endswith("l2"):
        bent = {"told_rate": 1.001}  # a factor of the gradient is no matter to them: one of the learning rate is
    training = RULES[name] if "told_rate" in bent else replace(RULES[name], **bent)
    log = read_log(training.write(tmp_path / "log"))
    rate = log["learning_rate"] * bent.get("told_rate", 1.0)
    found = said(replace(log, figures={**log.figures, "learning_rate": rate}), RULES[name])
    assert found.verdict == "fails"


@pytest.mark.parametrize("name", DECAYED)
@pytest.mark.parametrize("kept", [0.0, 0.99, 2.0])
def test_decay_that_is_a_little_wrong_fails(name, kept, tmp_path):
    log = read_log(replace(RULES[name], kept=kept).write(tmp_path / "log"))
    assert said(log, RULES[name]).verdict == "fails"


@pytest.mark.parametrize("name", RULES)
def test_rules_hold_in_single_precision_and_for_rows_that_are_seldom_met(name, tmp_path):
    single = read_log(replace(RULES[name], precision="float32").write(tmp_path / "single"))
    assert said(single, replace(RULES[name], precision="float32")).verdict == "holds"
    seldom = read_log(replace(RULES[name], visits=0.3, steps=300).write(tmp_path / "seldom"))
    assert said(seldom, RULES[name]).verdict == "holds"


def test_no_sequence_of_gradients_makes_a_longer_step_of_adam():
    rng = np.random.default_rng(0)
    for beta, square in ((0.9, 0.999), (0.9, 0.95), (0.5, 0.99), (0.0, 0.9)):
        most = largest(beta, square)
        for age in (1, 2, 10, 100, 1000):
            weights = (1 - beta) * beta ** np.arange(age), (1 - square) * square ** np.arange(age)
            worst = weights[0] / weights[1]  # where Cauchy-Schwarz is an equality
            for g in (worst, rng.standard_normal(age)):
                m, v = weights[0] @ g / (1 - beta**age), weights[1] @ g**2 / (1 - square**age)
                assert m**2 / v <= most * (1 + 1e-9)
    assert largest(0.9, 0.999) < 0.01 / (0.001 * (1 - 0.81 / 0.999)) * (1 + 1e-9)


def test_a_setting_without_fresh_is_read_as_one_that_does_not_know():
    text = Setting(fresh=True).to_json().replace('"fresh": true, ', "")
    assert "fresh" not in text
    assert Setting.from_json(text).fresh is None
