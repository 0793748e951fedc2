"""C11a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.imprint.bias_and_dispersion_compete import Corpus, Torn, corpus, torn
from tests import law_checks
from tests.strategies import seeds
from theory.broken.imprint.bias_and_dispersion_compete import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["bias-and-dispersion-compete"]
HYPOTHESES = ("cosine-infonce", "two-directions", "positives-drawn-anew", "model-is-right", "unigram-negatives")
STILL_TRUE = {  # mutants that do no harm
    "statement": (1, "a default that no step takes"),
    "_spread_own": (4, "with any other A between own contexts in two directions the heat is not the claimed one, either"),
}
words = st.builds(lambda seed, rows: torn(np.random.default_rng(seed), rows), seeds, st.integers(1, 4))
corpora = st.builds(lambda seed, n: corpus(np.random.default_rng(seed), n), seeds, st.integers(1, 3))


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(words, corpora)
def test_the_law_never_fails_in_any_setting(rows: Torn, c: Corpus) -> None:
    law_checks.assert_never_fails(CLAIM, [rows, c])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)
