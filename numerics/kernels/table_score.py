"""The first half of a batch: its pairs and their scores, at tables that stand still."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.sums import accumulate, copy, fill
from numerics.compiled import spliced
from numerics.kernels.table_groups import Groups
from numerics.kernels.table_loss import Floats, Ids, Rule, draw_negatives, fill_scores, weigh
from numerics.kernels.table_stream import FINISHED
from numerics.kernels.tables import INVERSE_NORM, Table, cast, fetch
from numerics.sampling import AliasTable

HUNGRY = 2  # the span is used up before the batch is full
_AHEAD = 3  # pairs of which the memory is asked for while one is worked on
PAIRS, RUNS, CENTRE, PLACE = range(4)  # what `Batch.place` holds


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
    sorted_weight: Floats  # (B * m + P,) of the occurrences of contexts, as they are grouped
    words: Groups  # of runs
    contexts: Groups  # of candidates


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


@spliced
def score_run(word: Table, context: Table, batch: Batch, rule: Rule, run: int) -> None:
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
