"""Contextual specificity: by hand on a tiny text, 0 on text without structure, larger for words with contexts of their own."""

from __future__ import annotations

import numpy as np
import pytest

from numerics.corpus.contexts import contextual_specificity
from numerics.validation import InvalidInput


def test_a_tiny_text_by_hand() -> None:
    # pairs of neighbours, both ways: 01 10 12 21 of the text 0 1 2
    found = contextual_specificity(np.array([0, 1, 2]), 4, window=1, shuffles=0)
    by_hand = [np.log(1 / (2 / 4)), 2 * 0.5 * np.log(0.5 / (1 / 4)), np.log(1 / (2 / 4))]
    np.testing.assert_allclose(found[:3], by_hand)
    assert np.isnan(found[3])


def test_the_window_counts_every_neighbour_on_both_sides() -> None:
    one, two = (contextual_specificity(np.array([0, 1, 2, 3]), 4, window=w, shuffles=0) for w in (1, 2))
    assert one[0] == pytest.approx(np.log(1 / (2 / 6)))
    # of word 0: contexts 1 and 2, each 3 of all 10 contexts
    assert two[0] == pytest.approx(np.log(0.5 / 0.3))


def test_a_text_without_structure_has_no_specific_words_whatever_their_frequency() -> None:
    rng = np.random.default_rng(0)
    chance = 1 / np.arange(1, 201)
    found = []
    for seed in range(8):
        text = rng.choice(200, 20_000, p=chance / chance.sum())
        raw = contextual_specificity(text, 200, window=2, shuffles=0)
        found.append(contextual_specificity(text, 200, window=2, shuffles=8, seed=seed))
        assert raw[150] > 0.5, "uncorrected, rare words look specific"
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(8)
    # Student's t with 7 degrees of freedom: above 12 once in 1e5, for one of 200 words once in 500 seeds; this seed is fixed
    assert np.all(np.abs(mean) < 12 * error)
    assert np.abs(mean[150]) < 0.1


def test_a_word_with_contexts_of_its_own_is_specific() -> None:
    rng = np.random.default_rng(1)
    text = rng.integers(0, 50, 20_000)
    places = rng.choice(np.arange(1, 19_999, 4), 500, replace=False)
    text[places], text[places + 1] = 50, 51  # 51 always follows 50
    found = contextual_specificity(text, 52, window=1, seed=2)
    assert found[50] > found[:50].max() + 1


def test_a_seed_reproduces() -> None:
    text = np.random.default_rng(2).integers(0, 9, 500)
    one, same, other = (contextual_specificity(text, 9, window=2, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(("ids", "options", "message"), [
    (np.array([0.5, 1]), {}, "must be 2 or more word numbers"),
    (np.array([0]), {}, "must be 2 or more word numbers"),
    (np.array([0, 9]), {}, r"must lie in 0..2"),
    (np.array([0, -1]), {}, r"must lie in 0..2"),
    (np.array([0, 1]), {"window": 0}, "window = 0"),
    (np.array([0, 1]), {"shuffles": -1}, "shuffles = -1"),
])  # fmt: skip
def test_bad_input_is_refused(ids: np.ndarray, options: dict[str, int], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        contextual_specificity(ids, 3, **{"window": 1, **options})
