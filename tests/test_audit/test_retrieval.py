"""Rankings and confidence by the command line: worlds in which norms help, hurt, or do nothing; rows and pairs that cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from derivations.audit.asked import Known
from derivations.audit.judged import judged
from numerics.embedding_files import open_embeddings, scan_norms
from tests.test_audit.worlds import Floats, answer, audited, directions, embeddings, refused, table

DOCUMENTS, QUERIES, DIMENSION = 300, 120, 12


def searched(folder: Path, power: float, noise: float = 1.0) -> tuple[Path, Path, Path, NDArray[np.int64]]:
    """Documents, queries and pairs: a query is the direction of its document, drawn with odds |d|^(8 power), and noise."""
    rng = np.random.default_rng(1)
    norms = np.exp(0.5 * rng.standard_normal(DOCUMENTS))
    units = directions(rng, DOCUMENTS, DIMENSION)
    odds = norms ** (8 * power)
    wanted = rng.choice(DOCUMENTS, QUERIES, p=odds / odds.sum())
    queries = units[wanted] + noise * rng.standard_normal((QUERIES, DIMENSION)) / np.sqrt(DIMENSION)
    pairs = table(folder / "r.csv", {"query": range(QUERIES), "document": wanted})
    return embeddings(folder / "d.npy", units * norms[:, None]), embeddings(folder / "q.npy", queries), pairs, wanted


def test_norms_that_tell_how_often_a_document_is_wanted_help(tmp_path: Path, capsys: Any) -> None:
    documents, queries, pairs, _ = searched(tmp_path, 0.5)
    found = audited(capsys, documents, "--queries", queries, "--relevance", pairs)
    e = found["retrieval"]["exponent"]
    assert e["fitted"] > 0
    assert e["over_cosine"][1] > 0
    assert answer(found, "Normalise before").startswith(("not wholly: a power of the norm", "no: inner products rank better"))


def test_norms_that_tell_nothing_hurt_inner_products(tmp_path: Path, capsys: Any) -> None:
    documents, queries, pairs, wanted = searched(tmp_path, 0.0, 0.7)
    found = audited(capsys, documents, "--queries", queries, "--relevance", pairs)
    r = found["retrieval"]
    assert r["exponent"]["over_inner_product"][1] > 0
    assert answer(found, "Normalise before").startswith("yes: ")
    assert r["by_product"]["share"] > r["by_cosine"]["share"]
    assert (r["queries"], r["documents"], r["unjudged"]) == (QUERIES, DOCUMENTS, 0)
    assert r["share_right"] == pytest.approx(_right(documents, queries, wanted))


def _right(documents: Path, queries: Path, wanted: NDArray[np.int64]) -> float:
    d, q = np.load(documents), np.load(queries)
    return float(np.mean(np.argmax(q @ (d / np.linalg.norm(d, axis=1)[:, None]).T, axis=1) == wanted))


def test_constant_norms_change_no_ranking_and_no_confidence(tmp_path: Path, capsys: Any) -> None:
    documents, queries, pairs, _ = searched(tmp_path, 0.0)
    d = np.load(documents)
    unit = embeddings(tmp_path / "u.npy", (d / np.linalg.norm(d, axis=1)[:, None]).astype(np.float32))
    found = audited(capsys, unit, "--queries", queries, "--relevance", pairs)
    assert answer(found, "Normalise before").startswith("no difference found")
    assert "the same but for what rounding to float32 makes" in answer(found, "May norms serve")


def test_too_few_queries_decide_nothing(tmp_path: Path, capsys: Any) -> None:
    documents, queries, _, wanted = searched(tmp_path, 0.5)
    for count in (3, 15):
        few = table(tmp_path / "few.csv", {"query": range(count), "document": wanted[:count]})
        found = audited(capsys, documents, "--queries", queries, "--relevance", few)
        for question in ("Normalise before", "May norms serve"):
            assert answer(found, question).startswith(f"cannot be said: {count} queries have a relevant document; a test needs 16")
        assert found["retrieval"]["exponent"] is found["retrieval"]["usefulness"] is None
        assert found["retrieval"]["unjudged"] == QUERIES - count


def test_a_best_match_that_is_always_right_leaves_nothing_to_be_confident_about(tmp_path: Path, capsys: Any) -> None:
    documents, _, _, _ = searched(tmp_path, 0.0)
    pairs = table(tmp_path / "same.csv", {"query": range(DOCUMENTS), "document": range(DOCUMENTS)})
    found = audited(capsys, documents, "--queries", documents, "--relevance", pairs)
    assert found["retrieval"]["share_right"] == 1.0
    assert "always relevant" in answer(found, "May norms serve")


def test_many_queries_without_a_relevant_document_are_only_counted(tmp_path: Path, capsys: Any) -> None:
    """More than a block of them in a row."""
    documents, queries, _, wanted = searched(tmp_path, 0.0)
    more = np.concatenate([np.load(queries), np.ones((2100, DIMENSION))])
    pairs = table(tmp_path / "r.csv", {"query": range(QUERIES), "document": wanted})
    found = audited(capsys, documents, "--queries", embeddings(tmp_path / "more.npy", more), "--relevance", pairs)
    assert found["retrieval"]["unjudged"] == 2100


def test_the_length_of_documents_is_held_against_the_norm(tmp_path: Path, capsys: Any) -> None:
    documents, queries, pairs, _ = searched(tmp_path, 0.0)
    covariates = table(tmp_path / "c.csv", {"tokens": np.random.default_rng(2).integers(3, 90, DOCUMENTS)})
    found = audited(capsys, documents, "--queries", queries, "--relevance", pairs, "--covariates", covariates)
    assert found["retrieval"]["controls"] == ["cosine", "margin", "tokens"]
    assert "beyond cosine, margin, tokens: " in answer(found, "May norms serve")


def test_rows_that_cannot_be_used_move_no_pair(tmp_path: Path) -> None:
    """Numbers of queries and documents are those of the files; what is searched has fewer rows."""
    rng = np.random.default_rng(3)
    d, q = rng.standard_normal((6, 4)), rng.standard_normal((5, 4))
    d[[0, 3]], q[1] = np.nan, 0.0
    pairs = table(tmp_path / "r.csv", {"query": [0, 1, 2, 3, 4, 4], "document": [5, 1, 2, 3, 4, 1], "relevance": [1, 1, 2, 1, 3, 0]})
    files = [open_embeddings(embeddings(tmp_path / f"{name}.npy", x)) for name, x in (("q", q), ("d", d))]
    known = Known({"tokens": np.arange(6.0)}, ("tokens",), np.arange(6) // 2, "topic")
    asked = judged(*files, *(scan_norms(file, limit=0.5) for file in files), pairs, known)
    assert asked.relevance is not None
    assert asked.known.group is not None
    assert asked.known.group.tolist() == [0, 1, 2, 2]
    assert np.array_equal(asked.documents, d[[1, 2, 4, 5]])
    assert np.array_equal(asked.queries, q[[0, 2, 3, 4]])
    assert asked.known.columns["tokens"].tolist() == [1, 2, 4, 5]
    r = asked.relevance
    kept = list(zip(*(np.asarray(x).tolist() for x in (r.queries, r.documents, r.gains)), strict=True))
    assert kept == [(0, 3, 1.0), (1, 1, 2.0), (3, 2, 3.0)]  # of bad rows, and of grade 0, none is kept


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"query": [0], "doc": [0]}, "must have query and document"),
        ({"query": [0, 120], "document": [0, 1]}, "query = 120 in row 1, must be a whole number from 0 to 119"),
        ({"query": [0.5], "document": [0]}, "query = 0.5 in row 0"),
        ({"query": ["a"], "document": [0]}, "query = 'a' in row 0, must be a whole number from 0 to 119, the number of a row of the 120 "),
        ({"query": [0] * 3, "document": [0, None, 1]}, "document is missing in row 1, must be a whole number from 0 to 299"),
        ({"query": range(99), "document": range(99), "relevance": [1] * 98 + ["high"]}, "relevance = 'high' in row 98, must be a"),
        ({"query": [0], "document": [0], "relevance": [-1]}, "bad.csv: relevance = -1 in row 0, must be a number of at least 0"),
        ({"query": [0], "document": [0], "relevance": [0]}, "bad.csv has 1 pairs, must have one with relevance above 0 whose"),
        ({"query": [0, 0], "document": [4, 4]}, "query 0 and document 4 are a pair in row 0 and in row 1, must be one in one row at most"),
    ],
)
def test_pairs_that_cannot_be_are_one_error(tmp_path: Path, capsys: Any, columns: dict[str, Any], words: str) -> None:
    documents, queries, _, _ = searched(tmp_path, 0.0)
    assert words in refused(capsys, documents, "--queries", queries, "--relevance", table(tmp_path / "bad.csv", columns))


def test_queries_of_another_dimension_are_one_error(tmp_path: Path, capsys: Any) -> None:
    documents, _, pairs, _ = searched(tmp_path, 0.0)
    other: Floats = np.ones((QUERIES, DIMENSION + 1))
    error = refused(capsys, documents, "--queries", embeddings(tmp_path / "o.npy", other), "--relevance", pairs)
    assert "has 13 dimensions, must have those of" in error
