"""Tables trained by SGD and Adam, dense and lazy: against a reference that moves every row at every step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from numerics.embeddings import NOISE_POWER, LookupRun, LookupSettings, train_lookup
from numerics.sampling import alias_table, draw, stream_key
from numerics.validation import InvalidInput

Floats = NDArray[np.float64]
COUNTS = np.array([40, 20, 9, 5, 3, 2, 1])
IDS = np.random.default_rng(5).choice(7, 150, p=COUNTS / COUNTS.sum()).astype(np.int32)
BASE = LookupSettings(dimension=4, window=1, negatives=2, temperature=0.5, step_size=0.05, replicates=1)
OPTIMIZERS = {
    "SGD": {},
    "SGD, dense decay": {"weight_decay": 0.4},
    "SGD, lazy decay": {"weight_decay": 0.4, "lazy": True},
    "Adam": {"optimizer": "adam"},
    "AdamW": {"optimizer": "adam", "weight_decay": 0.4},
    "sparse Adam": {"optimizer": "adam", "lazy": True},
    "Adam, short memory": {"optimizer": "adam", "momentum": 0.3, "second_momentum": 0.5},
    "Adam, momentum as long as the memory": {"optimizer": "adam", "momentum": 0.5, "second_momentum": 0.25},
    "Adam, negligible bias early": {"optimizer": "adam", "momentum": 0.6, "second_momentum": 0.4, "weight_decay": 0.2},
}


def gradients(word: Floats, context: Floats, row: int, chosen: list[int], temperature: float) -> tuple[Floats, Floats]:
    """Of InfoNCE on cosines in both tables, from its definition; 0 for rows that are not in the step."""
    u, vs = word[row], context[chosen]
    lengths, length = np.linalg.norm(vs, axis=1), np.linalg.norm(u)
    scores = vs @ u / lengths / length
    weights = np.exp(scores / temperature) / np.sum(np.exp(scores / temperature))
    weights[0] -= 1
    weights *= (len(set(chosen)) > 1) / temperature  # one row against itself: 0, and not its rounding
    for_word, for_context = np.zeros_like(word), np.zeros_like(context)
    for weight, score, v, norm, other in zip(weights, scores, vs, lengths, chosen, strict=True):
        for_word[row] += weight * (v / norm - score * u / length) / length
        for_context[other] += weight * (u / length - score * v / norm) / norm
    return for_word, for_context


class Moving:
    """A table that is moved as a whole, at every step."""

    def __init__(self, rows: Floats, settings: LookupSettings) -> None:
        self.rows, self.settings = rows.copy(), settings
        self.first, self.second = np.zeros_like(rows), np.zeros_like(rows)

    def step(self, gradient: Floats, visited: list[int], count: int) -> None:
        s = self.settings
        moves = np.isin(np.arange(len(gradient)), visited) if s.lazy else np.ones(len(gradient), dtype=bool)
        way = gradient
        if s.optimizer == "adam":
            self.first[moves] = s.momentum * self.first[moves] + (1 - s.momentum) * gradient[moves]
            self.second[moves] = s.second_momentum * self.second[moves] + (1 - s.second_momentum) * gradient[moves] ** 2
            mean = self.first / (1 - s.momentum**count)
            root = np.sqrt(self.second / (1 - s.second_momentum**count))
            way = np.divide(mean, root, out=np.zeros_like(mean), where=root > 0)
        self.rows[moves] = (1 - s.step_size * s.weight_decay) * self.rows[moves] - s.step_size * way[moves]


def reference(settings: LookupSettings) -> tuple[Floats, Floats, int]:
    still = train_lookup([IDS[:3]], COUNTS, replace(BASE, step_size=1e-30))
    word, context = (Moving(table.rows[0], settings) for table in (still.word, still.context))
    key = stream_key(np.random.SeedSequence(settings.seed).spawn(1)[0].spawn(2)[1])
    noise, steps = alias_table(COUNTS**NOISE_POWER), 0
    for centre in range(len(IDS)):
        for place in (centre - 1, centre + 1):
            if 0 <= place < len(IDS):
                row, drawn = int(IDS[centre]), (int(draw(noise, key, np.uint64(steps * 2 + j))) for j in range(2))
                chosen = [int(IDS[place]), *drawn]
                for_word, for_context = gradients(word.rows, context.rows, row, chosen, settings.temperature)
                steps += 1
                word.step(for_word, [row], steps)
                context.step(for_context, chosen, steps)
    return word.rows, context.rows, steps


@pytest.mark.parametrize("options", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_rows_that_are_caught_up_are_where_they_would_be_had_all_been_moved_at_every_step(options) -> None:
    settings = replace(BASE, **options)
    word, context, steps = reference(settings)
    found: LookupRun = train_lookup([IDS], COUNTS, settings)
    assert found.steps == steps
    # 298 steps, in which rounding grows; Adam divides it by sqrt(v), where a gradient had cancelled
    np.testing.assert_allclose(found.word.rows[0], word, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(found.context.rows[0], context, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(found.word.squared_norm[0], np.sum(word**2, axis=1), rtol=1e-8)


def test_a_row_that_is_never_drawn_is_shrunk_to_the_last_step_by_dense_decay_only() -> None:
    counts = np.array([5, 5, 1e-12])
    ids = np.array([0, 1] * 40, dtype=np.int32)
    dense, lazy = (train_lookup([ids], counts, replace(BASE, weight_decay=0.2, lazy=lazy)) for lazy in (False, True))
    assert dense.word.visits[0, 2] == 0
    np.testing.assert_allclose(dense.word.squared_norm[0, 2], (1 - 0.01) ** (2 * dense.steps), rtol=1e-12)
    assert lazy.word.squared_norm[0, 2] == lazy.word.initial_squared_norm[0, 2]


@pytest.mark.parametrize("options", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_threads_and_chunks_change_no_bit(options) -> None:
    settings = replace(BASE, replicates=2, **options)
    one = train_lookup([IDS], COUNTS, settings, threads=1)
    other = train_lookup([IDS[:40], IDS[40:]], COUNTS, settings, threads=2)
    assert np.array_equal(one.word.rows, other.word.rows)
    assert np.array_equal(one.context.squared_norm, other.context.squared_norm)


@pytest.mark.parametrize(("options", "message"), [
    ({"optimizer": "adamw"}, "optimizer = 'adamw' must be 'sgd' or 'adam'"),
    ({"weight_decay": 20.0}, "weight_decay = 20 must be at most 19.98"),
    ({"weight_decay": -1.0}, "weight_decay = -1 must be at least 0"),
    ({"momentum": 1.0}, "momentum = 1 must be at most 0.999"),
    ({"second_momentum": 0.0}, "second_momentum = 0 must be above 0"),
])  # fmt: skip
def test_settings_out_of_bounds_are_refused_with_name_value_and_bound(options, message) -> None:
    with pytest.raises(InvalidInput, match=message):
        replace(BASE, **options)
