"""B12g: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.dense_adam_counts_rare_visits import Visited
from tests import law_checks
from tests.strategies_noise import visited
from theory.catalogue import catalogue
from theory.laws.dynamics.dense_adam_counts_rare_visits import DIM, FORGET, P

CLAIM = catalogue()["dense-adam-counts-rare-visits"]
HYPOTHESES = ("steady-gradients", "dense")
STILL_TRUE = {"steps": (1, "a division by w = 1")}  # mutants that do no harm
BROKEN = {
    "v does not fade": {"mean_scale": P},
    "v is fresh at every visit": {"mean_scale": FORGET},
    "the visit does not count": {"mean_scale": P - FORGET * P},
    "as if always visited": {"least_heat": DIM * P / P},
    "as if always fresh": {"least_heat": DIM * P / FORGET},
    "the upper bound is halved": {"most_heat": DIM * P / (2 * FORGET)},
    "the upper bound is doubled": {"most_heat": 2 * DIM * P / FORGET},
    "a lazy row is as a dense one": {"lazy_heat": DIM * P / (P + FORGET - FORGET * P)},
    "a lazy row counts as always visited": {"lazy_heat": DIM * P / P},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(visited())
def test_the_law_never_fails_in_any_setting(setting: Visited) -> None:
    law_checks.assert_never_fails(CLAIM, [setting])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
