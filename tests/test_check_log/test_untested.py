"""A run of which nothing was decided about the optimiser named, or whose setting the log belies, is no pass."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.__main__ import main
from derivations.check_log.report import DOUBTFUL, UNSEEN, UNTESTED
from tests.test_check_log.trainings import Training, law

SHORT = {"steps": 60, "rows": 4}
SIGNS = Training("lion", square=0.99, told={"momentum": 0.9, "fresh": None}, **SHORT)  # signSGD that is called Lion
UNNAMED = Training(growth=-1.0, told={"optimizer": "other"}, **SHORT)
STANDING = Training(learning_rate=0.0, **SHORT)
SAMPLED = Training("adam", momentum=0.9, square=0.999, every=8, **SHORT)


def hypothesis(report, name):
    return next(h for h in report.hypotheses if h.name == name)


@pytest.mark.parametrize(
    ("training", "words"),
    [(SIGNS, "the update rule of lion was not tested: steps are those of signs"),
     (UNNAMED, "the update rule was not tested: the optimiser"),
     (STANDING, "the update rule of sgd was not tested: at every record the learning rate is 0"),
     (SAMPLED, "the update rule of adam was not tested: steps were left out")],
)  # fmt: skip
def test_a_run_whose_optimiser_was_not_tested_is_no_pass_and_its_last_line_says_so(training, words, tmp_path, capsys):
    assert main(["check-log", str(training.write(tmp_path / "log"))]) == 1
    last = " ".join(capsys.readouterr().out.split())
    assert f"{UNTESTED.upper()}: " in last
    assert words in last[last.index(UNTESTED.upper()) :]


def test_a_run_whose_rule_was_tested_says_nothing_of_the_kind(tmp_path):
    report = Training(**SHORT).report(tmp_path)
    assert (report.verdict, report.untested, report.doubts) == ("holds", "", ())


@pytest.mark.parametrize("training", [Training(told={"precision": "float16"}, **SHORT), Training(told={"precision": "bfloat16"}, **SHORT),
                                      Training(tilt=1e-3, precision="float32", told={"precision": "float16"}, **SHORT)])  # fmt: skip
def test_a_log_that_names_too_coarse_a_format_is_no_pass(training, tmp_path):
    report = training.report(tmp_path)
    assert report.verdict != "holds"
    assert hypothesis(report, "precision as said").met is False
    assert "recorded coordinates are no numbers of" in report.doubts[0]


@pytest.mark.parametrize("precision", ["float64", "float32", "float16"])
def test_a_log_that_names_its_own_format_is_not_doubted(precision, tmp_path):
    report = Training(precision=precision, **SHORT).report(tmp_path)
    assert hypothesis(report, "precision as said").met is True
    assert report.doubts == ()


@pytest.mark.parametrize(("tilt", "bound"), [(1e-3, 1e12), (1e-6, 1e10), (1e-3, 1e300)])
def test_a_bound_of_slopes_that_alone_excuses_a_radial_part_is_no_pass(tilt, bound, tmp_path):
    report = Training(tilt=tilt, told={"slope_bound": bound}, **SHORT).report(tmp_path)
    assert law(report, "right angle").verdict == "not applicable"
    assert report.verdict == DOUBTFUL
    assert "times the largest |u||g| of the run" in report.doubts[0]


def test_a_loose_bound_that_hides_nothing_wrong_is_reported_with_what_it_hides(tmp_path):
    report = Training(told={"slope_bound": 1e14}, **SHORT).report(tmp_path)
    found = hypothesis(report, "slopes near their bound")
    assert found.met is None
    assert "nothing can be said of: step, run, quartic" in found.words
    assert report.doubts == ()


def test_a_bound_as_a_loss_has_it_is_kept(tmp_path):
    report = Training(told={"slope_bound": 20.0}, **SHORT).report(tmp_path)
    assert law(report, "right angle").verdict == "holds"
    assert hypothesis(report, "slopes near their bound").met is True
    assert np.isfinite(report.records.longest)


HIDDEN = ({"arithmetic": "bfloat16"}, {"arithmetic": "bfloat16", "terms": 4}, {"terms": 4 * 10**15})
SEES_LENGTHS = {"tilt": 1e-3, "learning_rate": 1e-3}


@pytest.mark.parametrize("told", HIDDEN)
@pytest.mark.parametrize("rule", [{}, {"optimizer": "adam", "momentum": 0.9, "square": 0.999}])
def test_a_loss_that_sees_lengths_by_less_than_rounding_may_hide_is_no_pass(told, rule, tmp_path, capsys):
    """The rule of the optimiser holds, of any gradient: that is no law of the norm."""
    training = Training(told=told, **SEES_LENGTHS, **rule, **SHORT)
    report = training.report(tmp_path)
    assert (law(report, "update rule").verdict, law(report, "right angle").verdict) == ("holds", "not applicable")
    assert report.verdict == UNSEEN
    assert main(["check-log", str(tmp_path / "log")]) == 1
    last = " ".join(capsys.readouterr().out.split())
    assert f"{UNSEEN.upper()}: " in last
    assert "the right angle was not tested" in last
    assert "% of the gradient energy is radial" in last


@pytest.mark.parametrize("told", HIDDEN)
def test_gradients_that_are_more_exact_than_said_are_judged_by_that(told, tmp_path):
    report = Training(told=told, **SHORT).report(tmp_path)
    assert report.verdict == "holds"
    assert "tighter than the setting says" in law(report, "right angle").note
    assert law(report, "step").verdict == "holds"


def test_where_no_step_can_be_told_steps_are_not_above_rounding(tmp_path):
    report = Training(told={"arithmetic": "bfloat16"}, **SEES_LENGTHS, **SHORT).report(tmp_path)
    assert law(report, "step").verdict == "not applicable"
    assert hypothesis(report, "steps above rounding").met is False
