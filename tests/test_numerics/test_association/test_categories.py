"""Norm and covariate that both follow a column of text are claimed without it and not with it; what is joined within labels is found.

Counts are within the binomial interval at error rate `CHANCE` of the nominal rate, for fixed seeds; 200 sets in the profile thorough.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy import stats

pytest.importorskip("sklearn", reason="needs scikit-learn")

from numerics.association import Association, associate, inputs, power_law
from numerics.association.columns import columns_of, ranked_columns
from numerics.association.correlation import partial_spearman
from numerics.association.deviations import by_cluster
from numerics.association.partialling import _PER_COLUMN, FOLDS
from numerics.association.ranks import Floats, ranked
from numerics.categories import FEWEST_ROWS, MOST_CATEGORIES, categories
from numerics.resampling.clusters import clusters_of
from numerics.validation import InvalidInput
from tests.conftest import PROFILE

CHANCE, LEVEL, ROWS = 1e-3, 0.95, 300
THOROUGH = PROFILE == "thorough"
SETS = 200 if THOROUGH else 6
LABELS = np.array(["de", "en", "fi", "ja", "zu"])  # in whose order nothing goes up or down: places in the middle are highest and lowest
EFFECTS = np.array([0.2, 2.0, -2.0, 1.0, -1.2])
Rate = Callable[[int, int], None]


def world(seed: int, joined: float = 0.0) -> tuple[Floats, dict[str, object]]:
    """Log norm and covariate: an effect of the language, and noises of correlation ``joined``; a length besides."""
    rng = np.random.default_rng([seed, 21])
    language = rng.choice(5, ROWS, p=[0.3, 0.25, 0.2, 0.15, 0.1])
    own, other = rng.standard_normal((2, ROWS))
    x = EFFECTS[language] + joined * own + np.sqrt(1 - joined**2) * other
    return np.exp(0.3 * (EFFECTS[language] + own)), {"x": x, "tokens": rng.integers(3, 60, ROWS), "lang": LABELS[language]}


def asked(seed: int, held: str, control: str = "shapes", joined: float = 0.0) -> Association:
    """Of x: "none" without the language, "labels" with it, "numbers" with the place of the label as a number (the broken variant)."""
    norms, columns = world(seed, joined)
    if held == "numbers":
        columns["lang"] = np.searchsorted(LABELS, columns["lang"])
    elif held == "none":
        del columns["lang"]
    named = [] if held == "none" else ["lang"]
    return associate(norms, columns, confounders=named, control=control, resamples=199, seed=seed)[0]


@cache
def claims(held: str, control: str, joined: float = 0.0, sets: int = SETS) -> int:
    return sum(asked(seed, held, control, joined).controlled.sign != 0 for seed in range(sets))


@pytest.mark.parametrize("control", ["shapes", "ranks"])
def test_what_both_follow_a_language_is_claimed_without_it_and_not_with_it(control: str, rate: Rate) -> None:
    assert claims("none", control) == SETS
    rate(claims("labels", control), SETS)
    assert claims("labels", control) <= stats.binom.isf(CHANCE, SETS, 1 - LEVEL)


def test_labels_taken_as_numbers_control_for_nothing_of_the_kind() -> None:
    """The broken variant: codes in the order of the alphabet instead of indicators."""
    assert claims("numbers", "ranks") > stats.binom.isf(CHANCE, SETS, 1 - LEVEL)


@pytest.mark.parametrize("control", ["shapes", "ranks"])
def test_what_is_joined_within_languages_is_found(control: str) -> None:
    """A correlation of 0.4 of the noises in 300 rows is seven standard errors."""
    sets = SETS if THOROUGH else 4
    assert claims("labels", control, 0.4, sets) >= stats.binom.ppf(CHANCE, sets, LEVEL)
    assert asked(0, "labels", control, 0.4).controls == ("tokens", "lang")


@pytest.mark.parametrize("joined", [0.0, 0.5])
def test_a_control_by_ranks_is_a_regression_with_indicators(joined: float) -> None:
    """As statsmodels' OLS with C(lang) has it: of the ranks' residuals, to its rounding."""
    formulas = pytest.importorskip("statsmodels.formula.api", reason="needs statsmodels")
    norms, columns = world(3, joined)
    frame = pytest.importorskip("pandas", reason="needs pandas").DataFrame
    table = frame({"norm": stats.rankdata(norms), "x": stats.rankdata(columns["x"]), "t": stats.rankdata(columns["tokens"]),
                   "lang": columns["lang"]})  # fmt: skip
    left = [formulas.ols(f"{name} ~ t + C(lang)", table).fit().resid for name in ("norm", "x")]
    found = associate(norms, columns, confounders=["lang"], control="ranks", resamples=99)[0]
    assert found.controlled.value == pytest.approx(np.corrcoef(*left)[0, 1], abs=1e-9)


def test_an_exponent_beside_labels_is_that_of_a_regression_with_indicators() -> None:
    formulas = pytest.importorskip("statsmodels.formula.api", reason="needs statsmodels")
    norms, columns = world(4)
    count = np.exp(np.asarray(columns["x"]))
    frame = pytest.importorskip("pandas", reason="needs pandas").DataFrame
    table = frame({"y": np.log(norms * count**0.25), "x": np.log(count), "lang": columns["lang"]})
    fitted = formulas.ols("y ~ x + C(lang)", table).fit()
    by_ranks, shaped = (power_law(norms * count**0.25, count, {"lang": columns["lang"]}, control=kind) for kind in ("ranks", "shapes"))
    assert by_ranks.value == pytest.approx(fitted.params["x"], abs=1e-9)
    assert shaped.low <= 0.25 <= shaped.high


def test_leaving_out_a_group_is_measuring_without_it() -> None:
    """Deviations of the control by ranks against the definition, with a label all of whose rows are in one group."""
    norms, columns = world(5)
    group = np.where(columns["lang"] == "zu", 0, 1 + np.arange(ROWS) % 40)
    held = [ranked(np.log(norms)), ranked(np.asarray(columns["x"])), *ranked_columns(categories("lang", columns["lang"]))]
    clusters = clusters_of(group, ROWS, 0)
    found = by_cluster(held, None, clusters.codes, clusters.count, exact=True)

    def without(g: int | None) -> float:
        rows = np.ones(ROWS, np.bool_) if g is None else clusters.codes != g
        indicators = [1.0 * (columns["lang"][rows] == label) for label in LABELS]
        return partial_spearman(norms[rows], np.asarray(columns["x"])[rows], np.stack(indicators, axis=1))

    sizes = np.bincount(clusters.codes)
    changes = np.array([(ROWS - size) * (without(None) - without(g)) for g, size in enumerate(sizes)])
    assert np.allclose(found, changes - sizes * changes.sum() / ROWS, atol=1e-9)


def test_a_covariate_that_labels_determine_is_not_measured() -> None:
    norms, columns = world(6)
    country = EFFECTS[np.searchsorted(LABELS, columns["lang"])]
    for control in ("shapes", "ranks"):
        found = associate(norms, {"x": country, "lang": columns["lang"]}, confounders=["lang"], control=control, resamples=99)[0]
        assert found.controlled.reason == "the controls determine the ranks of one of the two"
        assert power_law(norms, np.exp(country), {"lang": columns["lang"]}, control=control).reason.startswith("not measured")


def test_rows_of_rare_labels_are_left_out_of_what_is_controlled() -> None:
    """Together as "other" they would be controlled by nothing: here norm and covariate follow them as they do the others."""
    rng = np.random.default_rng(7)
    label = np.concatenate([np.repeat(["de", "en"], 100), np.repeat([f"r{i}" for i in range(40)], 5)])
    effect = dict(zip(np.unique(label), rng.standard_normal(42) * 3, strict=True))
    mean = np.array([effect[name] for name in label])
    columns = {"x": mean + rng.standard_normal(400), "lang": label}
    norms = np.exp(mean + rng.standard_normal(400))
    found = associate(norms, columns, confounders=["lang"], resamples=199)[0]
    assert (found.raw.rows, found.controlled.rows) == (400, 200)
    assert found.controlled.sign == 0
    other = np.where(np.char.startswith(label, "r"), "other", label)
    assert associate(norms, columns | {"lang": other}, confounders=["lang"], resamples=199)[0].controlled.sign == 1


def test_columns_are_indicators_of_all_but_the_largest_label() -> None:
    held = categories("lang", ["b"] * 20 + ["a"] * 30 + [""] * 2 + ["rare"] * 3 + ["c"] * 15)
    assert held.counts == {"b": 20, "a": 30, "c": 15}
    assert (held.rare, held.rare_rows, held.missing) == (("rare",), 3, 2)
    columns = columns_of([held], held.present)
    assert np.allclose(columns.mean(axis=0), 0)
    assert [len(np.unique(column)) for column in columns.T] == [2, 2]
    assert held.taken(np.arange(20, 55)).counts == {"a": 30}


def test_the_fewest_rows_are_those_that_fits_need() -> None:
    assert FEWEST_ROWS == -(-_PER_COLUMN * FOLDS // (FOLDS - 1))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([f"w{i}" for i in range(60)], "has 60 different labels in 60 rows, must have at most half as many: it looks like an identifier"),
        (["a", "b", "c", "d", "e", "f"] * 10, "has 6 labels of 10 rows at most, must have one of 13 rows or more"),
        (np.repeat([f"w{i}" for i in range(MOST_CATEGORIES + 1)], FEWEST_ROWS), f"are {MOST_CATEGORIES + 1} (lang {MOST_CATEGORIES + 1}),"
                                                                                 f" must be at most {MOST_CATEGORIES}"),
        (["a"] * 59, "has 59 rows, must have one label a row: 60"),
    ],
)  # fmt: skip
def test_labels_that_nothing_can_be_controlled_by_are_refused(labels: list[str], words: str) -> None:
    rows = len(labels) if len(labels) != 59 else 60
    with pytest.raises(InvalidInput) as refused:
        associate(np.arange(1.0, rows + 1), {"x": np.arange(rows) % 7, "lang": labels}, confounders=["lang"], resamples=99)
    assert words in str(refused.value)


def test_text_that_is_no_confounder_is_refused_with_what_it_may_be() -> None:
    with pytest.raises(InvalidInput, match="is text, must be numbers; a column of labels can be the group or a confounder"):
        inputs.study(np.ones(4), {"x": ["a", "b", "a", "b"]}, (), None, None, "all", "holm", 99, 0, 0.95)
