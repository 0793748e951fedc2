"""One step of InfoNCE on two lookup tables: definitions only, compiled, one stream per replicate.

For a word row u and context rows v_j (j = 0 the observed one, the others sampled), with scores
s_j = <u, v_j> / (|u| |v_j|) (cosine) or <u, v_j> (dot), temperature t and p = softmax(s / t):
loss = -log p_0. Every row of a step moves once, all at the values before the step (`numerics.kernels.row_update`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import largest
from numerics.compiled import inner, stamped
from numerics.kernels.row_update import RowUpdate, Table, catch_up, move
from numerics.sampling import AliasTable, draw

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FINISHED = 0
DIVERGED = 1


class Rule(NamedTuple):
    """What defines a step."""

    window: int
    negatives: int
    temperature: float
    dot: bool
    update: RowUpdate


class Scratch(NamedTuple):
    """Room for one step."""

    candidate: Ints  # (1 + negatives,)
    score: Floats  # (1 + negatives,)
    weight: Floats  # (1 + negatives,) dloss/dscore
    word_gradient: Floats  # (dimension,)
    context_gradient: Floats  # (dimension,)


@inner
def _score(word: Table, row: int, context: Table, rule: Rule, scratch: Scratch) -> None:
    for j in range(len(scratch.candidate)):
        other = scratch.candidate[j]
        inner = 0.0
        for k in range(word.rows.shape[1]):
            inner += word.rows[row, k] * context.rows[other, k]
        if not rule.dot:
            inner *= (1.0 / np.sqrt(word.squared_norm[row])) * (1.0 / np.sqrt(context.squared_norm[other]))
        scratch.score[j] = inner


@inner
def _weigh(rule: Rule, scratch: Scratch) -> float:
    """Fill dloss/dscore, the weights of a row that was drawn twice added up at its first place; the loss.

    Where all candidates are one row its weight is 0, and not what rounding leaves of that, which Adam would blow up.
    """
    score, weight, candidate = scratch.score, scratch.weight, scratch.candidate
    top = largest(score)
    total = 0.0
    for j in range(len(score)):
        weight[j] = np.exp((score[j] - top) / rule.temperature)
        total += weight[j]
    for j in range(len(score)):
        weight[j] /= total * rule.temperature
    weight[0] -= 1.0 / rule.temperature
    others = 0
    for j in range(1, len(score)):
        others += 1
        for i in range(j):
            if candidate[i] == candidate[j]:
                weight[i] += weight[j]
                candidate[j] = -1
                others -= 1
                break
    if others == 0:
        weight[0] = 0.0
    return np.log(total) - (score[0] - top) / rule.temperature


@inner
def _descend(word: Table, row: int, context: Table, rule: Rule, scratch: Scratch, step: int) -> None:
    """Gradients of the loss in every row of the step, then the step."""
    gradient, other_gradient = scratch.word_gradient, scratch.context_gradient
    gradient[:] = 0.0
    inverse = 1.0 if rule.dot else 1.0 / np.sqrt(word.squared_norm[row])
    along = 0.0
    for j in range(len(scratch.candidate)):
        other, weight = scratch.candidate[j], scratch.weight[j]
        if other < 0:
            continue
        # dscore/dv = (u^ - s v^) / |v|; of the dot product it is u
        other_inverse = 1.0 if rule.dot else 1.0 / np.sqrt(context.squared_norm[other])
        pull = 0.0 if rule.dot else scratch.score[j] * other_inverse
        for k in range(len(gradient)):
            value = context.rows[other, k]
            gradient[k] += weight * other_inverse * value
            other_gradient[k] = weight * (inverse * word.rows[row, k] - pull * value) * other_inverse
        along += 0.0 if rule.dot else weight * scratch.score[j]
        move(context, other, other_gradient, rule.update, step)
    for k in range(len(gradient)):
        gradient[k] = (gradient[k] - along * inverse * word.rows[row, k]) * inverse
    move(word, row, gradient, rule.update, step)


@stamped
def train_span(stamp: int) -> Any:
    """Build the loop over a span of the text."""

    def span(
        ids: NDArray[np.int32],
        first: int,
        last: int,
        word: Table,
        context: Table,
        rule: Rule,
        noise: AliasTable,
        key: np.uint64,
        scratch: Scratch,
        steps: Ints,
        loss_sum: Floats,
    ) -> int:
        """Every (word, context) pair whose word stands at first..last-1 of ``ids``: one step each, in order.

        ``steps[0]`` and ``loss_sum[0]`` go on counting. Returns FINISHED, or DIVERGED at a loss not finite.
        """
        _ = stamp  # closed over, so that a cached span belongs to the sources it was compiled from
        for centre in range(first, last):
            for place in range(max(0, centre - rule.window), min(len(ids), centre + rule.window + 1)):
                if place == centre:
                    continue
                scratch.candidate[0] = ids[place]
                for j in range(rule.negatives):
                    scratch.candidate[j + 1] = draw(noise, key, np.uint64(steps[0] * rule.negatives + j))
                catch_up(word, ids[centre], rule.update, steps[0])
                for j in range(rule.negatives + 1):
                    catch_up(context, scratch.candidate[j], rule.update, steps[0])
                _score(word, ids[centre], context, rule, scratch)
                loss = _weigh(rule, scratch)
                if not np.isfinite(loss):
                    return DIVERGED
                _descend(word, ids[centre], context, rule, scratch, steps[0])
                steps[0] += 1
                loss_sum[0] += loss
        return FINISHED

    return span


@stamped
def settle(stamp: int) -> Any:
    """Build the loop that brings every row of a table to the last step."""

    def every_row(table: Table, update: RowUpdate, steps: int) -> None:
        _ = stamp
        for row in range(len(table.visits)):
            catch_up(table, row, update, steps)

    return every_row
