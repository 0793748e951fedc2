"""The study finds what was planted, and does not find what was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from derivations.case_study.confidence import useful
from derivations.case_study.pooling import pooled
from derivations.case_study.rankings import exponents, matches
from derivations.case_study.within import by_length, in_groups
from derivations.case_study.written import Written, read_written
from numerics.validation import InvalidInput
from tests.test_case_study import invented_study


def silent(_fraction: float, _message: str) -> None:
    pass


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return read_written(invented_study.write(tmp_path_factory.mktemp("planted"), depth=0.4, useful=0.8))


@pytest.fixture(scope="module")
def null(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return read_written(invented_study.write(tmp_path_factory.mktemp("null")))


def test_among_texts_of_one_length_depth_shows_only_where_it_was_planted(planted: Written, null: Written) -> None:
    for written, least, most in ((planted, 0.5, 1.0), (null, -0.3, 0.3)):
        rows = by_length(written.glosses, written.variants)
        assert len(rows) >= 3
        assert [row.median["untrained"] for row in rows] == sorted((row.median["untrained"] for row in rows), reverse=True)
        assert all(least < row.controlled["depth"]["trained"] < most for row in rows)


def test_within_groups_depth_shows_only_where_it_was_planted(planted: Written, null: Written) -> None:
    # of 20 groups of 50 or 60 rows none has 100; with a quarter as many all have
    halved = [replace(w.glosses, columns={**w.glosses.columns, "group": np.array([f"g{i % 5}" for i in range(len(w.glosses))])})
              for w in (planted, null)]  # fmt: skip
    assert in_groups(planted.glosses, planted.variants) == ()
    for table, least, most in zip(halved, (0.5, -0.3), (1.0, 0.3), strict=True):
        rows = [row for row in in_groups(table, ("trained", "untrained")) if row.covariate == "depth"]
        assert [row.rows for row in rows] == [200] * 5
        assert all(least < row.controlled["trained"] < most and -0.3 < row.controlled["untrained"] < 0.3 for row in rows)


def test_means_of_independent_tokens_fit_c9_and_norms_that_ignore_length_do_not_vary_with_it(null: Written) -> None:
    rng = np.random.Generator(np.random.Philox(5))
    tokens = null.glosses.columns["tokens"].astype(int)
    mean = 3 * np.eye(1, 24)[0]
    rows = [np.linalg.norm(mean + 2 * rng.standard_normal((t + 2, 24)).mean(axis=0)) for t in tokens]
    flat = np.exp(0.1 * rng.standard_normal(len(tokens)))
    table = replace(null.glosses, norms={"trained": np.array(rows), "untrained": flat})
    fit, other = pooled(table, "trained"), pooled(table, "untrained")
    assert fit is not None
    assert other is not None
    # of |m|^2 and s^2: least squares of means of squared norms, each of variance (4 |m|^2 v/T + 2 d v^2/T^2)/count; five times their errors
    lengths, counts = np.unique(tokens, return_counts=True)
    lengths, counts = lengths[counts >= 100] + 2, counts[counts >= 100]
    design = np.stack([np.ones(len(lengths)), 1 / lengths], axis=1)
    solve = np.linalg.inv(design.T @ (design * counts[:, None])) @ design.T * counts
    variance = (4 * 9 * 4 / lengths + 2 * 24 * 16 / lengths**2) / counts
    errors = np.sqrt(np.diag(solve * variance @ solve.T))
    assert np.all(np.abs(np.array([fit.mean**2, fit.spread**2]) - [9, 24 * 4]) < 5 * errors)
    assert abs(fit.worst) < 5 * np.sqrt(variance.max()) / 9
    # norms that ignore length: the share between g lengths is about (g - 1)/n, a chi squared with g - 1 degrees of freedom over n
    assert other.explained < chi2.isf(1e-6, len(lengths) - 1) / counts.sum()


def test_matches_are_those_of_a_plain_search(null: Written) -> None:
    queries, documents = (np.asarray(t.embeddings["trained"], float) for t in (null.queries, null.glosses))
    cosines = queries @ documents.T / np.outer(np.linalg.norm(queries, axis=1), np.linalg.norm(documents, axis=1))
    right = {(q, d) for q, d in null.relevant.tolist()}
    match = matches(queries, documents, null.relevant)
    assert np.array_equal(match.documents, np.argmax(cosines, axis=1))
    assert match.correct.tolist() == [float((q, d) in right) for q, d in enumerate(match.documents.tolist())]
    top = np.sort(cosines, axis=1)
    assert np.allclose(match.margin, top[:, -1] - top[:, -2], atol=1e-5)  # float32 products of 24 terms
    assert 0.2 < match.correct.mean() < 0.98


def test_norms_that_say_which_answers_are_right_are_found_useful_and_others_not(planted: Written, null: Written) -> None:
    for written, expected in ((planted, True), (null, False)):
        match = matches(written.queries.embeddings["trained"], written.glosses.embeddings["trained"], written.relevant)
        found = useful(written, match, 0, silent)
        assert found["the query's norm"].useful is expected
        assert found["the norms of query and gloss"].useful is expected
        assert not found["the same of the untrained network"].useful


def test_the_exponent_is_that_of_the_cosine_where_nothing_says_what_is_relevant(null: Written) -> None:
    found = exponents(null, 0, silent)
    assert set(found) == {"number of tokens", "norm at equal length", "norm of the untrained network"}
    for row in found.values():
        assert row.low <= 0 <= row.high


def test_files_that_do_not_belong_together_are_one_error(tmp_path: Path) -> None:
    folder = invented_study.write(tmp_path)
    np.save(folder / "glosses.trained.npy", np.ones((3, 4), np.float32))
    with pytest.raises(InvalidInput, match=r"glosses.trained.npy has 3 rows, must have one for each of glosses.csv, 1000"):
        read_written(folder)
    np.save(folder / "glosses.trained.npy", np.outer(np.arange(1000) != 5, np.ones(4)).astype(np.float32))
    with pytest.raises(InvalidInput, match=r"glosses.trained.npy row 5 is 0 or not finite"):
        read_written(folder)
    (folder / "glosses.trained.npy").unlink()
    with pytest.raises(InvalidInput, match="no embeddings of the trained model"):
        read_written(folder)
    (folder / "lemmas.csv").unlink()
    with pytest.raises(InvalidInput, match=r"has no file lemmas.csv"):
        read_written(folder)
