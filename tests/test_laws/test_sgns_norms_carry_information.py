"""C10: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.imprint.sgns_norms_carry_information import CONTEXTS, DIMENSIONS, DRAWN, UNEVEN, WORDS, Corpus
from tests import law_checks
from tests.strategies import seeds
from theory.broken.imprint.sgns_norms_carry_information import BROKEN
from theory.catalogue import catalogue
from theory.laws.imprint.sgns_norms_carry_information import CONTEXT, JOINT, WORD, balance
from theory.laws.imprint.sgns_norms_carry_information import CONTEXTS as ALL_CONTEXTS
from theory.laws.imprint.sgns_norms_carry_information import WORDS as ALL_WORDS

CLAIM = catalogue()["sgns-norms-carry-information"]
HYPOTHESES = ("inner-products", "unigram-negatives", "both-tables-flow", "optimum-attained")
PMI = sp.log(JOINT / (WORD * CONTEXT))
STILL_TRUE = {  # mutants that do no harm
    "over_words": (1, "a sum over all words but one, of which each term is 0"),
    "steps": (2, "sigma(-x) has the same curvature; Cauchy-Schwarz holds of a difference too"),
    "UNIGRAM": (2, "the identity holds for any positive weights, probabilities or not"),
}
corpora = st.builds(
    Corpus, st.integers(*WORDS), st.integers(*CONTEXTS), st.integers(*DIMENSIONS), st.floats(*DRAWN), st.floats(*UNEVEN), seeds
)


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


def test_both_tables_are_balanced_and_one_word_with_all_contexts_is_not() -> None:
    """Contexts are moved by every word: so it had been claimed, of one."""
    corpus = Corpus(2, 4, 5, 2.0, 0.7, 1)
    u, v = corpus.tables
    at = corpus.model.slopes(u, v)
    words, contexts = -2 * np.sum(u * at.words, axis=1), -2 * np.sum(v * at.contexts)
    assert abs(words.sum() - contexts) < 1e-12 < 1e-3 < abs(words[0] - contexts)
    assert balance().free_symbols >= {ALL_WORDS.size, ALL_CONTEXTS.size}


@given(corpora)
def test_the_law_never_fails_in_any_setting(corpus: Corpus) -> None:
    law_checks.assert_never_fails(CLAIM, [corpus])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken, most=4)
