"""Two lists side by side, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from numerics.rankings import Agreement, Matches, agreement, best_matches, hubs, hubs_in
from numerics.validation import InvalidInput


def _lists(*rows: list[int]) -> Matches:
    documents = np.array(rows)
    return Matches(documents, np.zeros(documents.shape))


def test_what_lists_share_is_counted() -> None:
    found = agreement(_lists([1, 2], [3, 4], [5, 6], [7, 8]), _lists([1, 2], [4, 3], [5, 9], [0, 7]))
    assert found == Agreement(2, 0.5, (2 + 2 + 1 + 1) / 8, 0.25)


def test_lists_of_unit_rows_agree_and_long_rows_part_them() -> None:
    rng = np.random.default_rng(0)
    q, d = rng.standard_normal((40, 6)), rng.standard_normal((80, 6))
    unit = d / np.linalg.norm(d, axis=1, keepdims=True)
    lists = [[best_matches(q, rows, 5, score=score, precision="float64") for score in ("inner_product", "cosine")]
             for rows in (unit, unit * np.exp(np.linspace(-2, 2, 80))[:, None])]  # fmt: skip
    assert agreement(*lists[0]) == Agreement(5, 1.0, 1.0, 0.0)
    assert agreement(*lists[1]).overlap < 0.5


def test_hubs_of_lists_that_were_found_are_those_of_a_search() -> None:
    rng = np.random.default_rng(1)
    q, d = rng.standard_normal((40, 6)), rng.standard_normal((80, 6))
    one, other = hubs(q, d, 5, score="cosine"), hubs_in(best_matches(q, d, 5, score="cosine"), d, score="cosine")
    assert one.occurrences.tolist() == other.occurrences.tolist()
    assert (one.skewness, one.share, one.k) == (other.skewness, other.share, other.k)
    with pytest.raises(InvalidInput, match="found names document"):
        hubs_in(_lists([80]), d, score="cosine")


def test_lists_of_two_lengths_are_one_error() -> None:
    with pytest.raises(InvalidInput, match="lists have shapes"):
        agreement(_lists([1, 2]), _lists([1]))
