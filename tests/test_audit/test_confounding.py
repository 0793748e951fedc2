"""Norms are held against what lengths say in any shape, and against the norms of a control."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.audit.roles import assigned
from numerics.calibration import usefulness
from tests.test_audit.worlds import answer, audited, embeddings, table

QUERIES = 2000


def follows_the_length():
    """Right more often at a middling length; a norm that is a bent function of the length and noise, and nothing else."""
    rng = np.random.default_rng(11)
    length = 1.0 + rng.poisson(8, QUERIES)
    right = rng.random(QUERIES) < 1 / (1 + np.exp(1.5 * (np.abs(length - 9) - 3)))
    logs = -0.5 * np.log(length) + 0.2 * ((length - 9) / 3) ** 2 + 0.01 * rng.standard_normal(QUERIES)
    return length, right.astype(float), logs


@pytest.mark.parametrize("seed", range(3))
def test_a_norm_that_follows_the_length_tells_nothing_beyond_it(seed):
    """Held against it in any shape; the error rate of each seed is 1/20."""
    length, right, logs = follows_the_length()
    held = usefulness(right, length[:, None], logs, seed=seed, resamples=400)
    assert not held.useful
    assert held.told > 0.99


def test_a_norm_that_tells_more_than_the_length_is_still_found():
    length, right, logs = follows_the_length()
    rng = np.random.default_rng(12)
    own = rng.standard_normal(QUERIES)
    right = np.where(rng.random(QUERIES) < 1 / (1 + np.exp(-own)), right, 0.0)
    assert usefulness(right, length[:, None], logs + 0.3 * own, resamples=400).useful


@pytest.mark.parametrize("name", ["text_length", "n_chars", "tokens", "length_in_tokens"])
def test_a_column_of_lengths_is_known_by_its_name(name):
    assert assigned([name, "x"], [], {}).columns["length"] == (name,)


def test_use_beyond_the_cosine_is_not_claimed_where_no_length_was_given(tmp_path, capsys):
    """The reader's world: norms follow the length, and so does being right; without the length nothing may be claimed."""
    rng = np.random.default_rng(5)
    n, d = 300, 24
    tokens = rng.integers(3, 200, n)
    unit = rng.standard_normal((n, d))
    unit /= np.linalg.norm(unit, axis=1)[:, None]
    documents = embeddings(tmp_path / "d.npy", unit * (tokens[:, None] ** -0.3))
    wanted = rng.integers(0, n, 2400)
    noise = np.where(rng.random(2400) < tokens[wanted] / 220, 3.0, 0.3)
    queries = embeddings(tmp_path / "q.npy", unit[wanted] + noise[:, None] * rng.standard_normal((2400, d)) / np.sqrt(d))
    pairs = table(tmp_path / "r.csv", {"query": range(2400), "document": wanted})
    found = audited(capsys, documents, "--queries", queries, "--relevance", pairs)
    assert answer(found, "May norms serve").startswith("NOT CLAIMED: no length of the documents was given")
