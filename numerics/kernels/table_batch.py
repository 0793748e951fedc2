"""A batch of pairs through two tables: all at the same tables, then every row that occurs moves once, on the sum of its gradients.

The work is shared out twice, so that it can run on threads and is the same bits on any number of them: by pairs while the
tables stand still, by rows when they move. A run is a stretch of pairs with the same word. Its weighted sum of context
rows is made while they are at hand; contexts later gather the words of the runs, from a copy. The occurrences of a row are
summed in the order of the pairs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import accumulate, dot, fill
from numerics.compilation.compiled import spliced, stamped_inner, summed
from numerics.kernels.table_groups import Groups, group
from numerics.kernels.table_loss import Floats, Ids, Rule
from numerics.kernels.table_score import HUNGRY, PAIRS, RUNS, Batch, Scratch, collect, draw, score_run, share
from numerics.kernels.table_steps import catch_up, move
from numerics.kernels.table_stream import DIVERGED, FINISHED, settle
from numerics.kernels.tables import INVERSE_NORM, Room, Table, cast, fetch
from numerics.kernels.team import ENDLESS, PHASE, STATUS, WAITING, complete, open_phase, share_of, take
from numerics.sampling import AliasTable

# Phases, in order: of a batch from DRAW to MOVE; SETTLE after the last.
BEGIN, DRAW, GROUP, SCORE, MOVE, SETTLE, END = range(7)
_AHEAD = 3  # rows of which the memory is asked for while one is worked on


@spliced
def _catch(table: Table, groups: Groups, rule: Rule, age: int, part: int, work: Room) -> None:
    rows = groups.rows[groups.begins[part] :]
    for q in range(groups.sizes[part]):
        catch_up(table, rows[q], rule.update, age, work)


@summed
def _add(weight: Any, vector: Floats, out: Floats) -> None:
    for i in range(len(out)):
        out[i] += weight * vector[i]


@spliced
def _finish(table: Table, row: int, sum: Floats, rule: Rule, age: int, work: Room) -> None:
    """Move a row whose cosines have the slopes ``sum`` in its direction: (sum - <sum, v^> v^) / |v|; ``sum`` is used up."""
    if not rule.dot:
        vector, inverse = table.rows[row], cast(sum, table.record[row, INVERSE_NORM])
        along = dot(sum, vector) * inverse * inverse
        for i in range(len(sum)):
            sum[i] = inverse * (sum[i] - along * vector[i])
    move(table, row, sum, rule.update, age, work)


@spliced
def _move_contexts(context: Table, batch: Batch, rule: Rule, age: int, part: int, sum: Floats, work: Room) -> None:
    groups, candidates = batch.contexts, batch.candidate.shape[1]
    begin, size = groups.begins[part], groups.sizes[part]
    rows, ends, order = groups.rows[begin:], groups.ends[begin:], groups.order[begin:]
    runs, weight = groups.mine[begin:], batch.sorted_weight[begin:]
    for e in range(ends[size]):
        runs[e], weight[e] = batch.run[order[e] // candidates], batch.weights[order[e]]
    for q in range(size):
        if q + _AHEAD < size:
            fetch(context, rows[q + _AHEAD])
        fill(0.0, sum)
        accumulate(weight[ends[q] : ends[q + 1]], batch.vector, runs[ends[q] : ends[q + 1]], sum)
        _finish(context, rows[q], sum, rule, age, work)


@spliced
def _move_words(word: Table, batch: Batch, rule: Rule, age: int, part: int, sum: Floats, work: Room) -> None:
    groups = batch.words
    begin = groups.begins[part]
    rows, ends, order = groups.rows[begin:], groups.ends[begin:], groups.order[begin:]
    for q in range(groups.sizes[part]):
        fill(0.0, sum)
        for e in range(ends[q], ends[q + 1]):
            _add(cast(sum, 1.0), batch.gathered[order[e]], sum)
        _finish(word, rows[q], sum, rule, age, work)


@spliced
def _work(
    phase: int, part: int, parts: int, word: Table, context: Table, batch: Batch, rule: Rule, noise: AliasTable,
    key: np.uint64, steps: NDArray[np.int64], scratch: Scratch, work: Room,
) -> None:  # fmt: skip
    """A share of a phase. ``steps``: batches and pairs before this one."""
    pairs, runs = batch.place[PAIRS], batch.place[RUNS]
    if phase == DRAW:
        draw(batch, noise, key, steps[1], part, parts)
    elif phase == GROUP:
        group(batch.contexts, batch.candidates, pairs * batch.candidate.shape[1], part, parts)
        group(batch.words, batch.word, runs, part, parts)
        _catch(word, batch.words, rule, steps[0], part, work)
        _catch(context, batch.contexts, rule, steps[0], part, work)
    elif phase == SCORE:
        for run in range(share(runs, part, parts), share(runs, part + 1, parts)):
            score_run(word, context, batch, rule, scratch, run)
    elif phase == MOVE:
        _move_contexts(context, batch, rule, steps[0], part, scratch.sum, work)
        _move_words(word, batch, rule, steps[0], part, scratch.sum, work)
    elif phase == SETTLE:
        settle(word, context, share(len(word.rows), part, parts), share(len(word.rows), part + 1, parts), rule, steps[0], work)


@spliced
def _count(batch: Batch, steps: NDArray[np.int64], loss_sum: NDArray[np.float64]) -> int:
    """Count the batch; DIVERGED if its loss is not finite."""
    pairs = batch.place[PAIRS]
    for pair in range(pairs):
        loss_sum[0] += batch.loss[pair]
    steps[0] += 1
    steps[1] += pairs
    batch.place[PAIRS], batch.place[RUNS] = 0, 0
    return FINISHED if np.isfinite(loss_sum[0]) else DIVERGED


@spliced
def _after(
    phase: int, ids: Ids, last: int, window: int, batch: Batch, steps: NDArray[np.int64], loss_sum: NDArray[np.float64],
    status: NDArray[np.int64],
) -> int:  # fmt: skip
    """The phase after this one, with what one thread alone does between them; ``status`` is what it ends with."""
    following = phase + 1
    if phase == MOVE:
        status[STATUS] = _count(batch, steps, loss_sum)
    if status[STATUS] == DIVERGED:
        following = END
    elif phase in (BEGIN, MOVE):
        if len(ids) == 0:
            following = DRAW if batch.place[PAIRS] > 0 else SETTLE
        elif collect(ids, last, window, batch) == HUNGRY:
            following = END
        else:
            following = DRAW
    return following


@stamped_inner
def turns(stamp: int) -> Any:
    """Build the loop over the batches of a span, which any number of threads run together."""

    def batches(  # type: ignore[no-untyped-def]
        team, parts, ids, last, word, context, rule, noise, key, batch, scratch, work, steps, loss_sum
    ) -> int:
        """Take shares of phases, ``parts`` each, until the span is used up; its last pairs wait for a full batch.

        Without ids, the pairs that wait are a batch, and then all rows of both tables are brought to the last step. FINISHED,
        DIVERGED at a loss not finite, or WAITING: to be called again.
        """
        _ = stamp
        while True:
            ticket = take(team)
            if ticket == WAITING:
                return WAITING
            phase = team.phase[PHASE]
            if phase == END:
                return team.phase[STATUS]
            _work(phase, share_of(ticket), parts, word, context, batch, rule, noise, key, steps, scratch, work)
            if complete(team, ticket):
                following = _after(phase, ids, last, rule.window, batch, steps, loss_sum, team.phase)
                open_phase(team, following, ENDLESS if following == END else parts)

    return batches
