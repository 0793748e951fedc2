"""Exact search in blocks, hubs, and what long rows do to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import skew

from numerics.rankings import best_matches, hubs
from numerics.validation import InvalidInput


def _vectors(seed: int, rows: int, dimension: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((rows, dimension))


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 60), st.integers(1, 9), st.sampled_from(["inner_product", "cosine"]))
@example(0, 1, 1, 1, "cosine")
def test_search_is_a_sort_of_all_scores_whatever_the_blocks(seed: int, queries: int, documents: int, dimension: int, score: str) -> None:
    # small whole numbers: inner products are exact, so that ties are ties in any block
    rng = np.random.default_rng(seed)
    q, d = (rng.integers(1, 5, (n, dimension)).astype(float) * rng.choice([-1, 1], (n, dimension)) for n in (queries, documents))
    k = int(rng.integers(1, documents + 1))
    found = best_matches(q, d, k, score=score, precision="float64", block_bytes=2**12)
    if score == "inner_product":
        assert np.array_equal(found.documents, np.argsort(-(q @ d.T), axis=1, kind="stable")[:, :k])
    cosines = q @ d.T / (1 if score == "inner_product" else np.outer(np.linalg.norm(q, axis=1), np.linalg.norm(d, axis=1)))
    assert np.allclose(found.scores, -np.sort(-cosines, axis=1)[:, :k], rtol=1e-12, atol=1e-14)
    assert all(len(set(row)) == k for row in found.documents.tolist())


def test_a_memory_mapped_file_of_halves_is_searched_like_an_array(tmp_path: Path) -> None:
    d = _vectors(1, 500, 16).astype(np.float16)
    np.save(tmp_path / "d.npy", d)
    q = _vectors(2, 20, 16)
    mapped = best_matches(q, np.load(tmp_path / "d.npy", mmap_mode="r"), 5, block_bytes=2**13)
    assert np.array_equal(mapped.documents, best_matches(q, d.astype(np.float64), 5).documents)
    one, two = (best_matches(q, d, 5, threads=t).scores for t in (1, 2))
    assert np.array_equal(one, two)


def test_long_rows_become_hubs_of_inner_products_and_not_of_cosines() -> None:
    d, q = _vectors(3, 2000, 24), _vectors(4, 300, 24)
    unit = d / np.linalg.norm(d, axis=1, keepdims=True)
    lengths = np.random.default_rng(5).permutation(np.where(np.arange(2000) < 20, 3.0, 1.0))
    found = {score: hubs(q, unit * lengths[:, None], 10, score=score) for score in ("inner_product", "cosine")}
    long = np.flatnonzero(lengths > 1)
    for x in found.values():
        assert x.occurrences.sum() == 3000
        assert x.skewness == pytest.approx(skew(x.occurrences))
        assert x.share == pytest.approx(x.occurrences[long].sum() / 3000)
    # what any other 20 rows take, of which the long ones are none by cosine
    rng, plain = np.random.default_rng(6), found["cosine"].occurrences
    others = [plain[rng.choice(2000, 20, replace=False)].sum() / 3000 for _ in range(10000)]
    assert min(others) <= found["cosine"].share <= max(others)
    assert found["inner_product"].share > 2 * max(others)
    assert found["inner_product"].skewness > 2 * found["cosine"].skewness
    assert {i for i, _ in found["inner_product"].largest(10)} <= set(long.tolist())


def test_equal_norms_have_no_effect_and_no_correlation() -> None:
    d = _vectors(6, 300, 8)
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    d[0] = d[1]  # a copy; norms of unit rows differ by rounding
    found = hubs(_vectors(7, 100, 8), np.ones((5, 8)), 2)
    assert np.isnan(found.norm_correlation)
    assert hubs(_vectors(7, 100, 8), d, 300).skewness == 0
    assert hubs(_vectors(7, 100, 8), d, 300).never == 0


def test_progress_is_told_and_bad_arguments_are_named() -> None:
    told: list[float] = []
    best_matches(_vectors(0, 50, 4), _vectors(1, 100, 4), 3, block_bytes=2**12, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) > 2
    with pytest.raises(InvalidInput, match="k = 5 must be at most"):
        best_matches(np.ones((2, 3)), np.ones((4, 3)), 5)
    with pytest.raises(InvalidInput, match="dimensions"):
        best_matches(np.ones((2, 3)), np.ones((4, 2)), 1)
    with pytest.raises(InvalidInput, match=r"documents\[2\] has norm nan"):
        best_matches(np.ones((2, 3)), np.array([[1, 1, 1.0], [1, 1, 1], [np.nan, 1, 1]]), 1)
    with pytest.raises(InvalidInput, match=r"documents\[1\] has norm 0"):
        best_matches(np.ones((2, 3)), np.array([[1, 1, 1.0], [0, 0, 0]]), 1, score="cosine")
    with pytest.raises(InvalidInput, match="score = 'dot'"):
        best_matches(np.ones((2, 3)), np.ones((4, 3)), 1, score="dot")
    with pytest.raises(InvalidInput, match="fraction = 0"):
        hubs(np.ones((2, 3)), np.ones((4, 3)), 1, fraction=0.0)
