"""One step of any update rule on eight rows, and what is measured at it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.arctangent import angle_of
from numerics.arithmetic.lanes import WIDTH, above, choose, like, load, root, store, wide, zeros
from numerics.arithmetic.sums import fill
from numerics.compilation.compiled import part
from numerics.kernels import draws
from numerics.kernels.block import FINISHED, Block, put, take
from numerics.kernels.storage import Storage
from numerics.kernels.storage import store as stored
from numerics.updates import direction
from numerics.updates.definition import Settings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Update(NamedTuple):
    """How gradients become steps, the same for every row of a run."""

    rule: int
    by_coordinate: bool
    coupled: bool  # weight decay is part of the gradient that the rule sees; else it shrinks the embedding
    retracts: bool
    lazy: bool  # a step that does not visit the row leaves all of it alone; else its gradient is 0
    visits: float  # probability that a step visits the row
    settings: Settings
    storage: Storage
    schedule: Floats  # (K,) factors of the step size


@part
def visit(of: Block, update: Update, head: int, tail: int, draw: int, left: Ints) -> None:
    """Which rows the step with this number of draws visits, and which of them take it."""
    for lane in range(WIDTH):
        of.keys[lane] = draws.at_step(of.row_keys[lane], draw)
        visits = update.visits >= 1.0 or draws.visits(of.keys[lane], update.visits)
        lives = lane < tail - head and left[min(head + lane, tail - 1)] == FINISHED
        of.visiting[lane] = 1.0 if visits else 0.0
        of.active[lane] = 1.0 if lives and (visits or not update.lazy) else 0.0


@part
def turn(of: Block, size: int) -> Any:
    """Fill ``unit``; the lengths."""
    length = root(load(of.squared, 0))
    inverse = 1.0 / length
    for i in range(size):
        store(of.unit, i, load(of.embedding, i) * inverse)
    return length


@part
def measured_step(of: Block, update: Update, age: int, size: int) -> None:
    """u <- (1 - share * step_size * weight_decay) u - step_size * s on active rows, its measurements added to the sums.

    ``unit`` and ``gradient`` are given; ``size`` = d.
    """
    square = load(of.squared, 0)
    radial = along = zeros(of.gradient)
    for i in range(size):
        g = load(of.gradient, i)
        radial, along = radial + load(of.embedding, i) * g, along + load(of.unit, i) * g
    rest = zeros(of.gradient)
    for i in range(size):
        part = load(of.gradient, i) - along * load(of.unit, i)
        rest = rest + part * part
    make_step(of, update, age, size)
    drift = heat = zeros(of.step)
    for i in range(size):
        s = load(of.step, i)
        drift, heat = drift + load(of.embedding, i) * s, heat + s * s
    move(of, update, age, size)
    add(of, 0, wide(square) * wide(rest))
    add(of, 1, wide(radial))
    add(of, 3, wide(drift) * -1.0)
    add(of, 4, wide(square) * wide(heat))
    add(of, 5, load(of.visiting, 0))
    arrive(of, size)


@part
def add(of: Block, which: int, values: Any) -> None:
    """Add to the sums of active rows."""
    before = load(of.sums, which)
    store(of.sums, which, choose(above(load(of.active, 0), 0.0), before + values, before))


@part
def make_step(of: Block, update: Update, age: int, size: int) -> None:
    """Fill ``step`` and ``shares``: what the rule makes of the gradient, or of the gradient and coupled decay."""
    if update.coupled:
        decay = like(load(of.weight_decays, 0), of.gradient)
        for i in range(size):
            store(of.seen, i, load(of.gradient, i) + decay * load(of.embedding, i))
    seen = of.seen if update.coupled else of.gradient
    together = update.by_coordinate and not (update.lazy and update.visits < 1.0)
    # one call of the rules and not two, all rows as one vector or one by one: every rule is compiled into each
    if together:
        width, rows = size * WIDTH, 1
    else:
        width, rows = size, WIDTH
    for lane in range(rows):
        if together or of.active[lane] > 0.0:
            if not together:
                take_row(of, seen, lane)
            u, g = (of.embedding, seen) if together else (of.rows[0], of.row_gradient)
            state, out = (of.state, of.step) if together else (of.row_state, of.row_step)
            share = direction(update.rule, u[:width], g[:width], update.settings, age, state, out[:width])
            of.shares[lane] = share
            if not together:
                put_row(of, lane)
        else:
            fill(0.0, of.row_step)
            put(of.row_step, lane, of.step)
    if together:
        fill(of.shares[0], of.shares)


@part
def take_row(of: Block, seen: Floats, lane: int) -> None:
    """What a rule needs of one row."""
    take(of.embedding, lane, of.rows[0])
    take(seen, lane, of.row_gradient)
    for i in range(len(of.state)):
        take(of.state[i], lane, of.row_state[i])


@part
def put_row(of: Block, lane: int) -> None:
    """What a rule has made of one row."""
    put(of.row_step, lane, of.step)
    for i in range(len(of.state)):
        put(of.row_state[i], lane, of.state[i])


@part
def move(of: Block, update: Update, age: int, size: int) -> None:
    """Fill ``moved``. As in place, in two operations: what was shrunk is stored before the step is taken."""
    rate = load(of.step_sizes, 0) * update.schedule[age]
    shrink = rate * load(of.weight_decays, 0) * load(of.shares, 0)
    keep = like(1.0 - (zeros(of.shares) if update.coupled else shrink), of.moved)
    pace, emulated = like(rate, of.moved), update.storage.bits != 0
    for i in range(size):
        kept = keep * load(of.embedding, i)
        store(of.moved, i, kept if emulated else kept - pace * load(of.step, i))
    if emulated:
        if not update.coupled:
            store_all(of, update.storage, 0)
        for i in range(size):
            store(of.moved, i, load(of.moved, i) - pace * load(of.step, i))
        store_all(of, update.storage, size)
    if update.retracts:
        after = zeros(of.moved)
        for i in range(size):
            after = after + load(of.moved, i) * load(of.moved, i)
        factor = root(load(of.squared, 0)) / root(after)
        for i in range(size):
            store(of.moved, i, load(of.moved, i) * factor)
        if emulated:
            store_all(of, update.storage, 2 * size)


@part
def store_all(of: Block, storage: Storage, first: int) -> None:
    """Every entry of ``moved`` as the format holds it; its counter is ``first`` + i."""
    for i in range(len(of.moved)):
        of.moved[i] = stored(of.moved[i], storage, of.keys[i % WIDTH], first + i // WIDTH)


@part
def arrive(of: Block, size: int) -> None:
    """Measure the turn from ``embedding`` to ``moved``, and be there: the rows that are active.

    The angle is atan2 of the length of the rejection and the projection. The rejection is that of the move ``after - before`` while
    the move is the shorter one: then its entries are nearly exact differences, and a tiny angle keeps its relative accuracy.
    """
    zero = zeros(of.squared)
    moved_square = after_square = along_move = along = zero
    for i in range(size):
        after, unit = load(of.moved, i), load(of.unit, i)
        change = after - load(of.embedding, i)
        moved_square, after_square = moved_square + change * change, after_square + after * after
        along_move, along = along_move + unit * change, along + unit * after
    near, active = above(after_square, moved_square), above(load(of.active, 0), 0.0)
    part, across = choose(near, along_move, along), zero
    for i in range(size):
        before, after = load(of.embedding, i), load(of.moved, i)
        rest = (after - choose(near, before, zero)) - part * load(of.unit, i)
        across = across + rest * rest
        store(of.embedding, i, choose(active, after, before))
    add(of, 2, wide(angle_of(root(across), along)))
    store(of.squared, 0, choose(active, after_square, load(of.squared, 0)))

