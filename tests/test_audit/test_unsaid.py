"""What cannot be said is said to be so, with the reason, what is known all the same, and the way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.__main__ import main
from tests.test_audit.worlds import Floats, answer, audited, directions, embeddings, planted, table, verdicts, words

ROWS = 400
QUESTION = "What do norms go with"
SGD = ("--encoder", "lookup", "--optimizer", "sgd", "--decay", "none", "--loss", "infonce")


def file(tmp_path: Path, norms: Floats) -> Path:
    return embeddings(tmp_path / "v.npy", directions(np.random.default_rng(0), len(norms), 24) * 20 * norms[:, None])


@pytest.mark.parametrize("more", [False, True])
def test_a_covariate_that_differs_in_one_group_is_not_judged(tmp_path: Path, capsys: Any, more: bool) -> None:
    rng = np.random.default_rng(1)
    topic = np.repeat(np.arange(20), 20)
    norms = np.exp(0.3 * rng.standard_normal(20)[topic] + 0.1 * rng.standard_normal(ROWS))
    columns = {"depth": (topic == 0).astype(int), **({"tokens": rng.integers(3, 40, ROWS)} if more else {}), "topic": topic}
    found = audited(capsys, file(tmp_path, norms), "--covariates", table(tmp_path / "c.csv", columns), "--group", "topic", *SGD)
    assert "of depth it cannot be said: " in answer(found, QUESTION)
    assert "the covariate differs in one group only" in answer(found, QUESTION)
    assert verdicts(found)["depth"] == "undecided"
    assert found["associations"][0]["raw"]["p_value"] == "nan"


def test_columns_of_one_order_are_named_with_what_each_shows_and_the_way_out(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(2)
    columns = words(rng, ROWS)
    norms = planted(rng, columns, 0.25, 0.0, 0.0)
    columns = {"count": columns["count"], "log_count": np.log(columns["count"]), "depth": columns["depth"]}
    said = answer(audited(capsys, file(tmp_path, norms), "--covariates", table(tmp_path / "c.csv", columns)), QUESTION)
    assert "of count (raw rho +0." in said
    assert ", log_count (raw rho +0." in said
    assert "count and log_count put the rows into the same order" in said
    assert "leave out all but one (count or log_count), or hold confounders alone equal (--given confounders)" in said
    given = audited(capsys, file(tmp_path, norms), "--covariates", tmp_path / "c.csv", "--given", "confounders")
    assert "longer with count" in answer(given, QUESTION)
    alone = [a["determined_by"] for a in given["associations"]]
    assert alone == [[], [], []]


def test_a_column_of_the_norms_themselves_is_named(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(3)
    norms = np.exp(rng.standard_normal(ROWS))
    columns = {"size": np.round(norms, 9), "depth": rng.integers(1, 15, ROWS)}
    said = answer(audited(capsys, file(tmp_path, norms), "--covariates", table(tmp_path / "c.csv", columns)), QUESTION)
    assert "the norms have the order of size, beside which nothing is left of them; leave out size" in said


def test_many_blank_cells_are_warned_of_and_few_are_not(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(4)
    norms, depth = np.exp(rng.standard_normal(ROWS)), rng.integers(1, 15, ROWS)
    for blank, share in ((200, "0.01"), (200, "0.5"), (3, "0.01")):
        columns = {"depth": [None if i < blank else int(d) for i, d in enumerate(depth)], "tokens": rng.integers(3, 40, ROWS)}
        covariates = str(table(tmp_path / "c.csv", columns))
        settings = ["--bad-rows", share, "--resamples", "200", "--json"]
        assert main(["audit", str(file(tmp_path, norms)), "--covariates", covariates, *settings]) == 0
        found = json.loads(capsys.readouterr().out)
        warned = [w for w in found["warnings"] if "depth has no value in 200 of 400 rows" in w and "of the other 200" in w]
        assert len(warned) == (blank > float(share) * ROWS)
        association = found["associations"][0]
        assert (association["missing"], association["raw"]["rows"]) == (blank, ROWS - blank)
