"""End to end on files of every format: what was planted is found with its sign and verdict, and what was not is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from scipy import stats

from derivations.audit.expectations import Training, expectations
from numerics.association import associate
from tests.conftest import PROFILE
from tests.test_audit.worlds import Floats, answer, audited, directions, embeddings, planted, table, verdicts, words

ROWS, DIMENSION = 1200, 24
SETS, CHANCE = (1000 if PROFILE == "thorough" else 20), 1e-3
FORMATS = [
    (".npy", np.float16), (".npy", np.float64), (".npz", np.float32), (".parquet", np.float32), (".arrow", np.float16),
    (".safetensors", ml_dtypes.bfloat16),
]  # fmt: skip
SGD = ("--encoder", "lookup", "--optimizer", "sgd", "--decay", "none", "--loss", "infonce")


@pytest.fixture(scope="module")
def world() -> tuple[Floats, dict[str, Any]]:
    """As lookup rows under SGD and InfoNCE: longer by the fourth root of the count, shorter with depth, longer with polysemy."""
    rng = np.random.default_rng(1)
    columns = words(rng, ROWS)
    return directions(rng, ROWS, DIMENSION) * planted(rng, columns, 0.25, -0.05, 0.05)[:, None], columns


@pytest.mark.parametrize(("suffix", "kind"), FORMATS, ids=lambda x: getattr(x, "__name__", x))
def test_planted_effects_are_found_in_every_format(
    tmp_path: Path, capsys: Any, world: tuple[Floats, dict[str, Any]], suffix: str, kind: Any
) -> None:
    vectors, columns = world
    file, covariates = embeddings(tmp_path / f"v{suffix}", vectors.astype(kind)), table(tmp_path / "c.csv", columns)
    found = audited(capsys, file, "--covariates", covariates, *SGD)
    assert (found["source"]["rows"], found["source"]["precision"]) == (ROWS, np.dtype(kind).name)
    assert found["signal"]["kind"] == "signal"
    assert answer(found, "Is there a norm signal").startswith("yes: norms vary by ")
    met = verdicts(found)
    assert {name: met[name] for name in ("count", "depth", "polysemy", "exponent of count")} == dict.fromkeys(
        ("count", "depth", "polysemy", "exponent of count"), "agrees")  # fmt: skip
    for name, sign in (("count", 1), ("depth", -1), ("polysemy", 1)):
        a = next(a for a in found["associations"] if a["covariate"] == name)
        assert min(sign * a["controlled"]["low"], sign * a["controlled"]["high"]) > 0
        assert a["controlled"]["adjusted_p"] <= 0.05
    assert "longer with count" in answer(found, "What do norms go with")
    assert "shorter with depth" in answer(found, "What do norms go with")


@pytest.mark.parametrize(
    ("spoil", "parted"),
    [((0.5, -0.05, 0.05), {"exponent of count"}), ((0.25, 0.05, 0.05), {"depth"}), ((0.25, -0.05, -0.05), {"polysemy"}),
     ((-0.25, -0.05, 0.05), {"count", "exponent of count"})],
)  # fmt: skip
def test_norms_made_by_another_rule_part_from_the_prediction(
    tmp_path: Path, capsys: Any, spoil: tuple[float, float, float], parted: set[str]
) -> None:
    rng = np.random.default_rng(2)
    columns = words(rng, ROWS)
    vectors = directions(rng, ROWS, DIMENSION) * planted(rng, columns, *spoil)[:, None]
    found = audited(capsys, embeddings(tmp_path / "v.npy", vectors), "--covariates", table(tmp_path / "c.csv", columns), *SGD)
    assert {name for name, verdict in verdicts(found).items() if verdict == "parts"} == parted
    assert "AGAINST the prediction: " in answer(found, "As predicted")


def test_a_sign_that_its_confounder_turns_is_pointed_out(tmp_path: Path, capsys: Any) -> None:
    """Simpson: longer texts are deeper and have longer norms; at equal length, depth shortens."""
    rng = np.random.default_rng(3)
    tokens = rng.integers(1, 200, ROWS).astype(float)
    depth = tokens / 40 + rng.standard_normal(ROWS)
    norms = np.exp(0.02 * tokens - 0.3 * depth + 0.1 * rng.standard_normal(ROWS))
    file = embeddings(tmp_path / "v.npy", directions(rng, ROWS, DIMENSION) * norms[:, None])
    covariates = table(tmp_path / "c.csv", {"depth": depth, "tokens": tokens})
    found = audited(capsys, file, "--covariates", covariates)
    a = found["associations"][0]
    assert a["raw"]["low"] > 0 > a["controlled"]["high"]
    assert a["signs_differ"]
    assert "SIGNS DIFFER without and with the other columns held equal: depth raw +" in answer(found, "What do norms go with")
    straight = audited(capsys, file, "--covariates", table(tmp_path / "d.csv", {"depth": rng.standard_normal(ROWS), "tokens": tokens}))
    assert "DIFFER" not in answer(straight, "What do norms go with")


def test_what_the_untrained_control_shows_as_well_is_said(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(4)
    columns = {"tokens": rng.integers(3, 40, ROWS).astype(float), "depth": rng.integers(1, 15, ROWS).astype(float)}
    mean, own = -0.03 * columns["tokens"], -0.05 * columns["depth"]
    noise = 0.1 * rng.standard_normal((2, ROWS))
    vectors = directions(rng, ROWS, DIMENSION)
    file = embeddings(tmp_path / "v.npy", vectors * np.exp(mean + own + noise[0])[:, None])
    control = embeddings(tmp_path / "u.npy", vectors * np.exp(mean + noise[1])[:, None])
    found = audited(capsys, file, "--covariates", table(tmp_path / "c.csv", columns), "--control", control)
    difference = {a["covariate"]: a["difference"] for a in found["associations"]}
    assert difference["depth"]["high"] < 0
    assert "shorter with depth" in answer(found, "What do norms go with")
    assert "NOT BEYOND THE CONTROL, whose norms do the same: depth" not in answer(found, "What do norms go with")
    alike = audited(capsys, file, "--covariates", tmp_path / "c.csv", "--control", file)
    assert "NOT BEYOND THE CONTROL, whose norms do the same: " in answer(alike, "What do norms go with")


def test_covariates_that_do_nothing_are_found_no_more_often_than_they_may_be() -> None:
    """The whole family of an audit's tests, as an audit makes them: at most one family in twenty has a finding."""
    found = 0
    for seed in range(SETS):
        rng = np.random.default_rng([seed, 5])
        columns = words(rng, 120)
        norms = np.exp(rng.standard_normal(120))
        made = associate(norms, columns, confounders=("tokens",), resamples=399, seed=seed, threads=1)
        found += any(a.controlled.adjusted_p <= 0.05 for a in made)
    assert found <= stats.binom.isf(CHANCE, SETS, 0.05)


def test_a_null_audit_claims_nothing(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(6)
    columns = words(rng, ROWS)
    vectors = directions(rng, ROWS, DIMENSION) * np.exp(0.3 * rng.standard_normal(ROWS))[:, None]
    found = audited(capsys, embeddings(tmp_path / "v.npy", vectors), "--covariates", table(tmp_path / "c.csv", columns), *SGD)
    assert answer(found, "What do norms go with").startswith("no association found with any covariate")
    met = verdicts(found)
    assert met["exponent of count"] == "parts"  # an exponent of 0 is not 1/4
    assert "agrees" not in met.values()
    assert "not decided" in answer(found, "As predicted")


def test_constant_norms_have_nothing_to_go_with(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(7)
    columns = words(rng, ROWS)
    file = embeddings(tmp_path / "v.npy", directions(rng, ROWS, DIMENSION).astype(np.float32))
    found = audited(capsys, file, "--covariates", table(tmp_path / "c.csv", columns), *SGD)
    assert found["signal"]["kind"] == "none"
    assert answer(found, "What do norms go with") == "nothing to speak of: normalised"
    assert answer(found, "As predicted") == "nothing to compare: there is no signal"
    assert found["confrontations"] == found["exponents"] == []


def test_a_model_outside_every_law_is_said_to_be(tmp_path: Path, capsys: Any, world: tuple[Floats, dict[str, Any]]) -> None:
    vectors, columns = world
    file, covariates = embeddings(tmp_path / "v.npy", vectors), table(tmp_path / "c.csv", columns)
    shared = audited(capsys, file, "--covariates", covariates, "--encoder", "shared", "--pooling", "mean")
    assert answer(shared, "As predicted").startswith("no law about rows of a table applies: in a shared encoder")
    assert set(verdicts(shared).values()) <= {"no prediction", "undecided"}
    lengths = audited(capsys, file, "--covariates", covariates, "--encoder", "lookup", "--loss", "sgns")
    assert "sgns sees lengths" in answer(lengths, "As predicted")
    unsaid = audited(capsys, file, "--covariates", covariates)
    assert answer(unsaid, "As predicted").startswith("not asked: say --encoder lookup")
    assert [e["sign"] for e in unsaid["expectations"]] == [e.sign for e in expectations(Training())]
