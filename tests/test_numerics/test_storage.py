"""Emulated formats against their grids, written down from bit patterns: to nearest, ties to even; stochastically, right on average."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from numerics.simulation.optimizers import FORMATS, Optimizer
from numerics.simulation.steps import OutOfRange, descend

ERROR_RATE = 1e-9  # of all comparisons of one test together
STANDING = 2.0**-990  # a step size with which no gradient moves anything


def kept(values, stored, stochastic=False, seed=0):
    """What is left of ``values`` (N,) after a step that only stores them, some in each row, beside a 1."""
    width = 16
    rows = np.ones((-(-len(values) // width), width + 1))
    rows[:, 1:].flat[: len(values)] = values
    run = descend("cosine_regression", rows, np.ones((len(rows), 1, width + 1)), 1.0, STANDING, steps=1,
                  optimizer=Optimizer(stored=stored, stochastic=stochastic), seed=seed)  # fmt: skip
    assert np.all(run.embeddings[:, 0] == 1.0)
    return run.embeddings[:, 1:].flat[: len(values)].copy()


def grid(stored):
    """All positive finite numbers of the 16-bit format in order; place n has the bit pattern n + 1, so is even where n is odd."""
    patterns = np.arange(1, 0x7C00 if stored == "float16" else 0x7F80, dtype=np.uint16)
    if stored == "float16":
        return patterns.view(np.float16).astype(float)
    return (patterns.astype(np.uint32) << 16).view(np.float32).astype(float)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("stored", ["bfloat16", "float16"])
def test_every_tie_goes_to_the_even_neighbour_and_what_is_beside_it_to_the_nearer_one(stored, sign):
    numbers = grid(stored)
    below, above = numbers[:-1], numbers[1:]
    tie = below + (above - below) / 2  # exact: one bit more
    even = np.where(np.arange(len(below)) % 2 == 1, below, above)
    expected = {"kept": (numbers, numbers), "ties": (tie, even),
                "under": (np.nextafter(tie, 0.0), below), "over": (np.nextafter(tie, np.inf), above)}  # fmt: skip
    for words, (given, wanted) in expected.items():
        assert np.array_equal(kept(sign * given, stored), sign * wanted), words
    assert np.unique(even == below).size == 2


@pytest.mark.parametrize("stored", ["bfloat16", "float16"])
def test_between_0_and_the_least_number_and_past_the_largest(stored):
    least, numbers = grid(stored)[0], grid(stored)
    half_a_gap = (numbers[-1] - numbers[-2]) / 2
    assert kept(np.array([0.5 * least, 0.75 * least, np.nextafter(least / 2, 1), -0.5 * least]), stored).tolist() == [0, least, least, 0]
    assert kept(np.array([np.nextafter(numbers[-1] + half_a_gap, 0)]), stored).tolist() == [numbers[-1]] == [FORMATS[stored][2]]
    with pytest.raises(OutOfRange, match="its norm is inf"):
        kept(np.array([numbers[-1] + half_a_gap]), stored)


def test_float32_is_what_numpy_makes_of_it():
    rng = np.random.default_rng(3)
    numbers = (rng.standard_normal(20_000) * 2.0 ** rng.integers(-148, 127, 20_000)).astype(np.float32)
    ties = numbers.astype(float) + (np.nextafter(numbers, np.float32(np.inf)).astype(float) - numbers) / 2
    for given in (ties, np.nextafter(ties, 0.0), rng.standard_normal(20_000) * 2.0 ** rng.integers(-152, 127, 20_000)):
        assert np.array_equal(kept(given, "float32"), given.astype(np.float32).astype(float))


def chances(stored):
    """Neighbours of the format, and the share of the way between them: normal numbers, subnormal ones, below a power of 2, signs."""
    numbers = grid(stored)
    one = int(np.searchsorted(numbers, 1.0))
    at = [0, 5, one - 1, one, one + 1, one + 37]
    for place in at:
        for share in (1 / 64, 0.25, 0.5, 0.8125, 63 / 64):
            for sign in (1.0, -1.0):
                yield sign * numbers[place], sign * numbers[place + 1], share


@pytest.mark.parametrize("stored", ["bfloat16", "float16"])
def test_stochastic_rounding_goes_to_the_farther_neighbour_as_often_as_its_share_of_the_way(stored):
    """Counts of independent draws are binomial with the share, exactly: it is a multiple of 2^-53."""
    draws, cases = 8000, list(chances(stored))
    for number, (near, far, share) in enumerate(cases):
        x = near + share * (far - near)
        assert (x - near) / (far - near) == share
        found = kept(np.full(draws, x), stored, stochastic=True, seed=number)
        assert set(np.unique(found)) == {near, far}
        count = int(np.sum(found == far))
        rate = ERROR_RATE / len(cases) / 2
        assert binom.ppf(rate, draws, share) <= count <= binom.isf(rate, draws, share), (near, share, count)


@pytest.mark.parametrize("stored", ["bfloat16", "float16"])
def test_what_the_format_has_is_kept_stochastically_too(stored):
    numbers = grid(stored)
    assert np.array_equal(kept(-numbers, stored, stochastic=True), -numbers)


def test_every_entry_row_step_and_rounding_of_a_step_draws_for_itself():
    """How often two roundings both go down, each with a chance of about a half: as often as independent ones do."""
    rows, gap, options = 8000, 2.0**-8, {"optimizer": Optimizer(stored="bfloat16", stochastic=True), "seed": 9}  # gap: below 1
    # entries of 1 shrink by half a gap a step; those that went down by half a gap less gap^2 / 2
    run = descend("cosine_regression", np.ones((rows, 3)), np.ones((rows, 1, 3)), 1.0, STANDING, gap / 2 / STANDING, steps=2, path=True,
                  **options)  # fmt: skip
    first, second = np.moveaxis(run.path[:, 1:] < run.path[:, :-1], 1, 0)
    # decay and then a step of signs, each by half a gap
    signs = {**options, "optimizer": Optimizer("sign_sgd", stored="bfloat16", stochastic=True)}
    moved = descend("cosine_regression", np.ones((rows, 2)), np.tile([[[-1.0, 1.0]]], (rows, 1, 1)), 1.0, gap / 2, 1.0, steps=1, **signs)
    assert set(np.unique(moved.embeddings[:, 0])) == {1.0, 1.0 - gap, 1.0 - 2 * gap}
    pairs = {
        "entries": (first[:, 0] & first[:, 1], 0.25),
        "entries apart": (first[:, 0] & first[:, 2], 0.25),
        "rows": (first[:-1, 0] & first[1:, 0], 0.25),
        "steps": (first[:, 0] & second[:, 0], 0.5 * (0.5 - gap / 2)),
        "roundings of one step": (moved.embeddings[:, 0] == 1.0 - 2 * gap, 0.25),
    }
    for words, (both, chance) in pairs.items():
        rate = ERROR_RATE / len(pairs) / 2
        assert binom.ppf(rate, len(both), chance) <= np.sum(both) <= binom.isf(rate, len(both), chance), words
