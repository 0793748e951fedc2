"""C11a: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.imprint.bias_and_dispersion_compete import Corpus, Torn, corpus, torn
from tests import law_checks
from tests.strategies import seeds
from theory.catalogue import catalogue
from theory.laws.imprint.bias_and_dispersion_compete import APART, COMMON, FACT, GUESS, MODEL, NEGATIVES, OWN, SINE, SPREAD, TRUE
from theory.notation import tau
from theory.vectors import Cosine

CLAIM = catalogue()["bias-and-dispersion-compete"]
HYPOTHESES = ("cosine-infonce", "two-directions", "positives-drawn-anew", "model-is-right", "unigram-negatives")
STILL_TRUE = {  # mutants that do no harm
    "_spread_own": (4, "with any other A between own contexts in two directions the heat is not the claimed one, either"),
}
BROKEN = {
    "directions are as far apart as vectors": {"apart": 2 - 2 * Cosine(OWN, COMMON)},
    "own contexts pull by their probability": {"own_heat": MODEL**2 * APART / tau**2},
    "others pull by the miss": {"other_heat": (1 - MODEL) ** 2 * APART / tau**2},
    "the bias is not squared": {"bias": (TRUE - MODEL) * APART / tau**2},
    "the temperature enters once": {"dispersion": TRUE * (1 - TRUE) * APART / tau},
    "own contexts always warm": {"word_slope": APART / tau**2},
    "the word turns at a quarter": {"word_slope": (1 - 4 * MODEL) * APART / tau**2},
    "learning warms": {"learning_slope": 2 * (TRUE - MODEL) * APART / tau**2},
    "a context has no bias": {"context_heat": FACT * (1 - FACT) * SINE / tau**2},
    "a context's bias counts twice": {"context_heat": (2 * (FACT - GUESS) ** 2 + FACT * (1 - FACT)) * SINE / tau**2},
    "the positive is not one of the candidates": {"untrained_context_heat": SINE / NEGATIVES / tau**2},
    "spread warms a context": {"fitted_context_heat": (NEGATIVES / (NEGATIVES + 1) ** 2 + SPREAD) * SINE / tau**2},
    "spread counts twice": {"fitted_context_heat": (NEGATIVES / (NEGATIVES + 1) ** 2 - 2 * SPREAD) * SINE / tau**2},
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
