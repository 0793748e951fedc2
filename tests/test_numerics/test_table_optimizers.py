"""Tables trained by every rule, dense and lazy: against a plain training that moves every row at every step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from numerics import updates
from numerics.lookup.embeddings import LookupSettings, train_lookup
from numerics.simulation.optimizers import Optimizer
from numerics.validation import InvalidInput
from tests.test_numerics import table_definitions as definition

COUNTS = np.array([40, 20, 9, 5, 3, 2, 1])
IDS = np.random.default_rng(5).choice(7, 50, p=COUNTS / COUNTS.sum()).astype(np.int32)
BASE = LookupSettings(dimension=4, window=1, negatives=2, temperature=0.5, step_size=0.02, replicates=1)
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
    "Adam with epsilon": {"optimizer": Optimizer("adam", epsilon=0.1), "weight_decay": 0.4},
}
RULES = [rule.name for rule in updates.RULES]
HOW = {"dense": {}, "dense coupled": {"coupled": True, "epsilon": 0.1}, "lazy": {"lazy": True}}
EVERY_RULE = {  # of a norm such that none walks to 0, from where it may go to any side
    f"{name}, {how}": {"optimizer": Optimizer(name, **options), "weight_decay": 0.4, "initial_norm": 2.57}
    for name in RULES
    for how, options in HOW.items()
}
ALL = {**OPTIMIZERS, **EVERY_RULE}


@pytest.mark.parametrize("options", ALL.values(), ids=ALL)
def test_tables_are_where_they_would_be_had_every_row_been_moved_at_every_step(options) -> None:
    definition.assert_as_defined(train_lookup([IDS], COUNTS, replace(BASE, **options)), IDS, COUNTS)


@pytest.mark.parametrize("change", [
    {"weight_decay": 0.404}, {"optimizer": Optimizer("adam", momentum=0.901)}, {"optimizer": Optimizer("adam", lazy=True)},
    {"optimizer": Optimizer("adam", coupled=True)}, {"step_size": 0.0201}, {"temperature": 0.501},
], ids=str)  # fmt: skip
def test_a_training_that_is_a_little_different_is_seen(change) -> None:
    settings = replace(BASE, optimizer="adam", weight_decay=0.4)
    assert definition.is_told_apart(train_lookup([IDS], COUNTS, replace(settings, **change)), IDS, COUNTS, settings)


def test_a_row_that_is_never_drawn_is_shrunk_to_the_last_step_by_dense_decay_only() -> None:
    counts = np.array([5, 5, 1e-12])
    ids = np.array([0, 1] * 40, dtype=np.int32)
    dense, lazy = (train_lookup([ids], counts, replace(BASE, weight_decay=0.5, lazy=lazy)) for lazy in (False, True))
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
    ({"optimizer": "adamw"}, "optimizer = 'adamw' must be one of sgd, heavy_ball, .*, riemannian_sgd"),
    ({"optimizer": 3}, "optimizer = 3 must be a rule's name or an Optimizer"),
    ({"optimizer": Optimizer("adam", lazy=True), "momentum": 0.5}, "momentum = 0.5 contradicts optimizer"),
    ({"optimizer": Optimizer(schedule=[1.0])}, "schedule of the optimizer must be None"),
    ({"optimizer": Optimizer(stored="float16")}, "stored of the optimizer must be 'float64'"),
    ({"weight_decay": 50.0}, "weight_decay = 50 must be at most 49.95"),
    ({"weight_decay": -1.0}, "weight_decay = -1 must be at least 0"),
    ({"momentum": 1.0}, "momentum = 1 must be at most 0.999"),
    ({"second_momentum": 0.0}, "second_momentum = 0 must be above 0"),
])  # fmt: skip
def test_settings_out_of_bounds_are_refused_with_name_value_and_bound(options, message) -> None:
    with pytest.raises(InvalidInput, match=message):
        replace(BASE, **options)
