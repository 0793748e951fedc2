"""Eight rows of a run, step by step together: their vectors, and the way in and out.

Vectors are kept flat, (d * WIDTH,): entry i of all eight rows, then entry i + 1, as `numerics.arithmetic.lanes` reads them.
Where there are fewer rows the last one stands in the lanes that are left over, inactive.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.lanes import WIDTH, load, store, zeros
from numerics.arithmetic.sums import fill
from numerics.compilation.compiled import allocating, part
from numerics.kernels import draws
from numerics.kernels.record import MEASURED, Record
from numerics.updates.definition import STATE_ROWS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FINISHED = -1  # in place of the step at which a row left the range


class Block(NamedTuple):
    """All but the float64 ones in the precision of the run."""

    embedding: Floats  # (d * WIDTH,) u
    unit: Floats  # (d * WIDTH,) its direction
    gradient: Floats  # (d * WIDTH,)
    seen: Floats  # (d * WIDTH,) the gradient that the rule sees
    step: Floats  # (d * WIDTH,) what the rule makes of it
    moved: Floats  # (d * WIDTH,)
    state: Floats  # (STATE_ROWS, d * WIDTH) what the rule remembers: 0 before the first step
    squared: Floats  # (WIDTH,) |u|^2
    step_sizes: Floats  # (WIDTH,) float64
    weight_decays: Floats  # (WIDTH,) float64
    shares: Floats  # (WIDTH,) float64, of weight decay, as the rule says
    active: Floats  # (WIDTH,) float64: 1 where the step is taken, else 0
    visiting: Floats  # (WIDTH,) float64: 1 where it visits the row
    sums: Floats  # (MEASURED, WIDTH) float64
    row_keys: NDArray[np.uint64]  # (WIDTH,)
    keys: NDArray[np.uint64]  # (WIDTH,) of this step
    rows: Floats  # (WIDTH, d) room for vectors of rows, one after another
    row_step: Floats  # (d,)
    row_gradient: Floats  # (d,)
    row_state: Floats  # (STATE_ROWS, d)


@allocating
def block(embedding: Floats) -> Block:
    """Room for eight rows like this one."""
    kind, d = embedding.dtype, len(embedding)
    return Block(
        np.empty(d * WIDTH, kind), np.empty(d * WIDTH, kind), np.zeros(d * WIDTH, kind), np.empty(d * WIDTH, kind),
        np.empty(d * WIDTH, kind), np.empty(d * WIDTH, kind), np.zeros((STATE_ROWS, d * WIDTH), kind),
        np.empty(WIDTH, kind), np.empty(WIDTH), np.empty(WIDTH), np.ones(WIDTH), np.ones(WIDTH), np.ones(WIDTH),
        np.zeros((MEASURED, WIDTH)), np.empty(WIDTH, np.uint64), np.empty(WIDTH, np.uint64),
        np.empty((WIDTH, d), kind), np.empty(d, kind), np.empty(d, kind), np.empty((STATE_ROWS, d), kind),
    )  # fmt: skip


@part
def put(row: Floats, lane: int, vectors: Floats) -> None:
    """A vector (d,) into its lane."""
    for i in range(len(row)):
        vectors[i * WIDTH + lane] = row[i]


@part
def take(vectors: Floats, lane: int, row: Floats) -> None:
    """A vector (d,) out of its lane."""
    for i in range(len(row)):
        row[i] = vectors[i * WIDTH + lane]


@part
def begin(of: Block, head: int, tail: int, seed: np.uint64, first_row: int, embeddings: Floats, rates: Floats, record: Record) -> None:
    """Rows head .. tail at their start; ``rates`` (R, 3) ends with step size and weight decay."""
    for lane in range(WIDTH):
        row = min(head + lane, tail - 1)
        put(embeddings[row], lane, of.embedding)
        of.step_sizes[lane], of.weight_decays[lane] = rates[row, 1], rates[row, 2]
        of.row_keys[lane] = draws.row_key(seed, first_row + row)
    for i in range(len(of.state)):
        fill(0.0, of.state[i])
    square = zeros(of.squared)
    for i in range(embeddings.shape[1]):
        u = load(of.embedding, i)
        square = square + u * u
    store(of.squared, 0, square)
    for lane in range(tail - head):
        record.squared_norms[head + lane, 0] = of.squared[lane]
        if record.path.shape[1] > 0:
            take(of.embedding, lane, record.path[head + lane, 0])


@part
def note(of: Block, head: int, tail: int, slot: int, record: Record) -> None:
    """The sums of a slot, and the squared norms at its end, into the record; the sums begin again."""
    for lane in range(tail - head):
        row = head + lane
        record.energies[row, slot], record.radial[row, slot] = of.sums[0, lane], of.sums[1, lane]
        record.rotations[row, slot], record.drifts[row, slot] = of.sums[2, lane], of.sums[3, lane]
        record.heats[row, slot], record.visits[row, slot] = of.sums[4, lane], of.sums[5, lane]
        record.squared_norms[row, slot + 1] = of.squared[lane]
    for i in range(MEASURED):
        fill(0.0, of.sums[i])


@part
def note_path(of: Block, head: int, tail: int, step: int, record: Record) -> None:
    """Embeddings after a step and the gradients of it, where they are asked for: 0 where it was not taken."""
    if record.path.shape[1] > 0:
        for lane in range(tail - head):
            take(of.embedding, lane, record.path[head + lane, step + 1])
            if of.active[lane] > 0.0:
                take(of.gradient, lane, record.gradients[head + lane, step])
            else:
                fill(0.0, record.gradients[head + lane, step])


@part
def leave(of: Block, head: int, tail: int, step: int, span: tuple[float, float], left: Ints) -> None:
    """Note the step at which a row's |u|^2 leaves the span."""
    for lane in range(tail - head):
        if left[head + lane] == FINISHED and not span[0] <= of.squared[lane] <= span[1]:
            left[head + lane] = step
