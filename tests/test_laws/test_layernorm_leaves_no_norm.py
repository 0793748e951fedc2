"""A9b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.catalogue import catalogue
from theory.laws.geometry.layernorm_leaves_no_norm import EPSILON, ONES, VARIANCE, D
from theory.notation import u
from theory.vectors import Cosine, Norm

CLAIM = catalogue()["layernorm-leaves-no-norm"]
HYPOTHESES = ("no-gain", "no-bias")
STILL_TRUE = {"_shift": (1, "a bias of either sign")}  # mutants that do no harm
BROKEN = {
    "the mean is not taken away": {"variance": Norm(u) ** 2 / D},
    "the variance is a sum": {"variance": Norm(u) ** 2 * (1 - Cosine(u, ONES) ** 2)},
    "the norm is that of a unit vector": {"squared_norm": VARIANCE / (VARIANCE + EPSILON)},
    "epsilon counts twice": {"squared_norm": D * VARIANCE / (VARIANCE + 2 * EPSILON)},
    "the limit is 1": {"limit": sp.S.One},
    "a division leaves the dimension": {"normalized": D},
    "a division leaves nothing": {"normalized": sp.S.Zero},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches())
def test_the_law_never_fails_in_any_setting(batch: Batch) -> None:
    law_checks.assert_never_fails(CLAIM, [batch])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
