"""Rows without a gradient under a dense optimiser, which moves every row at every step: what they missed, made up at once.

Without a gradient most rules move a row by a map with a closed power, so that a step costs only the rows that it touches:

- decoupled decay: a power of ``keep = 1 - step_size * weight_decay`` where the rule has no momentum; heavy ball and Nesterov
  the power of a 2x2 matrix on (momentum, row); Lion, whose signs stay, a geometric sum; Adam without epsilon moves every entry
  by the same multiple of m / sqrt(v). Riemannian SGD leaves the row where it is.
- coupled decay, a gradient of weight_decay * row: heavy ball and Nesterov again a matrix; SGD a power; normalised, clipped and
  sign SGD walk along the row, or the entry, by equal strides.

There is no closed form for the projected rules (SGDP, AdamP), for Adam with epsilon, and under coupled decay for Adam, RMSProp
and Lion, nor for AdaGrad-norm and WNGrad: these are stepped through one by one (the last two as two numbers, the length and b),
which costs as much as a dense optimiser. But for coupled decay the steps end as soon as all momentum that is left is
below the rounding of the row; what remains is a power.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics import updates
from numerics.compilation.compiled import called
from numerics.kernels.table_closed import coasting, geometric, linear_power, shrinking_length, walk
from numerics.kernels.tables import SQUARED_NORM, RowUpdate, Table, scale

Floats = NDArray[Any]
_NEGLIGIBLE = 2.0**-60  # of a row, below its rounding
_SMALLEST = 2.0**-126  # normal number of float32
(
    _HEAVY_BALL, _NESTEROV, _NORMALIZED, _CLIPPED, _ADAGRAD, _WNGRAD, _RMSPROP, _ADAM, _LION, _SIGN, _SGDP, _ADAMP, _RIEMANNIAN,
) = (updates.code(name) for name in (
    "heavy_ball", "nesterov", "normalized_sgd", "clipped_sgd", "adagrad_norm", "wngrad", "rmsprop", "adam", "lion",
    "sign_sgd", "sgdp", "adamp", "riemannian_sgd",
))  # fmt: skip


def coasts(rule: str, weight_decay: float, lazy: bool) -> bool:
    """Whether a row, or its state, changes in a step without a gradient."""
    place = updates.code(rule)
    return not lazy and place != _RIEMANNIAN and (weight_decay > 0 or updates.RULES[place].moments > 0)


@called
def is_closed(update: RowUpdate) -> bool:
    """Whether steps without a gradient have a closed form."""
    rule = update.rule
    if update.coupled:
        return rule not in (_ADAM, _LION, _RMSPROP, _SGDP, _ADAMP)
    return rule not in (_SGDP, _ADAMP) and not (rule == _ADAM and update.settings.epsilon > 0.0)


@called
def coast(table: Table, row: int, update: RowUpdate, done: int, missed: int) -> None:
    """Take the row through ``missed`` steps without a gradient, ``done`` before them, by the closed form."""
    rule, vector, coupled = update.rule, table.rows[row], update.coupled
    if rule in (_HEAVY_BALL, _NESTEROV):
        _linear(table, row, update, missed)
    elif rule == _LION:
        _lion(table, row, update, missed)
    elif rule == _ADAM:
        _adam(table, row, update, done, missed)
    elif coupled and rule == _SIGN:
        for i in range(len(vector)):
            vector[i] = np.copysign(1.0, vector[i]) * walk(abs(vector[i]), update.step_size, missed)
    elif coupled:
        length = np.sqrt(table.record[row, SQUARED_NORM])
        scale(vector, _along(update, length, table.state[row], missed) / length)
    else:
        scale(vector, (1.0 - update.step_size * update.weight_decay) ** missed)
        if rule == _RMSPROP:
            scale(table.state[row, 0], update.settings.second_momentum**missed)


@called
def _along(update: RowUpdate, length: float, state: Floats, missed: int) -> float:
    """Coupled decay by a rule that stays on the line of the row: its new length, less than 0 if it has turned round."""
    stride, decay = update.step_size, update.weight_decay
    if update.rule == _NORMALIZED:
        return walk(length, stride, missed)
    if update.rule == _CLIPPED:
        clipped = stride * update.settings.threshold
        steps = int(min(float(missed), max(0.0, np.ceil((length - update.settings.threshold / decay) / clipped))))
        return (length - steps * clipped) * (1.0 - stride * decay) ** (missed - steps)
    start = update.settings.accumulator
    if update.rule == _ADAGRAD:
        length, state[0, 0] = shrinking_length(length, start**2, state[0, 0], stride, decay, missed, True)
    else:
        b = state[0, 0] if state[0, 0] > 0.0 else start
        length, state[0, 0] = shrinking_length(length, 0.0, b, stride, decay, missed, False)
    return length


@called
def _linear(table: Table, row: int, update: RowUpdate, missed: int) -> None:
    """Heavy ball and Nesterov: (m, u) goes to (beta m + lambda u, ...), lambda = 0 where decay is decoupled."""
    beta, stride = update.settings.momentum, update.step_size
    decay = update.weight_decay if update.coupled else 0.0
    look = beta if update.rule == _NESTEROV else 1.0  # u moves by -stride (look m' + ahead)
    ahead = decay if update.rule == _NESTEROV else 0.0
    keep = 1.0 if update.coupled else 1.0 - stride * update.weight_decay
    mm, mu, um, uu = linear_power(beta, decay, -stride * look * beta, keep - stride * (look * decay + ahead), missed)
    vector, momentum = table.rows[row], table.state[row, 0]
    for i in range(len(vector)):
        m, u = momentum[i], vector[i]
        momentum[i] = mm * m + mu * u
        vector[i] = um * m + uu * u


@called
def _lion(table: Table, row: int, update: RowUpdate, missed: int) -> None:
    """m keeps its sign while it shrinks; it stays away from 0, where it would lose it."""
    vector, momentum = table.rows[row], table.state[row, 0]
    keep = 1.0 - update.step_size * update.weight_decay
    total = update.step_size * geometric(keep, missed) if update.settings.momentum > 0.0 else 0.0
    factor, shrink = keep**missed, update.settings.second_momentum**missed
    for i in range(len(vector)):
        sign = np.sign(momentum[i])
        vector[i] = factor * vector[i] - total * sign
        momentum[i] = sign * max(abs(momentum[i]) * shrink, _SMALLEST)


@called
def _adam(table: Table, row: int, update: RowUpdate, done: int, missed: int) -> None:
    """m and v shrink by beta_1 and beta_2, so every entry moves by the same multiple of m / sqrt(v)."""
    first, second = update.settings.momentum, update.settings.second_momentum
    keep = 1.0 - update.step_size * update.weight_decay
    factor, total = keep**missed, update.step_size * coasting(first, second, keep, done, missed)
    shrink, square_shrink = first**missed, second**missed
    vector, mean, square = table.rows[row], table.state[row, 0], table.state[row, 1]
    for i in range(len(vector)):
        root = np.sqrt(np.float64(square[i]))
        vector[i] = factor * vector[i] - (total * mean[i] / root if root > 0.0 else 0.0)
        mean[i] *= shrink
        square[i] *= square_shrink


@called
def is_at_rest(table: Table, row: int, update: RowUpdate, age: int, squared: float) -> bool:
    """Whether all steps to come, together, are below the rounding of the row.

    Relative to the row they fall at least as a geometric series, but for the bias of Adam's second moment, whose root
    grows from step ``age`` on by less than 1 + j/age in j steps: twice the sum, once ``age`` is above the series' length.
    """
    settings = update.settings
    ratio = settings.momentum / _keep(update)
    if update.rule != _SGDP:
        ratio /= np.sqrt(settings.second_momentum)
    if not 0.0 <= ratio < 1.0 or age * (1.0 - ratio) < 1.0:
        return False
    size = 0.0
    for i in range(table.rows.shape[1]):
        step = np.float64(table.state[row, 0, i])
        if update.rule != _SGDP:
            root = np.sqrt(np.float64(table.state[row, 1, i])) + settings.epsilon
            step = step / root / (1.0 - settings.momentum**age) if root > 0.0 else np.float64(0.0)
        size += step * step
    return 2.0 * update.step_size * np.sqrt(size) < _NEGLIGIBLE * (1.0 - ratio) * np.sqrt(squared)


@called
def _keep(update: RowUpdate) -> float:
    """By what a step without gradient or momentum multiplies a row, decay being decoupled."""
    share = 1.0
    if update.rule in (_SGDP, _ADAMP):
        share = updates.projection.PROJECTED_DECAY
    if update.rule == _SGDP:
        share /= 1.0 - update.settings.momentum
    return 1.0 - share * update.step_size * update.weight_decay


@called
def let_go(table: Table, row: int, update: RowUpdate, left: int) -> None:
    """What is left when momentum no longer moves the row: powers."""
    scale(table.rows[row], _keep(update) ** left)
    scale(table.state[row, 0], update.settings.momentum**left)
    if update.rule != _SGDP:
        scale(table.state[row, 1], update.settings.second_momentum**left)
