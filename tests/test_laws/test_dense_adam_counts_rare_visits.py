"""B12g: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.dense_adam_counts_rare_visits import Visited
from tests import law_checks
from tests.strategies_noise import visited
from theory.broken.dynamics.dense_adam_counts_rare_visits import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["dense-adam-counts-rare-visits"]
HYPOTHESES = ("steady-gradients", "dense")
STILL_TRUE = {"steps": (3, "a division by w = 1; twice or otherwise more than the least heat is at least that")}  # mutants that do no harm


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
