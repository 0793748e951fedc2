"""C11: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence.imprint.resemblance_cools_words_not_contexts import Triples, triples
from derivations.evidence.settings import Batch
from derivations.evidence.two_tables import CORPORA, QUANTILE, excess
from tests import law_checks
from tests.strategies import batches, seeds
from theory.broken.imprint.resemblance_cools_words_not_contexts import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["resemblance-cools-words-not-contexts"]
HYPOTHESES = ("cosine-infonce", "both-tables-learn", "aligned-pair")
STILL_TRUE = {  # mutants that do no harm
    "_frozen": (1, "a heat of 1 is not the claimed one either"),
    "_opposed": (3, "the slope has either sign there: it is neither above 0 nor below, nor above 1"),
}
aligned = st.builds(lambda seed, rows: triples(np.random.default_rng(seed), rows), seeds, st.integers(1, 4))


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(batches(), aligned)
def test_the_law_never_fails_in_any_setting(batch: Batch, rows: Triples) -> None:
    law_checks.assert_never_fails(CLAIM, [batch, rows])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


def test_corpora_have_the_equal_frequencies_they_promise() -> None:
    for corpus in (make() for make in CORPORA.values()):
        np.testing.assert_allclose(corpus.joint.sum(axis=1), corpus.joint.sum() / len(corpus.joint), rtol=1e-9)
        compared = corpus.joint.sum(axis=0)[corpus.contexts >= 0]
        np.testing.assert_allclose(compared, compared[0], rtol=1e-9)


def test_words_show_either_sign_and_contexts_only_one() -> None:
    found = {(kind, side): excess(kind, side) for kind in CORPORA for side in ("words", "contexts")}
    signs = {key: int(np.sign(mean)) * (abs(mean) > QUANTILE * error) for key, (mean, error) in found.items()}
    assert signs == {("shared rarities", "words"): 1, ("shared rarities", "contexts"): -1, ("topics only", "words"): -1,
                     ("topics only", "contexts"): -1}  # fmt: skip
