"""Logs whose numbers float64 has no fourth power of: laws say so, and a figure that is no number decides nothing."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from derivations.check_log.finding import FAILS, HOLDS, SILENT, Law
from derivations.check_log.records import Records
from numerics.training_log import read_log
from tests.test_check_log.trainings import Training, law, verdicts

LAW = Law("law", ("B2",), "words")


@pytest.mark.parametrize("scale", [1e150, 1e100, 1e80, 1e-80, 1e-100, 1e-150])
@pytest.mark.parametrize("scaled", [True, False], ids=["rate in scale", "rate of its own"])
def test_beyond_the_range_no_law_of_lengths_is_applicable(scale: float, scaled: bool, tmp_path: Path) -> None:
    rate = min(0.05 * scale**2, 1e300) if scaled else 0.05
    if not scaled and scale < 1:
        rate *= 1e-100  # rows near 0 would be thrown far away
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        training = Training(scale=scale, learning_rate=rate, steps=20)
        report = training.report(tmp_path)
    assert FAILS not in {f.verdict for f in report.findings}
    assert set(verdicts(report)) <= {"right angle"}
    assert "beyond float64's range" in law(report, "quartic").reason
    assert report.verdict != HOLDS


@pytest.mark.parametrize("scale", [1e60, 1e30, 1e-30, 1e-60])
def test_within_the_range_they_are(scale: float, tmp_path: Path) -> None:
    report = Training(scale=scale, learning_rate=0.05 * scale**2).report(tmp_path)
    assert {law(report, name).verdict for name in ("right angle", "balance", "step", "run", "quartic")} == {HOLDS}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("figure", range(4))
def test_what_is_no_number_decides_nothing(value: float, figure: int, tmp_path: Path) -> None:
    of = Records(read_log(Training(steps=3, rows=2).write(tmp_path / "log")))
    one = [1.0, 1.0, 0.0, 0.1]
    one[figure] = value
    assert LAW.decided(*one, 1).verdict == SILENT
    columns = [np.full(4, x) for x in (1.0, 1.0, 0.0, 0.1)]
    assert LAW.compared(of, np.arange(4), *columns[:2], columns[3], True, "small", deviation=columns[2]).verdict == HOLDS
    columns[figure][2] = value
    found = LAW.compared(of, np.arange(4), *columns[:2], columns[3], True, "small", deviation=columns[2])
    assert found.verdict == (HOLDS if figure == 3 and value > 0 else SILENT)  # a bound that allows anything is one of four here
    # one that is a number, and off, is still found
    columns[2][0] = 0.2
    again = LAW.compared(of, np.arange(4), *columns[:2], columns[3], True, "small", deviation=columns[2])
    assert (again.verdict, again.deviation) == (FAILS, 0.2)
