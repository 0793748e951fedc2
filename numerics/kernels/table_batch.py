"""A batch of pairs through two tables: all at the same tables, then every row that occurs moves once, on the sum of its gradients.

The work is shared out twice, so that it can run on threads and is the same bits on any number of them: by pairs while the
tables stand still, by rows when they move. A run is a stretch of pairs with the same word. Its weighted sum of context
rows is made while they are at hand; contexts later gather the words of the runs, from a copy. The occurrences of a row are
summed in the order of the pairs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import accumulate, copy, dot, fill
from numerics.compiled import spliced, stamped_inner, summed
from numerics.kernels.table_loss import Floats, Ids, Rule, draw_negatives, fill_scores, weigh
from numerics.kernels.table_steps import catch_up, move
from numerics.kernels.table_stream import DIVERGED, FINISHED, settle
from numerics.kernels.tables import INVERSE_NORM, SHARES, Room, Table, cast, fetch
from numerics.sampling import AliasTable

HUNGRY = 2  # the span is used up before the batch is full
# Phases of a batch, to be combined; between two that are called apart, all parts have to be done.
COLLECT, DRAW, GROUP, CATCH, SCORE, MOVE, FINISH, SETTLE = (1 << i for i in range(8))
_AHEAD = 3  # pairs, or rows, of which the memory is asked for while one is worked on
PAIRS, RUNS, CENTRE, PLACE = range(4)  # what `Batch.place` holds


class Groups(NamedTuple):
    """Which rows of one table occur in a batch, and where; first axis: parts. The rows of a part are its own."""

    tally: Ids  # (V,) 0 between batches
    mine: Ids  # (P, E) occurrences of this part's rows
    rows: Ids  # (P, E) each once, in the order in which they first occur
    ends: Ids  # (P, E + 1) occurrences of rows[q] stand at ends[q] .. ends[q + 1] - 1
    order: Ids  # (P, E)
    sizes: NDArray[np.int64]  # (P,) number of rows


class Batch(NamedTuple):
    """A batch of B pairs with m = 1 + negatives candidates, and room for it."""

    word: Ids  # (B,) word of each run
    candidate: Ids  # (B, m)
    run: Ids  # (B,) number of the pair's run
    first: Ids  # (B + 1,) first pair of each run
    weight: Floats  # (B, m) dloss/dscore, over |word| for cosines
    score: Floats  # (B, m)
    loss: NDArray[np.float64]  # (B,)
    vector: Floats  # (B, d) word row of each run
    gathered: Floats  # (B, d) sum over candidates of dloss/dscore v / |v|, of each run
    place: NDArray[np.int64]  # (4,)
    candidates: Ids  # (B * m,) the same numbers as in ``candidate``
    weights: Floats  # (B * m,) the same as in ``weight``
    sorted_weight: Floats  # (P, B * m) of each part's occurrences of contexts
    words: Groups  # of runs
    contexts: Groups  # of candidates


@spliced
def _collect(ids: Ids, last: int, window: int, batch: Batch) -> int:
    """Go on with the pairs whose word stands before ``last``, in order, up to a full batch; else HUNGRY."""
    pairs, runs, centre, place = batch.place[PAIRS], batch.place[RUNS], batch.place[CENTRE], batch.place[PLACE]
    while centre < last and pairs < len(batch.run):
        word = ids[centre]
        stop = min(len(ids), centre + window + 1)
        place = max(place, centre - window)
        while place < stop and pairs < len(batch.run):
            if place != centre:
                if runs == 0 or batch.word[runs - 1] != word:
                    batch.first[runs] = pairs
                    batch.word[runs] = word
                    runs += 1
                batch.candidate[pairs, 0] = ids[place]
                batch.run[pairs] = runs - 1
                pairs += 1
            place += 1
        if place >= stop:
            centre += 1
            place = 0
    batch.first[runs] = pairs
    batch.place[PAIRS], batch.place[RUNS], batch.place[CENTRE], batch.place[PLACE] = pairs, runs, centre, place
    return FINISHED if pairs == len(batch.run) else HUNGRY


@spliced
def _share(total: int, part: int, parts: int) -> int:
    """Where the share of a part begins."""
    return total * part // parts


@spliced
def _owner(row: int, parts: int) -> int:
    """The part to which a row belongs."""
    return ((row & (SHARES - 1)) * parts) // SHARES


@spliced
def _draw(batch: Batch, noise: AliasTable, key: np.uint64, begun: int, part: int, parts: int) -> None:
    """Negatives of the pairs of this part's runs; the first pair of the batch is number ``begun``."""
    runs = batch.place[RUNS]
    for pair in range(batch.first[_share(runs, part, parts)], batch.first[_share(runs, part + 1, parts)]):
        draw_negatives(batch.candidate[pair], begun + pair, noise, key)


@spliced
def _group(groups: Groups, keys: Ids, total: int, part: int, parts: int) -> None:
    """Counting sort of the occurrences of this part's rows by row; occurrence e is of row keys[e]."""
    count, mine, rows = groups.tally, groups.mine[part], groups.rows[part]
    ends, order = groups.ends[part], groups.order[part]
    size, own = 0, 0
    for e in range(total):  # without a branch, which would be foreseen half of the time
        mine[own] = e
        own += int(_owner(keys[e], parts) == part)
    for k in range(own):
        row = keys[mine[k]]
        if count[row] == 0:
            rows[size] = row
            size += 1
        count[row] += 1
    at = 0
    for q in range(size):
        ends[q] = at
        at += count[rows[q]]
        count[rows[q]] = ends[q]
    ends[size] = at
    for k in range(own):
        row = keys[mine[k]]
        order[count[row]] = mine[k]
        count[row] += 1
    for q in range(size):
        count[rows[q]] = 0
    groups.sizes[part] = size


@spliced
def _catch(table: Table, groups: Groups, rule: Rule, age: int, part: int, work: Room) -> None:
    for q in range(groups.sizes[part]):
        catch_up(table, groups.rows[part, q], rule.update, age, work)


@summed
def _add(weight: Any, vector: Floats, out: Floats) -> None:
    for i in range(len(out)):
        out[i] += weight * vector[i]


@spliced
def _score(word: Table, context: Table, batch: Batch, rule: Rule, run: int) -> None:
    """Scores and weights of the pairs of a run, and its sum of context rows, at tables that stand still."""
    row = batch.word[run]
    vector, gathered = batch.vector[run], batch.gathered[run]
    copy(word.rows[row], vector)
    fill(0.0, gathered)
    one = cast(vector, 1.0)
    inverse = one if rule.dot else cast(vector, word.record[row, INVERSE_NORM])
    for pair in range(batch.first[run], batch.first[run + 1]):
        if pair + _AHEAD < batch.place[PAIRS]:
            for j in range(batch.candidate.shape[1]):
                fetch(context, batch.candidate[pair + _AHEAD, j])
        candidate, weight = batch.candidate[pair], batch.weight[pair]
        fill_scores(word, row, context, candidate, rule.dot, batch.score[pair])
        batch.loss[pair] = weigh(rule, candidate, batch.score[pair], weight)
        score = batch.score[pair]  # no longer needed
        for j in range(len(candidate)):
            score[j] = weight[j] if rule.dot else weight[j] * cast(vector, context.record[candidate[j], INVERSE_NORM])
            weight[j] *= inverse
        accumulate(score, context.rows, candidate, gathered)


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
    rows, ends, order, size = groups.rows[part], groups.ends[part], groups.order[part], groups.sizes[part]
    runs, weight = groups.mine[part], batch.sorted_weight[part]
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
    for q in range(groups.sizes[part]):
        fill(0.0, sum)
        for e in range(groups.ends[part, q], groups.ends[part, q + 1]):
            _add(cast(sum, 1.0), batch.gathered[groups.order[part, e]], sum)
        _finish(word, groups.rows[part, q], sum, rule, age, work)


@spliced
def _work(
    phases: int, part: int, parts: int, word: Table, context: Table, batch: Batch, rule: Rule, noise: AliasTable,
    key: np.uint64, steps: NDArray[np.int64], sum: Floats, work: Room,
) -> None:  # fmt: skip
    """These phases of a batch, as far as they are this part's. ``steps``: batches and pairs before this one."""
    pairs, runs = batch.place[PAIRS], batch.place[RUNS]
    if phases & DRAW:
        _draw(batch, noise, key, steps[1], part, parts)
    if phases & GROUP:
        _group(batch.contexts, batch.candidates, pairs * batch.candidate.shape[1], part, parts)
        _group(batch.words, batch.word, runs, part, parts)
    if phases & CATCH:
        _catch(word, batch.words, rule, steps[0], part, work)
        _catch(context, batch.contexts, rule, steps[0], part, work)
    if phases & SCORE:
        for run in range(_share(runs, part, parts), _share(runs, part + 1, parts)):
            _score(word, context, batch, rule, run)
    if phases & MOVE:
        _move_contexts(context, batch, rule, steps[0], part, sum, work)
        _move_words(word, batch, rule, steps[0], part, sum, work)
    if phases & SETTLE:
        settle(word, context, _share(len(word.rows), part, parts), _share(len(word.rows), part + 1, parts), rule, steps[0], work)


@spliced
def _end(batch: Batch, steps: NDArray[np.int64], loss_sum: NDArray[np.float64]) -> int:
    """Count the batch; DIVERGED if its loss is not finite."""
    pairs = batch.place[PAIRS]
    for pair in range(pairs):
        loss_sum[0] += batch.loss[pair]
    steps[0] += 1
    steps[1] += pairs
    batch.place[PAIRS], batch.place[RUNS] = 0, 0
    return FINISHED if np.isfinite(loss_sum[0]) else DIVERGED


@stamped_inner
def turn(stamp: int) -> Any:
    """Build the kernel of all phases."""

    def phases_of_batches(  # type: ignore[no-untyped-def]
        phases, part, parts, ids, last, word, context, rule, noise, key, batch, sum, work, steps, loss_sum
    ) -> int:
        """These phases of one batch; with both COLLECT and FINISH, of one batch after the other until the span is used up.

        FINISHED, DIVERGED at a loss not finite, or HUNGRY if the span ends before the batch is full: it waits for more.
        """
        _ = stamp
        while True:
            if phases & COLLECT and _collect(ids, last, rule.window, batch) == HUNGRY:
                return HUNGRY
            _work(phases, part, parts, word, context, batch, rule, noise, key, steps, sum, work)
            if phases & FINISH and _end(batch, steps, loss_sum) == DIVERGED:
                return DIVERGED
            if not (phases & COLLECT and phases & FINISH):
                return FINISHED

    return phases_of_batches
