"""``normlaw imprint``: the map, one entry, where it ends, a picture, and real text."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from derivations import imprint_text
from derivations.__main__ import main
from derivations.imprint_text import Estimate, Row, at_equal_frequency


def test_the_map_has_a_line_for_every_optimiser_and_decay(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint"]) == 0
    out = capsys.readouterr().out
    for words in ("sgd              none    p^1/4", "normalized_sgd   dense   p^1/2", "sparse_adam", "shorter", "C5 B6"):
        assert words in out


def test_one_entry_says_on_what_it_rests(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--optimizer", "adamw", "--decay", "dense"]) == 0
    out = capsys.readouterr().out
    for words in ("adamw, dense decay", "r^2 = ", "h = 1 - β₂", "none if not", "steps", "C5b", "equally likely", "measured only"):
        assert words in out


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--optimizer", "sgd", "--decay", "lazy", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["map"]
    assert entry["frequency_exponent"] == {"rare": "0", "frequent": "0", "at": "0"}
    assert (entry["energy_exponent"], entry["specificity"], entry["uncertainty"]) == ("1/4", "shorter", "longer")
    assert entry["claims"] == ["C5", "B6", "C2", "C3", "C3a", "C4", "C11", "C11b"]


@pytest.mark.parametrize(("options", "said"), [
    (["--encoder", "shared"], "no exponent and no sign follows"),
    (["--loss", "dot_product_infonce"], "not scale-invariant"),
    (["--optimizer", "sign_sgd", "--decay", "none"], "no claim says how frequency acts on norms under sign_sgd with none decay"),
    (["--optimizer", "lion"], "B12d"),
])  # fmt: skip
def test_where_the_ledger_has_no_answer_it_says_so_and_exits_with_1(options: list[str], said: str, capsys) -> None:
    assert main(["imprint", *options]) == 1
    assert said in capsys.readouterr().out
    assert main(["imprint", *options, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["map"] == []


@pytest.mark.parametrize(("options", "said"), [
    (["--optimizer", "adamax"], "--optimizer = 'adamax' must be one of sgd"),
    (["--decay", "some"], "--decay = 'some' must be one of none, dense, lazy"),
    (["--loss", "mse"], "--loss = 'mse' must be one of infonce"),
    (["--corpus", "nowhere.txt"], "--corpus = 'nowhere.txt' does not exist"),
])  # fmt: skip
def test_a_name_that_is_not_known_is_bad_usage(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", *options]) == 2
    assert said in capsys.readouterr().err


def test_the_picture_is_the_same_bytes_every_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.svg", "b.svg"):
        assert main(["imprint", "--plot", str(tmp_path / name)]) == 0
    assert f"open: {tmp_path / 'b.svg'}" in capsys.readouterr().out
    one = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert one == (tmp_path / "b.svg").read_text(encoding="utf-8")
    assert "<svg" in one


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Some Zipf-like text of 120 words."""
    rng = np.random.default_rng(0)
    words = np.array([f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(120)])
    chance = 1 / np.arange(1, 121)
    file = tmp_path / "text.txt"
    file.write_text(" ".join(rng.choice(words, 6000, p=chance / chance.sum())), encoding="utf-8")
    return file


def test_own_text_is_trained_on_and_every_prediction_is_judged(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--corpus", str(corpus), "--json"]) == 0
    text = json.loads(capsys.readouterr().out)["text"]
    assert (text["corpus"], text["tokens"], text["words"]) == ("text.txt", 6000, 120)
    every = [(training, table) for training in imprint_text.TRAININGS for table in imprint_text.TABLES]
    assert [(row["training"], row["table"]) for row in text["rows"]] == every
    assert all(row["exponent_verdict"] in ("hit", "near", "miss", "") for row in text["rows"])
    (sgd, *_) = text["rows"]
    assert sgd["exponent"]["low"] <= sgd["exponent"]["value"] <= sgd["exponent"]["high"]
    assert sgd["predicted_exponent"] == pytest.approx(0.25)
    assert abs(sgd["exponent"]["value"] - 0.25) < 0.05, "independent words have one energy: here the law has no excuse"


def test_correlation_at_equal_frequency_sees_only_what_frequency_does_not_explain() -> None:
    rng = np.random.default_rng(1)
    frequency = rng.lognormal(0, 2, 4000)
    cause = rng.standard_normal(4000)
    noise, more = rng.standard_normal((2, 4000))
    explained = at_equal_frequency(np.log(frequency) + 0.01 * noise, more - frequency**0.5, frequency)
    real = at_equal_frequency(np.log(frequency) + cause, cause - np.log(frequency), frequency)
    assert abs(explained) < 6 / np.sqrt(4000)
    assert real > 0.5


@pytest.mark.parametrize("loss", ["siglip", "uniformity", "arcface"])
def test_no_sign_is_given_for_a_loss_without_a_claim_of_one(loss: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--loss", loss, "--optimizer", "sgd"]) == 0
    out = capsys.readouterr().out
    assert "specific rows: no claim" in out
    assert "shorter" not in out
    assert main(["imprint", "--loss", "infonce", "--optimizer", "sgd"]) == 0
    assert "specific rows: shorter" in capsys.readouterr().out


def test_a_miss_is_called_a_miss() -> None:
    def row(exponent: float, low: float, high: float, predicted: int) -> Row:
        found = Estimate(exponent, exponent - 0.06, exponent + 0.06)
        return Row("sgd/none", "word", 99, found, 0.25, Estimate((low + high) / 2, low, high), predicted)

    assert row(0.3, -0.2, -0.1, -1).exponent_verdict == "hit"
    assert row(0.35, -0.2, -0.1, -1).exponent_verdict == "near"
    assert row(0.5, -0.2, -0.1, -1).exponent_verdict == "miss"
    assert row(float("nan"), -0.2, -0.1, -1).exponent_verdict == ""
    assert row(0.3, -0.2, -0.1, -1).specificity_verdict == "hit"
    assert row(0.3, -0.2, 0.1, -1).specificity_verdict == "miss"
    assert row(0.3, 0.1, 0.2, -1).specificity_verdict == "miss"
    assert row(0.3, -0.2, 0.1, 0).specificity_verdict == "hit"
