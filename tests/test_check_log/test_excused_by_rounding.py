"""What rounding hides is not called right: a decay that no step shows, and means over steps that were lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derivations.check_log.decay import decaying
from derivations.check_log.records import Records
from derivations.check_log.report import check
from numerics.training_log import read_log
from tests.test_check_log.trainings import FORMULAS, Training, law, verdicts

SINGLE = {"precision": "float32", "steps": 200}
SUPPOSE_DECAY = ("update rule", "step", "run", "shadow")
UNSEEN = {
    "sgd": Training("sgd", "coupled", weight_decay=1e-6, **SINGLE),
    "heavy ball": Training("heavy_ball", "coupled", momentum=0.9, learning_rate=0.01, weight_decay=5e-5, **SINGLE),
    "nesterov": Training("nesterov", "coupled", momentum=0.9, learning_rate=0.01, weight_decay=5e-5, **SINGLE),
    "adamw": Training("adam", "decoupled", momentum=0.9, learning_rate=1e-3, weight_decay=1e-5, **SINGLE),
    "adam l2": Training("adam", "coupled", momentum=0.9, learning_rate=1e-3, weight_decay=1e-8, **SINGLE),
    "rmsprop": Training("rmsprop", "decoupled", learning_rate=1e-2, weight_decay=1e-6, **SINGLE),
    "lion": Training("lion", "decoupled", momentum=0.9, learning_rate=1e-3, weight_decay=1e-5, **SINGLE),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_no_law_holds_with_a_decay_that_no_step_shows(name, tmp_path):
    log = Records(read_log(UNSEEN[name].write(tmp_path / "log")))
    for factor in (0.5, 1.0, 2.0):
        found = check(decaying(log, factor), FORMULAS())
        said = verdicts(found)
        assert not set(said) & set(SUPPOSE_DECAY), said
        assert "weight decay takes too little in a step" in law(found, "update rule").reason
        assert found.verdict != "holds"


@pytest.mark.parametrize("name", UNSEEN)
def test_the_same_training_with_a_decay_that_steps_show_holds_and_half_or_twice_of_it_fails(name, tmp_path):
    shown = replace(UNSEEN[name], weight_decay=0.1, learning_rate=0.05)
    log = Records(read_log(shown.write(tmp_path / "log")))
    assert law(check(log, FORMULAS()), "update rule").verdict == "holds"
    for factor in (0.5, 2.0):
        assert law(check(decaying(log, factor), FORMULAS()), "update rule").verdict == "fails"


def test_no_decay_of_half_or_twice_what_it_is_holds_at_any_size(tmp_path):
    """At some sizes rounding excuses the truth for what is half of it, but not a quarter of it: then the truth is on one side only."""
    told = set()
    for k, size in enumerate(10 ** np.linspace(-5, -3, 25)):
        log = Records(read_log(replace(UNSEEN["sgd"], weight_decay=float(size)).write(tmp_path / str(k))))
        told.add(law(check(log, FORMULAS()), "update rule").verdict)
        others = {law(check(decaying(log, factor), FORMULAS()), "update rule").verdict for factor in (0.5, 2.0)}
        assert others <= {"fails", "not applicable"}
    assert told == {"holds", "not applicable"}  # sizes that steps show, and such that they do not


def test_a_decay_that_is_too_fast_for_a_shadow_half_as_much_again_leaves_the_law_standing(tmp_path):
    close = Training("heavy_ball", "coupled", momentum=0.9, learning_rate=0.05, weight_decay=0.04, steps=200)  # 0.002 of 0.0026
    report = close.report(tmp_path)
    assert verdicts(check(decaying(report.records, 1.5), FORMULAS())).get("shadow") is None
    assert law(report, "shadow").verdict == "holds"


@pytest.mark.parametrize("rule", ["sgd", "adam"])
def test_rounding_is_counted_beside_what_decay_takes_at_equilibrium(rule, tmp_path):
    """Half precision may take as much of a norm in a step as decay does: where it balances heat is not known then."""
    decay = {"sgd": "coupled", "adam": "decoupled"}[rule]
    fine = Training(rule, decay, momentum=0.9 * (rule == "adam"), square=0.98, learning_rate=0.02,
                    weight_decay=0.2, steps=4200 if rule == "adam" else 2200, rows=4, scale=0.3)  # fmt: skip
    coarse = law(replace(fine, precision="float16").report(tmp_path / "coarse"), "equilibrium")
    assert coarse.verdict == "not applicable"
    assert "rounding may move the norm by" in coarse.reason
    assert law(fine.report(tmp_path / "fine"), "equilibrium").verdict == "holds"


def test_rounding_of_every_step_is_counted_where_steps_were_sampled(tmp_path):
    coarse = Training("sgd", learning_rate=0.1, precision="float16", every=8, steps=2000)
    fine = replace(coarse, precision="float64")
    assert law(coarse.report(tmp_path / "coarse"), "quartic").verdict == "not applicable"
    assert law(fine.report(tmp_path / "fine"), "quartic").verdict == "holds"


def test_steps_by_a_learning_rate_in_a_coarser_format_are_rounded_to_it(tmp_path):
    """A rate that is a tensor of single precision: every step that it makes is rounded, however fine the table is."""
    for name in ("adam", "rmsprop", "sgd", "heavy_ball"):
        momentum = 0.9 if name in ("adam", "heavy_ball") else 0.0
        training = Training(name, momentum=momentum, learning_rate=0.01, told={"rate_format": "float32"})
        log = read_log(training.write(tmp_path / name))
        # as if each step had been multiplied by a rate that was rounded to 24 bits, all of them the same way
        rate = {**log.figures, "learning_rate": log["learning_rate"] * (1 + 2.0**-24)}
        off = Records(replace(log, figures=rate))
        assert law(check(off, FORMULAS()), "update rule").verdict == "holds"
        exact = Records(replace(off.log, setting=replace(log.setting, rate_format="float64")))
        assert law(check(exact, FORMULAS()), "update rule").verdict == "fails"
