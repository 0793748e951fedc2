"""A lookup table in memory, and what is measured at its rows.

Rows, gradients and state are float64 or float32; what is measured at a row is float64 in both, eight numbers that share
a cache line. Numbers that a rule computes from them are float64 and are rounded as they are stored; SGD's own step and
all sums over the dimensions are in the precision of the rows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics import updates
from numerics.compiled import inner, spliced
from numerics.sums import dot
from numerics.updates.definition import Settings

Floats = NDArray[Any]  # float64 or float32

# Columns of a table's record.
SQUARED_NORM, INVERSE_NORM, VISITS, DRIVE_SUM, LARGEST_DRIVE, LARGEST_RADIAL, DONE = range(7)
COLUMNS = 8
SHARES = 64  # a batch's rows are shared out to threads by number modulo this
_SGD = updates.code("sgd")


class RowUpdate(NamedTuple):
    """An optimiser, the same for every row and step."""

    rule: int | None  # place in `numerics.updates.RULES`; None for SGD, whose step is the gradient
    step_size: float
    weight_decay: float
    coupled: bool  # there is weight decay and it is part of the gradient that the rule sees; else it shrinks the row
    coasts: bool  # rows without a gradient move as well, and have to be brought up to date before they are used
    retracts: bool
    settings: Settings


class Table(NamedTuple):
    """One table of one replicate."""

    rows: Floats  # (V, d)
    state: Floats  # (V, moments, d), or (V, 1, 1) of float64 for a rule that remembers a number
    record: NDArray[np.float64]  # (V, COLUMNS): |row|^2 and 1/|row| as of now, and sums and maxima over the row's steps


class Room(NamedTuple):
    """Room for the step of one row."""

    gradient: Floats  # (d,)
    seen: Floats  # (d,) what the rule takes for the gradient
    step: Floats  # (d,)


def room(like: Floats) -> Room:
    """Room for a row of the table ``like`` (V, d)."""
    gradient, seen, step = np.zeros((3, like.shape[1]), like.dtype)
    return Room(gradient, seen, step)


@inner
def cast(like: Floats, value: float) -> Any:
    """``value`` in the precision of ``like``."""
    return like.dtype.type(value)


@spliced
def measure(record: Floats, step_size: float, energy: float, radial: float, squared: float, age: int) -> None:
    """Count a step of the row that this record (COLUMNS,) is of; its drive is that of the row before the step."""
    drive = step_size * step_size * record[SQUARED_NORM] * np.float64(energy)
    record[VISITS] += 1.0
    record[DRIVE_SUM] += drive
    record[LARGEST_DRIVE] = max(record[LARGEST_DRIVE], drive)
    record[LARGEST_RADIAL] = max(record[LARGEST_RADIAL], np.float64(abs(radial)))
    record[DONE] = age + 1.0
    set_norm(record, squared)


@spliced
def set_norm(record: Floats, squared: float) -> None:
    """A row has moved: what its squared norm is now."""
    record[SQUARED_NORM] = squared
    record[INVERSE_NORM] = 1.0 / np.sqrt(np.float64(squared))


@inner
def scale(vector: Floats, factor: float) -> Any:
    """Multiply a vector by a number; its new squared norm."""
    by = cast(vector, factor)
    for i in range(len(vector)):
        vector[i] *= by
    return dot(vector, vector)
