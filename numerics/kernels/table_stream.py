"""One stream of pairs through two tables, a step a pair: every row of a pair moves once, all at the values before the step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import copy, fill
from numerics.compilation.compiled import inner, spliced, stamped_inner, summed
from numerics.kernels.table_loss import Floats, Ids, Powers, Rule, draw_negatives, fill_scores, weigh
from numerics.kernels.table_steps import catch_up, move, moved
from numerics.kernels.tables import INVERSE_NORM, Room, Table, cast, fetch, measure
from numerics.sampling import AliasTable

FINISHED = 0
DIVERGED = 1


class Pair(NamedTuple):
    """Room for one pair, and for the candidates of the next, which are drawn early so that memory can be asked for them."""

    ahead: Ids  # (2, 1 + negatives) in turns
    candidate: Ids  # (1 + negatives,)
    score: Floats  # (1 + negatives,)
    weight: Floats  # (1 + negatives,) dloss/dscore
    gathered: Floats  # (d,) the word's gradient
    power: Powers  # (1 + negatives,) and more, to whole lanes
    loss: Powers  # (1,)


@spliced
def settle(word: Table, context: Table, first: int, last: int, rule: Rule, age: int, work: Room) -> None:
    """Bring rows first..last-1 of both tables to step ``age``."""
    for row in range(first, last):
        catch_up(word, row, rule.update, age, work)
        catch_up(context, row, rule.update, age, work)


@spliced
def _merge(candidate: Ids, weight: Floats) -> None:
    """A row that was drawn again moves once, by the sum: weights are added up at its first place, the others are -1."""
    for j in range(1, len(candidate)):
        for i in range(j):
            if candidate[i] == candidate[j]:
                weight[i] += weight[j]
                candidate[j] = -1
                break


@inner
def _slope(toward: Any, other: Any, along: Any, own: Any) -> Any:
    """An entry of the gradient in one of two rows: toward * other - along * own, as it is written."""
    return toward * other - along * own


@summed
def _push(
    other: Floats, vector: Floats, gathered: Floats, toward: Any, along: Any, share: Any, keep: Any, rate: Any
) -> tuple[Any, Any, Any]:
    """gathered += share vector; vector <- keep vector - rate g for the gradient g = toward other - along vector.

    |g|^2, <vector before, g> and |vector after|^2, in the precision of the rows: in float64 a step would take half as long again.
    """
    energy, radial, squared = cast(vector, 0), cast(vector, 0), cast(vector, 0)
    for i in range(len(vector)):
        before = vector[i]
        g = _slope(toward, other[i], along, before)
        after = moved(keep, before, rate, g)
        gathered[i] += share * before
        energy += g * g
        radial += before * g
        squared += after * after
        vector[i] = after
    return energy, radial, squared


@spliced
def _gather(
    other: Floats, vector: Floats, gathered: Floats, toward: Any, along: Any, share: Any, gradient: Floats
) -> None:
    """`_push` for a rule that needs the gradient before it can move the row."""
    for i in range(len(vector)):
        gathered[i] += share * vector[i]
        gradient[i] = _slope(toward, other[i], along, vector[i])


@inner
def _move_context(
    by: int | None, word: Table, row: int, context: Table, rule: Rule, pair: Pair, j: int, age: int, work: Room
) -> None:
    """Gather what context j contributes to the word's gradient, then move the context: dscore/dv = (u^ - s v^) / |v|.

    ``by`` is the rule, of which None is decided when this is compiled.
    """
    vector, other, update, gathered = word.rows[row], pair.candidate[j], rule.update, pair.gathered
    record, one = context.record[other], cast(vector, 1.0)
    inverse = one if rule.dot else cast(vector, word.record[row, INVERSE_NORM])
    other_inverse = one if rule.dot else cast(vector, record[INVERSE_NORM])
    share = pair.weight[j] * other_inverse
    pull = cast(vector, 0.0) if rule.dot else share * pair.score[j] * other_inverse
    if by is None:
        keep, rate = cast(vector, 1.0 - update.step_size * update.weight_decay), cast(vector, update.step_size)
        energy, radial, squared = _push(vector, context.rows[other], gathered, share * inverse, pull, share, keep, rate)
        measure(record, update.step_size, energy, radial, squared, age)
    else:
        _gather(vector, context.rows[other], gathered, share * inverse, pull, share, work.gradient)
        move(context, other, work.gradient, update, age, work)


@spliced
def _descend(word: Table, row: int, context: Table, rule: Rule, pair: Pair, age: int, work: Room) -> None:
    """The gradients in every row of the pair, and the step."""
    vector, gathered = word.rows[row], pair.gathered
    along = cast(vector, 0.0)
    fill(0.0, gathered)
    for j in range(len(pair.candidate)):
        if pair.candidate[j] >= 0:
            along += pair.weight[j] * pair.score[j]
            _move_context(rule.update.rule, word, row, context, rule, pair, j, age, work)
    if not rule.dot:
        one, inverse = cast(vector, 1.0), cast(vector, word.record[row, INVERSE_NORM])
        for i in range(len(gathered)):
            gathered[i] = _slope(one, gathered[i], along * inverse, vector[i]) * inverse
    move(word, row, gathered, rule.update, age, work)


@spliced
def _step(word: Table, row: int, context: Table, rule: Rule, pair: Pair, age: int, work: Room) -> float:
    """One pair; its loss."""
    catch_up(word, row, rule.update, age, work)
    for j in range(len(pair.candidate)):
        catch_up(context, pair.candidate[j], rule.update, age, work)
    fill_scores(word, row, context, pair.candidate, rule.dot, pair.score)
    weigh(rule, len(pair.candidate), pair.candidate, pair.score, pair.weight, pair.power, pair.loss)
    loss = pair.loss[0]
    if np.isfinite(loss):
        _merge(pair.candidate, pair.weight)
        _descend(word, row, context, rule, pair, age, work)
    return loss


@spliced
def _look_ahead(context: Table, pair: Pair, number: int, noise: AliasTable, key: np.uint64) -> None:
    """Draw the negatives of pair ``number``, and have them on their way from memory."""
    drawn = pair.ahead[number % 2]
    draw_negatives(drawn, number, noise, key)
    for j in range(1, len(drawn)):
        fetch(context, drawn[j])


@spliced
def _pairs(
    ids: Ids, centre: int, word: Table, context: Table, rule: Rule, noise: AliasTable, key: np.uint64,
    pair: Pair, work: Room, steps: NDArray[np.int64], loss_sum: NDArray[np.float64],
) -> int:  # fmt: skip
    """All pairs of one word of the text."""
    for place in range(max(0, centre - rule.window), min(len(ids), centre + rule.window + 1)):
        if place == centre:
            continue
        _look_ahead(context, pair, steps[0] + 1, noise, key)
        copy(pair.ahead[steps[0] % 2], pair.candidate)
        pair.candidate[0] = ids[place]
        loss = _step(word, ids[centre], context, rule, pair, steps[0], work)
        if not np.isfinite(loss):
            return DIVERGED
        steps[0] += 1
        steps[1] += 1
        loss_sum[0] += loss
    return FINISHED


@stamped_inner
def stream(stamp: int) -> Any:
    """Build the loop over a span of the text."""

    def span(  # type: ignore[no-untyped-def]
        ids, first, last, word, context, rule, noise, key, pair, work, steps, loss_sum
    ) -> int:
        """Every (word, context) pair whose word stands at first..last-1 of ``ids``: one step each, in order.

        ``steps``, which are pairs as well, and ``loss_sum`` go on counting. Without ids, rows first..last-1 of both tables
        are brought to the last step. Returns FINISHED, or DIVERGED at a loss not finite.
        """
        _ = stamp  # closed over, so that a cached span belongs to the sources it was compiled from
        if len(ids) == 0:
            settle(word, context, first, last, rule, steps[0], work)
            return FINISHED
        _look_ahead(context, pair, steps[0], noise, key)
        for centre in range(first, last):
            fetch(word, ids[min(centre + 1, len(ids) - 1)])
            fetch(context, ids[min(centre + 1 + rule.window, len(ids) - 1)])
            if _pairs(ids, centre, word, context, rule, noise, key, pair, work, steps, loss_sum) != FINISHED:
                return DIVERGED
        return FINISHED

    return span
