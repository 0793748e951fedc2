"""The exponent of the norm: gains are scikit-learn's, a planted exponent is found, norms without meaning have none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.rankings import NormExponent, Relevance, discounted_gain, norm_exponent
from numerics.validation import InvalidInput

sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn")


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 10]), st.booleans())
def test_the_gain_is_scikit_learns_ties_included(seed: int, k: int, tied: bool) -> None:
    rng = np.random.default_rng(seed)
    queries, documents = int(rng.integers(1, 6)), int(rng.integers(2, 15))
    scores = rng.integers(4, size=(queries, documents)).astype(float) if tied else rng.random((queries, documents))
    relevance = np.maximum(rng.integers(-3, 4, size=(queries, documents)), 0)
    relevance[:, 0] = 1
    q, d = np.nonzero(relevance)
    mine = scores[q, d][:, None]
    found = discounted_gain(
        np.sum(scores[q] > mine, axis=1), np.sum(scores[q] == mine, axis=1), relevance[q, d].astype(float), q, queries, documents, k
    )
    theirs = [sklearn_metrics.ndcg_score(relevance[i : i + 1], scores[i : i + 1], k=k) for i in range(queries)]
    assert np.allclose(found, theirs, rtol=1e-12)


def _planted(seed: int, exponent: float, documents: int = 400, queries: int = 300, spread: float = 0.5) -> tuple:  # type: ignore[type-arg]
    """Relevant is what a noisy cos |d|^exponent has on top."""
    rng = np.random.default_rng(seed)
    d = rng.standard_normal((documents, 8))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    r = np.exp(spread * rng.standard_normal(documents))
    q = rng.standard_normal((queries, 8))
    scores = (q / np.linalg.norm(q, axis=1, keepdims=True)) @ d.T * r**exponent
    noisy = scores + 0.05 * rng.standard_normal(scores.shape)
    return q, d * r[:, None], Relevance(np.arange(queries), noisy.argmax(axis=1))


def _found(seed: int, exponent: float, **options: object) -> NormExponent:
    return norm_exponent(*_planted(seed, exponent), seed=seed, resamples=500, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("exponent", [-0.7, 0.0, 0.5, 1.0])
def test_a_planted_exponent_is_found_and_its_use_is_told(exponent: float) -> None:
    found = _found(1, exponent, level=0.999)
    assert found.low <= exponent <= found.high
    assert found.high - found.low < 0.8
    assert not found.at_edge
    assert found.verdict == ("no effect found" if exponent == 0 else "norms help")
    assert found.gains[0] == pytest.approx(found.gains[1] + found.over_cosine[0])
    assert (found.over_inner_product[1] > 0) == (exponent != 1.0)
    assert (found.fitting, found.testing) == (150, 150)


def test_norms_without_meaning_help_no_more_often_than_the_level_allows() -> None:
    """40 nulls at 95 %: 2.5 % each way; 7 or more of 40 once in 2e4."""
    verdicts = [_found(100 + s, 0.0, grid=np.linspace(-0.4, 0.4, 9)).verdict for s in range(40)]
    assert verdicts.count("norms help") < 7


def test_equal_norms_have_the_exponent_0_and_no_effect() -> None:
    found = norm_exponent(*_planted(2, 0.0, spread=0.0), resamples=200)
    assert (found.fitted, found.low, found.high) == (0, 0, 0)
    assert found.over_cosine == (0, 0, 0)
    assert found.verdict == "no effect found"


def test_copies_of_a_query_are_no_evidence_where_they_are_of_one_group() -> None:
    """30 queries, 20 times each: without groups they would pass for 600, and the interval would be too narrow by about sqrt(20)."""
    q, d, relevance = _planted(8, 0.0, 120, 30)
    many = Relevance(np.arange(600), np.repeat(np.asarray(relevance.documents), 20))
    grid = [-0.2, 0.0, 0.2]
    apart, together = (norm_exponent(np.repeat(q, 20, axis=0), d, many, resamples=400, grid=grid, groups=groups)
                       for groups in (None, np.repeat(np.arange(30), 20)))  # fmt: skip
    assert together.over_inner_product[2] - together.over_inner_product[1] > 3 * (apart.over_inner_product[2] - apart.over_inner_product[1])


def test_blocks_and_threads_and_the_scale_of_norms_do_not_matter() -> None:
    q, d, relevance = _planted(3, 0.5, 150, 60)
    whole = norm_exponent(q, d, relevance, resamples=50)
    parts = norm_exponent(3 * q, 1e-3 * d, relevance, resamples=50, block_bytes=2**14, threads=2)
    assert np.allclose(whole.curve, parts.curve, rtol=1e-12)
    assert whole.fitted == parts.fitted


def test_copies_of_a_document_share_its_place() -> None:
    """Two documents that are the same vector are on places 1 and 2 in either order: (1 + 1/log2(3))/2."""
    rng = np.random.default_rng(4)
    d = rng.standard_normal((50, 7))
    d[25:] = d[:25]
    q = d[:25] + 0.01 * rng.standard_normal((25, 7))
    found = norm_exponent(q, d, Relevance(np.arange(25), np.arange(25)), resamples=20, grid=[0.0, 1.0])
    assert found.gains[1] == pytest.approx((1 + 1 / np.log2(3)) / 2, rel=1e-12)


def test_gains_are_graded_and_queries_without_a_relevant_document_are_left_out() -> None:
    q, d, _ = _planted(5, 0.5, 30, 40)
    relevance = Relevance(np.repeat(np.arange(20), 2), np.tile([3, 7], 20), np.tile([1.0, 2.0], 20))
    found = norm_exponent(q, d, relevance, resamples=20, k=30)
    assert (found.fitting, found.testing) == (10, 10)
    cosines = q @ d.T / np.linalg.norm(d, axis=1)
    truth = np.zeros((20, 30))
    truth[:, [3, 7]] = 1, 2
    at = found.grid.tolist().index(0.0)
    mean = sklearn_metrics.ndcg_score(truth, cosines[:20])
    assert found.curve[at] * 10 + found.gains[1] * 10 == pytest.approx(20 * mean, rel=1e-9)


def test_bad_arguments_are_named() -> None:
    q, d, relevance = _planted(6, 0.0, 30, 20)
    with pytest.raises(InvalidInput, match=r"relevance.documents must be whole numbers from 0 to 29, one for each pair; number 0 is 30"):
        norm_exponent(q, d, Relevance([0], [30]))
    with pytest.raises(InvalidInput, match="relevance has query 0 with document 3 2 times, must have it once"):
        norm_exponent(q, d, Relevance([0, 0], [3, 3]))
    with pytest.raises(InvalidInput, match="4 or more"):
        norm_exponent(q, d, Relevance([0, 1], [3, 3]))
    with pytest.raises(InvalidInput, match=r"relevance\.gains"):
        norm_exponent(q, d, Relevance([0], [3], [0.0]))
    with pytest.raises(InvalidInput, match="k = 31"):
        norm_exponent(q, d, relevance, k=31)
    with pytest.raises(InvalidInput, match=r"documents\[2\] has norm 0"):
        norm_exponent(q, np.where(np.arange(30)[:, None] == 2, 0.0, d), relevance)
    with pytest.raises(InvalidInput, match="groups has shape"):
        norm_exponent(q, d, relevance, groups=[1])
