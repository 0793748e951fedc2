"""B10a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import pytest
from hypothesis import given

from derivations.evidence.dynamics.normalized_steps_grow_as_square_root import STEPS
from derivations.evidence.rules import Rows
from derivations.evidence.settings import Batch
from tests import law_checks
from tests.strategies import batches
from tests.strategies_rules import driven
from theory.catalogue import catalogue
from theory.laws.dynamics.normalized_steps_grow_as_square_root import RHO, STAR, K
from theory.notation import eta, lam, r, r0

CLAIM = catalogue()["normalized-steps-grow-as-square-root"]
HYPOTHESES = ("scale-invariant", "gradient-at-current-point", "normalized", "decay-in-range")
STILL_TRUE: dict[str, tuple[int, str]] = {}
BROKEN = {
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "growth is of first order": {"next_squared_norm": RHO * r**2 + eta},
    "growth is doubled": {"next_squared_norm": RHO * r**2 + 2 * eta**2},
    "growth decays too": {"next_squared_norm": RHO * (r**2 + eta**2)},
    "growth is SGD's": {"next_squared_norm": RHO * r**2 + eta**2 / r**2},
    "the norm grows instead of its square": {"without_decay": (r0 + eta * K) ** 2},
    "a step is missed": {"without_decay": r0**2 + eta**2 * (K - 1)},
    "the equilibrium is that for small decay": {"equilibrium": eta / (2 * lam)},
    "the equilibrium is the norm": {"equilibrium": (eta / (lam * (2 - eta * lam))) ** 2},
    "it relaxes as SGD does": {"with_decay": STAR + (r0**2 - STAR) * RHO ** (2 * K)},
    "the start is forgotten": {"with_decay": STAR + r0**2 * RHO**K},
    "the tangent lacks the decay": {"tan_rotation": eta / r},
    "the tangent is squared": {"tan_rotation": eta**2 / r**2},
    "the cosine is squared": {"cos_rotation": (1 - eta * lam) ** 2},
    "the small equilibrium lacks a factor": {"flow_equilibrium": eta / lam},
}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches(), driven(STEPS))
def test_the_law_never_fails_in_any_setting(batch: Batch, rows: Rows) -> None:
    law_checks.assert_never_fails(CLAIM, [batch, rows])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
