"""Steps of one row of a table: by any rule of `numerics.updates`, and those that it has missed."""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics import updates
from numerics.arithmetic.sums import dot, square
from numerics.compilation.compiled import called, inner, spliced, summed
from numerics.kernels.table_coast import coast, is_at_rest, is_closed, let_go
from numerics.kernels.tables import DONE, SQUARED_NORM, Floats, Room, RowUpdate, Table, cast, measure, scale, set_norm

_LOOK = 8  # steps between two looks at what momentum is left


@inner
def moved(keep: Any, value: Any, rate: Any, step: Any) -> Any:
    """An entry after a step. Compiled by itself: in the order in which it is written, whoever sums around it."""
    return keep * value - rate * step


@summed
def descend(vector: Floats, gradient: Floats, keep: Any, rate: Any) -> tuple[Any, Any, Any]:
    """vector <- keep vector - rate gradient; |gradient|^2, <vector before, gradient> and |vector after|^2."""
    energy, radial, squared = np.float64(0), cast(vector, 0), np.float64(0)
    for i in range(len(vector)):
        g, before = gradient[i], vector[i]
        after = moved(keep, before, rate, g)
        energy += np.float64(g) * np.float64(g)
        radial += before * g
        squared += np.float64(after) * np.float64(after)
        vector[i] = after
    return energy, radial, squared


@spliced
def move(table: Table, row: int, gradient: Floats, update: RowUpdate, age: int, room: Room) -> None:
    """Step number ``age`` of a row that is up to date, on the loss's ``gradient``; it is measured, decay is not."""
    energy, radial, squared = _step(update.rule, table, row, gradient, update, age, room)
    measure(table.record[row], update.step_size, energy, radial, squared, age)


@inner
def _step(
    rule: int | None, table: Table, row: int, gradient: Floats, update: RowUpdate, age: int, room: Room
) -> tuple[Any, Any, Any]:
    vector = table.rows[row]
    if rule is None:  # decided when it is compiled, so that SGD does not wait for all the others
        keep = cast(vector, 1.0 - update.step_size * update.weight_decay)
        return descend(vector, gradient, keep, cast(vector, update.step_size))
    else:  # noqa: RET505
        energy, radial = square(gradient), dot(gradient, vector)
        return energy, radial, advance(table, row, update, age, 0, gradient, room)


@spliced
def catch_up(table: Table, row: int, update: RowUpdate, age: int, room: Room) -> None:
    """Take the row through the steps before ``age`` in which it had no gradient."""
    if update.coasts:
        done = np.int64(table.record[row, DONE])
        if done < age:
            table.record[row, DONE] = age
            set_norm(table.record[row], _coast(update.rule, table, row, update, done, age - done, room))


@inner
def _coast(rule: int | None, table: Table, row: int, update: RowUpdate, done: int, missed: int, room: Room) -> float:
    if rule is None:
        return scale(table.rows[row], (1.0 - update.step_size * update.weight_decay) ** missed)
    else:  # noqa: RET505
        return advance(table, row, update, done, missed, room.gradient, room)


@called
def advance(
    table: Table, row: int, update: RowUpdate, done: int, missed: int, gradient: Floats, room: Room
) -> float:
    """After ``done`` steps, take the row through ``missed`` ones without a gradient; or, if 0, through one with it.

    Its new squared norm.
    """
    vector = table.rows[row]
    if missed > 0 and is_closed(update):
        coast(table, row, update, done, missed)
        return square(vector)
    squared = table.record[row, SQUARED_NORM]
    share = 0.0 if missed > 0 else 1.0
    for step in range(max(1, missed)):
        squared = _follow(table, row, gradient, share, update, done + step, squared, room)
        left = missed - step - 1
        if left > 0 and step % _LOOK == 0 and not update.coupled and is_at_rest(table, row, update, done + step + 1, squared):
            let_go(table, row, update, left)
            return square(vector)
    return squared


@spliced
def _follow(
    table: Table, row: int, gradient: Floats, share: float, update: RowUpdate, age: int, squared: float, room: Room
) -> float:
    """Move a row of this ``squared`` norm by the rule's ``direction`` on the gradient, or none (``share`` 1 or 0); its new one."""
    vector, seen, step = table.rows[row], room.seen, room.step
    decay = update.weight_decay if update.coupled else 0.0
    for i in range(len(vector)):
        seen[i] = share * gradient[i] + decay * vector[i]
    acting = updates.direction(update.rule, vector, seen, update.settings, age, table.state[row], step)
    keep = 1.0 if update.coupled else 1.0 - acting * update.step_size * update.weight_decay
    for i in range(len(vector)):
        vector[i] = moved(keep, vector[i], update.step_size, step[i])
    after = square(vector)
    if update.retracts:
        after = scale(vector, np.sqrt(squared / after))
    return after
