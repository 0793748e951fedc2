"""Documents in a file of their own, with what is known of them; queries without relevance; groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.audit import retrieval
from derivations.audit.asked import Asked, Known
from derivations.audit.matches import best_of
from numerics.rankings import Relevance
from tests.test_audit.worlds import answer, audited, directions, embeddings, refused, table

DOCUMENTS, QUERIES, DIMENSION = 120, 90, 8


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Documents whose norms differ widely, an untrained copy, queries with two relevant documents each, and other embeddings to audit."""
    rng = np.random.default_rng(4)
    units = directions(rng, DOCUMENTS, DIMENSION)
    norms = np.exp(0.8 * rng.standard_normal(DOCUMENTS))
    wanted = rng.integers(0, DOCUMENTS, QUERIES)
    queries = units[wanted] + 0.6 * rng.standard_normal((QUERIES, DIMENSION)) / np.sqrt(DIMENSION)
    pairs = {"query": [*range(QUERIES)] * 2, "document": [*wanted, *((wanted + 1) % DOCUMENTS)]}
    columns = {"tokens": rng.integers(3, 90, DOCUMENTS), "age": rng.standard_normal(DOCUMENTS),
               "topic": [f"t{i % 40}" for i in range(DOCUMENTS)]}  # fmt: skip
    return {
        "vectors": embeddings(tmp_path / "v.npy", rng.standard_normal((50, DIMENSION))),
        "documents": embeddings(tmp_path / "d.npy", units * norms[:, None]),
        "untrained": embeddings(tmp_path / "u.npy", rng.standard_normal((DOCUMENTS, 5))),
        "queries": embeddings(tmp_path / "q.npy", queries), "pairs": table(tmp_path / "r.csv", pairs),
        "columns": table(tmp_path / "c.csv", columns),
    }  # fmt: skip


def test_what_is_known_of_documents_is_held_against_their_norms(files: dict[str, Path], capsys: Any) -> None:
    arguments = ("--queries", files["queries"], "--relevance", files["pairs"], "--documents", files["documents"],
                 "--document-covariates", files["columns"], "--document-confounder", "age", "--document-control", files["untrained"],
                 "--document-group", "topic")  # fmt: skip
    r = audited(capsys, files["vectors"], *arguments)["retrieval"]
    assert sorted(r["controls"]) == sorted(["cosine", "margin", "tokens", "age", "the control's norm"])
    assert r["lengths"] == ["tokens"]  # known by its name
    assert r["grouped_by"] == "the topic of their best match"
    assert 16 < r["groups"] <= 40
    assert r["usefulness"]["groups"] == r["groups"]
    assert r["documents"] == DOCUMENTS
    # the same, where the documents are what is audited
    same = audited(capsys, files["documents"], "--queries", files["queries"], "--relevance", files["pairs"], "--covariates",
                   files["columns"], "--confounder", "age", "--control", files["untrained"], "--group", "topic")["retrieval"]  # fmt: skip
    assert same["usefulness"] == r["usefulness"]
    assert same["exponent"] == r["exponent"]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--document-covariates", "columns"), "--document-covariates needs --documents FILE; without it the documents are EMBEDDINGS"),
        (("--documents", "documents", "--document-length", "tokens"), "--document-length needs --document-covariates FILE"),
        (("--documents", "documents", "--document-covariates", "columns", "--document-length", "toks"),
         "--document-length = 'toks' must be one of the columns: tokens"),
        (("--documents", "documents", "--document-covariates", "columns", "--document-length", "topic"),
         "--document-length = 'topic' must be a column of numbers"),
        (("--documents", "documents", "--document-covariates", "pairs"), "must have one for each of the 120 embeddings of"),
        (("--documents", "documents", "--document-control", "vectors"), "has 50 rows, must have as many as"),
    ],
)  # fmt: skip
def test_flags_of_documents_that_do_not_fit_are_one_error(files: dict[str, Path], capsys: Any, flags: Any, words: str) -> None:
    given = [files.get(flag, flag) for flag in flags]
    assert words in refused(capsys, files["vectors"], "--queries", files["queries"], "--relevance", files["pairs"], *given)


def test_documents_and_relevance_need_queries(files: dict[str, Path], capsys: Any) -> None:
    assert "--relevance needs --queries FILE" in refused(capsys, files["documents"], "--relevance", files["pairs"])
    assert "--documents needs --queries FILE" in refused(capsys, files["vectors"], "--documents", files["documents"])


def test_queries_alone_show_what_norms_do_to_the_lists_and_what_needs_relevance(files: dict[str, Path], capsys: Any) -> None:
    found = audited(capsys, files["documents"], "--queries", files["queries"])
    r = found["retrieval"]
    q, d = np.load(files["queries"]), np.load(files["documents"])
    products, cosines = q @ d.T, q @ d.T / np.linalg.norm(d, axis=1)
    assert r["lists"]["same_best"] == pytest.approx(np.mean(products.argmax(axis=1) == cosines.argmax(axis=1)))
    assert r["by_product"]["share"] > r["by_cosine"]["share"]
    assert r["by_product"]["norm_correlation"] > 0.5
    assert (r["share_right"], r["exponent"], r["usefulness"]) == (None, None, None)
    for question in ("Normalise before", "May norms serve"):
        assert answer(found, question).startswith("cannot be said: it is not known which documents are relevant (--relevance FILE)")
    assert "of the places in lists of 10 with other documents" in answer(found, "Normalise before")


def test_unit_documents_are_ranked_alike_by_both(files: dict[str, Path], tmp_path: Path, capsys: Any) -> None:
    d = np.load(files["documents"])
    unit = embeddings(tmp_path / "unit.npy", d / np.linalg.norm(d, axis=1)[:, None])
    found = audited(capsys, files["vectors"], "--queries", files["queries"], "--documents", unit)
    assert found["retrieval"]["lists"]["overlap"] > 0.99


def test_queries_that_share_a_best_match_are_one_group_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the exponent, in the comparison and in the test of use."""
    rng = np.random.default_rng(0)
    units = directions(rng, 60, DIMENSION)
    wanted = rng.integers(0, 60, 240)
    asked = Asked(units[wanted] + 1.2 * directions(rng, 240, DIMENSION), units * np.exp(rng.standard_normal(60))[:, None],
                  Relevance(np.arange(240), wanted), "float64", Known())  # fmt: skip
    best = best_of(asked)
    seen = {}
    monkeypatch.setattr(retrieval, "norm_exponent", lambda *_a, groups, **_k: seen.update(exponent=groups))
    monkeypatch.setattr("numerics.calibration.comparison.compare", lambda *_a, groups, **_k: seen.update(compare=groups))
    found = retrieval.retrieve(asked, level=0.95, resamples=200, seed=0, tell=lambda *_: None)
    assert found.usefulness is not None
    assert found.groups == len(np.unique(best.group)) == found.usefulness.groups
    for groups in seen.values():
        assert np.array_equal(groups, best.group)
    assert sorted(seen) == ["compare", "exponent"]
