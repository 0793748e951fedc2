"""The exponent: against least squares of other libraries, its coverage, and the exponents that it tells apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from scipy import stats

from numerics.association import exponents, power_law
from numerics.association.ranks import average_ranks
from numerics.validation import InvalidInput
from tests.conftest import PROFILE

CHANCE = 1e-3
SETS = 1000 if PROFILE == "thorough" else 200
Floats = np.ndarray
by_ranks = partial(power_law, control="ranks")  # that for shapes: `test_shapes`


def world(rng: np.random.Generator, rows: int, exponent: float, groups: int = 0) -> tuple[Floats, Floats, Floats, Floats | None]:
    """Norms, a covariate, a control that both depend on (the norm on its ranks), and the group, whose rows share noise."""
    control = rng.standard_normal(rows)
    group = None if not groups else np.repeat(np.arange(groups), -(-rows // groups))[:rows]
    noise = 0.3 * rng.standard_normal(rows) * (1 + control**2)  # heteroscedastic
    if group is not None:
        noise += 0.3 * rng.standard_normal(groups)[group]
    x = np.exp(control + rng.standard_normal(rows))
    return x**exponent * np.exp(2 * (average_ranks(control) - 0.5) / rows + noise), x, control, group


def least_squares(norms: Floats, x: Floats, controls: list[Floats]) -> float:
    design = np.column_stack([np.log(x), np.ones(len(x)), *(average_ranks(c) for c in controls)])
    return float(np.linalg.lstsq(design, np.log(norms), rcond=None)[0][0])


def condition_bound(x: Floats, controls: list[Floats]) -> float:
    """Relative rounding of a slope by least squares: n eps times the square of the condition of the standardised design."""
    columns = np.column_stack([np.log(x), *(average_ranks(c) for c in controls)])
    design = np.column_stack([np.ones(len(x)), (columns - columns.mean(0)) / columns.std(0)])
    return float(len(x) * 2.0**-52 * np.linalg.cond(design) ** 2)


@pytest.mark.parametrize("rows", [50, 3000])
def test_the_slope_is_that_of_least_squares(rows: int) -> None:
    norms, x, control, _ = world(np.random.default_rng(rows), rows, 0.25)
    other = np.random.default_rng(1).integers(0, 4, rows).astype(float)  # ties
    for controls in ([], [control], [control, other], [control, other, 2 * control + 1]):
        found = by_ranks(norms, x, {str(i): c for i, c in enumerate(controls)}, resamples=99)
        independent = controls[:2]
        scale = np.std(np.log(norms)) / np.std(np.log(x))
        assert abs(found.value - least_squares(norms, x, independent)) <= 2 * condition_bound(x, independent) * scale
    assert power_law(norms, x, resamples=99).value != pytest.approx(found.value, rel=1e-3)  # the controls matter


def test_blocks_change_nothing_but_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    norms, x, control, _ = world(np.random.default_rng(3), 500, 0.25)
    whole = by_ranks(norms, x, {"c": control}, resamples=99)
    monkeypatch.setattr(exponents, "_BLOCK", 37)
    split = by_ranks(norms, x, {"c": control}, resamples=99)
    bound = 2 * condition_bound(x, [control]) * np.std(np.log(norms)) / np.std(np.log(x))
    assert abs(split.value - whole.value) <= bound


def test_errors_are_those_of_a_cluster_robust_regression() -> None:
    """CR1 of statsmodels has the factor (n - 1) / (n - k) more, and no more: k = 3 of 600 rows."""
    sm = pytest.importorskip("statsmodels.api", reason="needs statsmodels")
    norms, x, control, group = world(np.random.default_rng(5), 600, 0.25, 40)
    design = np.column_stack([np.log(x), np.ones(600), average_ranks(control)])
    other = sm.OLS(np.log(norms), design).fit(cov_type="cluster", cov_kwds={"groups": group})
    found = by_ranks(norms, x, {"c": control}, group=group, resamples=999)
    assert found.value == pytest.approx(other.params[0], rel=1e-9)
    half = (found.high - found.low) / 2
    error = other.bse[0] / np.sqrt(599 / 597)
    # the interval is never narrower than Student's with this error, 39 degrees of freedom
    assert half >= stats.t.ppf(0.975, 39) * error * (1 - 1e-9)
    # 999 resamples know a quantile of |t| no better than the order statistics of that chance
    assert half <= stats.t.ppf(1 - 0.025 / 4, 39) * error


def inside(draw: Callable[[np.random.Generator], tuple[Floats, Floats, Floats, Floats | None]], truth: float) -> int:
    count = 0
    for seed in range(SETS):
        norms, x, control, group = draw(np.random.default_rng([seed, 11]))
        found = by_ranks(norms, x, {"c": control}, group=group, resamples=399, seed=seed, threads=1)
        count += found.low <= truth <= found.high
    return count


@pytest.mark.parametrize(("truth", "groups"), [(0.0, 0), (0.25, 0), (0.0, 30)])
def test_intervals_cover_the_truth_at_least_as_often_as_they_say(truth: float, groups: int) -> None:
    found = inside(lambda rng: world(rng, 240, truth, groups), truth)
    assert found >= stats.binom.ppf(CHANCE, SETS, 0.95)


def test_a_wrong_truth_is_covered_too_seldom() -> None:
    assert inside(lambda rng: world(rng, 240, 0.25), 0.45) < stats.binom.ppf(CHANCE, SETS, 0.95)


def test_intervals_that_forget_the_groups_cover_too_seldom() -> None:
    def forgetful(rng: np.random.Generator) -> tuple[Floats, Floats, Floats, None]:
        group = np.repeat(np.arange(12), 20)
        shared_x, shared_noise = rng.standard_normal((2, 12))
        x = np.exp(shared_x[group] + 0.2 * rng.standard_normal(240))
        return np.exp(shared_noise[group] + 0.2 * rng.standard_normal(240)), x, rng.standard_normal(240), None

    assert inside(forgetful, 0.0) < stats.binom.ppf(CHANCE, SETS, 0.95)


def test_a_quarter_is_told_from_three_tenths() -> None:
    rng = np.random.default_rng(8)
    x = np.exp(rng.standard_normal(4000))
    noise = np.exp(0.2 * rng.standard_normal(4000))
    quarter, more = (power_law(x**b * noise, x, level=1 - CHANCE, resamples=9999) for b in (0.25, 0.3))
    assert quarter.low <= 0.25 <= quarter.high < 0.3
    assert more.low > 0.25


DETERMINED = "not measured: the controls determine it"


@pytest.mark.parametrize("control", ["shapes", "ranks"])
@pytest.mark.parametrize("kind", ["a copy", "monotone", "counts", "parity"])
def test_columns_that_determine_each_other_have_no_exponent(kind: str, control: str) -> None:
    rng = np.random.default_rng(4)
    x = np.exp(rng.standard_normal(400))
    cycle = np.arange(400) % 97
    x, other = {
        "a copy": (x, x), "monotone": (x, x**3), "counts": (cycle + 1.0, cycle + 0.0), "parity": (1.0 + cycle % 2, cycle + 0.0),
    }[kind]  # fmt: skip
    found = power_law(x**-0.5 * np.exp(rng.standard_normal(400)), x, {"c": other, "again": other}, control=control, resamples=199)
    if control == "shapes" or kind != "parity":  # a regression linear in ranks sees no parity, and the slope beside it has a meaning
        assert (np.isnan(found.value), found.reason) == (True, DETERMINED)


def test_a_column_that_only_goes_with_another_has_an_exponent() -> None:
    rng = np.random.default_rng(5)
    x = np.exp(rng.standard_normal(400))
    near = x * np.exp(0.05 * rng.standard_normal(400))
    found = power_law(x**-0.5 * np.exp(0.1 * rng.standard_normal(400)), x, {"c": near}, resamples=199)
    assert found.reason == ""
    assert found.low < -0.5 < found.high


def test_what_leaves_nothing_gives_a_reason_and_no_number() -> None:
    rng = np.random.default_rng(2)
    norms, x = np.exp(rng.standard_normal((2, 60)))
    constant = power_law(norms, np.full(60, 3.0))
    assert (np.isnan(constant.value), constant.reason) == (True, "not measured: the covariate is constant")
    ranks = average_ranks(x)
    assert np.isnan(power_law(norms, np.exp(ranks / 60), {"c": ranks}).value)
    few = power_law(norms, np.where(np.arange(60) < 3, x, 0.0), {"c": norms})
    assert "3 rows have all values above 0, a slope needs 4" in few.reason
    empty = power_law(norms, x, {"c": np.full(60, np.nan)})
    assert (empty.rows, np.isnan(empty.value)) == (0, True)
    some = power_law(norms, x, group=np.arange(60) % 4)
    assert np.isfinite(some.value)
    assert np.isnan(some.low)
    assert "independent groups" in some.reason


def test_missing_values_and_zeros_are_left_out() -> None:
    norms, x, control, _ = world(np.random.default_rng(4), 100, 0.25)
    norms[3], x[5], x[6], control[7] = np.nan, np.nan, 0.0, np.nan
    kept = np.setdiff1d(np.arange(100), [3, 5, 6, 7])
    found = by_ranks(norms, x, {"c": control}, resamples=99)
    assert found.rows == 96
    assert found.value == by_ranks(norms[kept], x[kept], {"c": control[kept]}, resamples=99).value


@pytest.mark.parametrize("arguments", [{"level": 0.4}, {"resamples": 3}, {"seed": -1}, {"controls": {"c": [1.0]}}])
def test_arguments_out_of_bounds_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        power_law([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], **arguments)  # type: ignore[arg-type]
