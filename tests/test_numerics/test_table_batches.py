"""Batches of pairs: against a plain training, on any number of threads, in memory that does not grow."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest

from numerics.lookup.embeddings import LookupRun, LookupSettings, train_lookup
from numerics.simulation.optimizers import Optimizer
from tests.test_numerics import table_definitions as definition

COUNTS = 60 / np.arange(1, 14)
IDS = np.random.default_rng(8).choice(13, 60, p=COUNTS / COUNTS.sum()).astype(np.int32)
BASE = LookupSettings(dimension=6, window=2, negatives=3, temperature=0.5, step_size=0.02, replicates=1, batch=16)
WAYS = {
    "InfoNCE": {},
    "dot products": {"similarity": "dot"},
    "SigLIP": {"loss": "siglip", "bias": -1.0},
    "dense decay": {"weight_decay": 0.4},
    "a batch of two": {"batch": 2},
    "one batch of all": {"batch": 10_000},
    "AdamW": {"optimizer": "adam", "weight_decay": 0.4},
    "SigLIP, sparse Adam": {"loss": "siglip", "bias": 0.5, "optimizer": "adam", "lazy": True},
    "heavy ball, coupled": {"optimizer": Optimizer("heavy_ball", coupled=True), "weight_decay": 0.4},
    "SigLIP, one pair": {"loss": "siglip", "bias": -1.0, "batch": 1},
    "dot products, one pair": {"similarity": "dot", "batch": 1},
    "one word, one candidate": {"negatives": 1},
}


def same(one: LookupRun, other: LookupRun) -> bool:
    tables = ((one.word, other.word), (one.context, other.context))
    equal = all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for a, b in tables for f in fields(a))
    return equal and np.array_equal(one.mean_loss, other.mean_loss)


@pytest.mark.parametrize("options", WAYS.values(), ids=WAYS)
def test_a_batch_is_taken_at_the_same_tables_and_every_row_in_it_moves_once(options) -> None:
    found = train_lookup([IDS], COUNTS, replace(BASE, **options))
    assert definition.assert_as_defined(found, IDS, COUNTS).rows < 1e-9


@pytest.mark.parametrize("change", [
    {"batch": 15}, {"batch": 1}, {"bias": -1.01}, {"loss": "infonce", "bias": 0.0}, {"negatives": 4}, {"seed": 1},
], ids=str)  # fmt: skip
def test_a_training_that_is_a_little_different_is_seen(change) -> None:
    settings = replace(BASE, loss="siglip", bias=-1.0)
    assert definition.is_told_apart(train_lookup([IDS], COUNTS, replace(settings, **change)), IDS, COUNTS, settings)


@pytest.mark.parametrize("options", [WAYS["InfoNCE"], WAYS["AdamW"], {"precision": "float32"}], ids=str)
def test_threads_and_chunks_change_no_bit(options) -> None:
    settings = replace(BASE, epochs=2, **options)
    one = train_lookup([IDS], COUNTS, settings, threads=1)
    for threads in (2, 3, 7):
        assert same(one, train_lookup(np.split(IDS, [7, 8, 30]), COUNTS, settings, threads=threads))
    both = replace(settings, replicates=2)
    assert same(train_lookup([IDS], COUNTS, both, threads=1), train_lookup([IDS], COUNTS, both, threads=5))
    assert np.array_equal(train_lookup([IDS], COUNTS, both, threads=5).word.rows[0], one.word.rows[0])


def test_many_words_on_many_threads() -> None:
    rng = np.random.default_rng(3)
    ids = rng.integers(0, 500, 4000).astype(np.int32)
    settings = replace(BASE, window=5, batch=1000, dimension=9)
    runs = [train_lookup([ids], np.ones(500), settings, threads=threads) for threads in (1, 2, 16)]
    assert same(runs[0], runs[1])
    assert same(runs[0], runs[2])
    assert runs[0].pairs == 10 * 4000 - 30


@pytest.mark.parametrize("batch", [1, 64])
def test_memory_is_that_of_the_tables_and_does_not_grow_with_the_text(batch: int) -> None:
    settings = LookupSettings(dimension=64, window=2, negatives=2, replicates=1, batch=batch)
    counts = np.ones(5000)

    def text(chunks: int) -> Iterator[np.ndarray]:
        rng = np.random.default_rng(1)
        return (rng.integers(0, 5000, 1000).astype(np.int32) for _ in range(chunks))

    def peak(chunks: int, **change) -> int:
        train_lookup(text(1), counts, replace(settings, **change))  # compiles
        tracemalloc.start()
        try:
            train_lookup(text(chunks), counts, replace(settings, **change))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    short, long = peak(5), peak(60)
    assert abs(long - short) < 10_000 * 4  # a few chunks
    tables = 2 * 5000 * 64 * 8
    assert tables < short < 2 * tables  # the rest: 1 MB at a time for the start, measurements, alias table
    one_moment, two_moments = (peak(5, optimizer=name) for name in ("heavy_ball", "adam"))
    assert abs(one_moment - short - tables) < 0.1 * tables
    assert abs(two_moments - one_moment - tables) < 0.1 * tables
    single = peak(5, precision="float32")
    assert abs(short - single - tables / 2) < 0.1 * tables
