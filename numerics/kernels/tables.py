"""A lookup table in memory, and what is measured at its rows.

Rows, gradients and state are float64 or float32; what is measured at a row is float64 in both, eight numbers that share
a cache line. Gradients, directions of rules and inner products are in the precision of the rows; a number that a
rule remembers, powers and sums of what a row has missed, and the exponentials of a loss are float64 in both, and so are
squared norms of rows and gradients, but under SGD with a step a pair.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from numerics.arithmetic.sums import add_exactly, square
from numerics.compilation.compiled import inner, spliced
from numerics.updates.definition import Settings

Floats = NDArray[Any]  # float64 or float32

# Columns of a table's record.
SQUARED_NORM, INVERSE_NORM, VISITS, DRIVE_SUM, DRIVE_REST, LARGEST_DRIVE, LARGEST_RADIAL, DONE = range(8)
COLUMNS = 8
LINE = 64  # bytes that a processor loads at a time
CLASSES = 64  # of rows, by number modulo this: a batch's rows are shared out by class


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


@intrinsic
def _hint(_context: Any, _address: Any) -> Any:
    """Ask for the cache line at an address before it is needed; changes nothing but time."""

    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        place = builder.inttoptr(arguments[0], pointer)
        builder.call(hint, [place, number(0), number(3), number(1)])  # to read, to be kept, data
        return _context.get_dummy_value()

    return types.void(types.uintp), build


@inner
def fetch(table: Table, row: int) -> None:
    """Have a row on its way from memory, and what is known of it."""
    size = table.rows.shape[1] * table.rows.itemsize
    start = table.rows.ctypes.data + np.uintp(row * size)
    for at in range(0, size, LINE):
        _hint(start + np.uintp(at))
    _hint(table.record.ctypes.data + np.uintp(row * COLUMNS * 8))


@inner
def cast(like: Floats, value: float) -> Any:
    """``value`` in the precision of ``like``."""
    return like.dtype.type(value)


@spliced
def measure(record: Floats, step_size: float, energy: float, radial: float, squared: float, age: int) -> None:
    """Count a step of the row that this record (COLUMNS,) is of; its drive is that of the row before the step.

    ``energy`` and the squared norm are sums of d squares, so the drive of the gradient and the row as they are held is
    exact to 2 d + 3 units of roundoff of these sums; the sum of the drives adds one of float64, however many there are.
    """
    drive = step_size * step_size * record[SQUARED_NORM] * np.float64(energy)
    record[VISITS] += 1.0
    record[DRIVE_SUM], record[DRIVE_REST] = add_exactly(drive, record[DRIVE_SUM], record[DRIVE_REST])
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
    return square(vector)
