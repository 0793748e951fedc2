"""The study finds what was planted, and does not find what was not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from derivations.case_study import confidence
from derivations.case_study.__main__ import main
from derivations.case_study.associations import associations, by_length
from derivations.case_study.confidence import confidences, features, useful
from derivations.case_study.pooling import pooled
from derivations.case_study.rankings import exponents, hub_share, matches
from derivations.case_study.written import Written, read_written
from numerics.association import Association
from numerics.validation import InvalidInput
from tests.test_case_study import invented_study


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence, "RESAMPLES", 200)


def silent(_fraction: float, _message: str) -> None:
    pass


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return read_written(invented_study.write(tmp_path_factory.mktemp("planted"), depth=0.4, useful=0.8))


@pytest.fixture(scope="module")
def null(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return read_written(invented_study.write(tmp_path_factory.mktemp("null")))


def found(written: Written, variant: str = "trained") -> dict[str, Association]:
    return {row.covariate: row for row in associations(written.glosses, variant, "untrained", 0).found}


def test_a_planted_effect_of_depth_is_found_given_length_and_not_in_the_control(planted: Written) -> None:
    rows = found(planted)
    assert rows["depth"].controlled.sign == 1
    assert rows["depth"].difference is not None
    assert rows["depth"].difference.sign == 1
    assert rows["tokens"].controlled.sign == -1
    assert set(rows["depth"].controls) >= {"tokens", "characters", "words"}
    assert "log_below" not in rows["depth"].controls
    assert found(planted, "untrained")["depth"].controlled.sign == 0


def test_what_only_goes_with_length_is_found_raw_and_gone_when_controlled(null: Written) -> None:
    rows = found(null)
    assert rows["depth"].raw.sign == -1
    assert rows["depth"].controlled.sign == 0
    assert rows["depth"].difference is not None
    assert rows["depth"].difference.sign == 0


def test_among_texts_of_one_length_depth_shows_only_where_it_was_planted(planted: Written, null: Written) -> None:
    for written, least, most in ((planted, 0.5, 1.0), (null, -0.3, 0.3)):
        rows = by_length(written.glosses, written.variants)
        assert len(rows) >= 3
        assert [row.median["untrained"] for row in rows] == sorted((row.median["untrained"] for row in rows), reverse=True)
        assert all(least < row.controlled["depth"]["trained"] < most for row in rows)


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


def answers(written: Written) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    match = matches(written.queries.embeddings["trained"], written.glosses.embeddings["trained"], written.relevant)
    return features(written, match), match.correct, np.arange(len(match.correct))


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
        known, correct, families = answers(written)
        found = useful(written, known, correct, families, 0, silent)
        assert found["beyond cosine, margin and length"].useful is expected
        assert not found["untrained network, beyond cosine, margin and length"].useful
        rows, bins = confidences(known, correct, families, 0)
        assert rows[1].better("nll") is expected
        assert all(np.all(np.diff(b.confidence) >= 0) for b in bins)


def test_the_exponent_is_that_of_the_cosine_where_norms_say_nothing_of_relevance(null: Written) -> None:
    found = exponents(null, np.arange(len(null.queries)), 0, silent)
    assert set(found) == {"norm", "number of tokens", "norm at equal length", "norm of the untrained network"}
    for row in found.values():
        assert row.low <= 0 <= row.high
    documents = null.glosses.embeddings["trained"]
    shares = {score: hub_share(null.queries.embeddings["trained"], documents, score).share for score in ("cosine", "inner_product")}
    assert shares["inner_product"] > 2 * shares["cosine"]


def test_measuring_again_writes_the_same_results_pictures_and_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invented_study.write(tmp_path, depth=0.4)
    arguments = ["--wordnet", str(tmp_path), "--out", str(tmp_path), "--only", "measure", "--quiet", "--json"]
    assert main(arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == json.loads((tmp_path / "results.json").read_text())
    assert document["texts"][0]["signals"]["trained, normalised"]["kind"] == "none"
    assert document["texts"][0]["signals"]["trained"]["kind"] == "signal"
    names = ("RESULTS.md", "results.json", "norms.svg", "lengths.svg", "associations.svg", "groups.svg", "retrieval.svg")
    before = {name: (tmp_path / name).read_bytes() for name in names}
    assert main(arguments) == 0
    capsys.readouterr()
    assert {name: (tmp_path / name).read_bytes() for name in names} == before
    page = before["RESULTS.md"].decode()
    assert "nan" not in page
    assert "![norms](norms.svg)" in page


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
