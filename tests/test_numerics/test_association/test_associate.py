"""What a user of `associate` is told."""

from __future__ import annotations

import math

import numpy as np
import pytest

from numerics.association import associate, partial_spearman, spearman
from numerics.association.inputs import is_length
from numerics.association.ranks import Floats
from numerics.validation import InvalidInput


def scene(rows: int = 400) -> tuple[Floats, dict[str, Floats]]:
    """Long texts are frequent and have short norms; at equal length frequency lengthens."""
    rng = np.random.default_rng(0)
    length = rng.integers(3, 60, rows).astype(float)
    frequency = 0.1 * length + rng.standard_normal(rows)
    return 20 - 0.2 * length + 0.8 * frequency + 0.3 * rng.standard_normal(rows), {"frequency": frequency, "token_count": length}


def test_values_are_those_of_the_statistics() -> None:
    norms, columns = scene()
    frequency, length = associate(norms, columns, control="ranks")
    assert frequency.raw.value == pytest.approx(spearman(norms, columns["frequency"]), abs=2.0**-45)
    expected = partial_spearman(norms, columns["frequency"], columns["token_count"][:, None])
    assert frequency.controlled.value == pytest.approx(expected, abs=2.0**-45)
    assert (frequency.controls, length.controls) == (("token_count",), ("frequency",))
    assert frequency.raw.rows == frequency.raw.clusters == 400
    assert frequency.raw_by_group is frequency.reference is frequency.difference is None


def test_signs_that_differ_once_controlled_are_pointed_out() -> None:
    frequency, length = associate(*scene())
    assert (frequency.raw.sign, frequency.controlled.sign) == (-1, 1)
    assert frequency.signs_differ
    assert not length.signs_differ


def test_signs_without_certainty_do_not_differ() -> None:
    norms, columns = scene(25)
    columns["noise"] = np.random.default_rng(8).standard_normal(25)
    noise = associate(norms, columns)[2]
    assert noise.raw.value * noise.controlled.value < 0
    assert not noise.signs_differ


def test_signs_are_compared_over_the_same_rows() -> None:
    """Where the length is known the association is another one: missing lengths are no control."""
    rng = np.random.default_rng(1)
    x, length = rng.standard_normal((2, 600))
    norms = np.exp(np.where(np.arange(600) < 400, -x, x) + 0.3 * rng.standard_normal(600))
    length[:400] = np.nan
    found = associate(norms, {"x": x, "length": length})[0]
    assert (found.raw.sign, found.controlled.sign) == (-1, 1)
    assert (found.raw.rows, found.controlled.rows) == (600, 200)
    assert not found.signs_differ


def test_a_text_length_is_controlled_for_even_when_only_confounders_are() -> None:
    norms, columns = scene()
    columns |= {"depth": np.arange(400.0), "site": np.arange(400.0) % 7}
    found = {a.covariate: a.controls for a in associate(norms, columns, given="confounders", confounders=["site"], resamples=99)}
    assert found["frequency"] == found["depth"] == ("token_count", "site")
    assert found["site"] == ("token_count",)


LENGTHS = ["length", "Text Length", "n_tokens", "num-words", "token_count", "tokens", "char_count", "title_length", "words"]


@pytest.mark.parametrize("name", LENGTHS)
def test_lengths_are_known_by_their_names(name: str) -> None:
    assert is_length(name)


@pytest.mark.parametrize("name", ["frequency", "wavelength_nm", "tokenizer", "depth", "lengthening", "keyword"])
def test_other_names_are_no_lengths(name: str) -> None:
    assert not is_length(name)


def test_missing_values_are_dropped_in_pairs_and_counted() -> None:
    norms, columns = scene()
    norms[:10] = np.nan
    columns["frequency"][5:30] = np.nan
    frequency, length = associate(norms, columns)
    assert (frequency.missing, frequency.raw.rows, frequency.controlled.rows) == (30, 370, 370)
    assert (length.missing, length.raw.rows, length.controlled.rows) == (10, 390, 370)


def test_a_constant_covariate_is_said_to_be_constant_and_controls_nothing() -> None:
    norms, columns = scene()
    columns["language"] = np.ones(400)
    language, frequency = (next(a for a in associate(norms, columns) if a.covariate == name) for name in ("language", "frequency"))
    assert language.raw.reason == language.controlled.reason == "the covariate is constant"
    assert math.isnan(language.raw.value)
    assert math.isnan(language.raw.adjusted_p)
    assert frequency.controls == ("token_count",)
    assert associate(np.ones(400), columns)[0].raw.reason == "the norm is constant"


def test_a_covariate_that_the_controls_determine_is_said_to_be_so() -> None:
    norms, columns = scene()
    columns["characters"] = columns["token_count"] ** 2
    found = {a.covariate: a for a in associate(norms, columns)}
    assert "determine" in found["characters"].controlled.reason
    assert not found["characters"].raw.reason
    assert found["frequency"].controlled.value == pytest.approx(associate(*scene())[0].controlled.value, abs=2.0**-40)


def test_few_rows_and_few_groups_have_no_interval() -> None:
    norms, columns = scene(400)
    few = associate(norms[:3], {"x": columns["frequency"][:3]})[0].raw
    assert math.isnan(few.value)
    assert few.reason == "3 rows have all values, 2 variables need 4"
    five = associate(norms, columns, group=np.arange(400) % 5)[0].raw
    assert five.reason == "5 independent groups, an interval at level 0.95 needs 6"
    assert five.value == associate(norms, columns)[0].raw.value
    assert math.isnan(five.p_value)


def test_a_group_column_is_taken_by_name_or_as_labels_and_counts_signs() -> None:
    norms, columns = scene()
    label = np.array(["abcdefgh"[k % 8] for k in range(400)])
    named = associate(norms, {**columns, "site": label}, group="site")
    assert [a.covariate for a in named] == ["frequency", "token_count"]
    assert named == associate(norms, columns, group=label)
    frequency = named[0]
    assert frequency.raw.clusters == 8
    assert frequency.raw_by_group is not None
    assert frequency.controlled_by_group is not None
    assert frequency.controlled_by_group.positive == frequency.controlled_by_group.agreeing(frequency.controlled.value) == 8
    assert frequency.controlled_by_group.consistent


def test_a_reference_takes_away_what_both_models_have() -> None:
    norms, columns = scene()
    rng = np.random.default_rng(5)
    untrained = 20 - 0.2 * columns["token_count"] + rng.standard_normal(400)
    untrained[:7] = np.nan
    frequency, length = associate(norms, columns, reference=untrained)
    for found in (frequency, length):
        assert found.reference is not None
        assert found.difference is not None
        assert found.reference.rows == found.difference.rows == 393
    assert frequency.difference is not None
    assert frequency.difference.sign == 1
    same = associate(norms, columns, reference=norms)[0].difference
    assert same is not None
    assert (same.value, same.low, same.high, same.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_p_values_are_adjusted_by_holm_unless_told_otherwise() -> None:
    norms, columns = scene(60)
    columns["noise"] = np.random.default_rng(0).standard_normal(60)
    held, bare = associate(norms, columns), associate(norms, columns, correction="none")
    assert [a.raw.adjusted_p for a in bare] == [a.raw.p_value for a in held]
    assert sorted(a.raw.adjusted_p for a in held)[0] == 3 * min(a.raw.p_value for a in held)


def test_a_seed_reproduces_whatever_the_threads() -> None:
    norms, columns = scene()
    first = associate(norms, columns, seed=4, threads=1)
    assert first == associate(norms, columns, seed=4, threads=3)
    assert first != associate(norms, columns, seed=5, threads=1)


def test_only_the_order_of_values_matters() -> None:
    norms, columns = scene()
    assert associate(norms, columns) == associate(np.log(norms + 100), {name: np.exp(column / 10) for name, column in columns.items()})


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    associate(*scene(), resamples=99, progress=lambda *what: told.append(what))
    assert told == [("ranks", 0, 1), ("associations", 1, 3), ("bootstrap", 2, 3)]
    norms, columns = scene()
    columns["frequency"][0] = np.nan
    told.clear()
    associate(norms, columns, resamples=99, progress=lambda *what: told.append(what))
    assert told == [("ranks", 0, 1), ("associations", 1, 4), ("associations", 2, 4), ("bootstrap", 3, 4)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"norms": np.ones((2, 2))}, r"norms has shape \(2, 2\)"),
        ({"norms": np.array([])}, r"norms has shape \(0,\)"),
        ({"norms": ["a", "b"]}, "norms is text"),
        ({"covariates": {}}, "covariates has no columns"),
        ({"covariates": {"x": np.arange(3.0)}}, r"covariates\['x'\] has shape \(3,\)"),
        ({"covariates": {"x": np.array(["a"] * 400)}}, r"covariates\['x'\] is text.*group"),
        ({"confounders": ["age"]}, "column = 'age' must be one of frequency, token_count"),
        ({"group": "site"}, "group = 'site' must be a column: frequency, token_count"),
        ({"group": np.arange(3)}, r"group has shape \(3,\)"),
        ({"group": np.where(np.arange(400) == 7, np.nan, 1.0)}, r"group\[7\] is missing"),
        ({"reference": np.ones(7)}, r"reference has shape \(7,\)"),
        ({"control": "linear"}, "control = 'linear' must be one of shapes, ranks"),
        ({"family": 0}, "family = 0 must be between 1"),
        ({"given": "none"}, "given = 'none' must be one of all, confounders"),
        ({"correction": "bonferroni"}, "correction = 'bonferroni' must be one of holm"),
        ({"resamples": 10}, "resamples = 10 must be between 99"),
        ({"seed": -1}, "seed = -1 must be between 0"),
        ({"level": 1.0}, "level = 1 must be at most"),
    ],
)
def test_wrong_arguments_are_named(change: dict[str, object], message: str) -> None:
    norms, columns = scene()
    with pytest.raises(InvalidInput, match=message):
        associate(**{"norms": norms, "covariates": columns, **change})  # type: ignore[arg-type]
