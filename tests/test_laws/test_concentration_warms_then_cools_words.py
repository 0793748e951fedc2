"""C11b: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.evidence import three_shares
from derivations.evidence.imprint.concentration_warms_then_cools_words import LOGITS, Word, sets
from derivations.evidence.three_shares import QUANTILE, contrast, joint
from derivations.ledger.examination import EvidenceJob
from derivations.ledger.kept import Kept
from numerics.lookup.two_tables import Tables, trained
from tests import law_checks
from theory.broken.imprint.concentration_warms_then_cools_words import BROKEN
from theory.catalogue import catalogue
from theory.laws.imprint.concentration_warms_then_cools_words import FORMULAS, N, Q

CLAIM = catalogue()["concentration-warms-then-cools-words"]
HYPOTHESES = ("model-is-right", "unigram-negatives", "own-contexts-preferred")
words = st.builds(
    Word, st.floats(1.2, 50), st.floats(1.05, 100), st.integers(1, 30), st.floats(0.5, np.pi), st.just(LOGITS / np.log(50**1.6))
)


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@given(words)
def test_the_law_never_fails_in_any_setting(word: Word) -> None:
    law_checks.assert_never_fails(CLAIM, [word])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


@pytest.mark.parametrize("negatives", [2, 5, 40])
@pytest.mark.parametrize("rarity", [1.5, 9.0, 49.0])
def test_computed_and_not_proved_the_mean_has_one_maximum_and_it_is_where_the_remark_says(rarity: float, negatives: int) -> None:
    odds = np.geomspace(1, 4 * rarity, 161)
    means = np.array([sets(Word(rarity, float(x), negatives, 2.0, 0.02)).mean(0.02) for x in odds])
    top = int(np.argmax(means))
    step = odds[1] / odds[0]
    assert np.all(np.diff(means[: top + 1]) > 0)
    assert np.all(np.diff(means[top:]) < 0)
    assert float(sp.sqrt(FORMULAS["rises_below"].subs({Q: rarity, N: negatives}))) / step < odds[top] < rarity * step


def test_trained_words_warm_with_concentration_and_then_cool() -> None:
    (up, up_error), (down, down_error) = contrast(1, 0), contrast(2, 1)
    assert up > QUANTILE * up_error
    assert down < -QUANTILE * down_error


def test_words_of_the_corpus_are_equally_frequent_and_so_are_own_contexts() -> None:
    table = joint()
    np.testing.assert_allclose(table.sum(axis=1), 1 / len(table), rtol=1e-12)
    np.testing.assert_allclose(table.sum(axis=0)[8:-1], table.sum(axis=0)[8], rtol=1e-12)


def test_uniform_negatives_move_the_context_without_frequency(monkeypatch: pytest.MonkeyPatch) -> None:
    def uniform(joint: np.ndarray, **options: Any) -> Tables:
        return trained(joint, noise=np.ones(joint.shape[1]), **options)

    monkeypatch.setattr(three_shares, "trained", uniform)
    three_shares._tables.cache_clear()
    off, bound = three_shares.undrawn()
    three_shares._tables.cache_clear()
    assert off > bound


def test_a_record_has_no_infinities(tmp_path: Path) -> None:
    job = EvidenceJob(CLAIM.id, 0, "quick")
    record = job.perform(catalogue(), lambda *_: None)
    kept = Kept(tmp_path, catalogue(), {})
    kept.keep(job, record)
    assert kept.find(job) == record
