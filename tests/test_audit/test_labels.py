"""Columns of text: a confounder that norms and covariates both follow, in its labels; what is not used is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.audit.roles import assigned
from derivations.command_line.input_checks import UsageError
from tests.test_audit.worlds import answer, audited, directions, embeddings, refused, table

ROWS = 400
LABELS = np.array(["de", "en", "fi", "ja", "zu"])  # in whose order nothing goes up or down
EFFECTS = np.array([0.2, 2.0, -2.0, 1.0, -1.2])
HINT = "Not used: lang (text; --confounder lang would control for it), word (text of which too few rows are alike to control for it)"


def columns(rng: np.random.Generator, rows: int, noise: float = 1.0) -> tuple[dict[str, Any], Any]:
    """Counts follow the language; the log norms that follow it as well, and nothing else but ``noise``."""
    language = rng.choice(5, rows, p=[0.3, 0.25, 0.2, 0.15, 0.1])
    count = np.round(np.exp(3 + EFFECTS[language] + rng.standard_normal(rows)), 3)
    words = {"count": count, "lang": LABELS[language], "word": [f"w{i}" for i in range(rows)]}
    return words, 0.3 * (EFFECTS[language] + noise * rng.standard_normal(rows))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    rng = np.random.default_rng(31)
    words, logs = columns(rng, ROWS)
    words["lang"][:3], words["lang"][7] = "xx", ""
    return (embeddings(tmp_path / "v.npy", directions(rng, ROWS, 16) * np.exp(logs)[:, None]), table(tmp_path / "c.csv", words))


def test_what_follows_the_language_is_claimed_without_it_where_that_is_said(files: tuple[Path, Path], capsys: Any) -> None:
    said = answer(audited(capsys, files[0], "--covariates", files[1]), "What do norms go with")
    assert said.startswith("longer with count")
    assert said.endswith(HINT)


def test_it_is_not_claimed_with_it_and_the_page_says_so(files: tuple[Path, Path], capsys: Any, tmp_path: Path) -> None:
    found = audited(capsys, files[0], "--covariates", files[1], "--confounder", "lang", "--out", tmp_path / "out")
    said = answer(found, "What do norms go with")
    assert "longer" not in said
    assert "Not used: word (" in said
    assert "lang (" not in said
    (association,) = found["associations"]
    assert association["controls"] == ["lang"]
    assert association["controlled"]["rows"] == ROWS - 4
    assert [found["labels"]["lang"][name] for name in ("rare", "rare_rows", "missing")] == [1, 3, 1]
    assert sum(found["labels"]["lang"]["rows"].values()) == ROWS - 4
    page = (tmp_path / "out" / "audit.md").read_text(encoding="utf-8")
    assert "3 rows of 1 label with fewer than 13 rows and 1 row without one" in page
    assert (tmp_path / "out" / "covariate_0.svg").is_file()


def test_an_exponent_is_controlled_by_labels_as_well(files: tuple[Path, Path], capsys: Any) -> None:
    said = ("--covariates", files[1], "--encoder", "lookup", "--optimizer", "sgd", "--decay", "none")
    without, held = (audited(capsys, files[0], *said, *more)["exponents"][0]["controlled"] for more in ((), ("--confounder", "lang")))
    assert without["low"] > 0
    assert held["low"] < 0 < held["high"]


def test_a_language_of_documents_is_held_against_their_norms(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(32)
    documents, queries, dimension = 250, 2000, 24
    words, logs = columns(rng, documents, 0.5)
    language = np.searchsorted(LABELS, words["lang"])
    known = table(tmp_path / "k.csv", {"tokens": rng.integers(3, 90, documents), "lang": words["lang"]})
    unit = directions(rng, documents, dimension)
    wanted = rng.integers(0, documents, queries)
    noise = np.exp(-0.4 * EFFECTS[language[wanted]])
    asked = unit[wanted] + noise[:, None] * rng.standard_normal((queries, dimension)) / np.sqrt(dimension)
    files = (embeddings(tmp_path / "v.npy", unit), "--queries", embeddings(tmp_path / "q.npy", asked), "--relevance",
             table(tmp_path / "r.csv", {"query": range(queries), "document": wanted}), "--documents",
             embeddings(tmp_path / "d.npy", unit * np.exp(logs)[:, None]), "--document-covariates", known)  # fmt: skip
    without = answer(audited(capsys, *files), "May norms serve")
    assert without.startswith("norms help beyond cosine, margin, tokens: ")
    assert without.endswith("Not used: lang (text; --document-confounder lang would control for it)")
    held = audited(capsys, *files, "--document-confounder", "lang")
    assert answer(held, "May norms serve").startswith("no effect found beyond cosine, margin, tokens, lang: ")
    assert held["retrieval"]["controls"] == ["cosine", "margin", "tokens", "lang"]
    assert any(m["name"] == "logistic: and tokens, lang" for m in held["retrieval"]["comparison"]["methods"])


def test_text_that_nothing_can_be_controlled_by_is_one_error(files: tuple[Path, Path], capsys: Any) -> None:
    error = refused(capsys, files[0], "--covariates", files[1], "--confounder", "word")
    assert "c.csv: word (--confounder) has 400 different labels in 400 rows, must have at most half as many: it looks like an id" in error


def test_text_may_be_a_confounder_and_plays_no_other_role() -> None:
    found = assigned(["x"], {"lang": "text"}, {}, ["lang"], text=["lang"])
    assert (found.confounders, found.labels, found.measured) == (("lang",), ("lang",), ("x",))
    assert assigned(["x"], {"lang": "text"}, {}, ["lang"], "lang", text=["lang"]).labels == ("lang",)
    with pytest.raises(UsageError, match="--frequency = 'lang' must be a column of numbers"):
        assigned(["x"], {"lang": "text"}, {"frequency": ["lang"]}, text=["lang"])
