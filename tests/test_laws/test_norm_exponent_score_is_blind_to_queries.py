"""D2: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.calibration.norm_exponent_score_is_blind_to_queries import DIMENSIONS, EXPONENTS, FACTORS, Index
from tests import law_checks
from tests.strategies import seeds
from theory.catalogue import catalogue
from theory.laws.calibration.norm_exponent_score_is_blind_to_queries import COS, GAP, ONE, TWO, B, S
from theory.notation import c

CLAIM = catalogue()["norm-exponent-score-is-blind-to-queries"]
HYPOTHESES = ("positive-scale", "query-normalised", "positive-cosines")
BROKEN = {
    "the norm counts twice": {"score": COS * S ** (2 * B)},
    "the norm is added": {"score": COS + S**B},
    "the norm does not count": {"score": COS},
    "the norm counts the other way": {"score": COS * S ** (-B)},
    "the query's norm counts": {"query_scale": c},
    "the query's norm counts to the b": {"query_scale": c**B},
    "a document's scale is linear": {"document_scale": c},
    "a document's scale counts the other way": {"document_scale": c ** (-B)},
    "growth without b": {"growth": COS * S**B},
    "growth of the derivative in the norm": {"growth": B * COS * S ** (B - 1)},
    "growth that ignores the sign of the cosine": {"growth": B * S**B},
    "the crossing is the ratio's, not its logarithm's": {"crossing": (ONE / TWO - 1) / GAP},
    "the crossing has the other sign": {"crossing": sp.log(TWO / ONE) / GAP},
    "the crossing is a product": {"crossing": sp.log(ONE / TWO) * GAP},
}
indices = st.builds(Index, st.integers(*DIMENSIONS), st.floats(*EXPONENTS), st.floats(*FACTORS), seeds)


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(indices)
def test_the_law_never_fails_in_any_setting(index: Index) -> None:
    law_checks.assert_never_fails(CLAIM, [index])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
