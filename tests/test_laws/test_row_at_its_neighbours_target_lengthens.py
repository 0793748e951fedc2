"""C8c: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp
from hypothesis import given

from derivations.evidence.encoding import Encoding
from tests import law_checks
from tests.strategies_encoders import encodings
from theory.catalogue import catalogue
from theory.laws.imprint.row_at_its_neighbours_target_lengthens import PULLED, RI, RJ, C, K, P

CLAIM = catalogue()["row-at-its-neighbours-target-lengthens"]
HYPOTHESES = ("at-the-target", "attraction", "acute-inputs", "shared-linear-encoder")
BROKEN = {
    "it shortens": {"lengthening": -2 * P * K * PULLED * (RI / RJ) * (1 - C**2)},
    "the factor 2 is lost": {"lengthening": P * K * PULLED * (RI / RJ) * (1 - C**2)},
    "neighbours at the target still pull": {"lengthening": 2 * P * K * PULLED * (RI / RJ)},
    "the angle counts once": {"lengthening": 2 * P * K * PULLED * (RI / RJ) * (1 - C)},
    "the norms are the other way round": {"lengthening": 2 * P * K * PULLED * (RJ / RI) * (1 - C**2)},
    "opposite to the target it lengthens": {"opposite": sp.S.One},
    "opposite to the target nothing happens": {"opposite": sp.S.Zero},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(encodings(layers=1))
def test_the_law_never_fails_in_any_setting(encoding: Encoding) -> None:
    law_checks.assert_never_fails(CLAIM, [replace(encoding, loss="cosine_regression")])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=6)
