"""What follows the controls in any shape, and nothing else, is found at the nominal rate; what is joined besides is found.

The profile thorough draws 200 worlds of each shape, 1400 in all; else a few of each are counted together. Counts are within the
binomial interval at error rate `CHANCE` of the nominal rate, for fixed seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy import stats

pytest.importorskip("sklearn", reason="needs scikit-learn")

from numerics.association import Estimate, associate, controlled, partialling, power_law
from numerics.resampling.clusters import clusters_of
from tests.conftest import PROFILE
from tests.test_numerics.test_association.shaped_worlds import LEVEL, SHAPES, estimate, world

CHANCE = 1e-3
Rate = Callable[[int, int], None]
THOROUGH = PROFILE == "thorough"
ROWS = 600
SETS = 200 if THOROUGH else 2
BENT = [shape for shape in SHAPES if shape != "linear"]


def most(sets: int) -> int:
    return int(stats.binom.isf(CHANCE, sets, 1 - LEVEL))


@cache
def estimates(shape: str, sets: int, joined: float = 0.0, noise: float = 1.0, control: str = "shapes", group: int = 0) -> list[Estimate]:
    drawn = [world(shape, ROWS, np.random.default_rng([seed, 9]), noise, joined, group) for seed in range(sets)]
    return [estimate(held, seed, control, group) for seed, held in enumerate(drawn)]


def findings(found: list[Estimate]) -> int:
    return sum(e.p_value <= 1 - LEVEL for e in found)


def judged(found: list[Estimate], rate: Rate) -> None:
    rate(findings(found), len(found))
    assert findings(found) <= most(len(found))


def test_what_follows_the_controls_alone_is_found_at_the_nominal_rate_over_all_shapes(rate: Rate) -> None:
    found = [e for shape in SHAPES for e in estimates(shape, SETS)]
    judged(found, rate)
    assert all((e.p_value <= 1 - LEVEL) == (not e.low <= 0 <= e.high) for e in found if abs(e.p_value - 1 + LEVEL) > 0.01)


@pytest.mark.thorough
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_so_for_each_shape(shape: str, rate: Rate) -> None:
    judged(estimates(shape, SETS), rate)


@pytest.mark.thorough
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_so_for_a_norm_that_is_a_function_of_the_controls_and_little_else(shape: str, rate: Rate) -> None:
    judged(estimates(shape, SETS, noise=0.05), rate)


@pytest.mark.thorough
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_so_for_groups(shape: str, rate: Rate) -> None:
    judged(estimates(shape, SETS, group=10), rate)


@pytest.mark.parametrize("shape", BENT)
def test_a_control_by_ranks_finds_what_the_controls_alone_say(shape: str) -> None:
    """The broken variant: partial Spearman correlations."""
    assert findings(estimates(shape, 40, control="ranks")) > most(40)


def test_without_the_remainder_products_of_signs_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: residuals alone, as if trees left nothing of the means."""
    sets = 8
    monkeypatch.setattr(controlled, "remainder", lambda *_: np.zeros((2, 2)))
    bare = [estimate(world("product of signs", ROWS, np.random.default_rng([seed, 9])), seed) for seed in range(sets)]
    assert findings(bare) > most(sets)


@pytest.mark.parametrize("shape", SHAPES if THOROUGH else ["linear", "step"])
def test_what_is_joined_besides_is_found(shape: str) -> None:
    """A correlation of 0.4 of the noises in 600 rows is ten standard errors, of which what the fits leave takes some."""
    sets = SETS if THOROUGH else 4
    found = estimates(shape, sets, joined=0.4)
    assert findings(found) >= stats.binom.ppf(CHANCE, sets, LEVEL)
    assert all(e.value > 0 for e in found)


def test_where_ranks_are_linear_the_control_for_shapes_costs_next_to_nothing() -> None:
    """The power against the linear control's: intervals as wide, within the error of a bootstrap of 399 (3 in 399^(1/2) / 2)."""
    pairs = [[estimate(held, seed, control) for control in ("shapes", "ranks")]
             for seed, held in enumerate(world("linear", ROWS, np.random.default_rng([s, 9]), 1.0, 0.2) for s in range(6))]  # fmt: skip
    widths = np.median([(a.high - a.low) / (b.high - b.low) for a, b in pairs])
    assert abs(widths - 1) < 1.5 / np.sqrt(399)


def test_an_exponent_beside_a_bend_is_found_where_ranks_give_twice_as_much() -> None:
    rng = np.random.default_rng(0)
    z = rng.standard_normal((2, 600))
    count = np.exp(np.abs(z[0]) + rng.standard_normal(600))
    norms = count**0.25 * np.exp(np.abs(z[0]) + 0.3 * rng.standard_normal(600))
    controls = {"a": z[0], "b": z[1]}
    shaped, by_ranks = (power_law(norms, count, controls, control=kind) for kind in ("shapes", "ranks"))
    assert shaped.low <= 0.25 <= shaped.high
    assert by_ranks.low > 0.25


def test_more_rows_than_are_used_are_drawn_by_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controlled, "MOST_ROWS", 300)
    monkeypatch.setattr(partialling, "MOST_FITTED", 100)
    held = world("linear", 500, np.random.default_rng(0))
    clusters = clusters_of(None, 500, 0)
    one, same, two = (controlled.controlled(held[:2], held[2:], None, clusters, seed) for seed in (0, 0, 1))
    assert np.count_nonzero(one.rows) == np.sum(one.sizes) == 300
    assert one.value == same.value != two.value
    rng = np.random.default_rng(1)
    columns = {"x": rng.standard_normal(500), "y": rng.standard_normal(500)}
    found = associate(rng.random(500), columns, resamples=99)[0]
    assert (found.raw.rows, found.controlled.rows) == (500, 300)


def test_leaving_out_a_cluster_is_regressing_without_it() -> None:
    """Against the definition: residuals of the rows that are left, on the basis in those rows, ranks and predictions as they are."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(np.column_stack([np.ones(60), rng.standard_normal((60, 3))]))[0]
    targets = rng.standard_normal((2, 60))
    left = targets - (targets @ basis) @ basis.T
    for codes in (np.arange(60, dtype=np.int32), (np.arange(60) // 7).astype(np.int32)):
        sizes = np.bincount(codes).astype(float)
        rho = float(np.corrcoef(left)[0, 1])
        expected = []
        for g in range(len(sizes)):
            kept = codes != g
            again = [t - basis[kept] @ np.linalg.lstsq(basis[kept], t, rcond=None)[0] for t in targets[:, kept]]
            expected.append((60 - sizes[g]) * (rho - again[0] @ again[1] / np.linalg.norm(again[0]) / np.linalg.norm(again[1])))
        found = controlled._left_out(controlled._without(left, basis, codes, sizes), sizes, rho)
        # 60 rows times a correlation of sums of 60 products, regressed on 4 columns, of which a cluster takes less than 15/16
        np.testing.assert_allclose(found, expected, atol=60 * 3 * (60 + 4) * 4**2 * 16 * 2.0**-53, rtol=0)
    assert np.std(found) > 0.1
