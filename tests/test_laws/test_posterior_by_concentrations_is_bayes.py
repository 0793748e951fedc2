"""D1: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.calibration.posterior_by_concentrations_is_bayes import CONCENTRATIONS, DIMENSIONS, ITEMS, Items, claimed
from tests import law_checks
from tests.strategies import seeds
from theory.catalogue import catalogue
from theory.laws.calibration.posterior_by_concentrations_is_bayes import FIRST, KAPPA, PRIOR, SECOND, A, N, P, T, X

CLAIM = catalogue()["posterior-by-concentrations-is-bayes"]
HYPOTHESES = ("von-mises-fisher", "directions-known", "concentrations-known", "priors-known")
STILL_TRUE = {"_flat": (2, "a softmax of another temperature, or whose bias has the other sign, does not tilt either")}  # harmless mutants
BROKEN = {
    "the normaliser is left out": {"logit": KAPPA * T + sp.log(PRIOR)},
    "the normaliser is taken away": {"logit": KAPPA * T - N + sp.log(PRIOR)},
    "priors do not matter": {"logit": KAPPA * T + N},
    "a prior counts as it is": {"logit": KAPPA * T + N + PRIOR},
    "one temperature, of 1/20": {"logit": 20 * T + sp.log(PRIOR)},
    "the temperature is the root": {"logit": sp.sqrt(KAPPA) * T + N + sp.log(PRIOR)},
    "odds tilt by the ratio": {"tilt": FIRST[KAPPA] / SECOND[KAPPA]},
    "odds tilt the other way": {"tilt": SECOND[KAPPA] - FIRST[KAPPA]},
    "the regret is the logarithm's alone, of the other sign": {"regret": P * X},
    "the regret is of second order only": {"regret": P * X**2 / 2},
    "the normaliser rises": {"normaliser_slope": A},
    "the normaliser falls as 1": {"normaliser_slope": sp.S.NegativeOne},
    "the normaliser falls as the cosine over kappa": {"normaliser_slope": -A / KAPPA},
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
