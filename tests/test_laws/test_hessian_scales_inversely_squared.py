"""A3: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from theory.broken.geometry.hessian_scales_inversely_squared import BROKEN
from theory.catalogue import catalogue
from theory.notation import c

CLAIM = catalogue()["hessian-scales-inversely-squared"]
HYPOTHESES = ("scale-invariant", "twice-differentiable", "positive-scale")
STILL_TRUE = {"_ray_part": (3, "there is no curvature along the ray, whatever it is divided by")}  # mutants that do no harm


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


def test_where_there_is_a_hessian_the_control_sees_a_broken_formula() -> None:
    for broken in ({"factor": c**-3}, {"radial_curvature": sp.S.One}):
        law_checks.assert_control_sees(CLAIM, "twice-differentiable", broken)
