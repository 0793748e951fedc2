"""``normlaw check-log`` from the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from derivations.__main__ import main
from tests.test_check_log.trainings import Training

STEPS = {"steps": 60, "rows": 4}


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    return {"good": str(Training(**STEPS).write(folder / "good")), "bad": str(Training(tilt=0.2, **STEPS).write(folder / "bad")),
            "empty": str(Training(learning_rate=0.0, gradients=False, **STEPS).write(folder / "empty"))}  # fmt: skip


def test_a_log_that_obeys_the_laws_is_a_page_of_text(logs, capsys):
    assert main(["check-log", logs["good"], "--no-color"]) == 0
    page = capsys.readouterr().out
    for words in ("right angle", "what laws suppose", "scale-invariant loss", "mean gradient energy", "every law that speaks"):
        assert words in page


def test_a_law_that_fails_is_exit_status_1_and_said_in_quiet_too(logs, capsys):
    assert main(["check-log", logs["bad"], "--quiet"]) == 1
    page = capsys.readouterr().out
    assert "A LAW FAILS" in page
    assert "balance" not in page  # which holds


def test_a_log_that_decides_nothing_is_no_success(logs, capsys):
    assert main(["check-log", logs["empty"]]) == 1
    assert "NOTHING COULD BE DECIDED" in capsys.readouterr().out


def test_json_has_every_number_and_nothing_else(logs, capsys):
    assert main(["check-log", logs["good"], "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    laws = {law["law"]: law for law in found["laws"]}
    assert found["verdict"] == "holds"
    assert laws["step"]["compared"] == 4 * 60
    assert 0 <= laws["step"]["deviation"] <= laws["step"]["bound"]
    assert laws["equilibrium"]["observed"] == "nan"  # as in the other documents: JSON has no such number
    assert np.isclose(found["estimates"]["records"], 240)


def test_quiet_says_nothing_of_a_log_that_obeys(logs, capsys):
    assert main(["check-log", logs["good"], "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_the_help_teaches(capsys):
    assert main(["check-log", "--help"]) == 0
    page = capsys.readouterr().out
    for words in ("NormRecorder.for_torch", "slope_bound", "exit status", "equilibrium"):
        assert words in page
