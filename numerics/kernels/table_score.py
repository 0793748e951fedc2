"""The first half of a batch: its pairs and their scores, at tables that stand still."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import accumulate, copy, dot, fill, four_dots
from numerics.compilation.compiled import inner, spliced
from numerics.kernels.table_groups import Groups
from numerics.kernels.table_loss import Floats, Ids, Powers, Rule, draw_negatives, powers, weigh
from numerics.kernels.table_stream import FINISHED
from numerics.kernels.tables import INVERSE_NORM, Table, cast, fetch
from numerics.sampling import AliasTable

HUNGRY = 2  # the span is used up before the batch is full
_AHEAD = 24  # rows from the one that is worked on to the one that is asked of the memory: they come while others are summed
_AT_HAND, _MOST = 2**15, 24  # bytes of rows that stay in the nearest cache until they are used again, and rows
PAIRS, RUNS, CENTRE, PLACE = range(4)  # what `Batch.place` holds


class Batch(NamedTuple):
    """A batch of B pairs with m = 1 + negatives candidates, and room for it."""

    word: Ids  # (B,) word of each run
    candidate: Ids  # (B, m)
    run: Ids  # (B,) number of the pair's run
    first: Ids  # (B + 1,) first pair of each run
    weight: Floats  # (B, m) dloss/dscore, over |word| for cosines
    loss: NDArray[np.float64]  # (B,)
    vector: Floats  # (B, d) word row of each run
    gathered: Floats  # (B, d) sum over candidates of dloss/dscore v / |v|, of each run
    place: NDArray[np.int64]  # (4,)
    candidates: Ids  # (B * m,) the same numbers as in ``candidate``
    weights: Floats  # (B * m,) the same as in ``weight``
    sorted_weight: Floats  # (B * m + P,) of the occurrences of contexts, as they are grouped
    words: Groups  # of runs
    contexts: Groups  # of candidates


class Scratch(NamedTuple):
    """A thread's own room, for the sum of a row and for as many candidates as are worked on at once, pairs as a whole."""

    sum: Floats  # (d,)
    score: Floats  # (K,)
    inverse: Floats  # (K,)
    power: Powers  # (K,) and more, to whole lanes


def scratch(rows: Floats, candidates: int) -> Scratch:
    """Room for pairs of so many candidates through the table ``rows`` (V, d)."""
    size = candidates * max(1, min(_MOST, _AT_HAND // rows[0].nbytes) // candidates)
    total, score, inverse = (np.zeros(count, rows.dtype) for count in (rows.shape[1], size, size))
    return Scratch(total, score, inverse, powers(size))


@spliced
def collect(ids: Ids, last: int, window: int, batch: Batch) -> int:
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
def share(total: int, part: int, parts: int) -> int:
    """Where the share of a part begins."""
    return total * part // parts


@spliced
def draw(batch: Batch, noise: AliasTable, key: np.uint64, begun: int, part: int, parts: int) -> None:
    """Negatives of the pairs of this part's runs; the first pair of the batch is number ``begun``."""
    runs = batch.place[RUNS]
    for pair in range(batch.first[share(runs, part, parts)], batch.first[share(runs, part + 1, parts)]):
        draw_negatives(batch.candidate[pair], begun + pair, noise, key)


@inner
def _dots(context: Table, candidates: Ids, first: int, last: int, vector: Floats, score: Floats) -> None:
    """<row, vector> of candidates first .. last - 1, four at a time, while those to come are on their way from memory."""
    rows, whole = context.rows, first + (last - first) // 4 * 4
    for k in range(first, whole, 4):
        for ahead in range(k + _AHEAD, min(k + _AHEAD + 4, len(candidates))):
            fetch(context, candidates[ahead])
        score[k - first], score[k - first + 1], score[k - first + 2], score[k - first + 3] = four_dots(
            rows[candidates[k]], rows[candidates[k + 1]], rows[candidates[k + 2]], rows[candidates[k + 3]], vector
        )
    for k in range(whole, last):
        if k + _AHEAD < len(candidates):
            fetch(context, candidates[k + _AHEAD])
        score[k - first] = dot(rows[candidates[k]], vector)


@inner
def _weigh_down(context: Table, dots: bool, chosen: Ids, own: Any, inverses: Floats, score: Floats) -> None:
    """Inner products become cosines, but for ``dots``; ``inverses`` are the context rows' 1 / |v|, ``own`` is 1 / |u|."""
    for k in range(len(chosen)):
        inverses[k] = cast(score, 1.0) if dots else cast(score, context.record[chosen[k], INVERSE_NORM])
        score[k] *= own * inverses[k]


@spliced
def score_run(word: Table, context: Table, batch: Batch, rule: Rule, scratch: Scratch, run: int) -> None:
    """Scores and weights of the pairs of a run, and its sum of context rows, at tables that stand still."""
    row, each, stop = batch.word[run], batch.candidate.shape[1], batch.first[run + 1]
    vector, gathered = batch.vector[run], batch.gathered[run]
    copy(word.rows[row], vector)
    fill(0.0, gathered)
    inverse = cast(vector, 1.0) if rule.dot else cast(vector, word.record[row, INVERSE_NORM])
    known, at_once = batch.candidates[: batch.place[PAIRS] * each], len(scratch.score) // each
    for begin in range(batch.first[run], stop, at_once):
        first, last = begin * each, min(begin + at_once, stop) * each
        chosen, weight, score = known[first:last], batch.weights[first:last], scratch.score[: last - first]
        _dots(context, known, first, last, vector, score)
        _weigh_down(context, rule.dot, chosen, inverse, scratch.inverse, score)
        weigh(rule, each, chosen, score, weight, scratch.power, batch.loss[begin : min(begin + at_once, stop)])
        for k in range(last - first):
            score[k] = weight[k] * scratch.inverse[k]
            weight[k] *= inverse
        accumulate(score, context.rows, chosen, gathered)
