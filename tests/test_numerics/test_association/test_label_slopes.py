"""A number whose curve is another one at each label, shared by norm and covariate and nothing else: no association is claimed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

pytest.importorskip("sklearn", reason="needs scikit-learn")

from numerics.association import Estimate, partialling
from numerics.association.bounds import bounded
from numerics.association.controlled import controlled
from numerics.association.ranks import ranked
from numerics.association.slopes import by_label, pooled
from numerics.categories import categories
from numerics.resampling.bootstrap import resample
from numerics.resampling.clusters import clusters_of
from tests.conftest import PROFILE

SETS = 200 if PROFILE == "thorough" else 4
LEVEL, LABELS = 0.95, 10


def found(seed: int, rows: int = 400, joined: float = 0.0) -> Estimate:
    """An outside reader's worlds: a level and the sign of a slope for each of ten labels."""
    rng = np.random.default_rng([seed, 77])
    label, z = rng.integers(0, LABELS, rows), rng.standard_normal(rows)
    mean = rng.standard_normal(LABELS)[label] + z * rng.choice([-1, 1], LABELS)[label] + joined * rng.standard_normal(rows)
    norm, x = mean + 0.5 * rng.standard_normal((2, rows))
    held, clusters = [ranked(z), categories("label", [f"l{k}" for k in label], rows)], clusters_of(None, rows, seed)
    told = controlled([ranked(norm), ranked(x)], held, None, clusters, seed)
    drawn = resample(np.array([told.value]), told.deviations[:, None], told.sizes[:, None], 399, seed, "correlation", 1)
    return bounded(Estimate(told.value), drawn, 0, LEVEL, 1, told.reach)


def claims(joined: float = 0.0, sets: int = SETS) -> int:
    return sum(not e.low <= 0 <= e.high for e in (found(seed, joined=joined) for seed in range(sets)))


def test_slopes_that_differ_by_label_are_found_at_the_nominal_rate(rate: Callable[[int, int], None]) -> None:
    claimed = claims()
    rate(claimed, SETS)
    assert claimed <= stats.binom.isf(1e-3, SETS, 1 - LEVEL)


def test_without_curves_by_label_they_are_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: products of ranks and indicators, and trees."""
    monkeypatch.setattr(partialling, "by_label", lambda scores: np.zeros((len(scores), 0)))
    assert claims(sets=8) > stats.binom.isf(1e-2, 8, 1 - LEVEL)


def test_what_is_joined_besides_is_found() -> None:
    """A correlation of 0.39 of the rest in 400 rows, of which curves take 40: seven standard errors."""
    assert claims(joined=0.4, sets=2) == 2


def test_curves_are_of_each_label_alone_and_fewer_where_there_is_no_room() -> None:
    rng = np.random.default_rng(0)
    label, z = rng.integers(0, 3, 90), rng.random((90, 1)) - 0.5
    scores = np.hstack([z, (label[:, None] == [1, 2]) - 0.3])
    made = by_label(scores)
    assert made.shape == (90, 6)
    assert not np.any(made[label == 0])
    np.testing.assert_array_equal(made[label == 1, 0], 12**0.5 * z[label == 1, 0])
    assert by_label(z).shape == by_label(scores[:, 1:]).shape == (90, 0)
    many = (np.arange(400)[:, None] % 200 == np.arange(1, 200)) * 1.0
    assert by_label(np.hstack([rng.random((400, 1)), many])).shape == (400, 199)


def test_pooled_curves_are_of_other_rows_and_nothing_where_there_is_nothing() -> None:
    """Against ridge regressions on the rows of the other folds, and for noise."""
    rng = np.random.default_rng(1)
    columns, folds = rng.standard_normal((300, 20)), np.arange(300) % 5
    told = columns @ rng.standard_normal(20)
    targets = np.stack([told + rng.standard_normal(300), rng.standard_normal(300)])
    out = pooled(targets, columns, folds)
    rest, held = columns[folds != 2], columns[folds == 2]
    by_hand = [held @ np.linalg.solve(rest.T @ rest + p * np.eye(20), rest.T @ targets[0, folds != 2]) for p in (0.1, 1.0, 10.0, 100.0)]
    assert any(np.allclose(out[0, folds == 2], one, rtol=1e-9, atol=1e-9) for one in by_hand)
    assert not np.any(out[1])
    assert np.mean((out[0] - told) ** 2) < 0.2


def left_of_slopes(seed: int) -> float:
    """Of 24 labels with 9 rows each, too few for curves in the polynomial: the share of the slopes' squares that residuals still have."""
    rng, labels, rows = np.random.default_rng([seed, 5]), 24, 24 * 9
    label, z = np.arange(rows) % labels, rng.standard_normal(rows)
    slopes = z * rng.choice([-1.0, 1.0], labels)[label]
    scores = np.column_stack([stats.rankdata(z) / rows - 0.5, (label[:, None] == np.arange(1, labels)) - 1 / labels])
    folds = partialling.folds_of(np.arange(rows, dtype=np.int32), seed)
    left = partialling.partialled((slopes + 0.3 * rng.standard_normal(rows))[None], scores, folds, seed).residuals[0]
    return float((left @ slopes) ** 2 / (slopes @ slopes) ** 2)


def test_curves_that_the_polynomial_has_no_room_for_are_shrunk_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    told = np.mean([left_of_slopes(seed) for seed in range(6)])
    monkeypatch.setattr(partialling, "pooled", lambda targets, *_: np.zeros_like(targets))
    assert told < 0.5 * np.mean([left_of_slopes(seed) for seed in range(6)])
