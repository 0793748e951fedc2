"""The lookup tables: gradients against finite differences, determinism, what is recorded, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from numerics.lookup.embeddings import NOISE_POWER, LookupRun, LookupSettings, train_lookup
from numerics.sampling import alias_table, draw, stream_key
from numerics.validation import InvalidInput, OutOfRange
from tests.test_numerics.table_definitions import loss_of

Floats = NDArray[np.float64]
COUNTS = np.array([9, 5, 3, 2])
IDS = np.random.default_rng(3).integers(0, 4, 60).astype(np.int32)
SMALL = LookupSettings(dimension=5, window=2, negatives=4, temperature=0.5, step_size=0.3)


def same(one: LookupRun, other: LookupRun) -> bool:
    tables = ((one.word, other.word), (one.context, other.context))
    return all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for a, b in tables for f in fields(a))


def loss(word: Floats, context: Floats, chosen: list[int], options: LookupSettings) -> float:
    scores = context[chosen] @ word
    if options.similarity == "cosine":
        scores = scores / (np.linalg.norm(context[chosen], axis=1) * np.linalg.norm(word))
    return loss_of(scores, options)


def slope(function: Callable[[Floats], float], at: Floats, width: float = 1e-5) -> Floats:
    """Central differences; error about width^2."""
    out = np.empty_like(at)
    for place in np.ndindex(at.shape):
        shift = np.zeros_like(at)
        shift[place] = width
        out[place] = (function(at + shift) - function(at - shift)) / (2 * width)
    return out


@pytest.mark.parametrize("options", [{}, {"similarity": "dot"}, {"loss": "siglip", "bias": -0.7}], ids=str)
def test_every_step_is_gradient_descent_on_the_loss(options: dict[str, object]) -> None:
    ids = np.array([0, 1, 2, 1], dtype=np.int32)  # 4 words, 5 candidates: rows repeat, also the positive
    chosen = replace(SMALL, replicates=1, window=1, **options)
    still = train_lookup([ids], COUNTS, replace(chosen, step_size=1e-30))  # leaves the tables as they start
    word, context = still.word.rows[0].copy(), still.context.rows[0].copy()
    key = stream_key(np.random.SeedSequence(chosen.seed).spawn(1)[0].spawn(2)[1])
    noise, steps = alias_table(COUNTS**NOISE_POWER), 0
    for centre, place in ((0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)):
        row, counters = ids[centre], range(steps * 4, steps * 4 + 4)
        rows = [int(ids[place]), *(int(draw(noise, key, np.uint64(k))) for k in counters)]
        rest = (rows, chosen)
        for_word = slope(lambda u: loss(u, context, *rest), word[row])  # noqa: B023
        for_context = slope(lambda v: loss(word[row], v, *rest), context)  # noqa: B023
        word[row] -= chosen.step_size * for_word
        context -= chosen.step_size * for_context
        steps += 1
    trained = train_lookup([ids], COUNTS, chosen)
    # six steps, each off by the error of a central difference
    np.testing.assert_allclose(trained.word.rows[0], word, rtol=0, atol=1e-7)
    np.testing.assert_allclose(trained.context.rows[0], context, rtol=0, atol=1e-7)
    assert np.abs(word - still.word.rows[0]).max() > 1e-2
    assert trained.steps == steps


def test_threads_change_nothing_and_seeds_change_everything() -> None:
    one = train_lookup([IDS], COUNTS, SMALL, threads=1)
    assert same(one, train_lookup([IDS], COUNTS, SMALL, threads=2))
    assert not same(one, train_lookup([IDS], COUNTS, replace(SMALL, seed=1)))
    assert not np.array_equal(one.word.rows[0], one.word.rows[1])
    more = train_lookup([IDS], COUNTS, replace(SMALL, replicates=3))
    assert np.array_equal(more.word.rows[:2], one.word.rows)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 60), max_size=8))
def test_where_the_chunks_end_changes_nothing(cuts: list[int]) -> None:
    chosen = replace(SMALL, epochs=2)
    assert same(
        train_lookup([IDS], COUNTS, chosen), train_lookup(np.split(IDS, sorted(cuts)), COUNTS, chosen)
    )


def test_record_counts_visits_and_measures_norms() -> None:
    trained = train_lookup([IDS], COUNTS, SMALL)
    pairs = [(a, b) for a in range(60) for b in range(60) if 0 < abs(a - b) <= SMALL.window]
    assert trained.steps == len(pairs)
    visits = np.bincount([IDS[a] for a, _ in pairs], minlength=4)
    assert np.array_equal(trained.word.visits, np.stack([visits, visits]))
    assert np.all(trained.context.visits.sum(axis=1) >= trained.steps)
    assert np.all(trained.context.visits <= trained.steps)  # once a step at most
    for table in (trained.word, trained.context):
        np.testing.assert_allclose(table.squared_norm, np.sum(table.rows**2, axis=-1), rtol=1e-14)
        np.testing.assert_allclose(table.initial_squared_norm, SMALL.initial_norm**2, rtol=1e-14)
        assert np.all(table.largest_drive <= table.drive_sum)


def test_gradients_are_orthogonal_for_cosines_and_not_for_dot_products() -> None:
    cosine = train_lookup([IDS], COUNTS, SMALL)
    dot = train_lookup([IDS], COUNTS, replace(SMALL, similarity="dot"))
    assert cosine.word.largest_radial.max() < 1e-13
    assert dot.word.largest_radial.min() > 1e-2


@settings(deadline=None)
@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=40))
def test_alias_table_gives_every_item_its_share(weights: list[float]) -> None:
    table = alias_table(np.array(weights))
    share = table.threshold + np.bincount(table.alias, 1 - table.threshold, len(weights))
    np.testing.assert_allclose(share / len(weights), np.array(weights) / np.sum(weights), atol=1e-13)


def test_draws_follow_the_weights() -> None:
    table, size = alias_table(COUNTS.astype(float)), 40_000
    seen = np.bincount([draw(table, np.uint64(7), np.uint64(k)) for k in range(size)], minlength=4)
    expected = size * COUNTS / COUNTS.sum()
    assert np.sum((seen - expected) ** 2 / expected) < 16.27  # chi-square, 3 degrees: 0.1 %


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"dimension": 1}, "dimension = 1"),
        ({"window": 0}, "window = 0"),
        ({"negatives": 0}, "negatives = 0"),
        ({"epochs": 1.5}, "epochs = 1.5"),
        ({"temperature": 0.0}, "temperature = 0"),
        ({"step_size": float("nan")}, "step_size = nan"),
        ({"initial_norm": -1.0}, "initial_norm = -1"),
        ({"similarity": "euclid"}, "similarity = 'euclid'"),
        ({"loss": "hinge"}, "loss = 'hinge' must be 'infonce' or 'siglip'"),
        ({"loss": "siglip", "similarity": "dot"}, "similarity = 'dot' must be 'cosine' for loss = 'siglip'"),
        ({"bias": 1.0}, "bias = 1.0 must be 0 for loss = 'infonce'"),
        ({"loss": "siglip", "bias": float("inf")}, "bias = inf must be finite"),
        ({"batch": 0}, "batch = 0 must be between 1 and"),
        ({"precision": "float16"}, "precision = 'float16' must be 'float64' or 'float32'"),
        ({"precision": "float32", "initial_norm": 1e7}, "initial_norm = 1e.07 must be at most 1e.06"),
    ],
)
def test_settings_out_of_bounds_are_refused_by_name(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        replace(SMALL, **change)


def test_texts_and_counts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"must lie in 0\.\.3"):
        train_lookup([np.array([0, 4])], COUNTS, SMALL)
    for chunk in (IDS + 0.7, np.full(50, np.nan), IDS[None], IDS > 0, np.array(["the"])):
        with pytest.raises(InvalidInput, match="must be 1-D integers"):
            train_lookup([chunk], COUNTS, SMALL)
    with pytest.raises(InvalidInput, match="must be LookupSettings"):
        train_lookup([IDS], COUNTS, {"dimension": 4})
    with pytest.raises(InvalidInput, match="must all be finite and above 0"):
        train_lookup([IDS], [3, 0, 1, 1], SMALL)
    with pytest.raises(InvalidInput, match="2 words or more"):
        train_lookup([IDS], [3], SMALL)
    with pytest.raises(InvalidInput, match="no pair"):
        train_lookup([IDS[:1]], COUNTS, SMALL)
    with pytest.raises(InvalidInput, match="not an iterator"):
        train_lookup(iter([IDS]), COUNTS, replace(SMALL, epochs=2))
    with pytest.raises(InvalidInput, match="threads = 0"):
        train_lookup([IDS], COUNTS, SMALL, threads=0)
    with pytest.raises(OutOfRange, match="a loss is no number"):
        train_lookup([IDS], COUNTS, replace(SMALL, similarity="dot", step_size=1e29, initial_norm=1e29))


def test_a_replicate_can_be_trained_alone() -> None:
    both = train_lookup([IDS], COUNTS, replace(SMALL, replicates=2))
    alone = train_lookup([IDS], COUNTS, replace(SMALL, replicates=1), first_replicate=1)
    assert np.array_equal(alone.word.rows[0], both.word.rows[1])
    assert np.array_equal(alone.context.drive_sum[0], both.context.drive_sum[1])


@pytest.mark.parametrize("batch", [1, 8])
def test_the_largest_of_what_was_met_never_falls(batch: int) -> None:
    once, twice = (train_lookup([IDS], COUNTS, replace(SMALL, epochs=epochs, batch=batch)) for epochs in (1, 2))
    for name in ("largest_drive", "largest_radial"):
        for table in ("word", "context"):
            before, after = (getattr(getattr(run, table), name) for run in (once, twice))
            assert np.all(after >= before), (name, table)


def test_negatives_are_drawn_by_the_power_of_skip_gram() -> None:
    assert NOISE_POWER == 0.75
