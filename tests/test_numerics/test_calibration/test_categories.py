"""A norm and being right that both follow a language: claimed to help without it, and not with it; what helps within languages is found."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy import stats

pytest.importorskip("sklearn", reason="needs scikit-learn")

from numerics.calibration import Usefulness, usefulness
from numerics.calibration.flexible_controls import _TREES, FOLDS
from numerics.calibration.neighbours import weights
from numerics.categories import FEWEST_ROWS
from numerics.validation import InvalidInput
from tests.conftest import PROFILE

CHANCE, LEVEL, QUERIES = 1e-3, 0.95, 600
SETS = 200 if PROFILE == "thorough" else 4
LABELS = np.array(["de", "en", "fi", "ja", "zu"])
EFFECTS = np.array([0.2, 1.6, -1.6, 0.9, -1.0])
Rate = Callable[[int, int], None]


@cache
def asked(seed: int, held: str, own: float = 0.0) -> Usefulness:
    """Beside the cosine alone ("none") or the labels as well; ``own``: what the norm tells within a language."""
    rng = np.random.default_rng([seed, 22])
    language = rng.integers(0, 5, QUERIES)
    cosine, part = rng.standard_normal((2, QUERIES))
    right = rng.random(QUERIES) < 1 / (1 + np.exp(-EFFECTS[language] - cosine - own * part))
    norms = 0.5 * EFFECTS[language] + 0.3 * part
    named = {"lang": LABELS[language]} if held == "labels" else None
    return usefulness(right.astype(float), cosine, norms, categories=named, resamples=199, seed=seed)


def test_a_norm_that_follows_the_language_is_no_help_beyond_it(rate: Rate) -> None:
    assert all(asked(seed, "none").useful for seed in range(SETS))
    found = sum(asked(seed, "labels").useful for seed in range(SETS))
    rate(found, SETS)
    assert found <= stats.binom.isf(CHANCE, SETS, 1 - LEVEL)


def test_what_helps_within_languages_is_found_and_the_language_is_named() -> None:
    found = [asked(seed, "labels", 1.0) for seed in range(2)]
    assert all(u.useful and u.checks == 3 for u in found)  # in each of the two, and by the cosine within a language
    assert all("in lang" in u.words(["cosine", "lang"]) for u in found if 1 in u.against)


def test_queries_alike_in_a_label_are_those_of_one_label() -> None:
    """What differs between labels alone has no weight among queries of one; numbers of labels would give it some."""
    rng = np.random.default_rng(0)
    labels = np.sort(rng.integers(0, 6, 240))
    other = rng.standard_normal((240, 2))
    effect = rng.standard_normal(6)[labels]
    groups = np.arange(240, dtype=np.int32)
    pairs = [np.column_stack([labels, column]) for column in (other[:, 0], labels % 2)]
    beside = (labels[:, None], *pairs, np.column_stack([other, labels]))
    for columns in beside:
        named = [bool(np.all(column == np.round(column))) for column in columns.T]
        weight = weights(effect[:, None], columns, groups, 0, named)[:, 0]
        plain = weights(effect[:, None], columns, groups, 0)[:, 0]
        assert np.abs(weight).max() < 1e-12
        assert all(named) or np.abs(plain).max() > 1e-12  # columns of equal values need no names


def test_queries_of_rare_or_no_labels_are_left_out() -> None:
    rng = np.random.default_rng(1)
    labels = ["a"] * 200 + ["b"] * 190 + [""] * 4 + ["c"] * 6
    right = rng.random(400) < 0.5
    found = usefulness(right, rng.standard_normal(400), rng.standard_normal(400), categories={"lang": labels}, groups=np.arange(400) // 2,
                       resamples=99)  # fmt: skip
    assert (found.queries, found.groups) == (390, 195)


def test_the_fewest_rows_are_those_that_trees_need() -> None:
    assert -(-_TREES["min_samples_leaf"] * FOLDS // (FOLDS - 1)) == FEWEST_ROWS


def test_an_identifier_is_refused() -> None:
    rng = np.random.default_rng(2)
    with pytest.raises(InvalidInput, match=r"categories\['id'\] has 100 different labels in 100 rows, .* looks like an identifier"):
        usefulness(rng.random(100) < 0.5, rng.random(100), rng.random(100), categories={"id": [f"q{i}" for i in range(100)]})
