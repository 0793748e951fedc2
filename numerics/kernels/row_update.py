"""How one row of a table moves: SGD or Adam, decoupled weight decay, dense or lazy.

A dense optimiser moves every row at every step. A row without a gradient needs no visit for that: its moments and its
norm shrink by known factors, so what it missed is made up for, exactly, when it is next looked at (`catch_up`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.compiled import inner

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_NEGLIGIBLE = 2.0**-60  # of a sum of falling terms, below the rounding of its first


class RowUpdate(NamedTuple):
    """An optimiser. Adam is without epsilon: where the mean square is 0 the step is 0."""

    step_size: float
    weight_decay: float
    adam: bool  # else SGD
    lazy: bool  # moments and decay act on visited rows only (as in sparse Adam), the count of steps is global
    momentum: float  # beta_1
    second_momentum: float  # beta_2


class Table(NamedTuple):
    """One lookup table of one replicate, and what is measured at each of its rows while it is trained."""

    rows: Floats  # (size, dimension)
    squared_norm: Floats  # |row|^2, summed anew after every update
    visits: Ints  # updates so far
    drive_sum: Floats  # sum of step_size^2 |g~|^2, with g~ = |row| g
    largest_drive: Floats  # the largest of these terms
    largest_radial: Floats  # the largest |<row, g>|
    first: Floats  # (size, dimension) running mean of gradients, or (0, 0) for SGD
    second: Floats  # (size, dimension) of their squares, or (0, 0)
    done: Ints  # steps that the row has been through


@inner
def catch_up(table: Table, row: int, update: RowUpdate, step: int) -> None:
    """Take the row through the steps before ``step`` in which it had no gradient."""
    missed = step - table.done[row]
    table.done[row] = step
    if missed == 0 or update.lazy:
        return
    keep = 1.0 - update.step_size * update.weight_decay
    if update.adam:
        _coast(table, row, update, keep, step - missed, missed)
    elif keep != 1.0:
        _scale(table, row, keep**missed)


@inner
def _scale(table: Table, row: int, factor: float) -> None:
    squared = 0.0
    for k in range(table.rows.shape[1]):
        table.rows[row, k] *= factor
        squared += table.rows[row, k] * table.rows[row, k]
    table.squared_norm[row] = squared


@inner
def _coasting(update: RowUpdate, keep: float, done: int, missed: int) -> float:
    """The sum over i = 1 .. missed of keep^(missed - i) (beta_1 / sqrt(beta_2))^i c_i, where c_i corrects the bias.

    Terms are left out when they have become negligible; with a bias that is negligible the sum is geometric.
    """
    ratio = update.momentum / np.sqrt(update.second_momentum) / keep
    first, second = update.momentum**done, update.second_momentum**done
    if second < _NEGLIGIBLE and ratio != 1.0:
        return keep**missed * ratio * (1.0 - ratio**missed) / (1.0 - ratio)
    weight, total = 1.0, 0.0
    for _ in range(missed):
        weight *= ratio
        if weight < _NEGLIGIBLE * (1.0 - ratio):
            break
        first *= update.momentum
        second *= update.second_momentum
        total += weight * np.sqrt(1.0 - second) / (1.0 - first)
    return keep**missed * total


@inner
def _coast(table: Table, row: int, update: RowUpdate, keep: float, done: int, missed: int) -> None:
    """Adam on a gradient of 0: m and v shrink by beta_1 and beta_2, so every entry moves by the same multiple of
    m / sqrt(v)."""
    factor, total = keep**missed, update.step_size * _coasting(update, keep, done, missed)
    shrink, square_shrink = update.momentum**missed, update.second_momentum**missed
    squared = 0.0
    for k in range(table.rows.shape[1]):
        scale = np.sqrt(table.second[row, k])
        moved = factor * table.rows[row, k]
        if scale > 0.0:
            moved -= total * table.first[row, k] / scale
        table.rows[row, k] = moved
        table.first[row, k] *= shrink
        table.second[row, k] *= square_shrink
        squared += moved * moved
    table.squared_norm[row] = squared


@inner
def move(table: Table, row: int, gradient: Floats, update: RowUpdate, step: int) -> None:
    """Step number ``step`` of one row, which is up to date; the drive and the radial part are those of the gradient."""
    radial = 0.0
    energy = 0.0
    for k in range(len(gradient)):
        radial += table.rows[row, k] * gradient[k]
        energy += gradient[k] * gradient[k]
    drive = update.step_size * update.step_size * table.squared_norm[row] * energy
    table.visits[row] += 1
    table.drive_sum[row] += drive
    table.largest_drive[row] = max(table.largest_drive[row], drive)
    table.largest_radial[row] = max(table.largest_radial[row], abs(radial))
    table.done[row] = step + 1
    if update.adam:
        _precondition(table, row, gradient, update, step + 1)
    keep = 1.0 - update.step_size * update.weight_decay
    squared = 0.0
    for k in range(len(gradient)):
        moved = keep * table.rows[row, k] - update.step_size * gradient[k]
        table.rows[row, k] = moved
        squared += moved * moved
    table.squared_norm[row] = squared


@inner
def _precondition(table: Table, row: int, gradient: Floats, update: RowUpdate, count: int) -> None:
    """Put Adam's step in the place of the gradient."""
    first, second = update.momentum, update.second_momentum
    bias = np.sqrt(1.0 - second**count) / (1.0 - first**count)
    for k in range(len(gradient)):
        g = gradient[k]
        m = first * table.first[row, k] + (1.0 - first) * g
        v = second * table.second[row, k] + (1.0 - second) * g * g
        table.first[row, k] = m
        table.second[row, k] = v
        gradient[k] = bias * m / np.sqrt(v) if v > 0.0 else 0.0
