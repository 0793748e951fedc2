"""``normlaw imprint``: the map, one entry, where it ends, a picture, and real text."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from derivations.__main__ import main
from derivations.heat.infonce import infonce_heat
from derivations.imprint_map import fits as imprint_fits
from derivations.imprint_map import plot as imprint_plot
from derivations.imprint_map import text as imprint_text
from derivations.imprint_map.text import Estimate, Row, at_equal_frequency
from theory.imprint_map import Regime, regimes


def test_the_map_has_a_line_for_every_optimiser_and_decay(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint"]) == 0
    out = capsys.readouterr().out
    for words in ("sgd             none   p^1/4", "normalized_sgd  dense  p^1/2", "sparse_adam", "shorter", "C5 B6", "cold: p^1/4",
                  "not proved"):  # fmt: skip
        assert words in out


def test_one_entry_says_on_what_it_rests(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--optimizer", "adamw", "--decay", "dense"]) == 0
    out = capsys.readouterr().out
    for words in ("adamw, dense decay", "r^2 = ", "h = 1 - β₂", "none if not", "steps", "C5b", "equally likely", "measured only"):
        assert words in out


def test_a_loss_without_signs_cites_no_claim_of_signs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--loss", "cosine_triplet"]) == 0
    out = capsys.readouterr().out
    assert "no claim gives signs under cosine_triplet" in out
    assert "signs by" not in out
    assert main(["imprint", "--optimizer", "sgd", "--decay", "dense", "--loss", "cosine_triplet", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["map"]
    assert (entry["specificity"], entry["uncertainty"], entry["claims"]) == ("no claim", "no claim", ["C5", "B6"])
    assert not any("labels" in words or "rows:" in words for words in entry["conditions"])


@pytest.mark.parametrize("optimizer", ["normalized_sgd", "adam", "lion"])
def test_what_does_not_feel_energy_has_no_effect_under_any_loss(optimizer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--loss", "siglip", "--optimizer", optimizer]) == 0
    out = capsys.readouterr().out
    assert "specific rows: no effect" in out
    assert "no claim" not in out.replace("with dense moments and lazy decay: no claim", "")


def test_the_heat_of_infonce_falls_with_concentration_where_it_was_computed() -> None:
    """What the map says of specific rows under InfoNCE is computed and no more: here, beyond the quadrature's error."""
    for dimension, temperature, negatives in ((4, 0.07, 1), (4, 1.0, 256), (64, 0.2, 8), (256, 0.07, 256)):
        heats = [infonce_heat(dimension, c, temperature, negatives) for c in (0, 0.5, 2, 8, 32, 128)]
        assert all(a - e > b + f for (a, e), (b, f) in pairwise(heats))


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--optimizer", "sgd", "--decay", "lazy", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["map"]
    assert entry["frequency_exponent"] == {"rare": "0", "frequent": "0", "at": "0"}
    assert (entry["energy_exponent"], entry["specificity"], entry["uncertainty"]) == ("1/4", "shorter", "longer")
    assert entry["claims"] == ["C5", "B6", "C2", "C3", "C3a", "C4", "C11", "C11b"]


@pytest.mark.parametrize(("options", "said"), [
    (["--encoder", "shared"], "no exponent and no sign follows"),
    (["--loss", "dot_product_infonce"], "not scale-invariant"),
    (["--optimizer", "sign_sgd", "--decay", "none"], "no claim says how frequency acts on norms under sign_sgd with no decay"),
    (["--optimizer", "lion", "--decay", "dense"], "B12d"),
    (["--optimizer", "adamp"], "B10e"),
    (["--optimizer", "adam", "--decay", "dense"], "decoupled decay is adamw"),
    (["--loss", "sgns"], "C10"),
])  # fmt: skip
def test_where_the_ledger_has_no_answer_it_says_so_and_exits_with_1(options: list[str], said: str, capsys) -> None:
    assert main(["imprint", *options]) == 1
    out = capsys.readouterr().out
    assert said in out
    assert main(["imprint", *options, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["map"] == []
    assert document["see"]
    assert all(claim["label"] in out and claim["title"] for claim in document["see"])


def test_what_the_ledger_knows_without_an_exponent_of_frequency(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--optimizer", "adam_l2"]) == 1
    assert "r ~ G^1/6" in capsys.readouterr().out
    assert main(["imprint", "--optimizer", "adagrad_norm", "--json"]) == 1
    (bound, falls) = json.loads(capsys.readouterr().out)["known"]
    assert (bound["relation"], falls["energy_exponent"]) == ("<=", "0")


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


def test_the_picture_says_its_rates_and_where_conditions_begin(tmp_path: Path) -> None:
    assert main(["imprint", "--plot", str(tmp_path / "a.svg"), "--optimizer", "adamw"]) == 0
    drawn = (tmp_path / "a.svg").read_text(encoding="utf-8")
    for words in ("dense decay, p &gt; 2e-6: adamw", "outside the conditions", "d = 64", "5e7 steps"):
        assert words in drawn


@pytest.mark.parametrize("r", regimes(), ids=lambda r: f"{r.optimizer}-{r.decay}{r.rows}")
def test_no_line_is_drawn_in_full_where_its_conditions_fail(r: Regime) -> None:
    frequency = np.logspace(-8, 0, 400)
    inside = imprint_plot.within(r, frequency)
    product = imprint_plot.RATE * imprint_plot.DECAYS[r.decay]
    rate = r.power * product  # of r^4 or r^2: 4 eta lambda or 2 eta lambda
    assert inside.any()
    assert not inside.all(), "a row that is hardly visited meets no condition"
    assert np.all(frequency[inside] * imprint_plot.STEPS >= 10), "the start is outgrown"
    if r.decay == "dense":
        assert np.all(frequency[inside] >= 9.99 * rate), "p >> 4 eta lambda, or 2 eta lambda"
        assert rate * imprint_plot.STEPS >= 4, "at rest"
        assert product <= imprint_plot.FORGETTING / 10, "eta lambda << 1 - beta_2"
    if r.decay == "lazy":
        assert np.all(frequency[inside] * rate * imprint_plot.STEPS >= 3.99), "at rest, counted in visits"


def test_a_curve_is_faint_where_none_of_its_optimisers_is_inside() -> None:
    (alone,) = imprint_plot.curves([r for r in regimes() if (r.optimizer, r.decay) == ("adamw", "dense")])
    assert not alone.inside[0]
    assert alone.inside[-1]
    (both,) = imprint_plot.curves([r for r in regimes() if r.optimizer == "sgd" and r.decay != "lazy"])
    assert both.inside.all()
    assert both.label == "exponent 1/4; no decay: sgd; dense decay, p > 4e-6: sgd"


@pytest.mark.parametrize(("place", "said"), [("no/such/a.svg", "its folder does not exist"), ("", "is a directory")])
def test_a_picture_goes_into_a_folder_that_exists(place: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprint", "--plot", str(tmp_path / place)]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def fits() -> tuple[imprint_fits.Fit, ...]:
    return imprint_fits.run(0)


def test_every_exponent_of_the_table_is_fitted_and_agrees(fits: tuple[imprint_fits.Fit, ...]) -> None:
    sides = {(f.optimizer, f.decay, f.side) for f in fits}
    adam = {(name, decay, side) for name, decay in (("adam", "none"), ("adamw", "dense")) for side in ("rare", "across", "frequent")}
    others = {(name, decay, "all") for name in ("sgd", "normalized_sgd") for decay in ("none", "dense", "lazy")}
    assert sides == adam | others | {("sparse_adam", "none", "all"), ("sparse_adam", "lazy", "all")}
    assert len(fits) == len(sides)
    assert all(f.agrees for f in fits)
    assert all(f.alpha_within < 0.25 for f in fits), "exponents 0 and 1/2 are told apart"


def test_a_fit_is_compared_with_what_the_map_says(fits: tuple[imprint_fits.Fit, ...]) -> None:
    for f in fits:
        (r,) = (r for r in regimes() if (r.optimizer, r.decay) == (f.optimizer, f.decay))
        rare, frequent = r.frequency
        alpha = {"rare": rare, "across": (rare + frequent) / 2, "frequent": frequent, "all": rare}[f.side]
        assert (f.alpha_claimed, f.gamma_claimed) == (float(alpha), float(r.energy))


def test_a_fit_beyond_its_interval_is_off(fits: tuple[imprint_fits.Fit, ...], monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = replace(fits[0], alpha=fits[0].alpha_claimed + 2 * fits[0].alpha_within)
    other = replace(fits[1], gamma=fits[1].gamma_claimed - 2 * fits[1].gamma_within)
    assert not wrong.agrees
    assert not other.agrees
    monkeypatch.setattr(imprint_fits, "run", lambda _seed: (wrong, *fits[1:]))
    assert main(["imprint", "--fits"]) == 0
    out = capsys.readouterr().out
    assert "beyond its interval: sgd, no decay, all" in out
    assert "13 of 14 rows agree" in out
    assert main(["imprint", "--fits", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)["fits"]
    assert [f["agrees"] for f in document] == [False] + 13 * [True]


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
    assert row(0.38, -0.2, -0.1, -1).exponent_verdict == "miss", "nearer to 1/2"
    assert row(0.12, -0.2, -0.1, -1).exponent_verdict == "miss", "nearer to 0"
    assert row(0.5, -0.2, -0.1, -1).exponent_verdict == "miss"
    far = Row("sparse_adam/lazy", "word", 99, Estimate(-0.416, -0.46, -0.37), 0.0, Estimate(0, -1, 1), 0)
    assert far.exponent_verdict == "miss", "0 is the nearest of the three, and not near"
    between = Row("adam/none", "context", 99, Estimate(0.0383, 0.032, 0.044), 0.08, Estimate(0, -1, 1), 0)
    assert between.exponent_verdict == "miss", "nearer to 0 than to what was predicted"
    assert replace(between, exponent=Estimate(0.05, 0.045, 0.055)).exponent_verdict == "near"
    assert row(float("nan"), -0.2, -0.1, -1).exponent_verdict == ""
    assert row(0.3, -0.2, -0.1, -1).specificity_verdict == "hit"
    assert row(0.3, -0.2, 0.1, -1).specificity_verdict == "miss"
    assert row(0.3, 0.1, 0.2, -1).specificity_verdict == "miss"
    assert row(0.3, -0.2, 0.1, 0).specificity_verdict == "hit"
