"""D1: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.calibration.posterior_by_concentrations_is_bayes import CONCENTRATIONS, DIMENSIONS, ITEMS, Items, claimed
from tests import law_checks
from tests.strategies import seeds
from theory.broken.calibration.posterior_by_concentrations_is_bayes import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["posterior-by-concentrations-is-bayes"]
HYPOTHESES = ("von-mises-fisher", "directions-known", "concentrations-known", "priors-known")
STILL_TRUE = {  # harmless mutants
    "_flat": (2, "a softmax of another temperature, or whose bias has the other sign, does not tilt either"),
    "normalised": (1, "where counterexamples are sought, which is no part of the law"),
}
settings = st.builds(Items, st.integers(*DIMENSIONS), st.integers(*ITEMS), st.floats(*CONCENTRATIONS), seeds)


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(settings)
def test_the_law_never_fails_in_any_setting(setting: Items) -> None:
    law_checks.assert_never_fails(CLAIM, [setting])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_the_posterior_of_the_calibration_is_the_claimed_one() -> None:
    """The estimator that users have, against the ledger's formula."""
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    from numerics.calibration.posteriors import VonMisesFisherPosterior

    world = Items(16, 10, 80.0, 3).world()
    q, asked = world.queries(200, seed=1)
    cosines = world.cosines(q)
    found = VonMisesFisherPosterior(world.concentrations, 16, world.priors).fit(cosines, asked).predict_log_proba(cosines)
    assert np.allclose(found, claimed(CLAIM.formulas, world, cosines), rtol=0, atol=1e-11)
