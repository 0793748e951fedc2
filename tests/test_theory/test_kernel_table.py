"""The table of true statements and false near misses: nothing false is proved, nothing true refuted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.test_theory.statements import TABLE, Statement
from theory.kernel import Status, decide

TRUE = [row for row in TABLE if row.true]
FALSE = [row for row in TABLE if not row.true]
ROOT = Path(__file__).parents[2]


def test_the_table_is_large_and_nearly_all_of_it_is_settled() -> None:
    assert len(TRUE) >= 75
    assert len(FALSE) >= 75
    assert sum(bool(row.beyond) for row in TABLE) <= 20
    assert max(Counter((row.words, row.true) for row in TABLE).values()) == 1


@pytest.mark.parametrize("row", TRUE, ids=lambda row: row.words)
def test_what_is_true_is_proved_and_never_refuted(row: Statement) -> None:
    verdict = decide(row.goal, row.domain)
    assert verdict.status is not Status.REFUTED, verdict
    assert verdict.proved or row.beyond, verdict
    assert not (verdict.proved and row.beyond), "within the kernel by now: say so"


@pytest.mark.parametrize("row", FALSE, ids=lambda row: row.words)
def test_what_is_false_is_refuted_and_never_proved(row: Statement) -> None:
    verdict = decide(row.goal, row.domain)
    assert not verdict.proved, verdict
    assert verdict.refuted or row.beyond, verdict
    assert not (verdict.refuted and row.beyond), "within the kernel by now: say so"


@pytest.mark.parametrize("seed", ["0", "1", "2", "3", "random"])
def test_an_angle_of_a_twentyfifth_of_a_degree_is_not_zero_in_any_process(seed: str) -> None:
    code = (
        "from sympy import *; from theory.kernel import *\n"
        "angle = 180*acos(Rational(7823207, 7823209))/pi\n"
        "print(decide(Equal(angle, Integer(0))).status.name, decide(Equal(angle*pi, 0*angle)).status.name)"
    )
    env = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["REFUTED", "REFUTED"]
