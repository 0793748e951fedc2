"""Where the detector's decisions turn: equal norms, parts with valleys between, what strays may hide. Each against its definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm as normal

from numerics.norm_signal import untrained
from numerics.norm_signal.entry_laws import LAWS, EntryLaw
from numerics.norm_signal.floors import PRECISIONS, floor
from numerics.norm_signal.levels import densest, equal_norms, levels
from numerics.norm_signal.records import ERROR_RATE
from numerics.norm_signal.untrained import _CENTRAL, _apart, _can_tell, _slack, looks_random

AROUND = 64  # norms on either side of a group, whose density says how many would meet


def lattice_at_the_limit(ordered: np.ndarray, first: int, rows: int) -> float:
    """Of a grid so fine that the chance of a group like [first, first + rows) is the error rate: n m^(k - 1) / (k - 1)! = rate."""
    low, high = max(first - AROUND, 0), min(first + rows + AROUND, len(ordered))
    others = sum(1 for i in range(low, high) if not first <= i < first + rows)
    width = math.log(ordered[high - 1]) - math.log(ordered[low])
    mean = (ERROR_RATE / len(ordered) * math.factorial(rows - 1)) ** (1 / (rows - 1))
    return mean * width / others


@pytest.mark.parametrize("rows", [2, 3, 5, 20])
@pytest.mark.parametrize("first", [0, 30, 400, 975])
def test_norms_are_equal_beyond_chance_up_to_the_grid_at_which_chance_would_do_it(rows: int, first: int) -> None:
    """At both ends of the table, and within it."""
    ordered = np.exp(np.sort(np.random.default_rng([first, rows]).uniform(0, 3, 1000)))
    first = min(first, 1000 - rows)
    ordered[first : first + rows] = ordered[first]
    order = np.random.default_rng(1).permutation(1000)
    limit = lattice_at_the_limit(ordered, first, rows)
    assert equal_norms(order, ordered, limit * (1 + 1e-9)) == ([], 0)
    named, count = equal_norms(order, ordered, limit * (1 - 1e-9))
    assert [(one.norm, one.rows, one.first) for one in named] == [(ordered[first], rows, min(order[first : first + rows]))]
    assert count == rows


def test_the_largest_ten_groups_are_named_and_all_their_rows_are_counted() -> None:
    sizes = [3, 9, 4, 7, 5, 8, 6, 12, 10, 11, 13, 2]
    singles = np.exp(np.linspace(0, 3, 500))
    ordered = np.sort(np.concatenate([singles, *(np.full(k, singles[40 * i + 20] * 1.0001) for i, k in enumerate(sizes))]))
    named, count = equal_norms(np.arange(len(ordered)), ordered, 2.0**-52)
    assert [one.rows for one in named] == sorted(sizes, reverse=True)[:10]
    assert count == sum(sizes)


def test_a_table_of_one_norm_has_no_others_to_tell_it_from() -> None:
    assert equal_norms(np.arange(50), np.ones(50), 2.0**-52) == ([], 0)


@pytest.mark.parametrize("size", [1 - 2.0**-45, 1.0, 7.0])
def test_within_a_floor_of_the_norm_itself_everything_is_one_place_and_no_levels(size: float) -> None:
    ordered = np.sort(np.concatenate([np.full(40, 1.0), np.full(60, 1e3)]))
    assert len(levels(ordered, 1e-3)) == 2
    assert levels(ordered, size) == []
    assert densest(ordered, size) == (0, 100)
    assert densest(ordered, 1e-3) == (40, 100)


def test_parts_are_what_lies_between_valleys_and_strays_are_as_dense_as_these() -> None:
    """Cells of width 1/2: 300 rows in 0, 2 in 1, 300 in 2 and 3, none in 4, 250 in 5."""
    logs = 0.5 * np.concatenate([
        np.linspace(0.2, 0.8, 300), [1.3, 1.6], np.linspace(2.1, 2.9, 150), np.linspace(3.1, 3.7, 150), np.linspace(5.25, 5.75, 250)
    ])  # fmt: skip
    found = _apart(logs, 0.5)
    assert [(a, b) for a, b, _ in found] == [(0, 300), (302, 602), (602, 852)]
    # one more than the rows of the valleys beside it, in as many cells as it is wide and one
    assert [s for _, _, s in found] == pytest.approx([(0.6 + 1) * 3, (1.6 + 1) * (3 + 1), (0.5 + 1) * 1], rel=1e-12)
    assert _apart(logs[:300], 0.5) == [(0, 300, 0.0)]


@pytest.mark.parametrize("share", _CENTRAL)
@pytest.mark.parametrize(("rows", "strays"), [(10_000, 0.0), (10_000, 320.0), (400, 20.0), (10**6, 2000.0)])
def test_the_slack_is_what_strays_and_a_wrong_median_can_take_and_little_more(share: float, rows: int, strays: float) -> None:
    by_strays = max(share, 1 - share) * strays / rows  # rows of the law, all from the larger part, replaced by ones of the other
    wrong = math.sqrt(math.pi / 2) * (normal.isf(ERROR_RATE / 2) / math.sqrt(rows) + strays / rows)
    edge = normal.ppf((1 + share) / 2)
    by_median = share - (normal.cdf(edge + wrong) - normal.cdf(wrong - edge))
    assert by_strays + by_median <= _slack(share, rows, strays) <= by_strays + wrong**2 / math.sqrt(2 * math.pi * math.e) * (1 + 1e-12)


@pytest.mark.parametrize("law", LAWS, ids=[law.name for law in LAWS])
@pytest.mark.parametrize("dimension", [4, 8, 64])
def test_the_quantiles_of_a_law_look_like_it_whatever_their_scale_and_another_spread_does_not(law: EntryLaw, dimension: int) -> None:
    logs = law.log_quantiles((np.arange(20_000) + 0.5) / 20_000, dimension)
    for scale in (-30.0, 0.0, 4.0):
        assert looks_random(logs + scale, dimension, law)
    assert not looks_random(0.5 * logs, dimension, law)
    assert not looks_random(2.0 * logs, dimension, law)


@pytest.mark.parametrize("name", PRECISIONS)
@pytest.mark.parametrize("dimension", [1, 768])
def test_the_floor_counts_two_roundings_the_sum_the_smallest_numbers_and_the_measuring(name: str, dimension: int) -> None:
    digits = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}[name]
    smallest = {"float64": -1074, "float32": -149, "float16": -24, "bfloat16": -133}[name]
    sums = 53 if name == "float64" else 24  # digits of a sum of squares: those of float32 at least
    for size in (1.0, 2.0**-100):
        stored = (1 + math.ldexp(1, -digits)) ** 2 - 1
        summed = (dimension + 2) * math.ldexp(1, -sums - 1) + (dimension + 4) * math.ldexp(1, -54)
        tiny = dimension**0.5 * math.ldexp(1, smallest - 1) / size
        assert floor(name, dimension, size) == pytest.approx(stored + summed + tiny, rel=1e-12)


def tells(rows: int, strays: float, moved: float) -> bool:
    """By the definition: half and twice the spread are each beyond both shares' noise and twice what hides them, at some share."""
    z = normal.isf(ERROR_RATE / 6)  # three shares, two sides
    told = []
    for factor in (0.5, 2.0):
        other = {share: 1 - 2 * normal.sf(normal.isf((1 - share) / 2) * factor) for share in _CENTRAL}
        noise = {s: z * (np.sqrt(s * (1 - s) / rows) + np.sqrt(o * (1 - o) / rows)) for s, o in other.items()}
        told.append(any(abs(o - s) - noise[s] > 2 * _slack(s, rows, strays) + 2 * moved for s, o in other.items()))
    return all(told)


@pytest.mark.parametrize(("strays", "moved"), [(0.0, 0.0), (3.0, 0.0), (0.0, 0.02), (5.0, 0.01)])
def test_as_few_rows_tell_as_the_definition_says(strays: float, moved: float) -> None:
    fewest = next(n for n in range(1, 10_000) if tells(n, strays, moved))
    assert fewest > 20
    around = range(fewest - 3, fewest + 3)
    assert [_can_tell(n, strays, moved) for n in around] == [tells(n, strays, moved) for n in around]


def test_storage_moves_shares_by_no_more_than_the_normal_density_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each end of a window by the floor, in a density of 1 / sqrt(2 pi) over the spread at most."""
    seen: list[float] = []
    monkeypatch.setattr(untrained, "_can_tell", lambda _rows, _strays, moved: seen.append(moved))
    for law in LAWS:
        assert not looks_random(np.zeros(3), 64, law, 0.0, 2.0**-9)
    assert seen == pytest.approx([2 * 2.0**-9 * normal.pdf(0) / law.spread(64) + law.error(64) for law in LAWS], rel=1e-12)
