"""Measurements put together from pieces: batches of settings, and witnesses that drop one hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from derivations.evidence import Floats, Measurement
from derivations.evidence.deviations import sides_of
from derivations.evidence.settings import Batch

Compare = Callable[..., tuple[Any, ...]]  # of a batch: deviations, bounds and, third, which rows apply


def measurement(
    what: str, deviations: Floats, bounds: Floats | float, labels: Sequence[str], applicable: Any = None
) -> Measurement:
    """A measurement from arrays of one entry per setting; everything applies unless told.

    Where the deviations remember what deviates from what (`derivations.evidence.deviations`), the measurement has it too.
    """
    size = len(deviations)
    applies = np.ones(size, dtype=bool) if applicable is None else np.asarray(applicable, dtype=bool)
    bounds = np.broadcast_to(np.asarray(bounds, dtype=float), (size,))
    plain, sides = np.array(deviations, dtype=float), sides_of(deviations)
    if sides is None:
        return Measurement(what, plain, bounds, applies, tuple(labels))
    return Measurement(what, plain, bounds, applies, tuple(labels), None, sides.observed, sides.predicted, sides.unit, sides.side)


def over_batches(what: str, batches: Iterable[Batch], compare: Compare) -> Measurement:
    """``compare`` gives deviations and bounds (and, third, which rows apply) of a batch; all rows together."""
    parts: list[tuple[Any, ...]] = []
    labels: list[str] = []
    for batch in batches:
        deviations, bounds, *applies = compare(batch)
        parts.append((deviations, np.broadcast_to(bounds, np.shape(deviations)), *(applies or [np.ones(len(deviations), bool)])))
        labels += batch.labels()
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.zeros(0)] * 3
    return measurement(what, columns[0], columns[1], labels, columns[2])


def above(excess: float) -> float:
    """What is above 0. A NaN stays a NaN, which fails; ``max(0.0, x)`` would make it 0, which holds."""
    return float(np.maximum(excess, 0.0))


def single(what: str, deviation: float, bound: float, label: str) -> Measurement:
    """One setting."""
    return measurement(what, np.stack([deviation]), np.array([bound]), [label])
