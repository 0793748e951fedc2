"""Tables in single precision: within the rounding bounds of float32, and only those; measured in double precision."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from numerics.lookup.embeddings import LookupSettings, train_lookup
from tests.test_numerics import table_definitions as definition

COUNTS = 60 / np.arange(1, 14)
IDS = np.random.default_rng(9).choice(13, 40, p=COUNTS / COUNTS.sum()).astype(np.int32)
BASE = LookupSettings(dimension=6, window=1, negatives=3, temperature=0.5, step_size=0.02, replicates=1, precision="float32")
WAYS = {
    "InfoNCE": {},
    "dot products": {"similarity": "dot"},
    "SigLIP": {"loss": "siglip", "bias": -1.0},
    "dense decay": {"weight_decay": 0.4},
    "AdamW": {"optimizer": "adam", "weight_decay": 0.4, "step_size": 0.002},
    "normalised": {"optimizer": "normalized_sgd"},
    "a batch": {"batch": 16},
}


@pytest.mark.parametrize("options", WAYS.values(), ids=WAYS)
def test_single_precision_is_off_by_the_roundings_of_single_precision(options) -> None:
    found = train_lookup([IDS], COUNTS, replace(BASE, **options))
    bound = definition.assert_as_defined(found, IDS, COUNTS)
    expected = definition.train(IDS, COUNTS, found.settings)
    assert definition.off(definition.tables_of(found), expected.rows) > bound.rows * 2.0**-29  # the same in units of float64
    for table in (found.word, found.context):
        assert table.rows.dtype == np.float32
        assert table.drive_sum.dtype == table.squared_norm.dtype == np.float64


def test_single_precision_starts_where_double_precision_does() -> None:
    still = replace(BASE, step_size=1e-30)
    single, double = (train_lookup([IDS], COUNTS, replace(still, precision=name)) for name in ("float32", "float64"))
    assert np.array_equal(single.word.rows, double.word.rows.astype(np.float32))


def test_drives_are_summed_in_double_precision() -> None:
    sums = train_lookup([IDS], COUNTS, BASE).word.drive_sum
    assert not np.any(sums.astype(np.float32) == sums)
