"""The gradient oracle of prescribed energy: one row is one run."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.lanes import WIDTH, above, choose, load, store
from numerics.arithmetic.sums import dot, fill
from numerics.compilation.compiled import allocating, kernel, part
from numerics.kernels import draws
from numerics.kernels.block import FINISHED, Block, begin, block, leave, note, note_path, put, take
from numerics.kernels.record import Record
from numerics.kernels.update import Update, measured_step, turn, visit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Noise(NamedTuple):
    """What the gradient of a step is made of."""

    alignment: float
    persistence: float
    stride: int


class Bench(NamedTuple):
    """Eight rows and what their gradients need."""

    of: Block
    memories: Floats  # (WIDTH, d) of the AR(1) process
    begun: Ints  # (WIDTH,) whether the row has been visited: a lazy row's process begins then
    fresh: Floats  # (d,)
    unit: Floats  # (d,)
    tangent: Floats  # (d,)
    tangents: Floats  # (d * WIDTH,)
    sizes: Floats  # (WIDTH,) lengths of the gradients


@allocating
def bench(embedding: Floats) -> Bench:
    """Room for eight rows like this one."""
    kind, d = embedding.dtype, len(embedding)
    return Bench(
        block(embedding), np.zeros((WIDTH, d), kind), np.zeros(WIDTH, np.int64), np.empty(d, kind), np.empty(d, kind),
        np.empty(d, kind), np.zeros(d * WIDTH, kind), np.empty(WIDTH, kind),
    )  # fmt: skip


@part
def noise(key: np.uint64, persistence: float, unit: Floats, memory: Floats, fresh: Floats, first: bool, tangent: Floats) -> None:
    """Fill ``tangent``, a unit vector orthogonal to ``unit``: white, or the projection of an AR(1) vector ``memory``."""
    if persistence == 0.0:
        draws.tangent_direction(key, unit, tangent)
        return
    draws.gaussian(key, np.uint64(0), fresh)
    part = 0.0 if first else persistence
    kept, new = unit.dtype.type(part), unit.dtype.type(np.sqrt((1.0 - part) * (1.0 + part)))
    for i in range(len(unit)):
        memory[i] = kept * memory[i] + new * fresh[i]
        tangent[i] = memory[i]
    for _ in range(2):
        along = dot(unit, tangent)
        for i in range(len(unit)):
            tangent[i] -= along * unit[i]
    draws.scale_to(tangent, 1.0)


@part
def gradient(on: Bench, oracle: Noise, head: int, tail: int, step: int, energies: Floats) -> None:
    """Fill ``gradient``: sqrt(energy)/|u| (sqrt(1 - alignment^2) t + alignment u/|u|); 0 on rows that are not visited."""
    of, size = on.of, len(on.unit)
    length = turn(of, size)
    for lane in range(tail - head):
        if of.active[lane] > 0.0:
            take(of.unit, lane, on.unit)
            noise(of.keys[lane], oracle.persistence, on.unit, on.memories[lane], on.fresh, on.begun[lane] == 0, on.tangent)
            put(on.tangent, lane, on.tangents)
            on.begun[lane] = 1
        on.sizes[lane] = np.sqrt(energies[head + lane, step])
    for lane in range(tail - head, WIDTH):
        on.sizes[lane] = 0.0
    along, across = oracle.alignment, np.sqrt((1.0 - oracle.alignment) * (1.0 + oracle.alignment))
    long, visits = load(on.sizes, 0) / length, above(load(of.visiting, 0), 0.0)
    for i in range(size):
        g = long * (load(on.tangents, i) * across + load(of.unit, i) * along)
        store(of.gradient, i, choose(visits, g, 0.0))


@kernel
def drive(stamp: int) -> Any:
    """Fill embeddings (R, d), the last ones, the records, and the steps at which rows ``left`` the ``span`` of |u|^2, or FINISHED.

    ``rates`` (R, 3): norm, step size, weight decay. Step 0 of a row's stream draws the first direction, step k + 1 the tangent of
    step k.
    """

    def rows(first, last, oracle, span, update, seed, first_row, embeddings, energies, rates, record, left):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        on = bench(embeddings[0])
        for head in range(first, last, WIDTH):
            run(on, head, min(head + WIDTH, last), oracle, span, update, seed, first_row, embeddings, energies, rates, record, left)

    return rows


@part
def run(
    on: Bench, head: int, tail: int, oracle: Noise, span: tuple[float, float], update: Update, seed: np.uint64, first_row: int,
    embeddings: Floats, energies: Floats, rates: Floats, record: Record, left: Ints,
) -> None:  # fmt: skip
    """Rows head .. tail from their first step to their last."""
    of, size = on.of, embeddings.shape[1]
    for row in range(head, tail):
        draws.gaussian(draws.step_key(seed, first_row + row, 0), np.uint64(0), embeddings[row])
        draws.scale_to(embeddings[row], rates[row, 0])
        # 0, not empty: 0 times what is left there by chance may be NaN
        fill(0.0, on.memories[row - head])
        on.begun[row - head], left[row] = 0, FINISHED
    begin(of, head, tail, seed, first_row, embeddings, rates, record)
    for step in range(energies.shape[1]):
        visit(of, update, head, tail, step + 1, left)
        gradient(on, oracle, head, tail, step, energies)
        measured_step(of, update, step, size)
        note_path(of, head, tail, step, record)
        leave(of, head, tail, step, span, left)
        if (step + 1) % oracle.stride == 0:
            note(of, head, tail, step // oracle.stride, record)
    for row in range(head, tail):
        take(of.embedding, row - head, embeddings[row])
